"""Start, pause, resume, reset, finish, close. Rules section 3."""

from __future__ import annotations

from app.game.clock import go_on_with_round, settle, stop_round
from app.game.commands import Close, Finish, Pause, Reset, Resume, Start
from app.game.game import Game
from app.game.game import Pause as Stopped
from app.game.ledger import Draft
from app.game.refusals import NotNow, NotYours
from app.game.rules.context import Asked, known_seat, must_be_in
from app.game.rules.lag import forget_lag, owe_lag
from app.game.rules.outs import drop_markers, end, give
from app.game.rules.rounds import set_round_going
from app.game.said import say
from app.game.seat import COUNTERS, MIN_SEATS
from app.game.time_control import control_of

_COUNTED = (
    "penalties",
    "out_turn",
    "used_ms",
    "overtime_ms",
    "spent_ms",
    "interrupts_ms",
    "response_ms",
    "ran_out_turn",
    "free_undo_turn",
)


def start(draft: Draft, command: Start, asked: Asked) -> None:
    """From waiting. Every seat claimed or shared, or the host says what becomes of the rest."""
    game = draft.game
    empty = [seat for seat in game.in_order() if not seat.is_taken]
    if empty and not command.empty_seats:
        raise NotNow(
            "empty-seats",
            say("Not every seat is taken. Share or remove the empty ones, then start."),
        )
    if empty and not asked.actor.is_host:
        raise NotYours(say("Only the host can say what becomes of empty seats."))
    for seat in empty:
        if command.empty_seats == "share":
            draft.put_seat(seat.number, "shared", True)
        else:
            draft.put_seat(seat.number, "aside", True)
            drop_markers(draft, seat.number)
    playing = list(game.places())
    if len(playing) < MIN_SEATS:
        raise NotNow("too-few", say("At least two seats must be taken to start."))
    first = _first_of(game, playing)
    draft.put("status", "running")
    draft.put("turn", 1)
    draft.put("active", first)
    draft.put("first", first)
    draft.put("chain", (first,))
    lag_ms = owe_lag(draft, first, "fresh")
    if lag_ms:
        give(draft, first, 0, lag_ms)
    set_round_going(draft)
    draft.put("settled_at", draft.at)
    draft.put("started_at", draft.at)
    draft.put("going_since", draft.at)
    draft.put("winner", None)
    draft.put("finished_by", "")
    draft.put("finished_at", None)
    asked.facts["first"] = first


def _first_of(game: Game, playing: list[int]) -> int:
    """Who begins: the starter, or the next in order when that one is not in play."""
    if game.starter is None:
        return playing[0]
    place = game.order.index(game.starter)
    around = (*game.order[place:], *game.order[:place])
    return next(number for number in around if number in playing)


STOPS_ROUND = frozenset({"judge", "outage"})
"""Pauses that stop the round clock too (rules section 13)."""


def stop(draft: Draft, reason: str, by: int | str) -> None:
    """Every clock stops; turn and pending choices stay, their grace frozen."""
    settle(draft)
    if reason in STOPS_ROUND:
        stop_round(draft)
    else:
        go_on_with_round(draft)
    draft.put("status", "paused")
    draft.put("pause", Stopped(reason, by, draft.at))
    draft.put("settled_at", None)
    draft.put("outage", None)


def pause(draft: Draft, command: Pause, asked: Asked) -> None:
    """Stop the clocks, with a reason."""
    stop(draft, command.reason, asked.hand)
    asked.facts["reason"] = command.reason


def resume(draft: Draft, command: Resume, asked: Asked) -> None:
    """Go on exactly there; the pause costs nobody anything."""
    if len(draft.game.seats_in()) < MIN_SEATS:
        raise NotNow("too-few", say("Only one seat is in. Revive another one, or finish the game."))
    stopped = draft.game.pause
    go_on_with_round(draft)
    draft.put("status", "running")
    draft.put("pause", None)
    draft.put("settled_at", draft.at)
    draft.put("going_since", draft.at)
    if stopped is not None:
        asked.facts["reason"] = stopped.reason
        asked.facts["lasted_ms"] = draft.at - stopped.at


def reset(draft: Draft, command: Reset, asked: Asked) -> None:
    """Back to waiting with full banks and life.

    Names, colours, holders, order and the starter are kept.
    """
    asked.facts["from"] = draft.game.status
    back_to_lobby(draft)


def back_to_lobby(draft: Draft) -> None:
    """Waiting, as if nothing had been played; a draft of a reset or of a campaign's next round."""
    settle(draft)
    game = draft.game
    periods = control_of(game.settings).full_periods(game.settings)
    for number in game.order:
        draft.put_seat(number, "aside", False)
        draft.put_seat(number, "bank_ms", game.starting_ms_of(game.seats[number]))
        draft.put_seat(number, "periods", periods)
        draft.put_seat(number, "life", game.settings.starting_life)
        for name in (*COUNTERS, *_COUNTED):
            draft.put_seat(number, name, 0)
        forget_lag(draft, number)
        draft.put_seat(number, "damage", None)
        draft.put_seat(number, "dealt", None)
        draft.put_seat(number, "change", None)
        draft.put_seat(number, "out", "")
        draft.put_seat(number, "grace_ms", None)
        draft.put_seat(number, "overtime", False)
    for name, cleared in (
        ("status", "waiting"),
        ("turn", 0),
        ("active", None),
        ("settled_at", None),
        ("outage", None),
        ("pause", None),
        ("winner", None),
        ("finished_by", ""),
        ("started_at", None),
        ("going_since", None),
        ("finished_at", None),
        ("monarch", None),
        ("initiative", None),
        ("day_night", ""),
        ("first", None),
        ("stack", ()),
        ("targeting", None),
        ("chain", ()),
        ("hits", ()),
        ("ending_turn", None),
        ("round_left_ms", None),
        ("round_since", None),
        ("round_called", False),
        ("last_turn", None),
    ):
        draft.put(name, cleared)


def finish(draft: Draft, command: Finish, asked: Asked) -> None:
    """End by word: a seat that is in wins, or a draw."""
    winner = 0
    if isinstance(command.winner, int):
        winner = must_be_in(known_seat(draft.game.seats, command.winner, "winner")).number
    end(draft, winner, "word" if winner else "draw")
    asked.facts["winner"] = winner


def close(draft: Draft, command: Close, asked: Asked) -> None:
    """End it for good; the code answers "closed" for a day."""
    settle(draft)
    stop_round(draft)
    draft.put("status", "closed")
    draft.put("settled_at", None)
    draft.put("outage", None)
    draft.put("finished_at", draft.game.finished_at or draft.at)
