"""When Python may look for cyclic garbage among old objects: when nobody is pressing.

A collection of the oldest generation walks every long-lived object. With four thousand listening
phones that stops the whole process for a quarter of a second, and by default it comes at any
moment. So what exists after the start is frozen out of sight for good, the oldest generation is
taken off the automatic schedule, and a greenlet collects it in a quiet moment. The young
generations stay automatic: they take well under a millisecond.
"""

import gc
import time
from collections.abc import Callable
from typing import Any

import gevent
import structlog

log: Any = structlog.get_logger(__name__)

# Quiet means that no request was at work, and nobody tapped, for so long.
QUIET_SECONDS = 1.0
# A server that is never quiet must not grow for ever either: one pause in ten minutes.
LONGEST_SECONDS = 600.0
# Collections of the middle generation since the last full one that make it worthwhile.
ENOUGH_COLLECTIONS = 10
# Many short looks at young objects, rather than few long ones: ten thousand take 30 ms.
YOUNG_OBJECTS, YOUNG_COLLECTIONS = 1_000, 3
NEVER = 1_000_000_000


class Garbage:
    """Decides when the oldest generation is collected, in one worker."""

    def __init__(self) -> None:
        self.busy_at = self.collected_at = time.monotonic()
        #: When somebody tapped last; taps over a socket are no requests.
        self.tapped_at: Callable[[], float] = lambda: 0.0

    def touch(self) -> None:
        """A request began or ended."""
        self.busy_at = time.monotonic()

    def is_due(self, at: float, collections: int) -> bool:
        """Whether to collect at this instant (seconds on the monotonic clock)."""
        if collections < ENOUGH_COLLECTIONS:
            return False
        is_quiet = at - max(self.busy_at, self.tapped_at()) >= QUIET_SECONDS
        return is_quiet or at - self.collected_at >= LONGEST_SECONDS

    def start(self) -> None:
        """Freeze what the start made, and look once a second from now on."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS, YOUNG_COLLECTIONS, NEVER)
        gevent.spawn(self._watch)

    def _watch(self) -> None:
        while True:
            gevent.sleep(QUIET_SECONDS)
            at = time.monotonic()
            if self.is_due(at, gc.get_count()[2]):
                found = gc.collect()
                self.collected_at = time.monotonic()
                took_ms = round((self.collected_at - at) * 1000, 1)
                log.debug("old garbage collected", found=found, took_ms=took_ms)
