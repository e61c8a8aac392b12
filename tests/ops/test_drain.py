"""A deploy asks the server to go: it says goodbye to every stream and finishes what it began."""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import Server
from tests.person import Person, start

STREAMS = 50
SECONDS = 5.0


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
    """A connection that was open before the server began to go, and asks for a stream then."""

    def __init__(self, person: Person, path: str) -> None:
        parts = urlsplit(person.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=5)
        self.head = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"

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
def test_streams_are_told_to_come_back_and_presses_count(
    server: Server, how: signal.Signals
) -> None:
    """Nobody's press is lost to a deploy, and no phone waits for a stream that is dead."""
    code, people = start(server.url, 2)
    ears = [person.listen(code) for person in people for _ in range(STREAMS // 2)]
    for ear in ears:
        ear.next()
    first_retries = [ear.retry_ms for ear in ears]
    for ear in ears:
        ear.retry_ms = None
    press = SlowPress(people[0], f"/games/{code}/adjust-life", seat=1, by=-1234, turn="")
    time.sleep(0.2)

    asked = time.monotonic()
    ask_to_go(server, how)
    ended = [ear.ended.wait(SECONDS) for ear in ears]
    ended_s = time.monotonic() - asked
    status = press.finish()
    assert server.process is not None
    left = server.process.wait(SECONDS)
    took_s = time.monotonic() - asked

    assert [True] * STREAMS == ended
    # Each was told when to come back, at different times, so that all do not come at once.
    retries = [ear.retry_ms for ear in ears]
    assert all(retry is not None and 100 <= retry <= 5000 for retry in retries)
    assert len(set(retries)) > STREAMS // 4
    assert all(retry is not None for retry in first_retries)
    assert "HTTP/1.1 303 SEE OTHER" == status
    assert 0 == left
    assert ended_s < 2
    assert took_s < SECONDS
    for ear in ears:
        ear.close()
    assert '"level": "error"' not in server.log.read_text()

    # The press that was under way counts: it is there when the server is back.
    server.start()
    assert "-999" == people[0].get(f"/games/{code}").seat(1)["life"]


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
