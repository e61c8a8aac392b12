"""What surrounds one game at one instant, looked up only as far as a rule asks for it.

A tap asks for next to nothing of this, and taps are what there are many of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.game.entry import Entry
from app.game.game import Game
from app.game.rules.context import Chance, Surroundings
from app.table.presence import Presence


class Around(Surroundings):
    """The surroundings as they are at ``at``. Used up before anything else happens there."""

    _presence: Presence
    _game: Game
    _at: int

    # Not Surroundings' own: what is handed over there is looked up here.
    def __init__(
        self,
        chance: Chance,
        presence: Presence,
        game: Game,
        at: int,
        past: Callable[[], Iterable[Entry]] = tuple,
    ) -> None:
        vars(self).update(chance=chance, past=past, _presence=presence, _game=game, _at=at)

    def lag_of(self, game: Game, number: int) -> float:
        """The round trip to a seat's phone, if every seat that is in has a socket here."""
        return self._presence.lag_of(game, number)

    @property
    def seats_there(self) -> frozenset[int]:
        """Seats whose holder or table device is there."""
        return self._presence.seats_there(self._game, self._at)

    @property
    def host_away_ms(self) -> int | None:
        """How long the host has been away; None when the host is there."""
        return self._presence.host_away_ms(self._game, self._at)

    @property
    def nobody_since(self) -> int | None:
        """The instant since which no seat has been there; None while one is."""
        return self._presence.nobody_since(self._game)
