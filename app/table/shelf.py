"""The games kept decoded in memory, each with its lock and who is there."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog
from gevent.lock import RLock

from app.game.clock import next_due
from app.game.game import Game
from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.storage.contract import Storage, UnreadableGame, shared
from app.table.codes import is_code
from app.table.instant import Now
from app.table.presence import Presence

log = structlog.get_logger(__name__)

IDLE_MS = 60 * 60 * 1000
"""A game nobody asked for this long leaves memory (not storage).

Not sooner: a reconnect token is good for an hour from its holder's last activity, which is known
only here.
"""


SWEPT_MS = 24 * 60 * 60 * 1000
"""No game is removed from storage sooner than this after its last entry."""


@dataclass
class Hot:
    """One game in memory. ``game`` is always the newest committed state."""

    game: Game
    presence: Presence
    touched_at: int
    lock: RLock = field(default_factory=RLock)
    #: How many outage windows this game has been held for.
    windows_seen: int = 0
    #: Since when commands are refused because another hand spoilt the stored row (epoch ms).
    unreadable_since: int | None = None
    #: When to try again whether it can be written.
    retry_at: int | None = None
    _due: tuple[Game | None, int | None] = (None, None)

    def next_due(self, game: Game) -> int | None:
        """``clock.next_due``, which is asked several times of each state of a game."""
        if self._due[0] is not game:
            self._due = (game, next_due(game))
        return self._due[1]


class Shelf:
    """Loads each game once and keeps it while it is used."""

    def __init__(self, storage: Storage, now: Now, started_at: int) -> None:
        self._storage = storage
        self._shared = shared(storage)
        self._now = now
        self._started_at = started_at
        self._hot: dict[str, Hot] = {}
        self._loading: dict[str, RLock] = {}
        #: Games that were asked for and could not be read since.
        self.unreadable: set[str] = set()

    def put(self, game: Game) -> Hot:
        """Keep a game that was just created."""
        at = self._now()
        hot = self._hot[game.code] = Hot(game, Presence(at), at)
        return hot

    def take(self, code: str) -> Hot:
        """The game, loaded when need be. Refusal when there is none or it cannot be read."""
        hot = self._hot.get(code)
        if hot is None:
            if not is_code(code):
                raise no_such_game()
            lock = self._loading.setdefault(code, RLock())
            try:
                with lock:
                    # Who comes first counts: two copies in memory would be two truths.
                    hot = self._hot.get(code) or self._hot.setdefault(code, self._load(code))
            finally:
                self._loading.pop(code, None)
        hot.touched_at = self._now()
        return hot

    def renew(self, hot: Hot) -> bool:
        """Read the game again when another process has moved it on; whether it had.

        Only of a storage that is shared. Refusal when it is gone.
        """
        if self._shared is None:
            return False
        version = self._shared.version(hot.game.code)
        if version is None:
            self._hot.pop(hot.game.code, None)
            raise no_such_game()
        if version <= hot.game.version:
            return False
        with hot.lock:
            if version > hot.game.version:
                self.reload(hot)
        return True

    def reload(self, hot: Hot) -> None:
        """Read the stored state again after a lost race."""
        game = self._read(hot.game.code)
        if game is None:
            self._hot.pop(hot.game.code, None)
            raise no_such_game()
        hot.game = game

    def all(self) -> list[Hot]:
        """Every game in memory."""
        return list(self._hot.values())

    def holds(self, code: str) -> bool:
        """Whether the game is in memory, as every game is that somebody plays."""
        return code in self._hot

    def clear_idle(self) -> None:
        """Let go of games nobody uses.

        Running ones stay until they are auto-paused, since who was there is known only here; not
        so where others know it too, and may have played the game to its end.
        """
        oldest = self._now() - IDLE_MS
        for code, hot in list(self._hot.items()):
            waits = hot.game.status == "running" and hot.game.settings.auto_pause_ms
            if self._shared is not None:
                waits = False
            if hot.touched_at < oldest and not hot.presence.channels() and not waits:
                del self._hot[code]

    def drop_swept(self) -> None:
        """Let go of games that storage no longer keeps, whoever still looks at them."""
        for code, hot in list(self._hot.items()):
            is_old = hot.game.last_at < self._now() - SWEPT_MS
            if is_old and hot.game.status != "running" and self._is_swept(code):
                del self._hot[code]

    def _is_swept(self, code: str) -> bool:
        try:
            return self._read(code) is None
        except Refusal:
            return False  # a row that cannot be read is there

    def _load(self, code: str) -> Hot:
        game = self._read(code)
        if game is None:
            raise no_such_game()
        return Hot(game, Presence(self._started_at), self._now())

    def _read(self, code: str) -> Game | None:
        try:
            game = self._storage.load(code)
        except UnreadableGame as unreadable:
            if code not in self.unreadable:
                log.exception("a stored game cannot be read", game=code)
            self.unreadable.add(code)
            raise unreadable_game() from unreadable
        self.unreadable.discard(code)
        return game


def unreadable_game() -> Refusal:
    """The answer where a row is rubbish or of a newer format."""
    sentence = say("This game cannot be read. Its keeper has been told.")
    return Refusal("unreadable", sentence, Kind.UNAVAILABLE)


def no_such_game() -> Refusal:
    """The answer to a code nobody deals."""
    return Refusal("no-such-game", say("There is no game with this code."), Kind.NOT_FOUND)
