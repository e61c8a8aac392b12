"""Games in SQLite or PostgreSQL: the storage of a house with one server process.

Writing and reading happen in threads beside the loop, so a slow disk or a locked file makes only
those wait who asked. Use one storage from one thread's greenlets; gevent's patches are not needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from gevent.threadpool import ThreadPool
from sqlalchemy import Connection, delete, insert, text, update

from app.game.entry import Entry
from app.game.game import Game
from app.storage import counts, reading, sql_moving, sweeping
from app.storage.codec import decode_game
from app.storage.contract import Feedback, Save, StorageDown, Token, UnreadableGame
from app.storage.engine import (
    READERS,
    address,
    faults_as_storage_down,
    open_reader,
    open_writer,
)
from app.storage.migrations import migrate
from app.storage.models import AliveRow, FeedbackRow, MembershipRow, table_of
from app.storage.moving import Stored
from app.storage.saving import prepare
from app.storage.writer import Writer

T = TypeVar("T")

#: How long the answer of ``is_well`` holds, so that nobody can wear out the disk by asking.
WELL_S = 1.0
FEEDBACK_LENGTH = 1000
#: An answer of ``is_well`` that no longer holds.
_UNKNOWN = (float("-inf"), False)

_MEMBERS, _FEEDBACK = table_of(MembershipRow), table_of(FeedbackRow)
_ALIVE = table_of(AliveRow)


class SqlStorage:
    """Fulfils ``contract.Storage``; the contract says what each method promises.

    Opening brings the schema up to date. ValueError for an address that is none, StorageDown when
    nothing answers there, NewerSchema when a newer version wrote it.
    """

    def __init__(self, database_url: str) -> None:
        url = address(database_url)
        engine = open_writer(url)
        try:
            with faults_as_storage_down():
                migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        self._writer = Writer(engine)
        self._reader = open_reader(url)
        self._threads = ThreadPool(READERS)
        self._closed = False
        self._well: tuple[float, bool] = _UNKNOWN

    def save(self, save: Save) -> None:  # noqa: D102 - the contract says it, here and below
        began_s = time.perf_counter()
        try:
            self._writer.save(prepare(save))
        except StorageDown:
            counts.ERRORS.inc()
            self._well = _UNKNOWN  # whoever asks now is not told what held a second ago
            raise
        counts.SAVE.observe(time.perf_counter() - began_s)

    def load(self, code: str) -> Game | None:  # noqa: D102
        text = self._read(partial(reading.state, code=code))
        return None if text is None else _decoded(text)

    def beginning(self, code: str) -> Game | None:  # noqa: D102
        text = self._read(partial(reading.beginning, code=code))
        return None if text is None else decode_game(text)

    def ledger(self, code: str) -> list[Entry]:  # noqa: D102
        return reading.decode_ledger(self._read(partial(reading.ledger, code=code)))

    def ledger_back(self, code: str, upto: int, limit: int) -> list[Entry]:  # noqa: D102
        read = partial(reading.ledger_back, code=code, upto=upto, limit=limit)
        return reading.decode_ledger(self._read(read))

    def deadlines(self) -> list[tuple[str, int]]:  # noqa: D102
        return self._read(reading.deadlines)

    def games_of(self, client: str, limit: int) -> list[Game]:  # noqa: D102
        rows = self._read(partial(reading.games_of, client=client, limit=limit))
        return reading.decode_list(rows)

    def open_games(self, limit: int) -> list[Game]:  # noqa: D102
        return reading.decode_list(self._read(partial(reading.open_games, limit=limit)))

    def newest_games(self, limit: int) -> list[Game]:  # noqa: D102
        return reading.decode_list(self._read(partial(reading.newest_games, limit=limit)))

    def figures(self) -> dict[str, int]:  # noqa: D102
        return self._read(reading.figures)

    def count_games(self) -> int:  # noqa: D102
        return self._read(reading.count_games)

    def count_active(self) -> int:  # noqa: D102
        return self._read(reading.count_active)

    def find_token(self, code: str, hash_: bytes) -> Token | None:  # noqa: D102
        return self._read(partial(reading.token, code=code, hash_=hash_))

    def say_alive(self, at: int) -> None:  # noqa: D102
        self._writer.run(partial(_touch, at=at))

    def last_alive(self) -> int | None:  # noqa: D102
        return self._read(reading.last_alive)

    def sweep(self, now: int) -> int:
        """Remove what is no longer kept (retention.py); how many games went, tombstones too."""
        gone = 0
        while batch := self._writer.run(partial(sweeping.remove_games, now=now)):
            gone += batch
        while self._writer.run(partial(sweeping.remove_ledgers, now=now)):
            pass
        return gone

    def forget(self, client: str) -> None:  # noqa: D102
        self._writer.run(partial(_forget, client=client))

    def add_feedback(self, at: int, text: str, client: str) -> None:
        """Keep what somebody wrote. ValueError unless it has 1 to 1000 characters, none zero."""
        if not 1 <= len(text) <= FEEDBACK_LENGTH or "\0" in text:
            raise ValueError("feedback has 1 to 1000 characters, none of them the zero character")
        kept = insert(_FEEDBACK).values(at=at, text=text, client=client)
        self._writer.run(lambda connection: connection.execute(kept).rowcount)

    def list_feedback(self) -> list[Feedback]:  # noqa: D102
        return self._read(reading.feedback)

    def delete_feedback(self, id_: int) -> bool:  # noqa: D102
        one = delete(_FEEDBACK).where(_FEEDBACK.c.id == id_)
        return self._writer.run(lambda connection: connection.execute(one).rowcount) > 0

    def is_well(self) -> bool:
        """Whether a write would succeed right now: one is tried, at most once a second."""
        asked, well = self._well
        if time.monotonic() - asked >= WELL_S:
            try:
                self._writer.run(partial(_touch, at=None))
                well = True
            except StorageDown:
                well = False
            self._well = (time.monotonic(), well)
        return well

    def codes(self) -> list[str]:  # noqa: D102 - moving.Movable says it, from here on
        return self._read(sql_moving.codes)

    def take_out(self, code: str) -> Stored | None:  # noqa: D102
        return self._read(partial(sql_moving.take_out, code=code))

    def put_in(self, stored: Stored) -> bool:  # noqa: D102
        rows = sql_moving.ledger_rows(stored.code, stored.ledger)
        return self._writer.run(partial(sql_moving.put_in, stored=stored, rows=rows))

    def take_away(self, code: str) -> None:  # noqa: D102
        self._writer.run(partial(sql_moving.take_away, code=code))

    def left_ledgers(self) -> Iterator[tuple[str, Sequence[str]]]:  # noqa: D102
        for code in self._read(sql_moving.left_codes):
            yield code, self._read(partial(sql_moving.texts, code=code))

    def keep_ledger(self, code: str, texts: Sequence[str]) -> None:  # noqa: D102
        rows = sql_moving.ledger_rows(code, texts)
        self._writer.run(partial(sql_moving.keep_ledger, rows=rows))

    def close(self) -> None:  # noqa: D102
        self._closed = True
        self._writer.close()
        self._threads.join()
        self._threads.kill()
        self._reader.dispose()

    def _read(self, question: Callable[[Connection], T]) -> T:
        if self._closed:
            raise StorageDown("the storage is closed")
        answer: T | Exception = self._threads.apply(self._ask, (question,))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ask(self, question: Callable[[Connection], T]) -> T | Exception:
        """In a thread: what it raised there would be printed besides."""
        try:
            with faults_as_storage_down(), self._reader.begin() as connection:
                return question(connection)
        except StorageDown as fault:
            self._reader.dispose()
            return fault
        except Exception as error:  # noqa: BLE001 - raised again where it was asked
            return error


def _decoded(text: str) -> Game:
    try:
        return decode_game(text)
    except UnreadableGame:
        counts.UNREADABLE.inc()
        raise


def _forget(connection: Connection, client: str) -> None:
    for table in (_MEMBERS, _FEEDBACK):
        connection.execute(delete(table).where(table.c.client == client))


def _touch(connection: Connection, at: int | None) -> None:
    """Write the one alive row: with an instant, or only for the sake of writing."""
    values = {"tries": _ALIVE.c.tries + 1} | ({} if at is None else {"at": at})
    if not connection.execute(update(_ALIVE).where(_ALIVE.c.id == 1).values(values)).rowcount:
        # Two processes that start at once both find no row; whose comes second has nothing to add.
        first = "INSERT INTO alive (id, at, tries) VALUES (1, :at, 1) ON CONFLICT (id) DO NOTHING"
        connection.execute(text(first), {"at": at})
