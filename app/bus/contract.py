"""What a bus does: after a commit, tell every listener which game has which version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Hearer = Callable[[str, int], None]
"""Called with a game's code and its newest version. Must not block."""


class Bus(Protocol):
    """Announcements. At least the newest version of a game arrives; older ones may not."""

    def hear(self, hearer: Hearer) -> None:
        """From now on tell ``hearer`` of every change."""

    def publish(self, code: str, version: int) -> None:
        """Say that a game has a new version. Only ever called after its commit."""
