"""Just enough HTTP/1.1 to be a phone's browser, at a fraction of what the server spends."""

import gzip
import json
import re
import socket
from typing import NamedTuple

PATIENCE_SECONDS = 60.0
READ_BYTES = 1 << 16
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *(tarp=[^;\r]+)", re.IGNORECASE)

# What a phone sends beside the request itself: the server has to read all of it, so we send it.
PHONE = (
    "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Mobile Safari/537.36\r\n"
    "Accept-Encoding: gzip\r\nAccept-Language: en-GB,en;q=0.9\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
)


class Answer(NamedTuple):
    """A whole answer: its status, its head and its body."""

    status: int
    head: bytes
    body: bytes


def request(port: int, line: str, cookie: str, accept: str = "text/html") -> str:
    """The head of a request, without its last empty line."""
    host = f"127.0.0.1:{port}"
    session = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"{line} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n{PHONE}{session}"


def press(port: int, path: str, cookie: str) -> str:
    """The head of a form that HTMX posts, up to the number of bytes in its body."""
    origin = f"Origin: http://127.0.0.1:{port}\r\n"
    page = f"http://127.0.0.1:{port}{path.rpartition('/')[0]}"
    return (
        f"{request(port, f'POST {path}', cookie, '*/*')}{origin}"
        f"Referer: {page}\r\nHX-Current-URL: {page}\r\nHX-Request: true\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    )


def pressed(port: int, path: str) -> bytes:
    """The end of a command over the socket, from behind its last field on.

    HTMX adds what it would have sent as headers; our own script sends less, so this is the most
    that the server has to read.
    """
    headers = {
        "HX-Request": "true",
        "HX-Trigger": "tap",
        "HX-Trigger-Name": None,
        "HX-Target": "tap",
        "HX-Current-URL": f"http://127.0.0.1:{port}{path}",
    }
    return f',"HEADERS":{json.dumps(headers, separators=(",", ":"))}}}'.encode()


def take_answer(received: bytes | bytearray) -> Answer | None:
    """The answer these bytes are, once they are all there; one answer at a time is under way."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end])
    length = LENGTH.search(head)
    size = int(length[1]) if length else 0
    if len(received) < end + 4 + size:
        return None
    return Answer(int(head[9:12]), head, bytes(received[end + 4 : end + 4 + size]))


class Desk:
    """A waiting connection for what comes before the measurement; opened again when it closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line: socket.socket | None = None

    def get(self, path: str, cookie: str) -> Answer:
        """Fetch a page, unpacked."""
        answer = self._ask(f"{request(self._port, f'GET {path}', cookie)}\r\n".encode())
        if b"content-encoding: gzip" in answer.head.lower():
            return answer._replace(body=gzip.decompress(answer.body))
        return answer

    def post(self, path: str, cookie: str, body: str = "") -> Answer:
        """Send a form."""
        head = press(self._port, path, cookie)
        return self._ask(f"{head}{len(body)}\r\n\r\n{body}".encode())

    def close(self) -> None:
        """Hang up."""
        if self._line:
            self._line.close()
            self._line = None

    def _ask(self, words: bytes) -> Answer:
        if self._line is None:
            self._line = connect(self._port)
        self._line.sendall(words)
        received = bytearray()
        while (answer := take_answer(received)) is None:
            piece = self._line.recv(READ_BYTES)
            if not piece:
                raise ConnectionError("the server hung up in the middle of an answer")
            received += piece
        if b"connection: close" in answer.head.lower():
            self.close()
        return answer


def connect(port: int) -> socket.socket:
    """A connection without Nagle's waiting."""
    line = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line
