"""The other end of a WebSocket: whole messages, read by a thread, or raw bytes where wanted."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from tests.person import WAIT_SECONDS, Frame, Hearing, element, sentence_in

HANDSHAKE_SECONDS = 10.0


class Refused(Exception):  # noqa: N818 - an answer the tests expect
    """The server did not shake hands; ``status`` and ``text`` say why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text


class SocketEar(Hearing):
    """An open socket. Messages become frames, as those of an event stream do."""

    def __init__(
        self,
        url: str,
        path: str,
        headers: dict[str, str],
        *,
        answers_pings: bool = True,
        late_s: float = 0.0,
    ) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self.frames: queue.Queue[Frame] = queue.Queue()
        self.ended = threading.Event()
        #: The server's pings so far; its goodbye: (code, reason), or None when it just went.
        self.pings = 0
        self.heartbeats = 0
        self.goodbye: tuple[int, str] | None = None
        self.answers_pings = answers_pings
        #: How long it keeps a ping before it answers.
        self.late_s = late_s
        self._line = WSConnection(ConnectionType.CLIENT)
        self._lock = threading.Lock()
        self._text = ""
        given = {"Origin": url, **headers}
        extra = [(name.encode(), value.encode()) for name, value in given.items() if value]
        request = Request(host=parts.netloc, target=path, extra_headers=extra)
        try:
            self._send(self._line.send(request))
            self._shake_hands()
        except BaseException:
            self.socket.close()
            raise
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def say(self, command: str, **fields: Any) -> None:
        """Send a command."""
        self.send(json.dumps({"command": command, **fields}))

    def send(self, text: str | bytes) -> None:
        """Send any message."""
        kind = TextMessage(text) if isinstance(text, str) else BytesMessage(text)
        with self._lock:
            self._send(self._line.send(kind))

    def packed(self, event: Event) -> bytes:
        """The bytes of a message, to be sent whole or in pieces."""
        with self._lock:
            return self._line.send(event)

    def in_pieces(self, text: str, cuts: int) -> list[bytes]:
        """A message in so many fragments more than one; half a character makes no bytes."""
        size = len(text) // (cuts + 1) + 1
        parts = [text[at : at + size] for at in range(0, len(text), size)] or [""]
        last = len(parts) - 1
        return [
            self.packed(TextMessage(part, message_finished=number == last))
            for number, part in enumerate(parts)
        ]

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._send(data)

    def told(self, seconds: float = WAIT_SECONDS) -> str:
        """The next sentence for this screen alone."""
        latest = time.monotonic() + seconds
        while True:
            frame = self.next(max(0.01, latest - time.monotonic()))
            if 'id="answer"' in frame.data:
                return sentence_in(frame.data)

    def close(self) -> None:
        """Hang up."""
        try:
            with self._lock:
                self._send(self._line.send(CloseConnection(1000)))
        except (OSError, LocalProtocolError):
            pass
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        finally:
            self.socket.close()

    def _send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def _shake_hands(self) -> None:
        self.socket.settimeout(HANDSHAKE_SECONDS)
        status, text = 0, b""
        while True:
            data = self.socket.recv(65536)
            self._line.receive_data(data or None)
            for event in self._line.events():
                if isinstance(event, AcceptConnection):
                    self.socket.settimeout(None)
                    assert event.extensions == []
                    return
                if isinstance(event, RejectConnection):
                    status = event.status_code
                    if not event.has_body:
                        raise Refused(status, "")
                if isinstance(event, RejectData):
                    text += event.data
                    if event.body_finished:
                        raise Refused(status, text.decode())
            if not data:
                raise Refused(status, text.decode())

    def _read(self) -> None:
        try:
            self._take_all()
            while not self.ended.is_set() and (data := self.socket.recv(65536)):
                with self._lock:
                    self._line.receive_data(data)
                self._take_all()
        except (OSError, LocalProtocolError, RemoteProtocolError):
            pass
        finally:
            self.ended.set()

    def _take_all(self) -> None:
        for event in self._line.events():
            if isinstance(event, TextMessage):
                self._text += event.data
                if event.message_finished:
                    text, self._text = self._text, ""
                    if text.startswith("alive "):
                        self.heartbeats += 1
                        continue
                    version = element(text, "state").get("version", "")
                    self.frames.put(Frame(version, "table", text, time.monotonic()))
            elif isinstance(event, Ping):
                self.pings += 1
                if self.answers_pings:
                    time.sleep(self.late_s)
                    with self._lock:
                        self._send(self._line.send(event.response()))
            elif isinstance(event, CloseConnection):
                self.goodbye = (int(event.code), event.reason or "")
                with self._lock:
                    self._send(self._line.send(event.response()))
                self.ended.set()
