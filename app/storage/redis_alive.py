"""The alive lines: one for each worker, so that each knows whether any other was well."""

from __future__ import annotations

from app.storage.redis_keys import ALIVE
from app.storage.redis_line import Line

#: A line so much older than the newest is of a worker that is gone.
DEAD_MS = 60 * 60 * 1000


def say(line: Line, worker: str, at: int) -> None:
    """Write this worker's line, and drop those of workers that are gone."""
    _, found = line.pipe([("HSET", ALIVE, worker, at), ("HGETALL", ALIVE)])
    dead = [name for name, its in _lines(found).items() if its < at - DEAD_MS]
    if dead:
        line.pipe([("HDEL", ALIVE, *dead)])


def newest(line: Line) -> int | None:
    """The instant of the newest line of all workers."""
    return max(_read(line).values(), default=None)


def others(line: Line, worker: str, within_ms: int) -> int:
    """How many other workers wrote their line so lately, by Redis' clock."""
    since = line.now_ms() - within_ms
    return sum(its >= since for name, its in _read(line).items() if name != worker)


def instances(line: Line, within_ms: int) -> set[str]:
    """The instances of which a worker wrote its line so lately, by Redis' clock."""
    since = line.now_ms() - within_ms
    return {name.split(":")[0] for name, its in _read(line).items() if its >= since}


def _read(line: Line) -> dict[str, int]:
    (found,) = line.pipe([("HGETALL", ALIVE)])
    return _lines(found)


def _lines(found: dict[bytes, bytes]) -> dict[str, int]:
    return {name.decode(): int(at) for name, at in found.items()}
