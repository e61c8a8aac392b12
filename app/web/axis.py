"""The one axis of a sitting's ribbons."""

from __future__ import annotations

from collections.abc import Iterable

from app.game.chronicle import Sitting

WIDTH = 390
GUTTER = 16
RIBBON = 34
SLANT = 0.21256
"""tan 12°: the one angle of the house."""

LENGTH = WIDTH - 2 * GUTTER - RIBBON * SLANT
LONGEST_GAP = 10.0


class Axis:
    """From an instant to its place: played time to scale, what stood still cut short."""

    def __init__(self, sitting: Sitting, until: int) -> None:
        self._from = sitting.started_at
        self._until = max(until, sitting.started_at + 1)
        self._gaps = _merged(
            (gap.since, self._until if gap.until is None else min(gap.until, self._until))
            for gap in sitting.gaps
        )
        #: How long the clocks stood, and how long the rest was.
        self.stood_ms = sum(end - begin for begin, end in self._gaps)
        self.played_ms = self._until - self._from - self.stood_ms
        room = min(LONGEST_GAP, LENGTH / 4 / max(1, len(self._gaps)))
        per_ms = LENGTH / max(1, self._until - self._from)
        self._widths = [min(room, (end - begin) * per_ms) for begin, end in self._gaps]
        self._scale = (LENGTH - sum(self._widths)) / max(1, self.played_ms)

    def place(self, at: int) -> float:
        """How far to the right an instant lies, from the ribbon's lower left corner."""
        at = max(self._from, min(at, self._until))
        x = (at - self._from) * self._scale
        for (begin, end), width in zip(self._gaps, self._widths, strict=True):
            if at <= begin:
                break
            stood_ms = min(at, end) - begin
            x += width * stood_ms / max(1, end - begin) - stood_ms * self._scale
        return x

    def gaps(self, until: float) -> list[tuple[float, float]]:
        """Where the clocks stood, as places, as far as ``until``."""
        found = [(self.place(begin), self.place(end)) for begin, end in self._gaps]
        return [(begin, min(end, until)) for begin, end in found if begin < until]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for since, until in sorted(span for span in spans if span[0] < span[1]):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    return merged
