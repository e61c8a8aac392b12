"""Rules, section 9: what can be taken back, what stands on what, who pays for the time since."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.game import judge
from app.game.clock import remaining_ms, running_seats, settle
from app.game.game import STEPS_KEPT, Game
from app.game.ledger import Draft, fold
from app.game.refusals import NotNow
from app.game.steps import REVERSIBLE, newest_of_each
from app.game.time_control import CONTROLS
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    SECOND,
    T0,
    TABLET,
    Sitting,
    without_host_seat,
)
from tests.game.cast import choosing as choosing_table
from tests.game.cast import finished as finished_table
from tests.game.cast import lobby as lobby_table
from tests.game.cast import running as running_table

BANK = 20 * MINUTE
BONUS = 30 * SECOND
CLIENTS = {1: ADA, 2: BEN, 3: CLEO}

Scene = Callable[[], tuple[Sitting, str, str, dict[str, Any]]]


def settled(game: Game, at: int) -> Game:
    """The table with its clocks settled, less what goes on: since when it runs, grants, shows."""
    draft = Draft(game, at)
    settle(draft)
    seats = {n: replace(seat, change=None) for n, seat in draft.game.seats.items()}
    apart: dict[str, Any] = {
        **dict.fromkeys(("grant", "version", "last_at", "going_since"), 0),
        **dict.fromkeys(("steps", "moments", "hits"), ()),
    }
    return replace(draft.game, seats=seats, **apart)


# ---- every event that section 9 calls reversible


def scene(command: str, client: str, before: Callable[[Sitting], Any], **fields: Any) -> Scene:
    """A table on which this command can be given, five seconds into the game."""

    def make() -> tuple[Sitting, str, str, dict[str, Any]]:
        sitting = running_table()
        before(sitting)
        sitting.wait(5 * SECOND)
        return sitting, command, client, fields

    return make


def nothing(_sitting: Sitting) -> None:
    """As it started."""


def asking(sitting: Sitting) -> None:
    """Ada has chosen Ben and Cleo."""
    for seat in (2, 3):
        sitting.play("toggle-target", ADA, SECOND, seat=seat)


def asked(sitting: Sitting) -> None:
    """They are answering."""
    asking(sitting)
    sitting.play("confirm-targets", ADA, 2 * SECOND)


SCENES: dict[str, Scene] = {
    "turn-passed": scene("pass-turn", ADA, nothing),
    "turn-switched": scene("switch-turn", ADA, nothing, seat=3),
    "extra-turn-taken": scene("extra-turn", ADA, nothing),
    "interrupted": scene("interrupt", BEN, nothing),
    "priority-passed": scene("pass-priority", BEN, lambda s: s.play("interrupt", BEN, SECOND)),
    "target-toggled": scene("toggle-target", ADA, nothing, seat=2),
    "targets-confirmed": scene("confirm-targets", ADA, asking),
    "targets-cancelled": scene("cancel-targets", ADA, asked),
    "target-passed": scene("pass-target", BEN, asked),
    "life-adjusted": scene("adjust-life", BEN, nothing, by=-7),
    "counter-adjusted": scene("adjust-counter", BEN, nothing, counter="poison", by=4),
    "commander-damaged": scene("commander-damage", BEN, nothing, source=3, commander=2, by=9),
    "marker-set": scene("set-marker", BEN, nothing, marker="monarch", value=2),
    "conceded": scene("concede", BEN, nothing),
    "eliminated": scene("eliminate", ADA, nothing, seat=1),
    "time-added": scene("add-time", ADA, nothing, seat=2, minutes=5),
    "time-taken": scene("take-time", ADA, nothing, seat=2, minutes=5),
    "penalized": scene("penalty", ADA, nothing, seat=2),
    "reset": scene("reset", ADA, nothing, confirm="yes"),
    "finished": scene("finish", ADA, nothing, winner=2, confirm="yes"),
    "lethal life": scene("adjust-life", BEN, nothing, by=-40),
    "lethal poison": scene("adjust-counter", ADA, nothing, counter="poison", by=10),
    "lethal commander": scene("commander-damage", ADA, nothing, source=3, by=21),
}


def choosing_scene() -> tuple[Sitting, str, str, dict[str, Any]]:
    """Ada's time has run out."""
    sitting = running_table(starting_seconds=3, bonus_seconds=0)
    sitting.wait(5 * SECOND)
    return sitting, "timeout-choice", ADA, {"choice": "lose-life"}


SCENES["timeout-chosen"] = choosing_scene


def test_there_is_a_scene_for_every_reversible_event() -> None:
    """The list of section 9."""
    assert set(SCENES) >= REVERSIBLE


@pytest.mark.parametrize("name", SCENES)
def test_undo_at_once_restores_the_earlier_table(name: str) -> None:
    """All of it; only the grant is a new one, and the ledger has grown."""
    sitting, command, client, fields = SCENES[name]()
    before = sitting.game
    entry = sitting.play(command, client, 5 * SECOND, **fields)
    given = sitting.game
    undone = sitting.play("undo", client)
    assert undone.facts["undid"] == [entry.seq]
    assert settled(sitting.game, T0 + 5 * SECOND) == settled(before, T0 + 5 * SECOND)
    if running_seats(before) != running_seats(given):
        assert sitting.game.grant > given.grant > before.grant
    assert fold(sitting.beginning, sitting.entries) == sitting.game


@pytest.mark.parametrize("name", SCENES)
def test_an_undo_cannot_be_undone(name: str) -> None:
    """Nothing of mine is left to take back, whatever it was."""
    sitting, command, client, fields = SCENES[name]()
    sitting.play(command, client, 5 * SECOND, **fields)
    undone = sitting.play("undo", client)
    earlier = sitting.entries[:-2]
    for _ in range(len(earlier) + 1):
        try:
            again = sitting.play("undo", ADA)
        except NotNow:
            return
        assert undone.seq not in again.facts["undid"]


@pytest.mark.parametrize(
    ("command", "client", "fields"),
    [
        ("roll-dice", BEN, {"sides": 20}),
        ("pause", BEN, {}),
        ("rename-seat", BEN, {"name": "Benno"}),
        ("kick", ADA, {"seat": 2}),
        ("leave-seat", BEN, {}),
        ("revive", ADA, {"seat": 3}),
    ],
)
def test_dice_pause_claims_kick_names_are_not_reversible(
    command: str, client: str, fields: dict[str, Any]
) -> None:
    """Undo looks past them, here at nothing: the start is before everything."""
    sitting = running_table()
    if command == "revive":
        sitting.play("eliminate", ADA, seat=3)
    sitting.play(command, client, SECOND, **fields)
    wanted = "stood-upon" if command == "revive" else "nothing-to-undo"
    assert sitting.refusal("undo", ADA) == wanted


def test_nothing_reaches_back_before_the_start() -> None:
    """What was done in the lobby stays."""
    sitting = lobby_table()
    sitting.play("adjust-life", ADA, seat=2, by=5)
    sitting.play("start", ADA)
    assert sitting.refusal("undo", ADA) == "nothing-to-undo"


# ---- how long, and whose


def test_a_holder_has_15_seconds_and_the_host_any_time() -> None:
    """To the millisecond."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    sitting.play("interrupt", CLEO, SECOND)
    sitting.play("pass-priority", CLEO, 2 * SECOND)
    assert sitting.refusal("undo", CLEO, 17 * SECOND + 1) == "nothing-to-undo"
    sitting.play("undo", ADA, 3 * MINUTE)
    assert sitting.entries[-1].facts["event"] == "priority-passed"


def test_a_holder_takes_back_at_15_seconds_sharp() -> None:
    """The last instant counts."""
    sitting = running_table()
    sitting.play("interrupt", BEN, 0)
    sitting.play("undo", BEN, 15 * SECOND)
    assert sitting.game.stack == ()


def test_a_holder_takes_back_the_own_entry_the_host_the_tables_newest() -> None:
    """Cleo's life is newer than Ben's interrupt."""
    sitting = running_table()
    sitting.play("interrupt", BEN, 0)
    sitting.play("adjust-life", CLEO, SECOND, by=-3)
    sitting.play("undo", BEN, 2 * SECOND)
    assert sitting.game.stack == ()
    sitting.play("undo", ADA, 2 * SECOND)
    assert sitting.seat(3).life == 40


def test_a_spectator_takes_nothing_back() -> None:
    """Nor does somebody who has only looked."""
    sitting = running_table()
    sitting.play("pass-turn", ADA)
    assert sitting.refusal("undo", "somebody") == "not-yours"


def test_the_host_walks_back_step_by_step() -> None:
    """As far as the start, further than what the screens remember."""
    sitting = running_table()
    for turn in range(STEPS_KEPT + 5):
        sitting.play("pass-turn", CLIENTS[turn % 3 + 1], turn * SECOND)
    for turn in reversed(range(STEPS_KEPT + 5)):
        sitting.play("undo", ADA)
        assert sitting.game.turn == turn + 1
    assert sitting.refusal("undo", ADA) == "nothing-to-undo"


# ---- groups


def test_changes_of_one_hand_within_3_seconds_are_one() -> None:
    """Each within three seconds of the one before: shown as +5, undone as one."""
    sitting = running_table()
    for at in (0, 3_000, 5_999, 8_999, 11_000):
        sitting.play("adjust-life", BEN, at, by=1)
    change = sitting.seat(2).change
    assert change is not None
    assert change.total == 5
    groups = {e.facts.get("group", e.seq) for e in sitting.entries if e.event == "life-adjusted"}
    assert len(groups) == 1
    undone = sitting.play("undo", BEN, 12_000)
    assert undone.facts["change"] == 5
    assert sitting.seat(2).life == 40


@pytest.mark.parametrize(
    "other",
    [
        (3_001, BEN, {"by": 1}),
        (1_000, ADA, {"by": 1, "seat": 2}),
        (1_000, CLEO, {"by": 1}),
    ],
)
def test_later_or_by_another_hand_or_of_another_seat_is_another_change(
    other: tuple[int, str, dict[str, Any]],
) -> None:
    """3 s and one ms; the host's hand; another seat."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=1)
    at, client, fields = other
    entry = sitting.play("adjust-life", client, at, **fields)
    assert "group" not in entry.facts


def test_another_number_is_another_change() -> None:
    """Poison between two taps on life."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=1)
    assert "group" not in sitting.play("adjust-counter", BEN, 500, counter="poison", by=1).facts


def test_a_group_whose_last_tap_was_deadly_is_taken_back_whole() -> None:
    """Back in, with all its life."""
    sitting = running_table(starting_life=3)
    for at in (0, 500, 1_000):
        sitting.play("adjust-life", BEN, at, by=-1)
    assert sitting.seat(2).out == "life"
    sitting.play("undo", BEN, 2_000)
    assert (sitting.seat(2).out, sitting.seat(2).life) == ("", 3)


def test_a_tap_after_a_deadly_one_is_a_change_of_its_own() -> None:
    """It can be taken back, also when play has moved on since the out."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-40)
    sitting.play("pass-turn", ADA, 500)
    sitting.play("adjust-life", BEN, 1_000, by=1)
    sitting.play("undo", BEN, 2_000)
    assert sitting.seat(2).life == 0
    assert sitting.refusal("undo", BEN, 2_000) == "stood-upon"


# ---- what stands on what

STANDING = ["turn-passed", "interrupted", "target-toggled", "conceded"]


@pytest.mark.parametrize("event", STANDING)
def test_on_a_turn_stands_every_later_turn_interrupt_target_and_out(event: str) -> None:
    """Ada has passed; then something of that kind happens; Ada can not go back under it."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    command, client, fields = {
        "turn-passed": ("pass-turn", BEN, {}),
        "interrupted": ("interrupt", CLEO, {}),
        "target-toggled": ("toggle-target", BEN, {"seat": 3}),
        "conceded": ("concede", CLEO, {}),
    }[event]
    sitting.play(command, client, SECOND, **fields)
    sitting.game = replace(sitting.game, host=TABLET)
    assert sitting.refusal("undo", ADA, 2 * SECOND) == "stood-upon"


def test_when_the_later_one_is_taken_back_the_earlier_one_can_be() -> None:
    """Ben takes his pass back, then Ada hers."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    sitting.play("pass-turn", BEN, SECOND)
    sitting.play("undo", BEN, 2 * SECOND)
    sitting.play("undo", ADA, 3 * SECOND)
    assert (sitting.game.turn, sitting.game.active) == (1, 1)
    assert sitting.bank(2) == BANK
    assert sitting.bank(3) == BANK
    assert sitting.bank(1) == BANK - 3 * SECOND


def test_on_a_change_of_life_nothing_stands() -> None:
    """It is taken back as a difference, whatever came after."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-5)
    sitting.play("adjust-life", ADA, SECOND, seat=2, by=-2)
    sitting.play("pass-turn", ADA, 2 * SECOND)
    sitting.play("undo", BEN, 3 * SECOND)
    assert sitting.seat(2).life == 38
    assert sitting.game.active == 2


def test_unless_it_put_a_seat_out() -> None:
    """Then the turn that came after stands on it."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-40)
    sitting.play("pass-turn", ADA, SECOND)
    assert sitting.refusal("undo", BEN, 2 * SECOND) == "stood-upon"


def test_a_marker_set_since_keeps_the_earlier_setting() -> None:
    """But only the same marker."""
    sitting = running_table()
    sitting.play("set-marker", BEN, 0, marker="monarch", value=2)
    sitting.play("set-marker", CLEO, 0, marker="initiative", value=3)
    sitting.play("set-marker", CLEO, SECOND, marker="monarch", value=3)
    assert sitting.refusal("undo", BEN, 2 * SECOND) == "stood-upon"
    sitting.game = replace(sitting.game, host=TABLET)
    sitting.play("set-marker", ADA, 3 * SECOND, marker="day-night", value="night")
    sitting.play("undo", CLEO, 4 * SECOND)
    assert (sitting.game.monarch, sitting.game.initiative) == (2, 3)


def test_a_reset_stays_when_the_table_was_rearranged() -> None:
    """It is no longer the table that was reset; else it is undoable until the next start."""
    sitting = running_table()
    sitting.play("reset", ADA, SECOND, confirm="yes")
    sitting.play("move-seat", ADA, 2 * SECOND, seat=3, by=-1)
    assert sitting.refusal("undo", ADA) == "stood-upon"
    sitting = running_table()
    sitting.play("reset", ADA, SECOND, confirm="yes")
    sitting.play("start", ADA, 2 * SECOND)
    assert sitting.refusal("undo", ADA) == "nothing-to-undo"


def test_the_rematch_of_a_holder_can_be_taken_back() -> None:
    """The finished table comes back with its winner."""
    sitting = finished_table()
    sitting.play("reset", BEN, SECOND, confirm="yes")
    sitting.play("undo", BEN, 2 * SECOND)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 0)


# ---- what the clock did because of it


def test_a_time_out_after_a_mistaken_pass_is_undone_with_it() -> None:
    """Ben's time ran out only because Ada passed."""
    sitting = running_table(starting_seconds=10, bonus_seconds=0)
    sitting.play("pass-turn", ADA, SECOND)
    sitting.wait(12 * SECOND)
    assert sitting.seat(2).is_pending
    undone = sitting.play("undo", ADA, 12 * SECOND)
    assert len(undone.facts["undid"]) == 2
    ben = sitting.seat(2)
    assert (ben.bank_ms, ben.penalties, ben.grace_ms) == (10 * SECOND, 0, None)
    assert sitting.game.active == 1


def test_who_died_because_of_it_is_back() -> None:
    """And so is the game that ended by it."""
    sitting = running_table(2, starting_seconds=8, bonus_seconds=0, on_timeout="out")
    sitting.play("pass-turn", ADA, SECOND)
    sitting.wait(9 * SECOND)
    assert sitting.game.winner == 1
    sitting.play("undo", ADA, 10 * SECOND)
    assert (sitting.game.status, sitting.game.winner, sitting.seat(2).out) == ("running", None, "")


def test_a_chain_of_skips_is_undone_with_the_pass() -> None:
    """Ben's and Cleo's turns were skipped while nobody looked."""
    sitting = running_table(
        starting_seconds=4, bonus_seconds=0, on_timeout="skip", timeout_bonus_seconds=5
    )
    sitting.play("pass-turn", ADA, SECOND)
    sitting.wait(10 * SECOND)
    assert sitting.game.turn > 3
    sitting.play("undo", ADA, 10 * SECOND)
    assert (sitting.game.turn, sitting.game.active) == (1, 1)
    assert [sitting.bank(n) for n in (2, 3)] == [4 * SECOND] * 2


def test_periods_flow_back() -> None:
    """Ben burnt two in a turn that never was."""
    sitting = running_table(
        time_control="byo-yomi", starting_seconds=1, periods=5, period_seconds=3
    )
    sitting.play("pass-turn", ADA, 500)
    sitting.wait(8 * SECOND)
    assert sitting.seat(2).periods == 3
    sitting.play("undo", ADA, 8 * SECOND)
    assert (sitting.seat(2).periods, sitting.seat(2).bank_ms) == (5, SECOND)


def test_the_move_that_ended_the_game_can_be_taken_back() -> None:
    """Concession, deadly life, a word: running again from this instant, nobody charged."""
    for command, client, fields in (
        ("concede", BEN, {}),
        ("adjust-life", BEN, {"by": -40}),
        ("finish", ADA, {"winner": 1, "confirm": "yes"}),
    ):
        sitting = running_table(2)
        sitting.play(command, client, 5 * SECOND, **fields)
        assert sitting.game.status == "finished"
        sitting.play("undo", client, 12 * SECOND)
        assert sitting.game.status == "running"
        assert sitting.bank(1, 12 * SECOND) == BANK - 5 * SECOND
        assert sitting.bank(1, 13 * SECOND) == BANK - 6 * SECOND


# ---- bonus and increments flow back, and the time since is charged


def test_the_bonus_flows_back_and_whoever_passed_pays() -> None:
    """Ben has his bank without the bonus, Ada four seconds less."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 10 * SECOND)
    undone = sitting.play("undo", ADA, 14 * SECOND)
    assert sitting.bank(2) == BANK
    assert sitting.bank(1) == BANK - 14 * SECOND
    assert undone.charged[1] == 4 * SECOND
    assert sitting.seat(1).used_ms == 14 * SECOND
    assert sitting.seat(2).used_ms == 0


def test_an_increment_flows_back() -> None:
    """Fischer's comes with the pass."""
    sitting = running_table(time_control="fischer", increment_seconds=5)
    sitting.play("pass-turn", ADA, 10 * SECOND)
    assert sitting.bank(1) == BANK - 5 * SECOND
    sitting.play("undo", ADA, 11 * SECOND)
    assert sitting.bank(1) == BANK - 11 * SECOND


def test_sand_flows_back() -> None:
    """And its sum is what it was."""
    sitting = running_table(time_control="hourglass", starting_minutes=1)
    sitting.play("pass-turn", ADA, 10 * SECOND)
    sitting.play("undo", ADA, 19 * SECOND)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [41 * SECOND, 69_500, 69_500]


def test_a_delay_goes_on_where_it_stopped() -> None:
    """Three of ten seconds were used; four more pass while Ben is on the clock by mistake."""
    sitting = running_table(time_control="delay", delay_seconds=10)
    sitting.play("pass-turn", ADA, 3 * SECOND)
    sitting.play("undo", ADA, 7 * SECOND)
    assert sitting.bank(1, 10 * SECOND) == BANK
    assert sitting.bank(1, 12 * SECOND) == BANK - 2 * SECOND


def test_at_most_15_seconds_are_moved_older_time_stays_where_it_ran() -> None:
    """The host takes Ada's pass back a minute later: 45 s stay with Ben."""
    sitting = running_table(4)
    sitting.play("switch-turn", ADA, 0, seat=2)
    sitting.play("pass-turn", BEN, 10 * SECOND)
    sitting.play("undo", ADA, 70 * SECOND)
    assert sitting.game.active == 2
    assert sitting.bank(2) == BANK - 25 * SECOND
    assert sitting.bank(3) == BANK - 45 * SECOND


def test_pauses_in_between_are_nobodys_time() -> None:
    """Two seconds ran before the pause and three after it."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    sitting.play("pause", BEN, 2 * SECOND)
    sitting.play("resume", BEN, 9 * SECOND)
    sitting.play("undo", ADA, 12 * SECOND)
    assert (sitting.bank(1), sitting.bank(2)) == (BANK - 5 * SECOND, BANK)


def test_while_paused_the_table_goes_back_and_stays_paused() -> None:
    """A pause is not reversible."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    sitting.play("pause", BEN, 2 * SECOND)
    sitting.play("undo", ADA, 9 * SECOND)
    assert (sitting.game.status, sitting.game.active) == ("paused", 1)
    assert (sitting.bank(1), sitting.bank(2)) == (BANK - 2 * SECOND, BANK)


def test_all_who_answered_side_by_side_get_theirs_back() -> None:
    """Ada asked by mistake: she pays once, not for each of them."""
    sitting = running_table()
    asking(sitting)
    sitting.play("confirm-targets", ADA, 2 * SECOND)
    sitting.play("undo", ADA, 6 * SECOND)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK - 6 * SECOND, BANK, BANK]
    assert sitting.game.targeting is not None
    assert sitting.game.targeting.stage == "selecting"


def test_an_interrupt_taken_back_stays_with_who_interrupted() -> None:
    """Also when the host takes it back: nobody thinks for free."""
    for client in (BEN, ADA):
        sitting = running_table()
        sitting.play("interrupt", BEN, 2 * SECOND)
        sitting.play("undo", client, 9 * SECOND)
        assert [sitting.bank(n) for n in (1, 2)] == [BANK - 2 * SECOND, BANK - 7 * SECOND]


def test_of_an_entry_by_the_hosts_hand_the_time_stays_where_it_ran() -> None:
    """The host has moved the turn of somebody else."""
    sitting = without_host_seat(running_table())
    sitting.play("switch-turn", TABLET, 2 * SECOND, seat=3)
    sitting.play("undo", TABLET, 9 * SECOND)
    assert [sitting.bank(n) for n in (1, 3)] == [BANK - 2 * SECOND, BANK - 7 * SECOND]


def test_who_can_not_pay_runs_out_at_once() -> None:
    """Ada had two seconds left when she passed; ten have gone by. Never below 0."""
    sitting = running_table(starting_seconds=5, bonus_seconds=30)
    sitting.play("pass-turn", ADA, 3 * SECOND)
    undone = sitting.play("undo", ADA, 13 * SECOND)
    assert sitting.seat(1).bank_ms == 0
    assert undone.free == {"undo": {1: 8 * SECOND}}
    (entry,) = sitting.wait(13 * SECOND)
    assert entry.facts["ran_out"] == [1]


def test_by_setting_nobody_pays_but_only_once_a_turn() -> None:
    """The second undo of the same seat in that turn is charged."""
    sitting = running_table(undo_charges="nobody")
    sitting.play("pass-turn", ADA, 10 * SECOND)
    sitting.play("undo", ADA, 14 * SECOND)
    assert sitting.bank(1) == BANK - 10 * SECOND
    sitting.play("pass-turn", ADA, 14 * SECOND)
    sitting.play("undo", ADA, 20 * SECOND)
    assert sitting.bank(1) == BANK - 16 * SECOND
    assert sitting.bank(2) == BANK


# ---- the ledger


def test_an_undo_is_an_entry_and_grants_are_never_used_twice() -> None:
    """A form painted for the turn that was taken back is late, also when that turn comes again."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    turn, grant = sitting.game.turn, sitting.game.grant
    sitting.play("undo", ADA, SECOND)
    sitting.play("pass-turn", ADA, 2 * SECOND)
    assert sitting.game.turn == turn
    assert sitting.game.grant > grant
    assert sitting.is_stale("pass-turn", BEN, turn=turn, grant=grant)
    assert [e.event for e in sitting.entries[-3:]] == ["turn-passed", "undone", "turn-passed"]


def test_also_an_extra_turn_taken_back_makes_forms_late() -> None:
    """The running seat is the same, the turn's number comes again."""
    sitting = running_table()
    sitting.play("extra-turn", ADA, 0)
    grant = sitting.game.grant
    sitting.play("undo", ADA, SECOND)
    sitting.play("extra-turn", ADA, 2 * SECOND)
    assert sitting.game.grant > grant


def test_a_freed_seat_does_not_come_back_onto_the_stack() -> None:
    """Ben has given back and got up; taking his giving back back finds nobody."""
    sitting = running_table()
    sitting.play("interrupt", BEN, 0)
    sitting.play("pass-priority", BEN, SECOND)
    sitting.play("free-seat", ADA, 2 * SECOND, seat=2)
    sitting.play("undo", ADA, 3 * SECOND)
    assert sitting.game.stack == ()
    assert running_seats(sitting.game) == (1,)


def test_what_every_seat_was_charged_is_what_the_ledger_says() -> None:
    """Undo included: charges below 0 are what was given back."""
    sitting = running_table()
    for at in range(1, 20):
        sitting.play("pass-turn", CLIENTS[sitting.game.active or 1], 10 * at * SECOND)
        sitting.play("undo", ADA, (10 * at + 4) * SECOND)
    for number in (1, 2, 3):
        charged = sum(entry.charged.get(number, 0) for entry in sitting.entries)
        assert charged == sitting.seat(number).used_ms
        assert remaining_ms(sitting.game, number, sitting.game.last_at) <= BANK
    assert judge.wakes_at(sitting.game, sitting.around.nobody_since) is not None


# ---- groups, to their edges


def test_a_group_is_taken_back_whole_however_long_it_took() -> None:
    """Only the newest of its taps has to be within the fifteen seconds."""
    sitting = running_table()
    for i in range(10):
        sitting.play("adjust-life", BEN, i * 3_000, by=-2)
    sitting.play("undo", BEN, 27_000 + 15_000)
    assert sitting.seat(2).life == 40


def test_a_revive_ends_a_group() -> None:
    """What was tapped before it put the seat out; what comes after is another story."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-40)
    sitting.play("revive", ADA, 500, seat=2)
    sitting.play("adjust-life", BEN, SECOND, by=-3)
    sitting.play("undo", BEN, 1_500)
    assert (sitting.seat(2).life, sitting.seat(2).out) == (40, "")
    assert sitting.refusal("undo", BEN, 1_600) == "stood-upon"


def test_a_deadly_tap_at_the_end_of_a_group_may_come_after_a_turn() -> None:
    """Ben's first tap, Ada's pass, his second one, which kills: he takes both of his back."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-1)
    sitting.play("pass-turn", ADA, 500)
    sitting.play("adjust-life", BEN, 1_000, by=-39)
    undone = sitting.play("undo", BEN, 2_000)
    assert len(undone.facts["undid"]) == 2
    ben = sitting.seat(2)
    assert (ben.life, ben.out, ben.change, sitting.game.active) == (40, "", None, 2)


def test_a_run_of_taps_is_one_step_and_crowds_out_nothing() -> None:
    """What is offered after it is what was before it."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 0)
    for i in range(3 * STEPS_KEPT):
        sitting.play("adjust-life", CLEO, i * 100, by=-1)
    assert [step.event for step in sitting.game.steps] == ["turn-passed", "life-adjusted"]
    sitting.play("undo", ADA, 4_000)
    step = newest_of_each(sitting.game.steps).get("host")
    assert step is not None
    assert step.event == "turn-passed"


def test_what_would_be_refused_is_not_offered() -> None:
    """The table's newest is Cleo's interrupt, and the kick stands on it; Ben's life is free."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-1)
    sitting.play("interrupt", CLEO, 100)
    sitting.play("kick", ADA, 200, seat=3)
    assert newest_of_each(sitting.game.steps)["host"] is None
    assert sitting.refusal("undo", ADA, 300) == "stood-upon"
    step = newest_of_each(sitting.game.steps).get(2)
    assert step is not None
    sitting.play("undo", BEN, 400)
    assert sitting.seat(2).life == 40


# ---- differences, to their limits


def test_a_counter_never_falls_below_0_by_undo() -> None:
    """Ben counts five, the host takes them away, Ben takes his five back."""
    sitting = running_table()
    sitting.play("adjust-counter", BEN, 0, counter="poison", by=5)
    sitting.play("adjust-counter", ADA, 100, seat=2, counter="poison", by=-5)
    sitting.play("undo", BEN, 200)
    assert sitting.seat(2).poison == 0


def test_life_never_rises_above_9999_nor_damage_above_999_by_undo() -> None:
    """Lowered by the own hand, raised to the limit by the host's, and the own taken back."""
    sitting = lobby_table()
    sitting.play("adjust-life", ADA, 0, seat=2, by=9_959)
    sitting.play("commander-damage", ADA, 0, seat=3, source=1, by=999)
    sitting.play("start", ADA, 5_000)
    sitting.play("adjust-life", BEN, 6_000, by=-9_000)
    sitting.play("adjust-life", ADA, 6_100, seat=2, by=9_000)
    sitting.play("undo", BEN, 6_200)
    assert sitting.seat(2).life == 9_999
    sitting.play("concede", CLEO, 7_000)
    sitting.play("commander-damage", CLEO, 8_000, source=1, by=-9)
    sitting.play("commander-damage", ADA, 8_100, seat=3, source=1, by=9)
    sitting.play("undo", CLEO, 8_200)
    assert sitting.seat(3).damage == {"1.1": 999}


def test_without_a_gain_a_seat_may_be_dead() -> None:
    """At 5, +10 by Ben, then -12 by the host: taking the gain back is deadly."""
    sitting = running_table(starting_life=5)
    sitting.play("adjust-life", BEN, 0, by=10)
    sitting.play("adjust-life", ADA, 100, seat=2, by=-12)
    sitting.play("undo", BEN, 200)
    assert (sitting.seat(2).life, sitting.seat(2).out) == (-7, "life")


def test_who_would_come_back_dead_does_not() -> None:
    """Out by -5; meanwhile the host took ten more: five back is still deadly."""
    sitting = running_table(starting_life=5)
    sitting.play("adjust-life", BEN, 0, by=-5)
    sitting.play("adjust-life", ADA, 100, seat=2, by=-10)
    sitting.play("undo", BEN, 200)
    assert (sitting.seat(2).life, sitting.seat(2).out) == (-5, "life")


def test_who_was_dead_and_in_before_it_is_so_again() -> None:
    """Revived with ten poison; or begun below 0, as nothing kills while waiting."""
    sitting = lobby_table()
    sitting.play("adjust-life", ADA, seat=2, by=-50)
    sitting.play("start", ADA)
    sitting.play("adjust-life", BEN, SECOND, by=60)
    sitting.play("undo", BEN, 2 * SECOND)
    assert (sitting.seat(2).life, sitting.seat(2).out) == (-10, "")
    sitting.play("adjust-counter", CLEO, 3 * SECOND, counter="poison", by=10)
    sitting.play("revive", ADA, 4 * SECOND, seat=3)
    sitting.play("penalty", ADA, 5 * SECOND, seat=3)
    sitting.play("undo", ADA, 6 * SECOND)
    assert (sitting.seat(3).poison, sitting.seat(3).penalties, sitting.seat(3).out) == (10, 0, "")


def test_a_marker_does_not_go_back_to_somebody_who_is_out() -> None:
    """To the active seat then, as when its owner goes out."""
    sitting = running_table()
    sitting.play("set-marker", BEN, 0, marker="monarch", value=3)
    sitting.play("set-marker", BEN, 100, marker="monarch", value=2)
    sitting.play("concede", CLEO, 200)
    sitting.play("undo", BEN, 300)
    assert sitting.game.monarch == 1


def test_a_marker_does_not_go_back_to_a_seat_that_is_gone() -> None:
    """While waiting seats may be taken away."""
    sitting = lobby_table(4)
    sitting.play("set-marker", ADA, marker="monarch", value=4)
    sitting.play("set-marker", ADA, marker="monarch", value=2)
    sitting.play("remove-seat", ADA, seat=4)
    sitting.play("undo", ADA)
    assert sitting.game.monarch is None


def test_a_marker_given_away_since_stays_there_when_an_out_is_taken_back() -> None:
    """Cleo's monarchy went to Ada by her concession, and then to Ben by hand."""
    sitting = running_table()
    sitting.play("set-marker", CLEO, 0, marker="monarch", value=3)
    sitting.play("concede", CLEO, SECOND)
    sitting.play("set-marker", BEN, 2 * SECOND, marker="monarch", value=2)
    sitting.play("undo", CLEO, 3 * SECOND)
    assert sitting.game.monarch == 2


def test_corrections_within_a_group_leave_no_damage_behind() -> None:
    """Campaigns: 5 lost, 3 gained; both taken back, the newest first."""
    sitting = running_table(mode="campaign", campaign="wastelands")
    for i, by in enumerate((-5, 3)):
        sitting.play("adjust-life", BEN, i * 500, by=by)
    assert sitting.seat(1).dealt == {2: 2}
    sitting.play("undo", BEN, 2_000)
    assert (sitting.seat(1).dealt, sitting.game.hits) == (None, ())


def test_damage_taken_back_leaves_that_of_others() -> None:
    """Campaigns: Ben's five points go, Cleo's two stay, and what may still be corrected of them."""
    sitting = running_table(mode="campaign", campaign="wastelands")
    sitting.play("adjust-life", BEN, 0, by=-5)
    sitting.play("adjust-life", CLEO, 500, by=-2)
    sitting.play("undo", BEN, 2_000)
    assert sitting.seat(1).dealt == {3: 2}
    assert [hit.victim for hit in sitting.game.hits] == [3]


# ---- time by the host's hand


def test_a_gift_is_taken_back_as_far_as_it_is_not_used() -> None:
    """A minute given, fifty seconds used of seventy: twenty are left, none is owed."""
    sitting = running_table(starting_seconds=10, bonus_seconds=0)
    sitting.play("add-time", ADA, 0, seat=1, minutes=1)
    sitting.play("undo", ADA, 50_000)
    assert (sitting.bank(1), sitting.seat(1).used_ms) == (0, 50_000)


def test_a_gift_that_ended_a_choice_is_taken_back_with_that() -> None:
    """Ada has to choose again, with the grace she had; what she used since was the gift's."""
    sitting = choosing_table(1)
    sitting.play("add-time", ADA, MINUTE + 4_000, seat=1, minutes=1)
    sitting.play("undo", ADA, MINUTE + 9_000)
    ada = sitting.seat(1)
    assert (ada.bank_ms, ada.grace_ms, ada.used_ms) == (0, 26_000, MINUTE + 5_000)


def test_a_gift_to_a_clock_in_overtime_is_taken_back_into_overtime() -> None:
    """Ten seconds over, a minute given and taken back."""
    sitting = running_table(starting_seconds=10, bonus_seconds=0, on_timeout="overtime")
    sitting.play("add-time", ADA, 20_000, seat=1, minutes=1)
    assert not sitting.seat(1).overtime
    sitting.play("undo", ADA, 20_000)
    assert (sitting.bank(1), sitting.seat(1).overtime) == (-10_000, True)


def test_a_gift_to_one_turn_is_over_with_it() -> None:
    """Per-turn: nothing to take back when the clock has ended the turn it was for."""
    sitting = running_table(time_control="per-turn", allowance_seconds=60, on_timeout="skip")
    sitting.play("add-time", ADA, 0, seat=1, seconds=30)
    sitting.wait(90_000)
    assert sitting.game.active == 2
    sitting.play("undo", ADA, 91_000)
    assert sitting.seat(1).bank_ms == MINUTE


@pytest.mark.parametrize("on_timeout", ["choice", "out", "skip"])
def test_time_that_was_taken_comes_back_with_all_it_led_to(on_timeout: str) -> None:
    """One second was left; what befell Ada then would not have. Others keep what they used."""
    sitting = running_table(starting_seconds=60, bonus_seconds=0, on_timeout=on_timeout)
    sitting.play("take-time", ADA, 10_000, seat=1, seconds=49)
    sitting.wait(11_000)
    sitting.play("undo", ADA, 12_000)
    ada = sitting.seat(1)
    assert (ada.out, ada.penalties, ada.is_pending, ada.bank_ms) == ("", 0, False, 49_000)
    assert (sitting.game.active, sitting.game.turn) == (1, 1)
    assert sitting.bank(2) == (60_000 if on_timeout == "choice" else 59_000)


def test_time_that_was_taken_comes_back_alone_when_play_has_moved_on() -> None:
    """Ada has been revived since: she keeps that, and has the time besides."""
    sitting = running_table(starting_seconds=60, bonus_seconds=0, on_timeout="out")
    sitting.play("take-time", ADA, 10_000, seat=1, seconds=49)
    sitting.play("revive", ADA, 12_000, seat=1)
    sitting.play("undo", ADA, 13_000)
    assert sitting.bank(1) == 60_000 + 49_000
    assert (sitting.game.active, sitting.game.turn) == (2, 2)


def test_time_that_comes_back_ends_a_choice_as_any_gift_does() -> None:
    """Somebody else was revived since, so that nothing goes further back than the time itself."""
    sitting = running_table(starting_seconds=60, bonus_seconds=0)
    sitting.play("eliminate", ADA, 0, seat=3)
    sitting.play("take-time", ADA, 10_000, seat=1, seconds=49)
    sitting.wait(11_000)
    sitting.play("revive", ADA, 12_000, seat=3)
    sitting.play("undo", ADA, 13_000)
    assert (sitting.seat(1).is_pending, sitting.bank(1)) == (False, 49_000)


def test_while_waiting_an_own_starting_time_is_taken_back() -> None:
    """To what everybody has by then."""
    sitting = lobby_table()
    sitting.play("add-time", ADA, seat=2, minutes=5)
    sitting.play("update-settings", ADA, starting_minutes=10)
    assert sitting.bank(2) == 25 * MINUTE
    sitting.play("undo", ADA)
    assert (sitting.bank(2), sitting.seat(2).handicap_ms) == (10 * MINUTE, None)


# ---- resets


def test_a_reset_taken_back_goes_on_where_it_stopped() -> None:
    """Names and people who went meanwhile stay as they are."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 4_000)
    sitting.play("reset", ADA, 9_000, confirm="yes")
    sitting.play("rename-seat", BEN, 10_000, name="Bob")
    sitting.play("leave-seat", CLEO, 11_000)
    undone = sitting.play("undo", ADA, MINUTE)
    assert (sitting.game.status, sitting.game.active, sitting.game.turn) == ("running", 2, 2)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK - 4_000, BANK + BONUS - 5_000, BANK]
    assert [sitting.seat(n).used_ms for n in (1, 2, 3)] == [4_000, 5_000, 0]
    assert not any(undone.charged.values())
    assert (sitting.seat(2).name, sitting.seat(3).holder) == ("Bob", None)


def test_who_sat_down_after_a_reset_is_in_when_it_is_taken_back() -> None:
    """Seat 4 was set aside at the start; Dora has it now."""
    sitting = lobby_table(4)
    sitting.play("start", ADA, empty_seats="remove")
    sitting.play("reset", ADA, SECOND, confirm="yes")
    sitting.play("claim-seat", DORA, 2 * SECOND, seat=4)
    sitting.play("undo", ADA, 3 * SECOND)
    assert sitting.seat(4).is_in
    assert sitting.game.next_in(3) == 4


def test_what_was_before_a_reset_waits_for_the_reset() -> None:
    """Not to be found under it, and again once the reset is taken back."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, 0, by=-1)
    sitting.play("reset", ADA, SECOND, confirm="yes")
    assert sitting.refusal("undo", BEN, 2 * SECOND) == "nothing-to-undo"
    sitting.play("undo", ADA, 3 * SECOND)
    sitting.play("undo", BEN, 4 * SECOND)
    assert sitting.seat(2).life == 40


def test_a_reset_while_waiting_is_taken_back_too() -> None:
    """The host had set lives for a team."""
    sitting = lobby_table()
    sitting.play("adjust-life", ADA, seat=2, by=20)
    sitting.play("reset", ADA, confirm="yes")
    assert sitting.seat(2).life == 40
    sitting.play("undo", ADA)
    assert sitting.seat(2).life == 60


def test_nothing_reaches_back_before_a_booked_round() -> None:
    """The finished round stays finished."""
    sitting = running_table(mode="campaign", campaign="blitz")
    sitting.play("finish", ADA, SECOND, winner=2, confirm="yes")
    sitting.play("next-round", BEN, 2 * SECOND)
    for client in (ADA, BEN):
        assert sitting.refusal("undo", client, 3 * SECOND) == "nothing-to-undo"


# ---- what the clock did, whose doing it was


def test_a_time_out_of_an_own_interrupt_is_not_shaken_off_by_undo() -> None:
    """Ben keeps the time he used, and so what came of it: the choice, and the penalty."""
    sitting = running_table(starting_seconds=5, bonus_seconds=0)
    sitting.play("interrupt", BEN, SECOND)
    sitting.wait(6 * SECOND)
    sitting.play("undo", BEN, 8 * SECOND)
    assert running_seats(sitting.game) == (1,)
    ben = sitting.seat(2)
    assert (ben.bank_ms, ben.penalties, ben.grace_ms) == (0, 1, 28_000)


def test_who_is_out_by_an_own_interrupt_stays_out() -> None:
    """On time-out: out. The interrupt cannot be taken back any more."""
    sitting = running_table(starting_seconds=5, bonus_seconds=0, on_timeout="out")
    sitting.play("interrupt", BEN, SECOND)
    sitting.wait(6 * SECOND)
    assert sitting.sentence("undo", BEN, 8 * SECOND) == "The clock has moved on since."


def test_an_interrupt_with_an_empty_bank_is_taken_back_with_its_time_out() -> None:
    """No time had run: a slip of the thumb has no price."""
    sitting = running_table(bonus_seconds=0)
    seats = sitting.game.seats
    sitting.game = replace(sitting.game, seats={**seats, 2: replace(seats[2], bank_ms=0)})
    sitting.play("interrupt", BEN, SECOND)
    sitting.wait(SECOND)
    assert sitting.seat(2).is_pending
    sitting.play("undo", BEN, SECOND)
    assert (sitting.seat(2).is_pending, sitting.seat(2).penalties) == (False, 0)


def test_a_time_out_that_would_have_come_anyhow_stays() -> None:
    """Ada chooses a target, her own clock runs out: that choice is still to be made."""
    sitting = running_table(starting_seconds=60)
    sitting.play("toggle-target", ADA, 55_000, seat=2)
    sitting.wait(60_000)
    sitting.play("undo", ADA, 62_000)
    assert sitting.game.targeting is None
    assert (sitting.seat(1).penalties, sitting.seat(1).grace_ms) == (1, 28_000)


def test_a_grace_that_was_running_anyhow_goes_on() -> None:
    """Ben has to choose; that Cleo interrupts and takes it back gives him no second more."""
    sitting = choosing_table(2)
    sitting.play("interrupt", CLEO, MINUTE + 5_000)
    sitting.play("undo", CLEO, MINUTE + 12_000)
    assert sitting.seat(2).grace_ms == 18_000


def test_a_time_out_is_undone_once() -> None:
    """With Ben's pass; Cleo's penalty of before is still there when Ada takes hers back too."""
    sitting = running_table(starting_seconds=60, bonus_seconds=0)
    sitting.play("penalty", ADA, 0, seat=3)
    sitting.play("take-time", ADA, 0, seat=3, seconds=58)
    sitting.play("pass-turn", ADA, SECOND)
    sitting.play("pass-turn", BEN, 2 * SECOND)
    sitting.wait(4 * SECOND)
    assert sitting.seat(3).penalties == 2
    for _ in range(2):
        sitting.play("undo", ADA, 5 * SECOND)
        assert (sitting.seat(3).penalties, sitting.seat(3).is_pending) == (1, False)


def test_a_death_that_was_coming_anyhow_keeps_the_turn() -> None:
    """Ben, asked to choose, did not; that Cleo interrupted has nothing to do with it."""
    sitting = choosing_table(2)
    sitting.play("interrupt", CLEO, MINUTE + 20_000)
    sitting.wait(MINUTE + 30_000)
    assert sitting.seat(2).out == "time"
    assert sitting.sentence("undo", CLEO, MINUTE + 31_000) == "The clock has moved on since."


def test_the_last_pass_of_a_round_is_taken_back_the_rounds_end_is_not() -> None:
    """The draw was that pass's doing; the cap of a last turn is the clock's own."""
    sitting = running_table(round_minutes=1, round_end="last-turn", round_extra=1)
    sitting.wait(MINUTE)
    sitting.play("pass-turn", ADA, MINUTE + SECOND)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 0)
    sitting.play("undo", ADA, MINUTE + 9 * SECOND)
    assert (sitting.game.status, sitting.game.active) == ("running", 1)
    assert sitting.game.round_left_ms == -SECOND  # it stood still meanwhile
    sitting.play("interrupt", BEN, MINUTE + 60 * SECOND)
    sitting.wait(3 * MINUTE)
    assert sitting.game.finished_by == "round"
    assert sitting.refusal("undo", BEN, MINUTE + 70 * SECOND) == "stood-upon"


# ---- whose time it was, to the edges

EVERY_CONTROL: dict[str, dict[str, Any]] = {
    "bonus": {"bonus_seconds": 30},
    "fischer": {"increment_seconds": 10},
    "bronstein": {"delay_seconds": 10},
    "delay": {"delay_seconds": 10},
    "hourglass": {},
    "byo-yomi": {"periods": 3, "period_seconds": 5},
    "per-turn": {"allowance_seconds": 90},
    "count-up": {},
}


@pytest.mark.parametrize("control", EVERY_CONTROL)
def test_a_pass_taken_back_is_as_if_the_turn_had_gone_on(control: str) -> None:
    """Two tables, one with a pass taken back six seconds later: the same clocks ever after."""
    assert set(EVERY_CONTROL) == set(CONTROLS)
    tables = [
        running_table(time_control=control, starting_seconds=60, **EVERY_CONTROL[control])
        for _ in range(2)
    ]
    for sitting in tables:
        for client, at in ((ADA, 7_000), (BEN, 9_000), (CLEO, 14_000)):
            sitting.play("pass-turn", client, at)
    tables[0].play("pass-turn", ADA, 20_000)
    tables[0].play("undo", ADA, 26_000)
    clocks = []
    for sitting in tables:
        sitting.play("pause", BEN, 30_000)
        clocks.append(list(sitting.game.seats.values()))
    assert clocks[0] == clocks[1]


def test_who_pays_in_byo_yomi_burns_periods() -> None:
    """A second was left of five periods of four: eleven seconds are three of them."""
    fields: dict[str, Any] = {"time_control": "byo-yomi", "periods": 5, "period_seconds": 4}
    sitting = running_table(starting_seconds=3, **fields)
    sitting.play("add-time", ADA, 0, seat=2, minutes=1)
    sitting.play("pass-turn", ADA, 6_000)
    sitting.play("undo", ADA, 17_000)
    assert (sitting.seat(1).periods, sitting.bank(1)) == (2, 2_000)


def test_an_undone_choice_costs_the_time_in_which_it_could_have_been_made() -> None:
    """The grace goes on as if there had been no choice; the gift flows back."""
    sitting = choosing_table(2)
    sitting.play("timeout-choice", BEN, MINUTE + 5_000, choice="drink")
    undone = sitting.play("undo", BEN, MINUTE + 14_000)
    ben = sitting.seat(2)
    assert (ben.bank_ms, ben.grace_ms, ben.drinks, ben.used_ms) == (0, 16_000, 0, MINUTE)
    assert undone.free["grace"] == {2: 9_000}


def test_a_mistaken_answer_is_paid_beside_those_who_still_respond() -> None:
    """Side by side, each charged in full; two mistaken answers cost each their own."""
    sitting = running_table()
    asked(sitting)
    sitting.play("pass-target", BEN, 4 * SECOND)
    sitting.play("pass-target", CLEO, 6 * SECOND)
    sitting.play("undo", CLEO, 8 * SECOND)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [
        BANK - 2 * SECOND,
        BANK - 2 * SECOND,
        BANK - 6 * SECOND,
    ]
    sitting.play("undo", BEN, 10 * SECOND)
    assert running_seats(sitting.game) == (2, 3)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [
        BANK - 2 * SECOND,
        BANK - 8 * SECOND,
        BANK - 8 * SECOND,
    ]


@pytest.mark.parametrize("paused_ms", [0, 2_000])
def test_a_mistake_on_a_mistake_is_paid_once_by_whoever_made_the_first(paused_ms: int) -> None:
    """Ada's pass, Ben's pass, both taken back, the inner one perhaps in a pause."""
    sitting = running_table(bonus_seconds=0)
    sitting.game = replace(sitting.game, host=TABLET)
    sitting.play("pass-turn", ADA, 0)
    sitting.play("pass-turn", BEN, 2_000)
    sitting.play("pause", CLEO, 4_000)
    sitting.play("undo", BEN, 4_000 + paused_ms)
    sitting.play("resume", CLEO, 4_000 + paused_ms)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK, BANK - 4_000, BANK]
    sitting.play("undo", ADA, 6_000 + paused_ms)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK - 6_000, BANK, BANK]


def test_the_hosts_undo_forgets_no_undo_of_a_player() -> None:
    """The host's switch is undone: the time stays where it is, what Ben paid too."""
    sitting = without_host_seat(running_table(bonus_seconds=0))
    sitting.play("switch-turn", TABLET, 0, seat=2)
    sitting.play("pass-turn", BEN, 2_000)
    sitting.play("undo", BEN, 4_000)
    sitting.play("undo", TABLET, 6_000)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK, BANK - 6_000, BANK]


def test_a_bonus_that_was_used_up_leaves_no_debt() -> None:
    """The host takes the pass back long after: what ran stays with Ben, at 0 and no further."""
    sitting = running_table(starting_seconds=10, bonus_seconds=30)
    sitting.play("pass-turn", ADA, SECOND)
    sitting.play("undo", ADA, 36_000)
    assert (sitting.seat(2).bank_ms, sitting.seat(2).used_ms) == (0, 20_000)


def test_in_overtime_the_older_time_stays_owed() -> None:
    """Ben was 24 s over; the last 15 are Ada's."""
    sitting = running_table(starting_seconds=10, bonus_seconds=0, on_timeout="overtime")
    sitting.play("add-time", ADA, 0, seat=1, minutes=5)
    sitting.play("pass-turn", ADA, SECOND)
    sitting.play("undo", ADA, 35 * SECOND)
    ben = sitting.seat(2)
    assert (ben.bank_ms, ben.overtime, ben.overtime_ms) == (-9_000, True, 9_000)


def test_who_pays_in_overtime_owes_all_of_it() -> None:
    """Five seconds over already: eight more."""
    sitting = running_table(starting_seconds=10, bonus_seconds=0, on_timeout="overtime")
    sitting.play("pass-turn", ADA, 15 * SECOND)
    sitting.play("undo", ADA, 23 * SECOND)
    ada = sitting.seat(1)
    assert (ada.bank_ms, ada.overtime_ms, ada.used_ms) == (-13_000, 13_000, 23_000)


def test_of_a_delay_only_the_last_fifteen_seconds_are_taken_out_of_the_books() -> None:
    """Ben's twenty seconds were all free; five of them stay, Ada's are free as well."""
    sitting = running_table(time_control="delay", delay_seconds=30)
    sitting.play("pass-turn", ADA, 0)
    sitting.play("ending-turn", BEN, 0)
    undone = sitting.play("undo", ADA, 20 * SECOND)
    assert undone.free == {"delay": {2: 5 * SECOND, 1: 15 * SECOND}}
    assert [sitting.bank(n) for n in (1, 2)] == [BANK, BANK]


def test_after_an_end_taken_back_nobodys_absence_counts_from_before() -> None:
    """Auto-pause waits anew, as after a resume."""
    sitting = running_table(2)
    sitting.play("concede", BEN, SECOND)
    sitting.play("undo", ADA, 20 * MINUTE)
    assert sitting.game.going_since == T0 + 20 * MINUTE


def test_an_out_in_a_pause_leaves_those_alone_who_run_on() -> None:
    """Ben conceded in the pause; Ada has run since, and it was not because of him."""
    sitting = running_table(undo_charges="nobody")
    sitting.play("pause", CLEO, SECOND)
    sitting.play("concede", BEN, 2 * SECOND)
    sitting.play("resume", CLEO, 3 * SECOND)
    undone = sitting.play("undo", BEN, 9 * SECOND)
    assert [sitting.bank(n) for n in (1, 2)] == [BANK - 7 * SECOND, BANK]
    assert (undone.charged, undone.free) == ({1: 6 * SECOND}, {})


def hold(sitting: Sitting, since: int, until: int) -> None:
    """The server is away."""
    game, entries = judge.hold(sitting.game, T0 + since, T0 + until, T0 + since, sitting.around)
    sitting.game, sitting.entries = game, sitting.entries + entries


@pytest.mark.parametrize("until", [9 * SECOND, MINUTE])
def test_an_outage_in_between_does_not_count(until: int) -> None:
    """Four seconds ran before it; it is over when the pass is taken back, or goes on."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, SECOND)
    hold(sitting, 5 * SECOND, until)
    sitting.play("undo", ADA, 9 * SECOND)
    assert [sitting.bank(n) for n in (1, 2)] == [BANK - 5 * SECOND, BANK]
    assert (sitting.game.outage is not None) == (until == MINUTE)


def test_an_end_taken_back_goes_on_with_the_outage_it_cut_short() -> None:
    """Nobody is charged for the rest of it after all."""
    sitting = running_table(2)
    hold(sitting, 5 * SECOND, 12 * SECOND)
    sitting.play("concede", BEN, 7 * SECOND)
    sitting.play("undo", BEN, 9 * SECOND)
    sitting.wait(20 * SECOND)
    assert sitting.bank(1, 20 * SECOND) == BANK - 13 * SECOND


# ---- nobody's time, to the edges


def test_counting_turns_again_brings_no_second_free_undo() -> None:
    """Pass, undo an interrupt in turn 2, undo the pass, and again: not free time for ever."""
    sitting = running_table(bonus_seconds=0, undo_charges="nobody")
    for i in range(5):
        sitting.play("pass-turn", ADA, i * 10_000)
        sitting.play("interrupt", ADA, i * 10_000)
        sitting.play("undo", ADA, i * 10_000 + 5_000)
        sitting.play("undo", ADA, i * 10_000 + 10_000)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK - 50_000, BANK, BANK]


def test_each_seat_and_each_turn_has_its_own_free_undo() -> None:
    """Ada's in turn 1, Ben's in turn 2, Cleo's in turn 3, Ada's again in turn 4."""
    sitting = running_table(bonus_seconds=0, undo_charges="nobody")
    for i, client in enumerate((ADA, BEN, CLEO, ADA)):
        sitting.play("pass-turn", client, i * 5_000)
        sitting.play("undo", ADA, i * 5_000 + 5_000)
        sitting.play("pass-turn", client)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [BANK] * 3


def test_what_costs_nothing_uses_up_no_free_undo() -> None:
    """A target chosen and dropped: Ada's own clock ran all the time, and is charged."""
    sitting = running_table(undo_charges="nobody")
    sitting.play("toggle-target", ADA, SECOND, seat=2)
    undone = sitting.play("undo", ADA, 6 * SECOND)
    assert (undone.free, sitting.seat(1).free_undo_turn) == ({}, 0)
    assert sitting.bank(1) == BANK - 6 * SECOND


def test_by_setting_an_interrupt_taken_back_is_nobodys_time_either() -> None:
    """Ben's nine seconds; the ledger has them as his free undo."""
    sitting = running_table(undo_charges="nobody")
    sitting.play("interrupt", BEN, SECOND)
    undone = sitting.play("undo", BEN, 10 * SECOND)
    assert undone.free == {"undo": {2: 9 * SECOND}}
    assert [sitting.bank(n) for n in (1, 2)] == [BANK - SECOND, BANK]


# ---- forms


def test_a_stale_undo_changes_nothing() -> None:
    """Two phones of one seat, or a thumb that bounced: one step back."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, SECOND)
    painted = {"grant": sitting.game.grant}
    sitting.play("undo", ADA, 2 * SECOND, **painted)
    assert sitting.is_stale("undo", ADA, 2_100, **painted)


def test_an_undo_of_a_number_makes_no_form_late() -> None:
    """The tap that was on its way to pass the turn still counts."""
    sitting = running_table()
    sitting.play("adjust-life", BEN, SECOND, by=1)
    painted = {"turn": sitting.game.turn, "grant": sitting.game.grant}
    sitting.play("undo", BEN, 2 * SECOND)
    sitting.play("pass-turn", ADA, 3 * SECOND, **painted)
    assert sitting.game.active == 2
