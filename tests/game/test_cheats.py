"""Nobody taps time out of nothing: what clever friends would try, and that it gains nothing."""

import pytest

from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    MINUTE,
    TABLET,
    Sitting,
    choosing,
    running,
    without_host_seat,
)
from tests.game.watched import evening, opened


def left_at_the_table(sitting: Sitting, at: int) -> int:
    """All banks together."""
    return sum(sitting.bank(number, at) for number in sitting.game.seats)


def test_switching_to_and_fro_gains_nothing() -> None:
    """Two friends hand the turn to each other a hundred times."""
    sitting = running(2)
    for i in range(100):
        sitting.play("switch-turn", (ADA, BEN)[i % 2], i * 10, seat=(2, 1)[i % 2])
    assert left_at_the_table(sitting, 990) == 40 * MINUTE - 990


def test_extra_turns_gain_nothing() -> None:
    """A hundred of them."""
    sitting = running()
    for i in range(100):
        sitting.play("extra-turn", ADA, i * 10)
    assert left_at_the_table(sitting, 990) == 60 * MINUTE - 990


def test_a_bounced_pass_brings_one_bonus() -> None:
    """Ten copies of the same tap, from a phone that lost its mind."""
    sitting = running()
    painted = {"turn": sitting.game.turn, "grant": sitting.game.grant}
    sitting.play("pass-turn", ADA, 1_000, **painted)
    for i in range(10):
        assert sitting.is_stale("pass-turn", ADA, 1_001 + i, **painted)
        assert sitting.is_stale("pass-turn", BEN, 1_001 + i, **painted)
    assert left_at_the_table(sitting, 1_010) == 60 * MINUTE + 30_000 - 1_010


def test_pausing_often_saves_no_millisecond() -> None:
    """A pause after every odd millisecond: the clock was charged for each one that ran."""
    sitting = running()
    for i in range(200):
        sitting.play("pause", ADA, 20 * i + 1)
        sitting.play("resume", ADA, 20 * i + 20)
    assert sitting.bank(1, 4_000) == 20 * MINUTE - 200


def test_taps_that_are_not_turns_save_no_millisecond() -> None:
    """Life, dice, names and refused taps neither settle time away nor charge it twice."""
    sitting = running()
    for i in range(100):
        sitting.play("adjust-life", BEN, 7 * i + 1, by=1)
        sitting.play("roll-dice", ADA, 7 * i + 2, sides=6)
        sitting.play("rename-seat", ADA, 7 * i + 3, name="Ada")
        sitting.play("add-time", ADA, 7 * i + 4, seat=2, seconds=1)
        assert sitting.refusal("pass-turn", BEN, 7 * i + 5) == "not-yours"
    assert sitting.bank(1, 700) == 20 * MINUTE - 700


def test_pausing_a_pending_choice_stretches_nothing_but_the_pause() -> None:
    """The grace is 30 s of running time, in however many pieces."""
    sitting = choosing()
    for i in range(29):
        sitting.play("pause", BEN, MINUTE + 2_000 * i + 1_000)
        sitting.play("resume", BEN, MINUTE + 2_000 * i + 2_000)
    assert sitting.seat(1).grace_ms == 1_000
    sitting.wait(MINUTE + 59_000)
    assert sitting.seat(1).out == "time"


@pytest.mark.parametrize("name", ["leave-seat", "kick", "free-seat", "share-seat"])
def test_getting_up_does_not_get_rid_of_a_choice(name: str) -> None:
    """Whoever sits down next has what is left of the grace, and no bank."""
    sitting = choosing(seat=2)
    sitting.play(name, BEN if name == "leave-seat" else ADA, MINUTE + 9_000, **(
        {} if name == "leave-seat" else {"seat": 2}
    ))  # fmt: skip
    if name != "share-seat":
        sitting.play("claim-seat", "newcomer", MINUTE + 10_000, seat=2)
    sitting.wait(MINUTE + 29_999)
    assert sitting.seat(2).is_pending
    assert sitting.seat(2).bank_ms == 0
    sitting.wait(MINUTE + 30_000)
    assert sitting.seat(2).out == "time"


def test_leaving_and_sitting_down_again_keeps_the_clock() -> None:
    """The bank is the seat's."""
    sitting = running()
    sitting.play("pass-turn", ADA, 0)
    for i in range(20):
        sitting.play("leave-seat", BEN, 100 * i + 40)
        sitting.play("claim-seat", BEN, 100 * i + 90, seat=2)
    assert sitting.bank(2, 2_000) == 20 * MINUTE + 30_000 - 2_000


def test_a_turn_handed_about_during_a_choice_restores_nothing() -> None:
    """The host moves the turn on and back: the bank is still 0, the same grace still runs."""
    sitting = without_host_seat(choosing(bonus_seconds=30))
    for i in range(5):
        sitting.play("switch-turn", TABLET, MINUTE + 5_000 * i + 1_000, seat=2)
        sitting.play("pass-turn", BEN, MINUTE + 5_000 * i + 2_000)
        sitting.play("switch-turn", CLEO, MINUTE + 5_000 * i + 3_000, seat=1)
    assert sitting.seat(1).bank_ms == 0
    assert sitting.seat(1).grace_ms == 30_000 - 23_000


def test_a_second_answer_to_one_time_out_buys_nothing() -> None:
    """Two phones choose at once: one price, one minute."""
    sitting = choosing()
    sitting.play("timeout-choice", ADA, MINUTE + 500, choice="drink")
    assert sitting.refusal("timeout-choice", ADA, MINUTE + 501, choice="lose-life") == (
        "nothing-to-choose"
    )
    assert sitting.bank(1) == 60_000
    assert sitting.seat(1).life == 40


def test_a_choice_taken_back_after_the_next_time_out_has_its_own_grace() -> None:
    """Survive with a second to choose, run out again, take it back: no thirty seconds more."""
    sitting = choosing(timeout_bonus_seconds=5)
    sitting.play("timeout-choice", ADA, MINUTE + 20_000, choice="drink")
    sitting.play("undo", ADA, MINUTE + 27_000)
    assert sitting.seat(1).grace_ms == 3_000
    assert (sitting.seat(1).drinks, sitting.seat(1).penalties) == (0, 1)
    sitting.wait(MINUTE + 30_000)
    assert sitting.seat(1).out == "time"


#: Events by a holder's hand after which some bank may be fuller, and why.
FULLER = {
    "turn-passed": "the bonus of the next",
    "timeout-chosen": "time after surviving, or the bonus of the next",
    "conceded": "the bonus of the next",
    "life-adjusted": "somebody went out, the bonus of the next",
    "counter-adjusted": "likewise",
    "commander-damaged": "likewise",
    "reset": "a rematch",
    "undone": "what is taken back flows back; the cheats below say that nobody gains by it",
    "next-round": "full banks",
}


@pytest.mark.parametrize("seed", range(100, 110))
def test_no_holder_fills_a_bank_in_any_other_way(seed: int) -> None:
    """On random evenings: by nothing but what the rules give.

    Sand is shared out as it runs, and clocks that count up grow by what is charged.
    """
    watched = opened(seed)
    for step in evening(seed, 200):
        watched.take(step)
    for entry in watched.entries:
        for (number, name), before in entry.was.items():
            if number and name == "bank_ms" and entry.by not in ("host", "clock"):
                gained = entry.now[number, name] - before + entry.charged.get(number, 0)
                runs_up = watched.game.settings.time_control in ("hourglass", "count-up")
                assert gained <= 0 or entry.event in FULLER or runs_up


# ---- interrupts, switches, extra turns, undo: played as a cheat would

CONTROLLED = {
    "bonus": {},
    "fischer": {"increment_seconds": 10},
    "delay": {"delay_seconds": 5},
    "bronstein": {"delay_seconds": 5},
    "hourglass": {},
    "byo-yomi": {"starting_seconds": 60, "starting_minutes": 0, "periods": 3, "period_seconds": 10},
    "per-turn": {"allowance_seconds": 60},
}


def left(sitting: Sitting, seat: int, at: int) -> int:
    """All that a seat could still use: its bank and its periods."""
    held = sitting.seat(seat)
    period_ms = sitting.game.settings.period_ms
    return (
        sitting.bank(seat, at)
        + max(0, held.periods - 1) * period_ms * (held.bank_ms <= 0)
        + (held.periods * period_ms * (held.bank_ms > 0))
    )


@pytest.mark.parametrize("control", CONTROLLED)
def test_interrupting_oneself_again_and_again_gains_nothing(control: str) -> None:
    """Ben interrupts each second and gives back at once: only what others think is not his."""
    sitting = running(time_control=control, **CONTROLLED[control])
    free = 5_000 if control == "delay" else 0
    before = left(sitting, 2, 0)
    for i in range(10):
        sitting.play("interrupt", BEN, 2_000 * i + 1_000)
        sitting.play("pass-priority", BEN, 2_000 * i + 2_000)
    sand = 5_000 if control == "hourglass" else 0  # half of what Ada used
    used = 0 if control == "per-turn" else 10_000 - free
    assert left(sitting, 2, 20_000) == before - used + sand
    if control == "per-turn":
        assert sitting.seat(2).interrupts_ms == 10_000


@pytest.mark.parametrize("control", CONTROLLED)
def test_a_turn_handed_to_and_fro_gains_nothing(control: str) -> None:
    """Ada and Ben switch to each other: no bonus, no increment, one delay, one allowance."""
    sitting = running(time_control=control, **CONTROLLED[control])
    before = left(sitting, 1, 0)
    for i in range(6):
        sitting.play("switch-turn", ADA, 2_000 * i + 1_000, seat=2)
        sitting.play("switch-turn", BEN, 2_000 * i + 2_000, seat=1)
    free = 5_000 if control == "delay" else 0
    sand = 3_000 if control == "hourglass" else 0
    assert left(sitting, 1, 12_000) == before - 6_000 + free + sand


@pytest.mark.parametrize("control", CONTROLLED)
def test_passing_and_taking_it_back_is_not_thinking_for_free(control: str) -> None:
    """Ada thinks on Ben's clock, fourteen seconds at a time, and takes her pass back."""
    sitting = running(time_control=control, **CONTROLLED[control])
    before, bens = left(sitting, 1, 0), left(sitting, 2, 0)
    for i in range(3):
        sitting.play("pass-turn", ADA, 15_000 * i + 1_000)
        sitting.play("undo", ADA, 15_000 * i + 15_000)
    free = 5_000 if control == "delay" else 0
    assert left(sitting, 1, 45_000) == before - 45_000 + free
    assert left(sitting, 2, 45_000) == bens + (22_500 if control == "hourglass" else 0)


@pytest.mark.parametrize("control", CONTROLLED)
def test_taking_somebodys_interrupt_back_pays_nobody(control: str) -> None:
    """The host undoes Ben's interrupt: his time stays used, Ada's is neither longer nor shorter."""
    sitting = running(time_control=control, **CONTROLLED[control])
    before = left(sitting, 1, 0), left(sitting, 2, 0)
    for i in range(4):
        sitting.play("interrupt", BEN, 3_000 * i + 1_000)
        sitting.play("undo", ADA, 3_000 * i + 3_000)
    gained = {"hourglass": (4_000, 2_000)}.get(control, (0, 0))
    free = 4_000 if control == "delay" else 0
    bens_free = {"delay": 5_000, "per-turn": 8_000}.get(control, 0)
    assert left(sitting, 1, 12_000) == before[0] - 4_000 + free + gained[0]
    assert left(sitting, 2, 12_000) == before[1] - 8_000 + bens_free + gained[1]


@pytest.mark.parametrize("name", ["kick", "free-seat", "leave-seat"])
def test_a_seat_that_changes_hands_keeps_what_its_interrupts_used(name: str) -> None:
    """Shown out and back in by a friend: the same delay, the same bank."""
    sitting = running(time_control="delay", delay_seconds=5)
    sitting.play("interrupt", BEN, 1_000)
    fields = {} if name == "leave-seat" else {"seat": 2}
    sitting.play(name, BEN if name == "leave-seat" else ADA, 5_000, **fields)
    sitting.play("claim-seat", "a-friend", 5_000, seat=2)
    sitting.play("interrupt", "a-friend", 5_000)
    assert sitting.bank(2, 8_000) == 20 * MINUTE - 2_000
