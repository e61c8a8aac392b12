"""What one measurement is to be: read from the command line, bounded in count and in time."""

import argparse
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tests.load.line import STALE_SECONDS

RESULTS = Path(__file__).parent / "results"
WINDOW_SECONDS, SOAK_SECONDS = 20.0, 1200.0
LIMITS = {
    "games": (1, 20_000),
    "phones": (2, 8),
    "every": (0.05, 3600.0),
    "seconds": (0.1, 3600.0),
    "warm_up": (0.0, 600.0),
    "taps": (1, 1_000_000),
    "best_of": (1, 20),
    "stored": (0, 1_000_000),
    "sample": (0.5, 3600.0),
}


@dataclass(frozen=True)
class Options:
    """One measurement, repeated `best_of` times on a fresh server each."""

    mode: str
    games: int
    phones: int
    every_s: float
    seconds: float
    warm_up_s: float
    #: At most so many taps a game, in a run with taps; None for as many as fit.
    taps: int | None
    best_of: int
    #: How phones listen and, over a socket, tap: "sse" or "socket".
    channel: str
    #: "server", "shell" or "both", one after the other.
    against: str
    stored: int
    #: How often a soak looks.
    sample_s: float
    settings: dict[str, str]
    name: str
    results: Path

    @property
    def is_line_kept(self) -> bool:
        """Whether a game's connection for forms stays open between two taps."""
        return self.every_s < STALE_SECONDS

    @property
    def lines(self) -> int:
        """Connections that may be open at one time."""
        if not self.has_streams:
            return 0
        keeps = self.has_taps and self.channel == "sse" and self.is_line_kept
        return self.games * (self.phones + keeps)

    @property
    def has_streams(self) -> bool:
        """Whether the phones listen."""
        return self.mode in ("taps", "idle", "soak")

    @property
    def has_taps(self) -> bool:
        """Whether anybody taps."""
        return self.mode in ("taps", "soak")

    def told(self) -> dict[str, object]:
        """The options as the result file keeps them."""
        asked: dict[str, object] = {"mode": self.mode, "server": self.settings}
        if self.mode == "first_page":
            return asked
        if self.mode == "stored":
            return asked | {"stored": self.stored, "seconds": self.seconds}
        asked |= {"games": self.games, "phones": self.phones, "seconds": self.seconds}
        if self.mode == "soak":
            asked["sample_s"] = self.sample_s
        if self.has_taps:
            asked |= {"every_s": self.every_s, "taps": self.taps}
        if self.has_streams:
            asked["channel"] = "post+sse" if self.channel == "sse" else self.channel
        return asked | {"warm_up_s": self.warm_up_s}


def read(words: list[str], described: str) -> Options:
    """The options, or SystemExit with a sentence that names the one that cannot be."""
    parser = argparse.ArgumentParser(
        "python -m tests.load", None, described, formatter_class=argparse.RawTextHelpFormatter
    )
    add = parser.add_argument
    add("--games", type=int, default=200, help="games at the same time (200)")
    add("--phones", type=int, default=4, help="phones, and seats, a game (4)")
    add("--every", type=float, default=1.0, help="seconds between a game's taps (1)")
    add("--seconds", type=float, help="length of the measured window (20; of a soak 1200)")
    add("--warm-up", type=float, default=3.0, help="seconds before the window (3)")
    add("--taps", type=int, help="at most so many taps a game")
    add("--best-of", type=int, default=1, help="repeat, each on a fresh server (1)")
    add(
        "--channel",
        choices=("sse", "socket"),
        default="sse",
        help="how phones listen and tap (sse)",
    )
    shell = parser.add_mutually_exclusive_group()
    shell.add_argument("--shell", action="store_true", help="measure the empty shell instead")
    shell.add_argument("--against-shell", action="store_true", help="measure shell and server")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--idle", action="store_true", help="all phones listen, nobody taps")
    mode.add_argument("--silent", action="store_true", help="games run, nobody listens or taps")
    mode.add_argument("--stored", type=int, metavar="N", help="start with N stored games")
    mode.add_argument("--first-page", action="store_true", help="what a cold phone loads")
    mode.add_argument("--soak", action="store_true", help="play long; say whether anything grows")
    add("--sample", type=float, default=60.0, help="seconds between two looks of a soak (60)")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the server")
    add("--name", default="", help="of the result file; by default it tells the work")
    add("--results", type=Path, default=RESULTS, help="the folder of result files")
    given = parser.parse_args(words)
    for name, (least, most) in LIMITS.items():
        value = getattr(given, name)
        if value is not None and not least <= value <= most:
            parser.error(f"--{name.replace('_', '-')} must be from {least} to {most}.")
    if given.name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", given.name):
        parser.error("--name must be a plain file name.")
    pairs = [pair.partition("=") for pair in given.set]
    if not all(equals for _, equals, _ in pairs):
        parser.error("--set must be NAME=VALUE.")
    against = "shell" if given.shell else "both" if given.against_shell else "server"
    if against != "server" and given.channel != "sse":
        parser.error("The empty shell has an event stream only.")
    modes = ("idle", "silent", "soak", "first_page")
    mode_asked = next((name for name in modes if getattr(given, name)), "taps")
    if given.stored is not None:
        mode_asked = "stored"
    if against != "server" and mode_asked in ("stored", "soak", "first_page"):
        parser.error("The empty shell has taps, idle phones and silent games only.")
    seconds = SOAK_SECONDS if mode_asked == "soak" else WINDOW_SECONDS
    options = Options(
        mode=mode_asked,
        games=given.games,
        phones=given.phones,
        every_s=given.every,
        seconds=seconds if given.seconds is None else given.seconds,
        warm_up_s=given.warm_up,
        taps=given.taps,
        best_of=given.best_of,
        channel=given.channel,
        against=against,
        stored=given.stored or 0,
        sample_s=given.sample,
        settings={name: value for name, _, value in pairs},
        name=given.name,
        results=given.results,
    )
    return options if options.name else _named(options)


def _named(options: Options) -> Options:
    """Named for the work, so that the same work replaces its older figures."""
    if options.mode == "first_page":
        name = "first-page"
    elif options.mode == "stored":
        name = f"stored-{options.stored}"
    else:
        name = f"{options.mode}-{options.games}x{options.phones}"
    if options.has_taps:
        name += f"-every-{options.every_s:g}s"
    if options.has_streams and options.channel != "sse":
        name += f"-{options.channel}"
    if options.against != "server":
        name += "-shell" if options.against == "shell" else "-against-shell"
    return replace(options, name=name)
