"""A server with years of games behind it must start as fast as an empty one."""

import sqlite3
import time
from contextlib import closing
from itertools import product

from app.game.commands import PassTurn
from app.game.game import CODE_LETTERS
from tests.asked import statements
from tests.table.evening import BANK, BONUS, HOST, MINUTE, SECOND, Evening

STORED, RUNNING = 20_000, 4_000


def fill(evening: Evening, waiting: str, running: str) -> list[str]:
    """Many copies of a waiting and a running game, put straight into the table; the running."""
    letters = product(CODE_LETTERS, repeat=6)
    codes = [code for code, _ in zip(map("".join, letters), range(STORED - 2), strict=False)]
    copy = (
        "insert into games select ?, replace(state, ?, ?), version, status, listed, next_due,"
        " created_at, updated_at from games where code = ?"
    )
    source = [running] * (RUNNING - 1) + [waiting] * (STORED - RUNNING - 1)
    with closing(sqlite3.connect(evening.database)) as other, other:
        other.executemany(
            copy, [(code, one, code, one) for code, one in zip(codes, source, strict=True)]
        )
    return codes[: RUNNING - 1]


def test_twenty_thousand_games_do_not_slow_the_start(evening: Evening) -> None:
    """4,000 of them running: found by their deadlines, not one of them loaded."""
    waiting, running = evening.sit(), evening.start()
    evening.go(7 * SECOND)
    others = fill(evening, waiting, running)
    evening.close()
    evening.clock.at += 30 * SECOND

    with statements() as asked:
        began = time.monotonic()
        evening.open()
        took_s = time.monotonic() - began
    assert took_s < 2
    assert [] == evening.table.shelf.all()
    assert [] == [one for one in asked if "games.state" in one]
    assert RUNNING == evening.table.timekeeper.scheduled()

    # One of them answers at once, as if it were the only one.
    began = time.monotonic()
    evening.play(others[1234], PassTurn(turn=1), HOST)
    assert time.monotonic() - began < 1
    game = evening.storage.load(others[1234])
    assert game is not None
    assert [BANK - 7 * SECOND, BANK + BONUS] == [game.seats[n].bank_ms for n in (1, 2)]


def test_every_running_game_is_held_after_the_start(evening: Evening) -> None:
    """In the background, one after the other; what nobody touches is right as well."""
    codes = [evening.start() for _ in range(50)]
    evening.go(7 * SECOND)
    evening.restart(30 * SECOND)
    evening.go(2 * SECOND)
    assert {("outage-began", 7 * SECOND)} == {evening.story(code)[-1] for code in codes}
    evening.go(9 * SECOND)
    assert {("outage-ended", 47 * SECOND)} == {evening.story(code)[-1] for code in codes}
    assert {BANK - 8 * SECOND} == {evening.bank(code, 1) for code in codes}


def test_a_first_start_knows_no_outage(evening: Evening) -> None:
    """No alive line, no window; no running game, no deadline."""
    assert [] == evening.table.outages.windows
    assert 0 == evening.table.timekeeper.scheduled()
    evening.restart(10 * MINUTE)
    assert 1 == len(evening.table.outages.windows)
