"""Who may do what: the one table. A hidden button is not a permission; this is.

Columns are who asks, relative to the seat the command is about: the host, the holder of that
very seat, the holder of another seat, a spectator. Rules section 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.game.game import Game
from app.game.refusals import NotYours
from app.game.said import say
from app.game.seat import Seat

HOST_AWAY_MS = 5 * 60 * 1000
"""A holder may take the host's place once the host has been away this long."""

HOST_AWAY_ANNOUNCED_MS = HOST_AWAY_MS - 60 * 1000
"""It is announced 60 seconds ahead."""


class May(Enum):
    """What a cell of the table says."""

    YES = "yes"
    NO = "no"
    IF_IN = "if the own seat is in"
    #: A seat that is out is not: others may still be answering what it asked.
    IF_ACTIVE = "if it is the own turn"
    AS_HOLDER = "only through a seat of one's own"
    ONCE_FINISHED = "once the game is finished"
    HOST_AWAY = "once the host has been away"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    host: May
    own: May
    other: May
    spectator: May = May.NO


_HOST_ONLY = Row(May.YES, May.NO, May.NO)
_ANY_SEAT = Row(May.YES, May.YES, May.YES)
_OWN_OR_HOST = Row(May.YES, May.YES, May.NO)
_OWN = Row(May.AS_HOLDER, May.YES, May.NO)

PERMISSIONS: dict[str, Row] = {
    "start": Row(May.YES, May.IF_IN, May.IF_IN),
    "pause": Row(May.YES, May.IF_IN, May.IF_IN),
    "resume": Row(May.YES, May.IF_IN, May.IF_IN),
    "pass-turn": Row(May.AS_HOLDER, May.IF_ACTIVE, May.NO),
    "switch-turn": Row(May.YES, May.IF_ACTIVE, May.IF_ACTIVE),
    "extra-turn": Row(May.YES, May.IF_ACTIVE, May.NO),
    "ending-turn": Row(May.AS_HOLDER, May.IF_ACTIVE, May.NO),
    "interrupt": _OWN,
    "pass-priority": _OWN_OR_HOST,
    "toggle-target": Row(May.AS_HOLDER, May.IF_ACTIVE, May.IF_ACTIVE),
    "confirm-targets": Row(May.AS_HOLDER, May.IF_ACTIVE, May.NO),
    "cancel-targets": Row(May.YES, May.IF_ACTIVE, May.NO),
    "pass-target": _OWN_OR_HOST,
    "undo": Row(May.YES, May.YES, May.NO),
    "extend-round": _HOST_ONLY,
    "next-round": _ANY_SEAT,
    "timeout-choice": _OWN_OR_HOST,
    "adjust-life": _OWN_OR_HOST,
    "adjust-counter": _OWN_OR_HOST,
    "commander-damage": _OWN_OR_HOST,
    "rename-seat": _OWN_OR_HOST,
    "recolor-seat": _OWN_OR_HOST,
    "set-marker": _ANY_SEAT,
    "roll-dice": _ANY_SEAT,
    "concede": _OWN,
    "leave-seat": _OWN,
    "eliminate": _HOST_ONLY,
    "penalty": _HOST_ONLY,
    "revive": _HOST_ONLY,
    "kick": _HOST_ONLY,
    "free-seat": _HOST_ONLY,
    "share-seat": _HOST_ONLY,
    "add-time": _HOST_ONLY,
    "take-time": _HOST_ONLY,
    "update-settings": _HOST_ONLY,
    "rename-game": _HOST_ONLY,
    "move-seat": _HOST_ONLY,
    "add-seat": _HOST_ONLY,
    "remove-seat": _HOST_ONLY,
    "close": _HOST_ONLY,
    "finish": _HOST_ONLY,
    "roll-order": _HOST_ONLY,
    "random-start": _HOST_ONLY,
    "transfer-host": _HOST_ONLY,
    "reset": Row(May.YES, May.ONCE_FINISHED, May.ONCE_FINISHED),
    "take-host": Row(May.NO, May.HOST_AWAY, May.HOST_AWAY),
    "claim-seat": Row(May.YES, May.YES, May.YES, May.YES),
    # Whoever shows a good reconnect token; the table floor has checked it.
    "take-over": Row(May.YES, May.YES, May.YES, May.YES),
}

_NO_SEAT = say("You are watching. Take a seat to do that.")
_NOT_HOST = say("Only the host can do that.")
_NOT_YOUR_SEAT = say("That is somebody else's seat.")


@dataclass(frozen=True)
class Actor:
    """Who asks. ``seat`` is the seat that acts: the own one, or a shared one named by "as"."""

    client: str
    seat: Seat | None
    is_host: bool
    #: Holds or plays at least one seat.
    is_seated: bool

    @property
    def hand(self) -> int | str:
        """How the ledger names this person where the seat does not matter."""
        if self.seat is not None:
            return self.seat.number
        return "host" if self.is_host else "anyone"


def actor_of(game: Game, client: str, acting: int | None) -> Actor:
    """Who this client is in this game; ``acting`` names a shared seat to act for.

    NotYours when that seat is not shared or this browser is not the table device.
    """
    own = game.seat_of(client)
    is_host = client == game.host
    plays_shared = client == game.device() and any(s.shared for s in game.seats.values())
    seat = own
    if own is None and plays_shared and not is_host:
        # The device in the middle speaks for the table through its first seat that is in.
        shared = [s for s in game.in_order() if s.shared]
        seat = next((s for s in shared if s.is_in), shared[0] if shared else None)
    if acting is not None and (own is None or own.number != acting):
        named = game.seats.get(acting)
        if named is None or not named.shared:
            raise NotYours(say("That seat is not played on the table device."))
        if client != game.device():
            raise NotYours(say("Shared seats are played on the table device."))
        seat = named
    return Actor(client, seat, is_host, own is not None or plays_shared)


def refuse_stranger(game: Game, name: str, actor: Actor) -> None:
    """Refuse who could never give this command, before its fields are looked at."""
    row = PERMISSIONS[name]
    if name == "take-host" and (actor.client == game.creator or actor.is_host):
        return
    if actor.is_host and row.host not in (May.NO, May.AS_HOLDER):
        return
    if actor.is_seated and (row.own is not May.NO or row.other is not May.NO):
        return
    if row.spectator is not May.NO:
        return
    if actor.is_seated or (actor.is_host and row.host is not May.AS_HOLDER):
        raise NotYours(_NOT_HOST)
    raise NotYours(_NO_SEAT if row.own is not May.NO or row.other is not May.NO else _NOT_HOST)


def hand_for(
    game: Game, name: str, actor: Actor, about: int | None, host_away_ms: int | None
) -> int | str:
    """By which hand the command is given: a seat number, or "host", or "anyone".

    ``about`` is the seat the command is about (None: no particular one). The own seat's right is
    used before the host's, so that a host playing by the rules is logged as a player. NotYours
    with the sentence of the nearest missing condition otherwise.
    """
    row = PERMISSIONS[name]
    if name == "take-host" and actor.client == game.creator:
        return actor.hand
    sentence: str = _NOT_HOST
    if actor.seat is not None:
        own = about is None or about == actor.seat.number
        cell = row.own if own else row.other
        missing = _missing(cell, game, actor.seat, host_away_ms)
        if not missing:
            return actor.seat.number
        sentence = missing
        if cell is May.NO and row is not _HOST_ONLY:
            sentence = _NOT_YOUR_SEAT
    if actor.is_host and row.host is May.YES:
        return "host"
    if actor.seat is None:
        if row.spectator is May.YES:
            return "anyone"
        sentence = _NO_SEAT
    raise NotYours(sentence)


def _missing(cell: May, game: Game, seat: Seat, host_away_ms: int | None) -> str:
    """What is missing for this cell; empty when nothing is."""
    if cell in (May.IF_IN, May.IF_ACTIVE) and not seat.is_in:
        return say("Your seat is out.")
    if cell in (May.YES, May.IF_IN):
        return ""
    if cell is May.IF_ACTIVE:
        return "" if game.active == seat.number else say("It is not your turn.")
    if cell is May.ONCE_FINISHED:
        return "" if game.status == "finished" else say("Only the host can do that during a game.")
    if cell is May.HOST_AWAY:
        away = host_away_ms is not None and host_away_ms >= HOST_AWAY_MS
        return "" if away else say("The host is still here.")
    return _NOT_HOST if cell is May.NO else _NOT_YOUR_SEAT
