"""The line to Redis: connections, scripts, what goes wrong on it, and the clock at its end.

Nothing is asked more than twice, and no answer waited for longer than a player would wait. Made
for a patched process, where waiting stops the asking greenlet only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import Any, TypeVar

from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError
from redis.retry import Retry

from app.storage.contract import Offset, StorageDown
from app.storage.redis_faults import Unanswered, faults_as_storage_down, is_bad_key
from app.storage.redis_keys import TRIAL

T = TypeVar("T")

CONNECTIONS = 32
#: For connecting, for an answer, and for a free connection.
PATIENCE_MS = 1000
SAMPLES = 8
#: Two clocks drift apart by some milliseconds in so long.
OFFSET_HOLDS_S = 300.0
TRIAL_MS = 60_000


def monotonic_ms() -> float:
    """The clock this process counts by, for itself."""
    return time.monotonic() * 1000


class Line:
    """Asks Redis. Every method raises StorageDown with a reason of one line."""

    def __init__(self, url: str) -> None:
        seconds = PATIENCE_MS / 1000
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=seconds,
            socket_timeout=seconds,
            socket_connect_timeout=seconds,
            socket_keepalive=True,
            # Asked again here, where it is known what may be asked twice, and never after a pause.
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
        self._redis = Redis(connection_pool=pool)
        self._offset: Offset | None = None
        self._measured_s = 0.0
        self._closed = False
        self.latency_ms = 0.0

    def ask(self, question: Callable[[Redis], T]) -> T:
        """Ask what may be asked twice: a connection that died unnoticed is no reason to refuse."""
        try:
            return self.ask_once(question)
        except Unanswered:
            return self.ask_once(question)

    def ask_once(self, question: Callable[[Redis], T]) -> T:
        """Ask what may not be done twice. Unanswered when nobody can say whether it was done."""
        if self._closed:
            raise StorageDown("the storage is closed")
        began_s = time.monotonic()
        with faults_as_storage_down():
            answer = question(self._redis)
        self.latency_ms = (time.monotonic() - began_s) * 1000
        return answer

    def pipe(self, commands: Sequence[tuple[Any, ...]], *, lenient: bool = False) -> list[Any]:
        """The answers to many commands in one round trip, each done by itself.

        No transaction: a server whose memory is full refuses even to read in one. UnreadableGame
        when a key is of another kind; ``lenient``: the error is its answer.
        """

        def question(redis: Redis) -> list[Any]:
            pipeline = redis.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
            answers: list[Any] = pipeline.execute(raise_on_error=False)
            for answer in answers:
                if isinstance(answer, Exception) and not (lenient and is_bad_key(answer)):
                    raise answer
            return answers

        return self.ask(question) if commands else []

    def run(self, script: str, keys: Sequence[str], *values: Any, again: bool = False) -> Any:
        """Run a script of this folder by its name; ``again``: it may be sent twice."""
        text, digest = _script(script)

        def question(redis: Redis) -> Any:
            try:
                return redis.evalsha(digest, len(keys), *keys, *values)
            except NoScriptError:  # restarted, or told to forget its scripts
                return redis.eval(text, len(keys), *keys, *values)

        return self.ask(question) if again else self.ask_once(question)

    def now_ms(self) -> int:
        """Redis' clock, ms since 1970: one clock for all instances."""
        seconds, micros = self.ask(lambda redis: redis.time())
        return int(seconds) * 1000 + int(micros) // 1000

    def measure_offset(
        self, counted_ms: Callable[[], float] = monotonic_ms, samples: int = SAMPLES
    ) -> Offset:
        """Redis' clock against one that counts here; of several samples the quickest counts."""
        found = []
        for _ in range(samples):
            before_ms = counted_ms()
            seconds, micros = self.ask_once(lambda redis: redis.time())
            after_ms = counted_ms()
            there_ms = int(seconds) * 1000 + int(micros) / 1000
            middle_ms = (before_ms + after_ms) / 2
            found.append(Offset(there_ms - middle_ms, (after_ms - before_ms) / 2))
        self._offset = min(found, key=lambda one: one.uncertainty_ms)
        self._measured_s = time.monotonic()
        return self._offset

    def patience_ends_ms(self) -> int:
        """When, by Redis' clock, whoever asks now has given up."""
        offset = self._offset
        if offset is None or time.monotonic() - self._measured_s > OFFSET_HOLDS_S:
            offset = self.measure_offset()
        ends = time.monotonic() * 1000 + offset.offset_ms + offset.uncertainty_ms + PATIENCE_MS
        return int(ends)

    def complaint(self) -> str | None:
        """What speaks against writing here, as a sentence; None when a trial write succeeded."""
        try:
            _, memory, replication = self.pipe(
                [("SET", TRIAL, 1, "PX", TRIAL_MS), ("INFO", "memory"), ("INFO", "replication")]
            )
        except StorageDown as down:
            return str(down)
        if (policy := memory.get("maxmemory_policy")) != "noeviction":
            return f"Redis: maxmemory-policy is {policy}, so games may be thrown out"
        if replication.get("role") != "master":
            return "Redis: this is a replica; games are written elsewhere"
        return None

    def close(self) -> None:
        """Let go of all connections and refuse from now on."""
        self._closed = True
        self._redis.connection_pool.disconnect()


@cache
def _script(name: str) -> tuple[str, str]:
    text = Path(__file__).with_name(f"redis_{name}.lua").read_text()
    return text, sha1(text.encode(), usedforsecurity=False).hexdigest()
