"""What goes wrong outside: nothing half written, only those wait who asked, and all recovers."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import gevent
import psycopg
import pytest

from app.storage.contract import StorageDown
from app.storage.sql import SqlStorage
from tests.storage.games import change, created, creation
from tests.storage.test_group_commit import saving, together

Open = Callable[[str], SqlStorage]


@contextmanager
def watched_loop(longest_ms: float) -> Iterator[None]:
    """Fail when the loop stood still for longer: nobody's clock would be served meanwhile."""
    gaps_ms: list[float] = []

    def tick() -> None:
        last = time.perf_counter()
        while True:
            gevent.sleep(0.002)
            now = time.perf_counter()
            gaps_ms.append((now - last) * 1000)
            last = now

    ticker = gevent.spawn(tick)
    try:
        yield
    finally:
        ticker.kill()
    assert max(gaps_ms) < longest_ms


def test_a_foreign_lock_stops_the_saver_not_the_loop(sqlite_url: str, open_storage: Open) -> None:
    """Somebody runs a backup on the file: 1 s later the player knows, and others read on.

    The alive line and the health check wait there too; nobody waits for their waits.
    """
    storage = open_storage(sqlite_url)
    for code in ("BBBBBB", "CCCCCC"):
        storage.save(creation(created(code)))
    foreign = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    began = time.perf_counter()
    with watched_loop(longest_ms=500):
        health = gevent.spawn(storage.is_well)
        reading = gevent.spawn(storage.load, "BBBBBB")
        outcomes = together(
            partial(storage.say_alive, 1),
            *(saving(storage, change(created(code))) for code in ("BBBBBB", "CCCCCC")),
            partial(storage.say_alive, 2),
        )
        assert reading.value == created("BBBBBB")
        assert [isinstance(outcome, StorageDown) for outcome in outcomes] == [True] * 4
        assert health.get(timeout=2) is False
    assert 0.8 < time.perf_counter() - began < 1.9
    foreign.execute("ROLLBACK")
    foreign.close()
    assert storage.ledger("BBBBBB") == []
    assert storage.last_alive() is None
    storage.save(change(created("BBBBBB")))
    assert storage.load("BBBBBB") == change(created("BBBBBB")).game


def test_a_locked_row_stops_its_table_only(postgres_url: str, open_storage: Open) -> None:
    """The same on PostgreSQL, where a lock may be on one row."""
    storage = open_storage(postgres_url)
    for code in ("BBBBBB", "CCCCCC"):
        storage.save(creation(created(code)))
    with psycopg.connect(postgres_url) as foreign:
        foreign.execute("SELECT * FROM games WHERE code = 'BBBBBB' FOR UPDATE")
        with watched_loop(longest_ms=500):
            outcomes = together(
                *(saving(storage, change(created(code))) for code in ("BBBBBB", "CCCCCC"))
            )
    assert [type(outcome) for outcome in outcomes] == [StorageDown, type(None)]
    storage.save(change(created("BBBBBB")))


def test_cut_connections_are_made_again(postgres_url: str, open_storage: Open) -> None:
    """The database server was restarted overnight; nobody restarts us for that."""
    storage = open_storage(postgres_url)
    storage.save(creation(created()))
    storage.load("K7QF2M")
    with psycopg.connect(postgres_url, autocommit=True) as foreign:
        foreign.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    storage.save(change(created()))
    assert storage.load("K7QF2M") == change(created()).game


def test_nobody_answers(open_storage: Open) -> None:
    """Opening says at once that there is no database, in the driver's words."""
    with pytest.raises(StorageDown, match="connection"):
        open_storage("postgresql://tarp@127.0.0.1:1/nowhere")
    with pytest.raises(StorageDown, match="unable to open"):
        open_storage("sqlite:////nowhere/games.sqlite3")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/games"])
def test_an_address_that_keeps_nothing_is_refused(url: str) -> None:
    """Better no start than an evening that is gone after a restart."""
    with pytest.raises(ValueError, match="DATABASE_URL"):
        SqlStorage(url)
