"""The same game in every engine that is here: Chromium, WebKit, Firefox.

  python -m tests.engines                         all that are found
  python -m tests.engines webkit firefox          these
  python -m tests.engines --pictures FOLDER       and keeps what their glasses showed

In each, three people play a game by tapping only, once on the event stream and once by WebSocket;
the clock, which is all CSS, is read back and looked at; every style must be understood. One line
for each check; it ends with 1 when one of them does not hold, or when no engine is here.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.browser.painted import served
from tests.conftest import serving
from tests.engines import chromium, firefox, webkit
from tests.engines.evening import CHANNELS, Evening
from tests.engines.face import Looking
from tests.engines.glass import Engine, EngineError, Glass, Kind

KINDS: tuple[Kind, ...] = (chromium, webkit, firefox)

MOST_WORDS = 600


class Report:
    """A line for each check, as soon as it is known."""

    def __init__(self) -> None:
        self.failed = 0
        self.engine = ""

    def line(self, check: str, verdict: str, said: str) -> None:
        """Print it."""
        sys.stdout.write(f"{self.engine:<9} {check:<28} {verdict:<6} {said}\n")
        sys.stdout.flush()

    def check(self, name: str, holds: Callable[[], str]) -> bool:
        """Whether it holds; what it found is told either way."""
        began = time.monotonic()
        try:
            said = holds()
        except (EngineError, ConnectionError, TimeoutError) as error:
            self.failed += 1
            self.line(name, "FAILED", str(error)[:MOST_WORDS])
            return False
        self.line(name, "ok", f"{said} ({time.monotonic() - began:.0f} s)")
        return True


def an_evening(
    engine: Engine, url: str, channel: str, report: Report, keep: Callable[[str, Glass], None]
) -> Evening:
    """A whole game on one channel; what follows a step that failed is not tried."""
    evening = Evening(engine, url, channel, keep)
    for name in ("sit_down", "play", "measure", "went_up", "finish"):
        if not report.check(f"{channel}: {name.replace('_', ' ')}", getattr(evening, name)):
            for number, person in enumerate(evening.people, 1):
                keep(f"failed-{name}-{number}", person)
            break
    report.check(f"{channel}: complaints", evening.nobody_complained)
    return evening


def the_clock(engine: Engine, report: Report) -> None:
    """Its styles, its digits, its tarp, on pages of one seat."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url:
        looking = Looking(engine.person(), url, Path(folder))
        report.check("styles: all understood", looking.styles_are_understood)
        report.check("clock: digits", looking.digits_agree)
        report.check("clock: tarp", looking.tarp_agrees)
        report.check("clock: real time", looking.counts_in_real_time)
        report.check("clock: looks as it says", looking.moves_as_it_stands)
        report.check("clock: a wrong one is seen", looking.a_turned_digit_is_noticed)


def all_in(kind: Kind, report: Report, pictures: Path | None) -> None:
    """Everything in one engine."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        kind.running() as engine,
    ):
        for channel in CHANNELS:

            def keep(name: str, glass: Glass, channel: str = channel) -> None:
                if pictures is not None:
                    file = pictures / f"{kind.NAME.lower()}-{channel}-{name}.png"
                    file.write_bytes(glass.picture())

            an_evening(engine, server.url, channel, report, keep)
        the_clock(engine, report)


def main() -> int:
    """Check what is asked for, and say it."""
    names = [kind.NAME.lower() for kind in KINDS]
    parser = argparse.ArgumentParser(
        prog="python -m tests.engines",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("engines", nargs="*", metavar="engine", help=", ".join(names))
    parser.add_argument("--pictures", type=Path, help="where to keep pictures")
    asked = parser.parse_args()
    if unknown := set(asked.engines) - set(names):
        parser.error(f"no engine is called {', '.join(sorted(unknown))}")
    if asked.pictures is not None:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and every browser with it
    report = Report()
    played = 0
    for kind in KINDS:
        if asked.engines and kind.NAME.lower() not in asked.engines:
            continue
        report.engine = kind.NAME
        if not kind.there():
            report.line("is it here?", "no", f"apt-get install {kind.PACKAGES}")
            continue
        played += 1
        try:
            all_in(kind, report, asked.pictures)
        except (EngineError, ConnectionError) as error:
            report.failed += 1
            report.line("runs", "FAILED", str(error))
    return int(report.failed > 0 or played == 0)


if __name__ == "__main__":
    sys.exit(main())
