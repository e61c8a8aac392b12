"""A door in front of a server that can lose what goes through: in either direction, on demand."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Passes bytes both ways, one thread a connection, until it is told to lose something."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        #: Cut so many connections: before a request with this word is passed on, or before its
        #: answer is.
        self.cuts_before = self.cuts_after = 0
        self.word = b"EVALSHA"
        #: Done each time, before the connection is cut.
        self.meanwhile: Callable[[], object] = lambda: None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._behind))
        with client, server, suppress(OSError):
            # Redis answers what it is asked, in turn: no need to listen to both ends at once.
            while asked := client.recv(1 << 20):
                is_it = self.word in asked
                if is_it and self.cuts_before:
                    self.cuts_before -= 1
                    self.meanwhile()
                    return
                server.sendall(asked)
                client.settimeout(0.02)
                server.settimeout(0.02)
                if self._answer(client, server, is_it=is_it):
                    return
                client.settimeout(None)

    def _answer(self, client: socket.socket, server: socket.socket, *, is_it: bool) -> bool:
        """Pass the answer back; True when it was lost on purpose."""
        while True:
            with suppress(TimeoutError):
                answer = server.recv(1 << 20)
                if is_it and self.cuts_after:
                    self.cuts_after -= 1
                    self.meanwhile()
                    return True
                client.sendall(answer)
                return not answer
            with suppress(TimeoutError):
                if more := client.recv(1 << 20):
                    server.sendall(more)
                else:
                    return True


@contextmanager
def before(port: int) -> Iterator[Proxy]:
    """A door in front of this port."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
