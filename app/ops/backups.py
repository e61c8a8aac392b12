"""A copy of the games every day, the newest few kept: for the morning after a bad night."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import gevent
import structlog
from gevent.threadpool import ThreadPool
from sqlalchemy.engine import URL

from app.storage import backup

log = structlog.get_logger(__name__)

FOLDER = "backups"
DAILY = re.compile(r"games-\d{4}-\d{2}-\d{2}\.sqlite3")
LOOK_EVERY_S = 600.0


class DailyBackups:
    """Copies in a folder beside the database, named by their day (UTC)."""

    def __init__(self, url: URL, kept: int) -> None:
        self._url = url
        self._kept = kept
        self.folder = backup.file_of(url).parent / FOLDER
        self._thread = ThreadPool(1)

    def run(self) -> None:
        """See to it, again and again; background work."""
        while True:
            self.see_to(datetime.now(UTC))
            gevent.sleep(LOOK_EVERY_S)

    def see_to(self, now: datetime) -> None:
        """Make today's copy if there is none yet, and remove the oldest beyond what is kept."""
        target = self.folder / f"games-{now:%Y-%m-%d}.sqlite3"
        if target.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            size: int = self._thread.apply(backup.copy_to, (self._url, target))
        except backup.NoBackupError as fault:
            log.error("the daily backup failed", why=str(fault))  # noqa: TRY400 - the sentence says it all
            return
        log.info("backed up", file=target.name, bytes=size)
        for old in self.copies()[: -self._kept]:
            old.unlink(missing_ok=True)

    def copies(self) -> list[Path]:
        """The daily copies, oldest first; nobody else's files."""
        return sorted(file for file in self.folder.glob("*") if DAILY.fullmatch(file.name))
