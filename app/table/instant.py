"""The one clock of a process: epoch milliseconds that never jump.

The wall clock is read once; from then on the monotonic clock carries it, so a corrected system
time charges nobody. A suspended machine is noticed by the alive line, not here.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Now = Callable[[], int]
"""The present instant, epoch milliseconds."""


def steady_now() -> Now:
    """A clock that starts at the wall clock and counts steadily from there."""
    epoch_ns = time.time_ns()
    started_ns = time.monotonic_ns()

    def now() -> int:
        return (epoch_ns + time.monotonic_ns() - started_ns) // 1_000_000

    return now
