"""The lists beside the games, by which they are found: written behind the saves, many at once.

A list may be behind its games for a moment, and for longer when a process dies between a save and
this: so what is read from a list is checked against the game, whoever loads a game looks its lists
over, and a sweep looks over all of them. Whoever wrote looks back whether the game has moved on
meanwhile, so that of two processes the later one's truth stays.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import gevent
from gevent.event import Event

from app.storage.contract import StorageDown
from app.storage.redis_facts import Change, Command, Facts, look
from app.storage.redis_keys import STATUSES, copied_key, members_key
from app.storage.redis_line import Line

#: Games of one round trip.
BATCH = 200
#: A loaded game's lists are looked over at most so often by one process.
LOOK_OVER_S = 600.0


class Index:
    """Writes the lists, in one greenlet, for all saves of this process."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting: dict[str, Change] = {}
        self._writer: gevent.Greenlet | None = None
        self._turn = Event()
        self._written = self._under_way = 0
        self._looked: dict[str, float] = {}

    def note(self, code: str, change: Change) -> None:
        """Write this soon; the caller need not wait."""
        if change.facts:
            self._looked.setdefault(code, time.monotonic())
        before = self._waiting.get(code)
        self._waiting[code] = before.then(change) if before else change
        self._begin()

    def look_over(self, code: str) -> None:
        """A game was loaded: put its lists right, when that was not done lately."""
        now_s = time.monotonic()
        if now_s - self._looked.get(code, float("-inf")) >= LOOK_OVER_S:
            if len(self._looked) > 100_000:  # noqa: PLR2004 - only so that it has an end
                self._looked.clear()
            self._looked[code] = now_s
            self.note(code, Change.unsure())

    def repair(self, codes: Iterable[str]) -> None:
        """Put the lists right for these games, now. StorageDown."""
        todo = list(codes)
        for first in range(0, len(todo), BATCH):
            self._write({code: Change.unsure() for code in todo[first : first + BATCH]})

    def resume(self) -> None:
        """Try again what could not be written."""
        self._begin()

    def settle(self) -> None:
        """Wait until what waits was written or tried: who asks then finds its own saves.

        Not for what others note meanwhile, or on a busy evening nobody would ever be answered.
        """
        self._begin()
        wanted = self._written + self._under_way + len(self._waiting)
        while self._writer and self._written < wanted:
            self._turn.wait()

    def _begin(self) -> None:
        if self._waiting and not self._writer:
            self._writer = gevent.spawn(self._flush)

    def _flush(self) -> None:
        try:
            while self._waiting:
                # Who waits longest comes first.
                batch = {code: self._waiting.pop(code) for code in list(self._waiting)[:BATCH]}
                self._under_way = len(batch)
                try:
                    self._write(batch)
                except StorageDown:
                    # Kept, whatever of it was written: the next save or alive line tries again.
                    for code in batch:
                        self._waiting[code] = Change.unsure()
                    return
                self._tell(len(batch))
        finally:
            self._writer = None
            self._tell(0)

    def _tell(self, written: int) -> None:
        """Wake who waits."""
        self._written += written
        self._under_way = 0
        self._turn.set()
        self._turn.clear()

    def _write(self, batch: dict[str, Change]) -> None:
        """Write a batch; what has moved on meanwhile waits for another turn."""
        todo = batch | self._read([code for code, one in batch.items() if one.facts is None])
        commands = [command for code, one in todo.items() for command in one.commands(code)]
        answers = self._line.pipe([*commands, *map(look, todo)], lenient=True)
        for (code, one), values in zip(todo.items(), answers[len(commands) :], strict=True):
            if Facts.read(values) != one.facts:
                self.note(code, Change.unsure())

    def _read(self, codes: Sequence[str]) -> dict[str, Change]:
        """All that is to be written of games nobody is sure of."""
        commands: list[Command] = []
        for code in codes:
            commands += [look(code), ("SMEMBERS", members_key(code)), ("GET", copied_key(code))]
        answers = self._line.pipe(commands, lenient=True)
        found = {}
        for number, code in enumerate(codes):
            values, members, copied = answers[3 * number : 3 * number + 3]
            facts = Facts.read(values)
            if facts is None:
                found[code] = Change()
                continue
            is_copied = isinstance(copied, bytes) and int(copied) >= facts.version
            people = members if isinstance(members, (set, list)) else ()
            places = {client.decode(): True for client in people}
            keep = facts.keeps and not is_copied
            found[code] = Change(facts, set(STATUSES), True, True, keep, places)
        return found
