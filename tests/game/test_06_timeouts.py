"""Rules, section 6: what happens at 0, by each of the four settings."""

import pytest

from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    T0,
    TABLET,
    Sitting,
    choosing,
    without_host_seat,
)
from tests.game.cast import lobby as lobby_table
from tests.game.cast import running as running_table


def test_under_choice_the_bank_stays_at_0_and_a_penalty_counts() -> None:
    """The default: the holder has 30 s to choose."""
    sitting = choosing()
    assert sitting.seat(1).bank_ms == 0
    assert sitting.seat(1).penalties == 1
    assert sitting.seat(1).grace_ms == 30_000
    assert sitting.bank(1, MINUTE + 10_000) == 0
    assert sitting.game.active == 1
    assert sitting.entries[-1].by == "clock"


@pytest.mark.parametrize(("choice", "life", "drinks"), [("lose-life", 38, 0), ("drink", 40, 2)])
def test_surviving_costs_the_set_amount_and_brings_time(
    choice: str, life: int, drinks: int
) -> None:
    """2 life or 2 drinks, then 60 s; the clock runs on at once."""
    sitting = choosing()
    entry = sitting.play("timeout-choice", ADA, MINUTE + 7_000, choice=choice)
    assert (sitting.seat(1).life, sitting.seat(1).drinks) == (life, drinks)
    assert sitting.bank(1) == 60_000
    assert not sitting.seat(1).is_pending
    assert sitting.bank(1, MINUTE + 8_000) == 59_000
    assert (entry.facts["life"], entry.facts["drinks"]) == (life - 40, drinks)


def test_the_amounts_are_the_settings() -> None:
    """What the sheet promised is what happens."""
    sitting = choosing(timeout_life=20, timeout_bonus_seconds=300)
    sitting.play("timeout-choice", ADA, choice="lose-life")
    assert sitting.seat(1).life == 20
    assert sitting.bank(1) == 300_000
    sitting = choosing(timeout_drinks=20, timeout_bonus_seconds=5)
    sitting.play("timeout-choice", ADA, choice="drink")
    assert sitting.seat(1).drinks == 20
    assert sitting.bank(1) == 5_000


def test_die_puts_the_seat_out_by_time() -> None:
    """And the turn goes on."""
    sitting = choosing(bonus_seconds=30)
    sitting.play("timeout-choice", ADA, choice="die")
    assert sitting.seat(1).out == "time"
    assert not sitting.seat(1).is_pending
    assert sitting.game.active == 2
    assert sitting.bank(2) == 90_000


@pytest.mark.parametrize("grace", [5, 30, 300])
def test_no_choice_in_time_is_die(grace: int) -> None:
    """At the very millisecond the grace ends, not one before."""
    sitting = choosing(timeout_grace_seconds=grace)
    assert sitting.wait(MINUTE + grace * 1_000 - 1) == []
    assert sitting.seat(1).is_in
    sitting.wait(MINUTE + grace * 1_000)
    assert sitting.seat(1).out == "time"
    assert sitting.entries[-1].facts["died"] == [1]


@pytest.mark.parametrize(
    ("field", "choice", "other"),
    [("timeout_life", "lose-life", "drink"), ("timeout_drinks", "drink", "lose-life")],
)
def test_an_amount_of_0_leaves_that_choice_out(field: str, choice: str, other: str) -> None:
    """A table without drinks is not offered any."""
    sitting = choosing(**{field: 0})
    assert sitting.refusal("timeout-choice", ADA, choice=choice) == "not-offered"
    assert sitting.seat(1).is_pending
    sitting.play("timeout-choice", ADA, choice=other)


def test_losing_the_last_life_is_out_by_life() -> None:
    """The price was too high; 2 life left is 0."""
    sitting = choosing()
    sitting.play("adjust-life", ADA, by=-38)
    sitting.play("timeout-choice", ADA, choice="lose-life")
    assert sitting.seat(1).life == 0
    assert sitting.seat(1).out == "life"
    assert sitting.game.active == 2


def test_a_drink_kills_nobody() -> None:
    """Only life that is lost can be the last: not that of a seat that began without any."""
    sitting = lobby_table(starting_seconds=60, bonus_seconds=0)
    sitting.play("adjust-life", ADA, seat=1, by=-40)
    sitting.play("start", ADA)
    sitting.play("timeout-choice", ADA, MINUTE, choice="drink")
    assert (sitting.seat(1).out, sitting.seat(1).life, sitting.seat(1).drinks) == ("", 0, 2)


def test_the_host_chooses_for_a_seat_and_it_is_logged() -> None:
    """For somebody who went to fetch a drink; nobody else may."""
    sitting = choosing(seat=2)
    assert sitting.refusal("timeout-choice", CLEO, seat=2, choice="drink") == "not-yours"
    assert sitting.refusal("timeout-choice", DORA, seat=2, choice="drink") == "not-yours"
    assert sitting.play("timeout-choice", ADA, seat=2, choice="drink").by == "host"


def test_nothing_to_choose_is_refused(running: Sitting) -> None:
    """Also a second choice."""
    assert running.refusal("timeout-choice", ADA, choice="drink") == "nothing-to-choose"
    sitting = choosing()
    sitting.play("timeout-choice", ADA, choice="drink")
    assert sitting.refusal("timeout-choice", ADA, choice="drink") == "nothing-to-choose"


def test_a_choice_counts_though_the_seat_is_not_running_any_more() -> None:
    """The host moved the turn on: the grace still runs, and the choice still counts."""
    sitting = without_host_seat(choosing())
    sitting.play("switch-turn", TABLET, MINUTE + 10_000, seat=2)
    assert sitting.game.active == 2
    assert sitting.seat(1).grace_ms == 20_000
    sitting.play("pass-turn", BEN, MINUTE + 15_000)
    sitting.play("timeout-choice", ADA, MINUTE + 29_999, choice="drink")
    assert sitting.seat(1).bank_ms == 60_000
    assert sitting.bank(1, MINUTE + 40_000) == 60_000


def test_a_seat_that_is_not_running_dies_all_the_same() -> None:
    """And the one whose turn it is keeps it."""
    sitting = without_host_seat(choosing())
    sitting.play("switch-turn", TABLET, MINUTE + 10_000, seat=2)
    sitting.wait(MINUTE + 30_000)
    assert sitting.seat(1).out == "time"
    assert (sitting.game.active, sitting.game.turn) == (2, 2)
    assert sitting.bank(2) == 40_000


def test_add_time_cancels_the_choice() -> None:
    """The host was generous: the clock runs again from what was given."""
    sitting = choosing()
    sitting.play("add-time", ADA, MINUTE + 10_000, seat=1, seconds=45)
    assert not sitting.seat(1).is_pending
    assert sitting.bank(1) == 45_000
    assert sitting.bank(1, MINUTE + 11_000) == 44_000


def test_take_time_leaves_a_pending_choice_alone() -> None:
    """There is nothing to take, and nothing is given by it."""
    sitting = choosing()
    entry = sitting.play("take-time", ADA, seat=1, seconds=45)
    assert sitting.seat(1).bank_ms == 0
    assert sitting.seat(1).is_pending
    assert entry.facts["ms"] == 0


def test_a_choice_may_be_made_while_paused() -> None:
    """Frozen, but not barred."""
    sitting = choosing()
    sitting.play("pause", BEN, MINUTE + 5_000)
    sitting.play("timeout-choice", ADA, 5 * MINUTE, choice="drink")
    assert sitting.bank(1, 9 * MINUTE) == 60_000
    sitting.play("resume", BEN, 9 * MINUTE)
    assert sitting.bank(1, 9 * MINUTE + 1_000) == 59_000


def test_dying_while_paused_hands_the_turn_on_without_a_running_clock() -> None:
    """Outs happen at once; the new turn waits for the resume."""
    sitting = choosing(bonus_seconds=30)
    sitting.play("pause", BEN)
    sitting.play("timeout-choice", ADA, 2 * MINUTE, choice="die")
    assert (sitting.game.status, sitting.game.active) == ("paused", 2)
    assert sitting.bank(2, 8 * MINUTE) == 90_000


def test_a_second_time_out_counts_a_second_penalty() -> None:
    """Every one of them."""
    sitting = choosing()
    sitting.play("timeout-choice", ADA, choice="drink")
    sitting.wait(2 * MINUTE)
    assert sitting.seat(1).penalties == 2


def test_under_out_the_seat_is_eliminated_at_once() -> None:
    """No grace, no penalty."""
    sitting = running_table(on_timeout="out", starting_seconds=60)
    sitting.wait(MINUTE)
    assert sitting.seat(1).out == "time"
    assert sitting.seat(1).penalties == 0
    assert sitting.game.active == 2
    assert sitting.bank(2) == 90_000
    sitting.wait(2 * MINUTE + 30_000)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 3)


def test_under_overtime_the_bank_goes_below_0() -> None:
    """Said once, then it just runs; what was used shows the total."""
    sitting = running_table(on_timeout="overtime", starting_seconds=60)
    assert len(sitting.wait(60 * MINUTE)) == 1
    assert sitting.bank(1, 90_000) == -30_000
    sitting.play("pass-turn", ADA, 90_000)
    assert sitting.seat(1).bank_ms == -30_000
    assert sitting.seat(1).used_ms == 90_000
    assert sitting.seat(1).is_in


def test_the_bonus_is_added_to_an_overdrawn_bank() -> None:
    """Nothing is forgiven: -20 s and 30 s are 10 s, which run out again."""
    sitting = running_table(2, on_timeout="overtime", starting_seconds=60)
    sitting.play("pass-turn", ADA, 80_000)
    sitting.play("pass-turn", BEN, 80_000)
    assert sitting.bank(1) == 10_000
    assert [entry.at - T0 for entry in sitting.wait(100_000)] == [90_000]
    assert sitting.bank(1, 100_000) == -10_000


def test_time_given_in_overtime_may_still_leave_it_below_0() -> None:
    """And then it does not run out a second time."""
    sitting = running_table(on_timeout="overtime", starting_seconds=60)
    sitting.play("add-time", ADA, 90_000, seat=1, seconds=10)
    assert sitting.bank(1) == -20_000
    assert sitting.wait(5 * MINUTE) == []


def test_under_skip_the_turn_ends_and_the_bank_is_set() -> None:
    """To the time after surviving; the next turn begins with its bonus."""
    sitting = running_table(on_timeout="skip", starting_seconds=60, timeout_bonus_seconds=45)
    sitting.wait(MINUTE)
    assert sitting.seat(1).bank_ms == 45_000
    assert sitting.seat(1).penalties == 0
    assert (sitting.game.active, sitting.game.turn) == (2, 2)
    assert sitting.bank(2) == 90_000


@pytest.mark.parametrize("mode", ["choice", "out", "overtime", "skip"])
def test_a_time_out_is_shown_on_every_screen(mode: str) -> None:
    """In every mode somebody's time was up."""
    sitting = running_table(on_timeout=mode, starting_seconds=60)
    sitting.wait(MINUTE)
    assert ("time-out", {"seat": 1}) in sitting.moments()


# ---- interrupts, responses and overtime


def test_under_skip_an_interrupt_ends_and_the_bank_is_set() -> None:
    """Whatever lies beneath goes on, and the turn stays."""
    sitting = running_table(on_timeout="skip", starting_seconds=60, timeout_bonus_seconds=45)
    sitting.play("interrupt", CLEO)
    sitting.play("interrupt", BEN, 10_000)
    sitting.wait(10_000 + MINUTE)
    assert sitting.game.stack == (3,)
    assert (sitting.seat(2).bank_ms, sitting.seat(3).bank_ms) == (45_000, 50_000)
    sitting.wait(2 * MINUTE)
    assert sitting.game.stack == ()
    assert sitting.seat(3).bank_ms == 45_000
    assert (sitting.game.active, sitting.game.turn) == (1, 1)
    assert sitting.bank(1) == MINUTE


def test_under_skip_a_response_ends_and_the_bank_is_set() -> None:
    """The others still respond; after the last one the turn goes on."""
    sitting = running_table(on_timeout="skip", starting_seconds=60, timeout_bonus_seconds=45)
    sitting.play("add-time", ADA, seat=3, seconds=30)
    for seat in (2, 3):
        sitting.play("toggle-target", ADA, seat=seat)
    sitting.play("confirm-targets", ADA)
    sitting.wait(MINUTE)
    assert sitting.seat(2).bank_ms == 45_000
    assert sitting.game.targeting is not None
    assert sitting.game.targeting.waiting == (3,)
    sitting.wait(90_000)
    assert sitting.game.targeting is None
    assert (sitting.game.active, sitting.game.turn) == (1, 1)
    assert sitting.bank(1) == MINUTE


def test_under_skip_all_whose_response_ends_at_once_are_skipped_together() -> None:
    """One entry, and the turn is the original player's again."""
    sitting = running_table(on_timeout="skip", starting_seconds=60)
    for seat in (2, 3):
        sitting.play("toggle-target", ADA, seat=seat)
    sitting.play("confirm-targets", ADA)
    entries = sitting.wait(MINUTE)
    assert [entry.facts["ran_out"] for entry in entries] == [[2, 3]]
    assert sitting.game.targeting is None
    assert [sitting.seat(seat).bank_ms for seat in (1, 2, 3)] == [MINUTE] * 3


def test_under_skip_a_turn_skipped_while_selecting_takes_its_targets_along() -> None:
    """Nobody is asked on behalf of somebody whose turn is over."""
    sitting = running_table(on_timeout="skip", starting_seconds=60)
    sitting.play("toggle-target", ADA, seat=3)
    sitting.wait(MINUTE)
    assert sitting.game.targeting is None
    assert (sitting.game.active, sitting.game.turn) == (2, 2)


def test_the_finish_shows_the_overtime_of_each_seat_in_total() -> None:
    """All that was used below 0, in turns, interrupts and responses; a bonus pays none back."""
    sitting = running_table(on_timeout="overtime", starting_seconds=60, bonus_seconds=0)
    sitting.play("pass-turn", ADA, 70_000)
    assert sitting.seat(1).overtime_ms == 10_000
    sitting.play("interrupt", ADA, 80_000)
    sitting.play("pass-priority", ADA, 95_000)
    assert sitting.seat(1).overtime_ms == 25_000
    sitting.play("toggle-target", BEN, seat=1)
    sitting.play("confirm-targets", BEN)
    sitting.play("pass-target", ADA, 100_000)
    assert sitting.seat(1).overtime_ms == 30_000
    sitting.play("add-time", ADA, seat=1, minutes=2)
    sitting.play("interrupt", ADA)
    sitting.play("finish", ADA, 110_000, winner="draw", confirm="yes")
    assert sitting.seat(1).overtime_ms == 30_000
    assert sitting.seat(1).used_ms == 100_000
    assert (sitting.seat(2).overtime_ms, sitting.seat(3).overtime_ms) == (0, 0)


def test_a_pending_interrupter_stays_on_top_and_its_grace_is_nobodys_time() -> None:
    """Whoever lies beneath waits; so does the active seat."""
    sitting = running_table(starting_seconds=60)
    sitting.play("interrupt", CLEO)
    sitting.play("interrupt", BEN)
    sitting.wait(MINUTE)
    entry = sitting.play("timeout-choice", BEN, 80_000, choice="lose-life")
    assert entry.free == {"grace": {2: 20_000}}
    assert entry.charged == {}
    assert sitting.game.stack == (3, 2)
    assert sitting.bank(2, 81_000) == 59_000
    assert (sitting.bank(1), sitting.bank(3)) == (MINUTE, MINUTE)


def test_a_pending_target_chooses_while_the_others_respond() -> None:
    """Their clocks run, its own stands at 0; no choice in time drops it."""
    sitting = running_table(starting_seconds=60)
    sitting.play("add-time", ADA, seat=3, minutes=2)
    for seat in (2, 3):
        sitting.play("toggle-target", ADA, seat=seat)
    sitting.play("confirm-targets", ADA)
    sitting.wait(MINUTE)
    assert sitting.seat(2).is_pending
    assert sitting.bank(3, 80_000) == 100_000
    sitting.wait(90_000)
    assert sitting.seat(2).out == "time"
    assert sitting.game.targeting is not None
    assert sitting.game.targeting.targets == (3,)


def test_the_grace_of_a_seat_that_is_interrupted_goes_on() -> None:
    """The choice does not wait for priority."""
    sitting = choosing()
    sitting.play("interrupt", BEN, MINUTE + 10_000)
    assert sitting.seat(1).grace_ms == 20_000
    sitting.wait(MINUTE + 30_000)
    assert sitting.seat(1).out == "time"
    assert sitting.game.stack == (2,)


def test_a_seat_that_survives_under_an_interrupt_waits_for_its_turn() -> None:
    """Its time after surviving is whole when priority comes back."""
    sitting = choosing()
    sitting.play("interrupt", BEN, MINUTE)
    sitting.play("timeout-choice", ADA, MINUTE + 5_000, choice="drink")
    assert sitting.bank(1, MINUTE + 20_000) == 60_000
    sitting.play("pass-priority", BEN, MINUTE + 20_000)
    assert sitting.bank(1, MINUTE + 21_000) == 59_000


def test_what_falls_due_at_one_instant_is_applied_together() -> None:
    """All targets die at once with the grace of the one who asked: nobody wins by a millisecond."""
    sitting = running_table(2, on_timeout="out", starting_seconds=60)
    sitting.play("toggle-target", ADA, seat=2)
    sitting.play("confirm-targets", ADA)
    sitting.wait(MINUTE)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 1)
    sitting = running_table(starting_seconds=60, timeout_grace_seconds=30)
    for seat in (2, 3):
        sitting.play("toggle-target", ADA, seat=seat)
    sitting.play("confirm-targets", ADA)
    sitting.play("concede", ADA)
    sitting.wait(90_000)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 0)
