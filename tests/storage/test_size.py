"""A full house: what is asked of all games must not take longer as they become many."""

import time
from collections.abc import Callable

from redis import Redis
from sqlalchemy import insert

from app.storage.codec import encode_game
from app.storage.models import GameRow, table_of
from app.storage.redis import RedisStorage
from app.storage.redis_keys import LISTED, due_key, due_keys, game_key, status_key
from app.storage.sql import SqlStorage
from tests.storage.games import AT, created
from tests.storage.redis_server import Server

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


def fill_redis(client: Redis) -> None:
    """The same in Redis; only the listed ones, which are read, are really there."""
    scores = {f"{number:06}": AT + number for number in range(GAMES)}
    listed = {code: scores[code] for code in list(scores)[::100]}
    due: dict[str, dict[str, int]] = {key: {} for key in due_keys()}
    for code, at in scores.items():
        due[due_key(code)][code] = at
    with client.pipeline(transaction=False) as pipeline:
        for key, its in (due | {status_key("running"): scores, LISTED: listed}).items():
            pipeline.zadd(key, its)
        state = encode_game(created(listed=True))
        for code in listed:
            pipeline.hset(game_key(code), "state", state)
        pipeline.execute()


def best_ms(ask: Callable[[], object]) -> float:
    """The quickest of five: the others were disturbed by whatever else ran."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def test_questions_across_many_games_stay_quick(sql_storage: SqlStorage) -> None:
    """A restart reads all deadlines before the first tap is served; each creation counts games."""
    storage = sql_storage
    fill(storage)
    assert len(list(storage.deadlines())) == storage.count_games() == GAMES
    assert best_ms(storage.deadlines) < 100
    assert best_ms(storage.count_games) < 20
    assert best_ms(lambda: storage.open_games(20)) < 20
    assert best_ms(lambda: storage.games_of("nobody", 20)) < 20


def test_redis_answers_as_quickly(redis_storage: RedisStorage, redis_server: Server) -> None:
    """Its lists are read over a line and taken apart here; only a start reads all of one."""
    with redis_server.client() as client:
        fill_redis(client)
    assert len(redis_storage.deadlines()) == redis_storage.count_games() == GAMES
    assert best_ms(redis_storage.deadlines) < 400
    assert best_ms(redis_storage.count_games) < 20
    assert best_ms(lambda: redis_storage.open_games(20)) < 50
    assert best_ms(lambda: redis_storage.games_of("nobody", 20)) < 20
