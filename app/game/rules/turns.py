"""Passing, switching and taking another turn. Rules section 5."""

from __future__ import annotations

from app.game.clock import settle
from app.game.commands import EndingTurn, ExtraTurn, PassTurn, SwitchTurn
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked, known_seat, must_be_in
from app.game.rules.outs import begin_turn, give
from app.game.said import say
from app.game.time_control import Beginning, control_of


def choose_first(asked: Asked) -> None:
    """A seat whose time ran out must choose before it does anything with the turn."""
    seat = asked.actor.seat
    if seat is not None and asked.hand == seat.number and seat.is_pending:
        raise NotNow("choose-first", say("Your time is up: choose first."))


def _on_the_clock(draft: Draft, asked: Asked) -> None:
    """The active player's turn commands wait for interrupts and targets; the host's end them.

    A host whose own turn it is plays by the rules like anybody, and may give priority back or
    answer for whoever is in the way.
    """
    game = draft.game
    if asked.hand == "host":
        settle(draft)
        draft.put("stack", ())
        draft.put("targeting", None)
        return
    choose_first(asked)
    if game.stack:
        raise NotNow(
            "interrupted", say("%(name)s has interrupted.", name=game.seats[game.stack[-1]].called)
        )
    if game.targeting is not None:
        raise NotNow("targeting", say("Others are being asked to respond. Finish that first."))


def pass_turn(draft: Draft, command: PassTurn, asked: Asked) -> None:
    """The next seat in order that is in becomes active."""
    _on_the_clock(draft, asked)
    game = draft.game
    seat = asked.own
    following = game.next_in(seat.number)
    if following is None:
        raise NotNow("nobody-in", say("Nobody is left to pass to."))
    settle(draft)
    seat = game.seats[seat.number]
    ran_out = seat.ran_out_turn == game.turn
    gift_ms = control_of(game.settings).passed_ms(seat, game.settings, ran_out=ran_out)
    if gift_ms:
        give(draft, seat.number, gift_ms)
    asked.facts["to"] = following
    begin_turn(draft, following, gift=True)


def switch_turn(draft: Draft, command: SwitchTurn, asked: Asked) -> None:
    """The turn goes to a chosen seat; without gifts when its own holder gave it away.

    Handed to and fro by holders' switches, a seat goes on with the delay, period or allowance
    it had in this chain.
    """
    _on_the_clock(draft, asked)
    game = draft.game
    seat = must_be_in(known_seat(game.seats, command.seat))
    if seat.number == game.active:
        raise NotNow("already-active", say("It is %(name)s's turn already.", name=seat.called))
    asked.facts |= {"from": game.active, "to": seat.number}
    if asked.hand == "host":
        begin_turn(draft, seat.number, gift=True)
        return
    how: Beginning = "again" if seat.number in game.chain else "fresh"
    begin_turn(draft, seat.number, gift=False, how=how, chain=game.chain)


def extra_turn(draft: Draft, command: ExtraTurn, asked: Asked) -> None:
    """A new turn of the same seat, without bonus or increment; a delay is not armed anew."""
    _on_the_clock(draft, asked)
    active = draft.game.active
    if active is None:
        raise NotNow("nobody-active", say("It is nobody's turn."))
    must_be_in(draft.game.seats[active])
    asked.facts["seat"] = active
    begin_turn(draft, active, gift=False, how="extra", chain=draft.game.chain)


def ending_turn(draft: Draft, command: EndingTurn, asked: Asked) -> None:
    """Announce it, so that whoever wants to respond does; the round clock heeds it (section 13)."""
    choose_first(asked)
    if draft.game.ending_turn == draft.game.turn:
        raise NotNow("announced", say("You have announced that already."))
    draft.put("ending_turn", draft.game.turn)
    draft.moment("ending-turn", seat=asked.own.number)
    asked.facts["seat"] = asked.own.number
