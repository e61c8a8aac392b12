"""When Python may look for cyclic garbage: when nobody is pressing.

A full collection walks every long-lived object, and with four thousand listening phones stops the
whole process for a quarter of a second. Even a young one walks all that a thousand tables hold from
one tap to the next, for 60 ms. By default both come at any moment. So what exists after the start
is frozen out of sight for good, and a greenlet collects in quiet moments. A tap leaves nothing in
cycles (app/web/routes.py), a page about a thousand objects; only when these have become many is
there a young collection without waiting for quiet.
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
# So many more objects than at the last collection make a full one worthwhile.
ENOUGH_OBJECTS = 10_000
# So many more are looked through at once: the garbage of 350 pages, some 50 MB.
MOST_OBJECTS = 400_000
NEVER = 1_000_000_000


class Garbage:
    """Decides when all generations are collected, in one worker."""

    def __init__(self) -> None:
        self.busy_at = self.collected_at = time.monotonic()
        #: When somebody tapped last; taps over a socket are no requests.
        self.tapped_at: Callable[[], float] = lambda: 0.0

    def touch(self) -> None:
        """A request began or ended."""
        self.busy_at = time.monotonic()

    def is_due(self, at: float, objects: int) -> bool:
        """Whether to collect at this instant (seconds on the monotonic clock).

        ``objects``: how many more there are than after the last collection.
        """
        if objects < ENOUGH_OBJECTS:
            return False
        is_quiet = at - max(self.busy_at, self.tapped_at()) >= QUIET_SECONDS
        return is_quiet or at - self.collected_at >= LONGEST_SECONDS

    def start(self) -> None:
        """Freeze what the start made, and look once a second from now on."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(MOST_OBJECTS, NEVER, NEVER)
        gevent.spawn(self._watch)

    def _watch(self) -> None:
        while True:
            gevent.sleep(QUIET_SECONDS)
            at = time.monotonic()
            objects, young_collections, _ = gc.get_count()
            if self.is_due(at, objects + young_collections * MOST_OBJECTS):
                found = gc.collect()
                self.collected_at = time.monotonic()
                took_ms = round((self.collected_at - at) * 1000, 1)
                log.debug("garbage collected", found=found, took_ms=took_ms)
