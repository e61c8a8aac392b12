"""Words a thumb or an eye needs lie beneath nothing, also on the smallest phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.person import Person, start

pytestmark = pytest.mark.browser

SMALLEST = {"width": 360, "height": 640}

#: The box of some words as they are drawn, not of the element around them.
WORDS = """selector => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector(selector));
  const { left, top, right, bottom } = words.getBoundingClientRect();
  return { left, top, right, bottom };
}"""

#: What is left between each tag of a seat and the clock beside it.
GAPS = """() => [...document.querySelectorAll('.place [data-seat]')].map(seat => {
  const [name, life, clock] = ['b', 'u', '.clk'].map(one => seat.querySelector(`:scope > ${one}`));
  const tag = getComputedStyle(seat, '::after');
  if (tag.content === 'none' || tag.content === 'normal') return 0;
  const edges = [tag.paddingLeft, tag.paddingRight, tag.marginLeft, tag.width].map(parseFloat);
  const whole = tag.boxSizing === 'border-box' ? edges.slice(2) : edges;
  const width = whole.reduce((a, b) => a + b);
  const words = document.createRange();
  words.selectNodeContents(clock);
  return words.getBoundingClientRect().left - life.getBoundingClientRect().right - width;
})"""


def sits(phone: Phone, person: Person, code: str) -> Phone:
    """The phone is this person's, at the table."""
    phone.page.context.add_cookies(
        [{"name": n, "value": v, "url": phone.url} for n, v in person.cookies.items()]
    )
    phone.open(f"/games/{code}")
    return phone


def test_a_bonus_rides_by_on_the_phone_that_got_it(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """Without a name it would be anybody's: the others see it in that clock."""
    code, people = start(table_server.url, 3)
    ada, bruno = (sits(phones(), person, code) for person in people[:2])
    people[0].post(f"/games/{code}/pass-turn")
    for phone in (ada, bruno):
        phone.page.wait_for_selector('#moments > [data-kind="gift"][data-by="2"]', state="attached")
    gift = '#moments > [data-kind="gift"]'
    shown = "one => getComputedStyle(one).display !== 'none'"
    assert bruno.page.locator(gift).evaluate(shown)
    assert not ada.page.locator(gift).evaluate(shown)


def test_ask_lies_on_no_counters(phones: Callable[..., Phone], table_server: Any) -> None:
    """My markers and counters begin beside ASK, however many there are."""
    code, people = start(table_server.url, 3)
    people[0].post(f"/games/{code}/set-marker", marker="monarch", value=1)
    people[0].post(f"/games/{code}/adjust-counter", counter="energy", by=12)
    people[0].post(f"/games/{code}/commander-damage", source=2, by=11)
    phone = sits(phones(viewport=SMALLEST), people[0], code)
    ask = phone.page.locator(".ask").locator("visible=true").bounding_box()
    assert phone.page.evaluate(WORDS, "#seat-1 > small")["left"] >= ask["x"] + ask["width"]


def test_undo_leaves_no_marker_beneath_interrupt(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """While UNDO takes the room of my bank, what stands beside the bank waits too."""
    code, people = start(table_server.url, 3)
    people[0].post(f"/games/{code}/set-marker", marker="initiative", value=1)
    phone = sits(phones(), people[0], code)
    people[0].post(f"/games/{code}/pass-turn")
    phone.page.wait_for_selector(".mine > .interrupt", state="visible")
    assert phone.page.get_by_role("button", name="Undo").locator("visible=true").count() == 1
    assert not phone.page.locator("#seat-1 > small").is_visible()


def test_tags_leave_the_clocks_alone_while_paused(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """Eight seats, three of them asked, one interrupting: each tag ends before its clock."""
    code, people = start(table_server.url, 8)
    for number in (2, 3, 4):
        people[0].post(f"/games/{code}/toggle-target", seat=number)
    people[0].post(f"/games/{code}/confirm-targets")
    people[5].post(f"/games/{code}/interrupt")
    people[0].post(f"/games/{code}/pause", reason="judge")
    phone = sits(phones(viewport=SMALLEST), people[7], code)
    gaps = phone.page.evaluate(GAPS)
    assert len(gaps) == 8
    assert min(gaps) >= 0, gaps


def test_two_lines_of_capitals_do_not_touch(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """The app's capitals fill their line: a button of two lines needs air between them."""
    code, people = start(table_server.url, 2)
    phone = sits(phones(), people[0], code)
    ratio = """() => [...document.querySelectorAll('#host .grid button')].map(one => {
      const style = getComputedStyle(one);
      return parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    })"""
    assert min(phone.page.evaluate(ratio)) >= 1.15


def test_no_code_runs_beneath_the_qr(phones: Callable[..., Phone], table_server: Any) -> None:
    """Also one of the widest letters there are: it is read aloud."""
    host, phone = Person(table_server.url), phones()
    for three in ("VXV", "MVX", "WVX", "WWX", "WWW"):
        code = host.post("/games").headers["location"].rsplit("/", 1)[1]
        sits(phone, host, code)
        code_of = phone.page.locator(".code")
        said = code_of.get_attribute("data-wide")
        assert said == str(max(sum(x in "MW" for x in half) for half in (code[:3], code[3:])))
        code_of.evaluate(
            """(code, three) => {
              code.dataset.wide = [...three].filter(letter => 'MW'.includes(letter)).length;
              for (const span of code.children) span.textContent = three;
            }""",
            three,
        )
        qr = phone.page.locator(".ticket .qr").bounding_box()
        assert phone.page.evaluate(WORDS, ".code > span")["right"] <= qr["x"], three
