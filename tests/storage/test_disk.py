"""A disk that is full, read-only or spoilt: refused in words, nothing lost, well again after."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import HOUSE
from app.storage.contract import StorageDown, UnreadableGame
from app.storage.sql import SqlStorage
from tests.storage.games import HOST, change, created, creation

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
