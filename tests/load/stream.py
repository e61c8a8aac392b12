"""One phone's open event stream: chunks in, whole events out."""

from tests.load.channel import Channel, OnFrame
from tests.load.wire import request

FRAME = b"id: "


class Stream(Channel):
    """Reads the chunks of an endless answer. A line that is a comment alone is a heartbeat."""

    __slots__ = ("_torn",)

    def __init__(self, port: int, path: str, cookie: str, on_frame: OnFrame) -> None:
        self._torn = b""
        asked = f"{request(port, f'GET {path}', cookie, 'text/event-stream')}\r\n"
        super().__init__(port, asked, b"HTTP/1.1 200", on_frame)

    def feed(self, data: bytes) -> None:
        """Take whole chunks apart (RFC 9112, 7.1)."""
        self.bytes += len(data)
        if self._rest:
            data = self._rest + data
        at = 0
        while (end := data.find(b"\r\n", at)) >= 0:
            size = int(data[at:end], 16)
            after = end + 2 + size
            if len(data) < after + 2:
                break
            self._take(data[end + 2 : after])
            at = after + 2
        self._rest = data[at:]

    def _take(self, piece: bytes) -> None:
        *events, self._torn = (self._torn + piece).split(b"\n\n")
        self.events += len(events)
        for event in events:
            if event.startswith(FRAME):
                self.frames += 1
                version = int(event[4 : event.index(b"\n")])
                if version > self.version:
                    self._renew(version, event)
            elif event.startswith(b":"):
                self.heartbeats += 1
