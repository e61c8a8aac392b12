"""The socket on real phones: a game by taps that go up it, and what happens when it breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Phone, sit_four
from tests.conftest import Server
from tests.person import Person

ON = ".mine"


def prefer_socket(phone: Phone) -> None:
    """By the form, as people do."""
    phone.open("/preferences")
    phone.page.get_by_label("Instant").check()
    phone.page.get_by_role("button", name="Save").click()


def sit_four_by_socket(phones: Callable[..., Phone]) -> list[Phone]:
    """Four phones that prefer the socket, each with a seat."""

    def preferring(**options: Any) -> Phone:
        phone = phones(**options)
        prefer_socket(phone)
        return phone

    return sit_four(preferring)[1]


def posts(phone: Phone) -> list[str]:
    """Keeps the addresses of the forms this phone sends from now on."""
    sent: list[str] = []
    phone.page.on(
        "request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None
    )
    return sent


def test_a_game_by_socket(phones: Callable[..., Phone]) -> None:
    """Sit, start, pass, pause, go on: nothing is sent as a form, everything arrives."""
    people = sit_four_by_socket(phones)
    host, guest, *_ = people
    sent = [posts(phone) for phone in people]
    host.page.get_by_role("button", name="Start").click()
    for phone in people:
        phone.wait_state(status="running", turn="1")
    host.page.locator(".mine .pass").locator("visible=true").click()
    for phone in people:
        phone.wait_state(turn="2", active_seat="2")
    guest.page.locator(".mine .pass").locator("visible=true").click()
    for phone in people:
        phone.wait_state(turn="3", active_seat="3")
    assert sent == [[], [], [], []]
    kept = guest.page.evaluate("() => Object.keys(localStorage)")
    assert any(key.startswith("seat-key-") for key in kept)

    # What went up has no answer of its own: the news that it was done closes the sheet that asked.
    guest.page.get_by_role("link", name="Pause").click()
    guest.page.get_by_role("button", name="Rules question").click()
    for phone in people:
        phone.wait_state(status="paused", pause_reason="rules")
    guest.page.wait_for_function("() => !location.hash")
    host.page.get_by_role("button", name="Resume").click()
    guest.wait_state(status="running")
    assert not guest.page.locator("#stop").is_visible()
    assert sent == [[], [], [], []]
    for phone in people:
        assert phone.violations() == []


def test_a_socket_comes_back(phones: Callable[..., Phone], table_server: Server) -> None:
    """A crash, then a deploy: the phone says so, finds the table and taps on, untouched."""
    people = sit_four_by_socket(phones)
    host, guest, *_ = people
    host.page.get_by_role("button", name="Start").click()
    guest.wait_state(turn="1")
    turn = 1
    for stop in (table_server.kill, table_server.stop):
        stop()
        guest.page.wait_for_selector("body.offline")
        table_server.start()
        for phone in people:
            phone.page.wait_for_selector("body:not(.offline)", timeout=4_000)
        player = people[turn - 1]
        player.page.locator(".mine .pass").locator("visible=true").click()
        turn += 1
        for phone in people:
            phone.wait_state(turn=str(turn))
    for phone in people:
        phone.complaints.clear()  # the browser itself says that a connection was refused


def test_a_key_behind_held_back_news(phones: Callable[..., Phone], table_server: Server) -> None:
    """The rest of the page is there at once, so the line begins anew before the key has come."""
    code = Person(table_server.url).post("/games").headers["location"].rsplit("/", 1)[1]
    phone = phones()
    prefer_socket(phone)
    phone.page.add_init_script("""document.addEventListener('held-back',
      () => document.dispatchEvent(new Event('whole')), { once: true });""")
    phone.open(f"/games/{code}")
    phone.page.wait_for_selector(".mute:not([hidden])")
    phone.page.wait_for_timeout(300)
    phone.page.get_by_role("button", name="Sit here, seat 1").click()
    phone.page.wait_for_selector('body[data-me="1"]')
    kept = phone.page.evaluate("() => Object.keys(localStorage)")
    assert f"seat-key-{code}" in kept
