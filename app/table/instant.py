"""The one clock of a process: epoch milliseconds that never jump.

The wall clock is read once; from then on a monotonic clock carries it, so a corrected system
time charges nobody. It is the one that counts through a suspend (Linux's plain monotonic clock
does not), for the hole it leaves between two alive lines is how a suspend is noticed.

Where several machines serve the same games, the clock of what they share is the one all read:
its distance to the own one is measured, and measured again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import gevent
import structlog

from app.storage.contract import SharedStorage, StorageDown

log = structlog.get_logger(__name__)

Now = Callable[[], int]
"""The present instant, epoch milliseconds."""

MEASURED_EVERY_S = 15.0

LEAST_SURE_MS = 5.0
"""A measurement that may be wrong by more than this is not used, once there is a better one."""

# Where there is no such clock (not Linux), the plain one counts through a suspend by itself.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_now(at_least: int = 0) -> Now:
    """A clock that starts at the wall clock, but not before ``at_least``, and counts steadily."""
    epoch_ns = max(time.time_ns(), at_least * 1_000_000)
    started_ns = time.clock_gettime_ns(_CLOCK)

    def now() -> int:
        return (epoch_ns + time.clock_gettime_ns(_CLOCK) - started_ns) // 1_000_000

    return now


class SharedClock:
    """The clock of what all instances share. StorageDown when it cannot be read at first."""

    def __init__(self, storage: SharedStorage) -> None:
        self._storage = storage
        self._offset_ms = 0.0
        self._newest = 0
        self.measure(first=True)

    def __call__(self) -> int:
        """The present instant; never earlier than before."""
        at = int(_counted_ms() + self._offset_ms)
        # A correction may lead back by a few milliseconds: then time stands still for these.
        self._newest = max(self._newest, at)
        return self._newest

    def measure(self, *, first: bool = False) -> None:
        """Find the distance to the shared clock again. StorageDown only at the ``first`` time."""
        try:
            found = self._storage.measure_offset(_counted_ms)
        except StorageDown:
            if first:
                raise
            return
        if first or found.uncertainty_ms <= LEAST_SURE_MS:
            moved_ms = found.offset_ms - self._offset_ms
            self._offset_ms = found.offset_ms
            if not first and abs(moved_ms) > LEAST_SURE_MS:
                log.warning("the shared clock moved", by_ms=round(moved_ms, 1))

    def keep_measuring(self) -> None:
        """Again and again; background work."""
        while True:
            gevent.sleep(MEASURED_EVERY_S)
            self.measure()


def _counted_ms() -> float:
    return time.clock_gettime_ns(_CLOCK) / 1_000_000
