"""What a clock says of itself: in figures, in words for readers, and in which face."""

from __future__ import annotations

import pytest

from app.game.view import ClockView, clock_view, round_view
from tests.game.cast import ADA, HOUR, MINUTE, T0, Sitting, running


def clock(sitting: Sitting, at: int, number: int = 1) -> ClockView:
    """A seat's clock at an instant, after what fell due."""
    sitting.wait(at)
    return clock_view(sitting.game, sitting.seat(number), T0 + at)


def test_a_delay_is_told_apart_from_the_bank() -> None:
    """First what is free, with the bank standing still; then the bank."""
    sitting = running(time_control="delay", delay_seconds=10, starting_minutes=15)
    free, banked = clock(sitting, 3_000), clock(sitting, 12_000)

    assert (free.delay_ms, free.remaining_ms) == (7_000, 15 * MINUTE)
    assert free.spoken == "7 seconds free, then 15 minutes left"
    assert (banked.delay_ms, banked.text) == (0, "14:58")
    assert banked.spoken == "14 minutes 58 seconds left"


def test_periods_are_counted_beside_the_clock() -> None:
    """A period says "0:10 x 3" or "0:07 last"; the main bank says nothing of them."""
    sitting = running(time_control="byo-yomi", starting_seconds=60, periods=3, period_seconds=30)
    said = []
    for at in (30_000, 80_000, 143_000):
        shown = clock(sitting, at)
        said.append((shown.phase, shown.text, shown.periods_text, shown.spoken))

    assert said == [
        ("s", "0:30", "", "30 seconds left"),
        ("period", "0:10", "\u00d7 3", "10 seconds left, periods: 3"),
        ("period", "0:07", "last", "7 seconds left, last period"),
    ]


def test_overtime_is_below_nothing() -> None:
    """What is owed, by whole seconds that have passed."""
    sitting = running(on_timeout="overtime", starting_seconds=60, bonus_seconds=0)
    shown = clock(sitting, 72_900)

    assert (shown.phase, shown.text, shown.spoken) == ("over", "-0:12", "12 seconds over")


@pytest.mark.parametrize(
    ("at", "text", "spoken"),
    [
        (0, "0:00", "0 seconds used"),
        (12_999, "0:12", "12 seconds used"),
        (HOUR + 5_000, "1:00:05", "1 hour 5 seconds used"),
    ],
)
def test_counting_up_says_what_was_used(at: int, text: str, spoken: str) -> None:
    """Like a stopwatch: a second counts when it is over."""
    shown = clock(running(time_control="count-up"), at)

    assert (shown.phase, shown.text, shown.spoken) == ("up", text, spoken)


def test_sand_rises_where_nobody_thinks() -> None:
    """Only while it runs, only for who is in."""
    sitting = running(4, time_control="hourglass", starting_minutes=1)
    assert [clock(sitting, 3_000, n).rises for n in (1, 2, 3, 4)] == [False, True, True, True]
    assert clock(sitting, 3_000, 2).pace_attributes == ' data-gains="1" data-pace="3"'
    assert clock(sitting, 3_000, 1).pace_attributes == ' data-gains="3" data-pace="3"'
    sitting.play("eliminate", ADA, 3_000, seat=2)
    assert [clock(sitting, 4_000, n).rises for n in (2, 3)] == [False, True]
    sitting.play("pause", ADA, 4_000)
    assert not clock(sitting, 9_000, 3).rises


def test_a_round_says_what_comes_after_it() -> None:
    """Nothing, until it is called."""
    said = {}
    for end, extra in (("bell", ""), ("last-turn", "20"), ("turns", "3")):
        sitting = running(round_minutes=1, round_end=end, round_extra=extra)
        before = round_view(sitting.game, T0 + MINUTE - 1)
        sitting.wait(MINUTE + 2_000)
        after = round_view(sitting.game, T0 + MINUTE + 2_000)
        assert before is not None
        assert after is not None
        assert (before.called, before.words, before.text) == (False, "", "0:01")
        said[end] = (after.called, after.words)

    assert said == {
        "bell": (True, "Time"),
        "last-turn": (True, "Last turn"),
        "turns": (True, "3 more turns"),
    }
