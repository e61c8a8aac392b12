"""The schema grows by numbered steps, once each, all or none, whoever starts first."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, inspect, text

from app.settings import HOUSE
from app.storage.engine import address, open_writer
from app.storage.migrations import STEPS, NewerSchema, migrate
from app.storage.models import Table
from app.storage.sql import SqlStorage
from tests.storage.games import created, creation

Open = Callable[[str], SqlStorage]

# Four processes that open the same database in the same instant; ends well when all four did.
OPENING = """
import os, sys, time
from app.storage.sql import SqlStorage
start = time.monotonic() + 0.1
starting = []
for _ in range(4):
    starting.append(os.fork())
    if not starting[-1]:
        time.sleep(max(0, start - time.monotonic()))
        storage = SqlStorage(sys.argv[1])
        storage.say_alive(1)
        storage.close()
        os._exit(0)
sys.exit(any(os.waitpid(process, 0)[1] for process in starting))
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A writer's engine over an empty database."""
    engine = open_writer(address(database_url))
    yield engine
    engine.dispose()


def add_column(connection: Connection) -> None:
    """A step as the next version might bring it."""
    connection.execute(text("ALTER TABLE games ADD COLUMN tournament VARCHAR"))


def fail(connection: Connection) -> None:
    """A step that fails half way."""
    connection.execute(text("CREATE TABLE half (id INTEGER)"))
    raise RuntimeError("half way")


def columns(engine: Engine) -> set[str]:
    """The names of the columns of games."""
    return {column["name"] for column in inspect(engine).get_columns("games")}


def test_a_new_database_gets_all_tables(engine: Engine) -> None:
    """Once: a second start finds nothing to do."""
    assert migrate(engine) == 0
    assert set(inspect(engine).get_table_names()) == set(Table.metadata.tables)
    assert migrate(engine) == len(STEPS)


def test_an_older_database_takes_the_steps_it_lacks(
    database_url: str, engine: Engine, open_storage: Open
) -> None:
    """Its games stay."""
    storage = open_storage(database_url)
    storage.save(creation(created()))
    assert migrate(engine, (*STEPS, add_column)) == len(STEPS)
    assert migrate(engine, (*STEPS, add_column)) == len(STEPS) + 1
    assert "tournament" in columns(engine)
    assert storage.load("K7QF2M") == created()


def test_the_first_released_database_takes_every_step(
    database_url: str, engine: Engine, open_storage: Open
) -> None:
    """What somebody wrote before clients were kept stays, and belongs to nobody."""
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_feedback_client"))
        connection.execute(text("ALTER TABLE feedback DROP COLUMN client"))
        connection.execute(text("INSERT INTO feedback (at, text) VALUES (1, 'old')"))
        connection.execute(text("UPDATE schema_version SET number = 1"))
    storage = open_storage(database_url)
    storage.add_feedback(2, "new", "somebody")
    storage.forget("somebody")
    assert [one.text for one in storage.list_feedback()] == ["old"]


def test_a_failing_step_leaves_the_database_as_it_was(engine: Engine) -> None:
    """The older version can be started again."""
    migrate(engine)
    with pytest.raises(RuntimeError, match="half way"):
        migrate(engine, (*STEPS, add_column, fail))
    assert "tournament" not in columns(engine)
    assert not inspect(engine).has_table("half")
    assert migrate(engine) == len(STEPS)


def test_a_newer_database_is_refused_in_words(
    database_url: str, engine: Engine, open_storage: Open
) -> None:
    """An old version must not write into tables it does not understand."""
    migrate(engine, (*STEPS, add_column))
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET number = 7"))
    with pytest.raises(NewerSchema, match=r"has schema 7; this version knows up to 2\."):
        open_storage(database_url)


def test_processes_that_start_at_once_take_turns(database_url: str) -> None:
    """A new machine with four workers and an empty disk."""
    subprocess.run([sys.executable, "-c", OPENING, database_url], cwd=HOUSE, check=True, timeout=30)
