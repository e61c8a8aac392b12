"""Whatever arrives, on purpose or by mistake: a sentence, an unchanged table, a server that serves.

The cases are drawn by hypothesis and sent to a real server; twenty times as many in the soak.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from app.game.commands import COMMANDS
from app.game.settings_form import FIELDS
from tests.channel.pieces import pieces, resting
from tests.conftest import Server
from tests.person import Answer, Person

SHARES = pytest.mark.parametrize(
    "share", [pytest.param(1, id="some"), pytest.param(20, id="many", marks=pytest.mark.soak)]
)
FORM = "application/x-www-form-urlencoded"

# ---- what is sent

NASTY = [
    b"", b" ", b"0", b"1", b"-1", b"2", b"8", b"9", b"-0", b"+1", b"00", b"1e3", b"1.0", b"0x1f",
    b"1_000", b"NaN", b"inf", b"true", b"null", b"None", b"yes", b"no", b"on", b"YES", b"nobody",
    b"coin", b"draw", b"first", b"all", b"die", b"drink", b"monarch", b"day-night", b"poison",
    b"lemon", b"judge", b"choice", b"share", b"5:00, 1:00", b"99:99", b"::", b",,,", b"1:2:3:4",
    b"999999999", b"-999999999", b"1000000000", b"9" * 5000, b"x" * 3000, b"\0", b"a\0b", b"\r\n",
    b"a\nb", b"\x1b[2J", b"\x7f", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf",
    "٣".encode(), "1２".encode(), "²".encode(), "Ⅷ".encode(), "−1".encode(), "👨‍👩‍👧‍👦".encode(),
    "\u202etpircs".encode(), "a\u2028b".encode(), "\ufeff1".encode(), "\u200b".encode(),
    "é".encode("latin-1"), b"<script>alert(1)</script>", b"{{7*7}}", b"{% raw %}", b"%00", b"%zz",
    b"' OR 1=1 --", b"../../etc/passwd", b"${jndi:x}", b'"><b id="state">', b"__class__",
]  # fmt: skip
VALUE = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=24).map(str.encode),
    st.integers(-(10**12), 10**12).map(lambda number: str(number).encode()),
)
KNOWN = [
    "seat", "turn", "grant", "as", "by", "name", "color", "counter", "source", "commander",
    "marker", "value", "choice", "reason", "sides", "minutes", "seconds", "order", "empty_seats",
    "winner", "confirm", "mode", "campaign", "players", "listed", "starting_minutes",
    "starting_seconds", *(field.name for field in FIELDS), "text", "delete", "HEADERS", "for",
]  # fmt: skip
NAME = st.one_of(st.sampled_from(KNOWN).map(str.encode), VALUE)

#: Mostly near what makes sense, so that rules are reached and not only parsers.
LIKELY: dict[str, list[bytes]] = {
    "seat": [b"1", b"2", b"3"],
    "by": [b"1", b"-1", b"-60", b"7"],
    "confirm": [b"yes"],
    "counter": [b"poison"],
    "source": [b"1", b"2"],
    "marker": [b"monarch"],
    "value": [b"2", b"none"],
    "choice": [b"drink"],
    "sides": [b"20", b"coin"],
    "seconds": [b"30"],
    "winner": [b"1", b"draw"],
    "color": [b"sky"],
    "name": [b"Ada"],
}
FIELD = st.one_of(
    st.tuples(NAME, VALUE),
    st.sampled_from(sorted(LIKELY)).flatmap(
        lambda name: st.tuples(st.just(name.encode()), st.sampled_from(LIKELY[name]))
    ),
)
FORM_BODY = st.lists(FIELD, max_size=6).map(
    lambda fields: b"&".join(
        quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode()
        for name, value in fields
    )
)
JSON_BODY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
).map(lambda found: json.dumps(found).encode())
RAW_BODY = st.sampled_from(
    [
        b"%", b"&&&=&", b"=", b"seat", b"seat=%", b"seat=%1", b"seat=%zz", b"seat=%u0031", b"a;b=c",
        b"seat=\xff\xfe", b"seat=\xed\xa0\x80", b"\0\0\0", b"%00=%00", b"seat[]=1", b"seat.x=1",
        b"by=1&" * 5000, b"&".join(b"f%d=1" % n for n in range(3000)), b"seat=" + b"1" * 60_000,
        b'--x\r\nContent-Disposition: form-data; name="seat"\r\n\r\n1\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="by"; filename="a"\r\n\r\n1\r\n--x--\r\n',
        b"--x\r\n\r\n\r\n--x--\r\n", b"--x\r\nContent-Disposition: \xff\r\n\r\n--x", b"--x", b"",
    ]
)  # fmt: skip
CONTENT_TYPE = st.sampled_from(
    [
        FORM, f"{FORM}; charset=utf-16", f"{FORM}; charset=nonsense", "multipart/form-data",
        "multipart/form-data; boundary=x", "multipart/form-data; boundary=", "application/json",
        "text/plain", "", "nonsense", "multipart/form-data; boundary=" + "y" * 300, 'a/b; c="d',
    ]
)  # fmt: skip
BODY = st.one_of(
    st.tuples(FORM_BODY, st.just(FORM)),
    st.tuples(FORM_BODY, st.just(FORM)),
    st.tuples(FORM_BODY | JSON_BODY | RAW_BODY, CONTENT_TYPE),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "HX-Request": st.sampled_from(["true", "false", "1", ""]),
        "Accept-Language": st.sampled_from(["de", "*", ",,;q=", "x" * 500]),
        "Sec-Fetch-Site": st.sampled_from(["same-origin", "none"]),
        "X-Forwarded-For": st.sampled_from(["1.2.3.4", "nonsense", ",,,"]),
        "Referer": st.sampled_from(["/", "http://[", "\xe4"]),
    },
)


# ---- tables to send it to


@dataclass
class Tables:
    """A table in each status; one that a form happened to change is laid anew."""

    url: str
    host: Person
    guest: Person
    onlooker: Person
    codes: dict[str, str] = field(default_factory=dict)

    def lay(self, status: str) -> str:
        """A table for three in that status, its third seat free."""
        code = self.host.post("/games", players=3).headers["location"].rsplit("/", 1)[1]
        for number, person in enumerate((self.host, self.guest), 1):
            person.post(f"/games/{code}/claim-seat", seat=number)
        steps: dict[str, list[tuple[str, dict[str, Any]]]] = {
            "waiting": [],
            "running": [("start", {"empty_seats": "share"})],
            "paused": [("start", {"empty_seats": "share"}), ("pause", {})],
            "finished": [
                ("start", {"empty_seats": "share"}),
                ("finish", {"winner": 2, "confirm": "yes"}),
            ],
        }
        for command, fields in steps[status]:
            assert self.host.post(f"/games/{code}/{command}", **fields).status == 303
        self.codes[status] = code
        return code

    def shown(self, code: str) -> dict[str, str]:
        """Every piece of the table, running clocks apart; a late form brings them all."""
        answer = self.host.post(f"/games/{code}/pass-turn", hx=True, turn=999_999)
        assert answer.status == 200, answer.text
        found = {name: resting(html) for name, html in pieces(answer.text).items()}
        del found["moments"], found["offers"]  # they pass by themselves
        return found


@pytest.fixture(scope="module")
def tables(server: Server) -> Iterator[Tables]:
    """The tables; in the end nothing may have gone wrong behind the answers either."""
    host, guest, onlooker = (Person(server.url) for _ in range(3))
    for person in (host, guest, onlooker):
        person.get("/")
    found = Tables(server.url, host, guest, onlooker)
    for status in ("waiting", "running", "paused", "finished"):
        found.lay(status)
    yield found
    assert Person(server.url).get("/ready").status == 200
    lines = [json.loads(line) for line in server.log.read_text().split("\n") if line[:1] == "{"]
    assert [line for line in lines if line.get("level") in ("error", "critical")] == []


def check(answer: Answer, headers: dict[str, str]) -> None:
    """Done, or a refusal that a person understands."""
    assert answer.status < 500, answer.text
    if answer.status < 400:
        return
    if headers.get("HX-Request") == "true":
        said = re.match(r'<div id="answer"[^>]*><p>([^<]{10,})</p></div>', answer.text)
    else:
        said = re.search(r"<(?:p|strong)[^>]*>([^<]{10,})</", answer.text)
        assert answer.text.count("<h1") == 1
    assert said, answer.text
    assert "Traceback" not in answer.text


@SHARES
def test_every_command(tables: Tables, share: int) -> None:
    """No field of any command, however odd, breaks a table or its server."""

    @settings(max_examples=130 * share)
    @given(
        status=st.sampled_from(["waiting", "running", "running", "paused", "finished"]),
        who=st.sampled_from(["host", "host", "guest", "onlooker"]),
        command=st.sampled_from(sorted(COMMANDS)),
        sent=BODY,
        headers=HEADERS,
    )
    def press(
        status: str, who: str, command: str, sent: tuple[bytes, str], headers: dict[str, str]
    ) -> None:
        code = tables.codes[status]
        before = tables.shown(code)
        person: Person = getattr(tables, who)
        given_ = headers | {"Content-Type": sent[1]}
        answer = person.ask("POST", f"/games/{code}/{command}", sent[0], given_)
        note(f"{answer.status} {answer.text[-300:]}")
        check(answer, headers)
        if answer.status in (200, 204, 303):
            tables.lay(status)
        else:
            assert before == tables.shown(code)

    press()


@SHARES
def test_every_other_form(tables: Tables, share: int) -> None:
    """A new game, preferences, feedback, seats that move: the same holds for all of them."""

    @settings(max_examples=80 * share)
    @given(
        path=st.sampled_from(
            ["/games", "/games", "/preferences", "/feedback", "CODE/reconnect-link",
             "CODE/reconnect/nonsense", "CODE/undo", "CODE/", "/", "/games/new", "/health"]
        ),
        sent=BODY,
        headers=HEADERS,
        token=st.sampled_from([None, None, "Bearer x", "Basic eDp5", "\xe4\xf6", ""]),
    )  # fmt: skip
    def press(
        path: str, sent: tuple[bytes, str], headers: dict[str, str], token: str | None
    ) -> None:
        path = path.replace("CODE", f"/games/{tables.codes['waiting']}")
        given_ = headers | {"Content-Type": sent[1]}
        if token is not None:
            given_["Authorization"] = token
        answer = tables.host.ask("POST", path, sent[0], given_)
        note(f"{answer.status} {answer.text[-300:]}")
        check(answer, headers)

    press()


@SHARES
def test_every_address(tables: Tables, share: int) -> None:
    """Codes and addresses as people (mis)type them, and as scanners do."""

    @settings(max_examples=100 * share)
    @given(
        path=st.sampled_from(
            ["/games/ODD", "/games/ODD", "/games/ODD/qr.svg", "/games/ODD/events?since=0", "/ODD",
             "/games/CODE/result/ODD", "/games/CODE/reconnect/ODD", "/games/CODE?view=ODD",
             "/games/join?code=ODD", "/static/ODD", "/games/CODE/ODD", "/feedback?thanks=ODD"]
        ),
        odd=VALUE,
        encoded=st.booleans(),
        headers=HEADERS,
    )  # fmt: skip
    def open_(path: str, odd: bytes, encoded: bool, headers: dict[str, str]) -> None:
        text = quote_from_bytes(odd, safe="" if encoded else "/;:@&=+$,?%.~").replace(" ", "+")
        path = path.replace("ODD", text).replace("CODE", tables.codes["waiting"])[:3500]
        answer = tables.guest.ask("GET", path, None, headers)
        note(f"{answer.status} {answer.headers}")
        assert answer.status < 500
        if answer.status in (301, 302, 303, 307, 308):
            where = urlsplit(answer.headers["location"])
            assert where.netloc in ("", urlsplit(tables.url).netloc)
            assert not where.path.startswith("//")

    open_()


@pytest.mark.parametrize(
    "cookie",
    [
        "tarp=nonsense", "tarp=", "tarp=e30.x.y", "tarp=" + "x" * 4000, "=", ";;;", "tarp=\xff",
        "preferences=nonsense", "preferences=[]", "preferences=5", "preferences=null",
        "preferences=" + "[" * 4000, 'preferences={"name":{}}', "preferences=" + "9" * 4400,
        'preferences={"name":"\\u0000"}', 'preferences={"name":"\\ud800"}',
        'preferences={"color":["sky"]}', 'preferences={"name":1e999}',
    ],
)  # fmt: skip
def test_a_cookie_that_is_none(tables: Tables, cookie: str) -> None:
    """Cookies come back years later, cut off or edited: it must never be our mistake."""
    code = tables.codes["waiting"]
    for method, path in (
        ("GET", "/"),
        ("GET", "/preferences"),
        ("GET", f"/games/{code}"),
        ("POST", f"/games/{code}/claim-seat"),
    ):
        headers = {"Cookie": cookie, "Content-Type": FORM}
        answer = Person(tables.url).ask(method, path, b"seat=1", headers)
        assert answer.status in (200, 409), answer.text


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: ", "GET / HTTP/1.0",
        "GET / HTTP/1.1\r\nHost: a b",
        "GET /games/CODE HTTP/1.1\r\nHost: " + "x" * 3000,
        "GET /games/CODE/qr.svg HTTP/1.1\r\nHost: " + "x.y" * 1300,
        "GET /games/CODE HTTP/1.1\r\nHost: \xe4\xf6\xfc",
        "GET /games/CODE HTTP/1.1\r\nHost: <script>",
        "GET http://evil.example/games/CODE HTTP/1.1\r\nHost: evil.example",
        "GET //evil.example/.. HTTP/1.1\r\nHost: x", "GET /%ED%A0%80 HTTP/1.1\r\nHost: x",
        "GET /\xff HTTP/1.1\r\nHost: x", "GET /games/%00 HTTP/1.1\r\nHost: x", "GET * HTTP/1.1",
        "NONSENSE / HTTP/1.1\r\nHost: x", "POST /games HTTP/1.1\r\nHost: x\r\nContent-Length: -1",
        "POST /games HTTP/1.1\r\nHost: x\r\nContent-Length: x", "GET /" + "x" * 5000 + " HTTP/1.1",
        "POST /games HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /games HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense",
    ],
)  # fmt: skip
def test_a_request_that_is_none(tables: Tables, head: str) -> None:
    """Raw bytes at the door: an answer or a closed line, and the next person is served."""
    parts = urlsplit(tables.url)
    text = head.replace("CODE", tables.codes["waiting"])
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as line:
        line.sendall(text.encode("latin-1") + b"\r\nConnection: close\r\n\r\n")
        answer = b""
        while got := line.recv(65536):
            answer += got
    status = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    assert status is None or int(status[1]) < 500 or status[1] == b"501", answer[:500]
    assert Person(tables.url).get(f"/games/{quote(tables.codes['waiting'])}").status == 200


def test_what_is_shown_is_escaped(tables: Tables) -> None:
    """Names are kept as typed, so every place that shows one must escape it."""
    odd = "\"><b>&\u200f'</b>"
    code = tables.lay("waiting")
    assert tables.host.post(f"/games/{code}/rename-game", name=odd).status == 303
    assert tables.host.post(f"/games/{code}/rename-seat", name=odd).status == 303
    tables.host.post(f"/games/{code}/update-settings", listed="yes")
    for path in (f"/games/{code}", "/", "/games"):
        page = tables.host.get(path).text
        assert "<b>&\u200f" not in page
        assert "&#34;&gt;&lt;b&gt;&amp;\u200f&#39;&lt;/b&gt;" in page
