"""Who is there: open channels and recent requests, per game. Rules section 12.

Presence is not in the ledger and not stored: after a restart it begins anew, at the instant the
server began to answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from app.game.game import Game
from app.game.permissions import HOST_AWAY_ANNOUNCED_MS, HOST_AWAY_MS
from app.game.said import say
from app.game.view import PresenceView

REQUEST_COUNTS_MS = 10 * 60 * 1000
"""A request makes its client be there for this long."""

REMEMBERED = 64
"""How many browsers a table remembers before it forgets the silent ones."""

SEEN_RECENTLY_MS = 20_000
"""A tile turns hollow once its phone has had no channel and asked nothing for this long."""


@dataclass
class Client:
    """One browser at one table."""

    channels: int = 0
    requested_at: int = 0
    closed_at: int = 0

    def there_until(self) -> int:
        """Until when it counts as there, its open channels apart."""
        return max(self.closed_at, self.requested_at + REQUEST_COUNTS_MS)

    def seen_at(self) -> int:
        """When it was last heard of, its open channels apart."""
        return max(self.closed_at, self.requested_at)


class Measured(Protocol):
    """A socket; its round trip in ms, smoothed, None before it is known."""

    round_trip_ms: float | None
    ended: bool


@dataclass
class Presence:
    """Who is there at one table. ``since`` is when the process began to know."""

    since: int
    clients: dict[str, Client] = field(default_factory=dict)
    #: What other processes know of the same table (``elsewhere``).
    others: dict[str, Client] = field(default_factory=dict)
    #: The open sockets of each browser, in this process: others' are not measured here.
    sockets: dict[str, list[Measured]] = field(default_factory=dict)
    #: Counts up with every change that screens should show.
    number: int = 0

    def requested(self, client: str, at: int) -> None:
        """A browser asked for something."""
        self._of(client).requested_at = at

    def opened(self, client: str, at: int) -> None:
        """A browser opened a channel."""
        known = self._of(client)
        known.channels += 1
        known.requested_at = at

    def closed(self, client: str, at: int) -> None:
        """A browser's channel is gone."""
        known = self._of(client)
        known.channels = max(0, known.channels - 1)
        known.closed_at = at

    def plugged_in(self, client: str, socket: Measured) -> None:
        """A browser's channel is a socket, which measures its round trip."""
        self.sockets.setdefault(client, []).append(socket)

    def unplugged(self, client: str, socket: Measured) -> None:
        """That socket is gone."""
        left = [one for one in self.sockets.pop(client, []) if one is not socket]
        if left:
            self.sockets[client] = left

    def lag_of(self, game: Game, number: int) -> float:
        """The round trip to a seat's phone, by its quickest socket.

        0 where it is not known yet, and for everybody unless each seat that is in has a socket in
        this process.
        """
        players = _seated(game)
        if not all(self._open(players.get(seat.number)) for seat in game.seats_in()):
            return 0
        known = [one.round_trip_ms for one in self._open(players.get(number))]
        return min((took_ms for took_ms in known if took_ms is not None), default=0)

    def _open(self, client: str | None) -> list[Measured]:
        sockets = self.sockets.get(client, []) if client is not None else []
        return [one for one in sockets if not one.ended]

    def knows(self, client: str) -> bool:
        """Whether this browser was at this table before, as far back as the table remembers."""
        return self.known(client) is not None

    def known(self, client: str) -> Client | None:
        """What is known of a browser, here and in other processes."""
        here, there = self.clients.get(client), self.others.get(client)
        if here is None or there is None:
            return here or there
        return Client(
            here.channels + there.channels,
            max(here.requested_at, there.requested_at),
            max(here.closed_at, there.closed_at),
        )

    def has_channel(self, client: str) -> bool:
        """Whether this browser has an open channel here."""
        known = self.clients.get(client)
        return known is not None and known.channels > 0

    def channels(self) -> int:
        """How many channels are open at this table."""
        return sum(client.channels for client in self.clients.values())

    def nobody_since(self, game: Game) -> int | None:
        """From when on no seat is there (perhaps in the future); None while a channel is open."""
        for seat in game.seats.values():  # mostly the first of them has one
            holder = None if seat.aside or seat.shared else seat.holder
            if holder is not None and self.has_channel(holder):
                return None
        since = self.since
        for client in _seated(game).values():
            known = self.known(client)
            if known is None:
                continue
            if known.channels:
                return None
            since = max(since, known.there_until())
        return since

    def seats_there(self, game: Game, at: int) -> frozenset[int]:
        """Seats whose holder or table device is there."""
        return frozenset(
            number for number, client in _seated(game).items() if self._is_there(client, at)
        )

    def seats_away(self, game: Game, at: int) -> list[int]:
        """Taken seats whose phone has been silent for a little while, for the screens."""
        return [
            number
            for number, client in sorted(_seated(game).items())
            if self._silent_ms(client, at) > SEEN_RECENTLY_MS
        ]

    def host_away_ms(self, game: Game, at: int) -> int | None:
        """How long the host has been away; None while there is a channel."""
        known = self.known(game.host)
        if known is None:
            return max(0, at - self.since)
        return None if known.channels else max(0, at - max(self.since, known.seen_at()))

    def last_active(self, client: str, at: int) -> int:
        """When this browser was last heard of; the process' beginning when it never was."""
        known = self.known(client)
        if known is None:
            return self.since
        return at if known.channels else max(self.since, known.seen_at())

    def _silent_ms(self, client: str, at: int) -> int:
        known = self.known(client)
        if known is None:
            return max(0, at - self.since)
        return 0 if known.channels else max(0, at - max(self.since, known.seen_at()))

    def _is_there(self, client: str, at: int) -> bool:
        known = self.known(client)
        if known is None:
            return False
        return known.channels > 0 or known.there_until() > at

    def is_crowded(self) -> bool:
        """Whether it remembers more than it should."""
        return len(self.clients) > REMEMBERED

    def forget_onlookers(self, people: set[str]) -> None:
        """Onlookers come and go all evening; who has no place here is not remembered for long."""
        self.clients = {
            client: known
            for client, known in self.clients.items()
            if known.channels or client in people
        }

    def _of(self, client: str) -> Client:
        return self.clients.setdefault(client, Client())


def _seated(game: Game) -> dict[int, str]:
    """Which browser plays which seat."""
    players: dict[int, str] = {}
    for seat in game.in_order():
        if seat.shared:
            players[seat.number] = game.device()
        elif seat.holder is not None:
            players[seat.number] = seat.holder
    return players


def view_presence(presence: Presence, game: Game, at: int) -> PresenceView:
    """Who is not there, in words and numbers."""
    away_ms = presence.host_away_ms(game, at) or 0
    may_take = away_ms >= HOST_AWAY_MS
    words = ""
    if may_take:
        words = say("The host is away. Anybody seated may take the host's place.")
    elif away_ms >= HOST_AWAY_ANNOUNCED_MS:
        words = say("The host is away. In a minute anybody seated may take the host's place.")
    return PresenceView(
        number=presence.number,
        away=" ".join(str(n) for n in presence.seats_away(game, at)),
        host_away=away_ms >= HOST_AWAY_ANNOUNCED_MS,
        may_take=may_take,
        words=words,
    )
