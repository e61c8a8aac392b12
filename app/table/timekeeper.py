"""The timekeeper: a heap of the instants at which something happens by itself.

No game has an interval of its own; a game in which nothing is due costs nothing. It acts a
little after an instant, with that instant, so that a tap which was at the door in time is judged
first (rules section 4, Order of things).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

import structlog
from gevent.event import Event
from gevent.pool import Pool

from app.table import counts
from app.table.instant import Now

log = structlog.get_logger(__name__)

LATENESS_MS = 150
"""How long after an instant the timekeeper acts."""

AT_ONCE = 64
"""Games whose deadlines are kept at the same time."""

RETRY_MS = 1000
"""When a game could not be settled (storage away), try again after this."""

Act = Callable[[str, int], None]
"""Called with a game's code and the instant up to which everything should have happened."""


class Timekeeper:
    """Knows for every game when to look at it next.

    A game has at most a few places in the heap: an instant that moves later (every tap moves it)
    is only noted, and the place is renewed when the old one comes up.
    """

    def __init__(self, now: Now, act: Act) -> None:
        self._now = now
        self._act = act
        self._heap: list[tuple[int, str]] = []
        #: When each game should be looked at, and its earliest place in the heap.
        self._wanted: dict[str, int] = {}
        self._placed: dict[str, int] = {}
        self._changed = Event()

    def schedule(self, code: str, instant: int | None) -> None:
        """Look at this game at ``instant`` (None: not again)."""
        if instant is None:
            self._wanted.pop(code, None)
            return
        self._wanted[code] = instant
        placed = self._placed.get(code)
        if placed is None or instant < placed:
            self._place(instant, code)

    def scheduled(self) -> int:
        """How many games have something coming."""
        return len(self._wanted)

    def run(self) -> None:
        """Wait for the next instant and act on what is due; called again and again."""
        wait_s = self._wait_s()
        if wait_s is None or wait_s > 0:
            self._changed.wait(wait_s)
            self._changed.clear()
        upto = self._now() - LATENESS_MS
        # Many at a time, or one slow game would make all others late, and each pay its own fsync.
        Pool(AT_ONCE).map(lambda due: self._keep(due[0], due[1], upto), self._take_due(upto))

    def _keep(self, instant: int, code: str, upto: int) -> None:
        late_ms = self._now() - LATENESS_MS - instant
        counts.TICK_LATENESS.observe(max(0, late_ms) / 1000)
        try:
            with counts.TICK.time():
                self._act(code, upto)
        except Exception:
            log.exception("a deadline could not be kept", game=code)
            self.schedule(code, self._now() + RETRY_MS)

    def _place(self, instant: int, code: str) -> None:
        self._placed[code] = instant
        heapq.heappush(self._heap, (instant, code))
        if self._heap[0] == (instant, code):
            self._changed.set()

    def _wait_s(self) -> float | None:
        if not self._heap:
            return None
        return max(0, self._heap[0][0] + LATENESS_MS - self._now()) / 1000

    def _take_due(self, upto: int) -> list[tuple[int, str]]:
        due: list[tuple[int, str]] = []
        while self._heap and self._heap[0][0] <= upto:
            instant, code = heapq.heappop(self._heap)
            if self._placed.get(code) != instant:
                continue
            del self._placed[code]
            wanted = self._wanted.get(code)
            if wanted is None:
                continue
            if wanted > upto:
                self._place(wanted, code)
            else:
                del self._wanted[code]
                due.append((wanted, code))
        return due
