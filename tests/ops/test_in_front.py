"""nginx and Caddy as we ship them: nothing is held back, nobody's word but theirs is believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest

from tests.conftest import Server, serving
from tests.ops.in_front import PROXIES, Wire, in_front, shaken_hands
from tests.person import Person, start

HEARTBEAT_S = 0.5


ADDRESSES = iter(range(10, 250))


@dataclass
class House:
    """A server behind a proxy; every phone has an address of its own."""

    server: Server
    port: int
    stack: ExitStack

    def url(self) -> str:
        """Where a phone with a new address reaches the house."""
        wire = Wire(self.port, f"127.0.0.{next(ADDRESSES)}")
        self.stack.callback(wire.close)
        return wire.url


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server, set up as the shipped files say."""
    with serving(
        tmp_path_factory.mktemp("server"),
        HTTPS="on",
        TRUSTED_PROXIES="1",
        RATE_LIMITS="on",
        HEARTBEAT_SECONDS=str(HEARTBEAT_S),
    ) as server:
        yield server


@pytest.fixture(scope="module", params=PROXIES)
def house(
    request: pytest.FixtureRequest, behind: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The server behind either proxy."""
    folder = tmp_path_factory.mktemp("front") / "proxy"
    with ExitStack() as stack, in_front(request.param, folder, behind.port) as port:
        yield House(behind, port, stack)


def test_a_frame_arrives_as_it_happens(house: House) -> None:
    """A proxy that collects before it sends makes a clock that lies."""
    code, people = start(house.url(), 2)
    ear = people[1].listen(code)
    ear.next()
    late_s = []
    for turn in range(4):
        pressed = time.monotonic()
        assert people[turn % 2].post(f"/games/{code}/pass-turn").status == 303
        late_s.append(ear.next().at - pressed)
    assert max(late_s) < 1
    ear.heartbeats = 0
    time.sleep(HEARTBEAT_S * 3)
    assert ear.heartbeats >= 2
    assert "text/event-stream" in ear.head
    ear.close()


def test_the_socket_works_both_ways(house: House) -> None:
    """A handshake is more than a header: taps go up and the table comes back."""
    code, people = start(house.url(), 2)
    phone = people[0].plug_in(code)
    before = int(phone.next().state["version"])
    pressed = time.monotonic()
    phone.say("pass-turn")
    frame = phone.until(before + 1)
    assert "2" == frame.state["turn"]
    assert frame.at - pressed < 1
    phone.say("start")
    assert phone.told()
    phone.close()


def test_each_phone_has_its_own_address_and_no_other(house: House) -> None:
    """One guesser is held back, whatever it writes into the header, and nobody else is with it."""
    url = house.url()
    line = HTTPConnection(url.removeprefix("http://"), timeout=10)
    guessed = []
    for n in range(31):
        forged = {"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"}
        line.request("GET", "/games/ZZZZZZ", headers=forged)
        answer = line.getresponse()
        answer.read()
        guessed.append(answer.status)
    line.close()
    assert [404] * 30 + [429] == guessed
    assert 404 == Person(house.url()).get("/games/ZZZZZZ").status


def test_the_app_knows_of_https(house: House) -> None:
    """Without X-Forwarded-Proto and the host, QR codes lead to http and forms look foreign."""
    person = Person(house.url())
    page = person.get("/")
    assert "max-age=" in page.headers["strict-transport-security"]
    assert {"__Host-tarp"} == set(person.cookies)
    # A form with the header a browser sends, from our own page and from a foreign one.
    own = {"Origin": person.url.replace("http:", "https:"), "Sec-Fetch-Site": "same-origin"}
    made = person.send("/games", {"players": 2}, own)
    assert 303 == made.status, made.text
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert 403 == person.send("/games", {"players": 2}, foreign).status
    # A stranger's word about protocol and host is dropped.
    told = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
    code = made.headers["location"].rsplit("/", 1)[1]
    shown = person.get(f"/games/{code}", **told).text
    assert f"https://{person.url.removeprefix('http://')}/games/{code}" in shown
    assert "evil.example" not in shown


def test_a_keeper_behind_the_proxy_needs_the_token(house: House) -> None:
    """To the app the proxy sits on this machine: strangers behind it must not read the metrics."""
    assert 403 == Person(house.url()).get("/metrics").status
    assert 200 == Person(house.server.url).get("/metrics").status


def test_many_streams_share_a_connection(house: House) -> None:
    """Over HTTP/1.1 a browser opens six connections, and the seventh tab would wait for ever."""
    with shaken_hands(house.port, "127.0.0.1", "h2", "http/1.1") as line:
        assert "h2" == line.selected_alpn_protocol()


def test_a_large_form_is_refused_in_our_words(house: House) -> None:
    """An error page of the proxy would help nobody."""
    person = Person(house.url())
    answer = person.post("/feedback", text="x" * 70_000)
    assert (413, True) == (answer.status, "64 KB are the limit" in answer.text)
