"""What controls are called follows the table, without the controls being painted again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Phone
from tests.person import Person, sit_down


def test_sheets_know_who_sat_down_later(phones: Callable[..., Phone], table_server: Any) -> None:
    """The host opened the page before the others came: its sheets must not show yesterday."""
    code, people = sit_down(table_server.url, seats=2)
    host = phones()
    cookie = {"name": "tarp", "value": people[0].cookies["tarp"], "url": table_server.url}
    host.page.context.add_cookies([cookie])
    host.open(f"/games/{code}#host")
    host.page.get_by_role("button", name="Add a seat").click()
    host.page.wait_for_selector("#seat-3[data-seat]", state="attached")
    late = Person(table_server.url)
    claimed = late.post(f"/games/{code}/claim-seat", seat=3, name="Zoë <b>")
    assert claimed.status == 303
    summary = host.page.locator('details[data-follows="3"] > summary')
    host.page.wait_for_function(
        "() => document.querySelector('details[data-follows=\"3\"] > summary').textContent"
        " === 'Zoë <b>'"
    )
    assert summary.is_visible()
    assert not host.page.locator('details[data-follows="4"]').is_visible()
    assert host.page.locator("#host").is_visible()
    people[1].post(f"/games/{code}/recolor-seat", color="magenta")
    host.page.wait_for_selector('details[data-follows="2"][data-color="magenta"]')


def test_counters_show_their_amounts(phones: Callable[..., Phone], table_server: Any) -> None:
    """A number beside its buttons, changed by any hand, mine only."""
    code, people = sit_down(table_server.url, seats=2)
    people[0].post(f"/games/{code}/start")
    phone = phones()
    cookie = {"name": "tarp", "value": people[1].cookies["tarp"], "url": table_server.url}
    phone.page.context.add_cookies([cookie])
    phone.open(f"/games/{code}#counters")
    people[0].post(f"/games/{code}/adjust-counter", counter="poison", by=4)
    people[0].post(f"/games/{code}/adjust-counter", seat=2, counter="poison", by=3)
    people[1].post(f"/games/{code}/commander-damage", source=1, commander=2, by=5)
    shown = phone.page.locator("#tally output").locator("visible=true")
    phone.page.wait_for_function(
        "() => [...document.querySelectorAll('#tally output')].length === 3"
    )
    assert sorted(shown.all_inner_texts()) == ["3", "5"]
