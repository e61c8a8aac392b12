"""Passing, switching and taking another turn. Rules section 5."""

from __future__ import annotations

from app.game.commands import ExtraTurn, PassTurn, SwitchTurn
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked, known_seat, must_be_in
from app.game.rules.outs import begin_turn


def choose_first(asked: Asked) -> None:
    """A seat whose time ran out must choose before it does anything with the turn."""
    seat = asked.actor.seat
    if seat is not None and asked.hand == seat.number and seat.is_pending:
        raise NotNow("choose-first", "Your time is up: choose first.")


def pass_turn(draft: Draft, command: PassTurn, asked: Asked) -> None:
    """The next seat in order that is in becomes active."""
    choose_first(asked)
    following = draft.game.next_in(asked.own.number)
    if following is None:
        raise NotNow("nobody-in", "Nobody is left to pass to.")
    begin_turn(draft, following, gift=True)
    asked.facts["to"] = following


def switch_turn(draft: Draft, command: SwitchTurn, asked: Asked) -> None:
    """The turn goes to a chosen seat; no bonus when its own holder gave it away."""
    choose_first(asked)
    seat = must_be_in(known_seat(draft.game.seats, command.seat))
    if seat.number == draft.game.active:
        raise NotNow("already-active", f"It is {seat.name}'s turn already.")
    asked.facts["from"] = draft.game.active
    begin_turn(draft, seat.number, gift=asked.hand == "host")
    asked.facts["to"] = seat.number


def extra_turn(draft: Draft, command: ExtraTurn, asked: Asked) -> None:
    """A new turn of the same seat, without bonus."""
    choose_first(asked)
    active = draft.game.active
    if active is None:
        raise NotNow("nobody-active", "It is nobody's turn.")
    begin_turn(draft, active, gift=False)
    asked.facts["seat"] = active
