"""The one hand that writes: a thread beside the loop, which commits what waits as a group.

One fsync serves all who wait. While a group is being committed the next one gathers; when commits
follow each other closely it waits some milliseconds for more. In a quiet house nobody waits.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

import gevent
from gevent.event import AsyncResult
from gevent.threadpool import ThreadPool
from sqlalchemy import Connection, Engine

from app.storage.contract import StorageDown
from app.storage.engine import LOCK_WAIT_MS, faults_as_storage_down
from app.storage.saving import Prepared, write

T = TypeVar("T")

#: Saves of one transaction: more only make the first of them wait longer.
GROUP = 256
#: A save so soon after the last commit is one of many, and waits a moment for company: a commit
#: costs as much for eight as for one (PostgreSQL calls it commit_delay).
BUSY_S = 0.01
GATHER_S = 0.004


class Job(Protocol):
    """Something to do in a transaction of its own."""

    def __call__(self, connection: Connection, /) -> Any:
        """Do it; the result goes to who asked."""


class _Asked(NamedTuple):
    """What waits for its turn, for whom, and since when (monotonic seconds)."""

    work: Prepared | Job
    answer: AsyncResult
    since: float


class _NotBegun(StorageDown):
    """No transaction could begin; trying the others of the group would only make them wait."""


class Writer:
    """Takes saves and jobs from any greenlet of one loop; answers each when it is committed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPool(1)
        self._waiting: deque[_Asked] = deque()
        self._flusher: gevent.Greenlet | None = None
        self._committed_s = 0.0
        self._closed = False

    def save(self, save: Prepared) -> None:
        """Commit, together with whatever else waits. LostRace, CodeTaken, StorageDown."""
        self._ask(save)

    def run(self, job: Callable[[Connection], T]) -> T:
        """Commit what ``job`` does, alone. StorageDown."""
        result: T = self._ask(job)
        return result

    def close(self) -> None:
        """Commit what waits, then refuse."""
        self._closed = True
        if self._flusher:
            self._flusher.join()
        self._thread.kill()
        self._engine.dispose()

    def _ask(self, work: Prepared | Job) -> Any:
        if self._closed:
            raise StorageDown("the storage is closed")
        answer = AsyncResult()
        self._waiting.append(_Asked(work, answer, time.monotonic()))
        if not self._flusher:
            self._flusher = gevent.spawn(self._flush)
        return answer.get()

    def _flush(self) -> None:
        """Until nothing waits. Ends by itself; the next who asks starts the next one."""
        while self._waiting:
            if time.monotonic() - self._committed_s < BUSY_S and not self._closed:
                gevent.sleep(GATHER_S)
            batch = [self._waiting.popleft()]
            while isinstance(batch[0].work, Prepared) and self._joins(batch):
                batch.append(self._waiting.popleft())
            try:
                outcomes = self._thread.apply(self._commit, ([one.work for one in batch],))
            except BaseException:  # the process is ending: nobody may wait for ever
                self._answer(batch, [StorageDown("the writer was stopped") for _ in batch])
                raise
            self._committed_s = time.monotonic()
            self._answer(batch, outcomes)
            if isinstance(outcomes[-1], _NotBegun):
                self._give_up(str(outcomes[-1]))

    def _joins(self, batch: Sequence[_Asked]) -> bool:
        """Whether the next that waits can go into the same transaction."""
        return (
            bool(self._waiting)
            and len(batch) < GROUP
            and isinstance(self._waiting[0].work, Prepared)
        )

    def _give_up(self, reason: str) -> None:
        """Refuse who has waited long already: each further try may take as long again."""
        patient = time.monotonic() - LOCK_WAIT_MS / 2000
        while self._waiting and self._waiting[0].since < patient:
            self._waiting.popleft().answer.set_exception(StorageDown(reason))

    @staticmethod
    def _answer(batch: Sequence[_Asked], outcomes: Sequence[Any]) -> None:
        for one, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                one.answer.set_exception(outcome)
            else:
                one.answer.set(outcome)

    # From here on: in the thread.

    def _commit(self, work: Sequence[Prepared | Job]) -> list[Any]:
        """One outcome for each, an exception where it was refused. Raises nothing."""
        first = work[0]
        if not isinstance(first, Prepared):
            return [self._attempt(first)]
        group = [one for one in work if isinstance(one, Prepared)]
        outcome = self._attempt(partial(write, group=group))
        if isinstance(outcome, _NotBegun):
            return [_NotBegun(str(outcome)) for _ in group]
        if len(group) == 1 or outcome is None:
            return [outcome] * len(group)
        return self._singly(group)

    def _singly(self, group: Sequence[Prepared]) -> list[Any]:
        """Something in the group could not be written: find out what, and spare the others."""
        outcomes: list[Any] = []
        for one in group:
            if outcomes and isinstance(outcomes[-1], _NotBegun):
                outcomes.append(_NotBegun(str(outcomes[-1])))
            else:
                outcomes.append(self._attempt(partial(write, group=[one])))
        return outcomes

    def _attempt(self, job: Job) -> Any:
        """What the job returned once it is committed, or what stopped it, nothing being written."""
        begun = False
        try:
            with faults_as_storage_down(), self._engine.begin() as connection:
                begun = True
                return job(connection)
        except StorageDown as fault:
            # A file that was read-only, or a server that went away, needs a new connection.
            self._engine.dispose()
            return fault if begun else _NotBegun(str(fault))
        except Exception as error:  # noqa: BLE001 - it is raised again where the save was asked for
            return error
