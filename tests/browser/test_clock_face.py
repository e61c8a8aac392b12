"""The clock in CSS: painted from the real fragment and read back digit by digit in Chromium."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.game.view import ClockView, clock_view
from tests.browser.painted import Face, clock_of
from tests.game.cast import ADA, T0, running

pytestmark = pytest.mark.browser

CLOCK_STEP_MS = 10
"""The digits say no more than that."""

AGREES_MS = 100
START_MS = 20 * 60_000


def expected(left_ms: int) -> str:
    """The face's own wording: rounded up, in fixed cells, tenths below ten seconds."""
    seconds = -(-left_ms // 1000)
    tenths = -(-left_ms // 100)
    if tenths < 100:
        return f"{tenths // 10}.{tenths % 10}"
    if seconds < 60:
        return f"{seconds:02}"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{minutes:02}:{seconds:02}"


@pytest.mark.parametrize(
    ("left_ms", "ages_ms", "shown"),
    [
        (767_000, (0, 990, 1_000, 1_990), ["12:47", "12:47", "12:46", "12:46"]),
        (3_725_000, (0, 7_000), ["1:02:05", "1:01:58"]),
        (36_061_000, (60_990, 61_000, 62_000), ["10:00:01", "10:00:00", "9:59:59"]),
        (3_601_000, (0, 1_000, 1_990, 2_000), ["1:00:01", "1:00:00", "1:00:00", "59:59"]),
        (61_500, (0, 500, 2_490, 2_500), ["01:02", "01:01", "01:00", "59"]),
        (11_000, (0, 990, 1_000, 1_090, 1_100, 1_200), ["11", "11", "10", "10", "9.9", "9.8"]),
        (1_050, (0, 50, 940, 950, 1_040), ["1.1", "1.0", "0.2", "0.1", "0.1"]),
    ],
)
def test_face_rolls_over(
    face: Face, left_ms: int, ages_ms: tuple[int, ...], shown: list[str]
) -> None:
    """Hours, minutes and seconds turn at their instants, and the face changes by itself."""
    face.show(clock_of(left_ms))

    assert shown == face.at(*ages_ms)


@pytest.mark.parametrize("left_ms", [500, 9_990, 754_320, 86_400_000])
def test_face_stops_at_zero(face: Face, left_ms: int) -> None:
    """A clock that ran on below zero would contradict the server's time-out."""
    face.show(clock_of(left_ms))

    assert ["0.0"] * 3 == face.at(left_ms, left_ms + 1_000, left_ms + 7_200_000)


@pytest.mark.parametrize("left_ms", [9_870, 59_640, 1_200_000, 4_000_050, 86_399_990])
def test_face_agrees_at_any_instant(face: Face, left_ms: int) -> None:
    """No instant of a clock's life may show another time than the server's."""
    chance = random.Random(left_ms)
    ages_ms = [chance.randrange(0, left_ms, CLOCK_STEP_MS) for _ in range(200)]
    face.show(clock_of(left_ms))

    assert [expected(left_ms - age) for age in ages_ms] == face.at(*ages_ms)


def test_face_counts_in_real_time(face: Face) -> None:
    """By itself, with no script on the page, within a tenth of a second."""
    face.show(clock_of(767_000))

    first, second = (
        face.page.evaluate(AGE) for _ in range(2) if not face.page.wait_for_timeout(1500)
    )

    assert abs((second["age"] - first["age"]) - (second["now"] - first["now"])) < AGREES_MS
    assert first["age"] < first["now"] + AGREES_MS


AGE = """
() => {
  const strip = document.querySelector('[data-remaining-ms]').getAnimations({ subtree: true });
  return { age: Math.max(...strip.map(one => one.currentTime)), now: performance.now() };
}
"""


def test_resting_clock_stands_still(face: Face) -> None:
    """Paused, or somebody else's turn: plain text, nothing that moves."""
    face.show(clock_of(195_000, running=False))
    clock = face.page.locator("[data-remaining-ms]")

    assert clock.inner_text() == "03:15"
    assert clock.evaluate("clock => clock.getAnimations({ subtree: true }).length") == 0


def test_overtime_counts_up(face: Face) -> None:
    """What is owed grows, with its sign."""
    face.show(clock_of(-12_300, phase="over"))

    assert ["\u22120:12", "\u22120:13", "\u22121:02"] == face.at(0, 700, 50_000)


def as_read(clock: ClockView) -> str:
    """What the face of a clock must show at its own instant, by the rules of each control."""
    left_ms = clock.remaining_ms
    if clock.delay_ms:
        seconds = -(-clock.delay_ms // 1000)
        return f"{seconds // 60}:{seconds % 60:02} free" if seconds >= 60 else f"{seconds} free"
    if clock.counts_up:
        return clock.text.rjust(5, "0")
    if left_ms < 0:
        return clock.text.replace("-", "\u2212")
    if clock.in_period:
        return f"{clock.text} {clock.periods_text}"
    return clock.text.rjust(5, "0") if not clock.on else expected(left_ms)


def bare_digits(shown: str) -> str:
    """My own field has hours, minutes and seconds below each other, without signs between."""
    return shown.replace(":", "").lstrip("0")


@dataclass(frozen=True)
class Case:
    """A game whose clocks are looked at from an instant on, for so long."""

    fields: dict[str, object]
    at: int
    lasts: int
    seat: int = 1
    #: Played before, as (command, client, instant, fields).
    before: tuple[tuple[str, str, int, dict[str, object]], ...] = ()


CASES = {
    "a delay, then the bank": Case(
        {"time_control": "delay", "delay_seconds": 75, "starting_minutes": 2}, 0, 190_000
    ),
    "a delay that began before": Case(
        {"time_control": "delay", "delay_seconds": 12, "starting_minutes": 61}, 4_320, 200_000
    ),
    "a delay an hour long": Case(
        {"time_control": "delay", "delay_seconds": 3600, "starting_minutes": 2}, 0, 3_720_000
    ),
    "a period": Case(
        {"time_control": "byo-yomi", "starting_seconds": 60, "periods": 3, "period_seconds": 30},
        60_000,
        29_900,
    ),
    "the last period": Case(
        {"time_control": "byo-yomi", "starting_seconds": 60, "periods": 3, "period_seconds": 30},
        120_000,
        29_900,
    ),
    "a long period": Case(
        {"time_control": "byo-yomi", "starting_seconds": 60, "periods": 12, "period_seconds": 900},
        61_500,
        890_000,
    ),
    "a main bank before its periods": Case(
        {"time_control": "byo-yomi", "starting_seconds": 90, "periods": 3}, 10_000, 79_000
    ),
    "overtime": Case(
        {"on_timeout": "overtime", "starting_seconds": 60, "bonus_seconds": 0}, 72_340, 4_000_000
    ),
    "no limit": Case({"time_control": "count-up"}, 0, 40_000_000),
    "no limit, after an hour": Case({"time_control": "count-up"}, 3_590_000, 60_000),
    "an allowance for a turn": Case(
        {"time_control": "per-turn", "allowance_seconds": 75}, 3_200, 71_000
    ),
    "sand that runs out": Case({"time_control": "hourglass", "starting_minutes": 2}, 0, 120_000),
    "sand that comes in": Case(
        {"time_control": "hourglass", "starting_minutes": 59}, 0, 900_000, seat=2
    ),
    "sand that runs out in two glasses": Case(
        {"time_control": "hourglass", "starting_minutes": 2, "players": 4},
        5_000,
        170_000,
        seat=2,
        before=(
            ("toggle-target", ADA, 1_000, {"seat": 2}),
            ("toggle-target", ADA, 1_000, {"seat": 3}),
            ("confirm-targets", ADA, 2_000, {}),
        ),
    ),
    "sand that comes from two glasses": Case(
        {"time_control": "hourglass", "starting_minutes": 2, "players": 4},
        5_000,
        170_000,
        seat=4,
        before=(
            ("toggle-target", ADA, 1_000, {"seat": 2}),
            ("toggle-target", ADA, 1_000, {"seat": 3}),
            ("confirm-targets", ADA, 2_000, {}),
        ),
    ),
}


def unfolding(case: Case) -> tuple[ClockView, dict[int, str]]:
    """A case's clock as it is painted, and what it must show at which age."""
    fields = dict(case.fields)
    sitting = running(int(str(fields.pop("players", 3))), **fields)
    for command, client, at, form in case.before:
        sitting.play(command, client, at, **form)
    sitting.wait(case.at)

    def seen(age: int) -> str:
        return as_read(clock_view(sitting.game, sitting.seat(case.seat), T0 + case.at + age))

    chance = random.Random(case.lasts)
    drawn = sorted(chance.randrange(0, case.lasts, CLOCK_STEP_MS) for _ in range(120))
    # The digits of a frame end at 10 ms: between two digits of the face either one is right.
    ages = [a for a in (0, *drawn) if a == 0 or seen(a - 2 * CLOCK_STEP_MS) == seen(a + 20)]
    clock = clock_view(sitting.game, sitting.seat(case.seat), T0 + case.at)
    return clock, {age: seen(age) for age in ages}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("mine", [True, False], ids=["in my field", "in a row"])
def test_every_control_agrees_with_the_server(face: Face, case: Case, *, mine: bool) -> None:
    """Whatever a clock counts, no instant of it shows anything but what the server says."""
    clock, seen = unfolding(case)
    face.show(clock, mine=mine)

    bare = bare_digits if mine else str
    assert [bare(said) for said in seen.values()] == [bare(shown) for shown in face.at(*seen)]


def test_tarp_covers_what_is_used(face: Face) -> None:
    """The amount of colour is the time left, and the digits under the moving cloth stand still."""
    face.show(clock_of(START_MS), mine=True)
    page: Callable[[str, int], Any] = face.page.evaluate
    read = """
    age => {
      const cloth = document.querySelector('.clk > s');
      const copy = cloth.querySelector('u');
      for (const one of cloth.closest('.clk').getAnimations({ subtree: true })) {
        one.pause();
        one.currentTime = age;
      }
      const y = node => new DOMMatrix(getComputedStyle(node).transform).m42;
      return [y(cloth), y(copy)];
    }
    """
    open_, half, shut = (page(read, age) for age in (0, START_MS // 2, START_MS))

    assert half[0] == pytest.approx((open_[0] + shut[0]) / 2, abs=1)
    assert [cloth + copy for cloth, copy in (open_, half, shut)] == pytest.approx([0] * 3, abs=0.1)
    assert shut[0] == pytest.approx(-40, abs=1)
