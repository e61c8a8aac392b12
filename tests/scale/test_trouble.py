"""Redis goes away under two instances: refused with a sentence, and well again by itself."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.person import Person
from tests.scale.evening import Evening, evening
from tests.scale.house import House

PAUSE_S = 10.0
BACK_WITHIN_S = 2.0

SENTENCE = "The table could not be saved, so nothing was changed. Please try again."


@contextmanager
def paused(two: House) -> Iterator[None]:
    """It says nothing for some seconds."""
    two.redis.send(signal.SIGSTOP)
    try:
        yield
        time.sleep(PAUSE_S)
    finally:
        two.redis.send(signal.SIGCONT)


@contextmanager
def restarted(two: House) -> Iterator[None]:
    """It is killed, and comes back with what it had on disk."""
    two.redis.kill()
    try:
        yield
    finally:
        two.redis.start()


@contextmanager
def full(two: House) -> Iterator[None]:
    """It has no room for another word."""
    with two.redis.client() as client:
        client.config_set("maxmemory", 1)
    try:
        yield
    finally:
        with two.redis.client() as client:
            client.config_set("maxmemory", 0)


@pytest.mark.parametrize("trouble", [paused, restarted, full])
def test_it_refuses_and_recovers(
    two: House, trouble: Callable[[House], AbstractContextManager[None]]
) -> None:
    """A table that is half saved, or a phone that stays on an old one, would end the evening."""
    with evening(two, 2, every_s=0.25) as tonight:
        tonight.begin()
        tonight.goes_on(5)
        with trouble(two):
            until_refused(two, tonight)
        tonight.goes_on(BACK_WITHIN_S)
        for server in two.instances:
            until_well(server.url)
        tonight.stop()
        tonight.check(outages=True)
        assert {word for game in tonight.games for word in game.others} <= {"503"}
        assert [] == [gap for phone in tonight.phones for gap in phone.gaps]


def test_nobody_notices_what_can_be_done_again(two: House) -> None:
    """Cut connections and forgotten scripts are Redis' everyday life."""
    with evening(two, 2, every_s=0.25) as tonight:
        tonight.begin()
        for _ in range(3):
            tonight.goes_on(5)
            with two.redis.client() as client:
                client.script_flush()
                client.execute_command("CLIENT", "KILL", "TYPE", "normal")
                client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        tonight.goes_on(BACK_WITHIN_S)
        tonight.stop()
        tonight.check()
        assert not any(game.others for game in tonight.games)
        assert [] == [gap for phone in tonight.phones for gap in phone.gaps]


def until_refused(two: House, tonight: Evening) -> None:
    """A tap is refused with our sentence, and no instance wants new visitors."""
    game = tonight.games[0]
    state = game.newest()
    person = game.people[int(state["active-seat"]) - 1]
    answer = person.post(f"/games/{game.code}/pass-turn", turn=int(state["turn"]))
    assert 503 == answer.status
    assert SENTENCE in answer.text
    asked = [Person(server.url) for server in two.instances]
    time.sleep(1.1)  # what a worker that refused nobody was told holds for a second
    with ThreadPoolExecutor(4) as hands:
        ready = hands.map(lambda one: one.get("/ready").status, asked)
        health = list(hands.map(lambda one: one.get("/health"), asked))
        assert [503, 503] == list(ready)
    assert [200, 200] == [one.status for one in health]
    assert all('"state":"Redis' in one.text.replace(" ", "") for one in health)


def until_well(url: str) -> None:
    """Both workers want visitors again."""
    latest = time.monotonic() + BACK_WITHIN_S
    while Person(url).get("/ready").status != 200:
        assert time.monotonic() < latest
        time.sleep(0.1)
