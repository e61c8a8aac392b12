"""The chronicles of games somebody looked at, kept so that each entry is folded only once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

import gevent
import structlog
from gevent.lock import RLock

from app.game.chronicle import Chronicle
from app.game.entry import Entry
from app.game.game import Game
from app.storage.contract import Storage, UnreadableGame
from app.table.codes import is_code
from app.table.shelf import no_such_game, unreadable_game

log = structlog.get_logger(__name__)

KEPT = 24
"""Chronicles in memory: a long evening's takes a few megabytes."""

AT_ONCE = 100
"""Entries read and folded before others get their turn: a few milliseconds."""

_NEWEST = 2**31 - 1


@dataclass
class _Kept:
    created_at: int
    chronicle: Chronicle
    lock: RLock = field(default_factory=RLock)


class Chronicles:
    """Reads ledgers, also of games that are gone, as long as storage keeps them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def take(self, code: str) -> Chronicle:
        """The chronicle up to the newest committed entry. Refusal when there is no such game."""
        try:
            return self._take(code)
        except UnreadableGame as unreadable:
            self._kept.pop(code, None)
            log.exception("a stored ledger cannot be read", game=code)
            raise unreadable_game() from unreadable

    def entries(self, code: str, first: int, last: int) -> Iterator[Entry]:
        """Entries ``first`` to ``last`` in order, read in portions; others get their turn."""
        while first <= last:
            upto = min(last, first + AT_ONCE - 1)
            portion = self._storage.ledger_back(code, upto, upto - first + 1)
            yield from reversed(portion)
            if len(portion) < upto - first + 1:
                return
            first = upto + 1
            gevent.sleep(0)

    def _take(self, code: str) -> Chronicle:
        beginning = self._beginning(code)
        newest = self._newest(code)
        kept = self._kept.get(code)
        if (
            kept is None
            or kept.created_at != beginning.created_at
            or kept.chronicle.game.version > newest
        ):
            # Codes are dealt again one day, and a database may be put back.
            kept = self._kept[code] = _Kept(beginning.created_at, Chronicle(beginning))
        self._kept.move_to_end(code)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        with kept.lock:
            for entry in self.entries(code, kept.chronicle.game.version + 1, newest):
                kept.chronicle.add(entry)
        return kept.chronicle

    def _beginning(self, code: str) -> Game:
        beginning = self._storage.beginning(code) if is_code(code) else None
        if beginning is None:
            raise no_such_game()
        return beginning

    def _newest(self, code: str) -> int:
        newest = self._storage.ledger_back(code, _NEWEST, 1)
        return newest[0].seq if newest else 0
