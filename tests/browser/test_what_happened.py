"""Ledger, ribbons and result as a phone shows them, with the policy watching."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.person import start

NASTY = "<b>\u200fZoë</b> 🐙"


@pytest.fixture
def played(table_server: Any) -> str:
    """A short finished game with a nasty name in it; its code."""
    code, (host, guest) = start(table_server.url, 2)
    guest.post(f"/games/{code}/rename-seat", name=NASTY)
    host.post(f"/games/{code}/pass-turn")
    host.post(f"/games/{code}/undo")
    guest.post(f"/games/{code}/interrupt")
    guest.post(f"/games/{code}/concede")
    return code


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_pages_fit_and_nothing_is_blocked(
    phones: Callable[..., Phone], played: str, scheme: str
) -> None:
    """No style the policy forbids, nothing wider than the phone, scripts on or off."""
    phone = phones(viewport={"width": 360, "height": 640}, color_scheme=scheme)
    for path in ("ledger", "result/1"):
        phone.open(f"/games/{played}/{path}")
        assert phone.violations() == []
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ribbons = phone.page.locator(".ribbons svg")
    box = ribbons.bounding_box()
    assert box["width"] == 360
    assert ribbons.locator(".name").first.evaluate("e => getComputedStyle(e).textTransform") == (
        "none"
    )


def test_the_ribbons_are_a_picture(phones: Callable[..., Phone], played: str) -> None:
    """In an <img> on our pages, and opened alone."""
    phone = phones()
    phone.open(f"/games/{played}/ledger")
    size = phone.page.evaluate(
        """async src => {
          const img = new Image(); img.src = src; await img.decode();
          return [img.naturalWidth, img.naturalHeight];
        }""",
        f"/games/{played}/timeline.svg",
    )
    assert size[0] == 390
    phone.open(f"/games/{played}/timeline.svg")
    assert phone.page.evaluate("document.documentElement.tagName") == "svg"
    shown = phone.page.evaluate("[...document.querySelectorAll('.name')].map(e => e.textContent)")
    assert NASTY in shown
    phone.complaints.clear()  # a picture names no icon, and the browser asks for one


def test_times_of_day_are_the_readers(phones: Callable[..., Phone], played: str) -> None:
    """The server says UTC; the phone knows where it is."""
    there = phones(timezone_id="Asia/Kolkata", locale="en-GB")
    plain = phones(scripts=False)
    times = []
    for phone in (there, plain):
        phone.open(f"/games/{played}/ledger")
        times.append(phone.page.locator("li of-day").first.inner_text())
    assert re.fullmatch(r"\d\d:\d\d", times[0])
    assert re.fullmatch(r"\d\d:\d\d UTC", times[1])
    minutes = [int(text[:2]) * 60 + int(text[3:5]) for text in times]
    assert (minutes[0] - minutes[1]) % 1440 == 330


def test_from_the_end_to_what_happened(phones: Callable[..., Phone], played: str) -> None:
    """Two taps from the poster, and back."""
    phone = phones()
    phone.open(f"/games/{played}")
    phone.page.get_by_role("link", name="Result").click()
    phone.page.get_by_role("heading", name="Player 1").wait_for()
    phone.page.get_by_role("link", name="Ledger").click()
    phone.page.get_by_role("heading", name="Ledger").wait_for()
    phone.page.get_by_role("link", name="Table", exact=True).click()
    phone.wait_state(status="finished")
