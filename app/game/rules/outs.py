"""Going out, the turn that is handed on, and the end of a game. Rules sections 3, 5, 6, 7, 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.game.clock import settle, stint_of, stop_round
from app.game.game import Game
from app.game.ledger import Draft
from app.game.rules.lag import owe_lag
from app.game.seat import LETHAL_COMMANDER_DAMAGE, LETHAL_POISON, Seat
from app.game.time_control import Beginning, control_of


def set_clock(draft: Draft, number: int, changes: Mapping[str, Any]) -> None:
    """New values of a seat's clock; above 0 it is no longer in overtime. Settle first."""
    draft.put_seat_all(number, changes)
    game = draft.game
    seat = game.seats[number]
    left_ms = control_of(game.settings).left_ms(seat, game.settings, stint_of(game, number))
    if left_ms > 0:
        draft.put_seat(number, "overtime", False)


def begin_turn(
    draft: Draft, number: int, *, gift: bool, how: Beginning = "fresh", chain: tuple[int, ...] = ()
) -> None:
    """A new turn begins; with its bonus unless the rules say otherwise.

    ``chain`` are the seats of the chain of switches it goes on with; they have no second delay,
    period or allowance for interrupts either (else two could hand each other free time for ever).

    It does not begin when the round clock has run out and the last turn is over: then the game
    is (rules section 13).
    """
    settle(draft)
    game = draft.game
    if game.last_turn is not None and game.turn >= game.last_turn:
        end(draft, 0, "round")
        return
    settings = game.settings
    control = control_of(settings)
    draft.put("turn", game.turn + 1)
    draft.put("active", number)
    for seat in game.in_order():
        if seat.number not in chain:
            draft.put_seat(seat.number, "interrupts_ms", 0)
            if seat.number in game.chain:
                set_clock(draft, seat.number, control.ends(seat, settings))
    draft.put("chain", (*chain, *((number,) if number not in chain else ())))
    seat = game.seats[number]
    set_clock(draft, number, control.begins(seat, settings, how))
    lag_ms = owe_lag(draft, number, how)
    gift_ms = control.gift_ms(seat, settings) if gift and not seat.is_pending else 0
    if gift_ms or lag_ms:
        give(draft, number, gift_ms, lag_ms)


def give(draft: Draft, number: int, gift_ms: int, lag_ms: int = 0) -> None:
    """A bonus or an increment arrives, or what the turn takes to, on every screen."""
    if gift_ms:
        bank_ms = draft.game.seats[number].bank_ms + gift_ms
        set_clock(draft, number, {"bank_ms": bank_ms})
    lag = {"lag_ms": lag_ms} if lag_ms else {}
    draft.moment("gift", seat=number, ms=gift_ms, **lag)


def put_out(draft: Draft, number: int, reason: str) -> None:
    """Out of the turn order: life, poison, commander, time, conceded or eliminated."""
    settle(draft)
    draft.put_seat(number, "out", reason)
    draft.put_seat(number, "out_turn", draft.game.turn)
    draft.put_seat(number, "grace_ms", None)
    withdraw(draft, number)
    draft.moment("out", seat=number, reason=reason)


def withdraw(draft: Draft, number: int) -> None:
    """A seat that goes out, is kicked or freed leaves the stack and the targets at once.

    Settle first; ``settle_targets`` comes after, when all that happens at this instant has.
    """
    game = draft.game
    draft.put("stack", tuple(n for n in game.stack if n != number))
    targeting = game.targeting
    if targeting is not None and number in targeting.targets:
        kept = replace(
            targeting,
            targets=tuple(n for n in targeting.targets if n != number),
            answered=tuple(n for n in targeting.answered if n != number),
        )
        draft.put("targeting", kept)


def settle_targets(draft: Draft) -> None:
    """A stage of targeting ends when nobody is left in it.

    The turn is then the original player's again, or the next seat's when that one is out.
    """
    game = draft.game
    targeting = game.targeting
    if targeting is None:
        return
    gone = game.active is None or not game.seats[game.active].is_in
    if not targeting.waiting or (gone and targeting.stage == "selecting"):
        draft.put("targeting", None)


def settle_outs(draft: Draft) -> None:
    """After all outs of one instant: look for the winner, else hand on turn and markers."""
    remaining = draft.game.seats_in()
    if len(remaining) <= 1:
        winner = remaining[0].number if remaining else 0
        end(draft, winner, "last-seat-in")
    else:
        settle_targets(draft)
        hand_on_turn(draft)
    hand_on_markers(draft)


def hand_on_turn(draft: Draft) -> None:
    """The turn of a seat that is out goes on to the next one in, with its bonus.

    While others still respond to it, it waits for them.
    """
    game = draft.game
    if game.active is None or not is_played(game):
        return
    if game.seats[game.active].is_in or game.targeting is not None:
        return
    following = game.next_in(game.active)
    if following is not None:
        begin_turn(draft, following, gift=True)


def hand_on_markers(draft: Draft) -> None:
    """Monarch and initiative of a seat that went out go to the active seat, or the winner."""
    game = draft.game
    heir = game.winner or None if game.status == "finished" else game.active
    if heir is not None and not game.seats[heir].is_in:
        heir = game.next_in(heir)
    for marker in ("monarch", "initiative"):
        owner = getattr(game, marker)
        if owner is not None and not game.seats[owner].is_in:
            draft.put(marker, heir)


def drop_markers(draft: Draft, number: int) -> None:
    """A seat that is no longer at the table leaves its markers to nobody."""
    for marker in ("monarch", "initiative"):
        if getattr(draft.game, marker) == number:
            draft.put(marker, None)


def end(draft: Draft, winner: int, how: str) -> None:
    """Finished: the clocks stop, a winner (0 = nobody) is announced once."""
    settle(draft)
    stop_round(draft)
    for seat in draft.game.in_order():
        draft.put_seat(seat.number, "grace_ms", None)
    draft.put("status", "finished")
    draft.put("settled_at", None)
    draft.put("outage", None)
    draft.put("pause", None)
    draft.put("stack", ())
    draft.put("targeting", None)
    draft.put("winner", winner)
    draft.put("finished_by", how)
    draft.put("finished_at", draft.at)
    draft.put("sitting", draft.game.sitting + 1)
    draft.moment("finished", winner=winner)


def is_played(game: Game) -> bool:
    """Running or paused: a change can put a seat out."""
    return game.status in ("running", "paused")


def mortal_reason(seat: Seat) -> str:
    """Why this seat would be out, by life, poison or commander damage; empty when it would not."""
    if seat.life <= 0:
        return "life"
    if seat.poison >= LETHAL_POISON:
        return "poison"
    if any(amount >= LETHAL_COMMANDER_DAMAGE for amount in (seat.damage or {}).values()):
        return "commander"
    return ""
