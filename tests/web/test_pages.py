"""Every page for everybody: what browsers, screen readers and tools may rely on."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

import brotli
import pytest

from app.game.commands import COMMANDS
from tests.conftest import Server
from tests.person import Person, sit_down, start
from tests.web.page import Element, Page, broken_rules, open_page

OPERATOR = "the operator's own token"
STATE = {
    "data-code", "data-version", "data-status", "data-turn", "data-grant", "data-active-seat",
    "data-running-seats",
}  # fmt: skip
SEAT = {"data-seat", "data-out", "data-holder", "data-pending", "data-life", "data-points"}


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """An operator who may read feedback."""
    return {"OPERATOR_TOKEN": OPERATOR}


@dataclass
class Cast:
    """Who looks, and at which table."""

    code: str
    host: Person
    holder: Person
    stranger: Person


TABLES = ("waiting", "running", "time is up", "paused", "finished")


@pytest.fixture(scope="module")
def tables(server: Server) -> dict[str, Cast]:
    """A table in each status, with a host on seat 1, a guest on 2 and a shared seat."""
    found = {}
    for name in TABLES:
        settings = {"starting_minutes": 0, "starting_seconds": 1} if name == "time is up" else {}
        code, (host, holder) = sit_down(server.url, 2, **settings)
        host.post(f"/games/{code}/add-seat")
        host.post(f"/games/{code}/share-seat", seat=3)
        if name != "waiting":
            assert host.post(f"/games/{code}/start").status == 303
        if name == "paused":
            assert host.post(f"/games/{code}/pause", reason="judge").status == 303
        if name == "finished":
            assert host.post(f"/games/{code}/finish", winner=1, confirm="yes").status == 303
        found[name] = Cast(code, host, holder, Person(server.url))
    late = found["time is up"]
    latest = time.monotonic() + 10
    while late.host.get(f"/games/{late.code}").seat(1)["pending"] != "yes":
        assert time.monotonic() < latest
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("path", ["/", "/games", "/games/new", "/preferences", "/feedback"])
def test_the_pages_around(server: Server, path: str) -> None:
    """Whoever comes for the first time finds a whole page at every address of the house."""
    answer, page = open_page(Person(server.url), path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert len(page.all("main")) == 1


@pytest.mark.parametrize("who", ["host", "holder", "stranger"])
@pytest.mark.parametrize("name", TABLES)
def test_the_page_of_a_game(tables: dict[str, Cast], name: str, who: str) -> None:
    """The hooks by which tools, styles and tests know a table, for everybody in every status."""
    cast = tables[name]
    answer, page = open_page(getattr(cast, who), f"/games/{cast.code}")
    (body,) = page.all("body")
    assert {"host": "1", "holder": "2", "stranger": ""}[who] == body.get("data-me")
    state = body.children[0]
    assert "state" == state.get("id")
    assert STATE <= state.attributes.keys()
    status = "running" if name == "time is up" else name
    assert (cast.code, status) == (state.get("data-code"), state.get("data-status"))
    expected = ("0", "", "") if name == "waiting" else None
    found = (state.get("data-turn"), state.get("data-active-seat"), state.get("data-running-seats"))
    assert expected is None or expected == found
    for number in range(1, 9):
        check_seat(page.by_id(f"seat-{number}"), number)
    shared = page.by_id("seat-3")
    assert (shared.get("data-seat"), shared.get("data-holder")) == ("3", "shared")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    for sentence in ("answer", "warning", "moments", "notice", "presence", "turn-page"):
        page.by_id(sentence)


def check_seat(seat: Element, number: int) -> None:
    """Its attributes, and exactly one clock in it; a place without a seat has neither."""
    clocks = [one for one in seat.all() if one.get("data-remaining-ms") is not None]
    if number > 3:
        assert ([], None) == (clocks, seat.get("data-seat"))
        assert seat.get("hidden") is not None
        return
    assert SEAT <= seat.attributes.keys()
    assert str(number) == seat.get("data-seat")
    assert seat.get("data-out") in ("yes", "no")
    assert seat.get("data-pending") in ("yes", "no")
    assert seat.get("data-holder") in ("yes", "no", "shared")
    assert re.fullmatch(r"-?\d+", seat.get("data-life") or "")
    (clock,) = clocks
    assert clock.get("data-running") in ("yes", "no")
    assert re.fullmatch(r"-?\d+", clock.get("data-remaining-ms") or "")
    assert clock is not seat


def test_a_host_without_a_seat(server: Server) -> None:
    """Somebody may run a table and not play: the page knows them as the host."""
    host = Person(server.url)
    code = host.post("/games").headers["location"].rsplit("/", 1)[1]
    _, page = open_page(host, f"/games/{code}")
    assert page.all("body")[0].get("data-me") == "host"
    _, other = open_page(Person(server.url), f"/games/{code}")
    assert other.all("body")[0].get("data-me") == ""


def test_every_form_leads_to_a_command_there_is(tables: dict[str, Cast]) -> None:
    """A button whose address has a typing mistake looks like any other until it is pressed."""
    asked = set()
    for cast in tables.values():
        for person in (cast.host, cast.holder, cast.stranger):
            _, page = open_page(person, f"/games/{cast.code}")
            for one in page.all():
                where = one.get("formaction") or one.get("action") or ""
                assert where == one.get("hx-post") or one.get("hx-post") is None
                if where.startswith(f"/games/{cast.code}/"):
                    asked.add(where.rsplit("/", 1)[1])
    stranger, code = Person(tables["waiting"].host.url), tables["waiting"].code
    for command in sorted(asked):
        answer = stranger.post(f"/games/{code}/{command}", nonsense="1")
        assert answer.status in (403, 422), (command, answer.status)
    assert {"pass-turn", "claim-seat", "adjust-life", "start", "close", "kick"} <= asked


@pytest.mark.parametrize("view", ["table", "overlay", "nonsense"])
def test_another_view(tables: dict[str, Cast], view: str) -> None:
    """Whatever a link asks to see, it is a whole page of the same table."""
    cast = tables["running"]
    _, page = open_page(cast.stranger, f"/games/{cast.code}?view={view}")
    assert cast.code == page.by_id("state").get("data-code")


def test_pages_of_refusals(server: Server, tables: dict[str, Cast]) -> None:
    """A refusal is a page like any other: with a heading, a sentence and a way on."""
    for status, path in ((404, "/games/ZZZZZZ"), (404, "/nowhere"), (405, "/games/K7QF2M/start")):
        _, page = open_page(Person(server.url), path, status)
        assert any(
            one.get(
                "href",
            )
            == "/"
            for one in page.all("a")
        )
    assert broken_rules(Page(tables["paused"].host.post("/games", players=99).text), "") == []


# ---- headers and cookies


def ask(url: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """A request without a person: every header as it came, the body as bytes."""
    line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    with closing(line):
        line.request("GET", path, None, {n.replace("_", "-"): v for n, v in headers.items()})
        answer = line.getresponse()
        return answer, answer.read()


@pytest.mark.parametrize("path", ["/", "/games/new", "/nowhere", "/games/ZZZZZZ", "/health"])
def test_what_every_answer_says(server: Server, path: str) -> None:
    """Nothing that is not named may run, frame or listen; the strict policy has no hole."""
    answer, _ = ask(server.url, path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    for part in ("script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy.split("; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers.get("Strict-Transport-Security") is None
    assert answer.headers.get("X-XSS-Protection") is None


def test_the_cookie(server: Server) -> None:
    """A random id and nothing else, out of reach of scripts and of other sites, for a year."""
    answer, _ = ask(server.url, "/")
    (cookie,) = answer.headers.get_all("Set-Cookie", [])
    name, *attributes = re.split(r"; ?", cookie)
    assert name.startswith("tarp=")
    told = {one.partition("=")[0]: one.partition("=")[2] for one in attributes}
    assert told.keys() == {"Expires", "HttpOnly", "Path", "SameSite"}
    assert (told["Path"], told["SameSite"]) == ("/", "Lax")
    again, _ = ask(server.url, "/", Cookie=name)
    assert again.headers.get_all("Set-Cookie") is None


def test_the_cookie_over_https(serve: Callable[..., Server]) -> None:
    """Behind https it never travels in the clear, and no neighbouring host can plant one."""
    server = serve(HTTPS="on")
    answer, _ = ask(server.url, "/", X_Forwarded_Proto="https")
    (cookie,) = answer.headers.get_all("Set-Cookie", [])
    name, *attributes = re.split(r"; ?", cookie)
    assert name.startswith("__Host-tarp=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not any(one.startswith("Domain") for one in attributes)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31")
    assert "includeSubDomains" not in answer.headers["Strict-Transport-Security"]
    person = Person(server.url)
    code = person.post("/games").headers["location"].rsplit("/", 1)[1]
    for sent in (
        person.post(f"/games/{code}/claim-seat", seat=1),
        person.post("/preferences", name="Ada"),
    ):
        assert "; Secure" in sent.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/health", "/ready", "/static/css/house.css", "/static/no.css"])
def test_addresses_without_a_name(server: Server, path: str) -> None:
    """Caches and monitors get the same answer as everybody, and no id."""
    answer, _ = ask(server.url, path)
    assert answer.headers.get("Set-Cookie") is None
    assert "Cookie" not in (answer.headers.get("Vary") or "")


def test_static_files(server: Server) -> None:
    """A phone fetches a file once and for ever; what is packed arrives packed and unharmed."""
    home = Page(Person(server.url).get("/").text)
    files = [one.get("href") or one.get("src") or "" for one in home.all()]
    files = [path for path in files if path.startswith("/static/")]
    assert len(files) >= 3
    for path in files:
        plain, body = ask(server.url, path)
        packed, smaller = ask(server.url, path, Accept_Encoding="gzip, br")
        assert (200, 200) == (plain.status, packed.status)
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert plain.headers.get("Content-Encoding") is None
        if packed.headers.get("Content-Encoding") == "br":
            assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
            assert len(smaller) < len(body)
            smaller = brotli.decompress(smaller)
            _, older = ask(server.url, path, Accept_Encoding="gzip")
            assert body == gzip.decompress(older)
        assert body == smaller
        unstamped = "/static/" + path.split("/", 3)[3]
        assert ask(server.url, unstamped)[0].headers["Cache-Control"] == "no-cache"
        old = "/static/0123456789ab/" + path.split("/", 3)[3]
        assert ask(server.url, old)[0].headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/../app/settings.py", "/static/%2e%2e/wsgi.py",
     "/static/css", "/static/css/house.css/", "/static/css/HOUSE.CSS", "/static/x"],
)  # fmt: skip
def test_what_is_no_static_file(server: Server, path: str) -> None:
    """Only what was read at the start is served."""
    answer, _ = ask(server.url, path)
    assert answer.status == 404


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("", None),
    ],
)
def test_pages_travel_packed(tables: dict[str, Cast], accepted: str, encoding: str | None) -> None:
    """The page of a table is the largest thing a phone fetches, on the worst network."""
    path = f"/games/{tables['running'].code}"
    url = tables["running"].host.url
    _, whole = ask(url, path)
    answer, body = ask(url, path, Accept_Encoding=accepted)
    assert encoding == answer.headers.get("Content-Encoding")
    assert int(answer.headers["Content-Length"]) == len(body)
    if encoding:
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert len(body) < len(whole) / 3
        body = {"gzip": gzip.decompress, "br": brotli.decompress}[encoding](body)
    assert body.count(b'data-seat="') == whole.count(b'data-seat="')


# ---- joining


def test_the_code_as_a_picture(tables: dict[str, Cast]) -> None:
    """A friend points a camera at it: an SVG that may be shown anywhere under our policy."""
    answer = tables["waiting"].stranger.get(f"/games/{tables['waiting'].code}/qr.svg")
    assert (200, "image/svg+xml") == (answer.status, answer.headers["content-type"].split(";")[0])
    assert answer.text.startswith("<svg")
    assert "style=" not in answer.text


@pytest.mark.parametrize(
    ("around", "between"),
    [("", ""), (" ", ""), ("", " "), ("", "-"), ("\t", "\u00a0"), ("", " - ")],
)
def test_a_code_in_any_spelling(tables: dict[str, Cast], around: str, between: str) -> None:
    """People read it aloud in threes and type it in capitals or not."""
    code, url = tables["waiting"].code, tables["waiting"].host.url
    for typed in (code, code.lower()):
        spelt = f"{around}{typed[:3]}{between}{typed[3:]}{around}"
        answer, _ = ask(url, f"/games/join?code={quote(spelt)}")
        assert (303, f"/games/{code}") == (answer.status, answer.headers["Location"])
    by_hand, _ = ask(url, f"/games/{code.lower()}")
    assert (303, f"/games/{code}") == (by_hand.status, by_hand.headers["Location"])


@pytest.mark.parametrize("typed", ["", "ABC", "AEIOUY", "ZZZZZZ", "K7QF2M9", "%F0%9F%8E%B2"])
def test_a_code_that_is_none(server: Server, typed: str) -> None:
    """A code misheard leads to a sentence."""
    open_page(Person(server.url), f"/games/join?code={typed}", 404)


# ---- lists


def test_my_games(server: Server) -> None:
    """The way back to the table after the phone was away, and to no other person's tables."""
    code, (host, guest) = start(server.url, 2)
    other, _ = sit_down(server.url, 2)
    for person, words in ((host, "Your turn"), (guest, "Turn 1")):
        _, page = open_page(person, "/")
        rows = {one.get("href"): one.text() for one in page.all("a")}
        assert words in rows[f"/games/{code}"]
        assert f"/games/{other}" not in rows
    guest.post(f"/games/{code}/leave-seat")
    _, page = open_page(guest, "/")
    assert f"/games/{code}" not in [one.get("href") for one in page.all("a")]
    host.post(f"/games/{code}/close", confirm="yes")
    _, page = open_page(host, "/")
    assert f"/games/{code}" not in [one.get("href") for one in page.all("a")]


def test_open_games(server: Server) -> None:
    """Only tables that were listed on purpose, the liveliest first, and none that is over."""
    host = Person(server.url)
    codes = [
        host.post("/games", name=name, listed=listed).headers["location"].rsplit("/", 1)[1]
        for name, listed in (("One", "yes"), ("Hidden", "no"), ("Two", "yes"), ("Three", "yes"))
    ]
    one, hidden, two, three = codes
    time.sleep(0.002)
    host.post(f"/games/{one}/claim-seat", seat=1)

    def listed() -> list[str]:
        _, page = open_page(Person(server.url), "/games")
        found = [(one.get("href") or "").rsplit("/", 1)[1] for one in page.all("a")]
        return [code for code in found if code in codes]

    assert [one, three, two] == listed()
    host.post(f"/games/{three}/close", confirm="yes")
    host.post(f"/games/{two}/update-settings", listed="no")
    host.post(f"/games/{hidden}/update-settings", listed="yes")
    assert [hidden, one] == listed()
    page = open_page(host, "/games")[1]
    (row,) = [link for link in page.all("a") if link.get("href") == f"/games/{one}"]
    assert row.text().split() == ["One", "1", "of", "4"]


# ---- results


def test_a_result_keeps_its_address(server: Server) -> None:
    """The link somebody sent to the group still tells who won, three rematches later."""
    code, (host, guest) = start(server.url, 2)
    guest.post(f"/games/{code}/concede")
    assert host.get(f"/games/{code}").state["status"] == "finished"

    def told(person: Person) -> str:
        """All of the page but its last link, which offers a rematch while there may be one."""
        return open_page(person, f"/games/{code}/result/1")[0].text.partition("<footer")[0]

    first = told(guest)
    assert "Player 1" in first
    open_page(guest, f"/games/{code}/result/2", 404)
    guest.post(f"/games/{code}/reset", confirm="yes")
    host.post(f"/games/{code}/start")
    host.post(f"/games/{code}/finish", winner="draw", confirm="yes")
    assert first == told(Person(server.url))
    assert "A draw" in open_page(host, f"/games/{code}/result/2")[0].text
    for number in ("0", "3", "99999999999999999999", "-1", "x"):
        open_page(host, f"/games/{code}/result/{number}", 404)


# ---- feedback


def test_feedback(server: Server) -> None:
    """Anybody may say something; only the operator reads it, and nothing tells who it was."""
    person, text = Person(server.url), "More <b>dice</b>,\r\nplease \N{GAME DIE}"
    sent = person.post("/feedback", text=f"  {text} ")
    assert (303, "/feedback?thanks") == (sent.status, sent.headers["location"])
    _, page = open_page(person, "/feedback?thanks")
    assert any(one.get("role") == "status" for one in page.all())
    operator = {"Authorization": f"Bearer {OPERATOR}"}
    left = json.loads(person.get("/feedback", **operator).text)
    assert text.replace("\r\n", "\n") == left[0]["text"]
    assert left[0].keys() == {"id", "at", "text"}
    assert abs(left[0]["at"] - time.time() * 1000) < 60_000
    number = left[0]["id"]
    for token in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": OPERATOR[:-1]}):
        assert person.send("/feedback", {"delete": number}, token).status == 403
    for token in ({"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"}):
        assert person.get("/feedback", **token).status == 403
    assert person.send("/feedback", {"delete": number}, operator).status == 204
    assert person.send("/feedback", {"delete": number}, operator).status == 404
    assert json.loads(person.get("/feedback", **operator).text) == []


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "a\0b", "a\x1bb"])
def test_feedback_nobody_can_keep(server: Server, text: str) -> None:
    """The form comes back with what was typed still in it."""
    answer = Person(server.url).post("/feedback", text=text)
    assert answer.status == 422
    assert broken_rules(Page(answer.text), server.url) == []
    assert "please." in answer.text


def test_nobody_is_the_operator_by_default(serve: Callable[..., Server]) -> None:
    """Without a token of its own the server has no operator, not one with an empty token."""
    person = Person(serve(OPERATOR_TOKEN="").url)
    for given in ("Bearer ", "Bearer None", "", "Bearer"):
        assert person.get("/feedback", Authorization=given).status == 403


# ---- this phone


def test_preferences(server: Server) -> None:
    """Who plays every week does not type the name every week."""
    person = Person(server.url)
    sent = person.post("/preferences", name=" Zoë ", color="violet")
    assert (303, "/preferences") == (sent.status, sent.headers["location"])
    assert "HttpOnly" in sent.headers["set-cookie"]
    _, page = open_page(person, "/preferences")
    assert page.by_id("preferences-name").get("value") == "Zoë"
    checked = [one.get("value") for one in page.all("input") if "checked" in one.attributes]
    assert checked == ["violet", "sse", "right", "", "", ""]
    code = person.post("/games").headers["location"].rsplit("/", 1)[1]
    person.post(f"/games/{code}/claim-seat", seat=2)
    assert "Zoë" in open_page(person, f"/games/{code}")[1].by_id("seat-2").text()
    person.post(f"/games/{code}/rename-seat", name="Zoë the Second")
    person.post(f"/games/{code}/claim-seat", seat=3)
    assert "Zoë the Second" in open_page(person, f"/games/{code}")[1].by_id("seat-3").text()
    refused = person.post("/preferences", name="x" * 21, color="beige")
    assert refused.status == 422
    assert "At most 20 characters, please." in refused.text
    assert person.post("/preferences", name="").status == 303
    assert open_page(person, "/preferences")[1].by_id("preferences-name").get("value") == ""


def test_looks_of_this_device(server: Server) -> None:
    """Light or dark, more contrast or not: as the system says, until the device is told."""
    person = Person(server.url)
    (plain,) = open_page(person, "/")[1].all("html")
    assert {"lang": "en"} == plain.attributes
    assert person.post("/preferences", scheme="light", contrast="more").status == 303
    code = person.post("/games").headers["location"].rsplit("/", 1)[1]
    for path, status in (("/", 200), (f"/games/{code}", 200), ("/nowhere", 404)):
        _, page = open_page(person, path, status)
        (told,) = page.all("html")
        assert ("light", "more") == (told.get("data-scheme"), told.get("data-contrast"))
        colors = [one for one in page.all("meta") if one.get("name") == "theme-color"]
        assert [("#FBF8F0", None)] == [(one.get("content"), one.get("media")) for one in colors]
    assert person.post("/preferences", scheme="").status == 303
    (half,) = open_page(person, "/preferences")[1].all("html")
    assert {"lang": "en", "data-contrast": "more"} == half.attributes
    assert person.post("/preferences", scheme="wastelands").status == 422


# ---- moving to another phone


TABLE = {"for": "table"}


def link_of(page: Page) -> str:
    """The address of the reconnect link on a page."""
    links = [one.get("href") or "" for one in page.all("a")]
    (found,) = [href for href in links if "/reconnect/" in href]
    return "/games/" + found.split("/games/", 1)[1]


def asked_for_link(person: Person, code: str, fields: dict[str, str] | None = None) -> str:
    """Open "move my seat"; the page is for nobody's cache."""
    answer = person.send(f"/games/{code}/reconnect-link", fields or {}, {})
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    page = Page(answer.text)
    assert broken_rules(page, person.url) == []
    return link_of(page)


def test_a_seat_moves_to_another_phone(server: Server) -> None:
    """The battery is dying: one scan, one press, and the seat is on the other phone."""
    code, (host, guest) = start(server.url, 2)
    link = asked_for_link(guest, code)
    new = Person(server.url)
    for _ in range(2):  # a preview of the messenger, then the person
        answer, page = open_page(new, link)
        assert answer.headers["cache-control"] == "no-store"
        assert "Player 2" in page.all("h1")[0].text()
    assert guest.get(f"/games/{code}").text.count('data-me="2"') > 0
    taken = new.post(link)
    assert (303, f"/games/{code}") == (taken.status, taken.headers["location"])
    assert open_page(new, f"/games/{code}")[1].all("body")[0].get("data-me") == "2"
    assert open_page(guest, f"/games/{code}")[1].all("body")[0].get("data-me") == ""
    for person in (new, guest, Person(server.url)):
        for refused in (person.get(link), person.post(link)):
            assert refused.status == 403
            assert "This link is no longer good. Ask for a new one." in refused.text
    assert host.post(f"/games/{code}/pass-turn").status == 303
    assert guest.post(f"/games/{code}/pass-turn").status == 403
    assert new.post(f"/games/{code}/pass-turn").status == 303


def test_only_the_newest_link_counts(server: Server) -> None:
    """A link photographed by the neighbour table dies as soon as another one is shown."""
    code, (host, guest) = sit_down(server.url, 2)
    first, second = (asked_for_link(guest, code) for _ in range(2))
    assert first != second
    assert Person(server.url).post(first).status == 403
    assert Person(server.url).post(second.replace(code, "ZZZZZZ")).status == 404
    other, _ = sit_down(server.url, 2)
    assert Person(server.url).post(second.replace(code, other)).status == 403
    host.post(f"/games/{code}/kick", seat=2)
    assert Person(server.url).post(second).status == 403


def test_who_may_ask_for_a_link(server: Server) -> None:
    """Only whoever holds the seat; only the host for the table device."""
    code, (_, guest) = sit_down(server.url, 2)
    assert Person(server.url).post(f"/games/{code}/reconnect-link").status == 403
    assert guest.send(f"/games/{code}/reconnect-link", TABLE, {}).status == 403


def test_the_token_of_a_claim(server: Server) -> None:
    """A phone that loses its cookies offers the token its page kept since the claim."""
    person = Person(server.url)
    code = person.post("/games").headers["location"].rsplit("/", 1)[1]
    claimed = person.post(f"/games/{code}/claim-seat", seat=1)
    cookie = claimed.headers["set-cookie"]
    assert cookie.startswith("seat-key=")
    assert f"Path=/games/{code}" in cookie
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" not in cookie  # the page itself reads it, once
    token = cookie.split(";")[0].partition("=")[2]
    new = Person(server.url)
    assert new.post(f"/games/{code}/reconnect/{token}").status == 303
    assert open_page(new, f"/games/{code}")[1].all("body")[0].get("data-host") == "yes"
    assert token not in server.log.read_text()


def test_the_table_device(server: Server) -> None:
    """A tablet in the middle plays the shared seats, and has no rights beyond."""
    code, (host, _) = sit_down(server.url, 2)
    host.post(f"/games/{code}/add-seat")
    host.post(f"/games/{code}/share-seat", seat=3)
    tablet = Person(server.url)
    link = asked_for_link(host, code, TABLE)
    open_page(tablet, link)
    assert tablet.post(link).status == 303
    assert tablet.post(link).status == 403
    host.post(f"/games/{code}/start")
    host.post(f"/games/{code}/switch-turn", seat=3)
    path, shared = f"/games/{code}/pass-turn", {"as": 3}
    assert host.send(path, shared, {}).status == 403
    assert tablet.post(f"/games/{code}/kick", seat=2).status == 403
    assert tablet.send(path, shared, {}).status == 303
    open_page(tablet, f"/games/{code}")


def test_every_command_has_a_control(tables: dict[str, Cast]) -> None:
    """Whatever the permission table allows stands on a page of somebody who may give it."""
    found: set[str] = set()
    for cast in tables.values():
        for person in (cast.host, cast.holder, cast.stranger):
            text = person.get(f"/games/{cast.code}").text
            found |= set(re.findall(rf"action=\"/games/{cast.code}/([a-z-]+)\"", text))
    missing = set(COMMANDS) - found - {"next-round"}
    assert missing == set()


def test_the_host_renames_the_game_at_any_time(server: Server) -> None:
    """Also while it runs, when the settings are away; a name too long comes back with its no."""
    code, (host, *_) = start(server.url, 2)
    path = f"/games/{code}"
    assert host.post(f"{path}/rename-game", name="Friday").status == 303
    again = host.post(f"{path}/rename-game", name="x" * 51)
    assert again.status == 422
    assert 'id="form-rename-game"' in again.text
    assert "x" * 51 in again.text
    htmx = host.post(f"{path}/rename-game", hx=True, name="x" * 51)
    assert htmx.status == 422
    assert 'id="form-rename-game"' in htmx.text
