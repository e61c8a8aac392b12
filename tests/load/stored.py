"""How a server starts that has many stored games: half of them running, as after a crash."""

import time
from dataclasses import dataclass
from itertools import product
from typing import Any

from gevent.pool import Pool

from app.game.commands import ClaimSeat, Command, Finish, PassTurn, Start
from app.game.entry import Entry
from app.game.game import CODE_LENGTH, CODE_LETTERS, Game, new_game
from app.game.judge import decide, wakes_at
from app.game.rules.context import Surroundings
from app.game.table_settings import TableSettings
from app.storage.contract import CREATE, Save
from app.storage.sql import SqlStorage
from tests.load.machine import cpu_seconds, rss_bytes
from tests.load.options import Options
from tests.load.progress import say
from tests.load.server import Server

SEATS = 4
TURNS = 8
#: Saving at the same time, so that the writer commits them in groups.
HANDS = 128


def play(options: Options, core: int) -> dict[str, Any]:
    """Seconds until the server was ready, its memory then, and what the first while cost."""
    with Server(core, options.settings) as server:
        began = time.perf_counter()
        fill(server.environment["DATABASE_URL"], options.stored)
        say(f"{options.stored} games stored, after {time.perf_counter() - began:.1f} s")
        server.start()
        ready, used = rss_bytes(server.worker), cpu_seconds(server.worker)
        time.sleep(options.seconds)
        return {
            "ready_s": round(server.ready_s, 2),
            "ready_mb": round(ready / 2**20, 1),
            "after_mb": round(rss_bytes(server.worker) / 2**20, 1),
            "after_core": round((cpu_seconds(server.worker) - used) / options.seconds, 4),
            "complaints": server.complaints(),
        }


def fill(database_url: str, games: int) -> None:
    """Store so many games through the storage itself, one every so often of the last hour."""
    storage = SqlStorage(database_url)
    now = time.time_ns() // 1_000_000
    hands = Pool(HANDS)
    codes = product(CODE_LETTERS, repeat=CODE_LENGTH)
    for number, letters in zip(range(games), codes, strict=False):
        at = now - 3_600_000 * (number + 1) // games
        hands.spawn(_store, storage, "".join(letters), number, at)
    hands.join(raise_error=True)
    storage.say_alive(now)
    storage.close()


@dataclass
class _Told:
    """A game as it is told: each command a little later than the one before."""

    game: Game
    entries: list[Entry]
    at: int

    def tell(self, command: Command, client: str) -> None:
        self.at += 1000
        around = Surroundings(chance=lambda sides: sides)
        self.game, entry = decide(self.game, command, client, self.at, around)
        self.entries.append(entry)


def _store(storage: SqlStorage, code: str, number: int, at: int) -> None:
    people = [f"client-{number}-{seat}" for seat in range(1, SEATS + 1)]
    begun = new_game(
        code,
        host=people[0],
        at=at,
        name="",
        players=SEATS,
        settings=TableSettings(),
        listed=False,
    )
    told = _Told(begun, [], at)
    for seat, client in enumerate(people, 1):
        told.tell(ClaimSeat(seat=seat), client)
    if number % 4 != 1:
        told.tell(Start(), people[0])
        for turn in range(TURNS):
            told.tell(PassTurn(), people[turn % SEATS])
    if number % 4 == 3:
        told.tell(Finish(winner=1, confirm=True), people[0])
    around = Surroundings(chance=lambda sides: sides, nobody_since=told.at)
    storage.save(Save(begun, CREATE, (), None, joined=(people[0],)))
    storage.save(
        Save(
            told.game,
            0,
            tuple(told.entries),
            wakes_at(told.game, around.nobody_since),
            joined=tuple(people[1:]),
        )
    )
