"""Acting out of turn: the interrupt stack and targeting. Rules section 7."""

from __future__ import annotations

from dataclasses import replace

from app.game.clock import running_seats, settle
from app.game.commands import (
    CancelTargets,
    ConfirmTargets,
    Interrupt,
    PassPriority,
    PassTarget,
    ToggleTarget,
)
from app.game.game import MOST_INTERRUPTS, Targeting
from app.game.ledger import Draft
from app.game.refusals import BadFields, NotNow
from app.game.rules.context import Asked, known_seat, must_be_in
from app.game.rules.outs import hand_on_turn, set_clock, settle_targets
from app.game.rules.turns import choose_first
from app.game.said import say


def interrupt(draft: Draft, command: Interrupt, asked: Asked) -> None:
    """The own clock runs, alone, on top of whatever ran; refused while it does so already."""
    choose_first(asked)
    game = draft.game
    seat = must_be_in(asked.own)
    if running_seats(game) == (seat.number,):
        raise NotNow("running-already", say("Your clock is running already."))
    if len(game.stack) >= MOST_INTERRUPTS:
        raise NotNow("stack-full", say("%(most)s interrupts are the most.", most=MOST_INTERRUPTS))
    settle(draft)
    draft.put("stack", (*game.stack, seat.number))
    set_clock(draft, seat.number, {})
    asked.facts["seat"] = seat.number


def pass_priority(draft: Draft, command: PassPriority, asked: Asked) -> None:
    """Give priority back: the latest of that seat's interrupts is over, wherever it lies."""
    choose_first(asked)
    game = draft.game
    seat = asked.subject(game.seats, command.seat)
    if seat.number not in game.stack:
        raise NotNow("no-interrupt", say("%(name)s has not interrupted.", name=seat.called))
    settle(draft)
    place = len(game.stack) - 1 - game.stack[::-1].index(seat.number)
    draft.put("stack", (*game.stack[:place], *game.stack[place + 1 :]))
    asked.facts["seat"] = seat.number


def _not_interrupted(draft: Draft) -> None:
    game = draft.game
    if game.stack:
        raise NotNow(
            "interrupted", say("%(name)s has interrupted.", name=game.seats[game.stack[-1]].called)
        )
    if game.targeting is not None and game.targeting.stage == "resolving":
        raise NotNow("resolving", say("Others are answering. Wait for them, or cancel."))


def toggle_target(draft: Draft, command: ToggleTarget, asked: Asked) -> None:
    """Another seat that is in is to respond, or not; toggling the last one off ends selecting."""
    choose_first(asked)
    _not_interrupted(draft)
    game = draft.game
    target = must_be_in(known_seat(game.seats, command.seat))
    if target.number == asked.own.number:
        raise BadFields({"seat": say("Somebody else, please.")})
    if not target.is_taken:
        raise NotNow("nobody-there", say("Nobody is sitting there."))
    chosen = game.targeting.targets if game.targeting else ()
    off = target.number in chosen
    targets = tuple(n for n in chosen if n != target.number) if off else (*chosen, target.number)
    settle(draft)
    draft.put("targeting", Targeting("selecting", targets) if targets else None)
    asked.facts |= {"seat": target.number, "on": not off}


def confirm_targets(draft: Draft, command: ConfirmTargets, asked: Asked) -> None:
    """Those selected are asked: their clocks run, all of them, the own one rests."""
    choose_first(asked)
    _not_interrupted(draft)
    targeting = draft.game.targeting
    if targeting is None:
        raise NotNow("no-targets", say("Choose who is to respond first."))
    settle(draft)
    draft.put("targeting", replace(targeting, stage="resolving"))
    for number in targeting.targets:
        set_clock(draft, number, {"response_ms": 0})
    asked.facts["targets"] = list(targeting.targets)


def cancel_targets(draft: Draft, command: CancelTargets, asked: Asked) -> None:
    """Nobody needs to respond (any more), at either stage."""
    choose_first(asked)
    targeting = draft.game.targeting
    if targeting is None:
        raise NotNow("no-targets", say("Nobody is asked to respond."))
    settle(draft)
    draft.put("targeting", None)
    asked.facts["stage"] = targeting.stage
    hand_on_turn(draft)


def pass_target(draft: Draft, command: PassTarget, asked: Asked) -> None:
    """A target has answered; after the last one the turn goes on, without bonus."""
    choose_first(asked)
    game = draft.game
    seat = asked.subject(game.seats, command.seat)
    answer(draft, seat.number, say("%(name)s has nothing to answer.", name=seat.called))
    asked.facts["seat"] = seat.number
    hand_on_turn(draft)


def answer(draft: Draft, number: int, otherwise: str = "") -> None:
    """Note that a target has answered. NotNow (``otherwise``) if it was not asked."""
    targeting = draft.game.targeting
    if targeting is None or targeting.stage != "resolving" or number not in targeting.waiting:
        raise NotNow("not-asked", otherwise)
    settle(draft)
    draft.put("targeting", replace(targeting, answered=(*targeting.answered, number)))
    settle_targets(draft)
