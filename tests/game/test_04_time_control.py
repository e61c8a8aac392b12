"""Rules, section 4: the bonus control, whose clock runs, conservation, the order of things."""

import pytest

from app.game.commands import PassTurn
from app.game.judge import advance, decide, wakes_at
from tests.game.cast import ADA, BEN, CLEO, MINUTE, T0, TABLET, Sitting, choosing, without_host_seat
from tests.game.cast import running as running_table


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
    assert wakes_at(running.game, running.around) == T0 + 20 * MINUTE
    running.play("pass-turn", ADA, 5_000)
    assert wakes_at(running.game, running.around) == T0 + 5_000 + 20 * MINUTE + 30_000
    running.play("pause", ADA, 6_000)
    assert wakes_at(running.game, running.around) is None
    assert advance(running.game, T0 + 10**9, running.around) == (running.game, [])
