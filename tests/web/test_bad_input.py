"""Whatever arrives, on purpose or by mistake: a sentence, an unchanged table, a server that serves.

The cases are drawn by hypothesis and sent to a real server; many times as many in the soak.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import quote, quote_from_bytes, urlsplit

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from app.factory import create_app
from app.game.commands import COMMANDS
from app.settings import Settings
from tests.conftest import Server, environment_in
from tests.odd import BODY, FORM, HEADERS, SHARES, STATUSES, VALUE, Tables, check, laid
from tests.person import Answer, Person
from tests.wire import shake_hands


@pytest.fixture(scope="module")
def tables(server: Server, request: pytest.FixtureRequest) -> Iterator[Tables]:
    """The tables of this file."""
    with laid(server, request) as found:
        yield found


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    """Every address there is, by the app's own list."""
    folder = tmp_path_factory.mktemp("addresses")
    app = create_app(Settings.from_environment(environment_in(folder), instance=folder))
    app.extensions["background"].stop()
    app.extensions["table"].storage.close()
    return sorted(app.url_map.iter_rules(), key=str)


@SHARES
def test_every_command(tables: Tables, share: int) -> None:
    """No field of any command, however odd, breaks a table or its server."""

    @settings(max_examples=300 * share)
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
        before = tables.stored(code)
        person: Person = getattr(tables, who)
        given_ = headers | {"Content-Type": sent[1]}
        answer = person.ask("POST", f"/games/{code}/{command}", sent[0], given_)
        tables.sent["commands"] += 1
        note(f"{answer.status} {answer.text[-300:]}")
        check(answer, headers)
        if answer.status in (200, 204, 303):
            tables.lay(status)
        else:
            assert before == tables.stored(code)

    press()


@SHARES
def test_every_other_form(tables: Tables, share: int) -> None:
    """A new game, preferences, feedback, seats that move: the same holds for all of them."""

    @settings(max_examples=150 * share)
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
        before = tables.stored()
        answer = tables.host.ask("POST", path, sent[0], given_)
        tables.sent["forms"] += 1
        assert answer.status < 400 or before == tables.stored()
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
        tables.sent["typed addresses"] += 1
        note(f"{answer.status} {answer.headers}")
        assert answer.status < 500
        stays_here(answer, tables.url)

    open_()


def stays_here(answer: Answer, url: str) -> None:
    """Wherever it leads, it is one of our own addresses."""
    if answer.status in (301, 302, 303, 307, 308):
        where = urlsplit(answer.headers["location"])
        assert where.netloc in ("", urlsplit(url).netloc)
        assert not where.path.startswith("//")


SENSIBLE = {"code": "CODE", "name": "css/house.css", "number": "1", "token": "nonsense"}
"""What stands in an address's gaps when it is meant well."""

ASKED = [
    "codes", "from", "sitting", "since", "you", "code", "clock", "round", "view", "thanks", "text",
    "players", "starting_minutes", "mode", "campaign", "seat", "as", "for", "page", "name", "q",
]  # fmt: skip
QUERY = st.lists(st.tuples(st.sampled_from(ASKED) | st.text(max_size=8), VALUE), max_size=4).map(
    lambda pairs: "&".join(
        f"{quote_from_bytes(name.encode(errors='replace'))}={quote_from_bytes(value)}"
        for name, value in pairs
    )
)


@SHARES
def test_every_address_there_is(tables: Tables, rules: list[Rule], share: int) -> None:
    """Each by the app's own list, with odd gaps, odd questions and odd methods; looking is free."""

    @settings(max_examples=450 * share)
    @given(
        rule=st.sampled_from(rules),
        method=st.sampled_from(["GET"] * 6 + ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "X"]),
        gaps=st.lists(st.none() | VALUE, min_size=3, max_size=3),
        query=QUERY,
        where=st.tuples(st.sampled_from(STATUSES), st.sampled_from(["host", "guest", "onlooker"])),
    )
    def open_(
        rule: Rule, method: str, gaps: list[bytes | None], query: str, where: tuple[str, str]
    ) -> None:
        status, who = where
        path = str(rule)
        for (part, name), odd in zip(re.findall(r"(<(?:\w+:)?(\w+)>)", path), gaps, strict=False):
            sensible = SENSIBLE[name].replace("CODE", tables.codes[status])
            path = path.replace(part, sensible if odd is None else quote_from_bytes(odd, safe=""))
        path = f"{path}?{query}"[:3500]
        person: Person = getattr(tables, who)
        before = tables.stored()
        if rule.rule.endswith(("/events", "/socket")):  # these may go on for ever
            headers = {**person.cookie(), "Upgrade": None, "Connection": "close"}
            found = shake_hands(tables.url, path, headers)
            assert 200 <= found.status < 500
        else:
            answer = person.ask(method, path, None, {})
            note(f"{answer.status} {answer.headers} {answer.text[-200:]}")
            assert answer.status < 500 or answer.status == 501
            assert "Traceback" not in answer.text
            stays_here(answer, tables.url)
        tables.sent["addresses"] += 1
        assert before == tables.stored()

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
