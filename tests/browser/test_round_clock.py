"""The round clock of an event: on every screen, beside the title, also on the smallest phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.game.view import RoundView, round_view
from tests.browser.conftest import Phone
from tests.browser.painted import templates
from tests.conftest import Server
from tests.game.cast import HOUR, MINUTE, T0, running
from tests.person import Person, start

pytestmark = pytest.mark.browser

#: The smallest, and one on its side.
SIZES = ({"width": 360, "height": 640}, {"width": 844, "height": 390})

#: What of the bar is covered by something else, or reaches out of it.
BAR = """
() => {
  const seen = [...document.querySelectorAll('#state h1, #round, .bar > a, .take-back > button')]
    .filter(one => one.offsetWidth && getComputedStyle(one).visibility === 'visible');
  const ends = seen.map(one => {
    const words = document.createRange();
    words.selectNodeContents(one);
    const { left, right } = (one.textContent ? words : one).getBoundingClientRect();
    const cut = one.matches('h1') ? one.getBoundingClientRect().right : right;
    return [left, Math.min(right, cut), one.textContent];
  }).sort((a, b) => a[0] - b[0]);
  return ends.slice(1).filter((end, i) => end[0] < ends[i][1]);
}
"""


def sit(phone: Phone, person: Person, code: str) -> None:
    """The phone is this person's, at the table."""
    phone.page.context.add_cookies(
        [{"name": n, "value": v, "url": phone.url} for n, v in person.cookies.items()]
    )
    phone.open(f"/games/{code}")


def paint(round_: RoundView) -> str:
    """The piece, by the template of pages and frames."""
    return templates().get_template("fragments/round.html").render(round=round_)


def called(left_ms: int, words: str) -> RoundView:
    """A round that was called so long ago."""
    sitting = running(round_minutes=80)
    shown = round_view(sitting.game, T0 + 80 * MINUTE - left_ms)
    assert shown is not None
    return replace(shown, called=True, words=words)


def has_room(phone: Phone) -> None:
    """Nothing of the bar lies on anything else, upright or on its side."""
    for size in SIZES:
        phone.page.set_viewport_size(size)
        assert phone.page.evaluate(BAR) == [], size


@pytest.mark.parametrize("words", ["", "Time", "Last turn", "60 more turns"])
def test_it_has_room_in_the_bar(
    phones: Callable[..., Phone], table_server: Server, words: str
) -> None:
    """Between the title and the icons, while it counts and after it was called."""
    code, people = start(table_server.url, 4, round_minutes=80, round_end="turns")
    phone = phones(viewport=SIZES[0])
    sit(phone, people[0], code)
    assert phone.page.locator("#round").is_visible()
    if words:
        phone.page.evaluate(
            "html => (document.getElementById('round').outerHTML = html)",
            paint(called(-5_000, words)),
        )
        assert phone.page.locator("#round").inner_text().lower() == words.lower()
    has_room(phone)
    people[0].post(f"/games/{code}/pause", reason="rules")
    phone.wait_state(status="paused")
    assert phone.page.locator("#round").is_visible()
    has_room(phone)


@pytest.mark.parametrize("seat", [1, 2], ids=["host", "guest"])
def test_it_has_room_beside_what_can_be_taken_back(
    phones: Callable[..., Phone], table_server: Server, seat: int
) -> None:
    """The host's arrow, a guest's ring in the corner: one more icon in the bar."""
    code, people = start(table_server.url, 4, round_minutes=80)
    people[0].post(f"/games/{code}/set-marker", marker="day-night", value="night")
    people[seat - 1].post(f"/games/{code}/adjust-life", by=-3)
    phone = phones(viewport=SIZES[0])
    sit(phone, people[seat - 1], code)
    shown = ".bar > .back-one" if seat == 1 else ".take-back > button"
    for size in SIZES:
        phone.page.set_viewport_size(size)
        assert phone.page.locator(shown).locator("visible=true").count() == 1, size
    has_room(phone)
    people[0].post(f"/games/{code}/pause", reason="rules")
    phone.wait_state(status="paused")
    has_room(phone)


def test_it_is_hidden_without_a_round(phones: Callable[..., Phone], table_server: Server) -> None:
    """Most tables have none, and none of its controls."""
    code, people = start(table_server.url, 4)
    phone = phones()
    sit(phone, people[0], code)
    phone.open(f"/games/{code}#host")

    assert not phone.page.locator("#round").is_visible()
    assert not phone.page.locator("#form-extend-round").is_visible()


def test_the_host_adds_time(phones: Callable[..., Phone], table_server: Server) -> None:
    """With a reason; every phone has the new time at once."""
    code, people = start(table_server.url, 4, round_minutes=50)
    host, guest = phones(), phones()
    sit(host, people[0], code)
    sit(guest, people[1], code)
    host.open(f"/games/{code}#host")
    form = host.page.locator("#form-extend-round")
    form.get_by_label("Add").fill("10")
    form.get_by_label("A break").check()
    form.get_by_role("button").click()

    left_ms = "() => Number(document.getElementById('round').dataset.roundMs)"
    # A function: an expression would be evaluated in the page, which its policy forbids.
    guest.page.wait_for_function(f"() => ({left_ms})() > {55 * MINUTE}")
    assert 59 * MINUTE < guest.page.evaluate(left_ms) <= HOUR
    assert guest.page.locator("#form-extend-round").count() == 0
