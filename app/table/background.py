"""Greenlets that must never stop: one that dies is reported and started again."""

from __future__ import annotations

from collections.abc import Callable

import gevent
import structlog

log = structlog.get_logger(__name__)

PAUSE_AFTER_FAILURE_S = 1.0


class Background:
    """The process' background work; ``all_well`` is what /ready asks."""

    def __init__(self) -> None:
        self._greenlets: dict[str, gevent.Greenlet] = {}
        self._failing: set[str] = set()

    def keep(self, name: str, work: Callable[[], None]) -> None:
        """Run ``work`` for as long as the process lives."""
        self._greenlets[name] = gevent.spawn(self._forever, name, work)

    def all_well(self) -> bool:
        """Whether every piece of background work is running and did not just fail."""
        return not self._failing and not any(g.dead for g in self._greenlets.values())

    def stop(self) -> None:
        """End all of it (tests and shutdown)."""
        gevent.killall(list(self._greenlets.values()))
        self._greenlets.clear()

    def _forever(self, name: str, work: Callable[[], None]) -> None:
        while True:
            # Begun again is well again: some work never returns.
            self._failing.discard(name)
            try:
                work()
            except Exception:
                self._failing.add(name)
                log.exception("background work failed", work=name)
                gevent.sleep(PAUSE_AFTER_FAILURE_S)
