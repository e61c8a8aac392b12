"""Lag credit over real lines: what the server's own pings measure, and where they cannot."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.conftest import Server
from tests.person import Person, sit_down

LATE_S = 0.12
TURN_S = 0.4
ANSWERED_S = 10.0
ARRIVED_S = 1.0


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Whatever is put here is hung up when the test is over."""
    with ExitStack() as stack:
        yield stack


def socket(opened: ExitStack, person: Person, code: str, **how: Any) -> None:
    """Open a socket and take what it says at first."""
    ear = person.plug_in(code, **how)
    opened.callback(ear.close)
    ear.next()
    latest = time.monotonic() + ANSWERED_S
    while not ear.pings and time.monotonic() < latest:
        time.sleep(0.01)


def given_back(code: str, people: list[Person]) -> list[dict[str, int]]:
    """Start, let each of two have a turn, and what the ledger says was given back for it."""
    time.sleep(ARRIVED_S)
    assert people[0].post(f"/games/{code}/start").status == 303
    for person in people:
        time.sleep(TURN_S)
        assert person.post(f"/games/{code}/pass-turn").status == 303
    told = json.loads(people[0].get(f"/games/{code}/ledger.json").text)
    passed = [entry for entry in told["entries"] if entry["event"] == "turn-passed"]
    return [entry["free"].get("lag", {}) for entry in passed]


def test_every_seat_on_a_socket(server: Server, opened: ExitStack) -> None:
    """The ping at the opening is enough; who answers later is farther away, up to 0.3 s."""
    code, people = sit_down(server.url, 2, lag_credit="yes")
    socket(opened, people[0], code, answers_pings=False)
    socket(opened, people[1], code, late_s=LATE_S)
    ada, ben = given_back(code, people)
    assert {} == ada, "it has not answered: nothing is known of its way"
    assert LATE_S * 1000 <= ben["2"] <= 300


def test_whatever_a_phone_keeps_back(server: Server, opened: ExitStack) -> None:
    """Three tenths of a second are the most, however late it answers."""
    code, people = sit_down(server.url, 2, lag_credit="yes")
    socket(opened, people[0], code)
    socket(opened, people[1], code, late_s=0.7)
    assert {"2": 300} == given_back(code, people)[1]


def test_one_seat_on_an_event_stream(server: Server, opened: ExitStack) -> None:
    """Of its way nothing is known: so nobody's counts."""
    code, people = sit_down(server.url, 2, lag_credit="yes")
    socket(opened, people[0], code, late_s=LATE_S)
    opened.callback(people[1].listen(code).close)
    assert [{}, {}] == given_back(code, people)


def test_a_socket_that_has_gone(server: Server, opened: ExitStack) -> None:
    """It is asked who has one now."""
    code, people = sit_down(server.url, 2, lag_credit="yes")
    socket(opened, people[1], code, late_s=LATE_S)
    ear = people[0].plug_in(code)
    ear.next()
    ear.close()
    assert [{}, {}] == given_back(code, people)


def test_a_table_without_the_option(server: Server, opened: ExitStack) -> None:
    """Its turns are charged from their first millisecond."""
    code, people = sit_down(server.url, 2)
    for person in people:
        socket(opened, person, code, late_s=LATE_S)
    assert [{}, {}] == given_back(code, people)
