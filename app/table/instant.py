"""The one clock of a process: epoch milliseconds that never jump.

The wall clock is read once; from then on a monotonic clock carries it, so a corrected system
time charges nobody. It is the one that counts through a suspend (Linux's plain monotonic clock
does not), for the hole it leaves between two alive lines is how a suspend is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Now = Callable[[], int]
"""The present instant, epoch milliseconds."""


def steady_now(at_least: int = 0) -> Now:
    """A clock that starts at the wall clock, but not before ``at_least``, and counts steadily."""
    # Where there is no such clock (not Linux), the plain one counts through a suspend by itself.
    which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    epoch_ns = max(time.time_ns(), at_least * 1_000_000)
    started_ns = time.clock_gettime_ns(which)

    def now() -> int:
        return (epoch_ns + time.clock_gettime_ns(which) - started_ns) // 1_000_000

    return now
