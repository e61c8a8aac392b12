"""What every bus promises: the newest version reaches every hearer, whatever else happens."""

from __future__ import annotations

import signal
import time

import gevent
import pytest

from app.bus.redis import UNKNOWN, RedisBus
from tests.bus.patched.conftest import Line
from tests.storage.redis_server import Server

A, B = "AAAAAA", "BBBBBB"


def test_the_newest_is_told(line: Line) -> None:
    """A screen that misses the last version shows a clock that has stopped."""
    line.bus.listen(A)
    line.heard.clear()
    for version in range(1, 51):
        line.announce(A, version)
    line.until(lambda: bool(line.heard) and line.heard[-1] == (A, 50))
    told = [version for _, version in line.heard if version != UNKNOWN]
    assert told == sorted(told)


def test_a_hearer_that_fails_stops_nobody(line: Line) -> None:
    """A table that cannot be painted must not silence the other tables."""
    line.bus.hear(_fail)
    later: list[int] = []
    line.bus.hear(lambda _code, version: later.append(version))
    line.bus.listen(A)
    for version in (1, 2):
        line.announce(A, version)
        line.until(lambda version=version: later[-1:] == [version])  # type: ignore[misc]
    assert (A, 2) == line.heard[-1]


def test_nothing_is_told_after_the_end(line: Line) -> None:
    """A process that goes must not begin to paint again."""
    line.bus.listen(A)
    line.bus.close()
    line.heard.clear()
    line.announce(A, 1)
    gevent.sleep(0.05)
    assert [] == line.heard


def test_to_listen_takes_a_moment(between: Line) -> None:
    """A screen that opens waits for it: a phone that comes back must not feel it."""
    took_s = []
    for number in range(20):
        began = time.monotonic()
        between.bus.listen(f"G{number:05}")
        took_s.append(time.monotonic() - began)
    assert sorted(took_s)[10] < 0.02


def test_who_listens_second_waits_as_well(between: Line) -> None:
    """Its screen would miss what happens until the first one's subscription stands."""
    both = [gevent.spawn(between.bus.listen, A) for _ in range(2)]
    gevent.joinall(both)
    between.heard.clear()
    between.announce(A, 7)
    between.until(lambda: between.newest(A) >= 7)


def test_ignored_is_unheard(between: Line) -> None:
    """Every process hearing of every game would cost what several were started for."""
    between.bus.listen(A)
    between.bus.listen(B)
    between.bus.ignore(A)
    between.until(lambda: between.newest(B) == UNKNOWN)
    between.heard.clear()
    between.announce(A, 1)
    between.announce(B, 1)
    between.until(lambda: between.newest(B) == 1)
    assert 0 == between.newest(A)


def test_last_wish_counts(between: Line) -> None:
    """The last screen goes while another comes: their words to Redis must not cross."""
    for _ in range(20):
        between.bus.listen(A)
        gevent.joinall([gevent.spawn(between.bus.ignore, A), gevent.spawn(between.bus.listen, A)])
    between.heard.clear()
    between.announce(A, 3)
    between.until(lambda: between.newest(A) >= 3)


def test_a_slow_hearer_holds_nobody_up(between: Line) -> None:
    """Reading one table may take a second while Redis is busy; the others go on."""
    between.bus.hear(lambda code, _version: gevent.sleep(0.5) if code == A else None)
    between.bus.listen(A)
    between.bus.listen(B)
    between.until(lambda: between.newest(A) == between.newest(B) == UNKNOWN)
    between.heard.clear()
    began = time.monotonic()
    between.announce(A, 1)
    between.announce(B, 1)
    between.until(lambda: between.newest(B) == 1)
    assert time.monotonic() - began < 0.3


def test_whoever_was_cut_off_hears_of_every_game(between: Line) -> None:
    """What was announced meanwhile is lost: each table is read again, and none stays old."""
    for code in (A, B):
        between.bus.listen(code)
    between.until(lambda: between.newest(A) == between.newest(B) == UNKNOWN)
    between.heard.clear()
    assert between.server is not None
    with between.server.client() as client:
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    between.until(lambda: between.newest(A) == between.newest(B) == UNKNOWN)
    between.heard.clear()
    between.announce(A, 9)
    between.until(lambda: between.newest(A) == 9)


def _fail(code: str, version: int) -> None:
    raise RuntimeError(f"cannot paint {code} at {version}")


@pytest.fixture
def lonely() -> Server:
    """A server of the test's own, which it may stop."""
    return Server()


def test_it_begins_before_redis_does(lonely: Server) -> None:
    """Who listened while there was no line is heard as soon as there is one."""
    lonely.kill()
    bus = RedisBus(lonely.url)
    bus.start()
    line = Line(bus, lonely)
    try:
        assert not bus.is_well()
        waiting = gevent.spawn(bus.listen, A)
        gevent.sleep(0.05)
        lonely.start()
        line.until(lambda: line.newest(A) == UNKNOWN)
        waiting.join()
        assert bus.is_well()
    finally:
        bus.close()
        lonely.close()


def test_a_line_that_says_nothing_is_given_up(lonely: Server) -> None:
    """A machine that vanished sends no goodbye: the kernel would wait for a quarter of an hour."""
    bus = RedisBus(lonely.url)
    bus.start()
    line = Line(bus, lonely)
    try:
        bus.listen(A)
        lonely.send(signal.SIGSTOP)
        with gevent.Timeout(6):
            while bus.is_well():
                gevent.sleep(0.05)
        line.heard.clear()
        lonely.send(signal.SIGCONT)
        line.until(lambda: line.newest(A) == UNKNOWN)
    finally:
        lonely.send(signal.SIGCONT)
        bus.close()
        lonely.close()
