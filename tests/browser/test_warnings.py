"""A phone warns by itself, once, when a running bank comes down to one of the table's warnings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.game.view import SeatView, clock_view
from tests.browser.painted import Face, painting, seat_with
from tests.game.cast import MINUTE, T0, Sitting, running

pytestmark = pytest.mark.browser


@pytest.fixture
def face(chromium: Any, styles: tuple[Path, str]) -> Iterator[Face]:
    """A page for each test: its time is moved by hand, and never back."""
    with painting(chromium, *styles) as face:
        yield face


def seen(sitting: Sitting, at: int) -> SeatView:
    """Seat 1 with its clock, at an instant."""
    return seat_with(clock_view(sitting.game, sitting.seat(1), T0 + at))


def said(face: Face, after_ms: int) -> str:
    """What is announced after so long; it is taken note of, so that only news counts."""
    face.page.clock.run_for(after_ms)
    words: str = face.page.evaluate(
        """() => {
          const place = document.getElementById('warning');
          const said = place.textContent.replace(/[\u2068\u2069]/g, '');
          place.textContent = '';
          return said;
        }"""
    )
    return words


def test_a_bank_is_warned_of_once(face: Face) -> None:
    """Rules section 6: at the instant it comes to a threshold, and not again below it."""
    face.show_seat(seen(running(), 0), thresholds_ms="300000 60000")

    assert [said(face, ms) for ms in (899_990, 20, 200_000)] == ["", "Ada: 5 minutes left", ""]
    face.replace(seen(running(), 15 * MINUTE))
    assert said(face, 100) == ""
    assert said(face, 4 * MINUTE) == "Ada: 1 minute left"


def test_a_delay_comes_before_the_bank(face: Face) -> None:
    """The bank stands still so long; a warning in that time would be wrong."""
    sitting = running(time_control="delay", delay_seconds=10, starting_seconds=61)
    face.show_seat(seen(sitting, 0), thresholds_ms="60000")

    assert [said(face, ms) for ms in (10_990, 20)] == ["", "Ada: 1 minute left"]


def test_sand_of_two_glasses_runs_slower(face: Face) -> None:
    """Hourglass: who answers beside others gets some of their sand."""
    clock = seen(running(time_control="hourglass"), 0).clock._replace(gains=-1, pace=2)
    clock = clock._replace(remaining_ms=61_000)
    face.show_seat(seat_with(clock), thresholds_ms="60000")

    assert [said(face, ms) for ms in (1_990, 20)] == ["", "Ada: 1 minute left"]


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"time_control": "byo-yomi", "starting_seconds": 1, "period_seconds": 90}, 1_000),
        ({"time_control": "count-up"}, 70_000),
        ({"on_timeout": "overtime", "starting_seconds": 1, "bonus_seconds": 0}, 2_000),
    ],
    ids=["a period", "counting up", "overtime"],
)
def test_only_banks_are_warned_of(face: Face, fields: dict[str, Any], at: int) -> None:
    """A period begins anew each time; it would be announced for ever."""
    sitting = running(**fields)
    sitting.wait(at)
    face.show_seat(seen(sitting, at), thresholds_ms="60000 30000")

    assert said(face, 100_000) == ""


def test_time_taken_may_warn_at_once(face: Face) -> None:
    """The bank went from above to below, though no clock counted it down."""
    sitting = running()
    face.show_seat(seen(sitting, 0), thresholds_ms="300000")
    sitting.play("take-time", "ada-the-host", 1_000, seat=1, minutes=16)
    face.replace(seen(sitting, 1_000))

    assert said(face, 100) == "Ada: 5 minutes left"
    assert said(face, 10_000) == ""


def test_a_bank_that_rose_is_warned_of_again(face: Face) -> None:
    """Only after it rose above the threshold."""
    sitting = running()
    face.show_seat(seen(sitting, 0), thresholds_ms="60000")
    assert said(face, 19 * MINUTE) == "Ada: 1 minute left"
    sitting.play("add-time", "ada-the-host", 19 * MINUTE, seat=1, seconds=10)
    face.replace(seen(sitting, 19 * MINUTE))

    assert [said(face, ms) for ms in (9_990, 20)] == ["", "Ada: 1 minute left"]
