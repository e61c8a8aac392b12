"""Taps through nginx, timed by a process that does nothing else.

`python -m tests.scale.driver --port 8080 --games 50` prints one JSON object; half of the phones
listen to events, half are on the socket, and every tap goes to whomever nginx chooses.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from typing import Any

from tests.load import machine
from tests.load.figures import spread
from tests.load.loop import Loop
from tests.load.table import listen_all, seat_all
from tests.load.tapping import LOST_SECONDS, Tally, Tapper

WARM_UP_S = 3.0


def play(
    port: int, games: int, every_s: float, seconds: float, pids: dict[str, list[int]]
) -> dict[str, Any]:
    """The figures of one window after a warm-up; ``pids``: whose cores are told, by name."""

    def used_s() -> dict[str, float]:
        return {name: sum(map(machine.cpu_seconds, its)) for name, its in pids.items()}

    tables = seat_all(port, games, 4)
    loop = Loop()
    streams = listen_all(port, tables, ("sse", "socket"))
    for stream in streams:
        loop.listen(stream)
    gc.collect()
    gc.freeze()
    gc.disable()
    tappers = [Tapper(loop, port, table) for table in tables]
    tally, used = Tally(), used_s()
    for length in (WARM_UP_S, seconds):
        tally = Tally()
        before, began = used_s(), time.perf_counter()
        for number, tapper in enumerate(tappers):
            tapper.tally = tally
            tapper.play(began + every_s * number / games, every_s, int(length / every_s))
        loop.run(began + length)
        used = {name: spent - before[name] for name, spent in used_s().items()}
        latest = time.perf_counter() + LOST_SECONDS
        while not all(one.is_idle() for one in tappers) and time.perf_counter() < latest:
            loop.run(time.perf_counter() + 0.01)
        for tapper in tappers:
            tapper.give_up()
    return {
        "games": games,
        "taps": tally.acknowledged,
        "taps_per_s": round(tally.acknowledged / seconds, 1),
        "lost": tally.lost,
        "late": tally.late,
        "refused": dict(tally.refused),
        "screens_missed": tally.acknowledged * 4 - tally.screens,
        "ended": sum(not stream.is_open for stream in streams),
        "to_all_screens_ms": spread(tally.to_all_s),
        "to_answer_ms": spread(tally.to_answer_s),
        "driver_lag_ms": spread(tally.lag_s),
        "cores": {name: round(spent / seconds, 2) for name, spent in used.items()},
    }


def main() -> None:
    """Read what to do, do it, say it."""
    parser = argparse.ArgumentParser("python -m tests.scale.driver", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--games", type=int, default=12)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pids", type=int, nargs="*", default=[], help="of the server's workers")
    parser.add_argument("--redis", type=int, nargs="*", default=[], help="its process id")
    given = parser.parse_args()
    pids = {"server": given.pids, "redis": given.redis, "driver": [os.getpid()]}
    found = play(given.port, given.games, given.every, given.seconds, pids)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
