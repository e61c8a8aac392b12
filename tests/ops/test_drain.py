"""A deploy asks the server to go: it says goodbye to every screen and finishes what it began."""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from tests.channel.ears import AnyEar
from tests.conftest import Server
from tests.person import Ear, Person, start
from tests.socket_line import SocketEar

STREAMS = SOCKETS = 150
SECONDS = 5.0
BANK_MS = 20 * 60 * 1000
#: Two clocks of whole milliseconds are compared.
ROUNDED_MS = 5

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


class SlowPress:
    """A form on a bad line: its head and half its body are sent, the rest comes later."""

    def __init__(self, person: Person, path: str, **fields: object) -> None:
        parts = urlsplit(person.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=10)
        body = urlencode(fields)
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.rest = body[len(body) // 2 :]
        self.socket.sendall((head + body[: len(body) // 2]).encode())

    def finish(self) -> str:
        """Send the rest; the status line of the answer."""
        self.socket.sendall(self.rest.encode())
        with closing(self.socket), self.socket.makefile("rb") as answer:
            return answer.readline().decode().strip()


class LateEar:
    """A connection that was open before the server began to go, and asks for a channel then."""

    def __init__(self, person: Person, path: str, more: str = "") -> None:
        parts = urlsplit(person.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=5)
        origin = f"Host: {parts.netloc}\r\nOrigin: {person.url}\r\n"
        self.head = f"GET {path} HTTP/1.1\r\n{origin}{more}\r\n"

    def ask(self) -> None:
        """Now."""
        self.socket.sendall(self.head.encode())

    def ended(self) -> bool:
        """Whether it was answered with a retry and nothing more."""
        with closing(self.socket), self.socket.makefile("rb") as answer:
            head, _, body = answer.read().decode().partition("\r\n\r\n")
        return head.startswith("HTTP/1.1 200") and "retry: " in body and "data: " not in body


def ask_to_go(server: Server, how: signal.Signals) -> None:
    """As a supervisor does it, or as Ctrl-C does: that one reaches every process."""
    assert server.process is not None
    if how is signal.SIGINT:
        os.killpg(server.process.pid, how)
    else:
        server.process.send_signal(how)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_everybody_is_told_to_come_back_and_presses_count(
    server: Server, how: signal.Signals
) -> None:
    """Nobody's press is lost to a deploy, no bank pays, no phone waits for a dead channel."""
    code, people = start(server.url, 2, bonus_seconds=0)
    began = time.monotonic()
    ears, plugs = full_house(server, code)
    press = SlowPress(people[0], f"/games/{code}/adjust-life", seat=1, by=-1234, turn="")
    time.sleep(0.2)

    asked = time.monotonic()
    ask_to_go(server, how)
    assert [True] * STREAMS == [ear.ended.wait(SECONDS) for ear in ears]
    assert [True] * SOCKETS == [plug.ended.wait(SECONDS) for plug in plugs]
    ended_s = time.monotonic() - asked
    assert is_closed_to_newcomers(server)
    status = press.finish()
    assert server.process is not None
    left = server.process.wait(SECONDS)
    took_s = time.monotonic() - asked

    # Each was told when to come back, at different times, so that all do not come at once.
    retries = [ear.retry_ms for ear in ears]
    assert all(retry is not None and 100 <= retry <= 5000 for retry in retries)
    assert len(set(retries)) > STREAMS // 4
    assert {(1012, "The server restarts. Come back at once.")} == {plug.goodbye for plug in plugs}
    assert "HTTP/1.1 303 SEE OTHER" == status
    assert 0 == left
    assert ended_s < 3
    assert took_s < SECONDS
    everybody: list[AnyEar] = [*ears, *plugs]
    for one in everybody:
        one.close()
    assert '"level": "error"' not in server.log.read_text()

    # The press that was under way counts: it is there when the server is back, and so is the time.
    server.start()
    page = Person(server.url).get(f"/games/{code}")
    assert "-999" == page.seat(1)["life"]
    used_ms = BANK_MS - int(page.seat(1)["remaining-ms"])
    assert 0 < used_ms <= (asked + took_s - began) * 1000 + ROUNDED_MS


def full_house(server: Server, code: str) -> tuple[list[Ear], list[SocketEar]]:
    """Half a hall listens over streams, half over sockets; each has heard something."""
    onlookers = [Person(server.url) for _ in range((STREAMS + SOCKETS) // 4)]
    others = [start(server.url, 2)[0] for _ in range(3)]
    at = [(onlooker, table) for onlooker in onlookers for table in (code, *others)]
    ears = [onlooker.listen(table) for onlooker, table in at[:STREAMS]]
    plugs = [onlooker.plug_in(table) for onlooker, table in at[STREAMS : STREAMS + SOCKETS]]
    everybody: list[AnyEar] = [*ears, *plugs]
    for one in everybody:
        one.next(30)
    for ear in ears:
        assert ear.retry_ms is not None
        ear.retry_ms = None
    return ears, plugs


def is_closed_to_newcomers(server: Server) -> bool:
    """Whether a new connection is refused, a second after the server was asked to go at latest."""
    latest = time.monotonic() + 1.5
    while time.monotonic() < latest:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.05)
    return False


def test_a_second_ctrl_c_is_the_quick_stop(server: Server) -> None:
    """Whoever presses it again does not want to wait for a form that may never finish."""
    code, people = start(server.url, 2)
    press = SlowPress(people[0], f"/games/{code}/adjust-life", seat=1, by=-1)
    time.sleep(0.2)
    ask_to_go(server, signal.SIGINT)
    time.sleep(0.5)
    assert server.process is not None
    assert server.process.poll() is None
    asked = time.monotonic()
    ask_to_go(server, signal.SIGINT)
    assert 0 == server.process.wait(SECONDS)
    assert time.monotonic() - asked < 2.5
    press.socket.close()
    server.start()
    assert "40" == people[0].get(f"/games/{code}").seat(1)["life"]


def test_a_socket_opened_while_it_goes_is_sent_away_kindly(server: Server) -> None:
    """Its connection was open before: a goodbye at once, or the whole deploy waits for it."""
    code, people = start(server.url, 2)
    press = SlowPress(people[0], f"/games/{code}/adjust-life", seat=1, by=-1)
    late = LateEar(people[1], f"/games/{code}/socket?since=-1", UPGRADE)
    ask_to_go(server, signal.SIGTERM)
    time.sleep(0.3)
    asked = time.monotonic()
    late.ask()
    with closing(late.socket), late.socket.makefile("rb") as answer:
        said = answer.read()
    assert time.monotonic() - asked < 2
    assert said.startswith(b"HTTP/1.1 101")
    assert (1012).to_bytes(2, "big") + b"The server restarts. Come back at once." in said
    assert "HTTP/1.1 303 SEE OTHER" == press.finish()
    assert server.process is not None
    assert 0 == server.process.wait(SECONDS)


def test_a_stream_opened_while_it_goes_is_sent_away_kindly(server: Server) -> None:
    """On a connection that is still open: a retry and the end, never an error."""
    code, people = start(server.url, 2)
    press = SlowPress(people[0], f"/games/{code}/adjust-life", seat=1, by=-1)
    ear = LateEar(people[1], f"/games/{code}/events?since=-1")
    ask_to_go(server, signal.SIGTERM)
    time.sleep(0.3)  # draining has begun, and what is connected is still answered
    ear.ask()
    assert ear.ended()
    assert "HTTP/1.1 303 SEE OTHER" == press.finish()
    assert server.process is not None
    assert 0 == server.process.wait(SECONDS)


def test_nobody_listening_nothing_to_wait_for(server: Server) -> None:
    """An idle server goes at once: a deploy costs the tables a second or two."""
    asked = time.monotonic()
    assert 0 == server.stop()
    assert time.monotonic() - asked < 3
