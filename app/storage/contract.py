"""What a storage does. SQL and Redis fulfil it; the tests in tests/storage hold for any.

Every call blocks the calling greenlet only, never the loop. A save is a compare-and-set on the
version, with the game's new state and its ledger entries in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from app.game.entry import Entry
from app.game.game import Game

CREATE = -1
"""``Save.expected`` of a game that must not exist yet."""


class LostRace(Exception):  # noqa: N818 - nothing failed: somebody was faster, judge again
    """The stored version is not the expected one; reload and judge again."""


class StorageDown(Exception):  # noqa: N818 - a state of the world
    """The storage did not answer, or refused to write. Nothing was changed."""


class CodeTaken(Exception):  # noqa: N818 - deal another code
    """The code names a stored, recently closed or remembered game."""


class UnreadableGame(Exception):  # noqa: N818 - one bad row; all others load
    """The stored row is rubbish or of a newer format. The message says which, for the operator."""


@dataclass(frozen=True)
class Token:
    """A right to take a seat over (or to become the table device: seat 0). Only the hash rests."""

    hash: bytes
    code: str
    seat: int
    minted_at: int


@dataclass(frozen=True)
class Save:
    """All that one command changes, committed together or not at all."""

    game: Game
    expected: int
    entries: tuple[Entry, ...]
    #: When something next happens by itself (epoch ms), or None.
    next_due: int | None
    #: Clients that from now on have / no longer have a seat or the host's place here.
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    #: The newest token of a seat replaces the older; a void seat's tokens are deleted.
    tokens: tuple[Token, ...] = ()
    void_seats: tuple[int, ...] = ()

    def require_numbers(self) -> None:
        """ValueError when the entries do not lead from the expected version to the game's.

        A created game has version 0 and no entry yet. Its ledger would not fold to the saved game.
        """
        is_new = self.expected == CREATE
        numbers = [entry.seq for entry in self.entries]
        wanted = list(range(0 if is_new else self.expected + 1, self.game.version + 1))
        if numbers != ([] if is_new and wanted == [0] else wanted):
            raise ValueError(
                f"entries {numbers} do not lead from {self.expected} to {self.game.version}"
            )


@dataclass(frozen=True)
class Feedback:
    """What somebody left for the operator, who is not told by whom."""

    id: int
    at: int
    text: str


class Offset(NamedTuple):
    """A shared clock (ms since 1970) minus a process' own, and how sure that is; both in ms."""

    offset_ms: float
    uncertainty_ms: float


class Storage(Protocol):
    """Where games rest. All methods may raise StorageDown."""

    def save(self, save: Save) -> None:
        """Commit. LostRace when another version is stored, CodeTaken when creating over a code."""

    def load(self, code: str) -> Game | None:
        """The newest stored state, a closed game's tombstone included. UnreadableGame."""

    def beginning(self, code: str) -> Game | None:
        """The game as it was created (version 0), from which its ledger folds. UnreadableGame."""

    def ledger(self, code: str) -> list[Entry]:
        """All entries in order, also of a finished game that is gone (for 30 days)."""

    def ledger_back(self, code: str, upto: int, limit: int) -> list[Entry]:
        """At most ``limit`` entries from number ``upto`` back, newest first."""

    def deadlines(self) -> Iterable[tuple[str, int]]:
        """(code, next_due) of all games in which something will happen by itself."""

    def games_of(self, client: str, limit: int) -> list[Game]:
        """The games this client has a place in, newest activity first; closed ones left out."""

    def open_games(self, limit: int) -> list[Game]:
        """Listed games that wait, run or are paused, newest activity first."""

    def newest_games(self, limit: int) -> list[Game]:
        """Games in any status but closed, newest activity first."""

    def figures(self) -> dict[str, int]:
        """What is stored, counted, by words for the operator."""

    def count_games(self) -> int:
        """How many games are stored, closed ones left out."""

    def count_active(self) -> int:
        """How many games wait, run or are paused."""

    def find_token(self, code: str, hash_: bytes) -> Token | None:
        """The token of this game with this hash, if it is still good for anything."""

    def say_alive(self, at: int) -> None:
        """Write the alive line: the process was well at ``at``."""

    def last_alive(self) -> int | None:
        """The instant of the newest alive line."""

    def sweep(self, now: int) -> int:
        """Remove what rules section 12 no longer keeps; how many games went."""

    def forget(self, client: str) -> None:
        """Delete this client's memberships and feedback."""

    def add_feedback(self, at: int, text: str, client: str) -> None:
        """Keep what somebody wrote (1 to 1000 characters); whose it is serves ``forget`` alone."""

    def list_feedback(self) -> list[Feedback]:
        """All feedback, newest first."""

    def delete_feedback(self, id_: int) -> bool:
        """Delete one; False when there is none."""

    def is_well(self) -> bool:
        """Whether a write would succeed right now."""

    def close(self) -> None:
        """Finish what is under way and let go of all files and connections."""


HOLE_MS = 5_000
"""A gap between alive lines above this is an outage."""


@runtime_checkable
class SharedStorage(Storage, Protocol):
    """A storage that several processes use at the same time; its saves announce themselves."""

    def version(self, code: str) -> int | None:
        """The number of the newest stored state; None when there is no such game."""

    def others_alive(self, within_ms: int, awake_for_ms: int = 0) -> int:
        """How many other processes wrote their alive line so lately, without a hole so long."""

    def measure_offset(self, counted_ms: Callable[[], float]) -> Offset:
        """The shared clock minus this one, by the quickest of several looks."""

    def due(self, upto: int, limit: int) -> list[tuple[str, int]]:
        """(code, next_due) of games in which something happens by itself up to ``upto``."""

    def postpone(self, code: str, version: int, due: int | None) -> None:
        """``due`` says when to look at this game again, unless it has moved on from ``version``."""

    def say_here(self, code: str, told: str) -> None:
        """Keep what this process says of who is at a table."""

    def here(self, code: str) -> list[str]:
        """What the other processes said of who is at a table."""

    def latency_ms(self) -> float:
        """How long the newest answer took."""

    def complaint(self) -> str | None:
        """What is wrong, as a sentence for the operator; None when it is well."""

    def instances(self, within_ms: int) -> set[str]:
        """The instances of which a process wrote its alive line so lately."""


def shared(storage: Storage) -> SharedStorage | None:
    """The same storage, where other processes may use it at the same time."""
    return storage if isinstance(storage, SharedStorage) else None
