"""The storage is away: a polite no, nothing changed, and nobody's clock pays for it."""

import time
from functools import partial

import pytest

from app.game.commands import AdjustLife, PassTurn, Pause, RollDice, Undo
from app.game.refusals import Kind, Refusal
from app.table.outages import RETURN_MS
from tests.table.evening import (
    ANN,
    BANK,
    BEN,
    BONUS,
    HOST,
    MINUTE,
    SECOND,
    Evening,
    outcome_of,
    together,
)


def refused_tap(evening: Evening, code: str, client: str = HOST) -> Refusal:
    """A press that the storage refuses."""
    with pytest.raises(Refusal) as refused:
        evening.table.play(code, PassTurn(), client, evening.clock.at)
    return refused.value


def test_a_locked_database_is_a_polite_no(evening: Evening) -> None:
    """A backup tool holds the file: the player reads a sentence and can press again."""
    code = evening.start()
    before, version = evening.stored(code), evening.table.look(code).version
    evening.heard.clear()
    with evening.locked():
        asked = time.monotonic()
        refusal = refused_tap(evening, code)
        waited_s = time.monotonic() - asked
        # Nothing changed, neither on disk nor in memory, and nobody heard anything.
        assert before == evening.stored(code) == evening.table.look(code)
    assert (Kind.UNAVAILABLE, "storage") == (refusal.kind, refusal.code)
    assert [] == evening.heard
    assert waited_s < 3
    evening.play(code, PassTurn(turn=1), HOST)
    assert version < evening.stored(code).version


def test_reading_goes_on_while_writing_is_blocked(evening: Evening) -> None:
    """Whoever only looks must not be sent away for a fault that concerns only presses."""
    hot, cold = evening.start(), evening.start()
    evening.restart(SECOND)
    evening.request(hot, HOST)
    with evening.locked():
        assert hot == evening.table.look(hot).code
        assert cold == evening.table.look(cold).code
        assert 2 == evening.storage.count_games()


def test_those_who_wait_for_a_locked_database_wait_together(evening: Evening) -> None:
    """Twenty presses must not queue up for twenty seconds."""
    codes = [evening.start() for _ in range(20)]
    jobs = [
        partial(evening.table.play, code, PassTurn(turn=1), HOST, evening.clock.at)
        for code in codes
    ]
    with evening.locked():
        asked = time.monotonic()
        first = together(*jobs)
        again = together(*jobs)  # now the server knows that something is wrong
        waited_s = time.monotonic() - asked
    assert {"storage"} == {one.code for one in (*first, *again)}
    assert waited_s < 6
    evening.wait(SECOND)
    assert [2] * 20 == [job().game.turn for job in jobs]


def test_the_time_until_storage_answers_is_nobodys(evening: Evening) -> None:
    """From the first refused press to the alive line that succeeds again."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.clock.at += 300
    version = evening.stored(code).version
    with evening.broken():
        refused_tap(evening, code)
        evening.go(3 * SECOND)
        refused_tap(evening, code)
    evening.wait(1700)
    back = 7300 + 3000 + 1700
    assert [("outage-began", 7300), ("outage-ended", back)] == evening.story(code, version)
    evening.go(2 * SECOND)
    assert BANK - 7300 - 2 * SECOND == evening.bank(code, 1)


def test_a_long_fault_counts_from_the_last_alive_line(evening: Evening) -> None:
    """Above five seconds it is a hole between the lines as well, and the earlier word wins."""
    code = evening.start()
    evening.go(7 * SECOND)
    version = evening.stored(code).version
    with evening.broken():
        evening.go(15 * SECOND)
        refused_tap(evening, code)
        evening.go(15 * SECOND)
    evening.go(SECOND)
    assert [("outage-began", 7000), ("outage-ended", 38_000)] == evening.story(code, version)


def test_a_press_may_be_the_first_to_find_it_back(evening: Evening) -> None:
    """People press until it works; the one who succeeds must not pay for the whole fault."""
    code = evening.start()
    evening.go(7 * SECOND)
    with evening.broken():
        refused_tap(evening, code)
        evening.go(30 * SECOND)
    evening.clock.at += 400
    evening.table.play(code, PassTurn(turn=1), HOST, evening.clock.at)
    game = evening.stored(code)
    assert (2, BANK - 7 * SECOND) == (game.turn, game.seats[1].bank_ms)
    evening.go(2 * SECOND)
    assert BANK + BONUS - 2 * SECOND == evening.bank(code, 2)


def test_a_press_at_the_door_during_the_fault_is_free_too(evening: Evening) -> None:
    """It waited for the storage with all the others; its turn ends inside the outage."""
    code = evening.start()
    evening.go(7 * SECOND)
    with evening.broken():
        refused_tap(evening, code)
        evening.go(3 * SECOND)
    at_the_door = evening.clock.at
    evening.clock.at += 900
    evening.table.play(code, PassTurn(turn=1), HOST, at_the_door)
    game = evening.stored(code)
    assert (2, BANK - 7 * SECOND) == (game.turn, game.seats[1].bank_ms)
    evening.go(2 * SECOND)
    assert BANK + BONUS - 2 * SECOND == evening.bank(code, 2)


def test_no_tables_clock_runs_while_the_storage_is_away(evening: Evening) -> None:
    """Nobody at the other tables could have passed either, had they tried."""
    pressed, thinking = evening.start(), evening.start()
    evening.go(7 * SECOND)
    with evening.broken():
        refused_tap(evening, pressed)
        evening.go(20 * SECOND)
    evening.go(SECOND)
    for code in (pressed, thinking):
        evening.play(code, PassTurn(turn=1), HOST)
    assert [BANK - 7 * SECOND] * 2 == [
        evening.stored(code).seats[1].bank_ms for code in (pressed, thinking)
    ]


def test_nothing_falls_due_while_the_storage_is_away(evening: Evening) -> None:
    """Two seconds were left when it failed; they are left when it is back."""
    code = evening.start(starting_ms=9 * SECOND)
    evening.go(7 * SECOND)
    with evening.broken():
        refused_tap(evening, code)
        evening.go(30 * SECOND)
    evening.go(SECOND)
    assert not evening.stored(code).seats[1].is_pending
    assert 2 * SECOND == evening.bank(code, 1)


def test_a_long_fault_comes_back_paused(evening: Evening) -> None:
    """The same minute as after a restart."""
    code = evening.start()
    evening.go(7 * SECOND)
    with evening.broken():
        refused_tap(evening, code)
        evening.go(2 * MINUTE)
    evening.go(SECOND)
    game = evening.stored(code)
    assert ("paused", BANK - 7 * SECOND) == (game.status, game.seats[1].bank_ms)


def test_a_fault_nobody_noticed_gives_nothing_back(evening: Evening) -> None:
    """The storage stuttered between two presses: nobody was kept from anything."""
    code = evening.start()
    evening.go(7 * SECOND)
    with evening.broken():
        evening.go(3 * SECOND)
    evening.go(SECOND)
    evening.play(code, PassTurn(turn=1), HOST)
    assert BANK - 11 * SECOND == evening.stored(code).seats[1].bank_ms
    assert "outage-began" not in dict(evening.story(code))


def test_a_game_that_alone_cannot_be_saved_is_held_all_the_while(evening: Evening) -> None:
    """The alive line is written every second, this game's row is not: its time is nobody's."""
    code, other = evening.start(), evening.start()
    evening.go(7 * SECOND)
    evening.sql("ALTER TABLE ledger RENAME TO ledger_away")
    for _ in range(5):
        refused_tap(evening, code)
        evening.go(SECOND)
    evening.sql("ALTER TABLE ledger_away RENAME TO ledger")
    evening.go(SECOND)
    for one in (code, other):
        evening.play(one, PassTurn(turn=1), HOST)
    assert [BANK - 7 * SECOND] * 2 == [
        evening.stored(one).seats[1].bank_ms for one in (code, other)
    ]


def test_a_fault_within_the_return_of_a_restart(evening: Evening) -> None:
    """Restarted onto a disk that still fails: the wait for the phone goes on meanwhile."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(5 * SECOND)
    evening.request(code, ANN)
    with evening.broken():
        evening.go(3 * SECOND)
        refused = outcome_of(partial(evening.request, code, HOST))
        assert isinstance(refused, Refusal)
        evening.go(RETURN_MS + 10 * SECOND)
    evening.go(SECOND)
    evening.request(code, HOST)
    evening.go(2 * SECOND)
    assert BANK - 9 * SECOND == evening.bank(code, 1)


def test_what_was_not_acknowledged_is_not_half_done(evening: Evening) -> None:
    """State and ledger row are one transaction: the fault hits both or neither."""
    code = evening.start()
    with evening.broken():
        for command, client in ((AdjustLife(by=-3), ANN), (RollDice(sides=6), BEN)):
            refused = outcome_of(
                partial(evening.table.play, code, command, client, evening.clock.at)
            )
            assert isinstance(refused, Refusal)
    evening.go(SECOND)
    assert [40] * 3 == [seat.life for seat in evening.stored(code).in_order()]


def test_a_new_game_is_refused_in_words(evening: Evening) -> None:
    """Creating is a save like any other."""
    with evening.broken():
        refused = outcome_of(evening.create)
    assert isinstance(refused, Refusal)
    assert Kind.UNAVAILABLE is refused.kind
    assert 0 == evening.storage.count_games()


def spoil(evening: Evening, code: str) -> str:
    """Another hand writes rubbish into a game's row, as its next version; what was there."""
    ((good,),) = evening.sql("SELECT state FROM games WHERE code = ?", code)
    evening.sql("UPDATE games SET state = '{', version = version + 1 WHERE code = ?", code)
    return str(good)


def mend(evening: Evening, code: str, good: str) -> None:
    """The operator puts the row back."""
    evening.sql("UPDATE games SET state = ?, version = version - 1 WHERE code = ?", good, code)


def test_a_row_spoilt_while_its_table_plays(evening: Evening) -> None:
    """A polite no until it is put back; the time is nobody's at this table, as ever at others."""
    code, other = evening.start(), evening.start()
    evening.go(7 * SECOND)
    good = spoil(evening, code)
    evening.heard.clear()
    refusal = refused_tap(evening, code)
    assert (Kind.UNAVAILABLE, "unreadable") == (refusal.kind, refusal.code)
    evening.go(3 * SECOND)
    assert "unreadable" == refused_tap(evening, code).code
    assert ([], {code}) == (evening.heard, evening.table.shelf.unreadable)
    mend(evening, code, good)
    evening.go(2 * SECOND)
    evening.wait(100)
    assert set() == evening.table.shelf.unreadable
    for one in (code, other):
        evening.play(one, PassTurn(turn=1), HOST)
    banks = [evening.stored(one).seats[1].bank_ms for one in (code, other)]
    # It was tried again every second: what was charged is from before and from after that.
    assert BANK - 9 * SECOND <= banks[0] <= BANK - 7 * SECOND
    assert banks[1] <= BANK - 12 * SECOND


def test_a_spoilt_row_of_a_paused_table_keeps_nobody_busy(evening: Evening) -> None:
    """No clock runs there: nothing is tried again before somebody asks."""
    code = evening.start()
    evening.play(code, Pause(), HOST)
    good = spoil(evening, code)
    with pytest.raises(Refusal, match="cannot be read"):
        evening.table.play(code, AdjustLife(by=1), HOST, evening.clock.at)
    evening.go(5 * SECOND)
    hot = evening.hot(code)
    due = evening.table.due(hot)
    assert due is None or due > evening.clock.at
    mend(evening, code, good)
    assert 41 == evening.play(code, AdjustLife(by=1), HOST).game.seats[1].life


def test_a_spoilt_ledger_refuses_to_go_back(evening: Evening) -> None:
    """Undo reads the ledger; a page of our own mistakes would tell nobody whose fault it is."""
    code = evening.start()
    for number, client in enumerate((HOST, ANN, BEN), 1):
        evening.play(code, PassTurn(turn=number), client)
    evening.sql("UPDATE ledger SET entry = 'rubbish' WHERE code = ?", code)
    with pytest.raises(Refusal, match="cannot be read") as refused:
        evening.table.play(code, Undo(), HOST, evening.clock.at)
    assert "unreadable" == refused.value.code
    assert 5 == evening.play(code, PassTurn(turn=4), HOST).game.turn
