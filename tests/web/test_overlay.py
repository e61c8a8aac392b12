"""The overlay: a table over somebody's stream. It only looks, and is nobody."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from app.factory import create_app
from app.settings import Settings
from tests.conftest import Server
from tests.person import Ear, Person, sit_down, start
from tests.web.page import Page, broken_rules, open_page

CONTROLS = frozenset({"form", "button", "a", "select", "textarea", "details", "share-link"})


def overlay(person: Person, code: str, query: str = "") -> Page:
    """The overlay as a browser source gets it."""
    return open_page(person, f"/games/{code}?view=overlay{query}")[1]


@pytest.mark.parametrize("status", ["waiting", "running", "paused", "finished"])
def test_there_is_nothing_to_press(server: Server, status: str) -> None:
    """Also for the host, whose browser may be the one that streams."""
    code, people = sit_down(server.url, 3)
    for command, fields in (
        ("start", {}),
        ("pause", {"reason": "judge"}),
        ("finish", {"winner": "2", "confirm": "yes"}),
    ):
        if overlay(people[0], code).by_id("state").get("data-status") == status:
            break
        people[0].send(f"/games/{code}/{command}", fields, {})
    page = overlay(people[0], code)
    assert page.by_id("state").get("data-status") == status
    assert [one.tag for one in page.all() if one.tag in CONTROLS] == []
    assert {one.get("type") for one in page.all("input")} <= {"hidden"}
    assert [one for one in page.all() if one.get("hx-post")] == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("&scale=49", "From 50 to 400"),
        ("&scale=401", "From 50 to 400"),
        ("&scale=big", "from 50 to 400"),
        ("&scale=", "from 50 to 400"),
        ("&size=huge", "One of small, medium, large"),
        ("&theme=pink", "One of dark, light"),
        ("&layout=" + quote("<b>"), "One of column, row"),
    ],
)
def test_what_there_is_not_is_refused_in_words(server: Server, query: str, sentence: str) -> None:
    """A streamer who mistypes an address sees which part of it, and what would be right."""
    code, _people = start(server.url, 2)
    answer = Person(server.url).get(f"/games/{code}?view=overlay{query}")
    assert answer.status == 422
    assert sentence in answer.text
    assert f"{query[1:].partition('=')[0].capitalize()}: " in answer.text
    assert broken_rules(Page(answer.text), server.url) == []


@pytest.mark.parametrize("query", ["&scale=50", "&scale=400&size=large", "&theme=light&layout=row"])
def test_sizes_and_themes_by_address(server: Server, query: str) -> None:
    """All of them are said on the page, for its style alone to read."""
    code, _people = start(server.url, 2)
    (body,) = overlay(Person(server.url), code, query).all("body")
    for pair in query.strip("&").split("&"):
        name, _, value = pair.partition("=")
        if name == "scale":
            digits = "".join(body.get(f"data-{one}") or "" for one in "cde")
            assert int(digits) == int(value)
        else:
            assert body.get(f"data-{ {'theme': 'ground'}.get(name, name) }") == value


def test_it_hears_every_change(server: Server) -> None:
    """The channel its page names brings the table, like any onlooker's."""
    code, people = start(server.url, 2)
    onlooker = Person(server.url)
    page = overlay(onlooker, code)
    (line,) = [one.get("sse-connect") or "" for one in page.all() if one.get("sse-connect")]
    assert line.endswith("&view=overlay")
    ear = Ear(server.url, line, onlooker.cookie())
    try:
        version = int(page.by_id("state").get("data-version") or 0)
        people[0].post(f"/games/{code}/adjust-life", by=-3)
        frame = ear.until(version + 1)
        assert 'data-life="37"' in frame.data
        assert "page-turn" not in frame.data
    finally:
        ear.close()


def test_whose_browser_it_runs_in_is_not_there(settings: Settings) -> None:
    """A stream runs on when its player has gone home: their clock must be stopped all the same."""
    instant = 1_800_000_000_000
    app = create_app(settings, now=lambda: instant)
    with app.test_client() as host:
        code = host.post("/games", data={"players": 2}).headers["Location"].rsplit("/", 1)[1]
        host.post(f"/games/{code}/claim-seat", data={"seat": 1})
        host.post(f"/games/{code}/start", data={"empty_seats": "share"})
        table = app.extensions["table"]
        before = table.presence(code).nobody_since(table.look(code))
        instant += 60_000
        assert code in host.get(f"/games/{code}?view=overlay").text
        line = host.get(f"/games/{code}/events?since=-1&view=overlay")
        listening = table.presence(code).channels()
        during = table.presence(code).nobody_since(table.look(code))
        line.close()
        after = table.presence(code).nobody_since(table.look(code))
    assert listening == 1
    assert before is not None
    assert (during, after) == (before, before)
