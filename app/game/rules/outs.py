"""Going out, the turn that is handed on, and the end of a game. Rules sections 3, 5, 6, 8."""

from __future__ import annotations

from app.game.clock import settle
from app.game.game import Game
from app.game.ledger import Draft
from app.game.seat import LETHAL_COMMANDER_DAMAGE, LETHAL_POISON, MAX_BANK_MS, Seat
from app.game.time_control import control_of


def set_bank(draft: Draft, number: int, bank_ms: int) -> None:
    """Set a bank (at most 24 h); one above 0 is no longer in overtime. Settle first."""
    draft.put_seat(number, "bank_ms", min(MAX_BANK_MS, bank_ms))
    if bank_ms > 0:
        draft.put_seat(number, "overtime", False)


def begin_turn(draft: Draft, number: int, *, gift: bool) -> None:
    """A new turn begins; with its bonus unless the rules say otherwise."""
    settle(draft)
    draft.put("turn", draft.game.turn + 1)
    draft.put("active", number)
    if not gift:
        return
    seat = draft.game.seats[number]
    if seat.is_pending:
        return
    gift_ms = control_of(draft.game.settings).gift_ms(seat, draft.game.settings)
    if gift_ms:
        set_bank(draft, number, seat.bank_ms + gift_ms)
        draft.moment("gift", seat=number, ms=gift_ms)


def put_out(draft: Draft, number: int, reason: str) -> None:
    """Out of the turn order: life, poison, commander, time, conceded or eliminated."""
    settle(draft)
    draft.put_seat(number, "out", reason)
    draft.put_seat(number, "out_turn", draft.game.turn)
    draft.put_seat(number, "grace_ms", None)
    draft.moment("out", seat=number, reason=reason)


def settle_outs(draft: Draft) -> None:
    """After all outs of one instant: look for the winner, else hand on turn and markers."""
    game = draft.game
    remaining = game.seats_in()
    if len(remaining) <= 1:
        winner = remaining[0].number if remaining else 0
        end(draft, winner, "last-seat-in")
    else:
        hand_on_turn(draft)
    hand_on_markers(draft)


def hand_on_turn(draft: Draft) -> None:
    """The turn of a seat that is out goes on to the next one in, with its bonus."""
    game = draft.game
    if game.active is not None and not game.seats[game.active].is_in:
        following = game.next_in(game.active)
        if following is not None:
            begin_turn(draft, following, gift=True)


def hand_on_markers(draft: Draft) -> None:
    """Monarch and initiative of a seat that went out go to the active seat, or the winner."""
    game = draft.game
    heir = game.winner or None if game.status == "finished" else game.active
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
    for seat in draft.game.in_order():
        draft.put_seat(seat.number, "grace_ms", None)
    draft.put("status", "finished")
    draft.put("settled_at", None)
    draft.put("outage", None)
    draft.put("pause", None)
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
