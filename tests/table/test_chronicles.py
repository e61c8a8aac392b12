"""Ledgers that many look at: each entry is folded once, and nobody's tap waits for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gevent
import pytest
from sqlalchemy import create_engine, text

from app.game.entry import Entry
from app.game.refusals import Kind, Refusal
from app.storage.contract import CREATE, Save
from app.storage.sql import SqlStorage
from app.table.chronicles import KEPT, Chronicles
from tests.game.cast import CODE, Sitting
from tests.game.played import evening


class Counted(SqlStorage):
    """Counts the entries that were read."""

    read = 0

    def ledger_back(self, code: str, upto: int, limit: int) -> list[Entry]:
        """As ever, and counted."""
        entries = super().ledger_back(code, upto, limit)
        self.read += len(entries)
        return entries


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Counted]:
    """A real database of this test's own."""
    storage = Counted(f"sqlite:///{tmp_path / 'tarp.sqlite3'}")
    yield storage
    storage.close()


def store(storage: SqlStorage, table: Sitting, upto: int, code: str = CODE) -> None:
    """The first entries of a table, which is new."""
    storage.save(Save(replace(table.beginning, code=code), CREATE, (), None))
    more(storage, table, 0, upto, code)


def more(storage: SqlStorage, table: Sitting, since: int, upto: int, code: str = CODE) -> None:
    """Entries that came later."""
    game = replace(table.game, code=code, version=upto)
    storage.save(Save(game, since, tuple(table.entries[since:upto]), None))


def test_an_entry_is_read_once(storage: Counted) -> None:
    """A link that goes round the whole club costs one reading, a new entry one more."""
    table = evening(1, 500)
    chronicles = Chronicles(storage)
    store(storage, table, 90)
    assert chronicles.take(CODE).game.version == 90
    first = storage.read
    assert chronicles.take(CODE) is chronicles.take(CODE)
    assert storage.read - first == 2  # only what is newest was asked for
    more(storage, table, 90, 95)
    assert chronicles.take(CODE).game.version == 95
    assert storage.read - first == 2 + 1 + 5


def test_many_at_once_fold_it_together(storage: Counted) -> None:
    """Eight phones open the result at the same moment."""
    table = evening(2, 2000, may_end=False)
    store(storage, table, len(table.entries))
    chronicles = Chronicles(storage)
    asked = [gevent.spawn(chronicles.take, CODE) for _ in range(8)]
    gevent.joinall(asked, raise_error=True)
    assert len({id(one.value) for one in asked}) == 1
    assert replace(asked[0].value.game, code=table.game.code) == table.game
    assert storage.read <= len(table.entries) + 8


def test_others_get_their_turn(storage: Counted) -> None:
    """While a long evening is read, taps at every other table go on."""
    table = evening(2, 2000, may_end=False)
    store(storage, table, len(table.entries))
    turns = 0

    def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            gevent.sleep(0)

    tapping = gevent.spawn(others)
    Chronicles(storage).take(CODE)
    tapping.kill()
    assert turns >= len(table.entries) // 100


def test_a_code_that_was_dealt_again(storage: Counted) -> None:
    """Next month's game is not told with last month's names."""
    table = evening(1, 200)
    store(storage, table, 60)
    chronicles = Chronicles(storage)
    chronicles.take(CODE)
    younger = evening(3, 200)
    beginning = replace(younger.beginning, created_at=younger.beginning.created_at + 1)
    other = SqlStorage("sqlite://" + str(storage._reader.url).partition("://")[2] + ".next")
    other.save(Save(beginning, CREATE, (), None))
    other.save(Save(replace(younger.game, version=40), 0, tuple(younger.entries[:40]), None))
    chronicles._storage = other
    assert chronicles.take(CODE).beginning == beginning
    assert chronicles.take(CODE).game.version == 40
    other.close()


def test_only_so_many_are_kept(storage: Counted) -> None:
    """Somebody who asks for every table's ledger may not fill the memory."""
    table = evening(1, 60)
    chronicles = Chronicles(storage)
    for number in range(KEPT + 2):
        high, low = divmod(number, 20)
        code = f"2222{'BCDF'[high]}{'BCDFGHJKLMNPQRSTVWXZ'[low]}"
        store(storage, table, 5, code)
        chronicles.take(code)
    assert len(chronicles._kept) == KEPT


def test_what_cannot_be_read_is_said(storage: Counted) -> None:
    """No such code, no such game, a broken row: each in words."""
    chronicles = Chronicles(storage)
    for code in ("ZZZZZZ", "nonsense", ""):
        with pytest.raises(Refusal) as refused:
            chronicles.take(code)
        assert refused.value.kind is Kind.NOT_FOUND
    table = evening(1, 100)
    store(storage, table, 30)
    engine = create_engine(storage._reader.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ledger SET entry = '{' WHERE seq = 7"))
    engine.dispose()
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            chronicles.take(CODE)
        assert refused.value.code == "unreadable"
