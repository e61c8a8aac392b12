"""One phone's open WebSocket: whole messages in, pings answered, taps sent up."""

from tests.load.channel import Channel, OnFrame
from tests.load.wire import request

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FINAL, MASKED = 0x80, 0x80
SHORT, MEDIUM = 126, 1 << 16
#: The example of RFC 6455, and a mask: a fixed one is as much work for the server as any.
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
MASK = b"\x37\xfa\x21\x3d"
VERSION = b' data-version="'


class SocketStream(Channel):
    """The same on a WebSocket. A ping is a heartbeat.

    What shows no newer table is handed to `on_other`: an answer to this phone alone, or who is
    there. So a frame that came twice is not counted as one.
    """

    __slots__ = ()

    def __init__(self, port: int, path: str, cookie: str, on_frame: OnFrame) -> None:
        asked = request(port, f"GET {path}", cookie)
        asked += f"Origin: http://127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        asked += f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
        super().__init__(port, asked, b"HTTP/1.1 101", on_frame)

    def say(self, text: bytes) -> None:
        """Send one text message whole."""
        words = message(TEXT, text)
        if self.line.send(words) != len(words):
            raise ConnectionError("the server does not read what a tap says")

    def feed(self, data: bytes) -> None:
        """Take whole messages apart (RFC 6455, 5.2); the server sends none in pieces."""
        self.bytes += len(data)
        if self._rest:
            data = self._rest + data
        at, there = 0, len(data)
        while there - at >= 2:
            size, start = data[at + 1], at + 2
            if size >= SHORT:
                start += 2 if size == SHORT else 8
                size = int.from_bytes(data[at + 2 : start])
            if there < start + size:
                break
            self._take(data[at] & 15, data[start : start + size])
            at = start + size
        self._rest = data[at:]

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == TEXT:
            self.events += 1
            begin = payload.find(VERSION) + len(VERSION)
            known = begin >= len(VERSION)
            version = int(payload[begin : payload.index(b'"', begin)]) if known else -1
            if version > self.version:
                self.frames += 1
                self._renew(version, payload)
            else:
                self.on_other(payload)
        elif kind == PING:
            self.heartbeats += 1
            self.line.sendall(message(PONG, payload))
        elif kind == CLOSE:
            raise ConnectionError("the server said goodbye")


def message(kind: int, payload: bytes) -> bytes:
    """A masked, final frame, as a browser sends it."""
    size = len(payload)
    if size < SHORT:
        head = bytes((FINAL | kind, MASKED | size))
    elif size < MEDIUM:
        head = bytes((FINAL | kind, MASKED | SHORT)) + size.to_bytes(2)
    else:
        head = bytes((FINAL | kind, MASKED | 127)) + size.to_bytes(8)
    mask = (MASK * (size // 4 + 1))[:size]
    hidden = int.from_bytes(payload) ^ int.from_bytes(mask)
    return head + MASK + hidden.to_bytes(size)
