"""The bus between processes: one subscription for each game somebody here listens to.

The save itself publishes (its script does, in the same step), so what is announced is stored.
This process tells its own hearers at once and hears the echo of it as old news. Whoever was cut
off hears, once it is back, of every game it listens to: nobody stays on an older table.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import gevent
import structlog
from gevent.event import Event
from gevent.lock import RLock
from redis import ConnectionPool, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.bus.contract import Hearer
from app.bus.local import tell

log = structlog.get_logger(__name__)

PREFIX, SUFFIX = "tarp:{", "}:news"

NOTHING = "tarp:nothing"
"""A channel of its own shows that the line stands, also while nobody listens to any game."""

CONFIRMED_WITHIN_S = 1.0
"""A screen that opens waits for its subscription so long, then begins without it."""

BACK_AFTER_S = 0.2
"""A lost line is tried again so soon."""

SILENT_S = 2.0
"""A line on which nothing is heard so long is asked for a sign, and dead when it gives none."""

UNKNOWN = 2**31 - 1
"""A version that says: whatever is newest, read it."""


def channel_of(code: str) -> str:
    """Where the news of a game is published; in a cluster, in the game's own slot."""
    return f"{PREFIX}{code}{SUFFIX}"


class RedisBus:
    """Subscribes for this process; the save has published already.

    One greenlet reads the line, whoever listens writes to it. redis-py's own pubsub would connect
    again by itself in either of them, and tell neither.
    """

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            socket_timeout=SILENT_S,
            socket_connect_timeout=1,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
        self._hearers: list[Hearer] = []
        self._wanted: dict[str, Event] = {}
        self._pending: dict[str, int] = {}
        self._writing = RLock()
        self._line: Any = None
        self._is_well = False
        self._closed = False
        self._reader: gevent.Greenlet | None = None

    def start(self) -> None:  # noqa: D102 - the contract says it, here and below
        self._reader = gevent.spawn(self._read_forever)

    def hear(self, hearer: Hearer) -> None:  # noqa: D102
        self._hearers.append(hearer)

    def publish(self, code: str, version: int) -> None:
        """Tell this process; the others are told by the save."""
        tell(self._hearers, code, version)

    def listen(self, code: str) -> None:  # noqa: D102
        confirmed = self._wanted.get(code)
        if confirmed is None:
            confirmed = self._wanted[code] = Event()
            self._settle(code)
        confirmed.wait(CONFIRMED_WITHIN_S)

    def ignore(self, code: str) -> None:  # noqa: D102
        if self._wanted.pop(code, None) is not None:
            self._settle(code)

    def is_well(self) -> bool:  # noqa: D102
        return self._is_well

    def close(self) -> None:  # noqa: D102
        self._closed = True
        if self._reader is not None:
            self._reader.kill()
        self._let_go()
        self._hearers.clear()

    def _settle(self, code: str) -> None:
        """Subscribe or not, by what is wanted when it is this one's turn to write."""
        with self._writing:
            line = self._line
            if line is None:
                return  # whoever connects subscribes to all that is wanted
            word = "SUBSCRIBE" if code in self._wanted else "UNSUBSCRIBE"
            try:
                line.send_command(word, channel_of(code))
            except (RedisError, OSError) as fault:
                log.warning("the bus lost its line", why=str(fault))
                self._let_go()

    def _read_forever(self) -> None:
        while not self._closed:
            try:
                self._read()
            except (RedisError, OSError, ValueError, AttributeError) as fault:
                # A line that was hung up on, here or there, fails in any of these ways.
                if self._is_well:
                    log.warning("the bus is cut off", why=str(fault) or type(fault).__name__)
            except Exception:
                log.exception("the bus failed")
            self._let_go()
            gevent.sleep(BACK_AFTER_S)

    def _read(self) -> None:
        """One line, from its first subscription until it breaks."""
        line: Any = self._pool.make_connection()
        try:
            line.connect()
            with self._writing:
                self._line = line
                line.send_command("SUBSCRIBE", NOTHING, *map(channel_of, self._wanted))
            was_asked = False
            while self._line is line:
                if line.can_read(timeout=SILENT_S):
                    self._take(line.read_response())
                    was_asked = False
                elif was_asked:
                    raise TimeoutError("it gives no sign of life")
                else:
                    was_asked = True
                    with self._writing:
                        line.send_command("PING")
        finally:
            _hang_up(line)

    def _take(self, message: list[Any]) -> None:
        kind, *rest = message
        name = rest[0].decode() if rest else ""
        if kind == b"subscribe":
            self._is_well = True
        if not name.startswith(PREFIX):
            return
        code = name.removeprefix(PREFIX).removesuffix(SUFFIX)
        if code not in self._wanted:
            return
        if kind == b"subscribe":
            self._wanted[code].set()
            self._tell_soon(code, UNKNOWN)  # it may have changed while nobody listened
        elif kind == b"message":
            self._tell_soon(code, int(rest[1]))

    def _tell_soon(self, code: str, version: int) -> None:
        """Hearers may read from storage: not in the reader, and of many news only the newest."""
        waits = code in self._pending
        self._pending[code] = max(version, self._pending.get(code, 0))
        if not waits:
            gevent.spawn(self._tell, code)

    def _tell(self, code: str) -> None:
        tell(self._hearers, code, self._pending.pop(code))

    def _let_go(self) -> None:
        line, self._line = self._line, None
        self._is_well = False
        if line is not None:
            _hang_up(line)


def _hang_up(line: Any) -> None:
    with suppress(RedisError, OSError):
        line.disconnect()
