"""Rules, section 13: the round clock of an event, and what its end means for the table."""

from typing import Any

import pytest

from app.game import judge
from app.game.clock import next_due, round_remaining_ms
from app.game.presets import ROUNDS
from app.storage.codec import decode_game, encode_game
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    SECOND,
    T0,
    Sitting,
)
from tests.game.cast import lobby as lobby_table
from tests.game.cast import running as running_table

HOUR = 60 * MINUTE
LONG: dict[str, Any] = {"starting_minutes": 24 * 60, "auto_pause_seconds": 0}
COMMANDER: dict[str, Any] = {"round_minutes": 80, "round_end": "last-turn", "round_extra": 20}
SIXTY_CARDS = {"round_minutes": 50, "round_end": "turns", "round_extra": 5}

CLIENTS = {1: ADA, 2: BEN, 3: CLEO}


def table(**fields: Any) -> Sitting:
    """Three people with all the time in the world, and a round clock."""
    return running_table(**{**LONG, **fields})


def called(at: int, **fields: object) -> Sitting:
    """The same at the instant the round clock reaches 0."""
    sitting = table(**fields)
    entries = sitting.wait(at)
    assert [entry.event for entry in entries] == ["round-called"]
    return sitting


def left(sitting: Sitting, at: int) -> int | None:
    """What is left of the round."""
    return round_remaining_ms(sitting.game, T0 + at)


def is_drawn(sitting: Sitting) -> bool:
    """Whether the round has ended the game, with no winner."""
    game = sitting.game
    return (game.status, game.winner, game.finished_by) == ("finished", 0, "round")


# ---- what it counts


def test_there_is_no_round_clock_unless_the_host_sets_one() -> None:
    """Off by default."""
    sitting = running_table()
    assert left(sitting, HOUR) is None
    assert sitting.refusal("extend-round", ADA, minutes=5) == "no-round"


def test_it_runs_from_the_start() -> None:
    """Not from the creation; whose turn it is means nothing to it."""
    sitting = lobby_table(**LONG, **COMMANDER)
    assert left(sitting, HOUR) is None
    sitting.play("start", ADA, 10 * MINUTE)
    assert left(sitting, 10 * MINUTE) == 80 * MINUTE
    sitting.play("pass-turn", ADA, 30 * MINUTE)
    assert left(sitting, 31 * MINUTE) == 59 * MINUTE


@pytest.mark.parametrize("reason", ["break", "rules", "other"])
def test_it_runs_through_pauses(reason: str) -> None:
    """Who eats eats into the round."""
    sitting = table(**COMMANDER)
    sitting.play("pause", BEN, 10 * MINUTE, reason=reason)
    assert left(sitting, 30 * MINUTE) == 50 * MINUTE
    sitting.play("resume", BEN, 30 * MINUTE)
    assert left(sitting, 31 * MINUTE) == 49 * MINUTE


def test_it_stands_still_while_the_judge_is_there() -> None:
    """A pause for judge costs the round nothing either."""
    sitting = table(**COMMANDER)
    sitting.play("pause", BEN, 10 * MINUTE, reason="judge")
    assert left(sitting, 30 * MINUTE) == 70 * MINUTE
    assert sitting.wait(10 * HOUR) == []
    sitting.play("resume", BEN, 10 * HOUR)
    assert left(sitting, 10 * HOUR + MINUTE) == 69 * MINUTE


def test_it_runs_through_the_pause_of_a_table_everybody_left() -> None:
    """The event does not wait for people who went home."""
    sitting = table(**COMMANDER, auto_pause_seconds=600)
    sitting.nobody_since = 0
    sitting.wait(11 * MINUTE)
    assert sitting.game.pause is not None
    assert sitting.game.pause.reason == "away"
    assert left(sitting, 11 * MINUTE) == 69 * MINUTE


@pytest.mark.parametrize(("away_ms", "status"), [(20 * SECOND, "running"), (2 * MINUTE, "paused")])
def test_it_stands_still_in_an_outage(away_ms: int, status: str) -> None:
    """Also in one that brings the game back paused: then until it is resumed."""
    sitting = table(**COMMANDER)
    back = 10 * MINUTE + away_ms
    hold(sitting, 10 * MINUTE, back)
    sitting.wait(back)
    assert sitting.game.status == status
    if status == "running":
        assert left(sitting, back + MINUTE) == 69 * MINUTE
        return
    assert left(sitting, back + MINUTE) == 70 * MINUTE
    sitting.play("resume", ADA, back + MINUTE)
    assert left(sitting, back + 2 * MINUTE) == 69 * MINUTE


def test_a_pause_within_an_outage_sets_it_going_again() -> None:
    """Somebody is there to pause, so the server is too; a judge call goes on standing still."""
    for reason, after in (("break", 69 * MINUTE), ("judge", 70 * MINUTE)):
        sitting = table(**COMMANDER)
        hold(sitting, 10 * MINUTE, 10 * MINUTE + 20 * SECOND)
        sitting.play("pause", ADA, 10 * MINUTE + 15 * SECOND, reason=reason)
        assert left(sitting, 11 * MINUTE + 15 * SECOND) == after


def test_its_end_does_not_come_in_an_outage() -> None:
    """Nothing falls due in an outage, running or paused."""
    for pausing in (False, True):
        sitting = table(**COMMANDER)
        if pausing:
            sitting.play("pause", ADA)
        hold(sitting, 80 * MINUTE - 5_000, 80 * MINUTE + 25_000)
        sitting.wait(80 * MINUTE + 29_999)
        assert not sitting.game.round_called
        sitting.wait(80 * MINUTE + 30_000)
        assert sitting.game.round_called


def hold(sitting: Sitting, since: int, until: int) -> None:
    """The server was away from one instant to the other."""
    sitting.game, entries = judge.hold(
        sitting.game, T0 + since, T0 + until, T0 + until, sitting.around
    )
    sitting.entries += entries


def test_a_restart_changes_nothing_about_it() -> None:
    """What is stored knows what is left and when the next thing happens."""
    sitting = called(80 * MINUTE, **COMMANDER)
    stored = decode_game(encode_game(sitting.game))
    assert stored == sitting.game
    assert next_due(stored) == T0 + 100 * MINUTE
    assert round_remaining_ms(stored, T0 + 85 * MINUTE) == -5 * MINUTE


# ---- its end


def test_at_0_everybody_hears_it_once() -> None:
    """At the very millisecond, by the clock's hand, with what it means."""
    sitting = table(**COMMANDER)
    assert sitting.wait(80 * MINUTE - 1) == []
    (entry,) = sitting.wait(80 * MINUTE)
    assert (entry.by, entry.at) == ("clock", T0 + 80 * MINUTE)
    assert entry.facts == {"end": "last-turn", "last_turn": 1}
    assert sitting.moments() == [("round", {"end": "last-turn", "more": 20})]
    assert sitting.wait(81 * MINUTE) == []
    assert sitting.game.status == "running"


@pytest.mark.parametrize("reason", ["break", "rules", "other"])
def test_it_is_heard_while_paused_too(reason: str) -> None:
    """The table wakes up for it, and stays paused."""
    sitting = table(**COMMANDER)
    sitting.play("pause", ADA, MINUTE, reason=reason)
    assert next_due(sitting.game) == T0 + 80 * MINUTE
    sitting.wait(80 * MINUTE)
    assert sitting.game.round_called
    assert sitting.game.status == "paused"
    assert next_due(sitting.game) == T0 + 100 * MINUTE
    sitting.wait(100 * MINUTE)
    assert is_drawn(sitting)


def test_bell_only_rings_and_lets_the_table_play_on() -> None:
    """What is over the round is shown below 0; nothing ends by itself."""
    sitting = called(80 * MINUTE, round_minutes=80, round_end="bell")
    assert sitting.game.last_turn is None
    for client in (ADA, BEN, CLEO, ADA):
        sitting.play("pass-turn", client, sitting.now + 10 * MINUTE)
    assert sitting.game.status == "running"
    assert left(sitting, 90 * MINUTE) == -10 * MINUTE
    assert sitting.entries[-1].event == "turn-passed"


def test_last_turn_the_present_turn_is_the_last() -> None:
    """It ends on its pass: finished, drawn."""
    sitting = called(80 * MINUTE, **COMMANDER)
    assert sitting.game.last_turn == 1
    sitting.play("adjust-life", BEN, by=-3)
    entry = sitting.play("pass-turn", ADA, 90 * MINUTE)
    assert is_drawn(sitting)
    assert entry.event == "turn-passed"
    assert sitting.game.turn == 1
    assert sitting.seat(2).bank_ms == 24 * HOUR
    assert sitting.game.finished_at == T0 + 90 * MINUTE


@pytest.mark.parametrize("how", ["switch", "host's switch", "extra turn", "out", "skip"])
def test_the_last_turn_ends_however_it_is_over(how: str) -> None:
    """No turn follows it, by whatever hand."""
    fields = {"starting_minutes": 85, "on_timeout": "skip"} if how == "skip" else {}
    sitting = called(80 * MINUTE, **{**COMMANDER, **fields})
    if how == "switch":
        sitting.play("switch-turn", ADA, seat=3)
    elif how == "host's switch":
        sitting.play("transfer-host", ADA, seat=2)
        sitting.play("switch-turn", BEN, seat=3)
    elif how == "extra turn":
        sitting.play("extra-turn", ADA)
    elif how == "out":
        sitting.play("concede", ADA)
    else:
        sitting.wait(85 * MINUTE)
    assert is_drawn(sitting)


def test_in_the_last_turn_others_still_respond_and_win() -> None:
    """Interrupts and responses are part of it; whoever is the last seat in has won."""
    sitting = called(80 * MINUTE, **COMMANDER)
    sitting.play("interrupt", CLEO)
    sitting.play("pass-priority", CLEO, 81 * MINUTE)
    sitting.play("toggle-target", ADA, seat=2)
    sitting.play("confirm-targets", ADA)
    sitting.play("pass-target", BEN, 82 * MINUTE)
    assert sitting.game.status == "running"
    sitting.play("concede", BEN)
    sitting.play("concede", CLEO)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 1)


def test_when_ending_my_turn_was_announced_the_next_is_the_last() -> None:
    """Nobody gains by announcing it after the bell, nor by what was said a turn ago."""
    sitting = table(**COMMANDER)
    sitting.play("ending-turn", ADA, 79 * MINUTE)
    sitting.wait(80 * MINUTE)
    assert sitting.game.last_turn == 2
    sitting.play("pass-turn", ADA, 80 * MINUTE + 5_000)
    assert sitting.game.active == 2
    sitting.play("pass-turn", BEN, 85 * MINUTE)
    assert is_drawn(sitting)

    sitting = called(80 * MINUTE, **COMMANDER)
    sitting.play("ending-turn", ADA)
    assert sitting.game.last_turn == 1

    sitting = table(**COMMANDER)
    sitting.play("ending-turn", ADA, 70 * MINUTE)
    sitting.play("pass-turn", ADA, 71 * MINUTE)
    sitting.wait(80 * MINUTE)
    assert sitting.game.last_turn == 2


@pytest.mark.parametrize(("typed", "cap"), [("", 20), (20, 20), (1, 1), (60, 60)])
def test_a_last_turn_ends_after_the_cap(typed: object, cap: int) -> None:
    """20 minutes when nothing is said; then the table is drawn, in the middle of anything."""
    sitting = called(80 * MINUTE, **{**COMMANDER, "round_extra": typed})
    sitting.play("interrupt", BEN)
    end = (80 + cap) * MINUTE
    assert sitting.wait(end - 1) == []
    (entry,) = sitting.wait(end)
    assert (entry.event, entry.by, entry.at) == ("round-ended", "clock", T0 + end)
    assert is_drawn(sitting)
    assert sitting.seat(2).bank_ms == 24 * HOUR - cap * MINUTE
    assert sitting.wait(end + HOUR) == []


def test_a_cap_of_0_ends_it_with_the_bell() -> None:
    """No turn is finished at all."""
    sitting = table(**{**COMMANDER, "round_extra": 0})
    assert [entry.event for entry in sitting.wait(80 * MINUTE)] == ["round-called", "round-ended"]
    assert is_drawn(sitting)
    assert sitting.complaints("update-settings", ADA, round_extra=61) == {"round_extra"}


def test_n_more_turns_follow_the_present_one_and_then_it_is_drawn() -> None:
    """Five when nothing is said: the present turn is over first, it is none of them."""
    for extra in ({}, {"round_extra": 5}):
        sitting = called(50 * MINUTE, round_minutes=50, round_end="turns", **extra)
        assert sitting.game.last_turn == 6
        for turn in range(1, 7):
            assert sitting.game.turn == turn
            assert sitting.game.active is not None
            sitting.play("pass-turn", CLIENTS[sitting.game.active], sitting.now + 1_000)
        assert is_drawn(sitting)


@pytest.mark.parametrize("more", [0, 1, 60])
def test_the_number_of_turns_is_a_setting(more: int) -> None:
    """From none to sixty; it has no cap in minutes."""
    sitting = called(50 * MINUTE, **{**SIXTY_CARDS, "round_extra": more})
    assert sitting.game.last_turn == 1 + more
    assert sitting.wait(20 * HOUR) == []


def test_the_presets_are_commander_80_plus_20_and_60_cards_50_plus_5_turns() -> None:
    """As tournament sheets say it."""
    rounds: dict[str, Any] = {preset.key: preset.fields for preset in ROUNDS}
    commander = running_table(**LONG, **rounds["commander"])
    assert commander.game.settings.round_ms == 80 * MINUTE
    commander.wait(100 * MINUTE)
    assert is_drawn(commander)
    assert commander.game.finished_at == T0 + 100 * MINUTE
    sixty = running_table(**LONG, **rounds["60-card"])
    sixty.wait(50 * MINUTE)
    assert sixty.game.last_turn == 6


# ---- more time


def test_the_host_adds_minutes_with_a_reason() -> None:
    """In the ledger, and on every screen; nobody else may."""
    sitting = table(**COMMANDER)
    for client in (BEN, DORA):
        assert sitting.refusal("extend-round", client, minutes=5, reason="judge") == "not-yours"
    entry = sitting.play("extend-round", ADA, 10 * MINUTE, minutes=5, reason="judge")
    assert (entry.event, entry.by) == ("round-extended", "host")
    assert entry.facts == {"ms": 5 * MINUTE, "reason": "judge"}
    assert ("round-extended", {"ms": 5 * MINUTE}) in sitting.moments()
    assert left(sitting, 10 * MINUTE) == 75 * MINUTE
    sitting.wait(85 * MINUTE - 1)
    assert not sitting.game.round_called
    sitting.wait(85 * MINUTE)
    assert sitting.game.round_called


def test_it_is_1_s_to_60_min_at_a_time_and_never_more_than_24_h() -> None:
    """Like every gift of time."""
    sitting = table(**COMMANDER)
    assert sitting.complaints("extend-round", ADA, seconds=0) == {"seconds"}
    assert sitting.complaints("extend-round", ADA, minutes=61) == {"minutes"}
    assert sitting.complaints("extend-round", ADA, minutes=5, reason="fun") == {"reason"}
    sitting.play("extend-round", ADA, seconds=1)
    assert left(sitting, 0) == 80 * MINUTE + SECOND
    for _ in range(24):
        sitting.play("extend-round", ADA, minutes=60)
    assert left(sitting, 0) == 24 * HOUR


def test_a_round_that_was_called_goes_on_and_is_called_again() -> None:
    """The last turn is not the last any more."""
    sitting = called(80 * MINUTE, **COMMANDER)
    sitting.play("extend-round", ADA, 82 * MINUTE, minutes=10)
    assert left(sitting, 82 * MINUTE) == 8 * MINUTE
    assert not sitting.game.round_called
    sitting.play("pass-turn", ADA, 83 * MINUTE)
    assert sitting.game.status == "running"
    (entry,) = sitting.wait(90 * MINUTE)
    assert entry.facts == {"end": "last-turn", "last_turn": 2}


def test_too_little_to_bring_it_above_0_moves_the_end_of_the_last_turn() -> None:
    """Five minutes over, two given: three over, and the cap two later."""
    sitting = called(80 * MINUTE, **COMMANDER)
    sitting.play("extend-round", ADA, 85 * MINUTE, minutes=2)
    assert left(sitting, 85 * MINUTE) == -3 * MINUTE
    assert sitting.game.last_turn == 1
    assert next_due(sitting.game) == T0 + 102 * MINUTE
    sitting.play("extend-round", ADA, 85 * MINUTE, minutes=3)
    assert (left(sitting, 85 * MINUTE), sitting.game.last_turn) == (0, 1)
    assert next_due(sitting.game) == T0 + 105 * MINUTE


def test_time_added_while_the_judge_is_there_does_not_set_it_going() -> None:
    """It goes on with the game."""
    sitting = table(**COMMANDER)
    sitting.play("pause", BEN, 10 * MINUTE, reason="judge")
    sitting.play("extend-round", ADA, 15 * MINUTE, minutes=5, reason="judge")
    assert left(sitting, 40 * MINUTE) == 75 * MINUTE
    sitting.play("resume", BEN, 40 * MINUTE)
    assert left(sitting, 41 * MINUTE) == 74 * MINUTE


# ---- the end of the game


def test_a_winner_at_the_same_instant_comes_before_the_draw() -> None:
    """Who runs out of time at the end of the round has run out of time."""
    sitting = running_table(2, **{**COMMANDER, "on_timeout": "out", "starting_minutes": 100})
    sitting.wait(100 * MINUTE)
    assert (sitting.game.status, sitting.game.winner) == ("finished", 2)
    assert sitting.game.finished_by == "last-seat-in"


@pytest.mark.parametrize("ending", ["finish", "reset", "close"])
def test_it_stops_with_the_game(ending: str) -> None:
    """Nothing rings at an empty table."""
    sitting = table(**COMMANDER)
    fields: dict[str, object] = {"winner": 2} if ending == "finish" else {}
    sitting.play(ending, ADA, 10 * MINUTE, confirm="yes", **fields)
    assert next_due(sitting.game) is None
    assert sitting.wait(3 * HOUR) == []
    if ending == "reset":
        sitting.play("start", ADA, 3 * HOUR)
        assert left(sitting, 3 * HOUR) == 80 * MINUTE


@pytest.mark.parametrize("ended", ["pass", "cap"])
def test_a_game_revived_after_its_round_plays_on_without_an_end(ended: str) -> None:
    """The host wants it played out; an extension gives it a round again."""
    sitting = called(80 * MINUTE, **COMMANDER)
    if ended == "pass":
        sitting.play("pass-turn", ADA, 81 * MINUTE)
    else:
        sitting.wait(100 * MINUTE)
    assert is_drawn(sitting)
    sitting.play("revive", ADA, 101 * MINUTE, seat=1)
    sitting.play("resume", ADA, 102 * MINUTE)
    sitting.play("pass-turn", ADA, 103 * MINUTE)
    assert sitting.wait(3 * HOUR) == []
    assert sitting.game.status == "running"
    sitting.play("extend-round", ADA, 3 * HOUR, minutes=60)
    sitting.play("extend-round", ADA, 3 * HOUR, minutes=60)
    sitting.wait(5 * HOUR)
    assert sitting.game.last_turn == sitting.game.turn


@pytest.mark.parametrize("client", [ADA, BEN])
def test_undoing_the_move_that_ended_it_brings_the_last_turn_back(client: str) -> None:
    """It is the last turn still, and the time at the finished table is not the round's."""
    sitting = table(**COMMANDER)
    sitting.play("pass-turn", ADA)
    sitting.wait(80 * MINUTE)
    sitting.play("pass-turn", BEN, 85 * MINUTE)
    assert is_drawn(sitting)
    sitting.play("undo", client, 85 * MINUTE + 10_000)
    assert (sitting.game.status, sitting.game.turn, sitting.game.active) == ("running", 2, 2)
    assert (sitting.game.winner, sitting.game.finished_by) == (None, "")
    assert sitting.game.last_turn == 2
    assert left(sitting, 85 * MINUTE + 10_000) == -5 * MINUTE
    sitting.play("pass-turn", BEN, 86 * MINUTE)
    assert is_drawn(sitting)


def test_undoing_a_finish_by_word_sets_the_round_clock_going_again() -> None:
    """With what was left."""
    sitting = table(**COMMANDER)
    sitting.play("finish", ADA, 30 * MINUTE, winner=1, confirm="yes")
    sitting.play("undo", ADA, 40 * MINUTE)
    assert left(sitting, 45 * MINUTE) == 45 * MINUTE


@pytest.mark.parametrize(
    ("end", "extra", "last"), [("last-turn", 20, 1), ("turns", 5, 6), ("turns", 0, 1)]
)
def test_a_pass_taken_back_across_the_end_of_the_round_brings_no_turn_more(
    end: str, extra: int, last: int
) -> None:
    """It was called in turn 2; when turn 1 is the present one again, everything is one less."""
    sitting = table(round_minutes=1, round_end=end, round_extra=extra)
    sitting.play("pass-turn", ADA, 59_000)
    sitting.wait(MINUTE)
    assert sitting.game.last_turn == last + 1
    sitting.play("undo", ADA, 62_000)
    assert (sitting.game.turn, sitting.game.last_turn) == (1, last)
