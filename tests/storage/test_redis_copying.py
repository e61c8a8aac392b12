"""Ledgers of finished games are copied to SQL, where they outlive their games."""

from collections.abc import Callable

import pytest

from app.game.ledger import fold
from app.storage.contract import CodeTaken, StorageDown
from app.storage.redis import RedisStorage
from app.storage.redis_keys import KEEP, copied_key, game_key, ledger_key
from app.storage.sql import SqlStorage
from tests.storage.games import AT, change, created, creation
from tests.storage.redis_server import Server

Open = Callable[[str], RedisStorage]
DAY_MS = 24 * 60 * 60 * 1000


def finish(storage: RedisStorage) -> None:
    """A short game, from its creation to its end."""
    storage.save(creation(created()))
    middle = change(created(), status="running")
    storage.save(middle)
    storage.save(change(middle.game, status="finished"))


def test_a_finished_ledger_is_read_when_redis_has_lost_it(
    redis_storage: RedisStorage, redis_server: Server
) -> None:
    """The result keeps its address for thirty days, wherever it lies."""
    finish(redis_storage)
    game, entries = redis_storage.load("K7QF2M"), redis_storage.ledger("K7QF2M")
    assert redis_storage.copy_finished() == 1
    with redis_server.client() as client:
        client.delete(game_key("K7QF2M"), ledger_key("K7QF2M"))
    assert redis_storage.load("K7QF2M") is None
    assert redis_storage.beginning("K7QF2M") == created()
    assert redis_storage.ledger("K7QF2M") == entries
    assert fold(created(), redis_storage.ledger("K7QF2M")) == game
    assert redis_storage.ledger_back("K7QF2M", 9, 1) == entries[1:]
    with pytest.raises(CodeTaken):
        redis_storage.save(creation(created()))


def test_copying_again_changes_nothing(
    redis_storage: RedisStorage,
    redis_server: Server,
    sqlite_url: str,
    open_sql: Callable[[str], SqlStorage],
) -> None:
    """A process died between the copy and the note that it is done."""
    finish(redis_storage)
    assert redis_storage.copy_finished() == 1
    assert redis_storage.copy_finished() == 0
    with redis_server.client() as client:
        client.zadd(KEEP, {"K7QF2M": AT})
        client.delete(copied_key("K7QF2M"))
    assert redis_storage.copy_finished() == 1
    assert open_sql(sqlite_url).ledger("K7QF2M") == redis_storage.ledger("K7QF2M")


def test_a_copied_ledger_goes_with_its_game(
    redis_storage: RedisStorage, redis_server: Server
) -> None:
    """Redis holds what is played; thirty days of results would fill it."""
    finish(redis_storage)
    redis_storage.copy_finished()
    with redis_server.client() as client:
        lives = [client.pttl(name("K7QF2M")) for name in (game_key, ledger_key)]
    assert all(0 < life <= DAY_MS for life in lives)


def test_a_revived_game_is_copied_to_its_new_end(redis_storage: RedisStorage) -> None:
    """The end was said by mistake: the copy grows with the ledger."""
    finish(redis_storage)
    redis_storage.copy_finished()
    game = redis_storage.load("K7QF2M")
    assert game is not None
    revived = change(game, status="running")
    redis_storage.save(revived)
    assert redis_storage.copy_finished() == 0
    redis_storage.save(change(revived.game, status="finished"))
    assert redis_storage.copy_finished() == 1
    entries = redis_storage.ledger("K7QF2M")
    redis_storage.sweep(AT + 2 * DAY_MS)
    assert redis_storage.load("K7QF2M") is None
    assert redis_storage.ledger("K7QF2M") == entries
    assert len(entries) == 4


def test_without_sql_the_ledger_waits_in_redis(redis_url: str, open_redis: Open) -> None:
    """A database that is away stops nobody from finishing, and loses no result."""
    first = open_redis(redis_url)
    finish(first)
    entries = first.ledger("K7QF2M")
    first._sql.close()
    with pytest.raises(StorageDown):
        first.sweep(AT + 2 * DAY_MS)
    assert first.load("K7QF2M") is None
    assert first.ledger("K7QF2M") == entries
    second = open_redis(redis_url)
    assert second.ledger("K7QF2M") == entries
    assert second.sweep(AT + 2 * DAY_MS) == 0
    assert second.ledger("K7QF2M") == entries
    assert second.figures()["ledger entries copied"] == 3
    assert second.figures()["ledgers to be copied"] == 0


def test_a_lost_note_is_made_again(redis_storage: RedisStorage, redis_server: Server) -> None:
    """The process died between the last save and its note that the ledger is to be kept."""
    finish(redis_storage)
    redis_storage.deadlines()
    with redis_server.client() as client:
        client.delete(KEEP)
    redis_storage.sweep(AT)
    redis_storage.sweep(AT + 2 * DAY_MS)
    assert len(redis_storage.ledger("K7QF2M")) == 2
