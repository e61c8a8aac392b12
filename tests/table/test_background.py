"""Work that must never stop: reported when it fails, started again, and /ready knows."""

from collections.abc import Callable, Iterator

import gevent
import pytest

from app.table import background
from app.table.background import Background


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Background]:
    """Background work that is tried again soon, and ends with the test."""
    monkeypatch.setattr(background, "PAUSE_AFTER_FAILURE_S", 0.05)
    kept = Background()
    yield kept
    kept.stop()


def until(holds: Callable[[], bool]) -> None:
    """Wait for it, not for long."""
    with gevent.Timeout(2):
        while not holds():
            gevent.sleep(0.005)


def test_work_goes_on_for_ever(kept: Background) -> None:
    """A piece that returns is called again."""
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        gevent.sleep(0.001)

    kept.keep("work", work)
    until(lambda: len(calls) > 5)
    assert kept.all_well()


def test_a_failure_is_known_and_work_starts_again(kept: Background) -> None:
    """Nobody is sent to a server whose clock stands; once it runs again, all is well again."""
    calls: list[str] = []

    def work() -> None:
        calls.append("begun")
        if len(calls) == 1:
            raise RuntimeError("once")
        gevent.sleep(100)  # the alive line never returns: it only goes on

    kept.keep("alive", work)
    until(lambda: not kept.all_well())
    until(lambda: len(calls) == 2)
    until(kept.all_well)


def test_a_failure_of_one_stops_no_other(kept: Background) -> None:
    """The timekeeper may fail: the alive line is written all the same."""
    calls: list[int] = []

    def works() -> None:
        calls.append(1)
        gevent.sleep(0.001)

    def fails() -> None:
        raise RuntimeError("always")

    kept.keep("fails", fails)
    kept.keep("works", works)
    until(lambda: not kept.all_well() and len(calls) > 5)


def test_what_was_killed_is_not_well(kept: Background) -> None:
    """However a greenlet came to its end, somebody must be told."""
    kept.keep("work", lambda: gevent.sleep(100))
    gevent.sleep(0)
    assert kept.all_well()
    next(iter(kept._greenlets.values())).kill()
    assert not kept.all_well()
