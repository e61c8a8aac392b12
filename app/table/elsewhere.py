"""What other processes know: who listens there, and which deadlines nobody here has in mind.

Each process writes, for every game with a channel of its own, who is there; again every ten
seconds, so that what a process knew that was killed is old after twenty-five and its phones count
as gone from then on. Deadlines of games that nobody listens to are looked up by all processes;
the compare-and-set lets one of them keep each.
"""

from __future__ import annotations

import json
from random import randint
from typing import TypeVar

import gevent
import structlog

from app.storage.contract import HOLE_MS, SharedStorage, StorageDown
from app.table.instant import Now
from app.table.presence import Client
from app.table.shelf import Hot, Shelf
from app.table.timekeeper import LATENESS_MS, Timekeeper

log = structlog.get_logger(__name__)

T = TypeVar("T")

SAID_EVERY_S = 10.0
"""How often a process says who listens at its tables."""

BELIEVED_MS = 25_000
"""What a process said longer ago is of one that is gone."""

ASKED_EVERY_MS = 5_000
"""How old what is known of other processes may be when it matters."""

REQUESTS_SAID_EVERY_MS = 30_000
"""A request counts for ten minutes: it is enough to tell of them so often."""

LOOK_EVERY_S = 0.25
"""How often the deadlines nobody has in mind are looked up."""

LEFT_MS = (300, 1000)
"""A deadline is nobody's when it is so long overdue: whoever had it in mind has kept it by then.

Each process has a time of its own between these, so that not all of them load the game at once.
"""

LOOKED_EVERY_MS = 5_000
"""What is still due after somebody looked at it is looked at again after so long."""

SERVES_WITHIN_MS = 1_500
"""Who lives writes an alive line in so long."""

SERVES_LOOK_S = 0.05

AT_ONCE = 200
REMEMBERED = 50_000


class Elsewhere:
    """The other processes, seen through the storage all of them share."""

    def __init__(self, storage: SharedStorage, shelf: Shelf, now: Now) -> None:
        self._storage = storage
        self._shelf = shelf
        self._now = now
        self._asked: dict[str, int] = {}
        self._said: dict[str, int] = {}
        self._looked: dict[str, tuple[int, int]] = {}
        self._left_ms = randint(*LEFT_MS)  # noqa: S311 - to spread, not a secret

    def others_serve(self) -> bool:
        """Whether another process writes its alive line now. StorageDown.

        That it wrote one lately is not enough: it may have been killed since, and the time until
        this process began would be charged to whoever had the turn.
        """
        began = self._now()
        if not self._storage.others_alive(HOLE_MS):
            return False
        while (waited_ms := self._now() - began) <= SERVES_WITHIN_MS:
            if self._storage.others_alive(waited_ms):
                return True
            gevent.sleep(SERVES_LOOK_S)
        return False

    def say(self, hot: Hot, *, at_most_every_ms: int = 0) -> None:
        """Tell the others who is at this table here. A fault waits for the next time."""
        at = self._now()
        if at - self._said.get(hot.game.code, 0) < at_most_every_ms:
            return
        _keep(self._said, hot.game.code, at)
        told = {
            client: [known.channels, known.requested_at, known.closed_at]
            for client, known in hot.presence.clients.items()
        }
        try:
            self._storage.say_here(hot.game.code, json.dumps([at, told]))
        except StorageDown as down:
            log.warning("others could not be told who is here", why=str(down))

    def ask(self, hot: Hot) -> None:
        """Bring what is known of the others at this table up to date. StorageDown."""
        at = self._now()
        code = hot.game.code
        if at - self._asked.get(code, 0) < ASKED_EVERY_MS:
            return
        _keep(self._asked, code, at)
        hot.presence.others = merged(self._storage.here(code), at)

    def say_all(self) -> None:
        """Say it for every table with a channel here, again and again; background work."""
        while True:
            gevent.sleep(SAID_EVERY_S)
            for hot in self._shelf.all():
                if hot.presence.channels():
                    self.say(hot)

    def look_up(self, timekeeper: Timekeeper) -> None:
        """Hand the timekeeper what is due and not in mind here; background work."""
        while True:
            gevent.sleep(LOOK_EVERY_S)
            try:
                due = self._storage.due(self._now() - LATENESS_MS - self._left_ms, AT_ONCE)
            except StorageDown:
                continue
            for code, instant in due:
                if self._is_new(code, instant):
                    timekeeper.schedule(code, instant)

    def _is_new(self, code: str, instant: int) -> bool:
        """Not looked at lately: a row that cannot be read stays due whoever looks at it."""
        at = self._now()
        before, looked_at = self._looked.get(code, (None, 0))
        if before == instant and at - looked_at < LOOKED_EVERY_MS:
            return False
        _keep(self._looked, code, (instant, at))
        return True


def merged(told: list[str], at: int) -> dict[str, Client]:
    """Who is at a table in other processes; what was said too long ago is of dead ones."""
    found: dict[str, Client] = {}
    for text in told:
        said_at, clients = json.loads(text)
        is_alive = at - said_at <= BELIEVED_MS
        for client, (channels, requested_at, closed_at) in clients.items():
            known = found.setdefault(client, Client())
            known.channels += channels if is_alive else 0
            known.requested_at = max(known.requested_at, requested_at)
            gone_at = closed_at if is_alive or not channels else said_at
            known.closed_at = max(known.closed_at, gone_at)
    return found


def _keep(known: dict[str, T], code: str, value: T) -> None:
    if len(known) > REMEMBERED:
        known.clear()
    known[code] = value
