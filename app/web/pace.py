"""How fast one browser may send commands: a token bucket for each client and road.

In memory, because a lookup must cost less than the tap it protects. It is about one browser's
pace, not about an address: forty tables behind one shop's router do not share it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Flask, current_app

from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.web import counts

BURST = 20
"""So many commands at once: a thumb on + and a few slips."""

PER_SECOND = 3
"""So many for as long as one likes."""

REMEMBERED = 10_000
"""Beyond so many buckets the full ones are forgotten: they say nothing."""


@dataclass
class _Bucket:
    left: float
    at: float


class Pace:
    """All buckets of this process. ``now`` in seconds, monotonic."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def takes(self, client: str, road: str, now: float) -> bool:
        """Whether this client may send one more command over this road; it counts if so."""
        bucket = self._buckets.get((client, road))
        if bucket is None:
            if len(self._buckets) >= REMEMBERED:
                self._forget_full(now)
            bucket = self._buckets[client, road] = _Bucket(BURST, now)
        bucket.left = min(BURST, bucket.left + (now - bucket.at) * PER_SECOND)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _forget_full(self, now: float) -> None:
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if bucket.left + (now - bucket.at) * PER_SECOND < BURST
        }


TOO_FAST = "too-fast"


def install(app: Flask) -> None:
    """Keep the buckets of this app."""
    app.extensions["pace"] = Pace() if app.extensions["settings"].rate_limits else None


def refuse_too_fast(client: str, road: str) -> None:
    """Refusal for the client that has sent its share over this road."""
    pace: Pace | None = current_app.extensions["pace"]
    if pace is not None and not pace.takes(client, road, time.monotonic()):
        counts.RATE_LIMITED.labels(road).inc()
        sentence = say("That was a little fast. Please wait a moment.")
        raise Refusal(TOO_FAST, sentence, Kind.TOO_MUCH)
