"""The shared screen: one device in the middle of a table, or a screen across the room."""

from __future__ import annotations

import pytest

from tests.conftest import Server
from tests.person import Person, sit_down, start
from tests.web.page import Element, Page, open_page


def look(person: Person, code: str, query: str = "view=table") -> Page:
    """The shared screen as this person's browser paints it."""
    return open_page(person, f"/games/{code}?{query}")[1]


def shared(url: str, seats: int = 4, own: int = 0) -> tuple[str, list[Person]]:
    """A running game on the host's device, but for the first ``own`` seats after the host's own."""
    people = [Person(url) for _ in range(own + 1)]
    code = people[0].post("/games", players=seats).headers["location"].rsplit("/", 1)[1]
    for number, person in enumerate(people[1:], 2):
        person.post(f"/games/{code}/claim-seat", seat=number)
    assert people[0].post(f"/games/{code}/start", empty_seats="share").status == 303
    return code, people


def commands_of(page: Page, place: int) -> set[str]:
    """What can be done from a seat's own place on the screen."""
    (spot,) = [one for one in page.all("li") if one.get("data-place") == str(place)]
    addresses = [one.get("formaction") or one.get("action") or "" for one in spot.all()]
    return {where.rsplit("/", 1)[1] for where in addresses if where}


def body(page: Page) -> Element:
    """The page's body."""
    (found,) = page.all("body")
    return found


def test_shared_seats_are_played_here_others_only_shown(server: Server) -> None:
    """Whoever has a phone of their own is passed for on that phone alone."""
    code, people = shared(server.url, own=1)
    page = look(people[0], code)
    assert "tablet" in (body(page).get("class") or "").split()
    for seat in (1, 3, 4):
        assert {"pass-turn", "interrupt", "adjust-life", "undo"} <= commands_of(page, seat)
    assert commands_of(page, 2) <= {"share-seat", "toggle-target"}


def test_an_onlooker_gets_the_screen_across_the_room(server: Server) -> None:
    """No seat is played there, so nothing on it passes; the way in is on it, also during play."""
    code, _people = start(server.url)
    page = look(Person(server.url), code)
    assert "tv" in (body(page).get("class") or "").split()
    assert all(commands_of(page, seat) <= {"claim-seat"} for seat in range(1, 5))
    assert code in page.root.text().replace(" ", "") or code in page.root.text()
    assert [one for one in page.all("svg") if one.get("viewbox") or one.get("viewBox")]


def test_a_tap_without_scripts_comes_back_to_it(server: Server) -> None:
    """A form sent from the shared screen leads back to it, from the page of a phone to that."""
    code, people = shared(server.url)
    here = {"as": 1, "turn": 1}
    referer = f"{server.url}/games/{code}?view=table"
    answer = people[0].send(f"/games/{code}/pass-turn", here, {"Referer": referer})
    assert answer.headers["location"] == f"/games/{code}?view=table"
    answer = people[0].send(
        f"/games/{code}/pass-turn", {"as": 2, "turn": 2}, {"Referer": f"{server.url}/games/{code}"}
    )
    assert answer.headers["location"] == f"/games/{code}"


@pytest.mark.parametrize("referer", ["http://[", "", "view=table", "?view=table&view=phone"])
def test_an_odd_referer_is_no_fault(server: Server, referer: str) -> None:
    """Whatever a browser says it came from, the tap counts and leads to the table."""
    code, people = shared(server.url)
    fields = {"as": 1, "turn": 1}
    answer = people[0].send(f"/games/{code}/pass-turn", fields, {"Referer": referer})
    assert (answer.status, answer.headers["location"]) == (303, f"/games/{code}")


def test_a_link_makes_a_tablet_the_table_device(server: Server) -> None:
    """The host's phone stays a phone: the tablet that takes the link plays the shared seats."""
    code, people = sit_down(server.url, 2)
    host, tablet = people[0], Person(server.url)
    host.post(f"/games/{code}/add-seat")
    host.post(f"/games/{code}/share-seat", seat=3)
    link = host.send(f"/games/{code}/reconnect-link", {"for": "table"}, {}).text
    token = link.partition("/reconnect/")[2][:43]
    taken = tablet.post(f"/games/{code}/reconnect/{token}")
    assert taken.headers["location"] == f"/games/{code}?view=table"
    page = look(tablet, code)
    assert "pass-turn" in commands_of(page, 3)
    assert "pass-turn" not in commands_of(page, 1)
    less = {"as": 3, "seat": 3, "by": -1}
    assert tablet.send(f"/games/{code}/adjust-life", less, {}).status == 409  # not before it starts
    host.post(f"/games/{code}/start")
    assert tablet.send(f"/games/{code}/adjust-life", less, {}).status == 303
    assert host.send(f"/games/{code}/pass-turn", {"as": 3}, {}).status == 403


def test_counters_of_a_shared_seat_open_in_it(server: Server) -> None:
    """Poison and commander damage of any shared seat are two taps away, in the same view."""
    code, people = shared(server.url)
    (link,) = [
        one.get("href") or ""
        for one in look(people[0], code).all("a")
        if "counts-of" in (one.get("class") or "") and "of=3" in (one.get("href") or "")
    ]
    query = link.partition("?")[2].partition("#")[0]
    page = look(people[0], code, query)
    assert "table-view" in (body(page).get("class") or "").split()
    sheet = page.by_id("counters")
    assert sheet.get("data-of") == "3"
    assert {one.get("action") for one in sheet.all() if one.tag == "form"} >= {
        f"/games/{code}/adjust-counter",
        f"/games/{code}/commander-damage",
    }
