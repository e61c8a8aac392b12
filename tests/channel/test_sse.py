"""The event stream alone: its head, its signs of life, how a browser comes back to it."""

from __future__ import annotations

import time

import pytest

from tests.channel.ears import Ears, channels, named, settled, tune_in
from tests.conftest import Server
from tests.person import Ear, start


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Signs of life every second, so that a test can wait for some."""
    return {"HEARTBEAT_SECONDS": "1"}


@pytest.fixture
def road() -> str:
    """Streams only."""
    return "sse"


def test_the_head(server: Server, ears: Ears) -> None:
    """Nothing on the way may keep, pack or change a stream; a lost phone knows when to return."""
    code, (host, _) = start(server.url, 2)
    ear = ears.open(host, code)
    assert isinstance(ear, Ear)
    ear.next()
    head = ear.head.lower()
    assert head.startswith("http/1.1 200")
    assert "content-type: text/event-stream" in head
    assert "cache-control: no-store, no-transform" in head
    assert "content-encoding" not in head
    assert ear.retry_ms is not None
    assert 500 <= ear.retry_ms <= 1500


def test_signs_of_life(server: Server, ears: Ears) -> None:
    """Proxies and phones drop a silent line; a sign of life is a comment that no page sees."""
    code, (host, _) = start(server.url, 2)
    ear = tune_in(ears, host, code)
    assert isinstance(ear, Ear)
    settled(ear)
    began, heartbeats = time.monotonic(), ear.heartbeats
    while ear.heartbeats == heartbeats:
        assert time.monotonic() - began < 2.5
        time.sleep(0.05)
    assert ear.frames.empty()


def test_a_browser_that_reconnects_by_itself(server: Server, ears: Ears) -> None:
    """It sends the last id it heard beside the old address: the newer of the two counts."""
    code, (host, _) = start(server.url, 2)
    version = host.get(f"/games/{code}").state["version"]
    ear = Ear(
        server.url, f"/games/{code}/events?since=0", host.cookie() | {"Last-Event-ID": version}
    )
    ears.callback(ear.close)
    assert ["state", "seat-1", "moments"] == named(ear.next())


def test_only_asking_for_the_head(server: Server) -> None:
    """A link checker's HEAD opens no channel, however often it asks."""
    code, (host, _) = start(server.url, 2)
    before = channels(server)
    for _ in range(3):
        assert host.ask("HEAD", f"/games/{code}/events", None, {}).status == 200
    assert before == channels(server)
