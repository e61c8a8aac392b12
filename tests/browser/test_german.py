"""German words are long: on the smallest phone none is cut, and none runs out of its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.browser.test_nothing_covered import GAPS, SMALLEST, sits
from tests.person import Person, sit_down

pytestmark = pytest.mark.browser

NAMES = ["Bartholomäus Übelhör", "Wolfgang-Amadeus M.", "Maximiliane v. Hohen", "SSabine"]

#: Words that run out of the page, or that their own box cuts without a mark.
CUT = """() => {
  const wide = [...(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])];
  const words = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const hidden = '.unseen, [aria-hidden="true"], #moments, [data-seat] > small, h1.poster';
  for (const one of document.querySelectorAll('body *')) {
    const seen = one.checkVisibility({ visibilityProperty: true }) && !one.closest(hidden);
    if (!words(one) || !seen) continue;
    const { left, right, width } = one.getBoundingClientRect();
    const { overflowX, textOverflow, fontSize } = getComputedStyle(one);
    if (!width || parseFloat(fontSize) === 0 || right <= 0 || left >= innerWidth) continue;
    const marked = overflowX === 'visible' || textOverflow === 'ellipsis';
    const cut = !marked && one.scrollWidth > one.clientWidth + 1;
    if (cut || (right > innerWidth + 1 && !one.closest('bdi'))) wide.push(one.textContent.trim());
  }
  return wide;
}"""

#: A letter as the face draws it, and as the next one would, where the face lacks it.
DRAWN = """letters => document.fonts.load('40px Tarp', letters).then(() => [...letters].map(
  letter => {
  const of = family => {
    const paper = Object.assign(document.createElement('canvas'), { width: 60, height: 60 });
    const pen = paper.getContext('2d');
    pen.font = `40px ${family}`;
    pen.fillText(letter, 10, 50);
    return paper.toDataURL();
  };
  return of('Tarp, monospace') !== of('monospace');
}))"""


@pytest.fixture
def german(phones: Callable[..., Phone]) -> Callable[[Person, str], Phone]:
    """A German phone of the smallest size in somebody's hand."""
    return lambda person, code: sits(phones(viewport=SMALLEST, locale="de-DE"), person, code)


def test_eight_at_a_german_table(german: Callable[..., Phone], table_server: Any) -> None:
    """From the lobby to the result, for whoever plays, waits, interrupts and is asked."""
    code, people = sit_down(table_server.url, 8)
    for number, person in enumerate(people):
        person.post(f"/games/{code}/rename-seat", name=NAMES[number % 4])
    path = f"/games/{code}"
    phone, other = german(people[0], code), german(people[1], code)
    wrong: dict[str, list[str]] = {}

    def look(what: str, one: Phone = phone, at: str = path) -> None:
        one.open(at)
        found = one.page.evaluate(CUT)
        is_listed = what in ("asking", "a pause")
        gaps = [gap for gap in one.page.evaluate(GAPS) if gap < 0] if is_listed else []
        if found or gaps:
            wrong[what] = [*found, *map(str, gaps)]

    assert phone.page.locator("html").get_attribute("lang") == "de"
    look("the lobby")
    for sheet in ("you", "table", "host"):
        look(f"the sheet {sheet}", at=f"{path}?of=2#{sheet}")
    people[0].post(f"{path}/random-start")
    people[0].post(f"{path}/start")
    people[0].post(f"{path}/switch-turn", seat=1)
    look("my turn")
    look("another's turn", other)
    look("to pause", at=f"{path}#stop")
    people[2].post(f"{path}/interrupt")
    look("interrupted")
    look("an interrupt", other)
    people[2].post(f"{path}/pass-priority")
    for number in (2, 3, 4):
        people[0].post(f"{path}/toggle-target", seat=number)
    look("asking", at=path)
    look("perhaps asked", other)
    people[0].post(f"{path}/confirm-targets")
    look("waiting for answers")
    look("to answer", other)
    people[0].post(f"{path}/pause", reason="judge")
    look("a pause")
    people[0].post(f"{path}/finish", winner=2, confirm="yes")
    look("the end", other)
    for page in ("result", "ledger"):
        look(page, at=f"{path}/{page}")
    for page in ("/", "/games", "/games/new", "/preferences", "/feedback"):
        look(page, at=page)
    assert wrong == {}


def test_time_is_up(german: Callable[..., Phone], table_server: Any) -> None:
    """The choice of a fate is made in seconds: every word of it is there."""
    code, people = sit_down(
        table_server.url, 2, starting_minutes=0, starting_seconds=1, bonus_seconds=0
    )
    phone = german(people[0], code)
    people[0].post(f"/games/{code}/start")
    phone.page.wait_for_selector('#seat-1[data-pending="yes"], #seat-2[data-pending="yes"]')
    pending = phone.state()["pendingSeats"]
    if pending == "2":
        phone = german(people[1], code)
    assert phone.page.evaluate(CUT) == []
    heights = [one.bounding_box()["height"] for one in phone.page.locator(".decide button").all()]
    assert len(set(heights)) <= 2


def test_capitals_of_the_face(phones: Callable[..., Phone]) -> None:
    """ZURÜCK in two faces would look broken on every screen it stands on."""
    phone = phones(locale="de-DE")
    phone.open("/")
    assert phone.page.evaluate(DRAWN, "ÄÖÜäöüA") == [True] * 7
    assert phone.page.evaluate(DRAWN, "Ж") == [False]
