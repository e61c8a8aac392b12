"""Screens that listen over one road or the other, and what they heard."""

from __future__ import annotations

import html
import json
import re
import time
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

from tests.channel.pieces import pieces
from tests.conftest import Server
from tests.person import Ear, Frame, Person
from tests.socket_line import SocketEar

QUIET_SECONDS = 0.3

AnyEar = Ear | SocketEar


class Ears(ExitStack):
    """All that one test opened over a road, hung up when the test is over."""

    def __init__(self, road: str) -> None:
        super().__init__()
        self.road = road

    def open(self, person: Person, code: str, since: object = -1, you: str | None = None) -> AnyEar:
        """Open a channel with what a page says of itself."""
        ear: AnyEar
        if self.road == "socket":
            ear = person.plug_in(code, since, you)
        else:
            ear = person.listen(code, since, you)
        self.callback(ear.close)
        return ear


def tune_in(ears: Ears, person: Person, code: str) -> AnyEar:
    """Open the page, and its channel at the address that the page says."""
    return connect(ears, person, code, address(person, code))


def address(person: Person, code: str) -> dict[str, list[str]]:
    """What the page says of itself when it opens its channel."""
    found = re.search(r'(?:sse|ws)-connect="([^"]+)"', person.get(f"/games/{code}").text)
    assert found
    parts = urlsplit(html.unescape(found[1]))
    assert parts.path in (f"/games/{code}/events", f"/games/{code}/socket")
    return parse_qs(parts.query, keep_blank_values=True)


def connect(ears: Ears, person: Person, code: str, said: dict[str, list[str]]) -> AnyEar:
    """Open the channel with what a page said."""
    return ears.open(person, code, said["since"][0], said["you"][0])


def settled(*ears: AnyEar) -> list[list[Frame]]:
    """What each of them hears until it is quiet everywhere for a little while."""
    heard: list[list[Frame]] = [[] for _ in ears]
    quiet_at = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < quiet_at:
        for ear, frames in zip(ears, heard, strict=True):
            while not ear.frames.empty():
                frames.append(ear.next())
                quiet_at = time.monotonic() + QUIET_SECONDS
        time.sleep(0.01)
    return heard


def named(frame: Frame) -> list[str]:
    """The pieces of a frame, in order."""
    return [*pieces(frame.data)]


def page_turns(heard: list[list[Frame]]) -> list[int]:
    """How often each screen was told to paint its page afresh."""
    return [sum("turn-page" in named(frame) for frame in frames) for frames in heard]


def channels(server: Server) -> int:
    """How many screens the server believes to be listening."""
    told = json.loads(Person(server.url).get("/health").text)
    return int(told["channels"])


def wait_for_channels(server: Server, number: int, seconds: float) -> float:
    """How long it took until so many screens listen."""
    began = time.monotonic()
    while channels(server) != number:
        assert time.monotonic() - began < seconds, f"{channels(server)} channels, not {number}"
        time.sleep(0.02)
    return time.monotonic() - began
