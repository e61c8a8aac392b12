"""What a rule may know beside the game: who acts, by which hand, chance and who is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.game.entry import Entry
from app.game.ledger import LagOf, no_lag
from app.game.permissions import Actor
from app.game.refusals import BadFields, NotNow
from app.game.said import say
from app.game.seat import Seat

Chance = Callable[[int], int]
"""A uniform whole number from 1 to n, from a source nobody can foresee."""


@dataclass(frozen=True)
class Surroundings:
    """Facts from outside the game, at one instant. Nothing here is remembered by the rules."""

    chance: Chance
    #: Seats whose holder (or table device) is there, rules section 12.
    seats_there: frozenset[int] = frozenset()
    #: How long the host has been away; None when the host is there.
    host_away_ms: int | None = None
    #: The instant since which no seat has been there; None while one is.
    nobody_since: int | None = None
    #: The ledger from its newest entry back, read as far as somebody asks for it.
    past: Callable[[], Iterable[Entry]] = tuple
    #: How long what is told reaches a seat's phone and comes back, measured by the server.
    lag_of: LagOf = no_lag


@dataclass
class Asked:
    """One command being carried out: by whom, by which hand, and the story it leaves."""

    actor: Actor
    #: A seat number, "host" or "anyone".
    hand: int | str
    around: Surroundings
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> Seat:
        """The seat that acts; a command about "my seat" without one is a bad form."""
        if self.actor.seat is None:
            raise BadFields({"seat": say("Which seat?")})
        return self.actor.seat

    def subject(self, seats: dict[int, Seat], number: int | None) -> Seat:
        """The seat a command is about: the named one, or the own one when none was named."""
        return known_seat(seats, self.own.number if number is None else number)


def known_seat(seats: dict[int, Seat], number: int, name: str = "seat") -> Seat:
    """The seat with that number at this table; BadFields when there is none."""
    seat = seats.get(number)
    if seat is None or seat.aside:
        raise BadFields({name: say("There is no such seat at this table.")})
    return seat


def must_be_in(seat: Seat) -> Seat:
    """The seat, if it is in."""
    if not seat.is_in:
        raise NotNow("seat-out", say("%(name)s is out.", name=seat.called))
    return seat
