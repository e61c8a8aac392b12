"""What happens by itself happens once, at its instant, whoever has the game in mind."""

from __future__ import annotations

import time

from app.game.entry import Entry
from tests.person import Person, start
from tests.scale.evening import Phone, check_time
from tests.scale.house import House

LEFT_MS = 1000
"""The host takes a clock down to this."""

KEPT_WITHIN_S = 5.0


def test_once_where_everybody_has_it_in_mind(two: House) -> None:
    """Four workers wake for the same instant; one of them writes it down."""
    code, people = start(two.url)
    phones = [Phone(person, code, on_socket=False) for person in people]
    try:
        while not all(phone.is_live for phone in phones):
            time.sleep(0.01)
        run_out(people[0], code)
        found = timed_out(two, code)
        latest = time.monotonic() + KEPT_WITHIN_S
        while not all(phone.shows(found.seq) for phone in phones):
            assert time.monotonic() < latest
            time.sleep(0.01)
    finally:
        for phone in phones:
            phone.hang_up()


def test_nobody_listens(two: House) -> None:
    """Phones in pockets have no channel; the clock runs out all the same."""
    code, people = start(two.url)
    run_out(people[0], code)
    timed_out(two, code)


def test_the_instance_that_knew_is_dead(two: House) -> None:
    """Nobody else ever saw the game: it is found by its deadline alone."""
    code, people = start(two.b.url)
    run_out(people[0], code)
    two.b.kill()
    try:
        timed_out(two, code)
    finally:
        two.b.start()


def run_out(host: Person, code: str) -> None:
    """The first seat's clock has a second left, and counts."""
    assert host.post(f"/games/{code}/take-time", seat=1, minutes=60).status == 303


def timed_out(two: House, code: str) -> Entry:
    """The one time-out, a second after the clock had a second left; no other comes."""
    latest = time.monotonic() + KEPT_WITHIN_S
    while not _time_outs(two, code):
        assert time.monotonic() < latest, "nobody kept the deadline"
        time.sleep(0.05)
    time.sleep(1.2)
    found = _time_outs(two, code)
    _, entries = two.stored(code)
    taken = next(one for one in entries if one.event == "time-taken")
    assert [taken.at + LEFT_MS] == [one.at for one in found]
    check_time(entries, outages=False)
    return found[0]


def _time_outs(two: House, code: str) -> list[Entry]:
    _, entries = two.stored(code)
    return [one for one in entries if one.event == "time-out"]
