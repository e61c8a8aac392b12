"""The wall: many tables on one screen, for whoever organises an event."""

from __future__ import annotations

import re
import time

import pytest

from app.factory import create_app
from app.settings import Settings
from tests.conftest import Server
from tests.person import Person, sit_down, start
from tests.web.page import Element, Page, broken_rules

ROUND = {"round_minutes": 80, "round_end": "turns"}


def look(server: Server, *codes: str) -> dict[str, Element]:
    """What a stranger's wall shows of these tables, by code, in its order."""
    person = Person(server.url)
    answer = person.get(f"/wall?codes={','.join(codes)}")
    assert answer.status == 200, answer.text
    page = Page(answer.text)
    assert broken_rules(page, person.url) == []
    return {card.attributes["data-code"]: card for card in page.all("li") if card.get("data-code")}


def clocks(card: Element) -> list[Element]:
    """The clocks of seats on a card."""
    return [one for one in card.all() if one.get("data-remaining-ms") is not None]


def has_class(card: Element, name: str) -> list[Element]:
    """What carries a class on a card."""
    return [one for one in card.all() if name in (one.get("class") or "").split()]


def test_a_running_table_shows_whose_clock_runs(server: Server) -> None:
    """Name, code, turn, who, how much is left, and the round."""
    code, people = start(server.url, 4, name="Friday pod", **ROUND)
    people[0].post(f"/games/{code}/pass-turn", turn=1)
    card = look(server, code)[code]

    assert card.get("data-status") == "running"
    for words in ("Friday pod", code, "Turn 2", "Player 2"):
        assert words in card.text()
    (clock,) = clocks(card)
    assert clock.get("data-running") == "yes"
    assert 1_229_000 < int(clock.attributes["data-remaining-ms"]) <= 1_230_000
    (round_clock,) = [one for one in card.all() if one.get("role") == "timer"]
    assert (round_clock.get("aria-label") or "").startswith("Round: 1 hour ")


def test_all_who_are_asked_are_shown(server: Server) -> None:
    """While several respond, several clocks run."""
    code, people = start(server.url, 4)
    for seat in (2, 3):
        people[0].post(f"/games/{code}/toggle-target", seat=seat)
    people[0].post(f"/games/{code}/confirm-targets")

    assert [one.get("data-running") for one in clocks(look(server, code)[code])] == ["yes"] * 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on_timeout": "choice"}, "Has to choose"),
        ({"on_timeout": "overtime"}, "Overtime"),
        ({"on_timeout": "out"}, "Out of time"),
    ],
)
def test_who_ran_out_is_flagged(server: Server, fields: dict[str, str], words: str) -> None:
    """That is what an organiser walks over for."""
    code, people = start(server.url, 3, starting_seconds=1, bonus_seconds=300, **fields)
    latest = time.monotonic() + 5
    ran_out = 'data-kind="time-out"'
    while ran_out not in people[0].get(f"/games/{code}").text and time.monotonic() < latest:
        time.sleep(0.1)
    (flags,) = has_class(look(server, code)[code], "flags")

    assert "Player 1" in flags.text()
    assert words in flags.text()


def test_a_pause_says_why_and_how_long(server: Server) -> None:
    """A judge call counts up, so that the longest is seen first."""
    code, people = start(server.url, 3, **ROUND)
    people[1].post(f"/games/{code}/pause", reason="judge")
    card = look(server, code)[code]

    assert card.get("data-status") == "paused"
    assert "Judge call" in card.text()
    assert "Player 2 stopped the clocks" in card.text()
    assert clocks(card) == []
    assert has_class(card, "up")


def test_an_end_and_a_beginning(server: Server) -> None:
    """Who has won, and how many have sat down."""
    over, people = start(server.url, 3)
    people[0].post(f"/games/{over}/finish", winner=2, confirm="yes")
    waiting, _ = sit_down(server.url, 2, name="The last pod")
    cards = look(server, over, waiting)

    assert list(cards) == [over, waiting]
    assert "Player 2" in cards[over].text()
    assert "wins" in cards[over].text()
    assert "2 of 2" in cards[waiting].text()


def test_what_is_not_there_is_said_politely(server: Server) -> None:
    """One wrong code must not take the other tables off the wall."""
    code, _ = start(server.url, 3)
    closed, people = start(server.url, 3)
    people[0].post(f"/games/{closed}/close", confirm="yes")
    cards = look(server, "BCDFGH", closed, "no<b>code", code)

    assert "There is no game with this code." in cards["BCDFGH"].text()
    assert "closed" in cards[closed].text()
    assert "That is not a code." in cards["NO<B>CODE"].text()
    assert cards[code].get("data-status") == "running"


def test_each_table_stands_there_once(server: Server) -> None:
    """However its code was typed; at most 24 of them, and the page says so."""
    code, _ = start(server.url, 3)
    typed = f"{code[:3]}-{code[3:]}".lower()
    assert list(look(server, code, typed, "", code)) == [code]

    other, _ = start(server.url, 2)
    assert list(look(server, f"{code}%20{other.lower()}")) == [code, other]
    assert list(look(server, f"{code[:3]}%20{code[3:]}")) == [code]

    many = [f"BCDF{a}{b}" for a in "GHJKL" for b in "MNPQRS"]
    assert list(look(server, *many)) == many[:24]
    assert "The first 24 of 30" in Person(server.url).get(f"/wall?codes={','.join(many)}").text


def test_it_comes_again_by_itself(server: Server) -> None:
    """Without a script; but not while somebody types codes into it."""
    code, _ = start(server.url, 3)
    person = Person(server.url)
    again = '<meta http-equiv="refresh"'

    assert again in person.get(f"/wall?codes={code}").text
    empty = person.get("/wall")
    assert again not in empty.text
    assert broken_rules(Page(empty.text), person.url) == []
    assert 'name="codes"' in empty.text


def test_looking_is_not_being_there(settings: Settings) -> None:
    """A wall in the hall would otherwise keep every forgotten table from pausing itself."""
    instant = 1_800_000_000_000
    app = create_app(settings, now=lambda: instant)
    with app.test_client() as host, app.test_client() as onlooker:
        code = host.post("/games", data={"players": 2}).headers["Location"].rsplit("/", 1)[1]
        host.post(f"/games/{code}/claim-seat", data={"seat": 1})
        host.post(f"/games/{code}/start", data={"empty_seats": "share"})
        table = app.extensions["table"]
        before = table.presence(code).nobody_since(table.look(code))
        instant += 60_000
        for browser in (host, onlooker):
            assert code in browser.get(f"/wall?codes={code}").text
        after = table.presence(code).nobody_since(table.look(code))

    assert before is not None
    assert before == after


def test_nobody_behind_a_seat_is_named(settings: Settings) -> None:
    """The wall hangs in public; the ids of browsers are what seats are held by."""
    app = create_app(settings)
    with app.test_client() as host:
        code = host.post("/games", data={"players": 2}).headers["Location"].rsplit("/", 1)[1]
        host.post(f"/games/{code}/claim-seat", data={"seat": 1})
        host.post(f"/games/{code}/start", data={"empty_seats": "share"})
        text = host.get(f"/wall?codes={code}").text
        client = app.extensions["table"].look(code).host

    assert client
    assert client not in text
    assert not re.search(r"token|client", text)
