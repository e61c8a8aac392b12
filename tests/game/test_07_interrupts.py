"""Rules, section 7: acting out of turn, asking others to respond, and who drops out of both.

Five sit at the table: the host on 1, guests on 2 and 3, two shared seats played on the host's
device. Seat 1 is active unless a test says otherwise.
"""

import pytest

from app.game.clock import running_seats
from app.game.game import MOST_INTERRUPTS
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    SECOND,
    TABLET,
    Sitting,
    choosing,
    without_host_seat,
)
from tests.game.cast import paused as paused_table
from tests.game.cast import running as running_table

FULL = 20 * MINUTE
BONUS = 30 * SECOND

OUTS = ("life", "poison", "commander", "concede", "eliminate", "time")
FREED = ("kick", "free", "leave")


def table(*stack: int, **fields: object) -> Sitting:
    """Five seats, seat 1 active, and these seats have interrupted, the first one first."""
    sitting = running_table(5, **fields)
    for seat in stack:
        sitting.tap(seat, "interrupt")
    return sitting


def selecting(*targets: int, active: int = 1, **fields: object) -> Sitting:
    """The active seat is choosing who is to respond."""
    sitting = running_table(5, **fields)
    for seat in range(1, active):
        sitting.tap(seat, "pass-turn")
    for target in targets:
        sitting.tap(active, "toggle-target", seat=target)
    return sitting


def resolving(*targets: int, active: int = 1, **fields: object) -> Sitting:
    """The active seat has asked these to respond."""
    sitting = selecting(*targets, active=active, **fields)
    sitting.tap(active, "confirm-targets")
    return sitting


def drops_out(sitting: Sitting, seat: int, cause: str, at: int | None = None) -> None:
    """A seat goes out, or its holder is not there any more, by this cause."""
    if cause == "life":
        sitting.tap(seat, "adjust-life", at, by=-40)
    elif cause == "poison":
        sitting.tap(seat, "adjust-counter", at, counter="poison", by=10)
    elif cause == "commander":
        sitting.tap(seat, "commander-damage", at, source=seat % 5 + 1, by=21)
    elif cause == "concede":
        sitting.tap(seat, "concede", at)
    elif cause == "eliminate":
        sitting.play("eliminate", ADA, at, seat=seat)
    elif cause == "kick":
        sitting.play("kick", ADA, at, seat=seat)
    elif cause == "free":
        sitting.play("free-seat", ADA, at, seat=seat)
    elif cause == "leave":
        sitting.tap(seat, "leave-seat", at)


def runs(sitting: Sitting) -> tuple[int, ...]:
    """Whose clocks count now."""
    return running_seats(sitting.game)


def asked(sitting: Sitting) -> tuple[int, ...]:
    """The targets there are, in the order they were chosen."""
    return sitting.game.targeting.targets if sitting.game.targeting else ()


def stage(sitting: Sitting) -> str:
    """The stage of targeting, empty when nobody is asked."""
    return sitting.game.targeting.stage if sitting.game.targeting else ""


# ---- interrupts


def test_an_interrupt_takes_the_clock_and_the_turn_stays() -> None:
    """The clock of the seat on top runs, alone; the active player's rests."""
    sitting = table()
    entry = sitting.tap(3, "interrupt", 5_000)
    assert (entry.event, entry.by, entry.facts["seat"]) == ("interrupted", 3, 3)
    assert runs(sitting) == (3,)
    assert (sitting.game.active, sitting.game.turn) == (1, 1)
    sitting.tap(3, "pass-priority", 12_000)
    assert runs(sitting) == (1,)
    assert sitting.bank(3, 20_000) == FULL - 7_000
    assert sitting.bank(1, 20_000) == FULL - 13_000


def test_an_interrupt_on_an_interrupt_comes_first_and_each_is_given_back() -> None:
    """The last one in is the first one out; nobody gets a bonus by it."""
    sitting = table(2, 3, 4)
    order = []
    for _ in range(3):
        order.append(runs(sitting))
        sitting.tap(runs(sitting)[0], "pass-priority", sitting.now + 1_000)
    assert order == [(4,), (3,), (2,)]
    assert runs(sitting) == (1,)
    assert sitting.game.turn == 1
    assert [sitting.bank(seat) for seat in range(1, 6)] == [FULL, *[FULL - 1_000] * 3, FULL]


def test_who_interrupts_oneself_through_another_comes_twice() -> None:
    """I act, somebody answers, I answer that: the rule bars nobody who is not running alone."""
    sitting = table(2, 3, 2)
    assert sitting.game.stack == (2, 3, 2)
    assert runs(sitting) == (2,)


def test_nobody_interrupts_whose_clock_already_runs_alone() -> None:
    """The active seat, the one on top of the stack, the only one still to respond."""
    assert table().refusal("interrupt", ADA) == "running-already"
    assert table(2).refusal("interrupt", BEN) == "running-already"
    sitting = resolving(2, 3)
    sitting.tap(3, "pass-target")
    assert sitting.refusal("interrupt", BEN) == "running-already"


def test_whose_clock_runs_beside_others_or_rests_may_interrupt() -> None:
    """The active seat under an interrupt or during responses; one target among several."""
    sitting = table(2)
    sitting.tap(1, "interrupt")
    assert sitting.game.stack == (2, 1)
    sitting = resolving(2, 3)
    sitting.tap(2, "interrupt")
    assert runs(sitting) == (2,)
    sitting.tap(2, "pass-priority")
    assert runs(sitting) == (2, 3)
    sitting.tap(1, "interrupt")
    assert runs(sitting) == (1,)


def test_an_interrupt_is_for_holders_whose_seat_is_in() -> None:
    """Not for onlookers, not for the dead, not for a host without a seat."""
    sitting = table()
    assert sitting.refusal("interrupt", DORA) == "not-yours"
    sitting.tap(2, "concede")
    assert sitting.refusal("interrupt", BEN) == "seat-out"
    assert without_host_seat(table()).refusal("interrupt", TABLET) == "not-yours"


def test_the_stack_holds_at_most_16() -> None:
    """Sixteen answers to answers; then somebody has to give priority back."""
    sitting = table(*[2, 3] * 8)
    assert len(sitting.game.stack) == MOST_INTERRUPTS == 16
    assert sitting.refusal("interrupt", BEN) == "stack-full"
    assert "16" in sitting.sentence("interrupt", BEN)
    sitting.tap(3, "pass-priority")
    sitting.tap(4, "interrupt")
    assert len(sitting.game.stack) == 16


def test_pass_priority_takes_my_latest_entry_off_wherever_it_lies() -> None:
    """On top, in the middle, at the bottom: never somebody else's."""
    sitting = table(2, 3, 2, 4)
    sitting.tap(2, "pass-priority")
    assert sitting.game.stack == (2, 3, 4)
    assert runs(sitting) == (4,)
    sitting.tap(2, "pass-priority")
    assert sitting.game.stack == (3, 4)
    assert sitting.refusal("pass-priority", BEN) == "no-interrupt"
    sitting.tap(4, "pass-priority")
    assert runs(sitting) == (3,)


def test_the_host_passes_priority_for_any_seat_and_it_is_logged() -> None:
    """For somebody who went to the door; nobody else may."""
    sitting = table(2, 3)
    assert sitting.refusal("pass-priority", CLEO, seat=2) == "not-yours"
    assert sitting.refusal("pass-priority", DORA, seat=2) == "not-yours"
    entry = sitting.play("pass-priority", ADA, seat=2)
    assert (entry.by, entry.facts["seat"]) == ("host", 2)
    assert sitting.game.stack == (3,)
    assert sitting.play("pass-priority", ADA, seat=3).by == "host"
    assert runs(sitting) == (1,)


def test_all_of_a_seats_time_on_the_stack_is_its_own() -> None:
    """While it lies beneath another it costs nothing."""
    sitting = table(2)
    sitting.tap(3, "interrupt", 4_000)
    sitting.tap(3, "pass-priority", 10_000)
    sitting.tap(2, "pass-priority", 11_000)
    assert sitting.bank(2) == FULL - 5_000
    assert sitting.bank(3) == FULL - 6_000
    assert sitting.bank(1) == FULL


def test_a_turn_is_not_passed_while_an_interrupt_is_open() -> None:
    """Whoever acts is waited for, by the name on the button."""
    sitting = table(3)
    for name, fields in (("pass-turn", {}), ("switch-turn", {"seat": 2}), ("extra-turn", {})):
        assert sitting.refusal(name, ADA, **fields) == "interrupted"
    assert sitting.sentence("pass-turn", ADA) == "Cleo has interrupted."


@pytest.mark.parametrize("cause", [*OUTS, *FREED])
def test_a_seat_that_goes_out_or_is_freed_leaves_the_stack_at_once(cause: str) -> None:
    """With all its entries, also in the middle; those above and below stay."""
    sitting = table(2, 3, starting_seconds=60)
    if cause == "time":
        sitting.tap(2, "interrupt")
        sitting.wait(MINUTE)
        assert sitting.seat(2).is_pending
    else:
        sitting.tap(2, "interrupt")
    sitting.tap(4, "interrupt")
    assert sitting.game.stack == (2, 3, 2, 4)
    if cause == "time":
        sitting.wait(90 * SECOND)
        assert sitting.seat(2).out == "time"
    else:
        drops_out(sitting, 2, cause)
    assert sitting.game.stack == (3, 4)
    assert runs(sitting) == (4,)
    assert sitting.seat(2).is_in == (cause in FREED)


@pytest.mark.parametrize("cause", [*OUTS, *FREED])
def test_the_seat_beneath_goes_on_when_the_one_on_top_drops_out(cause: str) -> None:
    """And is charged from that very instant."""
    sitting = table(3, 2, starting_seconds=60)
    at = 90 * SECOND if cause == "time" else 8_000
    if cause == "time":
        sitting.wait(at)
    else:
        drops_out(sitting, 2, cause, at)
    assert sitting.game.stack == (3,)
    assert sitting.bank(3, at + 5_000) == 55_000
    assert sitting.bank(1, at + 5_000) == MINUTE


@pytest.mark.parametrize("cause", OUTS)
def test_the_active_seat_goes_out_under_an_interrupt(cause: str) -> None:
    """The next seat's turn begins with its bonus; whoever interrupted still acts first."""
    sitting = running_table(5, starting_seconds=60)
    if cause == "time":
        sitting.wait(MINUTE)
    sitting.tap(3, "interrupt")
    if cause == "time":
        sitting.tap(3, "pass-priority", 80 * SECOND)
        sitting.tap(4, "interrupt", 80 * SECOND)
        sitting.wait(90 * SECOND)
    else:
        drops_out(sitting, 1, cause)
    assert (sitting.game.active, sitting.game.turn) == (2, 2)
    assert sitting.seat(2).bank_ms == MINUTE + BONUS
    assert runs(sitting) == ((4,) if cause == "time" else (3,))
    sitting.tap(runs(sitting)[0], "pass-priority")
    assert runs(sitting) == (2,)


@pytest.mark.parametrize("cause", FREED)
def test_a_freed_active_seat_keeps_its_turn_under_an_interrupt(cause: str) -> None:
    """But not its own entries on the stack."""
    sitting = running_table(5)
    sitting.tap(1, "pass-turn")
    for seat in (3, 2, 4):
        sitting.tap(seat, "interrupt")
    drops_out(sitting, 2, cause)
    assert sitting.game.stack == (3, 4)
    assert (sitting.game.active, sitting.game.turn) == (2, 2)


@pytest.mark.parametrize("how", ["moved to another phone", "shared"])
def test_a_seat_that_changes_hands_keeps_its_interrupt_and_its_answer(how: str) -> None:
    """It was not freed: somebody plays it, and goes on where the other was."""
    sitting = resolving(2, 3)
    sitting.tap(2, "interrupt")
    hands: dict[str, object] = {}
    if how == "shared":
        sitting.play("share-seat", ADA, seat=2)
        client, hands = ADA, {"as_": 2}
    else:
        sitting.take_over(2, TABLET)
        client = TABLET
    assert (sitting.game.stack, asked(sitting)) == ((2,), (2, 3))
    sitting.play("pass-priority", client, **hands)
    sitting.play("pass-target", client, **hands)
    assert runs(sitting) == (3,)


def test_a_seat_that_drops_out_while_paused_is_gone_when_the_game_goes_on() -> None:
    """Outs happen at once, also in a pause; so do kicks and freed seats."""
    sitting = table(2, 3, 4)
    sitting.play("pause", ADA)
    sitting.tap(3, "concede")
    sitting.play("kick", ADA, seat=2)
    assert sitting.game.stack == (4,)
    sitting.play("resume", ADA, MINUTE)
    assert runs(sitting) == (4,)


def test_a_pause_keeps_interrupts_and_targets() -> None:
    """Resume continues exactly there, and costs nobody anything."""
    sitting = resolving(2, 3)
    sitting.tap(3, "pass-target", 1_000)
    sitting.tap(4, "interrupt", 2_000)
    sitting.play("pause", BEN, 5_000)
    assert runs(sitting) == ()
    before = (sitting.game.stack, sitting.game.targeting)
    sitting.play("resume", CLEO, MINUTE)
    assert (sitting.game.stack, sitting.game.targeting) == before
    assert runs(sitting) == (4,)
    sitting.tap(4, "pass-priority", MINUTE + 1_000)
    assert runs(sitting) == (2,)
    banks = [sitting.bank(seat) for seat in (1, 2, 3, 4)]
    assert banks == [FULL, FULL - 2_000, FULL - 1_000, FULL - 4_000]


# ---- selecting


def test_the_active_holder_toggles_other_seats_that_are_in() -> None:
    """Not oneself, nobody who is out, and nobody else may."""
    sitting = table()
    assert sitting.tap(1, "toggle-target", seat=3).facts == {"seat": 3, "on": True}
    assert stage(sitting) == "selecting"
    assert sitting.refusal("toggle-target", BEN, seat=3) == "not-yours"
    assert sitting.complaints("toggle-target", ADA, seat=1) == {"seat"}
    assert sitting.complaints("toggle-target", ADA, seat=8) == {"seat"}
    sitting.tap(2, "concede")
    assert sitting.refusal("toggle-target", ADA, seat=2) == "seat-out"
    assert asked(sitting) == (3,)


def test_while_selecting_the_own_clock_still_runs() -> None:
    """Thinking about whom to ask is thinking."""
    sitting = selecting(2, 3)
    assert runs(sitting) == (1,)
    assert sitting.bank(1, 9_000) == FULL - 9_000
    assert sitting.bank(2, 9_000) == FULL


def test_toggling_the_last_one_off_ends_selecting() -> None:
    """One that is chosen is toggled off; the rest keep their order."""
    sitting = selecting(4, 2, 3)
    assert sitting.tap(1, "toggle-target", seat=2).facts == {"seat": 2, "on": False}
    assert asked(sitting) == (4, 3)
    sitting.tap(1, "toggle-target", seat=4)
    assert stage(sitting) == "selecting"
    sitting.tap(1, "toggle-target", seat=3)
    assert sitting.game.targeting is None
    sitting.tap(1, "pass-turn")


def test_the_active_holder_confirms_with_at_least_one() -> None:
    """Whoever asks nobody waits for nobody."""
    sitting = table()
    assert sitting.refusal("confirm-targets", ADA) == "no-targets"
    sitting = selecting(3)
    assert sitting.refusal("confirm-targets", BEN) == "not-yours"
    assert sitting.tap(1, "confirm-targets").facts["targets"] == [3]
    assert stage(sitting) == "resolving"


@pytest.mark.parametrize("canceller", [1, "host"])
@pytest.mark.parametrize("asked_for", ["selecting", "resolving"])
def test_the_active_holder_or_the_host_cancels_at_either_stage(
    asked_for: str, canceller: int | str
) -> None:
    """The turn is the active player's again, without bonus."""
    sitting = {"selecting": selecting, "resolving": resolving}[asked_for](2, 3)
    sitting = without_host_seat(sitting)
    assert sitting.refusal("cancel-targets", BEN) == "not-yours"
    assert sitting.refusal("cancel-targets", DORA) == "not-yours"
    client = TABLET if canceller == "host" else ADA
    entry = sitting.play("cancel-targets", client, 3_000)
    assert (entry.by, entry.facts["stage"]) == (canceller, asked_for)
    assert sitting.game.targeting is None
    assert runs(sitting) == (1,)
    assert sitting.game.turn == 1
    assert sitting.bank(1) == (FULL - 3_000 if asked_for == "selecting" else FULL)
    assert sitting.refusal("cancel-targets", client) == "no-targets"


@pytest.mark.parametrize("name", ["pass-turn", "switch-turn", "extra-turn"])
def test_the_own_turn_commands_are_refused_in_both_stages(name: str) -> None:
    """Finish what was begun, or cancel it."""
    fields: dict[str, object] = {"seat": 2} if name == "switch-turn" else {}
    assert selecting(2).refusal(name, ADA, **fields) == "targeting"
    assert resolving(2).refusal(name, ADA, **fields) == "targeting"


# ---- resolving


def test_those_asked_run_in_parallel_each_charged_in_full() -> None:
    """And the one who asked rests until the last has passed."""
    sitting = resolving(2, 3, 5)
    assert runs(sitting) == (2, 3, 5)
    sitting.tap(3, "pass-target", 4_000)
    assert runs(sitting) == (2, 5)
    sitting.tap(5, "pass-target", 6_000)
    sitting.tap(2, "pass-target", 9_000)
    banks = [sitting.bank(seat, 10_000) for seat in range(1, 6)]
    assert banks == [FULL - 1_000, FULL - 9_000, FULL - 4_000, FULL, FULL - 6_000]


@pytest.mark.parametrize("order", [(2, 3, 4), (4, 3, 2), (3, 2, 4)])
def test_targets_pass_in_any_order_and_then_the_turn_goes_on_without_bonus(
    order: tuple[int, ...],
) -> None:
    """The same turn of the same player, a grant later at each step."""
    sitting = resolving(2, 3, 4)
    grant = sitting.game.grant
    for seat in order:
        assert sitting.tap(seat, "pass-target").facts["seat"] == seat
    assert sitting.game.targeting is None
    assert (sitting.game.active, sitting.game.turn) == (1, 1)
    assert sitting.game.grant == grant + 3
    assert sitting.bank(1) == FULL


def test_nobody_passes_who_was_not_asked_or_has_passed() -> None:
    """Nor is anybody asked before it is confirmed."""
    sitting = resolving(2, 3)
    assert sitting.refusal("pass-target", ADA) == "not-asked"
    sitting.tap(2, "pass-target")
    assert sitting.refusal("pass-target", BEN) == "not-asked"
    assert selecting(2).refusal("pass-target", BEN) == "not-asked"
    assert table().refusal("pass-target", BEN) == "not-asked"


def test_the_host_passes_for_any_target_and_it_is_logged() -> None:
    """The one who fell asleep; nobody else may."""
    sitting = resolving(2, 3)
    assert sitting.refusal("pass-target", CLEO, seat=2) == "not-yours"
    entry = sitting.play("pass-target", ADA, seat=2)
    assert (entry.by, entry.facts["seat"]) == ("host", 2)
    assert runs(sitting) == (3,)


def test_while_others_respond_nobody_is_added_and_nothing_confirmed_again() -> None:
    """Wait for them, or cancel."""
    sitting = resolving(2)
    assert sitting.refusal("toggle-target", ADA, seat=3) == "resolving"
    assert sitting.refusal("toggle-target", ADA, seat=2) == "resolving"
    assert sitting.refusal("confirm-targets", ADA) == "resolving"


@pytest.mark.parametrize("cause", [*OUTS[:-1], *FREED])
@pytest.mark.parametrize("asked_for", ["selecting", "resolving"])
def test_a_target_that_goes_out_or_is_freed_is_dropped_in_both_stages(
    asked_for: str, cause: str
) -> None:
    """The others are asked as before."""
    sitting = {"selecting": selecting, "resolving": resolving}[asked_for](3, 2, 4)
    drops_out(sitting, 2, cause)
    assert asked(sitting) == (3, 4)
    assert stage(sitting) == asked_for
    assert runs(sitting) == ((1,) if asked_for == "selecting" else (3, 4))


@pytest.mark.parametrize("cause", [*OUTS[:-1], *FREED])
@pytest.mark.parametrize("asked_for", ["selecting", "resolving"])
def test_none_left_ends_the_stage(asked_for: str, cause: str) -> None:
    """The only target, or the only one who had not answered yet."""
    sitting = {"selecting": selecting, "resolving": resolving}[asked_for](2)
    drops_out(sitting, 2, cause, 5_000)
    assert sitting.game.targeting is None
    assert runs(sitting) == (1,)
    assert (sitting.game.active, sitting.game.turn) == (1, 1)
    assert sitting.bank(1) == (FULL - 5_000 if asked_for == "selecting" else FULL)


@pytest.mark.parametrize("cause", [*OUTS[:-1], *FREED])
def test_the_stage_ends_when_all_who_are_left_have_answered(cause: str) -> None:
    """It waits for nobody who is not there any more."""
    sitting = resolving(2, 3)
    sitting.tap(3, "pass-target")
    drops_out(sitting, 2, cause)
    assert sitting.game.targeting is None
    assert runs(sitting) == (1,)


def test_a_target_that_dies_of_time_is_dropped() -> None:
    """Its grace ends while the other goes on responding."""
    sitting = resolving(2, 3, starting_seconds=60)
    sitting.play("add-time", ADA, seat=3, minutes=10)
    sitting.wait(90 * SECOND)
    assert sitting.seat(2).out == "time"
    assert asked(sitting) == (3,)
    assert runs(sitting) == (3,)


def test_who_has_answered_and_goes_out_leaves_the_others_to_answer() -> None:
    """One who is out is not on the list any more, answered or not."""
    sitting = resolving(2, 3)
    sitting.tap(2, "pass-target")
    sitting.tap(2, "concede")
    assert asked(sitting) == (3,)
    assert runs(sitting) == (3,)


@pytest.mark.parametrize("cause", OUTS[:-1])
def test_the_original_player_goes_out_while_others_respond(cause: str) -> None:
    """After the last response the next seat's turn begins, with its bonus."""
    sitting = resolving(2, 4)
    drops_out(sitting, 1, cause, 5_000)
    assert runs(sitting) == (2, 4)
    assert sitting.game.turn == 1
    sitting.tap(2, "pass-target", 6_000)
    assert runs(sitting) == (4,)
    sitting.tap(4, "pass-target", 7_000)
    assert (sitting.game.active, sitting.game.turn) == (2, 2)
    assert sitting.bank(2) == FULL - 6_000 + BONUS


@pytest.mark.parametrize("cause", OUTS[:-1])
def test_the_original_player_goes_out_while_selecting(cause: str) -> None:
    """Targeting is cleared and the next turn begins."""
    sitting = selecting(2, 3)
    drops_out(sitting, 1, cause)
    assert sitting.game.targeting is None
    assert (sitting.game.active, sitting.game.turn) == (2, 2)


@pytest.mark.parametrize("cause", FREED)
@pytest.mark.parametrize("asked_for", ["selecting", "resolving"])
def test_a_freed_original_player_keeps_turn_and_targets(asked_for: str, cause: str) -> None:
    """Whoever sits down there goes on; until then the host can cancel."""
    sitting = {"selecting": selecting, "resolving": resolving}[asked_for](3, 4, active=2)
    drops_out(sitting, 2, cause)
    assert (stage(sitting), asked(sitting)) == (asked_for, (3, 4))
    assert (sitting.game.active, sitting.game.turn) == (2, 2)
    sitting.play("cancel-targets", ADA)
    assert runs(sitting) == (2,)


def test_a_player_who_is_out_does_not_end_the_responses() -> None:
    """Only the host may still cancel; then the next turn begins."""
    sitting = resolving(3, 4, active=2)
    sitting.tap(2, "concede")
    assert sitting.sentence("cancel-targets", BEN) == "Your seat is out."
    assert sitting.refusal("ending-turn", BEN) == "not-yours"
    assert sitting.play("cancel-targets", ADA).by == "host"
    assert (sitting.game.active, sitting.game.turn) == (3, 3)
    assert sitting.bank(3) == FULL + BONUS


@pytest.mark.parametrize(
    ("name", "fields", "active"), [("cancel-targets", {}, 2), ("switch-turn", {"seat": 4}, 4)]
)
def test_a_host_who_is_out_still_helps_the_table_out(
    name: str, fields: dict[str, object], active: int
) -> None:
    """The own seat asked and died: the host's right is left, and is used."""
    sitting = resolving(2, 3)
    sitting.tap(1, "concede")
    assert sitting.play(name, ADA, **fields).by == "host"
    assert runs(sitting) == (active,)


def test_a_player_who_comes_back_while_others_respond_goes_on_with_the_turn() -> None:
    """A revival in time leaves the turn where it was."""
    sitting = resolving(3, 4, active=2)
    sitting.tap(2, "concede")
    sitting.play("revive", ADA, seat=2)
    for seat in (3, 4):
        sitting.tap(seat, "pass-target")
    assert (sitting.game.active, sitting.game.turn) == (2, 2)


def test_the_last_target_dies_and_the_original_player_with_it() -> None:
    """Two of four at the same instant: the turn goes to the next seat that is in."""
    sitting = resolving(2, on_timeout="out", starting_seconds=60)
    sitting.tap(1, "concede", 10_000)
    sitting.wait(MINUTE)
    assert sitting.seat(2).out == "time"
    assert (sitting.game.active, sitting.game.turn) == (3, 2)
    assert sitting.bank(3) == MINUTE + BONUS


# ---- both at once


def test_interrupts_pre_empt_targets_at_both_stages() -> None:
    """The one on top runs alone; those asked wait, and go on after it."""
    sitting = resolving(2, 3)
    sitting.tap(4, "interrupt", 5_000)
    assert runs(sitting) == (4,)
    sitting.tap(4, "pass-priority", 9_000)
    assert runs(sitting) == (2, 3)
    assert [sitting.bank(seat, 10_000) for seat in (2, 3, 4)] == [
        *[FULL - 6_000] * 2,
        FULL - 4_000,
    ]
    sitting = selecting(2, 3)
    sitting.tap(2, "interrupt", 5_000)
    sitting.tap(2, "pass-priority", 9_000)
    assert stage(sitting) == "selecting"
    assert sitting.bank(1, 10_000) == FULL - 6_000


def test_while_an_interrupt_is_open_toggle_and_confirm_are_refused() -> None:
    """What has been chosen stays chosen."""
    sitting = selecting(2)
    sitting.tap(3, "interrupt")
    assert sitting.refusal("toggle-target", ADA, seat=4) == "interrupted"
    assert sitting.refusal("toggle-target", ADA, seat=2) == "interrupted"
    assert sitting.refusal("confirm-targets", ADA) == "interrupted"
    assert asked(sitting) == (2,)
    sitting.tap(3, "pass-priority")
    sitting.tap(1, "confirm-targets")


def test_while_an_interrupt_is_open_cancel_and_pass_target_are_allowed() -> None:
    """An "ok" needs no waiting; the interrupt stays on top."""
    sitting = resolving(2, 3)
    sitting.tap(4, "interrupt")
    sitting.tap(2, "pass-target")
    assert sitting.game.targeting is not None
    assert sitting.game.targeting.waiting == (3,)
    assert runs(sitting) == (4,)
    sitting.tap(1, "cancel-targets")
    assert sitting.game.targeting is None
    assert runs(sitting) == (4,)
    sitting = selecting(2)
    sitting.tap(4, "interrupt")
    sitting.tap(1, "cancel-targets")
    assert sitting.game.targeting is None


def test_the_last_response_under_an_interrupt_ends_the_stage_beneath_it() -> None:
    """And the turn goes on when priority comes back."""
    sitting = resolving(2)
    sitting.tap(4, "interrupt")
    sitting.tap(2, "pass-target")
    assert sitting.game.targeting is None
    assert runs(sitting) == (4,)
    sitting.tap(4, "pass-priority")
    assert runs(sitting) == (1,)


def test_an_interrupt_of_a_target_that_goes_out_leaves_both() -> None:
    """One death, two places."""
    sitting = resolving(2, 3)
    sitting.tap(2, "interrupt")
    sitting.tap(2, "concede")
    assert sitting.game.stack == ()
    assert asked(sitting) == (3,)
    assert runs(sitting) == (3,)


@pytest.mark.parametrize("name", ["switch-turn", "extra-turn"])
def test_the_hosts_turn_commands_end_interrupts_and_targeting(name: str) -> None:
    """The way out of every knot."""
    sitting = resolving(3, 4, active=2)
    sitting.tap(5, "interrupt")
    fields: dict[str, object] = {"seat": 4} if name == "switch-turn" else {}
    assert sitting.play(name, ADA, **fields).by == "host"
    assert (sitting.game.stack, sitting.game.targeting) == ((), None)
    assert runs(sitting) == ((4,) if name == "switch-turn" else (2,))
    assert sitting.game.turn == 3


@pytest.mark.parametrize("ending", ["reset", "finish", "last-seat-in"])
def test_nobody_is_left_waiting_when_the_game_ends(ending: str) -> None:
    """Interrupts and targets go with the play."""
    sitting = resolving(2, 3)
    sitting.tap(4, "interrupt")
    if ending == "reset":
        sitting.play("reset", ADA, confirm="yes")
    elif ending == "finish":
        sitting.play("finish", ADA, winner=4, confirm="yes")
    else:
        for seat in (1, 2, 4, 3):
            sitting.tap(seat, "concede")
        assert sitting.game.winner == 5
    assert (sitting.game.stack, sitting.game.targeting) == ((), None)
    assert runs(sitting) == ()


# ---- when they are refused

EACH: tuple[tuple[str, int, dict[str, object]], ...] = (
    ("interrupt", 3, {}),
    ("pass-priority", 4, {}),
    ("toggle-target", 1, {"seat": 3}),
    ("confirm-targets", 1, {}),
    ("cancel-targets", 1, {}),
    ("pass-target", 2, {}),
)


@pytest.mark.parametrize(("name", "seat", "fields"), EACH)
def test_no_interrupt_or_target_command_while_paused(
    name: str, seat: int, fields: dict[str, object]
) -> None:
    """Rules section 3; in every pause, whoever asks."""
    sitting = paused_table(5)
    for client in (ADA, BEN, CLEO):
        assert sitting.refusal(name, client, **fields) in ("wrong-status", "not-yours")
    client = {1: ADA, 2: BEN, 3: CLEO}.get(seat, ADA)
    hands: dict[str, object] = {} if seat < 4 else {"as_": seat}
    assert sitting.refusal(name, client, **fields, **hands) == "wrong-status"


def scene(name: str) -> Sitting:
    """A table at which this command is about to be given."""
    if name == "pass-priority":
        return table(4)
    if name in ("confirm-targets", "cancel-targets"):
        return selecting(2)
    return resolving(2, 4) if name == "pass-target" else table()


@pytest.mark.parametrize(("name", "seat", "fields"), EACH)
@pytest.mark.parametrize("late", ["turn", "grant"])
def test_a_form_painted_for_another_turn_or_grant_changes_nothing(
    name: str, seat: int, fields: dict[str, object], late: str
) -> None:
    """The present table comes back; with the present numbers it is done."""
    sitting = scene(name)
    client = {1: ADA, 2: BEN, 3: CLEO}.get(seat, ADA)
    hands: dict[str, object] = {} if seat < 4 else {"as_": seat}
    present = {"turn": sitting.game.turn, "grant": sitting.game.grant}
    old = {**present, late: present[late] - 1}
    assert sitting.is_stale(name, client, **fields, **hands, **old)
    sitting.play(name, client, **fields, **hands, **present)


@pytest.mark.parametrize("name", ["interrupt", "pass-priority", "confirm-targets", "pass-target"])
def test_a_bounced_thumb_acts_once(name: str) -> None:
    """The first tap changed whose clock runs, so the second comes from an old table."""
    sitting = scene(name)
    seat = next(seat for each, seat, _ in EACH if each == name)
    client = {1: ADA, 2: BEN, 3: CLEO}.get(seat, ADA)
    painted: dict[str, object] = {"turn": sitting.game.turn, "grant": sitting.game.grant}
    painted |= {} if seat < 4 else {"as_": seat}
    sitting.play(name, client, **painted)
    after = sitting.game
    assert sitting.is_stale(name, client, **painted)
    assert sitting.game is after


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("toggle-target", {"seat": 3}),
        ("confirm-targets", {}),
        ("cancel-targets", {}),
    ],
)
def test_the_active_seat_must_choose_first(name: str, fields: dict[str, object]) -> None:
    """Its time is up; what it began waits for the choice."""
    sitting = running_table(3, starting_seconds=60)
    sitting.tap(1, "toggle-target", seat=2)
    sitting.wait(MINUTE)
    assert sitting.seat(1).is_pending
    assert sitting.refusal(name, ADA, **fields) == "choose-first"
    sitting.tap(1, "timeout-choice", choice="drink")
    sitting.tap(1, name, **fields)


def test_an_interrupter_must_choose_first() -> None:
    """Before it interrupts again, and before it gives priority back."""
    sitting = table(2, starting_seconds=60)
    sitting.wait(MINUTE)
    assert sitting.refusal("pass-priority", BEN) == "choose-first"
    sitting.tap(3, "interrupt")
    assert sitting.refusal("interrupt", BEN) == "choose-first"
    sitting.tap(3, "pass-priority")
    sitting.tap(2, "timeout-choice", choice="lose-life")
    assert runs(sitting) == (2,)
    sitting.tap(2, "pass-priority")


def test_a_target_must_choose_first() -> None:
    """The others respond meanwhile; the host may pass for it, as for any."""
    sitting = resolving(2, 3, starting_seconds=60)
    sitting.play("add-time", ADA, seat=3, minutes=5)
    sitting.wait(MINUTE)
    assert sitting.refusal("pass-target", BEN) == "choose-first"
    sitting.tap(3, "pass-target")
    sitting.tap(2, "timeout-choice", choice="drink")
    sitting.tap(2, "pass-target")
    assert runs(sitting) == (1,)


def test_a_time_out_nobody_answers_never_holds_the_stack_up() -> None:
    """The grace runs; when it is over the seat is out and off the stack."""
    sitting = choosing()
    sitting.tap(2, "interrupt", MINUTE + 5_000)
    sitting.wait(MINUTE + 30_000)
    assert sitting.seat(1).out == "time"
    assert (sitting.game.active, sitting.game.stack) == (2, (2,))
    sitting.tap(2, "pass-priority")
    assert runs(sitting) == (2,)


# ---- the four ways in which the system this replaces froze


def still_goes(sitting: Sitting) -> bool:
    """Some clock runs that is in and will run out, so the game goes on or ends by itself."""
    running = runs(sitting)
    assert running
    assert all(sitting.seat(number).is_in for number in running)
    sitting.wait(sitting.now + 24 * 60 * MINUTE)
    return sitting.game.status == "finished"


@pytest.mark.parametrize("cause", [*OUTS[:-1], *FREED])
def test_freeze_1_a_dead_player_on_top_of_the_stack(cause: str) -> None:
    """Nobody could give its priority back."""
    sitting = table(3, 2, auto_pause_seconds=0)
    drops_out(sitting, 2, cause)
    assert runs(sitting) == (3,)
    assert still_goes(sitting)


@pytest.mark.parametrize("cause", [*OUTS[:-1], *FREED])
def test_freeze_2_the_original_player_dies_while_others_respond(cause: str) -> None:
    """The turn had nobody to come back to."""
    sitting = resolving(3, 4, active=2, auto_pause_seconds=0)
    drops_out(sitting, 2, cause)
    for seat in (3, 4):
        sitting.tap(seat, "pass-target")
    assert runs(sitting) == ((2,) if cause in FREED else (3,))
    assert still_goes(sitting)


@pytest.mark.parametrize("cause", [*OUTS[:-1], *FREED])
def test_freeze_3_a_target_dies_during_selection(cause: str) -> None:
    """Confirmed, the table waited for a ghost."""
    sitting = selecting(2, 3, auto_pause_seconds=0)
    drops_out(sitting, 2, cause)
    sitting.tap(1, "confirm-targets")
    assert runs(sitting) == (3,)
    sitting.tap(3, "pass-target")
    assert runs(sitting) == (1,)
    assert still_goes(sitting)


@pytest.mark.parametrize("away", ["removed", "left", "kicked"])
def test_freeze_4_the_first_seat_is_out_before_the_start(away: str) -> None:
    """The clock of an empty chair was started, and nobody could stop it."""
    sitting = running_table(3, auto_pause_seconds=0)
    sitting.play("reset", ADA, confirm="yes")
    sitting.play("move-seat", ADA, seat=2, by=-1)
    sitting.dice.coming = [1]
    sitting.play("random-start", ADA)
    assert sitting.game.starter == 2
    if away == "kicked":
        sitting.play("kick", ADA, seat=2)
    else:
        sitting.play("leave-seat", BEN)
    if away == "removed":
        sitting.play("remove-seat", ADA, seat=2)
        sitting.play("start", ADA)
    else:
        assert sitting.refusal("start", ADA) == "empty-seats"
        sitting.play("start", ADA, empty_seats="remove")
    assert runs(sitting) == (1,)
    assert still_goes(sitting)


def test_a_free_seat_cannot_be_asked() -> None:
    """Nobody would answer, and a target that is freed is dropped at once."""
    sitting = running_table()
    sitting.play("free-seat", ADA, seat=3)
    assert sitting.refusal("toggle-target", ADA, seat=3) == "nobody-there"
