"""What happened at a table: its story, its export, its ribbons, its results."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from app.factory import create_app
from app.game.time_control import CONTROLS
from app.settings import HOUSE, Settings
from app.storage.contract import CREATE, Save
from app.storage.sql import SqlStorage
from tests.conftest import Server
from tests.game.cast import ADA, BEN, CLEO, MINUTE, SECOND, Sitting, finished, running
from tests.game.played import evening
from tests.person import Person, sit_down, start
from tests.web.page import Element, Page, open_page

SCHEMA = json.loads((HOUSE / "static/schemas/ledger-1.json").read_text())
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"

Keep = Callable[[Sitting], str]


@pytest.fixture(scope="module")
def keep(server: Server) -> Keep:
    """Store a table that was played elsewhere, ledger and all; its code."""
    storage = SqlStorage(server.environment["DATABASE_URL"])
    dealt = iter(range(len(LETTERS) ** 2))

    def store(table: Sitting) -> str:
        high, low = divmod(next(dealt), len(LETTERS))
        code = f"2222{LETTERS[high]}{LETTERS[low]}"
        storage.save(Save(replace(table.beginning, code=code), CREATE, (), None))
        stored = 0
        for first in range(0, len(table.entries), 500):
            entries = tuple(table.entries[first : first + 500])
            game = replace(table.game, code=code, version=entries[-1].seq)
            storage.save(Save(game, stored, entries, None))
            stored = game.version
        return code

    return store


def lines(page: Page) -> list[Element]:
    """The lines of a story."""
    return [one for one in page.all("li") if one.get("data-event")]


def said(line: Element) -> str:
    """What a line says, its times apart; names come after the words around them."""
    (words,) = [one for one in line.children if one.tag == "div"]
    return " ".join(words.text().split())


# ---- the story


def test_a_story_of_a_real_table(server: Server) -> None:
    """Everybody may read it, the page is for no cache and no search engine."""
    code, (host, guest) = start(server.url, 2)
    guest.post(f"/games/{code}/rename-seat", name="<b>Zoë</b>")
    for _ in range(4):
        guest.post(f"/games/{code}/adjust-life", by=-1)
    host.post(f"/games/{code}/pass-turn")
    host.post(f"/games/{code}/undo")
    host.post(f"/games/{code}/pause", reason="judge")
    for person in (host, guest, Person(server.url)):
        answer, page = open_page(person, f"/games/{code}/ledger")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
    assert "&lt;b&gt;Zoë&lt;/b&gt;" in answer.text
    assert "<b>Zoë" not in answer.text
    events = [line.get("data-event") for line in lines(page)]
    assert events == [
        *("seat-claimed", "seat-claimed", "started", "seat-renamed"),
        *("life-adjusted", "turn-passed", "undone", "paused"),
    ]
    by_event = {line.get("data-event"): line for line in lines(page)}
    assert "\u22124" in said(by_event["life-adjusted"])
    assert "is 36" in said(by_event["life-adjusted"])
    assert by_event["life-adjusted"].get("data-color") == "sky"
    assert by_event["turn-passed"].get("data-undone") == "yes"
    assert "taken back by" in said(by_event["turn-passed"])
    assert [one.tag for one in by_event["turn-passed"].all() if one.tag == "s"] == ["s"]
    assert "judge call" in said(by_event["paused"])
    headings = [" ".join(one.text().split()) for one in page.all("h2")]
    assert headings[:2] == ["Lobby", "Turn 1 Player 1"]


def test_sittings_newest_first_each_with_its_result(keep: Keep, server: Server) -> None:
    """Three rematches later the first evening is still two taps away."""
    table = finished()
    for winner in (2, 3):
        table.play("reset", ADA, table.now + MINUTE, confirm="yes")
        table.play("start", ADA, table.now + SECOND)
        table.play("finish", ADA, table.now + MINUTE, winner=winner, confirm="yes")
    code = keep(table)
    _, page = open_page(Person(server.url), f"/games/{code}/ledger")
    (nav,) = [one for one in page.all("nav") if one.get("aria-label") == "Sittings"]
    rows = [one for one in nav.children if one.tag == "p"]
    told = [" ".join(row.text().split()) for row in rows]
    assert [words.split()[1] for words in told] == ["3", "2", "1"]
    assert "Cleo wins" in told[0]
    assert "Ben wins" in told[1]
    assert "A draw" in told[2]
    assert [line.get("data-event") for line in lines(page)] == ["started", "finished"]
    links = [link.get("href") or "" for row in rows for link in row.all() if link.tag == "a"]
    assert links[-1] == f"/games/{code}/result/1"
    _, first = open_page(Person(server.url), links[-2])
    assert lines(first)[0].get("id") == "e1"
    assert said(lines(first)[-1]) == "goes back to the lobby Ada"


def test_a_very_long_evening_is_read_in_pages(keep: Keep, server: Server) -> None:
    """Every entry on exactly one page, from the newest page back to the first one."""
    table = evening(5, 4000, "bonus", may_end=False)
    assert len(table.entries) > 700
    code = keep(table)
    person = Person(server.url)
    _, newest = open_page(person, f"/games/{code}/ledger")
    (nav,) = [one for one in newest.all("nav") if one.get("aria-label") == "Sittings"]
    beginnings = [row.children[0].get("href") for row in nav.children]
    told: list[int] = []
    for beginning in reversed(beginnings):
        path = beginning
        while path:
            _, page = open_page(person, path)
            told += [int((line.get("id") or "")[1:]) for line in lines(page)]
            assert len(lines(page)) <= 250
            path = {one.text(): one.get("href") for one in page.all("a")}.get("Later")
    assert told == sorted(set(told))
    assert told[-1] == int((lines(newest)[-1].get("id") or "")[1:])
    grouped = {entry.seq for entry in table.entries if "group" in entry.facts}
    assert {entry.seq for entry in table.entries} - set(told) <= grouped


@pytest.mark.parametrize("wanted", ["0", "-1", "x", "999999", "99999999999999999999", "\u0663", ""])
def test_an_odd_place_in_the_story(keep: Keep, server: Server, wanted: str) -> None:
    """A link somebody cut off leads to the newest page, not to a mistake of ours."""
    code = keep(running())
    person = Person(server.url)
    _, page = open_page(person, f"/games/{code}/ledger?from={quote(wanted)}")
    assert lines(page)


def test_a_lobby_has_a_story_too(server: Server) -> None:
    """Who sat down; and a table nobody touched says so."""
    host = Person(server.url)
    code = host.post("/games").headers["location"].rsplit("/", 1)[1]
    assert "Nothing has happened here yet." in open_page(host, f"/games/{code}/ledger")[0].text
    host.post(f"/games/{code}/claim-seat", seat=1)
    _, page = open_page(host, f"/games/{code}/ledger")
    assert [said(line) for line in lines(page)] == ["sits down Player 1"]


# ---- the export


def test_the_schema_is_a_schema_and_is_served(server: Server) -> None:
    """Whoever imports a ledger finds what its fields mean where the export points."""
    Draft202012Validator.check_schema(SCHEMA)
    answer = Person(server.url).get(SCHEMA["$id"])
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.text) == SCHEMA


def exported(person: Person, code: str) -> dict[str, Any]:
    """A table's export, held against the schema."""
    answer = person.get(f"/games/{code}/ledger.json")
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    name = f'attachment; filename="tap-or-tarp-{code}-ledger.json"'
    assert answer.headers["content-disposition"] == name
    export: dict[str, Any] = json.loads(answer.text)
    mistakes = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(export)]
    assert mistakes == []
    for client in (ADA, BEN, CLEO):
        assert client not in answer.text
    return export


@pytest.mark.parametrize("control", CONTROLS)
def test_real_exports_keep_the_schema(keep: Keep, server: Server, control: str) -> None:
    """Random evenings with every command, every control, every undo."""
    for seed in (1, 2):
        table = evening(seed, 200, control)
        export = exported(Person(server.url), keep(table))
        assert [one["seq"] for one in export["entries"]] == [e.seq for e in table.entries]
        assert export["version"] == table.game.version
        for one in export["entries"]:
            if one["undone_by"] is not None:
                undo = export["entries"][one["undone_by"] - 1]
                assert one["seq"] in undo["facts"]["undid"]


def test_an_export_leads_to_the_newest_table(keep: Keep, server: Server) -> None:
    """The changes, put one on the other, are what everybody saw in the end."""
    table = evening(3, 400, "fischer")
    export = exported(Person(server.url), keep(table))
    game = export["beginning"]
    seats = {seat["number"]: seat for seat in export["seats"]}
    for entry in export["entries"]:
        for change in entry["changes"]:
            target = seats.setdefault(change["seat"], {}) if change["seat"] else game
            if change["field"] == "":
                seats[change["seat"]] = dict(change["now"] or {})
            else:
                assert target[change["field"]] == change["was"]
                target[change["field"]] = change["now"]
    for number, seat in table.game.seats.items():
        found = seats[number]
        assert (found["life"], found["bank_ms"], found["used_ms"], found["name"]) == (
            *(seat.life, seat.bank_ms, seat.used_ms, seat.name),
        )
        assert found["taken"] == (seat.holder is not None)
    assert (game["status"], game["turn"]) == (table.game.status, table.game.turn)


def test_an_export_without_entries(server: Server) -> None:
    """A table nobody touched yet is a whole document too."""
    host = Person(server.url)
    code = host.post("/games").headers["location"].rsplit("/", 1)[1]
    assert exported(host, code)["entries"] == []


# ---- the ribbons


def test_the_ribbons_are_served(keep: Keep, server: Server) -> None:
    """As a picture that may stand anywhere, the newest sitting or an older one."""
    table = finished()
    table.play("reset", ADA, MINUTE, confirm="yes")
    table.play("start", ADA, 2 * MINUTE)
    table.play("pause", ADA, 3 * MINUTE)
    code = keep(table)
    person = Person(server.url)
    newest = person.get(f"/games/{code}/timeline.svg")
    assert newest.status == 200
    assert newest.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert newest.headers["cache-control"] == "no-cache"
    assert "Paused" in newest.text
    again = person.get(f"/games/{code}/timeline.svg", **{"If-None-Match": newest.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    old = person.get(f"/games/{code}/timeline.svg?sitting=1")
    # The answer may carry a cookie of its own: no cache may hand it to two people.
    assert old.headers["cache-control"] == "private, max-age=86400"
    assert old.headers["x-robots-tag"] == "noindex"
    assert "A draw" in old.text
    assert newest.text == person.get(f"/games/{code}/timeline.svg?sitting=2").text
    assert person.get(f"/games/{code}/timeline.svg?sitting=3").status == 404
    assert person.get(f"/games/{code}/timeline.svg?sitting=x").status == 200


def test_a_lobby_has_no_ribbons_and_no_result(server: Server) -> None:
    """In words, like every page that is not there."""
    code, (host, _) = sit_down(server.url, 2)
    for path in ("timeline.svg", "result", "result/1"):
        open_page(host, f"/games/{code}/{path}", 404)


# ---- the result


def cells(page: Page) -> dict[str, dict[str, str]]:
    """The table of figures, by seat and column."""
    rows = [one for one in page.all("tr") if one.get("data-seat")]
    return {
        row.get("data-seat") or "": {
            cell.get("data-label") or "": cell.text() for cell in row.children if cell.tag == "td"
        }
        for row in rows
    }


def test_a_result_tells_everything(keep: Keep, server: Server) -> None:
    """The winner, the ribbons, every seat's figures, the pauses, and where to go from here."""
    table = running(bonus_seconds=0, starting_seconds=60, on_timeout="overtime")
    table.play("interrupt", BEN, 10 * SECOND)
    table.play("pass-priority", BEN, 15 * SECOND)
    table.play("pass-turn", ADA, 90 * SECOND)
    table.play("pause", CLEO, 95 * SECOND, reason="rules")
    table.play("resume", CLEO, 5 * MINUTE)
    table.play("pass-turn", BEN, 5 * MINUTE + 5 * SECOND)
    table.play("finish", ADA, 6 * MINUTE, winner=2, confirm="yes")
    code = keep(table)
    answer, page = open_page(Person(server.url), f"/games/{code}/result/1")
    assert answer.headers["x-robots-tag"] == "noindex"
    assert page.all("h1")[0].text().split() == ["Ben"]
    assert len([one for one in page.all("svg") if one.get("class") == "timeline"]) == 1
    told = cells(page)
    assert list(told) == ["2", "1", "3"]
    figures = {"Used": "1:25", "Turns": "1", "Longest": "1:25", "Mean": "1:25"}
    rest = {"Interrupts": "\u2013", "Time-outs": "1", "Overtime": "-0:25"}
    assert told["1"] == figures | rest
    assert told["2"]["Interrupts"] == "1 \u00b7 0:05"
    (pauses,) = page.all("dl")
    assert pauses.text().split() == ["Rules", "question", "3:25"]
    links = {link.text(): link.get("href") for link in page.all("a")}
    assert links["Ledger"] == f"/games/{code}/ledger?from=1"
    assert links["Share"] == f"{server.url}/games/{code}/result/1"
    assert links["Again"] == f"/games/{code}#again"


def test_a_sitting_so_far(server: Server) -> None:
    """In a pause everybody sees who used what; the address is that of the result to come."""
    code, (host, guest) = start(server.url, 2)
    host.post(f"/games/{code}/pause", reason="break")
    short = guest.get(f"/games/{code}/result")
    assert (short.status, short.headers["location"]) == (303, f"/games/{code}/result/1")
    _, page = open_page(guest, f"/games/{code}/result/1")
    assert page.all("h1")[0].text() == "So far"
    assert list(cells(page)) == ["1", "2"]
    host.post(f"/games/{code}/finish", winner="draw", confirm="yes")
    assert open_page(guest, f"/games/{code}/result/1")[1].all("h1")[0].text() == "A draw"
    host.post(f"/games/{code}/undo")
    assert open_page(guest, f"/games/{code}/result/1")[1].all("h1")[0].text() == "So far"


def test_a_campaigns_round_stands_with_its_result(server: Server) -> None:
    """Each round is a sitting of its own; its result says who is ahead."""
    code, (host, guest) = start(server.url, 2, mode="campaign", campaign="blitz")
    guest.post(f"/games/{code}/concede")
    answer, page = open_page(guest, f"/games/{code}/result/1")
    (standings,) = [one for one in page.all("div") if one.get("class") == "standings"]
    assert [one.get("data-of") for one in standings.all() if one.get("data-of")] == ["1", "2"]
    assert host.post(f"/games/{code}/next-round").status == 303
    answer, _ = open_page(guest, f"/games/{code}/ledger?from=1")
    assert "books round 1 and opens the next" in answer.text


def test_a_sitting_that_was_left_has_no_result(server: Server) -> None:
    """What was reset or closed before it ended is told in the ledger and won by nobody."""
    code, (host, guest) = start(server.url, 2)
    host.post(f"/games/{code}/reset", confirm="yes")
    open_page(guest, f"/games/{code}/result/1", 404)
    answer, _ = open_page(guest, f"/games/{code}/ledger?from=1")
    assert "Not finished" in answer.text
    assert "/result/" not in answer.text


def test_an_old_result_offers_no_rematch(keep: Keep, server: Server) -> None:
    """Its Again would reset the table that is played now."""
    table = finished()
    table.play("reset", ADA, MINUTE, confirm="yes")
    table.play("start", ADA, 2 * MINUTE)
    code = keep(table)
    _, page = open_page(Person(server.url), f"/games/{code}/result/1")
    links = {link.text(): link.get("href") for link in page.all("a")}
    assert "Again" not in links
    assert links["Table"] == f"/games/{code}"


def test_a_closed_table_can_still_be_read(server: Server) -> None:
    """People were sent home; what they played is kept for them."""
    code, (host, guest) = start(server.url, 2)
    host.post(f"/games/{code}/finish", winner=2, confirm="yes")
    host.post(f"/games/{code}/close", confirm="yes")
    assert guest.get(f"/games/{code}").status == 410
    for path in ("ledger", "result/1"):
        open_page(guest, f"/games/{code}/{path}")
    exported(guest, code)
    assert guest.get(f"/games/{code}/timeline.svg").status == 200


@pytest.mark.parametrize("path", ["ledger", "ledger.json", "timeline.svg", "result", "result/1"])
@pytest.mark.parametrize("code", ["ZZZZZZ", "AAAAAA", "x", "'--"])
def test_no_such_table(server: Server, code: str, path: str) -> None:
    """A code nobody dealt is answered in words at each of these addresses."""
    open_page(Person(server.url), f"/games/{code}/{path}", 404)


def test_reading_the_ledger_is_being_there(settings: Settings) -> None:
    """A host who looks something up for six minutes is not away."""
    instant = 1_800_000_000_000
    app = create_app(settings, now=lambda: instant)
    with app.test_client() as host:
        code = host.post("/games", data={"players": 2}).headers["Location"].rsplit("/", 1)[1]
        table = app.extensions["table"]
        for _ in range(12):
            instant += 30_000
            assert host.get(f"/games/{code}/ledger").status_code == 200
        game = table.look(code)
        assert table.presence(code).host_away_ms(game, instant) == 0
