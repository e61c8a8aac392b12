"""One WebSocket line: whole messages in, each with its instant at the door; whole frames out.

flask-sock shakes hands and wsproto speaks the protocol. Reading is a callback of the event loop,
so a phone costs one greenlet and a message is stamped when it arrives, whatever its own greenlet
waits for. simple-websocket's own reader would take a second greenlet, knows no round trip, and
its sender writes torn frames when a phone reads slowly.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from app.channel import counts
from app.channel.frame import ends_between_frames, read_text
from app.channel.outlet import Outlet
from app.table.message import Message

LARGEST_MESSAGE_BYTES = 64 * 1024
LONGEST_ARRIVAL_MS = 1000
"""How much of the time between a message's first byte and its last is nobody's."""

WAITING = 16
"""With so many messages unread, or so many answers unsent, nothing more is read for a while."""

READ_BYTES = 16 * 1024
SMOOTHING = 8
"""A new round trip counts an eighth, as in TCP (RFC 6298)."""


class Unstarted:
    """Takes the place of simple-websocket's reading thread, which this house does not use."""

    name = ""

    def __init__(self, **_: Any) -> None:
        """Nothing is begun."""

    def start(self) -> None:
        """Nothing is begun."""


SOCKET_OPTIONS = {"thread_class": Unstarted}
"""For flask-sock."""


class Line:
    """An open line. ``notify`` is called, from the event loop, when there is something to do."""

    def __init__(self, ws: Any, now: Callable[[], int], notify: Callable[[], None]) -> None:
        self._protocol = ws.ws
        self._ws = ws
        self._sock = ws.sock
        self.outlet = Outlet(ws.sock)
        self._now = now
        self._notify = notify
        self._messages: deque[Message] = deque()
        self._replies: list[bytes] = []
        self._text: list[str] = []
        self._size = 0
        self._is_under_way = False
        #: What has come so far were whole frames: the next byte begins one.
        self._is_between_frames = True
        self._began_at: int | None = None
        self._fault: Exception | None = None
        self._pinged: tuple[bytes, int] | None = None
        #: Smoothed round trip of our pings in ms; None before the first answer.
        self.round_trip_ms: float | None = None
        #: The other side is gone, or has been told goodbye.
        self.ended = False
        self._watcher = gevent.get_hub().loop.io(self._sock.fileno(), 1)
        self._watcher.start(self._readable)

    def take(self) -> list[Message]:
        """The messages that have arrived, oldest first; what went wrong in the event loop."""
        if self._fault is not None:
            raise self._fault
        taken = list(self._messages)
        self._messages.clear()
        if not self.ended and not self._watcher.active:
            self._watcher.start(self._readable)
        return taken

    def is_waited_for(self) -> bool:
        """Whether something arrived that nobody has taken yet."""
        return bool(self._messages or self._replies) or self.ended or self._fault is not None

    def send(self, data: bytes) -> None:
        """Write frames, whole, after what the protocol owes the other side; no frame after the end.

        Only the line's own greenlet may call this. OSError when the other side is gone.
        """
        replies, self._replies = b"".join(self._replies), []
        if not self.ended:
            replies += data
        self.outlet.write_all(replies)

    def ping(self) -> bool:
        """Ask for a sign of life; False when the last one was never answered."""
        if self._pinged is not None:
            return False
        payload = os.urandom(8)
        self._pinged = (payload, self._now())
        self.send(self._protocol.send(Ping(payload=payload)))
        return True

    def goodbye(self, code: int, reason: str = "") -> None:
        """Close politely, unless that has been done."""
        self._leave_with(CloseConnection(code=code, reason=reason))
        try:
            self.send(b"")
        except OSError:
            return

    def hang_up(self) -> None:
        """Let go of the line, said goodbye or not."""
        self._end()
        self._watcher.close()
        # flask-sock would say goodbye once more.
        self._ws.connected = False
        try:
            self._sock._sock.shutdown(socket.SHUT_RDWR)  # noqa: SLF001 - gevent's own raises in readers
        except OSError:
            return

    def _end(self) -> None:
        self.ended = True
        self.outlet.is_open = False
        self._watcher.stop()

    # From here on: called by the event loop, so nothing may wait.

    def _readable(self) -> None:
        try:
            data = self._sock._sock.recv(READ_BYTES, socket.MSG_DONTWAIT)  # noqa: SLF001 - the raw socket: gevent would wait
        except BlockingIOError:
            return
        except OSError:
            data = b""
        try:
            if data:
                self._hear(data)
            else:
                self._end()
        except Exception as fault:  # noqa: BLE001 - raised again where it can be answered
            self._fault = fault
        waiting = max(len(self._messages), len(self._replies))
        if self._fault is not None or waiting >= WAITING:
            self._watcher.stop()
        self._notify()

    def _hear(self, data: bytes) -> None:
        if self._began_at is None:
            self._began_at = self._now()
        if self._is_between_frames:
            # A tap is one small frame: reading it here costs a tenth of what wsproto does for it.
            text = None if self._is_under_way else read_text(data)
            if text is not None:
                self._text.append(text)
                self._finish_message()
                self._began_at = None
                return
            self._is_between_frames = ends_between_frames(data)
        try:
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                self._take(event)
        except RemoteProtocolError as broken:
            hint = broken.event_hint
            code = hint.code if isinstance(hint, CloseConnection) else CloseReason.PROTOCOL_ERROR
            counts.ERRORS.labels("protocol").inc()
            self._leave_with(CloseConnection(code=code))
        except LocalProtocolError:
            self._end()

    def _take(self, event: Any) -> None:
        if self.ended:  # what follows a goodbye is nobody's word
            return
        if isinstance(event, TextMessage):
            self._take_text(event)
        elif isinstance(event, BytesMessage):
            counts.ERRORS.labels("not-text").inc()
            reason = "Commands are sent as text."
            self._leave_with(CloseConnection(CloseReason.UNSUPPORTED_DATA, reason))
        elif isinstance(event, Ping):
            self._replies.append(self._protocol.send(event.response()))
        elif isinstance(event, Pong):
            self._note_pong(bytes(event.payload))
        elif isinstance(event, CloseConnection):
            self._leave_with(event.response())
        if not self._is_under_way:
            self._began_at = None

    def _take_text(self, event: TextMessage) -> None:
        self._size += len(event.data.encode())
        if self._size > LARGEST_MESSAGE_BYTES:
            counts.ERRORS.labels("too-large").inc()
            reason = "That is too much at once: 64 KB are the limit."
            self._leave_with(CloseConnection(CloseReason.MESSAGE_TOO_BIG, reason))
            return
        if self._began_at is None:
            self._began_at = self._now()
        if event.data:  # pieces of nothing would cost memory and count no bytes
            self._text.append(event.data)
        self._is_under_way = not event.message_finished
        if event.message_finished:
            self._finish_message()

    def _finish_message(self) -> None:
        now = self._now()
        began_at = now if self._began_at is None else self._began_at
        text, self._text, self._size = "".join(self._text), [], 0
        self._messages.append(Message(text, max(began_at, now - LONGEST_ARRIVAL_MS)))

    def _note_pong(self, payload: bytes) -> None:
        """Only the answer to the newest ping tells a round trip; anything else is talk."""
        if self._pinged is None or self._pinged[0] != payload:
            return
        took_ms = self._now() - self._pinged[1]
        self._pinged = None
        known = self.round_trip_ms
        self.round_trip_ms = took_ms if known is None else known + (took_ms - known) / SMOOTHING

    def _leave_with(self, goodbye: CloseConnection) -> None:
        if self.ended:
            return
        self._end()
        try:
            self._replies.append(self._protocol.send(goodbye))
        except LocalProtocolError:
            return
