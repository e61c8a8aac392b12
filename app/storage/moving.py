"""Moving all games from one storage to another, while nobody uses either: the caller sees to that.

A game is carried as the texts it rests in, so one that cannot be read is carried, too. It leaves
one place only when it is in the other, so a move that was interrupted is simply begun again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.storage.contract import Token


@dataclass(frozen=True)
class Stored:
    """All that is kept of one game; instants in ms since 1970."""

    code: str
    state: str
    version: int
    status: str
    listed: bool
    next_due: int | None
    created_at: int
    updated_at: int
    #: The entries' texts by their numbers; at 0 the game as it was created.
    ledger: tuple[str, ...]
    tokens: frozenset[Token]
    clients: frozenset[str]


@dataclass(frozen=True)
class Moved:
    """What became of a move."""

    games: int
    #: Ledgers of games that are gone.
    ledgers: int
    #: Codes of games that stayed: another game has the code over there, or it is rubbish.
    stayed: tuple[str, ...]


class Movable(Protocol):
    """A storage whose games can be taken out and put in. All may raise StorageDown."""

    def codes(self) -> list[str]:
        """Of all games, closed ones too."""

    def take_out(self, code: str) -> Stored | None:
        """All of one game; None when there is none, or nothing can be made of it."""

    def put_in(self, stored: Stored) -> bool:
        """Keep it; False when the code is taken."""

    def take_away(self, code: str) -> None:
        """Remove a game and its ledger."""

    def left_ledgers(self) -> Iterable[tuple[str, Sequence[str]]]:
        """Code and texts of the ledgers whose game is gone."""

    def keep_ledger(self, code: str, texts: Sequence[str]) -> None:
        """Keep the ledger of a game that is gone; twice is as good as once."""

    def last_alive(self) -> int | None:
        """The instant of the newest alive line."""

    def say_alive(self, at: int) -> None:
        """Write the alive line."""


def move(source: Movable, target: Movable) -> Moved:
    """Move all games, the ledgers of games that are gone, and the alive line. StorageDown."""
    games, stayed = 0, []
    for code in source.codes():
        stored = source.take_out(code)
        if stored is not None and (target.put_in(stored) or target.take_out(code) == stored):
            source.take_away(code)
            games += 1
        else:
            stayed.append(code)
    ledgers = 0
    for code, texts in source.left_ledgers():
        target.keep_ledger(code, texts)
        ledgers += 1
    # Or the time in which nobody served would be charged to the players.
    alive, known = source.last_alive(), target.last_alive()
    if alive is not None and (known is None or known < alive):
        target.say_alive(alive)
    return Moved(games, ledgers, tuple(stayed))
