"""Rapid taps on + are one change: "+5" beside the number, for three seconds after the last one."""

from __future__ import annotations

import pytest

from app.game.view import seat_view
from tests.browser.painted import Face
from tests.game.cast import ADA, T0, Sitting, running

pytestmark = pytest.mark.browser

SHOWN = """
ages => {
  const change = document.querySelector('[data-seat] > ins');
  if (!change) return ages.map(() => '');
  const moving = change.getAnimations();
  moving.forEach(one => one.pause());
  return ages.map(age => {
    moving.forEach(one => (one.currentTime = age));
    return getComputedStyle(change).visibility === 'visible' ? change.textContent : '';
  });
}
"""


def tapped(times: int, command: str = "adjust-life", **fields: object) -> Sitting:
    """Seat 1 has tapped so often, half a second apart, the last time at 10 s."""
    sitting = running()
    for tap in range(times):
        sitting.play(command, ADA, 10_000 - 500 * (times - 1 - tap), **fields)
    return sitting


def shown(face: Face, sitting: Sitting, at: int, *ages_ms: int) -> list[str]:
    """What stands beside the number of a screen painted at ``at``, when it is that old."""
    face.show_seat(seat_view(sitting.game, 1, T0 + at), mine=True)
    words: list[str] = face.page.evaluate(SHOWN, list(ages_ms))
    return words


def test_taps_add_up_and_fade(face: Face) -> None:
    """Three seconds after the last tap they are one change, told and undone as one."""
    sitting = tapped(5, by=1)

    assert shown(face, sitting, 10_000, 0, 2_900, 3_010) == ["+5", "+5", ""]


def test_a_late_screen_shows_the_rest(face: Face) -> None:
    """A page opened two seconds later shows it for one more second; after three, not at all."""
    sitting = tapped(2, by=-1)

    assert shown(face, sitting, 12_000, 0, 900, 1_010) == ["\u22122", "\u22122", ""]
    assert shown(face, sitting, 13_010, 0) == [""]


def test_a_counter_says_its_name(face: Face) -> None:
    """Beside the life, so it has to."""
    sitting = tapped(3, "adjust-counter", counter="poison", by=1)

    assert shown(face, sitting, 10_000, 0) == ["+3 poison"]
