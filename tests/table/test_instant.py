"""The one clock of a process: steady, and as long as the world's."""

import time

from app.table.instant import steady_now


def test_it_begins_at_the_wall_clock_and_counts_milliseconds() -> None:
    """Instants in the ledger are read by people, on other days."""
    before = time.time_ns() // 1_000_000
    now = steady_now()
    after = time.time_ns() // 1_000_000
    assert before <= now() <= after + 50
    assert isinstance(now(), int)


def test_it_never_goes_back_and_keeps_pace() -> None:
    """A corrected system time charges nobody."""
    now = steady_now()
    began, began_ns = now(), time.monotonic_ns()
    seen = [now() for _ in range(10_000)]
    time.sleep(0.05)
    took_ms = (time.monotonic_ns() - began_ns) / 1_000_000
    assert sorted(seen) == seen
    assert abs(now() - began - took_ms) < 5
