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

from tests.load import machine, run, stored
from tests.load.options import Options, read
from tests.load.progress import say

#: Beyond the seconds asked for: starting, seating (with each game's pages) and settling.
FIXED_SECONDS = 180
SECONDS_PER_GAME = 0.25
SPARE_DESCRIPTORS = 200
BOTH = ("shell", "server")


def main(words: list[str]) -> int:
    """Play all runs, print and keep the result; its warnings say what was lost."""
    options = read(words, __doc__ or "")
    most = machine.raise_descriptors()
    needed = options.lines + SPARE_DESCRIPTORS
    if options.mode != "stored" and needed > most:
        raise SystemExit(f"{needed} descriptors are needed; this machine allows {most}.")
    driver, server = machine.cores()
    os.sched_setaffinity(0, {driver})
    if driver == server:
        say("There is one core only: server and driver share it, and the figures show it.")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGALRM, _stop)
    result = measure(options, server)
    text = json.dumps(result, indent=2) + "\n"
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / f"{options.name}.json").write_text(text)
    sys.stdout.write(text)
    return 0


def measure(options: Options, core: int) -> dict[str, Any]:
    """All runs, those of the empty shell between the server's; what they come to."""
    runs: dict[str, list[dict[str, Any]]] = {}
    for number in range(options.best_of):
        for against in BOTH if options.against == "both" else (options.against,):
            say(f"{options.name}: run {number + 1} of {options.best_of} of the {against}")
            signal.alarm(_longest_seconds(options))
            stores = options.mode == "stored"
            figures = stored.play(options, core) if stores else run.play(options, core, against)
            runs.setdefault(against, []).append(figures)
            signal.alarm(0)
    result = _result(options, runs.get("server") or runs["shell"])
    if options.against == "both":
        least = {name: min(map(_cost, found)) for name, found in runs.items()}
        result["shell"] = {"best": min(runs["shell"], key=_worth), "runs": runs["shell"]}
        result["least_us_per_tap"] = least
        result["times_the_shell"] = round(least["server"] / least["shell"], 2)
        say(f"A tap costs the server {result['times_the_shell']} times what it costs the shell.")
    return result


def _cost(figures: dict[str, Any]) -> float:
    return float(figures["server_us_per_tap"] or math.inf)


def _longest_seconds(options: Options) -> int:
    many = options.stored // 10 if options.mode == "stored" else options.games
    return int(options.seconds + options.warm_up_s + FIXED_SECONDS + many * SECONDS_PER_GAME)


def _stop(number: int, _: FrameType | None) -> None:
    """End by the ordinary road, on which every server is killed."""
    raise SystemExit(f"Stopped by {signal.Signals(number).name}.")


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
    """What runs are ranked by: p99 of taps, else the core used, else seconds until ready."""
    spread = figures.get("to_all_screens_ms")
    known = spread["p99"] if spread else figures.get("server_core", figures.get("ready_s"))
    return float(known or 0.0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
