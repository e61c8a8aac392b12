"""One phone's open SSE channel: bytes in, whole events out, counted."""

import socket
from collections.abc import Callable

from tests.load.wire import READ_BYTES, connect, request

FRAME = b"id: "


class Stream:
    """Reads the chunks of an endless answer. `on_frame(version, event)` hears of each table.

    Only what carries a version counts as a frame; presence and the advice when to come back do
    not, and a line of its own that starts with a colon is a heartbeat.
    """

    __slots__ = (
        *("_chunks", "_torn", "bytes", "events", "frames", "heartbeats"),
        *("is_open", "line", "on_frame"),
    )

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self.line: socket.socket = connect(port)
        self.on_frame: Callable[[int, bytes], None] = lambda _version, _event: None
        self.bytes = self.events = self.frames = self.heartbeats = 0
        self._chunks = self._torn = b""
        self.is_open = True
        line = f"GET {path}"
        self.line.sendall(f"{request(port, line, cookie, 'text/event-stream')}\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, rest = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200") or b"chunked" not in head.lower():
            raise ConnectionError(f"no stream at {path}: {head[:200]!r}")
        self.feed(rest)

    def wait(self) -> None:
        """Until the channel has said something: from then on it tells of every change."""
        while not self.events:
            self.feed(self._receive())

    def read(self) -> bool:
        """Take what has come; False when the server ended the stream."""
        try:
            self.feed(self._receive())
        except ConnectionError:
            self.is_open = False
        return self.is_open

    def feed(self, data: bytes) -> None:
        """Whole chunks are taken apart, the rest of a torn one waits for the next bytes."""
        self.bytes += len(data)
        data = self._chunks + data
        at = 0
        while (end := data.find(b"\r\n", at)) >= 0:
            size = int(data[at:end], 16)
            after = end + 2 + size
            if len(data) < after + 2:
                break
            self._take(data[end + 2 : after])
            at = after + 2
        self._chunks = data[at:]

    def _take(self, piece: bytes) -> None:
        *events, self._torn = (self._torn + piece).split(b"\n\n")
        self.events += len(events)
        for event in events:
            if event.startswith(FRAME):
                self.frames += 1
                self.on_frame(int(event[4 : event.index(b"\n")]), event)
            elif event.startswith(b":"):
                self.heartbeats += 1

    def _receive(self) -> bytes:
        data = self.line.recv(READ_BYTES)
        if not data:
            raise ConnectionError("the server ended a stream")
        return data
