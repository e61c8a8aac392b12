"""A whole game by keyboard alone, as by a remote control or a pedal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Phone
from tests.browser.test_shows import sits
from tests.conftest import Server
from tests.person import Person, start

pytestmark = pytest.mark.browser

ARMED_MS = 700
"""A button that has just come up is deaf so long, for keys as for thumbs."""


def press(phone: Phone, key: str, **wanted: str) -> None:
    """A key, and what the table then says."""
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.keyboard.press(key)
    phone.wait_state(**wanted)


def tab_to(phone: Phone, words: str) -> None:
    """Go on by Tab until the focus is on what says that."""
    for _ in range(60):
        phone.page.keyboard.press("Tab")
        said = phone.page.evaluate(
            "() => { const on = document.activeElement;"
            " return on.getAttribute('aria-label') ?? on.textContent; }"
        )
        if said.strip() == words:
            return
    raise AssertionError(f"no way by Tab to {words}")


def test_a_game_from_the_first_page_to_the_last(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """Create, sit, start, pass, interrupt, ask, hand over, take back, pause and give up."""
    me = phones()
    me.open("/")
    tab_to(me, "New game")
    me.page.keyboard.press("Enter")
    me.page.wait_for_url("**/games/new")
    tab_to(me, "Create")
    me.page.keyboard.press("Enter")
    me.page.wait_for_selector("#state", state="attached")
    code = me.state()["code"]
    others = [Person(table_server.url) for _ in range(3)]
    for number, person in enumerate(others, 2):
        assert person.post(f"/games/{code}/claim-seat", seat=number).status == 303
    tab_to(me, "Sit here, seat 1")
    me.page.keyboard.press("Enter")
    me.page.wait_for_selector('body[data-me="1"]')
    tab_to(me, "Start")
    me.page.keyboard.press("Enter")
    me.wait_state(status="running", turn="1")

    press(me, " ", turn="2", active_seat="2")
    press(me, "i", running_seats="1")
    press(me, " ", running_seats="2")
    for person in others:
        person.post(f"/games/{code}/pass-turn")
    me.wait_state(turn="5", active_seat="1")
    me.page.keyboard.press("a")
    me.page.wait_for_selector("#ask:target")
    press(me, "3", targeting="selecting", targets="3")
    press(me, "a", targeting="resolving", running_seats="3")
    others[1].post(f"/games/{code}/pass-target")
    me.wait_state(running_seats="1")
    press(me, "4", turn="6", active_seat="4")
    press(me, "u", turn="5", active_seat="1")
    press(me, "p", status="paused")
    press(me, "p", status="running")
    me.page.keyboard.press("?")
    me.page.wait_for_selector("#keys:target")
    me.page.keyboard.press("Escape")
    me.page.wait_for_selector("#keys:not(:target)", state="attached")
    assert me.violations() == []


def test_a_held_key_counts_once_and_typing_is_typing(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """A pedal stood on passes one turn of those this device plays; a name may have a space."""
    code, people = start(table_server.url, 2)
    phone = sits(phones, people[0], code)
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.keyboard.down(" ")
    phone.wait_state(turn="2")
    assert people[1].post(f"/games/{code}/pass-turn").status == 303
    phone.wait_state(turn="3")
    phone.page.wait_for_timeout(ARMED_MS)
    for _ in range(5):
        phone.page.keyboard.down(" ")  # while it is down this is a repeat
    phone.page.keyboard.up(" ")
    phone.open(f"/games/{code}#you")
    name = phone.page.locator("#form-rename-seat-name")
    name.fill("")
    name.press_sequentially("A p 2 ?")
    assert name.input_value() == "A p 2 ?"
    assert (phone.state()["turn"], phone.state()["status"]) == ("3", "running")
    assert phone.page.locator("#keys").is_hidden()


def test_time_is_up_by_number(phones: Callable[..., Phone], table_server: Server) -> None:
    """Whoever plays without a touch chooses without one."""
    code, people = start(table_server.url, 2, starting_seconds=1, bonus_seconds=0)
    phone = sits(phones, people[0], code)
    phone.wait_state(pending_seats="1")
    phone.page.wait_for_selector(".decide")
    phone.page.keyboard.press("1")
    phone.page.wait_for_selector('#seat-1[data-life="38"]', state="attached")
