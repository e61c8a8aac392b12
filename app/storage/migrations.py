"""Numbered schema migrations, applied at start, all in one transaction or none.

A new database is created as the models say and stamped with the newest number; an older one takes
the steps it lacks. A step is never changed once it was released.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import OperationalError

from app.storage.models import SchemaRow, Table, table_of

Step = Callable[[Connection], None]


_SCHEMA = table_of(SchemaRow)


class NewerSchema(Exception):  # noqa: N818 - a state of the world
    """The database was written by a newer version of this program."""


def create_all(connection: Connection) -> None:
    """Number 1: every table and index of the models."""
    Table.metadata.create_all(connection)


def name_feedback(connection: Connection) -> None:
    """Number 2: feedback knows its client, so that whoever asks to be forgotten is."""
    connection.execute(text("ALTER TABLE feedback ADD COLUMN client VARCHAR"))
    connection.execute(text("CREATE INDEX ix_feedback_client ON feedback (client)"))


#: Number n is the n-th; append only.
STEPS: tuple[Step, ...] = (create_all, name_feedback)

#: How long a start waits for another process that is starting on the same database.
START_WAIT_S = 15.0
#: Any number, but always the same one: it names this program's lock on a PostgreSQL server.
_LOCK = 0x7A9_7A29


def migrate(engine: Engine, steps: Sequence[Step] = STEPS) -> int:
    """Bring the database up to date; the number it had before (0 = it was empty).

    Two processes that start at once take turns; the second finds nothing left to do. NewerSchema
    when the database's number is higher than this program knows.
    """
    deadline = time.monotonic() + START_WAIT_S
    while True:
        try:
            with engine.begin() as connection:
                return _migrate(connection, steps)
        except OperationalError as error:
            # Two that switch a new file to WAL at once do not wait for each other by themselves.
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _migrate(connection: Connection, steps: Sequence[Step]) -> int:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    Table.metadata.create_all(connection, tables=[_SCHEMA])
    number: int | None = connection.scalar(select(_SCHEMA.c.number))
    if number is None:
        create_all(connection)
        connection.execute(insert(_SCHEMA).values(id=1, number=len(steps)))
        return 0
    if number > len(steps):
        raise NewerSchema(
            f"the database has schema {number}; this version knows up to {len(steps)}."
            " Start the newer version, or use another database"
        )
    for step in steps[number:]:
        step(connection)
    connection.execute(update(_SCHEMA).values(number=len(steps)))
    return number
