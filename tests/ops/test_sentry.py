"""What reaches Sentry, shown against an address of our own that plays its ingest."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.conftest import Server
from tests.person import Person, start

WAIT_SECONDS = 10.0
QUIET_SECONDS = 1.0
BAD_RULE, BAD_TIMEOUT = "bad rule", "bad time-out"


@dataclass
class Ingest:
    """Keeps what it is sent: the bare text, and each item by its type."""

    url: str = ""
    texts: list[str] = field(default_factory=list)
    items: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def take(self, body: bytes, encoding: str) -> None:
        """One envelope: a head, then pairs of lines."""
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(encoding, bytes)
        text = unpack(body).decode()
        self.texts.append(text)
        lines = [line for line in text.splitlines()[1:] if line]
        for head, item in zip(lines[::2], lines[1::2], strict=False):
            self.items.append((json.loads(head)["type"], json.loads(item)))

    def events(self) -> list[dict[str, Any]]:
        """The errors so far."""
        return [item for kind, item in self.items if kind == "event"]

    def traced(self) -> list[str]:
        """The names of the pages that were traced."""
        return [item["transaction"] for kind, item in self.items if kind == "transaction"]

    def wait(self, number: int) -> list[dict[str, Any]]:
        """So many errors, and no more that come a little later."""
        latest = time.monotonic() + WAIT_SECONDS
        while len(self.events()) < number and time.monotonic() < latest:
            time.sleep(0.05)
        time.sleep(QUIET_SECONDS)
        assert number == len(self.events()), [event.get("exception") for event in self.events()]
        return self.events()


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    """A Sentry of our own."""
    kept = Ingest()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.take(body, self.headers.get("Content-Encoding", ""))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        kept.url = f"http://key@127.0.0.1:{server.server_port}/7"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()


@pytest.fixture
def mistaken(ingest: Ingest, serve: Callable[..., Server], tmp_path: Path) -> Server:
    """A server with mistakes of ours in it, which reports them."""
    switch = tmp_path / "mistakes"
    switch.touch()
    return serve(
        app="tests.ops.mistaken:app",
        TARP_MISTAKES=str(switch),
        SENTRY_DSN=ingest.url,
        SENTRY_ENVIRONMENT="kitchen",
        SENTRY_RELEASE="tap-or-tarp@9.9",
        TRUSTED_PROXIES="1",
    )


def test_a_mistake_in_a_view_arrives_once(mistaken: Server, ingest: Ingest) -> None:
    """With where and to whom it happened, what went before, and nobody's secrets."""
    Path(mistaken.environment["TARP_MISTAKES"]).unlink()
    code, (host, guest) = start(mistaken.url, 2, name=BAD_RULE)
    guest.post(f"/games/{code}/pass-turn")
    secret = {"X-Forwarded-For": "203.0.113.77", "Authorization": "Bearer a secret word"}
    answer = host.send(f"/games/{code}/roll-dice", {"sides": 6}, secret)
    assert answer.status == 500
    (event,) = ingest.wait(1)
    assert ("kitchen", "tap-or-tarp@9.9") == (event["environment"], event["release"])
    assert "ZeroDivisionError" == event["exception"]["values"][-1]["type"]
    assert (code, answer.headers["x-request-id"], "1") == tuple(
        str(event["tags"][tag]) for tag in ("game", "request", "seat")
    )
    assert 8 == len(event["user"]["id"])
    assert code == event["contexts"]["table"]["game"]
    told = "".join(ingest.texts)
    for hidden in ("203.0.113.77", "a secret word", host.cookies["tarp"], "sides=6"):
        assert hidden not in told


def test_a_mistake_in_a_socket_arrives_once(mistaken: Server, ingest: Ingest) -> None:
    """With what went over the line before as breadcrumbs."""
    Path(mistaken.environment["TARP_MISTAKES"]).unlink()
    code, (host, _) = start(mistaken.url, 2, name=BAD_RULE)
    ear = host.plug_in(code)
    ear.next()
    ear.say("adjust-life", by="-1")
    ear.say("pass-target")
    assert ear.told()
    ear.say("roll-dice", sides="6")
    (event,) = ingest.wait(1)
    assert code == event["tags"]["game"]
    crumbs = [(crumb["category"], crumb["message"]) for crumb in event["breadcrumbs"]["values"]]
    ours = [message for category, message in crumbs if category == "channel"]
    assert ["stream opened", "message", "refused", "message"] == ours[-4:]
    ear.close()


def test_a_mistake_in_the_timekeeper_arrives_once_a_try(mistaken: Server, ingest: Ingest) -> None:
    """Nobody asked for anything: the clock itself ran into it."""
    code, (host, _) = start(
        mistaken.url, 2, name=BAD_TIMEOUT, starting_minutes=0, starting_seconds=1, bonus_seconds=0
    )
    latest = time.monotonic() + WAIT_SECONDS
    while not ingest.events() and time.monotonic() < latest:
        time.sleep(0.05)
    Path(mistaken.environment["TARP_MISTAKES"]).unlink()
    found = [event for event in ingest.events() if event["tags"].get("game") == code]
    assert found
    assert "ZeroDivisionError" == found[0]["exception"]["values"][-1]["type"]
    tries = mistaken.log.read_text().count("a deadline could not be kept")
    time.sleep(QUIET_SECONDS)
    assert len(ingest.events()) <= tries
    assert host.get(f"/games/{code}").status == 200


def test_what_is_no_error_is_not_sent(ingest: Ingest, serve: Callable[..., Server]) -> None:
    """Refusals, normal ends, a stop; taps, streams, sockets and health are not traced either."""
    server = serve(SENTRY_DSN=ingest.url)
    code, (host, guest) = start(server.url, 2)
    for _ in range(30):
        guest.post(f"/games/{code}/pass-turn")
        host.post(f"/games/{code}/adjust-life", by=1)
        Person(server.url).get("/health")
        Person(server.url).get("/ready")
    for _ in range(5):
        for ear in (host.listen(code), host.plug_in(code)):
            ear.next()
            ear.close()
    Person(server.url).get("/games/ZZZZZZ")
    for _ in range(80):
        host.get(f"/games/{code}")
    assert server.stop() == 0
    time.sleep(QUIET_SECONDS)
    assert [] == ingest.events()
    # Of a hundred pages a tenth is traced: some, not all.
    assert 0 < len(ingest.traced()) < 50
    assert {"games.show"} == set(ingest.traced())


def test_without_an_address_nothing_is_sent(ingest: Ingest, serve: Callable[..., Server]) -> None:
    """Off is off."""
    server = serve()
    Person(server.url).get("/")
    assert [] == ingest.texts
