"""A campaign over plain forms: created, played round by round, its champion on screen."""

from __future__ import annotations

from typing import Any

import pytest

from app.game.campaign_presets import PRESETS
from tests.conftest import Server
from tests.person import Answer, Person, sit_down
from tests.web.page import Page, broken_rules

WASTELANDS: dict[str, Any] = {"mode": "campaign", "campaign": "wastelands"}


def read(person: Person, path: str) -> tuple[Answer, Page]:
    """A page that keeps the rules of this house."""
    answer = person.get(path)
    assert answer.status == 200
    page = Page(answer.text)
    assert broken_rules(page, person.url) == []
    return answer, page


def post(person: Person, path: str, status: int = 303, **fields: Any) -> Answer:
    """A form that is answered as expected."""
    answer = person.post(path, **fields)
    assert answer.status == status, answer.text
    return answer


def play_round(code: str, people: list[Person], winner: int | str = "draw") -> None:
    """Start and end a round."""
    post(people[0], f"/games/{code}/start")
    post(people[0], f"/games/{code}/finish", winner=winner, confirm="yes")


def test_the_create_form_offers_every_campaign(server: Server) -> None:
    """Each with its name and what it is about; one game is what most people want."""
    _, page = read(Person(server.url), "/games/new")
    radios = [e for e in page.root.all() if e.get("type") == "radio"]
    assert [e.get("value") for e in radios if e.get("name") == "campaign"] == list(PRESETS)
    checked = {e.get("name"): e.get("value") for e in radios if "checked" in e.attributes}
    assert (checked["mode"], checked["campaign"]) == ("casual", "standard")
    words = page.root.text()
    assert all(preset.name in words and preset.story in words for preset in PRESETS.values())


def test_the_form_as_it_is_painted_creates_a_campaign(server: Server) -> None:
    """Its clock fields come along and are not looked at."""
    person = Person(server.url)
    _, page = read(person, "/games/new")
    form = next(e for e in page.root.all() if e.get("id") == "form-create")
    fields: dict[str, Any] = {}
    for element in form.all():
        kind, name = element.get("type"), element.get("name")
        ticked = kind not in ("radio", "checkbox") or "checked" in element.attributes
        if element.tag == "input" and name and ticked:
            fields[name] = element.get("value")
    fields |= WASTELANDS | {"starting_minutes": "a lot", "starting_life": "99"}
    created = post(person, "/games", **fields)
    answer = person.get(created.headers["location"])
    assert answer.state["campaign"] == "wastelands"
    assert answer.seat(1)["life"] == "10"
    assert answer.seat(1)["remaining-ms"] == "360000"


def test_a_campaign_nobody_offers_comes_back_with_a_complaint(server: Server) -> None:
    """What was typed still stands in it."""
    person = Person(server.url)
    answer = post(person, "/games", 422, mode="campaign", campaign="tetris", name="Friday")
    assert "Friday" in answer.text
    assert broken_rules(Page(answer.text), person.url) == []


def test_the_lobby_tells_the_chapter(server: Server) -> None:
    """Story, round, cards, clock, life, in the colours of the campaign."""
    code, people = sit_down(server.url, 2, **WASTELANDS)
    answer, page = read(people[0], f"/games/{code}")
    told = next(e for e in page.root.all() if e.get("id") == "chapter").text()
    for words in (
        "Round 1 of 3",
        "5 cards",
        "6:00 +0:30",
        "10 life",
        PRESETS["wastelands"].chapters[0],
    ):
        assert words in told
    assert 'data-theme="wastelands"' in answer.text
    assert answer.state["round"] == "1"
    assert answer.seat(2)["points"] == "0"


def test_a_casual_game_shows_nothing_of_it(server: Server) -> None:
    """No chapter, no theme, no points."""
    code, people = sit_down(server.url, 2)
    answer, page = read(people[0], f"/games/{code}")
    chapter = next(e for e in page.root.all() if e.get("id") == "chapter")
    assert "hidden" in chapter.attributes
    assert "data-theme" not in answer.text
    assert "campaign" not in answer.state
    assert answer.seat(1)["points"] == ""


def test_points_show_at_once(server: Server) -> None:
    """Life lost by the own hand is the active seat's; the channel tells everybody."""
    code, people = sit_down(server.url, 3, **WASTELANDS)
    post(people[0], f"/games/{code}/start")
    ear = people[2].listen(code)
    try:
        frame = ear.next()
        post(people[1], f"/games/{code}/adjust-life", by=-5)
        frame = ear.until(int(frame.state["version"]) + 1)
    finally:
        ear.close()
    assert 'data-points="5"' in frame.data
    assert "5 points" in frame.data


@pytest.mark.parametrize("asker", [0, 1])
def test_the_host_or_a_holder_opens_the_next_round(server: Server, asker: int) -> None:
    """From the finished round's page into the lobby of the next."""
    code, people = sit_down(server.url, 2, **WASTELANDS)
    play_round(code, people, 2)
    finished, page = read(people[asker], f"/games/{code}")
    button = next(e for e in page.root.all() if "next-round" in (e.get("class") or ""))
    assert button.get("formaction") == f"/games/{code}/next-round"
    turn, grant = finished.state["turn"], finished.state["grant"]
    post(people[asker], f"/games/{code}/next-round", turn=turn, grant=grant)
    answer, _ = read(people[asker], f"/games/{code}")
    assert (answer.state["status"], answer.state["round"]) == ("waiting", "2")
    assert answer.state["starter"] == "2"
    late = post(people[1 - asker], f"/games/{code}/next-round", turn=turn, grant=grant)
    assert late.status == 303
    assert people[0].get(f"/games/{code}").state["round"] == "2"


def test_a_spectator_opens_no_round(server: Server) -> None:
    """They see everything, and control nothing."""
    code, people = sit_down(server.url, 2, **WASTELANDS)
    play_round(code, people)
    onlooker = Person(server.url)
    assert onlooker.post(f"/games/{code}/next-round").status == 403
    answer, page = read(onlooker, f"/games/{code}")
    assert answer.state["status"] == "finished"
    assert not [e for e in page.root.all() if "next-round" in (e.get("class") or "")]


def test_a_round_is_no_more_than_opened(server: Server) -> None:
    """Refused in words outside a campaign and outside its rounds."""
    code, people = sit_down(server.url, 2)
    play_round(code, people)
    assert "not a campaign" in post(people[0], f"/games/{code}/next-round", 409).text
    code, people = sit_down(server.url, 2, **WASTELANDS)
    post(people[0], f"/games/{code}/next-round", 409)


def test_the_settings_of_a_campaign_keep_its_clock(server: Server) -> None:
    """The host's form may send what it likes of clock and life."""
    code, people = sit_down(server.url, 2, **WASTELANDS)
    path = f"/games/{code}/update-settings"
    post(people[0], path, starting_minutes="x", starting_life=3, on_timeout="out")
    answer = people[0].get(f"/games/{code}")
    assert (answer.seat(1)["life"], answer.seat(1)["remaining-ms"]) == ("10", "360000")


def test_the_champion_stays_with_the_whole_table(server: Server) -> None:
    """The last round's end shows whose campaign it is, every round beside every name."""
    code, people = sit_down(server.url, 2, mode="campaign", campaign="standard")
    for number in range(1, 4):
        play_round(code, people, 2)
        if number < 3:
            post(people[1], f"/games/{code}/next-round")
    answer, page = read(people[0], f"/games/{code}")
    assert answer.state["champions"] == "2"
    notice = next(e for e in page.root.all() if e.get("id") == "notice")
    assert "Champion" in notice.text()
    rows = [e for e in notice.all() if e.get("data-rank")]
    assert [row.get("data-of") for row in rows] == ["2", "1"]
    cells = [e for e in rows[0].all() if e.tag == "li" and not e.get("data-of")]
    assert len(cells) == 3
    assert "The campaign is over" in post(people[0], f"/games/{code}/next-round", 409).text
