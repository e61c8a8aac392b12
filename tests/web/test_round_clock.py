"""The round clock's piece on pages and in frames, and the host's form for more time."""

from __future__ import annotations

from tests.conftest import Server
from tests.person import Person, element, sit_down, start
from tests.web.page import Page

FIFTY_MS, HOUR_MS = 50 * 60_000, 60 * 60_000


def round_of(person: Person, code: str) -> dict[str, str]:
    """The attributes of #round on this person's page."""
    return element(person.get(f"/games/{code}").text, "round")


def test_it_begins_with_the_game(server: Server) -> None:
    """In the lobby there is nothing to count; then it runs, also for who only looks on."""
    code, people = sit_down(server.url, 3, round_minutes=50)
    assert round_of(people[0], code) == {}
    people[0].post(f"/games/{code}/start")
    shown = round_of(Person(server.url), code)

    assert FIFTY_MS - 5_000 < int(shown.pop("round-ms")) <= FIFTY_MS
    assert shown == {"counts": "yes", "called": "no", "end": "bell"}


def test_a_judge_call_stops_it(server: Server) -> None:
    """A break does not (rules section 13)."""
    code, people = start(server.url, 3, round_minutes=50)
    people[0].post(f"/games/{code}/pause", reason="break")
    assert round_of(people[0], code)["counts"] == "yes"
    people[0].post(f"/games/{code}/resume")
    people[0].post(f"/games/{code}/pause", reason="judge")
    assert round_of(people[0], code)["counts"] == "no"


def test_more_time_comes_in_a_frame(server: Server) -> None:
    """To every screen; the words say how much."""
    code, people = start(server.url, 3, round_minutes=50)
    ear = people[1].listen(code)
    before = ear.next()
    people[0].post(f"/games/{code}/extend-round", minutes=10, reason="judge")
    frame = ear.until(int(before.state["version"]) + 1)
    ear.close()

    assert FIFTY_MS < int(element(frame.data, "round")["round-ms"]) <= HOUR_MS
    assert "The round goes on: +10:00" in frame.data


def test_the_form_comes_back_with_its_complaint(server: Server) -> None:
    """What was typed stays in it, with and without scripts."""
    code, people = start(server.url, 3, round_minutes=50)
    wrong = {"minutes": "soon", "seconds": "", "reason": "rules"}
    for hx in (False, True):
        answer = people[0].post(f"/games/{code}/extend-round", hx=hx, **wrong)
        assert answer.status == 422
        form = Page(answer.text).by_id("form-extend-round")
        fields = {one.get("name"): one for one in form.all() if one.tag == "input"}
        assert fields["minutes"].get("value") == "soon"
        assert fields["minutes"].get("aria-invalid") == "true"
        (chosen,) = [one.get("value") for one in form.all() if "checked" in one.attributes]
        assert chosen == "rules"


def test_only_the_host_has_the_form(server: Server) -> None:
    """The others see the clock."""
    code, people = start(server.url, 3, round_minutes=50)
    with_form = ["form-extend-round" in person.get(f"/games/{code}").text for person in people]

    assert with_form == [True, False, False]
