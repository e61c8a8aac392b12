"""Sitting down, getting up, names, colours, the host's place. Rules sections 1, 8 and 10."""

from __future__ import annotations

from app.game.clock import settle
from app.game.commands import (
    AddSeat,
    ClaimSeat,
    FreeSeat,
    Kick,
    LeaveSeat,
    MoveSeat,
    RecolorSeat,
    RemoveSeat,
    RenameSeat,
    ShareSeat,
    TakeHost,
    TakeOver,
    TransferHost,
)
from app.game.game import new_seat
from app.game.ledger import Draft
from app.game.refusals import NotNow, NotYours
from app.game.rules.context import Asked, known_seat
from app.game.rules.order import refuse_too_much_sand
from app.game.rules.outs import drop_markers, hand_on_turn, settle_targets, withdraw
from app.game.said import say
from app.game.seat import COLORS, MAX_SEATS, MIN_SEATS, Seat, default_name
from app.game.time_control import control_of

_SHOWN_OUT = say("The host has shown you out of this game.")


def claim_seat(draft: Draft, command: ClaimSeat, asked: Asked) -> None:
    """A free seat, one per client and game. While waiting claiming another one moves me."""
    game, client = draft.game, asked.actor.client
    seat = known_seat(game.seats, command.seat)
    if client in game.kicked:
        raise NotYours(_SHOWN_OUT)
    mine = game.seat_of(client)
    asked.facts["seat"] = seat.number
    if mine is not None and mine.number == seat.number:
        if command.player:
            draft.put_seat(seat.number, "name", command.player)
        _wear(draft, seat, command.color)
        return
    if seat.holder is not None:
        raise NotNow("taken", say("%(name)s is sitting there.", name=seat.called))
    if seat.shared:
        raise NotNow("shared", say("That seat is played on the table device."))
    name = command.player
    if mine is not None:
        if game.status != "waiting":
            raise NotNow("seated", say("You have a seat. Leave it first."))
        if not name and mine.name != default_name(mine.number):
            name = mine.name
        _get_up(draft, mine)
        asked.facts["from"] = mine.number
    draft.put_seat(seat.number, "holder", client)
    if name:
        draft.put_seat(seat.number, "name", name)
    _wear(draft, seat, command.color)
    draft.moment("joined", seat=seat.number)


def leave_seat(draft: Draft, command: LeaveSeat, asked: Asked) -> None:
    """The seat is free and stays in with its clock."""
    asked.facts["seat"] = asked.own.number
    if asked.own.holder is None:
        raise NotNow("shared", say("That seat is played on the table device."))
    _get_up(draft, asked.own)


def _get_up(draft: Draft, seat: Seat) -> None:
    settle(draft)
    withdraw(draft, seat.number)
    settle_targets(draft)
    hand_on_turn(draft)
    draft.put_seat(seat.number, "holder", None)
    if draft.game.status == "waiting":
        draft.put_seat(seat.number, "name", default_name(seat.number))


def rename_seat(draft: Draft, command: RenameSeat, asked: Asked) -> None:
    """Blank brings the default name back."""
    seat = asked.subject(draft.game.seats, command.seat)
    draft.put_seat(seat.number, "name", command.player or default_name(seat.number))
    asked.facts |= {"seat": seat.number}


def recolor_seat(draft: Draft, command: RecolorSeat, asked: Asked) -> None:
    """A taken colour swaps with its owner while waiting and is refused later."""
    seat = asked.subject(draft.game.seats, command.seat)
    asked.facts |= {"seat": seat.number, "color": command.color}
    _wear(draft, seat, command.color)


def _wear(draft: Draft, seat: Seat, color: str) -> None:
    if not color:
        return
    owner = next((s for s in draft.game.seats.values() if s.color == color), None)
    if owner is not None and owner.number != seat.number:
        if draft.game.status != "waiting":
            raise NotNow("color-taken", say("%(name)s has that colour.", name=owner.called))
        draft.put_seat(owner.number, "color", seat.color)
    draft.put_seat(seat.number, "color", color)


def move_seat(draft: Draft, command: MoveSeat, asked: Asked) -> None:
    """Earlier or later in turn order; beyond the ends it stays at the end."""
    seat = known_seat(draft.game.seats, command.seat)
    order = list(draft.game.order)
    place = order.index(seat.number)
    order.remove(seat.number)
    order.insert(max(0, min(len(order), place + command.by)), seat.number)
    draft.put("order", tuple(order))
    asked.facts |= {"seat": seat.number, "by": command.by}


def add_seat(draft: Draft, command: AddSeat, asked: Asked) -> None:
    """A free seat, waiting or paused, last in order, with a full bank."""
    game = draft.game
    free = [n for n in range(1, MAX_SEATS + 1) if n not in game.seats]
    if not free:
        raise NotNow("table-full", say("Eight seats are the most."))
    added_ms = control_of(game.settings).full_ms(game.settings, None)
    refuse_too_much_sand(game.settings, [*(s.bank_ms for s in game.seats.values()), added_ms])
    used = {seat.color for seat in game.seats.values()}
    color = next(c for c in COLORS if c not in used)
    draft.add_seat(new_seat(free[0], color, game.settings))
    draft.put("order", (*game.order, free[0]))
    asked.facts["seat"] = free[0]


def remove_seat(draft: Draft, command: RemoveSeat, asked: Asked) -> None:
    """A free seat, while waiting; two stay at least."""
    seat = known_seat(draft.game.seats, command.seat)
    if seat.holder is not None:
        raise NotNow("taken", say("%(name)s is sitting there.", name=seat.called))
    if seat.shared:
        raise NotNow("shared", say("That seat is played on the table device. Free it first."))
    if len(draft.game.seats) <= MIN_SEATS:
        raise NotNow("too-few", say("Two seats are the least."))
    draft.drop_seat(seat.number)
    draft.put("order", tuple(n for n in draft.game.order if n != seat.number))
    drop_markers(draft, seat.number)
    if draft.game.starter == seat.number:
        draft.put("starter", None)
    asked.facts["seat"] = seat.number


def kick(draft: Draft, command: Kick, asked: Asked) -> None:
    """The holder is shown out and may not claim here again; the seat is free and stays in."""
    seat = known_seat(draft.game.seats, command.seat)
    if seat.holder is None:
        raise NotNow("nobody-there", say("Nobody is sitting there."))
    if seat.holder == draft.game.host:
        raise NotNow("host", say("The host cannot be shown out."))
    draft.put("kicked", (*draft.game.kicked, seat.holder))
    if draft.game.table_device == seat.holder:
        draft.put("table_device", None)
    _get_up(draft, seat)
    asked.facts["seat"] = seat.number


def free_seat(draft: Draft, command: FreeSeat, asked: Asked) -> None:
    """A holder's seat becomes claimable, still in, with its clock. A shared one stops being so."""
    seat = known_seat(draft.game.seats, command.seat)
    if not seat.is_taken:
        raise NotNow("free-already", say("That seat is free already."))
    draft.put_seat(seat.number, "shared", False)
    _get_up(draft, seat)
    asked.facts["seat"] = seat.number


def share_seat(draft: Draft, command: ShareSeat, asked: Asked) -> None:
    """A free seat, or one whose holder is absent, is played on the table device from now on."""
    seat = known_seat(draft.game.seats, command.seat)
    if seat.shared:
        raise NotNow("shared", say("That seat is shared already."))
    if seat.holder is not None and seat.number in asked.around.seats_there:
        raise NotNow("taken", say("%(name)s is sitting there.", name=seat.called))
    draft.put_seat(seat.number, "holder", None)
    draft.put_seat(seat.number, "shared", True)
    asked.facts["seat"] = seat.number


def transfer_host(draft: Draft, command: TransferHost, asked: Asked) -> None:
    """Hand the host's place to a seat's holder."""
    seat = known_seat(draft.game.seats, command.seat)
    if seat.holder is None:
        raise NotNow("nobody-there", say("Nobody is sitting there."))
    draft.put("host", seat.holder)
    asked.facts["seat"] = seat.number


def take_host(draft: Draft, command: TakeHost, asked: Asked) -> None:
    """Take the place of a host who is away; the creator may take it back at any time."""
    if asked.actor.is_host:
        raise NotNow("host-already", say("You are the host already."))
    if asked.actor.client in draft.game.kicked:
        raise NotYours(_SHOWN_OUT)
    draft.put("host", asked.actor.client)
    if asked.actor.seat is not None:
        asked.facts["seat"] = asked.actor.seat.number


def take_over(draft: Draft, command: TakeOver, asked: Asked) -> None:
    """A seat moves to another browser of its holder, and the host's place with it.

    Place 0 makes this browser the table device.
    """
    game, client = draft.game, asked.actor.client
    if client in game.kicked:
        raise NotYours(_SHOWN_OUT)
    if command.place == 0:
        draft.put("table_device", client)
        return
    seat = known_seat(game.seats, command.place)
    asked.facts["seat"] = seat.number
    former = seat.holder
    mine = game.seat_of(client)
    if mine is not None and mine.number != seat.number:
        raise NotNow("seated", say("You have a seat in this game. Leave it first."))
    draft.put_seat(seat.number, "holder", client)
    if former == game.host:
        draft.put("host", client)
    if former == game.creator:
        draft.put("creator", client)
    if former is not None and former == game.table_device:
        draft.put("table_device", client)
