"""Requests as bytes: what no client of good manners would send."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
"""The example of RFC 6455."""

WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Handshake:
    """How the server answered: 101, or a status and a page."""

    status: int
    head: str
    text: str
    #: The open line, where it was to be kept.
    line: socket.socket | None = None


def shake_hands(
    url: str,
    path: str,
    headers: Mapping[str, str | None],
    keep: ExitStack | None = None,
    method: str = "GET",
) -> Handshake:
    """Ask to open a socket as a browser does, with other headers: None leaves one out.

    The line is closed when the head of a 101, or the whole of another answer, has been read;
    with ``keep`` it stays open until that is left.
    """
    parts = urlsplit(url)
    given: dict[str, str | None] = {
        "Host": parts.netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
        **headers,
    }
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in given.items() if value is not None]
    line = socket.create_connection((parts.hostname, parts.port), timeout=WAIT_SECONDS)
    with ExitStack() as closing:
        (keep or closing).callback(line.close)
        line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        answer = b""
        while b"\r\n\r\n" not in answer and (got := line.recv(65536)):
            answer += got
        head, _, body = answer.partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        status = int(words[1]) if len(words) > 1 else 0
        length = _length(head)
        while method != "HEAD" and len(body) < length and (got := line.recv(65536)):
            body += got
        text = body.decode(errors="replace") if length else ""
        return Handshake(status, head.decode("latin-1"), text, line if keep else None)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
