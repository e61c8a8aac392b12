"""Throughput with a Redis: `python -m tests.scale --workers 1 2 --games 50 100 200`.

For each number of workers one server on one Redis, and the driver of this folder asks it directly.
Everything shares the machine's cores, the driver too: on two cores a second worker has only what
Redis and the driver leave it, so read cores used beside taps a second. One line of JSON a run;
all of it is kept as tests/load/results/scale.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.settings import HOUSE
from tests.load import machine
from tests.scale.house import instance
from tests.storage.redis_server import Server as Redis

RESULT = HOUSE / "tests" / "load" / "results" / "scale.json"


def measure(workers: int, games: int, every_s: float, seconds: float) -> dict[str, Any]:
    """One server, one Redis, both gone afterwards."""
    redis = Redis()
    try:
        with tempfile.TemporaryDirectory() as folder, redis.client() as client:
            server = instance(
                Path(folder),
                "a",
                redis.url,
                WEB_CONCURRENCY=str(workers),
                TRUSTED_PROXIES="0",
                RATE_LIMITS="off",
                MAX_STREAMS="9000",
            )
            try:
                server.start()
                assert server.process is not None
                pids = machine.children(server.process.pid)
                redis_pid = client.info("server")["process_id"]
                words = ["--port", str(server.port), "--games", str(games), "--every", str(every_s)]
                words += ["--seconds", str(seconds), "--pids", *map(str, pids)]
                words += ["--redis", str(redis_pid)]
                played = subprocess.run(
                    [sys.executable, "-m", "tests.scale.driver", *words],
                    cwd=HOUSE,
                    capture_output=True,
                    check=True,
                )
            finally:
                server.kill()
    finally:
        redis.close()
    return {"workers": workers, **json.loads(played.stdout)}


def main() -> None:
    """Read what to do, do it, keep it."""
    parser = argparse.ArgumentParser("python -m tests.scale", description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--games", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    machine.raise_descriptors()
    runs = []
    for games in given.games:
        for workers in given.workers:
            runs.append(measure(workers, games, given.every, given.seconds))
            sys.stdout.write(json.dumps(runs[-1]) + "\n")
            sys.stdout.flush()
    kept = {"machine": machine.described(), "commit": machine.commit(), "runs": runs}
    RESULT.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
