"""One phone's open channel, whichever kind: bytes in, counted; versions told as they come."""

import socket
from collections.abc import Callable

from tests.load.wire import READ_BYTES, connect

#: (the version it had, the version it has now, the piece of news that brought it)
OnFrame = Callable[[int, int, bytes], None]
HEAD_END = b"\r\n\r\n"


class Channel:
    """Reads until the server ends it. `on_frame` hears of each newer table, once.

    Only what carries a version counts as a frame; presence and advice when to come back do not.
    """

    __slots__ = (
        *("_rest", "bytes", "events", "frames", "heartbeats", "is_open", "line"),
        *("on_frame", "on_other", "version"),
    )

    def __init__(self, port: int, asked: str, promised: bytes, on_frame: OnFrame) -> None:
        self.line: socket.socket = connect(port)
        self.on_frame = on_frame
        #: Hears of what is no newer table; a stream has nothing of the kind to say.
        self.on_other: Callable[[bytes], None] = lambda _told: None
        self.bytes = self.events = self.frames = self.heartbeats = 0
        self.version = -1
        self.is_open = True
        self._rest = b""
        self.line.sendall(asked.encode())
        received = b""
        while HEAD_END not in received:
            received += self._receive()
        head, _, rest = received.partition(HEAD_END)
        if not head.startswith(promised):
            raise ConnectionError(f"no channel: {head[:200]!r}")
        self.feed(rest)

    def wait(self) -> None:
        """Until the channel has said something: from then on it tells of every change."""
        while not self.events:
            self.feed(self._receive())

    def read(self) -> bool:
        """Take what has come; False when the server ended the channel."""
        try:
            self.feed(self._receive())
        except ConnectionError:
            self.is_open = False
        return self.is_open

    def feed(self, data: bytes) -> None:
        """Take whole pieces of news apart; the rest of a torn one waits for the next bytes."""
        raise NotImplementedError

    def _receive(self) -> bytes:
        data = self.line.recv(READ_BYTES)
        if not data:
            raise ConnectionError("the server ended a channel")
        return data

    def _renew(self, version: int, news: bytes) -> None:
        before = self.version
        self.version = version
        self.on_frame(before, version, news)
