"""Games move from one kind of storage to the other and back, and nothing of them is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.storage.contract import CodeTaken, Storage, Token, UnreadableGame
from app.storage.moving import Movable, Moved, move
from app.storage.redis import RedisStorage
from app.storage.redis_keys import game_key
from app.storage.sql import SqlStorage
from tests.storage.games import AT, GUEST, HOST, change, created, creation
from tests.storage.redis_server import Server

DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def sql(sqlite_url: str, open_sql: Callable[[str], SqlStorage]) -> SqlStorage:
    """The database that also lies beside the Redis storage."""
    return open_sql(sqlite_url)


@pytest.fixture(params=["to redis", "to sql"])
def way(
    request: pytest.FixtureRequest, sql: SqlStorage, redis_storage: RedisStorage
) -> tuple[Movable, Movable]:
    """From where to where."""
    return (sql, redis_storage) if request.param == "to redis" else (redis_storage, sql)


def fill(storage: Storage) -> None:
    """A running game with all there is, a closed one, and one that is gone but for its ledger."""
    storage.save(creation(created("GGGGGG")))
    storage.save(change(created("GGGGGG"), status="finished"))
    assert storage.sweep(AT + 2 * DAY_MS) == 1
    tokens = (Token(b"\x00:t", "K7QF2M", 2, AT),)
    storage.save(replace(creation(created(listed=True)), joined=(HOST, GUEST), tokens=tokens))
    storage.save(change(created(listed=True), due=AT + 9, status="running"))
    storage.save(creation(created("CCCCCC")))
    storage.save(change(created("CCCCCC"), status="closed"))
    storage.say_alive(AT + 77)


def all_of(storage: Storage) -> dict[str, object]:
    """What can be asked about them."""
    return {
        "game": storage.load("K7QF2M"),
        "beginning": storage.beginning("K7QF2M"),
        "ledger": storage.ledger("K7QF2M"),
        "tombstone": storage.load("CCCCCC"),
        "left": (storage.load("GGGGGG"), storage.beginning("GGGGGG"), storage.ledger("GGGGGG")),
        "due": list(storage.deadlines()),
        "guest": storage.games_of(GUEST, 9),
        "host": storage.games_of(HOST, 9),
        "open": storage.open_games(9),
        "token": storage.find_token("K7QF2M", b"\x00:t"),
        "alive": storage.last_alive(),
        "count": storage.count_games(),
    }


def test_everything_is_over_there(way: tuple[SqlStorage, RedisStorage]) -> None:
    """A club moves to two machines and, after the event, back to one."""
    source, target = way
    fill(source)
    before = all_of(source)
    assert move(source, target) == Moved(games=2, ledgers=1, stayed=())
    assert all_of(target) == before
    assert source.codes() == []
    assert source.count_games() == 0
    assert move(source, target) == Moved(games=0, ledgers=1, stayed=())
    assert all_of(target) == before
    for code in ("K7QF2M", "CCCCCC", "GGGGGG"):
        with pytest.raises(CodeTaken):
            target.save(creation(created(code)))


def test_there_and_back(sql: SqlStorage, redis_storage: RedisStorage) -> None:
    """Also when something was finished and copied over there."""
    fill(sql)
    move(sql, redis_storage)
    game = redis_storage.load("K7QF2M")
    assert game is not None
    redis_storage.save(change(game, status="finished"))
    redis_storage.copy_finished()
    before = all_of(redis_storage)
    assert move(redis_storage, sql).stayed == ()
    assert all_of(sql) == before
    assert move(sql, redis_storage).stayed == ()
    assert all_of(redis_storage) == before


def test_an_interrupted_move_is_begun_again(way: tuple[SqlStorage, RedisStorage]) -> None:
    """It stopped when the game was there and still here."""
    source, target = way
    fill(source)
    before = all_of(source)
    stored = source.take_out("K7QF2M")
    assert stored is not None
    assert target.put_in(stored)
    assert not target.put_in(stored)
    assert move(source, target).stayed == ()
    assert all_of(target) == before


def test_another_game_over_there_is_left_alone(way: tuple[SqlStorage, RedisStorage]) -> None:
    """Both tables keep theirs, and the operator is told the code."""
    source, target = way
    source.save(creation(created()))
    target.save(creation(replace(created(), name="Another")))
    assert move(source, target) == Moved(games=0, ledgers=0, stayed=("K7QF2M",))
    ours, theirs = source.load("K7QF2M"), target.load("K7QF2M")
    assert ours == created()
    assert theirs == replace(created(), name="Another")


def test_what_cannot_be_read_is_carried(sql: SqlStorage, redis_storage: RedisStorage) -> None:
    """A newer version may read it; this one must not lose it."""
    sql.save(creation(created()))
    newer = text("""UPDATE games SET state = '{"format": 99}' WHERE code = 'K7QF2M'""")
    sql._writer.run(lambda connection: connection.execute(newer).rowcount)
    assert move(sql, redis_storage).stayed == ()
    with pytest.raises(UnreadableGame, match="format 99"):
        redis_storage.load("K7QF2M")
    assert move(redis_storage, sql).stayed == ()
    with pytest.raises(UnreadableGame, match="format 99"):
        sql.load("K7QF2M")


def test_rubbish_in_redis_stays_and_is_named(
    sql: SqlStorage, redis_storage: RedisStorage, redis_server: Server
) -> None:
    """Nothing can be made of it over there, and nobody but the operator may throw it away."""
    redis_storage.save(creation(created()))
    with redis_server.client() as client:
        client.set(game_key("DDDDDD"), "rubbish")
    assert move(redis_storage, sql) == Moved(games=1, ledgers=0, stayed=("DDDDDD",))
