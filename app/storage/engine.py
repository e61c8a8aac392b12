"""Connections: one for writing, two for reading, told not to wait longer than a player would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.storage.contract import StorageDown

#: A save gives up on a lock somebody else holds after this long.
LOCK_WAIT_MS = 1000
#: No statement may hang longer (PostgreSQL; a file answers or fails by itself).
STATEMENT_MS = 3000
READERS = 2

_SQLITE = {
    # Before all others: switching to WAL may itself have to wait for another process.
    "busy_timeout": LOCK_WAIT_MS,
    "journal_mode": "WAL",
    # An acknowledged tap survives the power cut, too. Group commit pays for it.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "journal_size_limit": 64 * 1024 * 1024,
}
_POSTGRESQL = {
    "connect_timeout": 2,
    "tcp_user_timeout": STATEMENT_MS,
    "options": f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={STATEMENT_MS}",
}
#: Faults of what was asked, not of the storage: they stay as loud as they are.
_OURS = (ProgrammingError, IntegrityError, DataError, NotSupportedError)


def address(database_url: str) -> URL:
    """The checked URL of a SQLite file or a PostgreSQL database; ValueError for any other."""
    url = make_url(database_url)
    if url.drivername == "postgres":  # what hosting providers hand out
        url = url.set(drivername="postgresql")
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"DATABASE_URL: {backend} is neither sqlite nor postgresql")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("DATABASE_URL: games need a file; a database in memory keeps nothing")
    return url


def open_writer(url: URL) -> Engine:
    """One connection, whose transactions take SQLite's write lock as they begin.

    A lock taken later fails at once, without waiting, when somebody wrote in between.
    """
    return _open(url, 1, "BEGIN IMMEDIATE")


def open_reader(url: URL) -> Engine:
    """Two connections that never wait for a writer."""
    return _open(url, READERS, "BEGIN")


def _open(url: URL, connections: int, begin: str) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    try:
        engine = create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=2,
            # A server that was restarted leaves dead connections; a file does not.
            pool_pre_ping=not sqlite,
            connect_args={"timeout": LOCK_WAIT_MS / 1000} if sqlite else _POSTGRESQL,
        )
    except ModuleNotFoundError as missing:
        raise ValueError("DATABASE_URL: PostgreSQL needs the package psycopg[binary]") from missing
    if sqlite:

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            # The driver's own idea of when a transaction begins is switched off.
            connection.isolation_level = None
            for name, value in _SQLITE.items():
                connection.execute(f"PRAGMA {name}={value}")

        @event.listens_for(engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return engine


@contextmanager
def faults_as_storage_down() -> Iterator[None]:
    """Turn what goes wrong outside this program into StorageDown; our own mistakes stay loud."""
    try:
        yield
    except _OURS:
        raise
    except (DBAPIError, PoolTimeout) as error:
        raise StorageDown(reason_of(error)) from error


def reason_of(error: BaseException) -> str:
    """The driver's own words in one line, without the statement and its values."""
    first = str(getattr(error, "orig", None) or error).strip().splitlines()
    return first[0] if first else type(error).__name__
