"""A form cannot be begun now and finished later: that would be time nobody is charged for."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from tests.conftest import Server
from tests.person import Person, start


def send_slowly(server: Server, person: Person, path: str, wait_s: float) -> str:
    """The head of a tap at once, its body after a while; the status line that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as line:
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\n"
        )
        line.sendall(head.encode())
        time.sleep(wait_s)
        line.sendall(b"turn=1")
        return line.recv(4096).decode().split("\r\n", 1)[0]


def test_holding_a_body_back_gains_no_time(serve: Callable[..., Server]) -> None:
    """The sender pays for all but the first second."""
    server = serve()
    code, people = start(server.url)
    path = f"/games/{code}/pass-turn"
    assert "303" in send_slowly(server, people[0], path, 3.0)
    table = people[0].get(f"/games/{code}")
    charged_ms = 1_200_000 - int(table.seat(1)["remaining-ms"])
    assert 2_000 <= charged_ms <= 4_500
    assert int(table.seat(2)["remaining-ms"]) >= 1_230_000 - 2_000


def test_a_body_that_never_comes_is_refused(serve: Callable[..., Server]) -> None:
    """A connection that waits for ever would hold a place for ever."""
    server = serve()
    code, people = start(server.url)
    assert "408" in send_slowly(server, people[0], f"/games/{code}/pass-turn", 6.0)
    assert people[0].get(f"/games/{code}").state["turn"] == "1"
