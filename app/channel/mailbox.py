"""One listening screen: a place for one piece of news, the newest.

There is no queue. A slow screen skips what it missed and never delays another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from flask import g, request
from gevent.event import Event

from app.channel.frame import Frame
from app.channel.outlet import Outlet
from app.table.presence import Measured
from app.words.languages import LANGUAGES, SOURCE, reading

Encode = Callable[[Frame], bytes]

ONLOOKER = "onlooker "
"""Before the client of a screen that only looks: no seat is ever held by such a name."""

AS_EVENT: Encode = attrgetter("event")
AS_MESSAGE: Encode = attrgetter("message")


@dataclass(eq=False)
class Mailbox:
    """What one open channel has, and whether there is something newer."""

    code: str
    client: str
    #: The newest version this screen has.
    version: int
    #: Who the page was painted for; another answer means: paint the page again.
    #: None until it is known.
    you: str | None
    encode: Encode = AS_EVENT
    #: In which language it is read.
    language: str = SOURCE
    #: The page had a channel before this one.
    again: bool = False
    #: It says that it sounds for the whole table.
    speaks: bool = False
    #: The socket behind it, which measures the way to the phone.
    socket: Measured | None = None
    #: By what ``you`` was found (``you_key``).
    people: tuple[Any, ...] = ()
    #: Where its bytes go; one without a connection where only its own greenlet writes.
    outlet: Outlet = field(default_factory=lambda: Outlet(None))
    #: Its own greenlet waits for news, and is not at work on the line.
    is_idle: bool = False
    #: When something was written to it last (monotonic seconds).
    written_s: float = 0.0
    presence_number: int = -1
    #: When it was last asked whether this screen may listen at all (epoch ms).
    checked_at: int = 0
    #: When it was opened (monotonic seconds).
    opened_s: float = 0.0
    closed: bool = False
    #: Why it may listen no more, in words; empty when it may.
    turned_away: str = ""
    _news: Event = field(default_factory=Event)

    @classmethod
    def of_request(cls, code: str, encode: Encode = AS_EVENT) -> Mailbox:
        """The mailbox of the screen that asks.

        ``since``, ``you`` and ``language`` say what it shows, to whom, and how it is written.
        """
        since = _version(request.args.get("since"))
        last_heard = _version(request.headers.get("Last-Event-ID"))
        again = last_heard >= 0 or "again" in request.args
        version = max(since, last_heard)
        you = request.args.get("you")
        shown = request.args.get("language", "")
        language = shown if shown in LANGUAGES else reading()
        client = g.client
        if request.args.get("view") == "overlay":
            client = ONLOOKER + client  # whose browser it runs in is not there because of it
        speaks = "speaks" in request.args
        return cls(code, client, version, you, encode, language, again, speaks)

    @property
    def transport(self) -> str:
        """By which kind of channel it is emptied."""
        return "socket" if self.encode is AS_MESSAGE else "sse"

    def poke(self) -> None:
        """There is something new."""
        self._news.set()

    def close(self, turned_away: str = "") -> None:
        """The screen is gone, or should go (and come back, unless it is turned away)."""
        self.closed = True
        self.turned_away = turned_away
        self._news.set()

    def wrote(self) -> None:
        """Something was written to it just now."""
        self.written_s = time.monotonic()

    def silence_left_s(self, most_s: float) -> float:
        """How much longer nothing may be written to it; 0 when a sign of life is due."""
        return max(0.0, self.written_s + most_s - time.monotonic())

    def or_alive(self, news: bytes, alive: bytes, most_s: float) -> bytes:
        """The news; without any the sign of life, if it is due, or nothing."""
        return news or (b"" if self.silence_left_s(most_s) else alive)

    def heed(self) -> None:
        """All that was announced so far is about to be told."""
        self._news.clear()

    def wait(self, seconds: float) -> bool:
        """Wait for news; False when none came in time."""
        self.is_idle = True
        try:
            came = bool(self._news.wait(seconds))
        finally:
            self.is_idle = False
        self._news.clear()
        return came


def _version(text: str | None) -> int:
    """The version a page says it shows; anything odd counts as "nothing yet"."""
    if text is None or not (text.isascii() and text.isdigit()):
        return -1
    return int(text[:15])
