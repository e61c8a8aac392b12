"""Either bus, and a way to announce what another process saved."""

from __future__ import annotations

from gevent import monkey

# A bus reads in a greenlet, which would stop all others on a plain socket. All of it, as the server
# does: half a patch leaves threads that close each other's sockets.
monkey.patch_all()

from collections.abc import Callable, Iterator  # noqa: E402

import gevent  # noqa: E402
import pytest  # noqa: E402

from app.bus.contract import Bus  # noqa: E402
from app.bus.local import LocalBus  # noqa: E402
from app.bus.redis import RedisBus, channel_of  # noqa: E402
from tests.storage.redis_server import Server  # noqa: E402

WAIT_S = 3.0


class Line:
    """A bus, what it told, and the announcements of whoever saves."""

    def __init__(self, bus: Bus, server: Server | None) -> None:
        self.bus = bus
        self.server = server
        self.heard: list[tuple[str, int]] = []
        bus.hear(lambda code, version: self.heard.append((code, version)))

    def announce(self, code: str, version: int) -> None:
        """A save was committed: by another process where there can be one."""
        if self.server is None:
            self.bus.publish(code, version)
        else:
            with self.server.client() as client:
                client.publish(channel_of(code), version)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Let everything run until this is so; it fails when it never is."""
        with gevent.Timeout(WAIT_S):
            while not is_so():
                gevent.sleep(0.002)

    def newest(self, code: str) -> int:
        """The newest version that was told of this game."""
        return max((version for its, version in self.heard if its == code), default=0)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """A private server that every test may use and must leave running."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(params=["local", "redis"])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    """Either bus: what holds for one must hold for the other."""
    if request.param == "local":
        yield Line(LocalBus(), None)
    else:
        yield from _between(request.getfixturevalue("redis_server"))


@pytest.fixture
def between(redis_server: Server) -> Iterator[Line]:
    """The bus between processes."""
    yield from _between(redis_server)


def _between(server: Server) -> Iterator[Line]:
    bus = RedisBus(server.url)
    bus.start()
    line = Line(bus, server)
    line.until(bus.is_well)
    yield line
    bus.close()
