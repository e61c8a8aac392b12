"""Rules, section 4: what a turn costs and gives under each of the eight time controls.

Read after the table of the rules: one part for each control, then what holds for all of them.
Whose clock runs, conservation and the order of things stand at the end.
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.game.clock import next_due, remaining_ms, running_seats, settle, stint_of
from app.game.commands import PassTurn
from app.game.game import Game
from app.game.judge import advance, decide, wakes_at
from app.game.ledger import Draft, fold
from app.game.refusals import BadFields
from app.game.settings_form import as_typed
from app.game.time_control import CONTROLS
from app.storage.codec import decode_entry, decode_game, encode_entry, encode_game
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    HOUR,
    MINUTE,
    SECOND,
    T0,
    TABLET,
    Sitting,
    choosing,
    created,
    without_host_seat,
)
from tests.game.cast import lobby as waiting_table
from tests.game.cast import running as running_table

#: Short clocks of each kind: 60 s each, the small amount of the control 10 s.
KINDS: dict[str, dict[str, int]] = {
    "bonus": {"bonus_seconds": 10},
    "fischer": {"increment_seconds": 10},
    "delay": {"delay_seconds": 10},
    "bronstein": {"delay_seconds": 10},
    "hourglass": {},
    "byo-yomi": {"periods": 3, "period_seconds": 10},
    "per-turn": {"allowance_seconds": 60},
    "count-up": {},
}

#: When the first turn's time is up: B, B + d, B + n periods, c.
DUE = {
    "bonus": 60_000,
    "fischer": 60_000,
    "delay": 70_000,
    "bronstein": 60_000,
    "hourglass": 60_000,
    "byo-yomi": 90_000,
    "per-turn": 60_000,
}


def fields_of(control: str, **more: object) -> dict[str, object]:
    """The form of a short clock of that kind."""
    wanted: dict[str, object] = {"starting_seconds": 60, "time_control": control, **KINDS[control]}
    return {**wanted, **more}


def table(control: str, players: int = 3, **more: object) -> Sitting:
    """A running table of that control, seat 1 active at instant 0; without a host's seat 4."""
    return running_table(players, **fields_of(control, **more))


def banks(sitting: Sitting, at: int | None = None) -> list[int]:
    """What every seat has left, in order of their numbers."""
    return [sitting.bank(number, at) for number in sorted(sitting.game.seats)]


def settled(game: Game, at: int) -> Game:
    """The game as a settlement at ``at`` leaves it."""
    draft = Draft(game, at)
    settle(draft)
    return draft.game


def ran_out(sitting: Sitting) -> list[tuple[int, list[int]]]:
    """Every time-out so far: its instant and whose time was up."""
    return [
        (entry.at - T0, entry.facts["ran_out"])
        for entry in sitting.entries
        if entry.event == "time-out" and entry.facts["ran_out"]
    ]


# ---- bonus


def test_bonus_is_the_default_with_30_s() -> None:
    """A game nobody set up is played 20:00 each, +0:30 a turn."""
    settings = created().game.settings
    assert (settings.time_control, settings.bonus_ms) == ("bonus", 30 * SECOND)


def test_the_bonus_comes_at_once_to_the_seat_whose_turn_begins(running: Sitting) -> None:
    """30 s by default, shown on every screen, never for turn 1."""
    running.play("pass-turn", ADA, 10_000)
    assert running.bank(1) == 20 * MINUTE - 10_000
    assert running.bank(2) == 20 * MINUTE + 30_000
    assert running.bank(3) == 20 * MINUTE
    assert ("gift", {"seat": 2, "ms": 30_000}) in running.moments()


def test_the_bonus_comes_once_per_turn(running: Sitting) -> None:
    """Pausing, resuming and the table's commands give nothing."""
    running.play("pass-turn", ADA)
    banked = running.bank(2)
    for name, client in (("pause", BEN), ("resume", BEN), ("roll-dice", BEN)):
        running.play(name, client, **({"sides": 6} if name == "roll-dice" else {}))
    assert running.bank(2) == banked


def test_a_bonus_of_0_shows_nothing() -> None:
    """No "+0:00" on anybody's screen."""
    sitting = running_table(bonus_seconds=0)
    sitting.play("pass-turn", ADA)
    assert sitting.bank(2) == 20 * MINUTE
    assert "gift" not in dict(sitting.moments())


def test_a_bonus_that_meets_the_24_hours_shows_what_was_really_given() -> None:
    """It says "+0:10", not "+0:30", and nothing once the bank is full."""
    sitting = running_table(2, starting_seconds=24 * 3600 - 10)
    sitting.play("pass-turn", ADA)
    assert ("gift", {"seat": 2, "ms": 10_000}) in sitting.moments()
    sitting.play("add-time", ADA, seat=1, minutes=1)
    before = len(sitting.moments())
    sitting.play("pass-turn", BEN)
    assert len(sitting.moments()) == before


@pytest.mark.parametrize("bonus", [0, 5, 30, 3600])
def test_the_bonus_is_what_the_settings_say(bonus: int) -> None:
    """Whole seconds."""
    sitting = running_table(bonus_seconds=bonus)
    sitting.play("pass-turn", ADA)
    assert sitting.bank(2) == 20 * MINUTE + bonus * 1_000


def test_the_time_out_comes_when_t_reaches_b() -> None:
    """At the very millisecond; one before there is none."""
    sitting = running_table(starting_seconds=60)
    assert sitting.wait(59_999) == []
    assert sitting.bank(1, 59_999) == 1
    assert len(sitting.wait(60_000)) == 1
    assert sitting.seat(1).is_pending


def test_the_bonus_never_comes_for_turn_1() -> None:
    """Whoever starts has the bank, nothing more."""
    assert banks(table("bonus")) == [60_000, 60_000, 60_000]


def test_the_bonus_never_comes_for_interrupts_or_targeting() -> None:
    """Nor for the turn that goes on afterwards: no new turn began."""
    sitting = table("bonus")
    sitting.tap(2, "interrupt", 1_000)
    sitting.tap(2, "pass-priority", 3_000)
    sitting.tap(1, "toggle-target", 4_000, seat=3)
    sitting.tap(1, "confirm-targets", 4_000)
    sitting.tap(3, "pass-target", 9_000)
    assert banks(sitting) == [58_000, 58_000, 55_000]
    assert "gift" not in dict(sitting.moments())


def test_the_bonus_never_comes_by_undo() -> None:
    """What is taken back flows back, and the earlier turn, there again, brings nothing new."""
    sitting = table("bonus")
    sitting.tap(1, "pass-turn", 2_000)
    assert banks(sitting) == [58_000, 70_000, 60_000]
    sitting.tap(1, "undo", 2_000)
    assert banks(sitting) == [58_000, 60_000, 60_000]


def test_the_bonus_never_comes_for_a_turn_begun_by_a_holders_switch() -> None:
    """Two players could hand a turn to and fro for ever; the host's switch is a turn like any."""
    sitting = table("bonus")
    sitting.tap(1, "switch-turn", 1_000, seat=2)
    assert banks(sitting) == [59_000, 60_000, 60_000]
    sitting.play("switch-turn", ADA, 1_000, seat=3)
    assert banks(sitting) == [59_000, 60_000, 70_000]


# ---- fischer


def test_fischer_passing_adds_the_increment() -> None:
    """B - t + i: after the turn, not before it."""
    sitting = table("fischer")
    sitting.tap(1, "pass-turn", 25_000)
    assert banks(sitting) == [60_000 - 25_000 + 10_000, 60_000, 60_000]
    assert ("gift", {"seat": 1, "ms": 10_000}) in sitting.moments()


def test_fischer_lets_a_bank_grow() -> None:
    """Five seconds of thought and ten more: that is what fischer is for."""
    sitting = table("fischer")
    sitting.tap(1, "pass-turn", 5_000)
    assert sitting.bank(1) == 65_000


def test_fischer_gives_nothing_for_a_turn_in_which_the_bank_reached_0() -> None:
    """Surviving is gift enough; the seat's next turn is worth its increment again."""
    sitting = table("fischer", timeout_bonus_seconds=45)
    sitting.tap(1, "timeout-choice", 61_000, choice="drink")
    sitting.tap(1, "pass-turn", 62_000)
    assert sitting.bank(1) == 45_000 - 1_000
    sitting.tap(2, "pass-turn", 62_000)
    sitting.tap(3, "pass-turn", 62_000)
    sitting.tap(1, "pass-turn", 63_000)
    assert sitting.bank(1) == 44_000 - 1_000 + 10_000


def test_fischer_gives_nothing_after_0_even_when_the_host_added_time() -> None:
    """A gift does not make the time-out of this turn unhappen."""
    sitting = table("fischer")
    sitting.wait(60_000)
    sitting.play("add-time", ADA, 60_000, seat=1, seconds=30)
    sitting.tap(1, "pass-turn", 70_000)
    assert sitting.bank(1) == 20_000


def test_fischer_gives_nothing_when_the_turn_was_ended_by_switch_turn() -> None:
    """Neither by the holder's nor by the host's."""
    sitting = table("fischer")
    sitting.tap(1, "switch-turn", 5_000, seat=2)
    assert sitting.bank(1) == 55_000
    sitting.play("switch-turn", ADA, 8_000, seat=3)
    assert sitting.bank(2) == 57_000


def test_fischer_gives_nothing_for_an_extra_turn() -> None:
    """The turn it ends was not passed; the one that follows is passed like any."""
    sitting = table("fischer")
    sitting.tap(1, "extra-turn", 5_000)
    assert sitting.bank(1) == 55_000
    sitting.tap(1, "pass-turn", 7_000)
    assert sitting.bank(1) == 53_000 + 10_000


def test_fischer_adds_nothing_for_interrupts_and_responses() -> None:
    """They cost what they take."""
    sitting = table("fischer")
    sitting.tap(2, "interrupt", 0)
    sitting.tap(2, "pass-priority", 5_000)
    sitting.tap(1, "toggle-target", 5_000, seat=3)
    sitting.tap(1, "confirm-targets", 5_000)
    sitting.tap(3, "pass-target", 12_000)
    assert banks(sitting) == [60_000, 55_000, 53_000]


def test_an_increment_that_meets_the_24_hours_shows_what_was_really_given() -> None:
    """A bank never exceeds 24 h."""
    sitting = running_table(
        2, time_control="fischer", starting_seconds=86_400, increment_seconds=10
    )
    sitting.tap(1, "pass-turn", 4_000)
    assert sitting.bank(1) == 24 * HOUR
    assert ("gift", {"seat": 1, "ms": 4_000}) in sitting.moments()


# ---- delay


@pytest.mark.parametrize("spent", [0, 1, 9_999, 10_000, 10_001, 25_000, 69_999])
def test_delay_the_first_d_of_each_turn_is_free(spent: int) -> None:
    """US, simple: B - max(0, t - d), and what was free stands in the ledger."""
    sitting = table("delay")
    entry = sitting.tap(1, "pass-turn", spent)
    assert sitting.bank(1) == 60_000 - max(0, spent - 10_000)
    assert entry.charged.get(1, 0) == max(0, spent - 10_000)
    assert entry.free.get("delay", {}).get(1, 0) == min(spent, 10_000)


def test_delay_is_not_saved_up() -> None:
    """A turn shorter than the delay gives nothing back."""
    sitting = table("delay")
    for number, instant in ((1, 3_000), (2, 3_000), (3, 3_000)):
        sitting.tap(number, "pass-turn", instant)
    sitting.tap(1, "pass-turn", 3_000 + 12_000)
    assert sitting.bank(1) == 58_000


def test_delay_the_bank_stands_still_while_it_lasts() -> None:
    """What a face shows: 60 s for ten seconds, then it falls."""
    sitting = table("delay")
    assert [sitting.bank(1, at) for at in (0, 5_000, 10_000, 10_001)] == [60_000] * 3 + [59_999]


def test_delay_time_is_up_at_b_plus_d() -> None:
    """At the very millisecond, t >= B + d."""
    sitting = table("delay")
    assert sitting.wait(69_999) == []
    sitting.wait(70_000)
    assert ran_out(sitting) == [(70_000, [1])]


def test_delay_goes_on_where_it_stopped_after_an_interrupt() -> None:
    """One delay a turn, however many slices the turn is cut into."""
    sitting = table("delay")
    sitting.tap(2, "interrupt", 4_000)
    sitting.tap(2, "pass-priority", 30_000)
    sitting.tap(3, "interrupt", 34_000)
    sitting.tap(3, "pass-priority", 60_000)
    sitting.tap(1, "pass-turn", 65_000)
    assert sitting.bank(1) == 60_000 - (4_000 + 4_000 + 5_000 - 10_000)


def test_delay_re_arms_for_a_response() -> None:
    """A quick "ok" costs nothing, however often one is asked."""
    sitting = table("delay")
    for instant in (0, 9_000):
        sitting.tap(1, "toggle-target", instant, seat=2)
        sitting.tap(1, "confirm-targets", instant)
        sitting.tap(2, "pass-target", instant + 9_000)
    assert sitting.bank(2) == 60_000
    sitting.tap(1, "toggle-target", 18_000, seat=2)
    sitting.tap(1, "confirm-targets", 18_000)
    sitting.tap(2, "pass-target", 18_000 + 12_500)
    assert sitting.bank(2) == 57_500


def test_delay_of_a_response_can_be_switched_off() -> None:
    """Then a response is charged in full, from its first millisecond."""
    sitting = table("delay", delay_rearms="no")
    sitting.tap(1, "toggle-target", 2_000, seat=2)
    sitting.tap(1, "confirm-targets", 2_000)
    sitting.tap(2, "pass-target", 5_000)
    assert banks(sitting) == [60_000, 57_000, 60_000]
    sitting.tap(1, "pass-turn", 16_000)
    assert sitting.bank(1) == 60_000 - 3_000


def test_delay_all_interrupts_of_one_seat_within_one_turn_number_share_one() -> None:
    """Four interrupts of 4 s cost 6 s; in the next turn there is a delay again."""
    sitting = table("delay")
    for instant in (0, 10_000, 20_000, 30_000):
        sitting.tap(2, "interrupt", instant)
        sitting.tap(2, "pass-priority", instant + 4_000)
    assert sitting.bank(2) == 60_000 - (16_000 - 10_000)
    sitting.tap(3, "interrupt", 34_000)
    sitting.tap(3, "pass-priority", 43_000)
    assert sitting.bank(3) == 60_000
    sitting.tap(1, "pass-turn", 43_000)
    sitting.tap(3, "interrupt", 43_000)
    sitting.tap(3, "pass-priority", 52_000)
    assert sitting.bank(3) == 60_000


def test_delay_an_interrupt_of_the_active_seat_is_its_turn() -> None:
    """To interrupt who answers me brings no second delay."""
    sitting = table("delay")
    sitting.tap(1, "toggle-target", 6_000, seat=2)
    sitting.tap(1, "confirm-targets", 6_000)
    sitting.tap(1, "interrupt", 6_000)
    sitting.tap(1, "pass-priority", 12_000)
    assert sitting.bank(1) == 58_000


def test_delay_is_not_had_twice_by_handing_a_turn_to_and_fro() -> None:
    """Nor by interrupting each other meanwhile: one chain of switches, one delay of each kind."""
    sitting = table("delay")
    instant = 0
    for _ in range(3):
        sitting.tap(1, "switch-turn", instant + 6_000, seat=2)
        sitting.tap(1, "interrupt", instant + 6_000)
        sitting.tap(1, "pass-priority", instant + 12_000)
        sitting.tap(2, "switch-turn", instant + 12_000, seat=1)
        instant += 12_000
    assert sitting.bank(1) == 60_000 - (18_000 - 10_000) - (18_000 - 10_000)
    assert sitting.bank(2) == 60_000


def test_delay_an_extra_turn_brings_no_second_one() -> None:
    """Nor does the extra turn's own extra turn."""
    sitting = table("delay")
    sitting.tap(1, "extra-turn", 6_000)
    sitting.tap(1, "extra-turn", 12_000)
    sitting.tap(1, "pass-turn", 18_000)
    assert sitting.bank(1) == 60_000 - 8_000


# ---- bronstein


@pytest.mark.parametrize("spent", [0, 1, 9_999, 10_000, 10_001, 59_999])
def test_bronstein_completing_a_turn_gives_back_what_it_took_at_most_d(spent: int) -> None:
    """It counts at once; then min(t, d) comes back."""
    sitting = table("bronstein")
    assert sitting.bank(1, spent) == 60_000 - spent
    sitting.tap(1, "pass-turn", spent)
    assert sitting.bank(1) == 60_000 - spent + min(spent, 10_000)


def test_bronstein_a_bank_never_ends_above_where_the_turn_began() -> None:
    """Ten quick turns leave it where it was."""
    sitting = table("bronstein")
    for turn in range(30):
        sitting.tap(turn % 3 + 1, "pass-turn", 2_500 * (turn + 1))
    assert banks(sitting) == [60_000] * 3


def test_bronstein_gifts_come_on_top() -> None:
    """Where a turn began moves with what the host adds in the middle of it."""
    sitting = table("bronstein")
    sitting.play("add-time", ADA, 4_000, seat=1, seconds=30)
    sitting.tap(1, "pass-turn", 7_000)
    assert sitting.bank(1) == 60_000 + 30_000


def test_bronstein_t_is_the_sum_of_the_turns_slices() -> None:
    """Cut by two interrupts of others, 4 + 4 + 5 s: 13 taken, 10 given back."""
    sitting = table("bronstein")
    sitting.tap(2, "interrupt", 4_000)
    sitting.tap(2, "pass-priority", 20_000)
    sitting.tap(3, "interrupt", 24_000)
    sitting.tap(3, "pass-priority", 30_000)
    sitting.tap(1, "pass-turn", 35_000)
    assert banks(sitting) == [60_000 - 3_000, 60_000 - 16_000, 60_000 - 6_000]


def test_bronstein_time_is_up_at_b() -> None:
    """What would come back does not help: it comes with the end of the turn."""
    sitting = table("bronstein")
    sitting.wait(80_000)
    assert ran_out(sitting) == [(60_000, [1])]


def test_bronstein_gives_nothing_back_for_a_turn_that_was_not_passed() -> None:
    """A switch completes no turn, nor does an extra turn; its t counts with the extra turn's."""
    sitting = table("bronstein")
    sitting.tap(1, "extra-turn", 4_000)
    assert sitting.bank(1) == 56_000
    sitting.tap(1, "pass-turn", 7_000)
    assert sitting.bank(1) == 60_000
    sitting.tap(2, "switch-turn", 10_000, seat=3)
    assert sitting.bank(2) == 57_000


# ---- hourglass


def test_hourglass_what_i_use_is_shared_out_to_the_others() -> None:
    """t/(n-1) each."""
    sitting = table("hourglass", 4)
    sitting.tap(1, "pass-turn", 30_000)
    assert banks(sitting) == [30_000, 70_000, 70_000, 70_000]


def test_hourglass_the_remainder_goes_out_in_seat_order() -> None:
    """10,001 and 10,002 ms for three: the first has one more, then the second."""
    sitting = table("hourglass", 4)
    assert banks(sitting, 10_001) == [49_999, 63_334, 63_334, 63_333]
    assert banks(sitting, 10_002) == [49_998, 63_334, 63_334, 63_334]
    assert banks(sitting, 10_003) == [49_997, 63_335, 63_334, 63_334]
    sitting.tap(1, "pass-turn", 10_001)
    sitting.tap(2, "pass-turn", 10_002)
    assert banks(sitting) == [50_000, 63_333, 63_334, 63_333]


def test_hourglass_at_every_instant_the_banks_are_what_settling_then_would_give() -> None:
    """However often it is looked at, paused or settled: once, or at every millisecond."""
    sitting = table("hourglass", 5)
    game = sitting.game
    for instant in range(1, 200):
        game = settled(game, T0 + instant)
        shown = [remaining_ms(sitting.game, n, T0 + instant) for n in range(1, 6)]
        assert [seat.bank_ms for seat in game.seats.values()] == shown
        assert sum(shown) == 5 * 60_000


def test_hourglass_parallel_targets_pour_side_by_side() -> None:
    """Each is charged in full, and gives to the other one as to everybody."""
    sitting = table("hourglass", 4)
    for number in (2, 3):
        sitting.tap(1, "toggle-target", 0, seat=number)
    sitting.tap(1, "confirm-targets", 0)
    assert banks(sitting, 9_000) == [66_000, 54_000, 54_000, 66_000]
    sitting.tap(3, "pass-target", 9_000)
    sitting.tap(2, "pass-target", 12_000)
    assert banks(sitting) == [67_000, 51_000, 55_000, 67_000]


def test_hourglass_a_running_target_has_what_the_others_give_meanwhile() -> None:
    """Its time is up when it really is: two of three pour, so a bank falls at half speed."""
    sitting = table("hourglass")
    for number in (2, 3):
        sitting.tap(1, "toggle-target", 0, seat=number)
    sitting.tap(1, "confirm-targets", 0)
    assert sitting.wait(119_998) == []
    sitting.wait(120_000)
    assert [out for _, out in ran_out(sitting)] in ([[2, 3]], [[2], [3]])
    assert banks(sitting)[0] in range(179_999, 180_001)


def test_hourglass_everybody_left_may_be_answering() -> None:
    """The one who asked went out: what one pours the other gets, and nobody's time ends."""
    sitting = table("hourglass")
    for number in (2, 3):
        sitting.tap(1, "toggle-target", 0, seat=number)
    sitting.tap(1, "confirm-targets", 0)
    sitting.tap(1, "concede", 5_000)
    sitting.wait(HOUR)
    assert banks(sitting) == [65_000, 57_500, 57_500]
    assert ran_out(sitting) == []
    sitting.tap(2, "pass-target", HOUR)
    assert banks(sitting, HOUR + 500) == [65_000, 58_000, 57_000]


def test_hourglass_an_interrupter_pours_too() -> None:
    """Alone, to all the others."""
    sitting = table("hourglass")
    sitting.tap(2, "interrupt", 2_000)
    sitting.tap(2, "pass-priority", 8_000)
    assert banks(sitting) == [61_000, 55_000, 64_000]


def test_hourglass_a_seat_that_goes_out_keeps_its_bank() -> None:
    """And gets nothing any more; its sand is out of the game, not shared."""
    sitting = table("hourglass", 4)
    sitting.tap(3, "concede", 30_000)
    sitting.tap(1, "pass-turn", 40_000)
    assert banks(sitting) == [20_000, 75_000, 70_000, 75_000]


def test_hourglass_in_overtime_gives_on() -> None:
    """The sum stays what it was, with one bank below 0."""
    sitting = table("hourglass", on_timeout="overtime")
    sitting.tap(1, "pass-turn", 70_000)
    assert banks(sitting) == [-10_000, 95_000, 95_000]
    assert sitting.seat(1).overtime


def test_hourglass_a_bank_that_rose_above_0_is_in_overtime_no_longer() -> None:
    """What the others pour brings it back, and its next 0 is a time-out again."""
    sitting = table("hourglass", 2, on_timeout="overtime")
    sitting.tap(1, "pass-turn", 70_000)
    sitting.tap(2, "pass-turn", 100_000)
    assert banks(sitting) == [20_000, 100_000]
    assert not sitting.seat(1).overtime
    sitting.tap(1, "pass-turn", 125_000)
    assert ran_out(sitting) == [(60_000, [1]), (120_000, [1])]
    assert sitting.seat(1).overtime_ms == 10_000 + 5_000


def test_hourglass_a_turn_in_overtime_may_be_poured_full_by_an_interrupter() -> None:
    """It goes on with time in its bank, and what is left counts as overtime no longer."""
    sitting = table("hourglass", 2, on_timeout="overtime")
    sitting.tap(2, "interrupt", 65_000)
    sitting.tap(2, "pass-priority", 85_000)
    assert (sitting.bank(1), sitting.seat(1).overtime) == (15_000, False)
    sitting.tap(1, "pass-turn", 101_000)
    assert ran_out(sitting) == [(60_000, [1]), (100_000, [1])]
    assert sitting.seat(1).overtime_ms == 5_000 + 1_000


@given(
    st.integers(2, 8),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 7), st.integers(0, 4_000)), max_size=25),
)
def test_hourglass_play_never_changes_the_sum(
    players: int, taps: list[tuple[int, int, int]]
) -> None:
    """Turns, interrupts, answers, undo, whoever goes out; to the millisecond, always."""
    sitting = table("hourglass", players, on_timeout="overtime")
    instant = 0
    for kind, a, gap in taps:
        instant += gap
        sitting.wait(instant)
        _tap_something(sitting, kind, a % players + 1, instant)
        assert sum(banks(sitting, instant)) == players * 60_000
        assert sum(banks(sitting, instant + 1_234)) == players * 60_000


def _tap_something(sitting: Sitting, kind: int, seat: int, instant: int) -> None:
    """A turn, an interrupt, a question to all or an undo; whatever can be tapped just now."""
    game = sitting.game
    active = game.active
    assert active is not None
    if game.stack and kind:
        sitting.tap(game.stack[-1], "pass-priority", instant)
    elif kind == 1 and running_seats(game) != (seat,):
        sitting.tap(seat, "interrupt", instant)
    elif game.targeting is not None:
        if not game.stack:
            sitting.tap(game.targeting.waiting[0], "pass-target", instant)
    elif kind == 2 and not game.stack:
        for number in game.order:
            if number != active:
                sitting.tap(active, "toggle-target", instant, seat=number)
        sitting.tap(active, "confirm-targets", instant)
    elif not game.stack:
        sitting.tap(active, "pass-turn", instant)
        if kind == 3:
            sitting.tap(active, "undo", instant + 500)


def test_hourglass_starting_time_is_at_most_24_h_over_the_seats() -> None:
    """At creation, in the settings, and for a seat added later: all the sand may be in one bank."""
    hourglass = {"time_control": "hourglass"}
    sitting = created(players=4, starting_minutes=360, **hourglass)
    assert sum(banks(sitting)) == 24 * HOUR
    assert sitting.complaints("add-seat", ADA) == {"starting_minutes"}
    assert sitting.complaints("update-settings", ADA, starting_minutes=361) == {"starting_minutes"}
    with pytest.raises(BadFields) as bad:
        created(players=4, starting_minutes=361, **hourglass)
    assert list(bad.value.complaints) == ["starting_minutes"]
    other = created(players=8, starting_minutes=181)
    assert other.complaints("update-settings", ADA, **hourglass) == {"starting_minutes"}
    other.play("update-settings", ADA, starting_minutes=180, **hourglass)
    assert sum(banks(other)) == 24 * HOUR


def test_hourglass_counts_handicaps_as_sand() -> None:
    """Two seats of 20 h each, by the host's hand, are too much however short the clock is."""
    sitting = created(players=2, starting_minutes=1)
    for number in (1, 2):
        for _ in range(20):
            sitting.play("add-time", ADA, seat=number, minutes=60)
    wanted = {"time_control": "hourglass"}
    assert sitting.complaints("update-settings", ADA, **wanted) == {"starting_minutes"}


def test_hourglass_counts_gifts_as_sand_when_a_seat_is_added() -> None:
    """Paused, 4 x 4 h and 6 h as a gift: there is room for 2 h, not for 4."""
    sitting = running_table(4, time_control="hourglass", starting_minutes=240)
    for _ in range(6):
        sitting.play("add-time", ADA, seat=1, minutes=60)
    sitting.play("pause", ADA)
    assert sitting.complaints("add-seat", ADA) == {"starting_minutes"}


def test_hourglass_add_time_keeps_all_the_sand_within_24_h() -> None:
    """The host gives what there is room for."""
    sitting = running_table(2, time_control="hourglass", starting_minutes=690)
    entry = sitting.play("add-time", ADA, seat=1, minutes=60)
    assert entry.facts["ms"] == HOUR
    assert sitting.play("add-time", ADA, seat=2, minutes=60).facts["ms"] == 0


# ---- byo-yomi


def test_byo_yomi_the_main_bank_comes_first() -> None:
    """Nothing is burnt while it lasts."""
    sitting = table("byo-yomi")
    sitting.tap(1, "pass-turn", 59_999)
    assert (sitting.bank(1), sitting.seat(1).periods) == (1, 3)


@pytest.mark.parametrize(
    ("spent", "periods"),
    [(0, 3), (1, 3), (9_999, 3), (10_000, 2), (10_001, 2), (19_999, 2), (20_000, 1), (29_999, 1)],
)
def test_byo_yomi_a_turn_burns_t_over_p_periods(spent: int, periods: int) -> None:
    """floor(t/p); exactly t = p burns one; and the current one refills for the next turn."""
    sitting = table("byo-yomi", 2)
    sitting.tap(1, "pass-turn", 60_000)
    sitting.tap(2, "pass-turn", 60_000)
    assert (sitting.seat(1).bank_ms, sitting.seat(1).periods) == (0, 3)
    sitting.tap(1, "pass-turn", 60_000 + spent)
    assert sitting.seat(1).periods == periods
    sitting.tap(2, "pass-turn", 60_000 + spent)
    assert sitting.bank(1) == 10_000


def test_byo_yomi_crosses_from_the_main_bank_into_a_period_within_a_turn() -> None:
    """Counted from there: 60 s of bank, then 10 s a period, each end a line in the ledger."""
    sitting = table("byo-yomi")
    sitting.wait(89_999)
    assert [(e.at - T0, e.event, e.facts["periods"]) for e in sitting.entries[-3:]] == [
        (60_000, "period-began", {1: 3}),
        (70_000, "period-began", {1: 2}),
        (80_000, "period-began", {1: 1}),
    ]
    shown = [sitting.bank(1, at) for at in (85_000, 89_999)]
    assert shown == [5_000, 1]


def test_byo_yomi_what_a_face_shows_around_a_crossing() -> None:
    """The last millisecond of the bank, then a whole period: never 0, never more than p."""
    for at, left in ((59_999, 1), (60_000, 10_000), (60_001, 9_999), (69_999, 1), (70_000, 10_000)):
        sitting = table("byo-yomi")
        sitting.wait(at)
        assert sitting.bank(1, at) == left


def test_byo_yomi_time_is_up_when_no_period_is_left() -> None:
    """B + n p of one turn; not before."""
    sitting = table("byo-yomi")
    sitting.wait(89_999)
    assert ran_out(sitting) == []
    sitting.wait(90_000)
    assert ran_out(sitting) == [(90_000, [1])]


def test_byo_yomi_a_turn_that_crosses_counts_its_own_part_of_the_period_only() -> None:
    """61 s of main time and 9 s more burn nothing; the next turn has the whole period again."""
    sitting = table("byo-yomi", 2)
    sitting.tap(1, "pass-turn", 69_000)
    sitting.tap(2, "pass-turn", 69_000)
    assert (sitting.bank(1), sitting.seat(1).periods) == (10_000, 3)


def test_byo_yomi_goes_on_where_it_stopped_after_an_interrupt() -> None:
    """A turn of 6 + 6 s burns one, as it would in one piece."""
    sitting = table("byo-yomi")
    sitting.tap(2, "interrupt", 66_000)
    assert sitting.bank(1) == 4_000
    sitting.tap(2, "pass-priority", 70_000)
    sitting.tap(1, "pass-turn", 76_000)
    assert sitting.seat(1).periods == 2


def test_byo_yomi_gives_a_response_its_own_period() -> None:
    """Answering within p burns nothing, however often one is asked."""
    sitting = table("byo-yomi", 2)
    sitting.tap(1, "pass-turn", 0)
    sitting.tap(2, "pass-turn", 60_000)
    for instant in (60_000, 69_000):
        sitting.tap(1, "toggle-target", instant, seat=2)
        sitting.tap(1, "confirm-targets", instant)
        sitting.tap(2, "pass-target", instant + 9_000)
    assert sitting.seat(2).periods == 3
    sitting.tap(1, "toggle-target", 78_000, seat=2)
    sitting.tap(1, "confirm-targets", 78_000)
    sitting.tap(2, "pass-target", 88_000)
    assert sitting.seat(2).periods == 2


def test_byo_yomi_all_interrupts_of_one_seat_within_one_turn_number_share_one_sum() -> None:
    """Three of 4 s are 12 s: one period."""
    sitting = table("byo-yomi", 2)
    sitting.tap(1, "pass-turn", 0)
    sitting.tap(2, "pass-turn", 60_000)
    for instant in (60_000, 64_000, 68_000):
        sitting.tap(2, "interrupt", instant)
        sitting.tap(2, "pass-priority", instant + 4_000)
    assert sitting.seat(2).periods == 2
    sitting.tap(1, "pass-turn", 72_000)
    assert sitting.bank(2) == 10_000


def test_byo_yomi_add_time_goes_into_the_main_bank() -> None:
    """Also in the middle of a period, which goes on afterwards where it stopped."""
    sitting = table("byo-yomi")
    sitting.wait(64_000)
    sitting.play("add-time", ADA, 64_000, seat=1, seconds=20)
    assert sitting.bank(1) == 20_000
    sitting.wait(84_000)
    assert (sitting.bank(1), sitting.seat(1).periods) == (6_000, 3)
    sitting.wait(90_000)
    assert sitting.seat(1).periods == 2


# ---- per-turn


def test_per_turn_a_fresh_allowance_each_turn() -> None:
    """Nothing carries over, neither what was left nor what was used."""
    sitting = table("per-turn", 2)
    for instant, number in ((59_000, 1), (60_000, 2), (110_000, 1), (169_999, 2)):
        sitting.tap(number, "pass-turn", instant)
        assert sitting.bank(3 - number) == 60_000
    assert ran_out(sitting) == []


def test_per_turn_time_is_up_at_c() -> None:
    """When t >= c, at the very millisecond, in every turn."""
    sitting = table("per-turn")
    sitting.tap(1, "pass-turn", 30_000)
    assert sitting.wait(89_999) == []
    sitting.wait(90_000)
    assert ran_out(sitting) == [(90_000, [2])]


def test_per_turn_goes_on_where_it_stopped_after_an_interrupt() -> None:
    """An allowance is for the turn, not for the slice."""
    sitting = table("per-turn")
    sitting.tap(2, "interrupt", 40_000)
    sitting.tap(2, "pass-priority", 50_000)
    assert sitting.bank(1) == 20_000
    sitting.wait(80_000)
    assert ran_out(sitting) == [(70_000, [1])]


def test_per_turn_gives_a_response_its_own_allowance() -> None:
    """And the turn of the one who answered is as long as any."""
    sitting = table("per-turn")
    sitting.tap(1, "toggle-target", 0, seat=2)
    sitting.tap(1, "confirm-targets", 0)
    assert sitting.bank(2, 45_000) == 15_000
    sitting.tap(2, "pass-target", 45_000)
    sitting.tap(1, "toggle-target", 46_000, seat=2)
    sitting.tap(1, "confirm-targets", 46_000)
    assert sitting.bank(2) == 60_000
    sitting.tap(2, "pass-target", 50_000)
    sitting.tap(1, "pass-turn", 50_000)
    assert sitting.bank(2) == 60_000


def test_per_turn_all_interrupts_of_one_seat_within_one_turn_number_share_one() -> None:
    """25 + 25 + 10 s and its time is up; in the next turn it may interrupt for 60 s again."""
    sitting = table("per-turn")
    for instant in (0, 25_000):
        sitting.tap(2, "interrupt", instant)
        sitting.tap(2, "pass-priority", instant + 25_000)
    sitting.tap(2, "interrupt", 50_000)
    sitting.wait(60_000)
    assert ran_out(sitting) == [(60_000, [2])]
    other = table("per-turn")
    other.tap(3, "interrupt", 0)
    other.tap(3, "pass-priority", 50_000)
    other.tap(1, "pass-turn", 50_000)
    other.tap(3, "interrupt", 50_000)
    assert other.bank(3) == 60_000


def test_per_turn_an_extra_turn_is_a_turn_with_its_own_allowance() -> None:
    """But a turn handed back within a chain of switches goes on where it was."""
    sitting = table("per-turn")
    sitting.tap(1, "extra-turn", 50_000)
    assert sitting.bank(1) == 60_000
    sitting.tap(1, "switch-turn", 90_000, seat=2)
    sitting.tap(2, "switch-turn", 91_000, seat=1)
    assert sitting.bank(1) == 20_000


def test_per_turn_a_gift_counts_until_the_end_of_the_turn_it_is_for() -> None:
    """In the turn for the turn; before it, for the next one. Nothing carries over after that."""
    sitting = table("per-turn", 2)
    sitting.play("add-time", ADA, 10_000, seat=1, seconds=30)
    assert sitting.bank(1) == 80_000
    sitting.play("add-time", ADA, 10_000, seat=2, seconds=20)
    sitting.tap(1, "pass-turn", 75_000)
    assert banks(sitting) == [60_000, 80_000]
    sitting.tap(2, "pass-turn", 76_000)
    assert banks(sitting) == [60_000, 60_000]


def test_per_turn_time_taken_from_a_waiting_seat_is_missing_in_its_next_turn() -> None:
    """A host's correction that nobody feels would be none."""
    sitting = table("per-turn", 2)
    sitting.play("take-time", ADA, 0, seat=2, seconds=20)
    sitting.tap(1, "pass-turn", 0)
    assert sitting.bank(2) == 40_000
    sitting.tap(2, "pass-turn", 0)
    assert sitting.bank(2) == 60_000


def test_per_turn_a_gift_stays_through_a_turn_handed_to_and_fro() -> None:
    """The chain of switches is one stretch of play."""
    sitting = table("per-turn", 2)
    sitting.play("add-time", ADA, 0, seat=1, seconds=30)
    sitting.tap(1, "switch-turn", 10_000, seat=2)
    sitting.tap(2, "switch-turn", 11_000, seat=1)
    assert sitting.bank(1) == 80_000
    sitting.tap(1, "pass-turn", 11_000)
    assert sitting.bank(1) == 60_000


def test_per_turn_overtime_is_over_with_the_turn() -> None:
    """An interrupt after a turn in overtime has its allowance, and its own time-out."""
    sitting = table("per-turn", 2, on_timeout="overtime")
    sitting.tap(1, "pass-turn", 65_000)
    assert (sitting.bank(1), sitting.seat(1).overtime_ms) == (60_000, 5_000)
    sitting.tap(1, "interrupt", 65_000)
    sitting.wait(130_000)
    assert ran_out(sitting) == [(60_000, [1]), (125_000, [1])]
    sitting.tap(1, "pass-priority", 130_000)
    assert sitting.seat(1).overtime_ms == 5_000 + 5_000


def test_per_turn_overtime_of_an_interrupt_is_not_that_of_the_response() -> None:
    """Each allowance is used up by itself."""
    sitting = table("per-turn", on_timeout="overtime")
    sitting.tap(2, "interrupt", 0)
    sitting.tap(2, "pass-priority", 62_000)
    sitting.tap(1, "toggle-target", 62_000, seat=2)
    sitting.tap(1, "confirm-targets", 62_000)
    sitting.tap(2, "pass-target", 92_000)
    assert sitting.seat(2).overtime_ms == 2_000


# ---- count-up


def test_count_up_banks_grow_from_0() -> None:
    """Each by what it used."""
    sitting = table("count-up")
    assert banks(sitting) == [0, 0, 0]
    sitting.tap(1, "pass-turn", 5_000)
    sitting.tap(2, "pass-turn", 12_500)
    assert banks(sitting, 13_000) == [5_000, 7_500, 500]


def test_count_up_nobody_times_out() -> None:
    """Not after ten hours; nothing is ever due."""
    sitting = table("count-up", auto_pause_seconds=0)
    assert next_due(sitting.game) is None
    assert sitting.wait(10 * HOUR) == []
    assert sitting.bank(1, 10 * HOUR) == 10 * HOUR


def test_count_up_has_no_time_to_give_or_to_take() -> None:
    """There is no bank it could go to; said in a sentence."""
    sitting = table("count-up")
    for command in ("add-time", "take-time"):
        assert sitting.refusal(command, ADA, seat=2, minutes=1) == "counts-up"


def test_count_up_a_clock_stops_at_24_h() -> None:
    """A bank never exceeds that."""
    sitting = table("count-up", auto_pause_seconds=0)
    sitting.tap(1, "pass-turn", 25 * HOUR)
    assert sitting.bank(1) == 24 * HOUR


# ---- what holds for all of them


@pytest.mark.parametrize("control", DUE)
def test_time_is_up_at_the_very_millisecond(control: str) -> None:
    """The last column of the table; with 2 seats as with 8."""
    for players in (2, 3, 8):
        sitting = table(control, players)
        sitting.wait(DUE[control] - 1)
        assert ran_out(sitting) == []
        assert sitting.bank(1, DUE[control] - 1) == 1
        sitting.wait(DUE[control])
        assert ran_out(sitting) == [(DUE[control], [1])]
        assert sitting.seat(1).is_pending


@pytest.mark.parametrize("control", DUE)
def test_a_tap_one_millisecond_before_it_is_in_time(control: str) -> None:
    """However late it is judged."""
    sitting = table(control)
    sitting.tap(1, "pass-turn", DUE[control] - 1)
    assert sitting.game.active == 2
    assert ran_out(sitting) == []


@pytest.mark.parametrize("control", DUE)
def test_a_gift_in_the_middle_of_a_turn_moves_b(control: str) -> None:
    """30 s more are a time-out 30 s later; 20 s less one that is 20 s earlier."""
    sitting = table(control)
    sitting.play("add-time", ADA, 20_000, seat=1, seconds=30)
    sitting.play("take-time", ADA, 30_000, seat=1, seconds=20)
    sitting.wait(2 * DUE[control])
    assert ran_out(sitting)[0] == (DUE[control] + 10_000, [1])


@pytest.mark.parametrize("control", DUE)
def test_t_is_the_sum_of_the_slices_of_an_interrupted_turn(control: str) -> None:
    """Interrupts, targets, pauses: the turn goes on where it stopped."""
    sitting = table(control)
    sitting.tap(2, "interrupt", 5_000)
    sitting.tap(2, "pass-priority", 8_000)
    sitting.play("pause", ADA, 12_000)
    sitting.play("resume", ADA, 500_000)
    sitting.tap(1, "toggle-target", 501_000, seat=3)
    sitting.tap(1, "confirm-targets", 502_000)
    sitting.tap(3, "pass-target", 505_000)
    used = 5_000 + 4_000 + 2_000
    poured = {"hourglass": (3_000 + 3_000) // 2}.get(control, 0)
    sitting.wait(505_000 + DUE[control])
    assert ran_out(sitting)[0] == (505_000 + DUE[control] + poured - used, [1])


SURVIVED = {
    "bonus": 45_000,
    "fischer": 45_000,
    "delay": 45_000,
    "bronstein": 45_000,
    "hourglass": 45_000,
    "byo-yomi": 10_000,
    "per-turn": 60_000,
}


@pytest.mark.parametrize("choice", ["drink", "lose-life"])
@pytest.mark.parametrize("control", SURVIVED)
def test_surviving_a_time_out_restores(control: str, choice: str) -> None:
    """The bank; for byo-yomi one period, for per-turn the allowance."""
    sitting = table(control, timeout_bonus_seconds=45)
    sitting.tap(1, "timeout-choice", DUE[control] + 1_000, choice=choice)
    assert sitting.bank(1) == SURVIVED[control]
    assert sitting.seat(1).periods == (1 if control == "byo-yomi" else 0)
    sitting.wait(10 * MINUTE)
    assert ran_out(sitting)[1][0] == DUE[control] + 1_000 + SURVIVED[control]


@pytest.mark.parametrize("control", SURVIVED)
def test_the_choice_of_a_seat_that_does_not_run_any_more_restores_as_much(control: str) -> None:
    """The host moved the turn on; what was chosen counts, for its next turn."""
    sitting = table(control, timeout_bonus_seconds=45)
    sitting.tap(2, "interrupt", 0)
    sitting.wait(DUE[control])
    sitting.play("pass-priority", ADA, DUE[control], seat=2)
    sitting.tap(2, "timeout-choice", DUE[control], choice="drink")
    assert sitting.bank(2) == SURVIVED[control]


@pytest.mark.parametrize("control", SURVIVED)
def test_revive_restores(control: str) -> None:
    """The same, but all periods of byo-yomi; the turn went to the next one meanwhile."""
    sitting = table(control, timeout_bonus_seconds=45)
    sitting.tap(1, "timeout-choice", DUE[control] + 1_000, choice="die")
    sitting.play("revive", ADA, DUE[control] + 1_000, seat=1)
    assert sitting.bank(1) == SURVIVED[control]
    assert sitting.seat(1).periods == (3 if control == "byo-yomi" else 0)


@pytest.mark.parametrize("control", KINDS)
def test_revive_leaves_a_clock_that_was_above_0(control: str) -> None:
    """Whoever conceded with 50 s left has 50 s left; a turn's allowance is for that turn."""
    sitting = table(control, timeout_bonus_seconds=45)
    sitting.tap(2, "interrupt", 0)
    sitting.tap(2, "pass-priority", 12_000)
    before = sitting.seat(2)
    sitting.tap(2, "concede", 12_000)
    sitting.play("revive", ADA, 12_000, seat=2)
    after = sitting.seat(2)
    for name in ("bank_ms", "periods", "interrupts_ms"):
        assert getattr(after, name) == getattr(before, name)


@pytest.mark.parametrize("control", DUE)
def test_skip_leaves_the_time_after_surviving(control: str) -> None:
    """The bank is set to it; per-turn begins every turn afresh, whatever was left."""
    sitting = table(control, timeout_bonus_seconds=45, on_timeout="skip")
    sitting.wait(DUE[control])
    assert sitting.game.active == 2
    assert sitting.bank(1) == (60_000 if control == "per-turn" else 45_000)


@pytest.mark.parametrize("control", DUE)
def test_overtime_goes_below_0(control: str) -> None:
    """The bank is negative, and the seat's overtime is counted for the result."""
    sitting = table(control, on_timeout="overtime")
    sitting.wait(DUE[control] + 5_000)
    assert ran_out(sitting) == [(DUE[control], [1])]
    assert sitting.bank(1, DUE[control] + 5_000) == -5_000
    sitting.play("pause", ADA, DUE[control] + 5_000)
    assert sitting.bank(1) == -5_000
    assert sitting.seat(1).overtime_ms == 5_000
    assert next_due(sitting.game) is None


@pytest.mark.parametrize("control", DUE)
def test_overtime_ends_when_the_bank_is_above_0_again(control: str) -> None:
    """The host gave a minute: the next 0 is a time-out like the first."""
    sitting = table(control, on_timeout="overtime")
    sitting.play("add-time", ADA, DUE[control] + 5_000, seat=1, seconds=60)
    assert sitting.bank(1) == 55_000
    sitting.wait(DUE[control] + 65_000)
    assert ran_out(sitting) == [(DUE[control], [1]), (DUE[control] + 60_000, [1])]


@pytest.mark.parametrize("control", DUE)
def test_a_handicap_is_a_starting_time_of_its_own(control: str) -> None:
    """By the host while waiting; kept by reset; others keep theirs."""
    sitting = waiting_table(3, **fields_of(control))
    sitting.play("add-time", ADA, seat=1, seconds=30)
    sitting.play("start", ADA)
    assert banks(sitting) == [90_000, 60_000, 60_000]
    sitting.wait(DUE[control] + 29_999)
    assert ran_out(sitting) == []
    sitting.wait(DUE[control] + 30_000)
    assert ran_out(sitting) == [(DUE[control] + 30_000, [1])]
    sitting.play("reset", ADA, confirm="yes")
    assert banks(sitting) == [90_000, 60_000, 60_000]


def test_a_handicap_of_a_bank_is_no_allowance() -> None:
    """Going over from minutes for a game to seconds for a turn, or back, it is forgotten."""
    sitting = waiting_table(2, starting_minutes=20)
    sitting.play("add-time", ADA, seat=1, minutes=10)
    sitting.play("update-settings", ADA, time_control="fischer")
    assert sitting.bank(1) == 30 * MINUTE
    sitting.play("update-settings", ADA, time_control="per-turn", allowance_seconds=60)
    assert banks(sitting) == [60_000, 60_000]
    sitting.play("update-settings", ADA, time_control="bonus")
    assert banks(sitting) == [20 * MINUTE] * 2


@pytest.mark.parametrize("players", range(2, 9))
@pytest.mark.parametrize("control", KINDS)
def test_each_control_is_played_by_2_to_8(control: str, players: int) -> None:
    """Two rounds of one second a turn: everybody's clock is the same again, or nearly."""
    sitting = table(control, players)
    for turn in range(2 * players):
        sitting.tap(turn % players + 1, "pass-turn", 1_000 * (turn + 1))
    assert sitting.game.turn == 2 * players + 1
    assert {seat.used_ms for seat in sitting.game.seats.values()} == (
        {0} if control == "delay" else {2_000}
    )


@pytest.mark.parametrize("control", KINDS)
def test_how_often_a_clock_is_settled_does_not_matter(control: str) -> None:
    """Looked at, paused or not: at every 7 ms or once, each number of each seat is the same."""
    sitting = table(control, 4)
    sitting.tap(2, "interrupt", 3_001)
    sitting.tap(2, "pass-priority", 5_002)
    for number in (2, 3):
        sitting.tap(1, "toggle-target", 6_001, seat=number)
    for game in _stages(sitting):
        begun = game.settled_at or 0
        piecemeal = game
        for step in range(7, 9_000, 7):
            piecemeal = settled(piecemeal, begun + step)
        last = piecemeal.settled_at or 0
        assert piecemeal.seats == settled(game, last).seats
        for number, seat in piecemeal.seats.items():
            stint = stint_of(piecemeal, number)
            left = CONTROLS[control].left_ms(seat, piecemeal.settings, stint)
            assert remaining_ms(game, number, last) == left


def _stages(sitting: Sitting) -> Iterator[Game]:
    """A turn that goes on, two who answer it, one who interrupts them."""
    yield sitting.game
    sitting.tap(1, "confirm-targets", 6_500)
    yield sitting.game
    sitting.tap(4, "interrupt", 9_000)
    yield sitting.game


@pytest.mark.parametrize("control", KINDS)
def test_undo_gives_the_same_milliseconds(control: str) -> None:
    """A pass taken back 3 s later by who made it: as if it had never been, to the millisecond."""
    undone, never = table(control), table(control)
    undone.tap(1, "pass-turn", 15_000)
    undone.tap(1, "undo", 18_000)
    assert banks(undone, 18_000) == banks(never, 18_000)
    assert banks(undone, 31_000) == banks(never, 31_000)
    for sitting in (undone, never):
        sitting.tap(1, "pass-turn", 31_000)
    assert [seat.bank_ms for seat in undone.game.seats.values()] == [
        seat.bank_ms for seat in never.game.seats.values()
    ]


@pytest.mark.parametrize("control", KINDS)
def test_undo_gives_burnt_time_back(control: str) -> None:
    """A mistaken pass, and the next seat's time ran out by it: that is undone with it."""
    sitting = table(control, undo_charges="nobody")
    before = banks(sitting, 1_000)
    sitting.tap(1, "pass-turn", 1_000)
    sitting.wait(14_000)
    sitting.tap(1, "undo", 14_000)
    assert banks(sitting) == before


@pytest.mark.parametrize("control", KINDS)
def test_replay_and_restart_give_the_same_milliseconds(control: str) -> None:
    """Clocks are pure functions of the ledger: written down, read again, folded."""
    sitting = table(control, 4, timeout_bonus_seconds=45)
    sitting.tap(2, "interrupt", 3_001)
    sitting.tap(2, "pass-priority", 5_002)
    sitting.tap(1, "toggle-target", 6_001, seat=3)
    sitting.tap(1, "confirm-targets", 6_500)
    sitting.tap(3, "pass-target", 30_003)
    sitting.tap(1, "pass-turn", 31_111)
    sitting.tap(1, "undo", 33_000)
    sitting.wait(150_000)
    beginning = decode_game(encode_game(sitting.beginning))
    entries = [decode_entry(encode_entry(entry)) for entry in sitting.entries]
    again = decode_game(encode_game(fold(beginning, entries)))
    assert [remaining_ms(again, n, T0 + 151_000) for n in range(1, 5)] == banks(sitting, 151_000)


@pytest.mark.parametrize("control", KINDS)
def test_charged_and_free_are_the_time_that_passed(control: str) -> None:
    """Conservation under every control: nothing is lost, nothing counted twice."""
    sitting = table(control, on_timeout="overtime")
    instants = [0, 4_000, 9_999, 23_456, 23_456, 61_000, 150_000]
    for number, (_, instant) in enumerate(pairwise(instants)):
        entry = sitting.tap(number % 3 + 1, "pass-turn", instant)
        assert entry.at == T0 + instant
    passed = sum(
        sum(entry.charged.values()) + sum(sum(of.values()) for of in entry.free.values())
        for entry in sitting.entries
    )
    assert passed == instants[-1]


@pytest.mark.parametrize("control", KINDS)
def test_the_control_is_chosen_at_creation(control: str) -> None:
    """By the words of the rules, with each amount typed beside it."""
    sitting = created(**fields_of(control))
    assert sitting.game.settings.time_control == control
    typed = as_typed(sitting.game.settings)
    assert {name: typed[name] for name in KINDS[control]} == {
        name: str(value) for name, value in KINDS[control].items()
    }


# ---- whose clock runs, conservation, the order of things


def test_only_the_active_seats_clock_runs(running: Sitting) -> None:
    """Whose clock runs, while running; nobody's otherwise."""
    running.play("pass-turn", ADA, 3_000)
    assert [running.bank(n, 10_000) for n in (1, 2, 3)] == [
        20 * MINUTE - 3_000,
        20 * MINUTE + 30_000 - 7_000,
        20 * MINUTE,
    ]


def test_a_whole_round_is_charged_to_the_millisecond(running: Sitting) -> None:
    """Charged and free together are the time that passed while running."""
    instant = 0
    spent = {1: 0, 2: 0, 3: 0}
    for i in range(30):
        instant += 137 * i + 1
        spent[i % 3 + 1] += 137 * i + 1
        running.play("pass-turn", (ADA, BEN, CLEO)[i % 3], instant)
    assert {seat.number: seat.used_ms for seat in running.game.seats.values()} == spent
    charged = [entry.charged for entry in running.entries]
    assert sum(sum(each.values()) for each in charged) == instant


def test_the_grace_of_a_choice_is_free_and_stands_in_the_ledger() -> None:
    """Nobody pays for the time in which a seat chooses."""
    sitting = choosing()
    entry = sitting.play("timeout-choice", ADA, MINUTE + 20_000, choice="drink")
    assert entry.free == {"grace": {1: 20_000}}
    assert entry.charged == {}


def test_a_tap_in_time_wins_however_late_it_is_judged() -> None:
    """The instant is the one at the door: at 59,999 ms the turn was still there to pass."""
    sitting = running_table(starting_seconds=60)
    sitting.play("pass-turn", ADA, 59_999)
    assert sitting.seat(1).bank_ms == 1
    assert sitting.game.active == 2


def test_at_the_instant_itself_the_time_out_is_first() -> None:
    """What fell due up to and including the command's instant happens before it."""
    sitting = running_table(starting_seconds=60)
    assert sitting.refusal("pass-turn", ADA, 60_000) == "choose-first"
    assert sitting.entries[-1].event == "time-out"
    assert sitting.entries[-1].at == T0 + 60_000


def test_what_fell_due_happens_in_order_at_its_own_instants() -> None:
    """A time-out, 30 s of grace, the next seat's bonus and its own time-out: one call, exact."""
    sitting = running_table(starting_seconds=60)
    sitting.wait(60 * MINUTE)
    assert [entry.at - T0 for entry in sitting.entries if entry.event == "time-out"] == [
        60_000,
        90_000,
        180_000,
        210_000,
    ]
    assert (sitting.game.status, sitting.game.winner) == ("finished", 3)
    assert sitting.game.finished_at == T0 + 210_000


def test_a_command_never_goes_back_in_time(running: Sitting) -> None:
    """Two phones' requests overtook each other: the later one in line counts from the last."""
    running.play("pass-turn", ADA, 5_000)
    game, entry = decide(running.game, PassTurn(), BEN, T0 + 4_000, running.around)
    assert entry.at == T0 + 5_000
    assert game.seats[2].used_ms == 0


def test_what_falls_due_at_one_instant_happens_together_then_the_winner_is_looked_for() -> None:
    """Two last seats whose grace ends at the same millisecond: nobody won.

    That takes a table brought back from its result, where both must choose at once.
    """
    sitting = without_host_seat(running_table(starting_seconds=60, bonus_seconds=0))
    sitting.play("concede", CLEO, 0)
    sitting.play("take-time", TABLET, 0, seat=2, seconds=60)
    sitting.play("switch-turn", TABLET, 60_000, seat=2)
    sitting.play("finish", TABLET, 61_000, winner="draw", confirm="yes")
    sitting.play("revive", TABLET, 61_000, seat=3)
    sitting.play("concede", CLEO, 61_000)
    sitting.play("resume", TABLET, 100_000)
    sitting.play("switch-turn", TABLET, 100_000, seat=1)
    sitting.wait(100_000)
    assert [sitting.seat(n).grace_ms for n in (1, 2)] == [30_000, 30_000]
    sitting.wait(200_000)
    assert sitting.entries[-1].facts["died"] == [1, 2]
    assert (sitting.game.status, sitting.game.winner) == ("finished", 0)
    assert sitting.game.finished_at == T0 + 130_000


def test_the_timekeeper_knows_the_next_instant(running: Sitting) -> None:
    """One instant per game, no interval; none while nothing can happen."""
    assert wakes_at(running.game, running.around.nobody_since) == T0 + 20 * MINUTE
    running.play("pass-turn", ADA, 5_000)
    assert wakes_at(running.game, running.around.nobody_since) == T0 + 5_000 + 20 * MINUTE + 30_000
    running.play("pause", ADA, 6_000)
    assert wakes_at(running.game, running.around.nobody_since) is None
    assert advance(running.game, T0 + 10**9, running.around) == (running.game, [])


def test_per_turn_in_overtime_a_fresh_allowance_is_not_overtime() -> None:
    """The turn went below 0; a response later has an allowance of its own, and ends it too."""
    sitting = running_table(time_control="per-turn", allowance_seconds=20, on_timeout="overtime")
    sitting.play("pass-turn", ADA, 25 * SECOND)
    assert not sitting.seat(1).overtime
    sitting.play("toggle-target", BEN, 26 * SECOND, seat=1)
    sitting.play("confirm-targets", BEN, 26 * SECOND)
    entries = sitting.wait(46 * SECOND)
    assert [entry.facts["ran_out"] for entry in entries] == [[1]]


@pytest.mark.parametrize("seats", range(3, 9))
def test_hourglass_falls_due_at_the_first_instant_at_which_a_bank_is_at_0(seats: int) -> None:
    """However many answer side by side, and whatever remainders are on their way."""
    for spent in (0, 1, 5, 13):
        for asked in range(1, seats - 1):
            sitting = running_table(seats, time_control="hourglass", starting_seconds=1)
            for number in range(2, asked + 2):
                sitting.play("toggle-target", ADA, spent, seat=number)
            sitting.play("confirm-targets", ADA, spent)
            due = next_due(sitting.game)
            first = next(
                at
                for at in range(spent, 60_000)
                if any(sitting.bank(n, at) <= 0 for n in running_seats(sitting.game))
            )
            assert due == T0 + first
