"""A full house: what is asked of all games must not take longer as they become many."""

import time
from collections.abc import Callable

from sqlalchemy import insert

from app.storage.codec import encode_game
from app.storage.models import GameRow, table_of
from app.storage.sql import SqlStorage
from tests.storage.games import AT, created

GAMES = 20_000


def fill(storage: SqlStorage) -> None:
    """Twenty thousand running games, one in a hundred listed, without their ledgers."""
    state = encode_game(created())
    rows = [
        {
            "code": f"{number:06}",
            "state": state,
            "version": 3,
            "status": "running",
            "listed": number % 100 == 0,
            "next_due": AT + number,
            "created_at": AT,
            "updated_at": AT + number,
        }
        for number in range(GAMES)
    ]
    storage._writer.run(
        lambda connection: connection.execute(insert(table_of(GameRow)), rows).rowcount
    )


def best_ms(ask: Callable[[], object]) -> float:
    """The quickest of five: the others were disturbed by whatever else ran."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def test_questions_across_many_games_stay_quick(storage: SqlStorage) -> None:
    """A restart reads all deadlines before the first tap is served; each creation counts games."""
    fill(storage)
    assert len(list(storage.deadlines())) == storage.count_games() == GAMES
    assert best_ms(storage.deadlines) < 100
    assert best_ms(storage.count_games) < 20
    assert best_ms(lambda: storage.open_games(20)) < 20
    assert best_ms(lambda: storage.games_of("nobody", 20)) < 20
