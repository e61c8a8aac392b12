"""Chapter 14 of the rules: lag credit, an option of the table.

A turn is charged from when its seat's phone could have seen it.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.game.chronicle import Chronicle
from app.game.ledger import fold
from app.game.refusals import Refusal
from app.game.story import parts
from app.game.time_control import CONTROLS
from app.game.view import clock_view, moment_views
from app.storage.codec import decode_game, encode_game
from tests.game.cast import ADA, BEN, MINUTE, T0, Sitting, running


def table(players: int = 2, **fields: Any) -> Sitting:
    """Seats of ten minutes without a bonus; seat 2's phone is 180 ms away, there and back."""
    given_fields = {"starting_minutes": 10, "bonus_seconds": 0, "lag_credit": "yes", **fields}
    sitting = running(players, **given_fields)
    sitting.lags_ms = {2: 180.0}
    return sitting


def quota(sitting: Sitting, number: int) -> int:
    """What a seat may still be given."""
    return sitting.seat(number).lag_quota_ms


def test_a_turn_is_charged_from_when_its_phone_could_have_seen_it() -> None:
    """Elapsed, credit and charged stand in the ledger."""
    sitting = table()
    sitting.tap(1, "pass-turn", 5_000)
    entry = sitting.tap(2, "pass-turn", 9_000)
    assert {2: 4_000 - 180} == entry.charged
    assert {"lag": {2: 180}} == entry.free
    assert 10 * MINUTE - 3_820 == sitting.bank(2)
    assert 3_820 == sitting.seat(2).used_ms


def test_it_is_an_option_of_the_game() -> None:
    """Off unless the host wants it."""
    sitting = table(lag_credit="no")
    sitting.tap(1, "pass-turn", 5_000)
    entry = sitting.tap(2, "pass-turn", 9_000)
    assert ({2: 4_000}, {}) == (entry.charged, entry.free)
    assert running().game.settings.lag_credit is False


def test_the_first_turn_too() -> None:
    """It is told to a phone like any other."""
    sitting = running(2, lag_credit="yes", bonus_seconds=0)
    sitting.play("reset", ADA, confirm="yes")
    sitting.lags_ms = {1: 120}
    sitting.play("start", ADA)
    entry = sitting.tap(1, "pass-turn", 1_000)
    assert {"lag": {1: 120}} == entry.free
    assert {1: 880} == entry.charged


@pytest.mark.parametrize("took_ms", [300.0, 301, 2_000, 60_000])
def test_at_most_three_tenths_of_a_second_a_turn(took_ms: float) -> None:
    """However far away a phone is, or says it is by answering late."""
    sitting = table()
    sitting.lags_ms = {2: took_ms}
    sitting.tap(1, "pass-turn", 5_000)
    assert {"lag": {2: 300}} == sitting.tap(2, "pass-turn", 9_000).free


def test_never_more_than_the_turn_took() -> None:
    """A turn passed within the way to its phone is charged nothing, and its credit is over."""
    sitting = table()
    sitting.tap(1, "pass-turn", 5_000)
    entry = sitting.tap(2, "pass-turn", 5_100)
    assert ({2: 0}, {"lag": {2: 100}}) == (entry.charged, entry.free)
    assert 0 == sitting.seat(2).lag_ms
    assert 1_300 - 100 == quota(sitting, 2)


def test_it_comes_from_a_quota() -> None:
    """A second at the start, 300 ms more with each turn, two seconds at most."""
    sitting = table()
    assert 1_000 == quota(sitting, 2)
    sitting.tap(1, "pass-turn", 1_000)
    assert 1_300 == quota(sitting, 2)
    sitting.tap(2, "pass-turn", 2_000)
    assert 1_300 - 180 == quota(sitting, 2)
    sitting.lags_ms = {}
    for turn in range(3, 13):
        sitting.tap(2 - turn % 2, "pass-turn", turn * 1_000)
    assert [2_000, 2_000] == [quota(sitting, 1), quota(sitting, 2)]


def test_an_empty_quota_gives_nothing() -> None:
    """What is left of it is all a turn may be given."""
    sitting = table()
    seat = replace(sitting.seat(2), lag_quota_ms=-250)
    sitting.game = replace(sitting.game, seats={**sitting.game.seats, 2: seat})
    sitting.tap(1, "pass-turn", 1_000)
    assert {"lag": {2: 50}} == sitting.tap(2, "pass-turn", 2_000).free
    assert 0 == quota(sitting, 2)


def test_a_reset_fills_the_quota_again() -> None:
    """It is a sitting's."""
    sitting = table()
    sitting.tap(1, "pass-turn", 1_000)
    sitting.tap(2, "pass-turn", 2_000)
    sitting.play("reset", ADA, confirm="yes")
    assert (0, 1_000) == (sitting.seat(2).lag_ms, quota(sitting, 2))


def test_what_is_measured_during_a_turn_is_nothing_to_it() -> None:
    """It was fixed when the turn began: a phone gains nothing by answering late meanwhile."""
    sitting = table()
    sitting.tap(1, "pass-turn", 5_000)
    sitting.lags_ms = {2: 300}
    assert {"lag": {2: 180}} == sitting.tap(2, "pass-turn", 9_000).free


@pytest.mark.parametrize("control", [name for name in CONTROLS if name != "count-up"])
def test_a_time_out_waits_for_it(control: str) -> None:
    """Whatever the control: the time is up, to the millisecond, so much later."""
    fields = {"time_control": control, "starting_minutes": 0, "starting_seconds": 10}
    fields |= {"allowance_seconds": 10, "delay_seconds": 0, "periods": 1, "period_seconds": 5}
    sitting = table(**fields, on_timeout="out", players=3)
    sitting.tap(1, "pass-turn", 0)
    length_ms = 15_000 if control == "byo-yomi" else 10_000
    assert "time-out" not in [entry.event for entry in sitting.wait(length_ms + 179)]
    assert ["time-out"] == [entry.event for entry in sitting.wait(length_ms + 180)]
    assert "time" == sitting.seat(2).out


@pytest.mark.parametrize("control", list(CONTROLS))
def test_the_others_get_none_of_it(control: str) -> None:
    """An hourglass' sand begins to run when the clock does; what settles matters to nobody."""
    sitting = table(3, time_control=control)
    sitting.tap(1, "pass-turn", 0)
    banks = [sitting.bank(number, 180) for number in (1, 2, 3)]
    assert banks == [sitting.bank(number, 0) for number in (1, 2, 3)]
    seen = [sitting.bank(number, 2_000) for number in (1, 2, 3)]
    sitting.play("pause", ADA, 2_000)
    assert seen == [sitting.bank(number) for number in (1, 2, 3)]


def test_the_face_is_right_when_the_time_runs_out() -> None:
    """It starts so much later: what is still to pass uncharged is part of what it counts."""
    sitting = table()
    sitting.tap(1, "pass-turn", 0)
    seen = [clock_view(sitting.game, sitting.seat(2), T0 + at).remaining_ms for at in (0, 100, 180)]
    assert [600_180, 600_080, 600_000] == seen


def test_an_interrupt_has_none() -> None:
    """Nor has a response: a turn's has not been told to anybody else."""
    sitting = table(3)
    sitting.lags_ms = {1: 100, 2: 180, 3: 250}
    sitting.tap(2, "interrupt", 1_000)
    assert {} == sitting.tap(2, "pass-priority", 2_000).free
    sitting.tap(1, "toggle-target", seat=3)
    sitting.tap(1, "confirm-targets")
    assert {} == sitting.tap(3, "pass-target", 3_000).free


def test_a_turn_that_was_interrupted_goes_on_with_the_rest() -> None:
    """Not with a second one."""
    sitting = table(3)
    sitting.tap(1, "pass-turn", 0)
    assert {"lag": {2: 80}} == sitting.tap(3, "interrupt", 80).free
    sitting.tap(3, "pass-priority", 1_000)
    assert {"lag": {2: 100}} == sitting.tap(2, "pass-turn", 3_000).free


def test_no_second_one_within_a_chain() -> None:
    """An extra turn is on a phone that shows one already; so is one handed to and fro."""
    sitting = table(3)
    sitting.tap(1, "switch-turn", 0, seat=2)
    assert {"lag": {2: 180}} == sitting.tap(2, "extra-turn", 1_000).free
    assert {} == sitting.tap(2, "switch-turn", 2_000, seat=1).free
    sitting.tap(1, "switch-turn", 3_000, seat=2)
    assert {} == sitting.tap(2, "pass-turn", 4_000).free


def test_a_pause_and_an_outage_bring_none() -> None:
    """A game goes on exactly where it stood."""
    sitting = table()
    sitting.tap(1, "pass-turn", 0)
    sitting.play("pause", ADA, 1_000)
    sitting.play("resume", ADA, 60_000)
    assert {} == sitting.tap(2, "pass-turn", 61_000).free


def test_who_has_to_choose_has_none() -> None:
    """Its clock stands anyway."""
    sitting = table(starting_minutes=0, starting_seconds=10)
    sitting.tap(1, "pass-turn", 0)
    sitting.play("switch-turn", ADA, 10_180, seat=1)
    sitting.tap(1, "pass-turn", 11_000)
    assert sitting.seat(2).is_pending
    assert (2, 0) == (sitting.game.active, sitting.seat(2).lag_ms)


# ---- undo


def clocks(sitting: Sitting) -> list[tuple[int, int, int, int]]:
    """Banks, what was used, and what the credit stands at."""
    seats = sitting.game.seats.values()
    return [(s.bank_ms, s.used_ms, s.lag_ms, s.lag_quota_ms) for s in seats]


def test_undo_takes_it_back_exactly() -> None:
    """A mistaken pass: seat 2 has used nothing, neither of its time nor of its quota."""
    sitting = table(undo_charges="nobody")
    sitting.play("pause", ADA, 3_000)
    sitting.play("resume", ADA)
    before = clocks(sitting)
    sitting.tap(1, "pass-turn", 3_000)
    entry = sitting.tap(1, "undo", 7_000)
    assert before == clocks(sitting)
    assert 0 == entry.free["lag"].get(2, 0)
    assert 4_000 == entry.free["undo"][1]


def test_undo_of_a_pass_gives_back_the_rest_of_a_credit() -> None:
    """Passed 80 ms after the turn came: 100 of the 180 are left when it is back."""
    sitting = table()
    sitting.tap(1, "pass-turn", 0)
    sitting.tap(2, "pass-turn", 80)
    entry = sitting.tap(2, "undo", 1_000)
    assert {2: 920} == {n: ms for n, ms in entry.charged.items() if ms}
    assert {"lag": {2: 100}} == sitting.tap(2, "pass-turn", 2_000).free


def test_what_ran_longer_ago_than_an_undo_reaches_stays_given() -> None:
    """And stays used of the quota."""
    sitting = table()
    sitting.tap(1, "pass-turn", 0)
    sitting.play("undo", ADA, 20_000)
    assert (0, 1_000 - 180) == (sitting.seat(2).lag_ms, quota(sitting, 2))
    assert 5_000 - 180 == sitting.seat(2).used_ms


# ---- what people see


def test_the_player_sees_it() -> None:
    """Beside the bonus, or alone where there is none."""
    sitting = table()
    sitting.tap(1, "pass-turn", 1_000)
    told = [str(moment.words) for moment in moment_views(sitting.game, T0 + 1_000)][-1:]
    assert ["given back 0.18 s"] == told
    sitting = table(bonus_seconds=30)
    sitting.tap(1, "pass-turn", 1_000)
    told = [str(moment.words) for moment in moment_views(sitting.game, T0 + 1_000)][-1:]
    assert ["+0:30 \u00b7 given back 0.18 s"] == told


def test_the_story_tells_it() -> None:
    """In the line of the entry that settled it."""
    sitting = table()
    sitting.tap(1, "pass-turn", 1_000)
    sitting.tap(2, "pass-turn", 4_000)
    chronicle = Chronicle(sitting.beginning)
    chronicle.add_all(sitting.entries)
    told = parts(chronicle, sitting.entries)
    assert any("Ben: given back 0.18 s" in str(line.words) for part in told for line in part.lines)


def test_a_game_stored_before_there_was_any_goes_on() -> None:
    """With the whole quota, and the option off."""
    sitting = running(2)
    text = encode_game(sitting.game)
    for name in ('"lag_ms":0,', '"lag_quota_ms":1000', '"lag_credit":false'):
        assert name in text
    older = text.replace('"lag_ms":0,', "").replace(',"lag_quota_ms":1000', "")
    older = older.replace(',"lag_credit":false', "")
    assert sitting.game == decode_game(older)


# ---- nobody gains more than the quota allows

TURNS = st.lists(
    st.tuples(
        st.integers(0, 5_000),
        st.floats(0, 100_000, allow_nan=False),
        st.sampled_from(["pass-turn"] * 6 + ["extra-turn", "switch", "interrupt", "undo", "pause"]),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(TURNS, st.sampled_from(list(CONTROLS)))
def test_no_timing_gains_a_seat_more(turns: list[tuple[int, float, str]], control: str) -> None:
    """Whatever the phones claim by answering late: 1 s and 300 ms a turn, 300 ms in a turn."""
    sitting = table(time_control=control, starting_minutes=60, allowance_seconds=3_600)
    at = 0
    begun, got_ms = {1: 0, 2: 0}, {1: 0, 2: 0}
    for gap_ms, took_ms, doing in turns:
        at += gap_ms
        sitting.lags_ms = {1: took_ms, 2: took_ms}
        ran_ms = at - sitting.now
        for entry in act(sitting, doing, at):
            before = got_ms.copy()
            for number, ms in entry.free.get("lag", {}).items():
                got_ms[number] += ms
                assert got_ms[number] - before[number] <= 300
            if (0, "turn") in entry.now and entry.event != "undone" and sitting.game.active:
                begun[sitting.game.active] += 1
            counted = [
                *entry.charged.values(),
                *(m for s in entry.free.values() for m in s.values()),
            ]
            if entry.event != "undone":
                assert sum(counted) in (0, ran_ms)
        for number in (1, 2):
            assert got_ms[number] <= 300 * begun[number]
    assert fold(sitting.beginning, sitting.entries) == sitting.game


def act(sitting: Sitting, doing: str, at: int) -> list[Any]:
    """One thing by whoever has the turn, as far as it goes; the entries it made."""
    known = len(sitting.entries)
    active = sitting.game.active or 1
    with suppress(Refusal):
        if doing == "switch":
            sitting.tap(active, "switch-turn", at, seat=3 - active)
        elif doing == "interrupt":
            sitting.tap(3 - active, "interrupt", at)
            sitting.tap(3 - active, "pass-priority", at)
        elif doing == "pause":
            sitting.play("pause", BEN, at)
            sitting.play("resume", BEN, at)
        elif doing == "undo":
            sitting.play("undo", ADA, at)
        else:
            sitting.tap(active, doing, at)
    return sitting.entries[known:]
