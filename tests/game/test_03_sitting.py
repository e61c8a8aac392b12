"""Rules, section 3: start, pause, reset, finish, close, and what makes sense when."""

from collections.abc import Callable
from typing import Any

import pytest

from app.game.commands import COMMANDS
from app.game.judge import STATUSES, decide
from app.game.refusals import Refusal
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
    created,
    order_of,
    without_host_seat,
)
from tests.game.cast import finished as finished_table
from tests.game.cast import lobby as lobby_table
from tests.game.cast import paused as paused_table
from tests.game.cast import running as running_table


@pytest.mark.parametrize("starter", [ADA, BEN, CLEO])
def test_the_host_or_any_holder_starts(lobby: Sitting, starter: str) -> None:
    """Whoever sits nearest to a phone; an onlooker does not."""
    assert lobby.refusal("start", DORA) == "not-yours"
    lobby.play("start", starter, 5_000)
    assert lobby.game.status == "running"
    assert lobby.game.turn == 1
    assert lobby.game.active == 1
    assert lobby.game.started_at == T0 + 5_000


def test_turn_1_has_no_bonus(running: Sitting) -> None:
    """Everybody begins with the same bank."""
    assert running.bank(1) == 20 * MINUTE


def test_every_seat_must_be_taken_or_the_host_says_what_becomes_of_it(lobby: Sitting) -> None:
    """Nobody's clock should run without anybody to stop it."""
    lobby.play("add-seat", ADA)
    assert lobby.refusal("start", ADA) == "empty-seats"
    assert lobby.refusal("start", BEN) == "empty-seats"
    assert lobby.refusal("start", BEN, empty_seats="remove") == "not-yours"
    assert lobby.refusal("start", BEN, empty_seats="share") == "not-yours"
    lobby.play("share-seat", ADA, seat=4)
    lobby.play("start", BEN)
    assert lobby.game.status == "running"


def test_empty_seats_are_set_aside_and_come_back_at_reset(lobby: Sitting) -> None:
    """Removed for this sitting only: the chairs are still there."""
    lobby.play("add-seat", ADA)
    lobby.play("move-seat", ADA, seat=4, by=-2)
    lobby.play("start", ADA, empty_seats="remove")
    assert order_of(lobby.game.seats_in()) == [1, 2, 3]
    lobby.play("pass-turn", ADA)
    assert lobby.game.active == 2
    lobby.play("reset", ADA, confirm="yes")
    assert order_of(lobby.game.in_order()) == [1, 4, 2, 3]
    assert not lobby.seat(4).is_taken


def test_empty_seats_may_be_shared(lobby: Sitting) -> None:
    """They play on the device in the middle."""
    lobby.play("add-seat", ADA)
    lobby.play("start", ADA, empty_seats="share")
    assert lobby.seat(4).shared
    assert order_of(lobby.game.seats_in()) == [1, 2, 3, 4]


def test_at_least_two_seats_remain() -> None:
    """A chess clock for one is a stopwatch; the refused start leaves the seats alone."""
    sitting = created(players=3)
    sitting.play("claim-seat", ADA, seat=1)
    before = sitting.game
    assert sitting.refusal("start", ADA, empty_seats="remove") == "too-few"
    assert sitting.game is before
    sitting.play("claim-seat", BEN, seat=3)
    sitting.play("start", ADA, empty_seats="remove")
    assert order_of(sitting.game.seats_in()) == [1, 3]


def test_the_chosen_starter_begins(lobby: Sitting) -> None:
    """By random start or the order roll; the first in order once that seat is set aside."""
    lobby.dice.coming = [2]
    lobby.play("random-start", ADA)
    lobby.play("start", ADA)
    assert lobby.game.active == 2

    sitting = lobby_table()
    sitting.dice.coming = [3]
    sitting.play("random-start", ADA)
    sitting.play("leave-seat", CLEO)
    sitting.play("start", ADA, empty_seats="remove")
    assert sitting.game.active == 1


def test_a_starter_whose_seat_is_taken_away_is_forgotten(lobby: Sitting) -> None:
    """The first in order begins, as when nobody had been picked."""
    lobby.dice.coming = [3]
    lobby.play("random-start", ADA)
    lobby.play("leave-seat", CLEO)
    lobby.play("remove-seat", ADA, seat=3)
    assert lobby.game.starter is None
    lobby.play("start", ADA)
    assert lobby.game.active == 1


@pytest.mark.parametrize("reason", ["break", "rules", "judge", "other"])
def test_a_pause_stops_every_clock_and_costs_nobody_anything(reason: str) -> None:
    """Keeps the turn, says why and who, and goes on exactly there."""
    sitting = running_table()
    sitting.play("pass-turn", ADA, 10_000)
    sitting.play("pause", CLEO, 15_000, reason=reason)
    stopped = sitting.game.pause
    assert stopped is not None
    assert (stopped.reason, stopped.by, stopped.at) == (reason, 3, T0 + 15_000)
    assert sitting.bank(2, 9_000_000) == 20 * MINUTE + 30_000 - 5_000
    assert sitting.wait(9_000_000) == []
    resumed = sitting.play("resume", BEN, 9_000_000)
    assert resumed.facts["lasted_ms"] == 9_000_000 - 15_000
    assert (sitting.game.turn, sitting.game.active) == (2, 2)
    assert sitting.game.pause is None
    assert sitting.bank(2, 9_001_000) == 20 * MINUTE + 30_000 - 6_000
    assert sitting.bank(1, 9_001_000) == 20 * MINUTE - 10_000
    assert sitting.bank(3, 9_001_000) == 20 * MINUTE


def test_a_pause_without_a_reason_is_a_break(running: Sitting) -> None:
    """One tap is enough."""
    assert running.play("pause", ADA).facts["reason"] == "break"
    assert running.complaints("pause", ADA, reason="boredom") == {"reason"}


def test_a_pause_freezes_a_pending_choice() -> None:
    """The grace goes on where it stopped; nobody dies during a rules question."""
    sitting = choosing()
    sitting.play("pause", BEN, MINUTE + 12_000)
    assert sitting.seat(1).grace_ms == 18_000
    assert sitting.wait(10 * MINUTE) == []
    sitting.play("resume", BEN, 10 * MINUTE)
    assert sitting.wait(10 * MINUTE + 17_999) == []
    assert sitting.seat(1).is_in
    sitting.wait(10 * MINUTE + 18_000)
    assert sitting.seat(1).out == "time"


def test_pause_and_resume_are_for_the_host_and_holders_who_are_in(running: Sitting) -> None:
    """Who is out may not stop those who play; the host may always."""
    running.play("eliminate", ADA, seat=3)
    assert running.refusal("pause", CLEO) == "not-yours"
    assert running.refusal("pause", DORA) == "not-yours"
    running.play("pause", BEN)
    assert running.refusal("resume", CLEO) == "not-yours"
    running.play("resume", ADA)
    sitting = without_host_seat(running_table())
    sitting.play("pause", TABLET)
    assert sitting.game.pause is not None
    assert sitting.game.pause.by == "host"


def test_a_host_who_is_out_still_pauses(running: Sitting) -> None:
    """The host's place is not the seat."""
    running.play("concede", ADA)
    running.play("pause", ADA)
    assert running.game.status == "paused"


def played_table() -> Sitting:
    """A table with traces of play everywhere a reset must wipe."""
    sitting = running_table(4, starting_seconds=60, bonus_seconds=0)
    sitting.play("adjust-life", BEN, by=-7)
    sitting.play("adjust-counter", BEN, counter="poison", by=3)
    sitting.play("adjust-counter", BEN, counter="energy", by=3)
    sitting.play("commander-damage", BEN, source=1, by=4)
    sitting.play("penalty", ADA, seat=2)
    sitting.play("set-marker", BEN, marker="monarch", value=2)
    sitting.play("set-marker", BEN, marker="initiative", value=3)
    sitting.play("set-marker", BEN, marker="day-night", value="night")
    sitting.play("eliminate", ADA, seat=3)
    sitting.play("rename-seat", BEN, name="Benno")
    sitting.play("recolor-seat", BEN, color="magenta")
    sitting.wait(MINUTE)
    assert sitting.seat(1).is_pending
    return sitting


@pytest.mark.parametrize("status", ["running", "paused", "finished"])
def test_a_reset_wipes_the_play_and_keeps_the_people(status: str) -> None:
    """Back to waiting from any status: full banks and life; names, colours, holders, order kept."""
    sitting = played_table()
    if status == "paused":
        sitting.play("pause", BEN)
    if status == "finished":
        sitting.play("finish", ADA, winner=2, confirm="yes")
    assert sitting.complaints("reset", ADA) == {"confirm"}
    assert sitting.complaints("reset", ADA, confirm="no") == {"confirm"}
    sitting.play("reset", ADA, confirm="yes")
    game = sitting.game
    assert game.status == "waiting"
    assert (game.turn, game.active, game.winner, game.pause) == (0, None, None, None)
    assert (game.monarch, game.initiative, game.day_night) == (None, None, "")
    for seat in game.seats.values():
        assert seat.bank_ms == MINUTE
        assert seat.life == 40
        assert (seat.poison, seat.energy, seat.penalties, seat.used_ms) == (0, 0, 0, 0)
        assert seat.damage is None
        assert seat.is_in
        assert not seat.is_pending
    assert (game.seats[2].name, game.seats[2].color) == ("Benno", "magenta")
    assert [game.seats[n].holder for n in (1, 2, 3)] == [ADA, BEN, CLEO]
    assert game.seats[4].shared
    assert sitting.wait(100 * MINUTE) == []


def test_who_resets(running: Sitting) -> None:
    """While playing the host alone; once finished any holder asks for a rematch."""
    assert running.refusal("reset", BEN, confirm="yes") == "not-yours"
    running.play("pause", BEN)
    assert running.refusal("reset", BEN, confirm="yes") == "not-yours"
    running.play("finish", ADA, winner=2, confirm="yes")
    assert running.refusal("reset", DORA, confirm="yes") == "not-yours"
    running.play("reset", CLEO, confirm="yes")
    assert running.game.status == "waiting"


def test_the_last_seat_in_wins_and_it_is_announced_once(running: Sitting) -> None:
    """Every screen shows it once."""
    running.play("concede", BEN, 1_000)
    running.play("concede", CLEO, 2_000)
    assert running.game.status == "finished"
    assert running.game.winner == 1
    assert [data for kind, data in running.moments() if kind == "finished"] == [{"winner": 1}]
    assert running.game.finished_at == T0 + 2_000
    assert running.bank(1, 9_000) == 20 * MINUTE - 2_000
    assert running.wait(100 * MINUTE) == []


def test_outs_happen_at_once_while_paused(paused: Sitting) -> None:
    """A game is finished from paused as from running."""
    paused.play("adjust-life", BEN, by=-40)
    assert paused.seat(2).out == "life"
    paused.play("concede", CLEO)
    assert (paused.game.status, paused.game.winner) == ("finished", 1)


@pytest.mark.parametrize(("word", "winner"), [("2", 2), ("draw", 0)])
def test_the_host_finishes_by_word(running: Sitting, word: str, winner: int) -> None:
    """A winner or a draw, confirmed."""
    assert running.complaints("finish", ADA, winner=word) == {"confirm"}
    assert running.complaints("finish", ADA, confirm="yes") == {"winner"}
    assert running.refusal("finish", BEN, winner=word, confirm="yes") == "not-yours"
    running.play("finish", ADA, winner=word, confirm="yes")
    assert (running.game.status, running.game.winner) == ("finished", winner)


def test_the_winner_by_word_is_a_seat_that_is_in(running: Sitting) -> None:
    """Nobody wins from the grave, nor from a chair that is not there."""
    running.play("concede", BEN)
    assert running.refusal("finish", ADA, winner=2, confirm="yes") == "seat-out"
    assert running.complaints("finish", ADA, winner=7, confirm="yes") == {"winner"}


def test_nothing_can_be_won_while_waiting(lobby: Sitting) -> None:
    """However low the host sets a life total."""
    lobby.play("adjust-life", ADA, seat=2, by=-40)
    lobby.play("adjust-life", ADA, seat=3, by=-40)
    assert lobby.game.status == "waiting"
    assert lobby.seat(2).is_in
    assert lobby.refusal("finish", ADA, winner=1, confirm="yes") == "wrong-status"


def test_a_sitting_is_counted_when_it_is_finished(finished: Sitting) -> None:
    """The number of results under this code; a revival takes the count back."""
    assert finished.game.sitting == 1
    finished.play("reset", ADA, confirm="yes")
    assert finished.game.sitting == 1
    finished.play("start", ADA)
    finished.play("concede", BEN)
    finished.play("concede", CLEO)
    assert finished.game.sitting == 2
    finished.play("revive", ADA, seat=2)
    assert finished.game.sitting == 1


@pytest.mark.parametrize("table", [lobby_table, running_table, paused_table, finished_table])
def test_close_ends_it_for_good(table: Callable[[], Sitting]) -> None:
    """Confirmed by the host, from any status; afterwards every command meets the same answer."""
    sitting = table()
    assert sitting.refusal("close", BEN, confirm="yes") == "not-yours"
    assert sitting.complaints("close", ADA) == {"confirm"}
    sitting.play("close", ADA, confirm="yes")
    assert sitting.game.status == "closed"
    assert sitting.wait(100 * MINUTE) == []
    for client in (ADA, BEN, DORA):
        assert sitting.refusal("roll-dice", client, sides=6) == "closed"
        assert sitting.refusal("claim-seat", client, seat=4) == "closed"
        assert sitting.refusal("reset", client, confirm="yes") == "closed"


#: The table of section 3, command by command; w waiting, r running, p paused, f finished.
MAKES_SENSE = {
    "start": "w",
    "pause": "r",
    "resume": "p",
    "reset": "wrpf",
    "finish": "rp",
    "close": "wrpf",
    "pass-turn": "r",
    "switch-turn": "r",
    "extra-turn": "r",
    "ending-turn": "r",
    "interrupt": "r",
    "pass-priority": "r",
    "toggle-target": "r",
    "confirm-targets": "r",
    "cancel-targets": "r",
    "pass-target": "r",
    "undo": "wrpf",
    "extend-round": "rp",
    "next-round": "f",
    "timeout-choice": "rp",
    "adjust-life": "wrp",
    "adjust-counter": "wrp",
    "commander-damage": "wrp",
    "set-marker": "wrp",
    "roll-dice": "wrpf",
    "claim-seat": "wrp",
    "leave-seat": "wrpf",
    "rename-seat": "wrpf",
    "recolor-seat": "wrpf",
    "concede": "rp",
    "move-seat": "w",
    "add-seat": "wp",
    "remove-seat": "w",
    "eliminate": "rp",
    "penalty": "wrp",
    "revive": "rpf",
    "kick": "wrp",
    "free-seat": "wrp",
    "share-seat": "wrp",
    "add-time": "wrp",
    "take-time": "wrp",
    "rename-game": "wrpf",
    "update-settings": "wp",
    "roll-order": "w",
    "random-start": "w",
    "transfer-host": "wrpf",
    "take-host": "wrpf",
}

FIELDS: dict[str, dict[str, object]] = {
    "reset": {"confirm": "yes"},
    "close": {"confirm": "yes"},
    "finish": {"confirm": "yes", "winner": "draw"},
    "switch-turn": {"seat": 2},
    "toggle-target": {"seat": 2},
    "extend-round": {"minutes": 1},
    "timeout-choice": {"seat": 1, "choice": "die"},
    "adjust-life": {"seat": 1, "by": 1},
    "adjust-counter": {"seat": 1, "by": 1, "counter": "star"},
    "commander-damage": {"seat": 1, "source": 2, "by": 1},
    "set-marker": {"marker": "monarch", "value": 2},
    "roll-dice": {"sides": 6},
    "claim-seat": {"seat": 1},
    "rename-seat": {"seat": 1, "name": "A"},
    "recolor-seat": {"seat": 1, "color": "magenta"},
    "move-seat": {"seat": 1, "by": 1},
    "rename-game": {"name": "A"},
    "add-time": {"seat": 1, "seconds": 1},
    "take-time": {"seat": 1, "seconds": 1},
    **{
        name: {"seat": 2}
        for name in (
            "remove-seat",
            "eliminate",
            "penalty",
            "revive",
            "kick",
            "free-seat",
            "share-seat",
        )
    },
    "transfer-host": {"seat": 2},
}

NEEDS_A_TURN = {"pass-turn", "ending-turn", "toggle-target", "confirm-targets"}

TABLES = {"w": lobby_table, "r": running_table, "p": paused_table, "f": finished_table}


def test_every_command_has_its_line() -> None:
    """A new command is decided here too."""
    assert set(MAKES_SENSE) == set(COMMANDS)
    assert set(STATUSES) == {*COMMANDS, "take-over"}


@pytest.mark.parametrize("status", "wrpf")
@pytest.mark.parametrize("name", MAKES_SENSE)
def test_a_command_out_of_its_status_is_refused_with_the_reason(name: str, status: str) -> None:
    """Never a crash, never silence: the sentence says in which state the game is.

    Before the start it is nobody's turn, which is what who passes it then reads first.
    """
    sitting = TABLES[status]()
    sitting.host_away_ms = 10 * MINUTE
    client = BEN if name == "take-host" else ADA
    command = COMMANDS[name].read(
        {k: [str(v)] for k, v in FIELDS.get(name, {}).items()}, sitting.game.settings
    )
    try:
        decide(sitting.game, command, client, sitting.game.last_at, sitting.around)
    except Refusal as refusal:
        code = refusal.code
    else:
        code = "done"
    nobodys = status == "w" and name in NEEDS_A_TURN
    reason = "not-yours" if nobodys else "wrong-status"
    assert (code == reason) == (status not in MAKES_SENSE[name])


# ---- finished and once more


def test_a_finish_by_word_stands_in_the_ledger_and_frees_everybody(running: Sitting) -> None:
    """Clocks, interrupts, targets and choices are over; who won is said once."""
    running.play("toggle-target", ADA, seat=2)
    running.play("confirm-targets", ADA)
    running.play("interrupt", CLEO, 1_000)
    entry = running.play("finish", ADA, 6_000, winner=3, confirm="yes")
    assert (entry.event, entry.by, entry.facts) == ("finished", "host", {"winner": 3})
    assert entry.charged == {3: 5_000}
    assert running.game.finished_by == "word"
    assert (running.game.stack, running.game.targeting) == ((), None)
    assert [data for kind, data in running.moments() if kind == "finished"] == [{"winner": 3}]


def test_finish_again_is_refused(finished: Sitting) -> None:
    """It is over; the host takes it back by undo or revives somebody."""
    assert finished.refusal("finish", ADA, winner=1, confirm="yes") == "wrong-status"


def test_a_paused_game_is_finished_too(paused: Sitting) -> None:
    """The judge has spoken, nobody needs to resume first."""
    paused.play("finish", ADA, MINUTE, winner="draw", confirm="yes")
    assert (paused.game.status, paused.game.winner, paused.game.pause) == ("finished", 0, None)
    assert paused.game.finished_by == "draw"


@pytest.mark.parametrize("client", [ADA, BEN, CLEO])
def test_a_rematch_is_any_holders_once_finished(client: str) -> None:
    """Same people, order and starter; the finished sitting keeps its number."""
    sitting = lobby_table()
    sitting.play("move-seat", ADA, seat=3, by=-2)
    sitting.dice.coming = [3]
    sitting.play("random-start", ADA)
    sitting.play("start", ADA)
    sitting.play("concede", CLEO)
    sitting.play("finish", ADA, winner=1, confirm="yes")
    sitting.play("reset", client, confirm="yes")
    assert (sitting.game.status, sitting.game.sitting) == ("waiting", 1)
    sitting.play("start", client)
    assert order_of(sitting.game.seats_in()) == [3, 1, 2]
    assert (sitting.game.active, sitting.game.turn) == (2, 1)


def test_a_holder_who_is_out_asks_for_the_rematch_too() -> None:
    """Nobody wants it more."""
    sitting = running_table()
    sitting.play("concede", BEN)
    sitting.play("concede", CLEO)
    sitting.play("reset", BEN, confirm="yes")
    assert sitting.game.status == "waiting"


@pytest.mark.parametrize("name", ["leave-seat", "rename-seat"])
def test_what_is_done_after_the_end_does_not_begin_a_turn(name: str) -> None:
    """Not even when the seat whose turn it was is the one that went out."""
    sitting = running_table()
    sitting.play("concede", BEN)
    sitting.play("concede", ADA)
    assert sitting.game.status == "finished"
    assert not sitting.seat(1).is_in
    before = (sitting.game.turn, sitting.game.active, sitting.game.winner)
    fields: dict[str, object] = {"name": "Cleopatra"} if name == "rename-seat" else {}
    sitting.play(name, CLEO, **fields)
    assert (sitting.game.turn, sitting.game.active, sitting.game.winner) == before


# ---- who joins, and with how much


def test_a_seat_added_while_paused_joins_last_in_order_with_a_full_clock() -> None:
    """A friend who comes late; whoever sits down there plays from the next round on."""
    sitting = lobby_table()
    sitting.play("move-seat", ADA, seat=3, by=-2)
    sitting.play("start", ADA)
    sitting.play("pass-turn", CLEO, 10 * MINUTE)
    sitting.play("pause", ADA, 15 * MINUTE)
    sitting.play("add-seat", ADA, 16 * MINUTE)
    sitting.play("claim-seat", DORA, 17 * MINUTE, seat=4, name="Dora")
    sitting.play("resume", ADA, 18 * MINUTE)
    assert sitting.seat(4).bank_ms == 20 * MINUTE
    assert sitting.seat(4).life == 40
    assert order_of(sitting.game.seats_in()) == [3, 1, 2, 4]
    sitting.play("pass-turn", ADA)
    sitting.play("pass-turn", BEN)
    assert sitting.game.active == 4
    assert sitting.bank(4) == 20 * MINUTE + 30_000
    sitting.play("pass-turn", DORA)
    assert sitting.game.active == 3


@pytest.mark.parametrize(
    ("control", "full_ms", "periods"),
    [
        ({"time_control": "byo-yomi", "periods": 5}, 20 * MINUTE, 5),
        ({"time_control": "per-turn", "allowance_seconds": 60}, MINUTE, 0),
        ({"time_control": "count-up"}, 0, 0),
        ({"time_control": "hourglass", "starting_seconds": 60}, MINUTE, 0),
    ],
)
def test_a_full_clock_is_what_the_control_begins_with(
    control: dict[str, Any], full_ms: int, periods: int
) -> None:
    """Periods, an allowance, nothing at all."""
    sitting = paused_table(**control)
    sitting.play("add-seat", ADA)
    assert (sitting.seat(4).bank_ms, sitting.seat(4).periods) == (full_ms, periods)


def test_a_handicap_is_kept_by_reset_and_does_not_touch_the_others() -> None:
    """A starting time of its own, set by the host while waiting; later gifts are not one."""
    sitting = lobby_table()
    sitting.play("add-time", ADA, seat=2, minutes=5)
    sitting.play("take-time", ADA, seat=3, minutes=10)
    sitting.play("start", ADA)
    assert [sitting.bank(n) for n in (1, 2, 3)] == [20 * MINUTE, 25 * MINUTE, 10 * MINUTE]
    sitting.play("add-time", ADA, seat=2, minutes=1)
    sitting.play("reset", ADA, confirm="yes")
    assert [sitting.bank(n) for n in (1, 2, 3)] == [20 * MINUTE, 25 * MINUTE, 10 * MINUTE]


def test_an_order_laid_by_hand_is_kept_by_reset() -> None:
    """People have not moved their chairs either."""
    sitting = lobby_table()
    sitting.play("move-seat", ADA, seat=3, by=-2)
    sitting.play("start", ADA)
    assert sitting.game.active == 3
    sitting.play("reset", ADA, confirm="yes")
    assert order_of(sitting.game.in_order()) == [3, 1, 2]


def test_a_game_of_one_does_not_go_on() -> None:
    """Whoever is alone has nobody to play against; reviving one who is in took the end back."""
    sitting = running_table(2)
    sitting.play("eliminate", ADA, seat=1)
    sitting.play("revive", ADA, seat=2)
    assert sitting.game.status == "paused"
    assert sitting.refusal("resume", ADA) == "too-few"
    sitting.play("revive", ADA, seat=1)
    sitting.play("resume", ADA)
    assert sitting.game.status == "running"
