"""A consistent copy of a SQLite database while it is written to, and a copy put back.

A PostgreSQL server has its own tools for both (pg_dump, pg_restore); here it is refused in words.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from app.storage.migrations import STEPS

PAGES_AT_ONCE = 256
"""Copied between two looks at the lock: a writer waits for a few milliseconds at most."""


class NoBackupError(Exception):
    """Why a copy cannot be made or put back, as a sentence."""


def file_of(url: URL) -> Path:
    """The database file behind an address. NoBackupError for a server."""
    if url.get_backend_name() != "sqlite" or not url.database:
        raise NoBackupError("Games are in PostgreSQL: use pg_dump and pg_restore.")
    return Path(url.database)


def copy_to(url: URL, target: Path) -> int:
    """Copy the whole database, as it is at one instant, to a new file; its size in bytes.

    NoBackupError when the target exists, is not writable, or the copy is not sound.
    """
    source = file_of(url)
    if target.exists():
        raise NoBackupError(f"{target} exists already.")
    half = target.with_name(f"{target.name}.half")
    try:
        half.unlink(missing_ok=True)
        with closing(_open(source)) as games, closing(sqlite3.connect(half)) as copy:
            games.backup(copy, pages=PAGES_AT_ONCE)
            # One file, complete in itself: no journal beside it that could get lost.
            copy.execute("PRAGMA journal_mode=DELETE")
        check(half)
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.rename(target)
    except (OSError, sqlite3.Error) as fault:
        raise NoBackupError(f"The copy could not be made: {fault}.") from fault
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def put_back(url: URL, source: Path) -> Path | None:
    """Put a copy in the database's place; where the former database lies now, if there was one.

    NoBackupError when the copy is none of ours, broken, or of a newer version. Nobody may be
    using the database: the caller sees to that.
    """
    place = file_of(url)
    check(source)
    half = place.with_name(f"{place.name}.restored")
    try:
        shutil.copyfile(source, half)
        former = None
        if place.exists():
            former = _free_name(place)
            with closing(_open(place)) as games:
                games.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            place.rename(former)
        for beside in ("-wal", "-shm"):
            place.with_name(place.name + beside).unlink(missing_ok=True)
        half.rename(place)
    except (OSError, sqlite3.Error) as fault:
        raise NoBackupError(f"The copy could not be put back: {fault}.") from fault
    return former


def check(file: Path) -> None:
    """NoBackupError unless the file is a sound database of this version or an older one."""
    if not file.is_file():
        raise NoBackupError(f"{file} is not there.")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
            (number,) = copy.execute("SELECT number FROM schema_version").fetchone()
    except (sqlite3.Error, TypeError) as fault:
        raise NoBackupError(f"{file} is no database of ours: {fault}.") from fault
    if verdict != "ok":
        raise NoBackupError(f"{file} is broken: {verdict}.")
    if number > len(STEPS):
        raise NoBackupError(f"{file} was written by a newer version (schema {number}).")


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=rw", uri=True)


def _free_name(place: Path) -> Path:
    number = 1
    while (name := place.with_name(f"{place.name}.before-restore-{number}")).exists():
        number += 1
    return name
