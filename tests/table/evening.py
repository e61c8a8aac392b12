"""An evening at the tables: the real Table on a real database; only the time is moved by hand.

Nothing here runs by itself. ``go`` lets time pass as a living server would see it: the alive
line every second, the timekeeper whenever something is due.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent

from app.bus.local import LocalBus
from app.game.clock import remaining_ms
from app.game.commands import ClaimSeat, Command, NewGame, Start
from app.game.game import Game
from app.game.ledger import fold
from app.game.table_settings import TableSettings
from app.storage.contract import HOLE_MS, Token
from app.storage.sql import SqlStorage
from app.table import watch
from app.table.play import Outcome, Table
from app.table.presence import Presence
from app.table.shelf import Hot

NOON = 1_790_000_000_000
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

#: The same cast in every test: the host sits on seat 1, guests on 2 and 3.
HOST, ANN, BEN, ONLOOKER = "host", "ann", "ben", "onlooker"
CAST = (HOST, ANN, BEN)
BANK = 20 * MINUTE
BONUS = 30 * SECOND


class Clock:
    """The present instant, moved by hand."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        """What the server takes for now."""
        return self.at


class Evening:
    """One server's life on one database; ``restart`` begins the next life on the same."""

    def __init__(self, folder: Path, max_games: int = 1000) -> None:
        self.database = folder / "tarp.sqlite3"
        self.clock = Clock(NOON)
        self.max_games = max_games
        self.heard: list[tuple[str, int]] = []
        self.open()

    def open(self) -> None:
        """Start the server."""
        self.storage = SqlStorage(f"sqlite:///{self.database}")
        self.bus = LocalBus()
        self.bus.hear(lambda code, version: self.heard.append((code, version)))
        self.table = Table(self.storage, self.bus, self.clock, max_games=self.max_games)
        watch.beat(self.table)

    def close(self) -> None:
        """End the server's life: nothing more is written."""
        self.storage.close()

    def restart(self, away_ms: int) -> None:
        """The server is gone for so long, then it starts again."""
        self.close()
        self.clock.at += away_ms
        self.open()

    def twin(self) -> Table:
        """Another server's table on the same database; close its storage."""
        storage = SqlStorage(f"sqlite:///{self.database}")
        return Table(storage, LocalBus(), self.clock, max_games=self.max_games)

    # ---- time

    def go(self, by_ms: int) -> None:
        """Time passes on a server that is well, second by second."""
        end = self.clock.at + by_ms
        while self.clock.at < end:
            self.clock.at = min(end, self.clock.at + SECOND)
            watch.beat(self.table)
            self.tick()

    def later(self, by_ms: int) -> None:
        """Much time passes. The alive lines between are only noted: writing each takes its time."""
        end = self.clock.at + by_ms
        while self.clock.at < end:
            self.clock.at = min(end, self.clock.at + HOLE_MS)
            self.table.outages.answered(self.clock.at, self.clock.at)
            self.tick()
        watch.beat(self.table)

    def wait(self, by_ms: int) -> None:
        """Time passes, the server is alive, but nothing has come to be done yet."""
        self.clock.at += by_ms
        watch.beat(self.table)

    def tick(self) -> None:
        """The timekeeper does what is due by its own clock, and comes to rest."""
        while self.table.timekeeper._wait_s() == 0:
            self.table.timekeeper.run()

    # ---- playing

    def create(self, players: int = 3, **settings: Any) -> str:
        """A waiting game nobody sits at."""
        wanted = NewGame("", players, listed=False, settings=replace(TableSettings(), **settings))
        return self.table.create(wanted, HOST).code

    def sit(self, players: int = 3, **settings: Any) -> str:
        """A waiting game with everybody seated."""
        code = self.create(players, **settings)
        for number, client in enumerate(CAST[:players], 1):
            self.play(code, ClaimSeat(seat=number), client)
        return code

    def start(self, players: int = 3, **settings: Any) -> str:
        """A running game in turn 1, the host's."""
        code = self.sit(players, **settings)
        self.play(code, Start(), HOST)
        return code

    def play(self, code: str, command: Command, client: str, at: int | None = None) -> Outcome:
        """Give a command as the web does: the phone is heard of, then the command is judged."""
        at = self.clock.at if at is None else at
        self.request(code, client, at)
        return self.table.play(code, command, client, at)

    def request(self, code: str, client: str, at: int | None = None) -> Game:
        """A browser asks for the page."""
        at = self.clock.at if at is None else at
        return self.table.hear_of(code, client, at, lambda p: p.requested(client, at))

    def connect(self, code: str, client: str) -> None:
        """A browser opens its channel."""
        at = self.clock.at
        self.table.hear_of(code, client, at, lambda p: p.opened(client, at))

    def hang_up(self, code: str, client: str) -> None:
        """A browser's channel closes."""
        at = self.clock.at

        def note(presence: Presence) -> None:
            presence.closed(client, at)

        self.table.hear_of(code, client, at, note, here=False)

    # ---- looking

    def hot(self, code: str) -> Hot:
        """The game in memory."""
        return self.table.shelf.take(code)

    def stored(self, code: str) -> Game:
        """The game as it is committed; its ledger folds to it, always."""
        game = self.storage.load(code)
        beginning = self.storage.beginning(code)
        assert game is not None
        assert beginning is not None
        assert game == fold(beginning, self.storage.ledger(code))
        return game

    def bank(self, code: str, number: int) -> int:
        """What a seat has left now, by the committed game."""
        return remaining_ms(self.stored(code), number, self.clock.at)

    def story(self, code: str, since: int = 0) -> list[tuple[str, int]]:
        """Event and instant (from noon) of every entry after version ``since``."""
        return [(e.event, e.at - NOON) for e in self.storage.ledger(code) if e.seq > since]

    def tokens(self) -> list[Token]:
        """All tokens as they rest."""
        rows = self.sql("select hash, code, seat, minted_at from seat_tokens order by seat")
        return [Token(bytes(row[0]), row[1], row[2], row[3]) for row in rows]

    # ---- behind the server's back

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement on the database, from another connection."""
        with closing(sqlite3.connect(self.database, timeout=5)) as other, other:
            return other.execute(statement, values).fetchall()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody else holds the database's write lock: saves fail after a second."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    @contextmanager
    def broken(self) -> Iterator[None]:
        """No save succeeds and the alive line neither: a fault that shows at once."""
        self.sql("ALTER TABLE ledger RENAME TO ledger_away")
        self.sql("ALTER TABLE alive RENAME TO alive_away")
        try:
            yield
        finally:
            self.sql("ALTER TABLE ledger_away RENAME TO ledger")
            self.sql("ALTER TABLE alive_away RENAME TO alive")


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run all at once; what each returned, or the exception it ended with."""
    running = [gevent.spawn(outcome_of, job) for job in jobs]
    gevent.joinall(running, raise_error=True)
    return [one.value for one in running]


def outcome_of(job: Callable[[], Any]) -> Any:
    """What a job returned, or the exception it ended with."""
    try:
        return job()
    except Exception as error:  # noqa: BLE001 - the outcome
        return error
