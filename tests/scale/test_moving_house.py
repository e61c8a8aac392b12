"""From one process with SQLite to several with Redis, and home again: nobody loses a turn."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.ops.cli import RUNS_WITHIN_MS
from app.settings import HOUSE
from tests.conftest import Server, environment_in
from tests.person import start
from tests.storage.redis_server import Server as RedisServer


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis of this test's own."""
    server = RedisServer()
    yield server
    server.close()


def move(folder: Path, redis: RedisServer, where: str) -> subprocess.CompletedProcess[str]:
    """Type the command."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "move-games", "--to", where, "--yes"],
        cwd=HOUSE,
        env=os.environ | environment_in(folder) | {"REDIS_URL": redis.url},
        capture_output=True,
        text=True,
        check=False,
    )


def quiet(redis: RedisServer) -> None:
    """Make the alive lines old enough, instead of waiting for it."""
    with redis.client() as client:
        lines: dict[bytes, bytes] = client.hgetall("tarp:alive")
        for name, at in lines.items():
            client.hset("tarp:alive", name.decode(), int(at.partition(b":")[0]) - RUNS_WITHIN_MS)


def test_games_move_to_redis_and_back(
    serve: Callable[..., Server], redis: RedisServer, tmp_path: Path
) -> None:
    """The same people, the same table, the same turn; not while somebody serves them."""
    alone = serve()
    code, (host, guest) = start(alone.url, 2)
    host.post(f"/games/{code}/pass-turn", turn=1)
    assert alone.stop() == 0

    done = move(tmp_path, redis, "redis")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 games and 0 ledgers")
    shared = serve(REDIS_URL=redis.url, WEB_CONCURRENCY="2")
    host.url = guest.url = shared.url
    assert guest.get(f"/games/{code}").state["turn"] == "2"
    assert guest.post(f"/games/{code}/pass-turn", turn=2).status == 303
    told = move(tmp_path, redis, "sql")
    assert (told.returncode, "stop it first." in told.stderr) == (1, True)
    assert shared.stop() == 0

    quiet(redis)
    done = move(tmp_path, redis, "sql")
    assert done.returncode == 0, done.stderr
    again = serve()
    host.url = again.url
    assert host.get(f"/games/{code}").state["turn"] == "3"
    assert host.post(f"/games/{code}/pass-turn", turn=3).status == 303
