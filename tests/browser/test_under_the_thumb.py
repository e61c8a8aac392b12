"""Frames arrive while thumbs are down, names are typed and sheets are open: nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.person import Person, start

#: Where a face's animation stands, read from the strip of seconds: what the phone shows as left.
LEFT_MS = """number => {
  const clock = document.querySelector(`#seat-${number} [data-remaining-ms]`);
  const strip = clock.querySelector('u i:nth-child(6)');
  const roll = document.getAnimations().find(
    a => a.effect.pseudoElement === '::before' && a.effect.target === strip);
  return 107999 * 1000 - (roll.currentTime - roll.effect.getComputedTiming().delay);
}"""


@contextmanager
def life_storm(person: Person, code: str, seat: int) -> Iterator[None]:
    """Another phone changes life ten times a second."""
    over = threading.Event()

    def storm() -> None:
        by = 1
        while not over.wait(0.1):
            person.post(f"/games/{code}/adjust-life", hx=True, seat=seat, by=by)
            by = -by

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture
def seated(phones: Callable[..., Phone], table_server: Any) -> tuple[str, list[Person], Phone]:
    """A running game of four; the phone in hand is seat 1, whose turn it is, and the host."""
    code, people = start(table_server.url)
    phone = phones()
    phone.page.context.add_cookies(
        [{"name": "tarp", "value": people[0].cookies["tarp"], "url": table_server.url}]
    )
    phone.open(f"/games/{code}")
    phone.wait_state(status="running")
    return code, people, phone


def test_a_press_that_spans_frames_counts(seated: tuple[str, list[Person], Phone]) -> None:
    """Thumb down, four frames pass, thumb up: the turn is passed, once."""
    code, people, phone = seated
    box = phone.page.locator("button.pass").locator("visible=true").bounding_box()
    with life_storm(people[1], code, 2):
        phone.page.wait_for_timeout(700)
        before = int(phone.state()["version"])
        phone.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        phone.page.mouse.down()
        phone.page.wait_for_timeout(450)
        assert int(phone.state()["version"]) >= before + 2
        phone.page.mouse.up()
        phone.wait_state(turn="2")
    assert phone.state()["activeSeat"] == "2"


def test_a_bounced_second_tap_does_nothing(seated: tuple[str, list[Person], Phone]) -> None:
    """A thumb that bounces after passing neither passes for the next player nor complains."""
    _code, _people, phone = seated
    box = phone.page.locator("button.pass").locator("visible=true").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.page.wait_for_timeout(700)
    for _ in range(3):
        phone.page.mouse.click(*middle)
        phone.page.wait_for_timeout(60)
    phone.wait_state(turn="2")
    phone.page.wait_for_timeout(300)
    assert phone.state()["turn"] == "2"
    assert phone.page.locator("#answer").inner_text().strip() == ""


def test_typing_and_sheets_survive_frames(seated: tuple[str, list[Person], Phone]) -> None:
    """A name being typed keeps its text and its focus; the sheet it is typed in stays open."""
    code, people, phone = seated
    phone.page.goto(f"{phone.url}/games/{code}#you")
    field = phone.page.locator("#form-rename-seat-name")
    field.click()
    field.fill("")
    with life_storm(people[1], code, 2):
        before = int(phone.state()["version"])
        field.press_sequentially("Ada Lovelace", delay=60)
        assert int(phone.state()["version"]) >= before + 3
    assert field.input_value() == "Ada Lovelace"
    assert phone.page.evaluate("() => document.activeElement.id") == "form-rename-seat-name"
    assert phone.page.locator("#you").is_visible()


def test_the_phone_and_the_server_agree(seated: tuple[str, list[Person], Phone]) -> None:
    """The clock in CSS is within 100 ms of the server's, also after a while and another frame."""
    code, people, phone = seated
    for wait_ms in (300, 1800):
        phone.page.wait_for_timeout(wait_ms)
        before_ms = int(people[2].get(f"/games/{code}").seat(1)["remaining-ms"])
        shown_ms = phone.page.evaluate(LEFT_MS, 1)
        after_ms = int(people[2].get(f"/games/{code}").seat(1)["remaining-ms"])
        assert after_ms - 100 < shown_ms < before_ms + 100, (before_ms, shown_ms, after_ms)


def test_a_late_phone_is_right_at_once(seated: tuple[str, list[Person], Phone]) -> None:
    """A phone that lost its line shows the newest table in its first frame after it is back."""
    code, people, phone = seated
    phone.page.context.set_offline(True)
    phone.page.wait_for_timeout(300)
    assert people[1].post(f"/games/{code}/adjust-life", by=-7).status == 303
    phone.complaints.clear()
    phone.page.context.set_offline(False)
    phone.page.wait_for_selector('#seat-2[data-life="33"]', state="attached", timeout=12000)
    phone.complaints.clear()
