"""The bus between processes: one subscription for each game somebody here listens to.

The save itself publishes (its script does, in the same step), so what is announced is stored.
This process tells its own hearers at once and hears the echo of it as old news. Whoever was cut
off hears, once it is back, of every game it listens to: nobody stays on an older table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import gevent
import redis
import structlog
from gevent.event import Event
from gevent.lock import RLock

from app.bus.contract import Hearer
from app.bus.local import tell

log = structlog.get_logger(__name__)

PREFIX, SUFFIX = "tarp:{", "}:news"

CONFIRMED_WITHIN_S = 1.0
"""A screen that opens waits for its subscription so long, then begins without it."""

BACK_AFTER_S = 0.2
"""A lost line is tried again so soon."""

READ_S = 5.0
"""A line on which nothing is heard so long is asked whether it still stands."""

UNKNOWN = 2**31 - 1
"""A version that says: whatever is newest, read it."""


def channel_of(code: str) -> str:
    """Where the news of a game is published; in a cluster, in the game's own slot."""
    return f"{PREFIX}{code}{SUFFIX}"


class RedisBus:
    """Subscribes for this process; the save has published already."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=READ_S, socket_connect_timeout=1)
        self._hearers: list[Hearer] = []
        self._wanted: dict[str, Event] = {}
        self._pending: dict[str, int] = {}
        self._writing = RLock()
        self._pubsub: Any = None
        self._closed = False
        self._reader = gevent.spawn(self._read_forever)

    def hear(self, hearer: Hearer) -> None:  # noqa: D102 - the contract says it, here and below
        self._hearers.append(hearer)

    def publish(self, code: str, version: int) -> None:
        """Tell this process; the others are told by the save."""
        tell(self._hearers, code, version)

    def listen(self, code: str) -> None:  # noqa: D102
        if code in self._wanted:
            return
        confirmed = self._wanted[code] = Event()
        with self._line() as pubsub:
            if pubsub is not None:
                pubsub.subscribe(channel_of(code))
        confirmed.wait(CONFIRMED_WITHIN_S)

    def ignore(self, code: str) -> None:  # noqa: D102
        if self._wanted.pop(code, None) is None:
            return
        with self._line() as pubsub:
            if pubsub is not None:
                pubsub.unsubscribe(channel_of(code))

    def is_well(self) -> bool:  # noqa: D102
        return self._pubsub is not None

    def close(self) -> None:  # noqa: D102
        self._closed = True
        self._reader.kill()
        self._let_go()
        self._client.close()

    @contextmanager
    def _line(self) -> Iterator[Any]:
        """The subscribing line, for one writer at a time; a fault leaves it to the reader."""
        with self._writing:
            try:
                yield self._pubsub
            except (redis.RedisError, OSError) as fault:
                log.warning("the bus lost its line", why=str(fault))
                self._let_go()

    def _read_forever(self) -> None:
        while not self._closed:
            try:
                self._read()
            except (redis.RedisError, OSError, ValueError) as fault:
                if self._pubsub is not None:
                    log.warning("the bus is cut off", why=str(fault) or type(fault).__name__)
            except Exception:
                log.exception("the bus failed")
            self._let_go()
            gevent.sleep(BACK_AFTER_S)

    def _read(self) -> None:
        """One line, from its first subscription until it breaks."""
        pubsub: Any = self._client.pubsub()  # type: ignore[no-untyped-call]
        # A channel of its own keeps the line open while nobody listens to any game.
        pubsub.subscribe("tarp:nothing", *(channel_of(code) for code in self._wanted))
        self._pubsub = pubsub
        while self._pubsub is pubsub:
            message = pubsub.get_message(timeout=READ_S)
            if message is None:
                with self._writing:
                    pubsub.ping()
                continue
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        channel = message["channel"]
        name = channel.decode() if isinstance(channel, bytes) else str(channel or "")
        if not name.startswith(PREFIX):
            return
        code = name.removeprefix(PREFIX).removesuffix(SUFFIX)
        if message["type"] == "subscribe":
            if code in self._wanted:
                self._wanted[code].set()
                self._tell_soon(code, UNKNOWN)  # it may have changed while nobody listened
        elif message["type"] == "message":
            self._tell_soon(code, int(message["data"]))

    def _tell_soon(self, code: str, version: int) -> None:
        """Hearers may read from storage: not in the reader, and of many news only the newest."""
        waits = code in self._pending
        self._pending[code] = max(version, self._pending.get(code, 0))
        if not waits:
            gevent.spawn(self._tell, code)

    def _tell(self, code: str) -> None:
        tell(self._hearers, code, self._pending.pop(code))

    def _let_go(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            with suppress(redis.RedisError, OSError):
                pubsub.close()
