"""Putting the lists right and removing what is no longer kept, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.storage.redis_facts import Facts, gone, look
from app.storage.redis_index import BATCH, Index
from app.storage.redis_keys import (
    KEEP,
    KEPT_MS,
    LISTED,
    STATUSES,
    client_key,
    copied_key,
    due_keys,
    game_key,
    keys_of,
    ledger_key,
    status_key,
)
from app.storage.redis_line import Line
from app.storage.retention import LEDGER_MS

_SCAN = 1000
_PREFIX, _SUFFIX = "tarp:{", "}:game"


def repair(line: Line, index: Index) -> int:
    """Look over every game and every list; how many listed games had expired by themselves."""
    index.settle()
    listed = {status: _scores(line, status_key(status)) for status in STATUSES}
    opened, keep = _scores(line, LISTED), _scores(line, KEEP)
    due: dict[str, int] = {}
    for key in due_keys():
        due |= _scores(line, key)
    unseen = set(opened) | set(due) | {code for scores in listed.values() for code in scores}
    wrong: set[str] = set()
    for codes in games(line):
        commands = [one for code in codes for one in (look(code), ("GET", copied_key(code)))]
        answers = line.pipe(commands, lenient=True)
        for code, values, copied in zip(codes, answers[::2], answers[1::2], strict=True):
            unseen.discard(code)
            facts = Facts.read(values)
            there = [status for status in STATUSES if code in listed[status]]
            is_right = (
                facts is not None
                and there == [facts.status]
                and listed[facts.status][code] == facts.updated_at
                and due.get(code) == facts.next_due
                and (code in opened) == facts.is_open
                and (code in keep or not facts.keeps or int(copied or -1) >= facts.version)
            )
            if not is_right and (facts is not None or there):
                wrong.add(code)
    index.repair(wrong)
    index.repair(unseen)
    return len(unseen)


def remove_games(line: Line, now: int) -> int:
    """Remove the games whose time is over, also from their clients' lists; how many."""
    removed = 0
    for status in STATUSES:
        before = now - KEPT_MS[status]
        for code in _older(line, status_key(status), before):
            verdict, *members = line.run("remove", keys_of(code), status, before, again=True)
            if verdict == b"TOUCHED":
                continue
            commands = gone(code)
            commands += [("SREM", client_key(client.decode()), code) for client in members]
            line.pipe(commands)
            removed += verdict == b"REMOVED"
    return removed


def remove_ledgers(line: Line, now: int) -> None:
    """Remove ledgers that were never copied and whose game is gone, when they are too old."""
    for code in _older(line, KEEP, now - LEDGER_MS):
        (is_there,) = line.pipe([("EXISTS", game_key(code))])
        if not is_there:
            line.pipe([("DEL", ledger_key(code)), ("ZREM", KEEP, code)])


def _older(line: Line, key: str, before: int) -> list[str]:
    (found,) = line.pipe([("ZRANGEBYSCORE", key, "-inf", f"({before}")])
    return [code.decode() for code in found]


def _scores(line: Line, key: str) -> dict[str, int]:
    (found,) = line.pipe([("ZRANGE", key, 0, -1, "WITHSCORES")])
    return {c.decode(): int(float(at)) for c, at in zip(found[::2], found[1::2], strict=True)}


def games(line: Line) -> Iterator[list[str]]:
    """The codes of all games, in batches; SCAN may name one twice."""
    cursor: Any = 0
    while True:
        ((cursor, keys),) = line.pipe([("SCAN", cursor, "MATCH", "tarp:{*}:game", "COUNT", _SCAN)])
        codes = [key.decode().removeprefix(_PREFIX).removesuffix(_SUFFIX) for key in keys]
        for first in range(0, len(codes), BATCH):
            yield codes[first : first + BATCH]
        if int(cursor) == 0:
            return
