"""What processes tell each other beside the games: who listens where, what is due, who lives."""

from __future__ import annotations

from collections.abc import Iterator

from app.storage.redis_facts import Facts, look
from app.storage.redis_keys import due_key, due_keys
from app.storage.redis_line import Line

HERE_MS = 24 * 60 * 60 * 1000
"""What was said of a table goes when nobody says anything for so long."""


def here_key(code: str) -> str:
    """Hash: what each process says of who is at the table."""
    return f"tarp:{{{code}}}:here"


def say_here(line: Line, worker: str, code: str, told: str) -> None:
    """Keep what a process says."""
    key = here_key(code)
    line.pipe([("HSET", key, worker, told), ("PEXPIRE", key, HERE_MS)])


def here(line: Line, worker: str, code: str) -> list[str]:
    """What the other processes said."""
    (found,) = line.pipe([("HGETALL", here_key(code))])
    return [told.decode() for name, told in found.items() if name.decode() != worker]


def due(line: Line, upto: int, limit: int) -> list[tuple[str, int]]:
    """Deadlines up to an instant, of all lists."""
    answers = line.pipe(
        [
            ("ZRANGE", key, "-inf", upto, "BYSCORE", "LIMIT", 0, limit, "WITHSCORES")
            for key in due_keys()
        ]
    )
    found = []
    for answer in answers:
        pairs = answer if isinstance(answer, list) else []
        found += [(code.decode(), int(float(at))) for code, at in _pairs(pairs)]
    return found


def _pairs(flat: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    return zip(flat[::2], flat[1::2], strict=True)


def postpone(line: Line, code: str, version: int, instant: int | None) -> bool:
    """Look at a game later, unless it has moved on: then its own save has said when.

    False when it moved on at this very moment: then nobody knows whose word stands. (The list is
    in another slot than the game, so no script may look at one and write the other.)
    """
    (values,) = line.pipe([look(code)])
    facts = Facts.read(values)
    if facts is not None and facts.version != version:
        return True
    gone = facts is None or instant is None
    write = ("ZREM", due_key(code), code) if gone else ("ZADD", due_key(code), instant, code)
    _, values = line.pipe([write, look(code)])
    return Facts.read(values) == facts
