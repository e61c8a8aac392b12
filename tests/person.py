"""A person with a browser of the simplest kind: cookies, forms, and one ear for the channel."""

from __future__ import annotations

import html
import http.client
import queue
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from tests.socket_line import SocketEar

WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers in lower case, the text."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def state(self) -> dict[str, str]:
        """The attributes of #state, without "data-"."""
        return element(self.text, "state")

    def seat(self, number: int) -> dict[str, str]:
        """The attributes of a seat and of the clock inside it."""
        return seat(self.text, number)


@dataclass
class Person:
    """One browser. ``post`` sends a form as a browser does; ``hx`` as HTMX does."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, *, hx: bool = False, **fields: Any) -> Answer:
        """Send a form; a list sends a field several times."""
        headers = {"HX-Request": "true"} if hx else {}
        return self.send(path, fields, headers)

    def send(self, path: str, fields: dict[str, Any], headers: dict[str, str]) -> Answer:
        """Send a form with headers of one's own."""
        body = urlencode(fields, doseq=True).encode()
        given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, body, given)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Any request, with this browser's cookies; redirects are not followed."""
        parts = urlsplit(self.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            line.request(method, path, body, {**self.cookie(), **headers})
            answer = line.getresponse()
            text = answer.read().decode()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self._keep(value)
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, text)
        finally:
            line.close()

    def listen(self, code: str, since: object = -1, you: str | None = None) -> Ear:
        """Open the channel of a game."""
        said = f"&you={you}" if you is not None else ""
        return Ear(self.url, f"/games/{code}/events?since={since}{said}", self.cookie())

    def plug_in(
        self, code: str, since: object = -1, you: str | None = None, **how: Any
    ) -> SocketEar:
        """Open the socket of a game."""
        from tests.socket_line import SocketEar  # noqa: PLC0415 - it knows persons' frames

        said = f"&you={you}" if you is not None else ""
        return SocketEar(
            self.url, f"/games/{code}/socket?since={since}{said}", self.cookie(), **how
        )

    def cookie(self) -> dict[str, str]:
        """What this browser sends of itself, as a header."""
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": pairs} if pairs else {}

    def _keep(self, header: str) -> None:
        name, _, value = header.split(";", maxsplit=1)[0].partition("=")
        self.cookies[name] = value


@dataclass(frozen=True)
class Frame:
    """One server-sent event; ``at`` is when it arrived (monotonic seconds)."""

    id: str
    event: str
    data: str
    at: float

    @property
    def state(self) -> dict[str, str]:
        """The attributes of #state, without "data-"."""
        return element(self.data, "state")


class Hearing:
    """Frames as they arrive, over whichever channel."""

    frames: queue.Queue[Frame]

    def next(self, seconds: float = WAIT_SECONDS) -> Frame:
        """The next frame; fails when none comes in time."""
        return self.frames.get(timeout=seconds)

    def until(self, version: int, seconds: float = WAIT_SECONDS) -> Frame:
        """The first frame that shows this version or a newer one."""
        latest = time.monotonic() + seconds
        while True:
            frame = self.next(max(0.01, latest - time.monotonic()))
            if int(frame.state.get("version", -1)) >= version:
                return frame


class Ear(Hearing):
    """An open channel, read by a thread; heartbeats are counted, frames queued."""

    def __init__(self, url: str, path: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", "Accept: text/event-stream"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.frames: queue.Queue[Frame] = queue.Queue()
        self.head = ""
        self.heartbeats = 0
        self.retry_ms: int | None = None
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        with_error = self.socket
        try:
            with_error.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
        finally:
            with_error.close()

    def _read(self) -> None:
        try:
            stream = self.socket.makefile("rb")
            while (line := stream.readline().decode()) not in ("\r\n", ""):
                self.head += line
            chunked = "transfer-encoding: chunked" in self.head.lower()
            waiting = ""
            while True:
                data = _chunk(stream) if chunked else stream.readline()
                if not data:
                    break
                waiting += data.decode()
                while "\n\n" in waiting:
                    block, waiting = waiting.split("\n\n", 1)
                    self._take(block)
        except (OSError, ValueError):
            pass
        finally:
            self.ended.set()

    def _take(self, block: str) -> None:
        said: dict[str, list[str]] = {}
        for line in block.split("\n"):
            if line.startswith(":"):
                self.heartbeats += 1
                continue
            name, _, value = line.partition(": ")
            said.setdefault(name, []).append(value)
        if "retry" in said:
            self.retry_ms = int(said["retry"][0])
        if "data" in said:
            event = said.get("event", ["message"])[0]
            data = "\n".join(said["data"])
            self.frames.put(Frame(said.get("id", [""])[0], event, data, time.monotonic()))


def _chunk(stream: Any) -> bytes:
    size = int(stream.readline().strip() or b"0", 16)
    data: bytes = stream.read(size)
    stream.readline()
    return data


def element(text: str, id_: str) -> dict[str, str]:
    """The data attributes of the element with that id; empty when it is not there."""
    found = re.search(rf'<[a-z-]+ [^>]*\bid="{id_}"[^>]*>', text)
    return _attributes(found.group(0)) if found else {}


def sentence_in(text: str) -> str:
    """What #answer says to the one who asked; empty when it is not there."""
    return text.partition('<div id="answer"')[2].partition("<p>")[2].partition("</p>")[0]


def seat(text: str, number: int) -> dict[str, str]:
    """The data attributes of a seat and of the one clock inside it."""
    start = text.index(f'id="seat-{number}"')
    start = text.rindex("<", 0, start)
    clock = re.search(r"<[a-z]+ [^>]*data-remaining-ms=[^>]*>", text[start:])
    assert clock is not None
    head = text[start : text.index(">", start) + 1]
    return {**_attributes(clock.group(0)), **_attributes(head)}


def _attributes(tag: str) -> dict[str, str]:
    pairs = re.findall(r'data-([a-z0-9-]+)="([^"]*)"', tag)
    return {name: html.unescape(value) for name, value in pairs}


def sit_down(url: str, seats: int = 4, **settings: Any) -> tuple[str, list[Person]]:
    """A game whose seats 1..n are all claimed; the first person is the host."""
    people = [Person(url) for _ in range(seats)]
    created = people[0].post("/games", players=seats, **settings)
    assert created.status == 303, created.text
    code = created.headers["location"].rsplit("/", 1)[1]
    for number, person in enumerate(people, 1):
        claimed = person.post(f"/games/{code}/claim-seat", seat=number)
        assert claimed.status == 303, claimed.text
    return code, people


def start(url: str, seats: int = 4, **settings: Any) -> tuple[str, list[Person]]:
    """A running game in turn 1."""
    code, people = sit_down(url, seats, **settings)
    started = people[0].post(f"/games/{code}/start")
    assert started.status == 303, started.text
    return code, people
