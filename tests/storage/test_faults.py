"""What goes wrong outside: nothing half written, only those wait who asked, and all recovers."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import psycopg
import pytest

from app.settings import HOUSE
from app.storage.contract import StorageDown, UnreadableGame
from app.storage.sql import SqlStorage
from tests.storage.games import HOST, change, created, creation
from tests.storage.test_group_commit import saving, together

Open = Callable[[str], SqlStorage]

FILLING = """
import resource, sys
from pathlib import Path
from app.storage.contract import StorageDown
from app.storage.sql import SqlStorage
from tests.storage.games import change, created, creation
storage = SqlStorage(sys.argv[1])
game = created()
storage.save(creation(game))
assert storage.load("K7QF2M") == game
log = Path(sys.argv[1].removeprefix("sqlite:///") + "-wal")
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 60_000, hard))
refused = None
while refused is None:
    save = change(game)
    try:
        storage.save(save)
        game = save.game
    except StorageDown as fault:
        refused = fault
assert game.version > 0
resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
assert not storage.is_well()
assert storage.load("K7QF2M") == game
assert len(storage.ledger("K7QF2M")) == game.version
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
storage.save(change(game))
assert storage.load("K7QF2M") == change(game).game
storage.close()
"""


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
    """Somebody runs a backup on the file: 1 s later the player knows, and others play on."""
    storage = open_storage(sqlite_url)
    for code in ("BBBBBB", "CCCCCC"):
        storage.save(creation(created(code)))
    foreign = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    began = time.perf_counter()
    with watched_loop(longest_ms=500):
        outcomes = together(
            *(saving(storage, change(created(code))) for code in ("BBBBBB", "CCCCCC"))
        )
        assert [type(outcome) for outcome in outcomes] == [StorageDown, StorageDown]
        assert 0.8 < time.perf_counter() - began < 1.9
        assert not storage.is_well()
        assert storage.load("BBBBBB") == created("BBBBBB")  # reading never waits
    foreign.execute("ROLLBACK")
    foreign.close()
    assert storage.ledger("BBBBBB") == []
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


def test_a_full_disk_refuses_and_recovers(sqlite_url: str) -> None:
    """What was saved stays; room makes it well again. In a child, whose files may not grow."""
    subprocess.run([sys.executable, "-c", FILLING, sqlite_url], cwd=HOUSE, check=True, timeout=30)


def test_a_read_only_file_refuses_and_recovers(open_storage: Open) -> None:
    """A volume that came back read-only: everybody may look, nobody is told a lie."""
    folder = Path(tempfile.mkdtemp(prefix="tarp-ro-"))
    try:
        file = folder / "games.sqlite3"
        with mere_mortal(folder):
            storage = open_storage(f"sqlite:///{file}")
            storage.save(creation(created()))
            storage.load("K7QF2M")
            for path in folder.iterdir():
                path.chmod(0o444)
            storage._writer._engine.dispose()  # a connection that is open may write on
            with pytest.raises(StorageDown, match="readonly"):
                storage.save(change(created()))
            assert storage.load("K7QF2M") == created()
            for path in folder.iterdir():
                path.chmod(0o644)
            storage.save(change(created()))
            storage.close()
    finally:
        shutil.rmtree(folder)


@contextmanager
def mere_mortal(folder: Path) -> Iterator[None]:
    """Run as nobody, who owns the folder, where we are root: root may write anything."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_one_unreadable_row_stops_nothing_else(sqlite_url: str, open_storage: Open) -> None:
    """Rubbish, or a row of a newer version: refused by name, left as it is, the others load."""
    storage = open_storage(sqlite_url)
    for code in ("BBBBBB", "CCCCCC", "DDDDDD"):
        storage.save(creation(created(code, listed=True)))
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as foreign:
        foreign.execute("UPDATE games SET state = 'rubbish', next_due = 5 WHERE code = 'BBBBBB'")
        foreign.execute("""UPDATE games SET state = '{"format":2}' WHERE code = 'CCCCCC'""")
    foreign.close()
    with pytest.raises(UnreadableGame, match="not JSON"):
        storage.load("BBBBBB")
    with pytest.raises(UnreadableGame, match="newer version"):
        storage.load("CCCCCC")
    assert [game.code for game in storage.games_of(HOST, 9)] == ["DDDDDD"]
    assert [game.code for game in storage.open_games(9)] == ["DDDDDD"]
    assert storage.deadlines() == [("BBBBBB", 5)]
    assert storage.count_games() == 3
