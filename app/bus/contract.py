"""What a bus does: after a commit, tell every listener which game has which version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Hearer = Callable[[str, int], None]
"""Called with a game's code and its newest version. May wait for storage."""


class Bus(Protocol):
    """Announcements. At least the newest version of a game arrives; older ones may not."""

    def start(self) -> None:
        """Begin to hear what happens elsewhere: the server does, a shell command does not."""

    def hear(self, hearer: Hearer) -> None:
        """From now on tell ``hearer`` of every change."""

    def publish(self, code: str, version: int) -> None:
        """Say that a game has a new version. Only ever called after its commit."""

    def listen(self, code: str) -> None:
        """From now on hear of this game wherever it changes; comes back when that is so.

        A bus that could not make sure of it within a moment does when it can, and then tells of
        the game as if it had changed.
        """

    def ignore(self, code: str) -> None:
        """Nobody here is interested in this game any more."""

    def is_well(self) -> bool:
        """Whether what changes elsewhere is heard here now."""

    def close(self) -> None:
        """Hear nothing more."""
