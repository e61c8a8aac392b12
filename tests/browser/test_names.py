"""Names of every script on a phone: in their own direction, in their own place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.person import sit_down

NAMES = [
    "אילה בת דוד 2!",
    "👩‍👩‍👧‍👦🧙🏽‍♀️🐙",
    "مُحَمَّدٌ (3)",
    "W" * 20,
    "❤️‍🔥🇺🇦1️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "王小明" * 6,
    "Z̸̷̶̵a̸̷̶̵l̸̷̶̵g̵",
    "﷽" * 20,
]
#: Where the first and the last sign of an element's text begin.
LEFTS = """selector => {
  const text = document.createTreeWalker(document.querySelector(selector), 4).nextNode();
  return [0, text.length - 1].map(place => {
    const range = document.createRange();
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return range.getBoundingClientRect().left;
  });
}"""


@pytest.fixture(scope="module")
def code(table_server: Any) -> str:
    """A running table of eight who come from everywhere."""
    code, people = sit_down(table_server.url, 8, name="ערב שישי 3 (🐙)", listed="yes")
    for person, name in zip(people, NAMES, strict=True):
        assert person.post(f"/games/{code}/rename-seat", name=name).status == 303
    people[0].post(f"/games/{code}/start")
    people[1].post(f"/games/{code}/interrupt")
    return code


def test_they_fit(phones: Callable[..., Phone], code: str) -> None:
    """However wide or high their letters are, nothing is pushed off the phone."""
    phone = phones()
    for path in (f"/games/{code}", f"/games/{code}/ledger", f"/games/{code}/result/1", "/games"):
        phone.open(path)
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("/games", ".rows b"),
        ("/games/CODE/result/1", "[data-seat='1'] bdi"),
        ("/games/CODE/timeline.svg", "text.name"),
    ],
)
def test_a_name_keeps_its_direction(
    phones: Callable[..., Phone], code: str, path: str, selector: str
) -> None:
    """From right to left its last sign stands on the left, where its readers look for it."""
    phone = phones()
    phone.open(path.replace("CODE", code))
    first_left, last_left = phone.page.evaluate(LEFTS, selector)
    assert last_left < first_left
    phone.complaints.clear()  # a picture names no icon, and the browser asks for one
