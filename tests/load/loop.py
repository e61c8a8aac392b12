"""The driver's loop: sockets that can be read, and what is to be done at an instant."""

import heapq
import select
import socket
import time
from collections.abc import Callable
from itertools import count

from tests.load.channel import Channel

#: Sockets looked after before the clock is looked at again, so that no tap leaves late.
TURNS = 32


class Loop:
    """Calls back; nothing in it waits."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Callable[[], None]] = {}
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()

    def read(self, line: socket.socket, readable: Callable[[], None]) -> None:
        """Call `readable` whenever there is something to read."""
        line.setblocking(False)
        self._readers[line.fileno()] = readable
        self._epoll.register(line.fileno(), select.EPOLLIN)

    def listen(self, channel: Channel) -> None:
        """Take whatever comes over a phone's channel, until the server ends it."""

        def readable() -> None:
            if not channel.read():
                self.forget(channel.line)

        self.read(channel.line, readable)

    def forget(self, line: socket.socket) -> None:
        """Look after this socket no more; call it before closing."""
        self._epoll.unregister(line.fileno())
        del self._readers[line.fileno()]

    def at(self, due: float, callback: Callable[[], None]) -> None:
        """Call once, at this instant of `time.perf_counter`."""
        heapq.heappush(self._later, (due, next(self._number), callback))

    def run(self, until: float, is_done: Callable[[], bool] = lambda: False) -> None:
        """Look after everything until this instant, or until it is done.

        What is due before is done, however late this process comes to it.
        """
        while not is_done():
            now = time.perf_counter()
            while self._later and self._later[0][0] <= min(now, until):
                heapq.heappop(self._later)[2]()
            if now >= until:
                return
            latest = min(until, self._later[0][0]) if self._later else until
            wait = max(0.0, latest - time.perf_counter())
            for number, _ in self._epoll.poll(wait, TURNS):
                reader = self._readers.get(number)
                if reader:
                    reader()

    def close(self) -> None:
        """Give the kernel its descriptor back."""
        self._epoll.close()
