"""The server goes and comes back while phones look on: nobody has to touch anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Phone
from tests.conftest import Server
from tests.person import start


def test_phones_come_back_after_a_crash(phones: Callable[..., Phone], table_server: Server) -> None:
    """A watching phone finds the table by itself; the clock waits for whose turn it is."""
    code, people = start(table_server.url)
    onlooker, player = phones(), phones()
    cookie: dict[str, Any] = {"name": "tarp", "url": table_server.url}
    onlooker.page.context.add_cookies([{**cookie, "value": people[2].cookies["tarp"]}])
    onlooker.open(f"/games/{code}")
    onlooker.wait_state(status="running")
    onlooker.page.wait_for_timeout(300)
    people[1].post(f"/games/{code}/adjust-life", by=-5)
    onlooker.page.wait_for_selector('#seat-2[data-life="35"]', state="attached")

    table_server.kill()
    onlooker.page.wait_for_selector("body.offline")
    table_server.start()
    onlooker.page.wait_for_selector("body:not(.offline)", timeout=12_000)
    onlooker.wait_state(outage="yes")
    held = onlooker.page.locator('#seat-1 .clk.on[data-running="no"]')
    assert held.is_visible()

    player.page.context.add_cookies([{**cookie, "value": people[0].cookies["tarp"]}])
    player.open(f"/games/{code}")
    onlooker.page.wait_for_selector('#seat-1 .clk.on[data-running="yes"]')
    player.page.locator("button.pass").locator("visible=true").click()
    onlooker.wait_state(turn="2", active_seat="2")
    assert onlooker.seat(2)["life"] == "35"
    for phone in (onlooker, player):
        phone.complaints.clear()  # the browser itself says that a connection was refused
