"""One listening screen: a place for one piece of news, the newest.

There is no queue. A slow screen skips what it missed and never delays another.
"""

from __future__ import annotations

from gevent.event import Event


class Mailbox:
    """What one open channel has, and whether there is something newer."""

    def __init__(self, code: str, client: str, since: int, you: str | None) -> None:
        self.code = code
        self.client = client
        #: The newest version this screen has.
        self.version = since
        #: Who the page was painted for; another answer means: paint the page again.
        #: None until it is known.
        self.you = you
        self.presence_number = -1
        self.closed = False
        self._news = Event()

    def poke(self) -> None:
        """There is something new."""
        self._news.set()

    def close(self) -> None:
        """The screen is gone, or should go and come back."""
        self.closed = True
        self._news.set()

    def wait(self, seconds: float) -> bool:
        """Wait for news; False when none came in time."""
        came = bool(self._news.wait(seconds))
        self._news.clear()
        return came
