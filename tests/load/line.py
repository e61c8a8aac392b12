"""One kept HTTP connection inside the loop: a request at a time, answered by a callback."""

import socket
import time
from collections.abc import Callable

from tests.load.loop import Loop
from tests.load.wire import READ_BYTES, Answer, connect, take_answer

#: The server hangs up on a line that was idle for 5 s; a browser then opens a new one, as we do.
STALE_SECONDS = 4.0


class Line:
    """Sends, and gives the whole answer to `on_answer`; None when the server hung up instead.

    One that is used seldom is not kept: it hangs up behind each answer, as a browser would later.
    """

    def __init__(
        self,
        loop: Loop,
        port: int,
        on_answer: Callable[[Answer | None], None],
        *,
        is_kept: bool = True,
    ) -> None:
        self._loop = loop
        self._port = port
        self._on_answer = on_answer
        self._is_kept = is_kept
        self._socket: socket.socket | None = None
        self._received = bytearray()
        self._used_at = 0.0
        self._is_waiting = False

    def send(self, words: bytes) -> None:
        """Send a request whole."""
        now = time.perf_counter()
        if self._socket is None or now - self._used_at > STALE_SECONDS:
            self._open()
        assert self._socket is not None
        self._used_at = now
        self._is_waiting = True
        if self._socket.send(words) != len(words):
            raise ConnectionError("the server does not read what a tap says")

    def close(self) -> None:
        """Hang up, whatever is under way."""
        if self._socket:
            self._loop.forget(self._socket)
            self._socket.close()
        self._socket = None
        self._received.clear()
        self._is_waiting = False

    def _open(self) -> None:
        self.close()
        self._socket = connect(self._port)
        self._loop.read(self._socket, self._readable)

    def _readable(self) -> None:
        assert self._socket is not None
        try:
            piece = self._socket.recv(READ_BYTES)
        except ConnectionError:
            piece = b""
        if not piece:
            was_waiting = self._is_waiting
            self.close()
            if was_waiting:
                self._on_answer(None)
            return
        self._received += piece
        answer = take_answer(self._received)
        if answer is not None:
            self._used_at = time.perf_counter()
            self._received.clear()
            self._is_waiting = False
            if not self._is_kept:
                self.close()
            self._on_answer(answer)
