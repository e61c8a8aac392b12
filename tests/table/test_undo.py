"""Undo over the table floor: the ledger is read back from storage as far as it must be."""

import pytest

from app.game.commands import EndingTurn, PassTurn, RollDice, Start, TakeTime, Undo
from app.game.refusals import Refusal
from app.table.play import ENTRIES_AT_ONCE
from tests.asked import statements
from tests.table.evening import ANN, BANK, BEN, HOST, SECOND, Evening


def roll(evening: Evening, code: str, times: int) -> None:
    """So many entries that can neither be taken back nor stand on anything."""
    for _ in range(times):
        evening.play(code, RollDice(sides=20), BEN)


def test_it_works_after_a_restart(evening: Evening) -> None:
    """Nothing of the ledger is in memory then; turn and time go back all the same."""
    code = evening.start()
    evening.go(4 * SECOND)
    evening.play(code, PassTurn(), HOST)
    evening.go(3 * SECOND)
    evening.restart(2 * SECOND)
    evening.play(code, Undo(), HOST)
    game = evening.stored(code)
    assert (game.turn, game.active) == (1, 1)
    # What ran since, the outage apart, is charged to the seat whose pass it was.
    assert evening.bank(code, 1) == BANK - 7 * SECOND
    assert evening.bank(code, 2) == BANK


@pytest.mark.parametrize(
    ("between", "portions"),
    [(0, 1), (ENTRIES_AT_ONCE - 1, 1), (ENTRIES_AT_ONCE, 2), (2 * ENTRIES_AT_ONCE + 5, 3)],
)
def test_the_ledger_is_read_back_in_portions_of_32(
    evening: Evening, between: int, portions: int
) -> None:
    """As many as it takes to find the entry, and no further."""
    assert ENTRIES_AT_ONCE == 32
    code = evening.start()
    roll(evening, code, 2 * ENTRIES_AT_ONCE)
    evening.play(code, PassTurn(), HOST)
    roll(evening, code, between)
    evening.go(2 * SECOND)
    with statements() as asked:
        evening.play(code, Undo(), HOST)
    assert portions == sum("FROM ledger" in one for one in asked)
    assert (evening.stored(code).turn, evening.stored(code).active) == (1, 1)
    assert evening.bank(code, 2) == BANK


def test_nothing_to_undo_is_found_out_without_reading_the_whole_evening(evening: Evening) -> None:
    """A guest's fifteen seconds end the search."""
    code = evening.start()
    evening.play(code, EndingTurn(), HOST)
    roll(evening, code, 4 * ENTRIES_AT_ONCE)
    evening.go(16 * SECOND)
    before = evening.stored(code)
    with statements() as asked, pytest.raises(Refusal, match="nothing of yours"):
        evening.play(code, Undo(), ANN)
    assert sum("FROM ledger" in one for one in asked) == 1
    assert evening.stored(code) == before


def test_what_falls_due_in_the_same_instant_is_undone_with_it(evening: Evening) -> None:
    """A mistaken pass, and the time of the next seat runs out just then: one save for both."""
    code = evening.sit(bonus_ms=0)
    evening.play(code, TakeTime(seat=2, length_ms=BANK - 5 * SECOND), HOST)
    evening.play(code, Start(), HOST)
    evening.go(2 * SECOND)
    evening.play(code, PassTurn(), HOST)
    evening.wait(5 * SECOND)
    with statements() as asked:
        evening.play(code, Undo(), HOST)
    assert asked.count("BEGIN IMMEDIATE") == 1
    game = evening.stored(code)
    due, undone = evening.storage.ledger(code)[-2:]
    assert (due.event, due.facts["ran_out"], due.at) == ("time-out", [2], undone.at)
    assert undone.facts["undid"] == [due.seq - 1, due.seq]
    assert (game.turn, game.active) == (1, 1)
    assert not game.seats[2].is_pending
    assert game.seats[2].penalties == 0
    assert evening.bank(code, 2) == 5 * SECOND
    assert evening.bank(code, 1) == BANK - 7 * SECOND


def test_the_clock_that_comes_back_runs_out_at_its_own_instant(evening: Evening) -> None:
    """The timekeeper is told of the deadline an undo brings back."""
    code = evening.sit(bonus_ms=0, starting_ms=10 * SECOND)
    evening.play(code, Start(), HOST)
    evening.go(2 * SECOND)
    evening.play(code, PassTurn(), HOST)
    evening.go(3 * SECOND)
    evening.play(code, Undo(), HOST)
    evening.go(6 * SECOND)
    entry = evening.storage.ledger(code)[-1]
    assert (entry.event, entry.facts["ran_out"]) == ("time-out", [1])
    assert entry.at == evening.clock.at - SECOND


def test_two_undos_at_once_take_two_steps_back_or_one(evening: Evening) -> None:
    """Another server took one back meanwhile: the loser is judged again on what won."""
    code = evening.start()
    evening.play(code, PassTurn(), HOST)
    evening.play(code, PassTurn(), ANN)
    twin = evening.twin()
    twin.play(code, Undo(), HOST, evening.clock.at)
    evening.play(code, Undo(), HOST)
    game = evening.stored(code)
    assert (game.turn, game.active) == (1, 1)
    assert [bank for bank in (evening.bank(code, n) for n in (1, 2, 3)) if bank > BANK] == []
    assert evening.bank(code, 2) == BANK
    twin.storage.close()
