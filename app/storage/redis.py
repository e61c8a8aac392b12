"""Games in Redis: the storage of a house with several processes or machines.

Everything a process needs to serve a game is here, so that any of them may. What is kept beyond a
game (ledgers of finished ones, feedback) is in the SQL storage beside it.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence

from app.game.entry import Entry
from app.game.game import Game
from app.storage import (
    counts,
    redis_alive,
    redis_copying,
    redis_elsewhere,
    redis_moving,
    redis_reading,
    redis_saving,
    redis_sweeping,
)
from app.storage.codec import decode_game
from app.storage.contract import HOLE_MS, Feedback, Offset, Save, StorageDown, Token
from app.storage.moving import Stored
from app.storage.reading import decode_ledger
from app.storage.redis_facts import Change
from app.storage.redis_index import Index
from app.storage.redis_keys import ACTIVE, STATUSES, game_key
from app.storage.redis_line import Line, monotonic_ms
from app.storage.sql import WELL_S, SqlStorage


class RedisStorage:
    """Fulfils ``contract.Storage``; the contract says what each method promises.

    ``worker`` names this process' alive line. ValueError for an address that is none, StorageDown
    when nothing answers there. Closes the SQL storage with itself.
    """

    def __init__(self, url: str, sql: SqlStorage, worker: str | None = None) -> None:
        self.worker = worker or worker_name(socket.gethostname())
        self._sql = sql
        self._line = Line(url)
        self._index = Index(self._line)
        self._well: tuple[float, str | None] = (float("-inf"), None)
        self._alive = redis_alive.Alive(0, 0)
        self._line.measure_offset()

    def save(self, save: Save) -> None:  # noqa: D102 - the contract says it, here and below
        sheet = redis_saving.sheet_of(save)
        began_s = time.perf_counter()
        try:
            change = redis_saving.write(self._line, sheet)
        except StorageDown:
            counts.ERRORS.inc()
            self._well = (float("-inf"), None)  # what held a second ago holds no longer
            raise
        counts.SAVE.observe(time.perf_counter() - began_s)
        self._index.note(sheet.code, change)
        if sheet.joined or sheet.left:
            # Whoever sits down is led on at once, perhaps by another process, to "my games".
            self._index.settle()

    def load(self, code: str) -> Game | None:  # noqa: D102
        game = redis_reading.load(self._line, code)
        if game is not None:
            self._index.look_over(code)
        return game

    def version(self, code: str) -> int | None:
        """The number of the newest stored state: whether a game in memory still is that."""
        number = self._line.ask(lambda redis: redis.hget(game_key(code), "version"))
        return None if number is None else int(number)

    def beginning(self, code: str) -> Game | None:  # noqa: D102
        texts = redis_reading.ledger_texts(self._line, code, 0, 0)
        return decode_game(texts[0]) if texts else self._sql.beginning(code)

    def ledger(self, code: str) -> list[Entry]:  # noqa: D102
        texts = redis_reading.ledger_texts(self._line, code)
        return decode_ledger(texts[1:]) if texts else self._sql.ledger(code)

    def ledger_back(self, code: str, upto: int, limit: int) -> list[Entry]:  # noqa: D102
        texts = redis_reading.ledger_back(self._line, code, upto, limit)
        return self._sql.ledger_back(code, upto, limit) if texts is None else decode_ledger(texts)

    def deadlines(self) -> list[tuple[str, int]]:  # noqa: D102
        self._index.settle()
        return redis_reading.deadlines(self._line)

    def games_of(self, client: str, limit: int) -> list[Game]:  # noqa: D102
        self._index.settle()
        return redis_reading.games_of(self._line, self._index, client, limit)

    def open_games(self, limit: int) -> list[Game]:  # noqa: D102
        self._index.settle()
        return redis_reading.open_games(self._line, self._index, limit)

    def newest_games(self, limit: int) -> list[Game]:  # noqa: D102
        self._index.settle()
        return redis_reading.newest_games(self._line, self._index, limit)

    def figures(self) -> dict[str, int]:
        """Games by status, ledgers still to be copied, and what the SQL storage keeps."""
        found = self._count(STATUSES)
        figures = {f"{status} games": number for status, number in found.items()}
        figures["ledgers to be copied"] = redis_copying.count_noted(self._line)
        kept = self._sql.figures()
        return figures | {
            "ledger entries copied": kept["ledger entries"],
            "feedbacks": kept["feedbacks"],
        }

    def count_games(self) -> int:  # noqa: D102
        return sum(self._count((*ACTIVE, "finished")).values())

    def count_active(self) -> int:  # noqa: D102
        return sum(self._count(ACTIVE).values())

    def find_token(self, code: str, hash_: bytes) -> Token | None:  # noqa: D102
        return redis_reading.find_token(self._line, code, hash_)

    def say_alive(self, at: int) -> None:
        """Write this worker's alive line; lists that could not be written are tried again."""
        since = self._alive.since if at - self._alive.at <= HOLE_MS else at
        alive = redis_alive.Alive(at, since)
        redis_alive.say(self._line, self.worker, alive)
        self._alive = alive
        self._line.patience_ends_ms()  # so that no tap has to wait for a measuring
        self._index.resume()

    def last_alive(self) -> int | None:
        """The instant of the newest alive line of all workers."""
        return redis_alive.newest(self._line)

    def others_alive(self, within_ms: int, awake_for_ms: int = 0) -> int:
        """How many other workers wrote their alive line within so many ms before now.

        And have done so for ``awake_for_ms`` without a hole.
        """
        return redis_alive.others(self._line, self.worker, within_ms, awake_for_ms)

    def sweep(self, now: int) -> int:
        """Remove what is no longer kept; how many games. Puts all lists right and copies ledgers.

        Several workers may do so at once.
        """
        gone = redis_sweeping.repair(self._line, self._index)
        gone += redis_sweeping.remove_games(self._line, now)
        redis_sweeping.remove_ledgers(self._line, now)
        self.copy_finished()
        return gone + self._sql.sweep(now)

    def copy_finished(self) -> int:
        """Copy the ledgers of finished games to SQL; how many. May be repeated and interrupted."""
        self._index.settle()
        return redis_copying.copy_finished(self._line, self._sql)

    def forget(self, client: str) -> None:  # noqa: D102
        self._index.settle()
        redis_reading.forget(self._line, client)
        self._sql.forget(client)

    def add_feedback(self, at: int, text: str, client: str) -> None:  # noqa: D102
        self._sql.add_feedback(at, text, client)

    def list_feedback(self) -> list[Feedback]:  # noqa: D102
        return self._sql.list_feedback()

    def delete_feedback(self, id_: int) -> bool:  # noqa: D102
        return self._sql.delete_feedback(id_)

    def is_well(self) -> bool:
        """Whether a write would succeed and be kept: tried at most once a second."""
        return self.complaint() is None

    def complaint(self) -> str | None:
        """What is wrong, as a sentence for the operator; None when it is well."""
        asked, found = self._well
        if time.monotonic() - asked >= WELL_S:
            found = self._line.complaint()
            self._well = (time.monotonic(), found)
        return found

    def instances(self, within_ms: int) -> set[str]:  # noqa: D102
        return redis_alive.instances(self._line, within_ms)

    def due(self, upto: int, limit: int) -> list[tuple[str, int]]:  # noqa: D102
        return redis_elsewhere.due(self._line, upto, limit)

    def postpone(self, code: str, version: int, due: int | None) -> None:  # noqa: D102
        if not redis_elsewhere.postpone(self._line, code, version, due):
            self._index.note(code, Change.unsure())

    def say_here(self, code: str, told: str) -> None:  # noqa: D102
        redis_elsewhere.say_here(self._line, self.worker, code, told)

    def here(self, code: str) -> list[str]:  # noqa: D102
        return redis_elsewhere.here(self._line, self.worker, code)

    def latency_ms(self) -> float:
        """How long Redis took for the newest answer."""
        return self._line.latency_ms

    def now_ms(self) -> int:
        """Redis' clock, ms since 1970: one for all instances."""
        return self._line.now_ms()

    def measure_offset(self, counted_ms: Callable[[], float] = monotonic_ms) -> Offset:
        """Redis' clock minus one that counts here, and how sure that is, both in ms."""
        return self._line.measure_offset(counted_ms)

    def codes(self) -> list[str]:  # noqa: D102 - moving.Movable says it, from here on
        return redis_moving.codes(self._line)

    def take_out(self, code: str) -> Stored | None:  # noqa: D102
        return redis_moving.take_out(self._line, code)

    def put_in(self, stored: Stored) -> bool:  # noqa: D102
        return redis_moving.put_in(self._line, self._index, stored)

    def take_away(self, code: str) -> None:  # noqa: D102
        self._index.settle()
        redis_moving.take_away(self._line, code)

    def left_ledgers(self) -> Iterator[tuple[str, Sequence[str]]]:  # noqa: D102
        self.copy_finished()
        yield from self._sql.left_ledgers()

    def keep_ledger(self, code: str, texts: Sequence[str]) -> None:  # noqa: D102
        self._sql.keep_ledger(code, texts)
        redis_copying.remember(self._line, code, len(texts) - 1)

    def close(self) -> None:  # noqa: D102
        self._index.settle()
        self._line.close()
        self._sql.close()

    def _count(self, statuses: tuple[str, ...]) -> dict[str, int]:
        self._index.settle()
        return redis_reading.count(self._line, statuses)


def worker_name(instance: str) -> str:
    """A name for this process' alive line; it begins with its instance's."""
    return f"{instance}:{os.getpid()}:{secrets.token_hex(4)}"
