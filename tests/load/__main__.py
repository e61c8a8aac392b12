"""Measure: games of four phones against the real server. `python -m tests.load --help`.

The server starts as it always does, pinned to one core, with a database of its own on
the real disk; this process plays all the phones from the other core. Each game is
created, its seats are claimed by browsers with cookies of their own, it is started, and
every phone opens its channel as its page says. Then, once in a while, whoever has the turn
passes it; each tap is timed from its first byte until all phones of that game have the new
table. Everything is bounded in count and time; the server is gone when this ends.

  python -m tests.load --games 200 --phones 4 --every 1 --seconds 20 --best-of 3
  python -m tests.load --games 1000 --channel socket      phones listen and tap by WebSocket
  python -m tests.load --games 500 --against-shell        what the packages alone would cost
  python -m tests.load --games 1000 --idle       all listen, nobody taps: heartbeats only
  python -m tests.load --games 1000 --silent     games run, nobody listens
  python -m tests.load --stored 20000            seconds until ready, and memory
  python -m tests.load --first-page              what a cold phone loads, with Chromium
  python -m tests.load --soak                    200 games for 20 minutes: does anything grow?
  python -m tests.load goals                     all that is promised, and whether it holds

The result is one JSON object, printed and kept as tests/load/results/NAME.json: machine,
commit, what was asked, the best run (least p99) and every run. In it
  to_all_screens_ms   median, p99 and worst of a tap until every phone had its table
  to_answer_ms        the same until the answer to its POST was there; over a socket,
                      until whoever tapped had the new table
  frames              expected (phones x acknowledged taps), delivered, received in all
  server_core         share of its core the worker used in the window, threads included
  server_us_per_tap   the same for each acknowledged tap, fan-out to all phones included
  driver_core         what this process used; above 0.8 it is the bottleneck itself
  others_cores        what everybody else on the machine used meanwhile
  kb_per_phone        (memory with all streams - memory before) / phones
  warnings            why the figures may not be what they seem
With --against-shell each run of the server follows one of tests/load/shell.py, and there are
  least_us_per_tap    of all runs of the shell, and of all of the server
  times_the_shell     the second of these divided by the first
A soak has a sample each minute instead, and growth, which says what grew or that it is flat.
One connection a game carries the forms of all its seats, so 4,000 phones need 5,000
descriptors here and there; it is not kept between taps that are seconds apart.
"""

import json
import math
import os
import signal
import sys
import time
from types import FrameType
from typing import Any

from tests.load import first_page, goals, machine, run, soak, stored
from tests.load.options import Options, read
from tests.load.progress import CannotMeasureError, say

#: Beyond the seconds asked for: starting, seating (with each game's pages) and settling.
FIXED_SECONDS = 180
SECONDS_PER_GAME = 0.25
SPARE_DESCRIPTORS = 200
BOTH = ("shell", "server")
OTHER_MODES = {"stored": stored.play, "soak": soak.play, "first_page": first_page.play}


def main(words: list[str]) -> int:
    """Play what is asked for, print and keep the result; its warnings say what was lost."""
    driver, server = machine.cores()
    os.sched_setaffinity(0, {driver})
    if driver == server:
        say("There is one core only: server and driver share it, and the figures show it.")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGALRM, _too_late)
    if words[:1] == ["goals"]:
        return goals.main(words[1:], lambda options: measure(options, server)[0])
    try:
        result, text = measure(read(words, __doc__ or ""), server)
    except CannotMeasureError as error:
        raise SystemExit(str(error)) from None
    sys.stdout.write(text)
    return int(result["best"].get("growth", {}).get("flat") is False)


def measure(options: Options, core: int) -> tuple[dict[str, Any], str]:
    """All runs, those of the empty shell between the server's; the result, and as it is kept."""
    most = machine.raise_descriptors()
    needed = options.lines + SPARE_DESCRIPTORS
    if needed > most:
        raise CannotMeasureError(f"{needed} descriptors are needed; this machine allows {most}.")
    runs: dict[str, list[dict[str, Any]]] = {}
    for number in range(options.best_of):
        for against in BOTH if options.against == "both" else (options.against,):
            say(f"{options.name}: run {number + 1} of {options.best_of} of the {against}")
            signal.alarm(_longest_seconds(options))
            try:
                runs.setdefault(against, []).append(_played(options, core, against))
            finally:
                signal.alarm(0)
    result = _result(options, runs.get("server") or runs["shell"])
    if options.against == "both":
        least = {name: min(map(_cost, found)) for name, found in runs.items()}
        result["shell"] = {"best": min(runs["shell"], key=_worth), "runs": runs["shell"]}
        result["least_us_per_tap"] = least
        result["times_the_shell"] = round(least["server"] / least["shell"], 2)
        say(f"A tap costs the server {result['times_the_shell']} times what it costs the shell.")
    text = json.dumps(result, indent=2) + "\n"
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / f"{options.name}.json").write_text(text)
    return result, text


def _played(options: Options, core: int, against: str) -> dict[str, Any]:
    if options.mode in OTHER_MODES:
        return OTHER_MODES[options.mode](options, core)
    return run.play(options, core, against)


def _cost(figures: dict[str, Any]) -> float:
    return float(figures["server_us_per_tap"] or math.inf)


def _longest_seconds(options: Options) -> int:
    many = options.stored // 10 if options.mode == "stored" else options.games
    return int(options.seconds + options.warm_up_s + FIXED_SECONDS + many * SECONDS_PER_GAME)


def _stop(number: int, _: FrameType | None) -> None:
    """End by the ordinary road, on which every server is killed."""
    raise SystemExit(f"Stopped by {signal.Signals(number).name}.")


def _too_late(_number: int, _: FrameType | None) -> None:
    """End this measurement; the next one may be well."""
    raise CannotMeasureError("It took longer than the longest it may.")


def _result(options: Options, runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": options.name,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": machine.commit(),
        "machine": machine.described(),
        "asked": options.told(),
        "best": min(runs, key=_worth),
        "runs": runs,
    }


def _worth(figures: dict[str, Any]) -> float:
    """What runs are ranked by: p99 of taps, else seconds until ready, else the core used."""
    spread = figures.get("to_all_screens_ms")
    known = spread["p99"] if spread else figures.get("ready_s", figures.get("server_core"))
    return float(known or 0.0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
