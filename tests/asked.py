"""What a SQLite file is asked, as SQLite itself tells it: by whatever library it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement of every transaction that is begun meanwhile, its COMMIT included."""
    asked: list[str] = []
    files: list[Any] = []

    def watch(connection: Connection) -> None:
        files.append(connection.connection.dbapi_connection)
        files[-1].set_trace_callback(asked.append)

    event.listen(Engine, "begin", watch)
    try:
        yield asked
    finally:
        event.remove(Engine, "begin", watch)
        for file in files:
            file.set_trace_callback(None)
