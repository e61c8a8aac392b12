"""What every answer of every kind tells the browser to forbid, word for word."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound

from app.factory import create_app
from app.settings import Settings
from tests.conftest import Server, serving
from tests.person import Person, start

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOT_USED = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), "
    "geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": NOT_USED,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
OVER_HTTPS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
#: They bind documents and workers; what only pages load is spared half a kilobyte each.
OF_DOCUMENTS = {
    "Content-Security-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
    "X-Permitted-Cross-Domain-Policies",
}
#: Nothing that takes back what the policies say, or tells what serves here.
NEVER = (
    "Access-Control-Allow-Origin",
    "Content-Security-Policy-Report-Only",
    "Feature-Policy",
    "X-Powered-By",
    "X-XSS-Protection",
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Asked:
    """One request of a kind, and the status it is answered with."""

    status: int
    path: str
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    private: bool = False
    spared: bool = False


UPGRADE = (("Upgrade", "websocket"), ("Connection", "Upgrade"))
KINDS = {
    "home": Asked(200, "/"),
    "head": Asked(200, "/", "HEAD"),
    "options": Asked(200, "/", "OPTIONS"),
    "open games": Asked(200, "/games"),
    "create": Asked(200, "/games/new"),
    "create comes back": Asked(422, "/games", "POST", "players=99"),
    "create leads on": Asked(303, "/games", "POST", "players=2"),
    "table": Asked(200, "/games/CODE"),
    "fragment": Asked(422, "/games/CODE/roll-dice", "POST", "sides=x", (("HX-Request", "true"),)),
    "code in small letters": Asked(303, "/games/code"),
    "join": Asked(303, "/games/join?code=CODE"),
    "picture of the code": Asked(200, "/games/CODE/qr.svg"),
    "ledger": Asked(200, "/games/CODE/ledger"),
    "export": Asked(200, "/games/CODE/ledger.json"),
    "ribbons": Asked(200, "/games/CODE/timeline.svg"),
    "newest result": Asked(303, "/games/CODE/result"),
    "result": Asked(200, "/games/CODE/result/1"),
    "wall": Asked(200, "/wall?codes=CODE,XXX"),
    "manifest": Asked(200, "/manifest.webmanifest"),
    "worker": Asked(200, "/sw.js"),
    "no connection": Asked(200, "/no-connection"),
    "preferences": Asked(200, "/preferences"),
    "preferences are kept": Asked(303, "/preferences", "POST", "name=Ada"),
    "feedback": Asked(200, "/feedback"),
    "feedback comes back": Asked(422, "/feedback", "POST", "text="),
    "forget me comes back": Asked(422, "/forget-me", "POST", ""),
    "the operator's address": Asked(403, "/operator/close/CODE", "POST"),
    "not the operator": Asked(403, "/feedback", headers=(("Authorization", "Bearer x"),)),
    "a seat moves": Asked(200, "/games/CODE/reconnect-link", "POST", private=True),
    "a link that is none": Asked(403, "/games/CODE/reconnect/x", private=True),
    "a press on it": Asked(403, "/games/CODE/reconnect/x", "POST", private=True),
    "another site": Asked(403, "/games", "POST", "", (("Origin", "https://evil.example"),)),
    "not yours": Asked(403, "/games/CODE/close", "POST", "confirm=yes"),
    "not now": Asked(409, "/games/CODE/start", "POST"),
    "no such game": Asked(404, "/games/ZZZZZZ"),
    "no such address": Asked(404, "/nowhere"),
    "wrong method": Asked(405, "/games/CODE/start"),
    "too large": Asked(413, "/games", "POST", "name=" + "x" * 70_000),
    "no handshake": Asked(400, "/games/CODE/socket", headers=UPGRADE),
    "stream": Asked(200, "/games/CODE/events", spared=True),
    "stream of no game": Asked(404, "/games/ZZZZZZ/events"),
    "style for ever": Asked(200, "/static/STAMP/css/house.css", spared=True),
    "style": Asked(200, "/static/css/house.css", spared=True),
    "font": Asked(200, "/static/fonts/tarp.woff2", spared=True),
    "script": Asked(200, "/static/vendor/htmx.min.js", spared=True),
    "schema": Asked(200, "/static/schemas/ledger-1.json"),
    "no such file": Asked(404, "/static/no.css"),
    "health": Asked(200, "/health"),
    "ready": Asked(200, "/ready"),
    "metrics": Asked(200, "/metrics"),
    "metrics for strangers": Asked(403, "/metrics", headers=(("X-Forwarded-For", "1.2.3.4"),)),
}


@dataclass(frozen=True)
class Place:
    """A server with a running table, a guest at it, and what its answers must say."""

    server: Server
    guest: Person
    code: str
    stamp: str
    expected: dict[str, str]


@pytest.fixture(scope="module", params=["http", "https"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """As it is at home, and as it is behind a proxy that speaks https."""
    is_https = request.param == "https"
    with serving(tmp_path_factory.mktemp("server"), HTTPS="on" if is_https else "off") as server:
        code, (_, guest) = start(server.url, 2)
        stamp = guest.get("/").text.partition("/static/")[2].partition("/")[0]
        expected = ALWAYS | OVER_HTTPS if is_https else ALWAYS
        yield Place(server, guest, code, stamp, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer(place: Place, kind: str) -> None:
    """One page without the policy is where a mistake elsewhere would run."""
    asked = KINDS[kind]
    path = asked.path.replace("STAMP", place.stamp).replace("CODE", place.code)
    path = path.replace("/code", f"/{place.code.lower()}")
    cookies = "; ".join(f"{name}={value}" for name, value in place.guest.cookies.items())
    headers = {**FORM, "Cookie": cookies, **dict(asked.headers)}
    line = http.client.HTTPConnection("127.0.0.1", place.server.port, timeout=10)
    with closing(line):
        line.request(asked.method, path, asked.body or None, headers)
        answer = line.getresponse()
        assert asked.status == answer.status
        said, expected = dict(answer.getheaders()), place.expected
        if asked.spared:
            assert OF_DOCUMENTS.isdisjoint(said)
            expected = {name: expected[name] for name in expected if name not in OF_DOCUMENTS}
        check(said, expected, private=asked.private)


def check(said: dict[str, str], expected: dict[str, str], *, private: bool = False) -> None:
    """Every policy word for word, each once, and nothing that takes it back."""
    if private:
        expected = expected | {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    assert expected == {name: said.get(name) for name in expected}
    for name in (*NEVER, *(OVER_HTTPS.keys() - expected.keys())):
        assert name not in said


@pytest.mark.parametrize("https", [False, True])
def test_our_own_mistakes(settings: Settings, https: bool) -> None:
    """The page that nobody planned for is held to the same."""
    app = create_app(replace(settings, https=https))
    app.add_url_rule("/mistake", view_func=mistake)
    answer = app.test_client().get("/mistake")
    assert (500, "text/html") == (answer.status_code, answer.mimetype)
    assert "mistake" not in answer.text
    app.extensions["table"].storage.close()
    check(dict(answer.headers), ALWAYS | OVER_HTTPS if https else ALWAYS)


def mistake() -> str:
    """What every server has once."""
    raise RuntimeError("a mistake of ours")


def test_every_address_is_of_some_kind(settings: Settings) -> None:
    """A new address is asked for its headers here too, or is a command like the others."""
    app = create_app(settings)
    addresses = app.url_map.bind("localhost")
    asked = set()
    for one in KINDS.values():
        with suppress(NotFound, MethodNotAllowed):
            path, is_socket = one.path.partition("?")[0], UPGRADE == one.headers
            asked.add(addresses.match(path, one.method, websocket=is_socket)[0])
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == asked
    app.extensions["table"].storage.close()
