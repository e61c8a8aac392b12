"""The way out to one screen: bytes are written at once, as many as its line takes.

Whoever changes a table writes to its screens himself while their own greenlets sleep: waking each
of them would cost more than the writing. Only what a line does not take at once is left to the
greenlet of the screen, which may wait for it.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any


class Outlet:
    """Writes to one connection. ``chunked``: each piece as a chunk of HTTP/1.1 (RFC 9112, 7.1)."""

    def __init__(self, connection: Any, *, chunked: bool = False) -> None:
        self._connection = connection
        self._chunked = chunked
        # TLS has to shake hands in between, and may wait. The raw socket never does.
        is_plain = connection is not None and not isinstance(connection, ssl.SSLSocket)
        self._raw: Any = connection._sock if is_plain else None  # noqa: SLF001 - gevent's own waits
        #: Written to by anybody but its own greenlet; not while that shakes hands or is over.
        self.is_open = False
        #: What the line has not taken yet; before it is gone nothing else may be written.
        self.rest = b""

    def is_free(self) -> bool:
        """Whether somebody else may write to it now."""
        return self.is_open and self._raw is not None and not self.rest

    def write(self, data: bytes) -> None:
        """Write what the line takes; ``rest`` is what it did not. OSError when it is broken."""
        if self._chunked:
            data = b"%X\r\n%b\r\n" % (len(data), data)
        self.rest = self._put(data)

    def write_all(self, data: bytes) -> None:
        """Write ``rest`` and then this, however long it takes; only for the screen's own greenlet.

        OSError when the line is broken.
        """
        data, self.rest = self.rest + data, b""
        if self._raw is not None:  # gevent's sendall first asks the kernel how large its buffer is
            data = self._put(data)
        if data:
            self._connection.sendall(data)

    def _put(self, data: bytes) -> bytes:
        """What was not taken."""
        try:
            return data[self._raw.send(data, socket.MSG_DONTWAIT) :] if data else data
        except BlockingIOError:
            return data
