"""The alive lines: one for each worker, so that each knows whether any other was well."""

from __future__ import annotations

from typing import NamedTuple

from app.storage.redis_keys import ALIVE
from app.storage.redis_line import Line

#: A line so much older than the newest is of a worker that is gone.
DEAD_MS = 60 * 60 * 1000


class Alive(NamedTuple):
    """When a worker wrote its line, and since when it has done so without a hole (epoch ms)."""

    at: int
    since: int


def say(line: Line, worker: str, own: Alive) -> None:
    """Write this worker's line, and drop those of workers that are gone."""
    told = f"{own.at}:{own.since}"
    _, found = line.pipe([("HSET", ALIVE, worker, told), ("HGETALL", ALIVE)])
    dead = [name for name, its in _lines(found).items() if its.at < own.at - DEAD_MS]
    if dead:
        line.pipe([("HDEL", ALIVE, *dead)])


def newest(line: Line) -> int | None:
    """The instant of the newest line of all workers."""
    return max((its.at for its in _read(line).values()), default=None)


def others(line: Line, worker: str, within_ms: int, awake_for_ms: int) -> int:
    """How many other workers wrote their line so lately, by Redis' clock.

    And without a hole for so long: who woke with us from the same sleep served nobody meanwhile.
    """
    now = line.now_ms()
    return sum(
        its.at >= now - within_ms and its.since <= now - awake_for_ms
        for name, its in _read(line).items()
        if name != worker
    )


def instances(line: Line, within_ms: int) -> set[str]:
    """The instances of which a worker wrote its line so lately, by Redis' clock."""
    since = line.now_ms() - within_ms
    return {name.split(":")[0] for name, its in _read(line).items() if its.at >= since}


def _read(line: Line) -> dict[str, Alive]:
    (found,) = line.pipe([("HGETALL", ALIVE)])
    return _lines(found)


def _lines(found: dict[bytes, bytes]) -> dict[str, Alive]:
    lines = {}
    for name, told in found.items():
        at, _, since = told.partition(b":")
        # An earlier version told the instant alone.
        lines[name.decode()] = Alive(int(at), int(since or 0))
    return lines
