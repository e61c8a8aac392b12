"""How an answer travels and which refusal comes first: what every screen and tool relies on."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.channel.pieces import IDS
from tests.conftest import Server
from tests.person import Answer, Person, sit_down, start

LIMIT_BYTES = 64 * 1024
NO_CODE = "ZZZZZZ"
PIECES = [*IDS]
PIECE_OF_ITS_OWN = re.compile(r'<div id="answer"[^>]*><p>([^<]+)</p></div>\s*\Z')


@dataclass
class Tables:
    """A table in each status, with the same cast: host on seat 1, guests, an onlooker."""

    url: str
    code: str
    host: Person
    guest: Person
    onlooker: Person
    paused: str
    closed: str

    def version(self) -> int:
        """The version of the running table, as anybody sees it."""
        return version(self.url, self.code)


@pytest.fixture(scope="module")
def tables(server: Server) -> Tables:
    """Host and guest have the same seats at a running, a paused and a closed table."""
    code, (host, guest, *_) = start(server.url, 3)
    others = []
    for _ in range(2):
        other = host.post("/games", players=2).headers["location"].rsplit("/", 1)[1]
        host.post(f"/games/{other}/claim-seat", seat=1)
        guest.post(f"/games/{other}/claim-seat", seat=2)
        host.post(f"/games/{other}/start")
        others.append(other)
    paused, closed = others
    host.post(f"/games/{paused}/pause")
    assert host.post(f"/games/{closed}/close", confirm="yes").status == 303
    return Tables(server.url, code, host, guest, Person(server.url), paused, closed)


def version(url: str, code: str) -> int:
    """The version a stranger's page of the game shows."""
    return int(Person(url).get(f"/games/{code}").state["version"])


@contextmanager
def listening(person: Person, code: str) -> Iterator[None]:
    """While this person's channel is open; what changed is gone before and after."""
    ear = person.listen(code)
    ear.next()
    with closing(ear):
        yield


def ids(text: str) -> list[str]:
    """The ids of the pieces, in order."""
    return re.findall(r'\bid="([^"]+)"', text)


# ---- done


def test_done_plain(server: Server) -> None:
    """Without scripts a form must lead back to the table, and a reload must not send it again."""
    code, (host, *_) = start(server.url, 2)
    answer = host.post(f"/games/{code}/pass-turn")
    assert (303, f"/games/{code}") == (answer.status, answer.headers["location"])
    assert host.get(f"/games/{code}").state["active-seat"] == "2"


def test_done_with_channel(server: Server) -> None:
    """Who listens gets the table by the channel: sending it twice would cost every tap double."""
    code, (host, *_) = start(server.url, 2)
    with listening(host, code):
        answer = host.post(f"/games/{code}/pass-turn", hx=True)
    assert (204, "") == (answer.status, answer.text)


def test_done_without_channel(server: Server) -> None:
    """A phone whose channel just broke must still see what its own tap did."""
    code, (host, guest) = start(server.url, 2)
    with listening(guest, code):
        answer = host.post(f"/games/{code}/pass-turn", hx=True)
    assert (200, PIECES) == (answer.status, ids(answer.text))
    assert ("2", "2") == (answer.state["turn"], answer.state["active-seat"])
    assert version(server.url, code) == int(answer.state["version"])
    assert re.findall(r"<(?:button|form|html)\b", answer.text) == []


def test_done_without_channel_and_a_new_part(server: Server) -> None:
    """Sitting down changes one's controls, which pieces do not carry: the page is fetched anew."""
    person = Person(server.url)
    code = person.post("/games").headers["location"].rsplit("/", 1)[1]
    answer = person.post(f"/games/{code}/claim-seat", hx=True, seat=2)
    assert (200, "true") == (answer.status, answer.headers["hx-refresh"])
    assert 'data-me="2"' in person.get(f"/games/{code}").text


def test_done_and_gone(server: Server) -> None:
    """Whoever closes a game stands in front of a table that is no more: home it is."""
    answers = []
    for hx in (False, True):
        code, (host, _) = sit_down(server.url, 2)
        answers.append(host.post(f"/games/{code}/close", hx=hx, confirm="yes"))
    plain, htmx = answers
    assert (303, "/") == (plain.status, plain.headers["location"])
    assert (204, "/") == (htmx.status, htmx.headers["hx-redirect"])


@pytest.mark.parametrize("late", [{"turn": 7}, {"grant": 7}, {"turn": 1, "grant": 7}, {"turn": 0}])
def test_a_late_form_is_done(tables: Tables, late: dict[str, Any]) -> None:
    """A thumb that bounced is no error: the present table comes back and nothing changes."""
    path, before = f"/games/{tables.code}/pass-turn", tables.version()
    plain = tables.host.post(path, **late)
    assert (303, f"/games/{tables.code}") == (plain.status, plain.headers["location"])
    without = tables.host.post(path, hx=True, **late)
    assert (200, PIECES) == (without.status, ids(without.text))
    with listening(tables.host, tables.code):
        assert tables.host.post(path, hx=True, **late).status == 204
    assert before == tables.version()


# ---- refusals, each alone


@dataclass(frozen=True)
class Wrong:
    """A request that is refused: who sends what where, and the answer that must come."""

    status: int
    sentence: str
    who: str
    where: str
    command: str
    fields: dict[str, Any]
    headers: dict[str, str]

    def send(self, tables: Tables, *, hx: bool = False) -> Answer:
        """Send it to the table where it is wrong."""
        person: Person = getattr(tables, self.who)
        code = getattr(tables, self.where, self.where)
        headers = self.headers | ({"HX-Request": "true"} if hx else {})
        return person.send(f"/games/{code}/{self.command}", self.fields, headers)


def wrong(  # noqa: PLR0917 - a table of cases reads best in one line each
    status: int,
    sentence: str,
    who: str,
    where: str = "code",
    command: str = "pass-turn",
    origin: str = "",
    **fields: Any,
) -> Wrong:
    """A refused request, with the usual address unless said otherwise."""
    return Wrong(
        status, sentence, who, where, command, fields, {"Origin": origin} if origin else {}
    )


EVIL = "https://evil.example"
HUGE: dict[str, Any] = {"name": "x" * LIMIT_BYTES}
NOT_SEATED = "You are watching. Take a seat to do that."
NOT_HOST = "Only the host can do that."
NOT_YOUR_TURN = "It is not your turn."
CLOSED = "This game has been closed by its host."
UNKNOWN = "There is no game with this code."
TOO_MUCH = "That is too much at once: 64 KB are the limit."
FOREIGN = "This was sent from another site."

ALONE = {
    "no seat": wrong(403, NOT_SEATED, "onlooker"),
    "not the host": wrong(403, NOT_HOST, "guest", command="kick", seat=3),
    "somebody else's seat": wrong(
        403, "That is somebody else&#39;s seat.", "guest", command="adjust-life", seat=3, by=1
    ),
    "not your turn": wrong(403, NOT_YOUR_TURN, "guest"),
    "another site": wrong(403, FOREIGN, "host", origin=EVIL),
    "unknown code": wrong(404, UNKNOWN, "host", NO_CODE),
    "no code at all": wrong(404, UNKNOWN, "host", "aeiou"),
    "unknown command": wrong(
        404, "There is nothing at this address.", "host", command="upset-table"
    ),
    "closed": wrong(410, CLOSED, "host", "closed"),
    "too large": wrong(413, TOO_MUCH, "host", **HUGE),
    "bad field": wrong(422, "turn: A whole number from 0 to 999999999, please.", "host", turn="x"),
    "not now": wrong(409, "The game is paused.", "host", "paused"),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_refusal_for_htmx(tables: Tables, name: str) -> None:
    """The sentence must land in its own place on every screen, and disturb nothing else there."""
    refused, before = ALONE[name], tables.version()
    answer = refused.send(tables, hx=True)
    assert refused.status == answer.status
    said = PIECE_OF_ITS_OWN.match(answer.text)
    assert said, answer.text
    assert refused.sentence == said[1]
    assert before == tables.version()


@pytest.mark.parametrize("name", ALONE)
def test_a_refusal_on_a_page(tables: Tables, name: str) -> None:
    """Without scripts the answer is all the person sees: a whole page that says why."""
    refused, before = ALONE[name], tables.version()
    answer = refused.send(tables)
    assert refused.status == answer.status
    assert answer.text.lstrip().startswith("<!doctype html>")
    assert answer.text.count("<h1") == 1
    assert refused.sentence in answer.text
    assert before == tables.version()


@pytest.mark.parametrize("path", ["", "/qr.svg", "/events", "/result/1"])
@pytest.mark.parametrize(("where", "status"), [("closed", 410), (NO_CODE, 404)])
def test_pages_of_a_game_that_is_not_there(
    tables: Tables, where: str, status: int, path: str
) -> None:
    """A closed game says so at every of its addresses, or a link from yesterday only puzzles."""
    code = getattr(tables, where, where)
    if path == "/result/1" and where == "closed":
        status = 404  # no sitting was ever finished here
    assert status == tables.guest.get(f"/games/{code}{path}").status


# ---- 422: the form comes back


def test_a_form_of_a_game_comes_back_filled(tables: Tables) -> None:
    """What was typed must not be lost, and each complaint must stand beside its field."""
    path = f"/games/{tables.code}/adjust-life"
    answer = tables.host.post(path, hx=True, seat=2, by="lots")
    assert (422, ["answer", "form-adjust-life-2"]) == (answer.status, ids(answer.text)[:2])
    for text in (answer.text, tables.host.post(path, seat=2, by="lots").text):
        form = text.split('id="form-adjust-life-2"', 1)[1].split("</form>", 1)[0]
        assert 'value="lots"' in form
        assert "A whole number from -10998 to 10998, please." in form
    assert "form-adjust-life-3" not in answer.text


@pytest.mark.parametrize(
    ("command", "fields", "complaint"),
    [
        ("adjust-life", {"seat": 9, "by": 1}, "seat: From 1 to 8, please."),
        ("roll-dice", {"sides": 6, "loaded": "yes"}, "loaded: This form has no such field."),
        ("claim-seat", {}, "seat: This is needed."),
    ],
)
def test_a_complaint_without_a_place(
    tables: Tables, command: str, fields: dict[str, Any], complaint: str
) -> None:
    """What no form of the page can show is said on a page of its own, instead of not at all."""
    answer = tables.host.post(f"/games/{tables.code}/{command}", **fields)
    assert answer.status == 422
    assert f">{complaint}<" in answer.text


def test_the_create_form_comes_back_filled(server: Server) -> None:
    """Eight fields typed on a phone are not typed again because of the ninth."""
    person = Person(server.url)
    answer = person.post(
        "/games", name="Tûesday <b>", players=9, starting_minutes=25, thresholds="soon"
    )
    assert answer.status == 422
    for field in ("Tûesday &lt;b&gt;", 'value="25"', 'value="soon"', "From 2 to 8, please."):
        assert field in answer.text
    assert "Times like 5:00 or 30, please." in answer.text


def test_fields_are_refused_as_one(server: Server) -> None:
    """Half a settings form taken over would be a table nobody asked for."""
    code, (host, *_) = sit_down(server.url, 2)
    before = host.get(f"/games/{code}").text
    answer = host.post(
        f"/games/{code}/update-settings", hx=True, name="New", starting_life=30, bonus_seconds="x"
    )
    assert answer.status == 422
    assert before.count('name="starting_life"') == 1
    after = host.get(f"/games/{code}").text
    kept = [re.search(r'name="starting_life"[^>]*value="(\d+)"', text) for text in (before, after)]
    assert [found and found[1] for found in kept] == ["40", "40"]


# ---- 413


def post_raw(url: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, str]:
    """A POST whose body goes out as it is; an iterator goes in chunks, without a length."""
    line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    with closing(line):
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
@pytest.mark.parametrize(
    ("size", "status"), [(LIMIT_BYTES, 422), (LIMIT_BYTES + 1, 413), (3_000_000, 413)]
)
def test_the_largest_body(server: Server, size: int, status: int, chunked: bool) -> None:
    """64 KB are enough for every form; more is refused however its size is (not) told."""
    body = b"name=" + b"x" * (size - 5)
    sent = (body[at : at + 16384] for at in range(0, size, 16384)) if chunked else body
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    found, text = post_raw(server.url, "/games", sent, headers)
    assert status == found
    assert (TOO_MUCH in text) == (status == 413)


def test_many_parts_are_too_large(server: Server) -> None:
    """A thousand tiny parts cost more to read than their bytes tell."""
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    body = part * 1200 + b"--x--\r\n"
    assert len(body) <= LIMIT_BYTES
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert post_raw(server.url, "/games", body, headers)[0] == 413


# ---- the order


#: Each is wrong in its own way and in as many of the later ways as fit into one request.
LADDER = {
    "413": wrong(
        413, TOO_MUCH, "onlooker", NO_CODE, origin=EVIL, turn="x", grant=9, unknown="?", **HUGE
    ),
    "403 origin": wrong(403, FOREIGN, "onlooker", NO_CODE, origin=EVIL, turn="x", grant=9),
    "404": wrong(404, UNKNOWN, "onlooker", NO_CODE, turn="x", grant=9),
    "410": wrong(410, CLOSED, "onlooker", "closed", turn="x", grant=9),
    "403 who": wrong(403, NOT_SEATED, "onlooker", "paused", turn="x", grant=9),
    "422": wrong(
        422, "turn: A whole number from 0 to 999999999, please.", "guest", "paused",
        turn="x", grant=9,
    ),
    "stale": wrong(200, "", "guest", "paused", turn=9),
    "403 turn": wrong(403, NOT_YOUR_TURN, "guest", "paused"),
    "409": wrong(409, "The game is paused.", "host", "paused"),
}  # fmt: skip


@pytest.mark.parametrize("step", LADDER)
def test_the_order_of_refusals(tables: Tables, step: str) -> None:
    """Tools tell the cases apart by status, and nobody learns more than the step they reached."""
    refused, before = LADDER[step], version(tables.url, tables.paused)
    answer = refused.send(tables, hx=True)
    assert refused.status == answer.status, answer.text
    if refused.sentence:
        said = PIECE_OF_ITS_OWN.match(answer.text)
        assert said, answer.text
        assert refused.sentence == said[1]
    assert before == version(tables.url, tables.paused)


HOSTS_ORDER = {
    "who before fields": wrong(403, NOT_HOST, "guest", command="kick", seat="x"),
    "fields before now": wrong(422, "", "host", command="move-seat", seat=1, by=9),
    "needed before now": wrong(422, "", "host", command="move-seat", seat=1),
    "now": wrong(409, "", "host", command="move-seat", seat=1, by=1),
    "late before now": wrong(200, "", "host", command="resume", turn=9),
    "unknown command before closed": wrong(404, "", "host", "closed", "nothing"),
}


@pytest.mark.parametrize("name", HOSTS_ORDER)
def test_the_order_for_the_host(tables: Tables, name: str) -> None:
    """The host meets the same steps with the commands that only a host has."""
    refused = HOSTS_ORDER[name]
    assert refused.status == refused.send(tables, hx=True).status


def test_too_fast_comes_after_the_origin(serve: Callable[..., Server]) -> None:
    """Another site must not use up what a person may send; a person hears to wait, in words."""
    server = serve(RATE_LIMITS="on")
    person = Person(server.url)
    for _ in range(20):
        assert person.send("/feedback", {"text": "spam"}, {"Origin": EVIL}).status == 403
        assert person.post("/feedback", text="x" * LIMIT_BYTES).status == 413
    statuses = [person.post("/feedback", text="More dice, please.").status for _ in range(11)]
    assert [303] * 10 + [429] == statuses
    answer = person.post("/feedback", hx=True, text="Please!")
    said = PIECE_OF_ITS_OWN.match(answer.text)
    assert said
    assert said[1] == "That is a lot of feedback. Please wait a little."
    assert person.get("/feedback").status == 200
    assert person.send("/feedback", {"text": "spam"}, {"Origin": EVIL}).status == 403
    assert person.send("/feedback", {"text": "x" * LIMIT_BYTES}, {"Origin": EVIL}).status == 413


def test_another_method_is_refused_in_words(tables: Tables) -> None:
    """Whoever opens a form's address by hand, or reloads it, is told and not shown a stack."""
    body = urlencode({"seat": 1}).encode()
    for method, path in (("GET", "pass-turn"), ("PUT", "claim-seat"), ("DELETE", "close")):
        answer = tables.host.ask(method, f"/games/{tables.code}/{path}", body, {})
        assert answer.status == 405
        assert "This address is not used like that." in answer.text
