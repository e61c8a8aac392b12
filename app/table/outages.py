"""Time in which the server or its storage was away: kept as windows, charged to nobody.

Three things open a window (rules section 12): the process was not running, the machine was
suspended or too busy to write its alive line, the storage refused a command. Each game is held
for a window when it is next touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.game.game import Game
from app.storage.contract import HOLE_MS

RETURN_MS = 10_000
"""After a restart the clocks wait this long for a running seat's phone to come back."""


@dataclass(frozen=True)
class Window:
    """Away from ``since``; answering again at ``back_at``; clocks count at ``until`` at latest."""

    since: int
    back_at: int
    until: int

    def concerns(self, game: Game) -> bool:
        """Whether a clock of this game ran through it and is not held until its end yet."""
        is_held = game.outage is not None and game.outage.until >= self.until
        counts = game.status == "running" or game.round_since is not None
        return counts and game.last_at < self.back_at and not is_held


class Outages:
    """All windows of this process, oldest first."""

    def __init__(self, last_alive: int | None, started_at: int) -> None:
        self.alive_at = started_at
        #: A window has ended, and the games in memory are to be held for it.
        self.are_games_behind = False
        self._refused_since: int | None = None
        self.windows: list[Window] = []
        if last_alive is not None:
            since = min(last_alive, started_at)
            self.windows.append(Window(since, started_at, started_at + RETURN_MS))

    def forget_start(self) -> None:
        """Others were well while this process was not: nobody was away."""
        self.windows.clear()

    def was_served(self, at: int) -> None:
        """Others were well up to ``at``: a hole in this process' alive lines is no outage."""
        self.alive_at = max(self.alive_at, at)

    def unseen(self, seen: int) -> list[Window]:
        """The windows after the first ``seen``; those that touch are one."""
        found: list[Window] = []
        for window in self.windows[seen:]:
            if found and window.since <= found[-1].until:
                last = found.pop()
                since, until = min(last.since, window.since), max(last.until, window.until)
                found.append(Window(since, window.back_at, until))
            else:
                found.append(window)
        return found

    def is_suspected(self, at: int) -> bool:
        """Whether an outage may be open: nothing may be judged before storage has answered."""
        return self._refused_since is not None or at - self.alive_at > HOLE_MS

    def back_at(self) -> int:
        """Since when the newest window is over."""
        return self.windows[-1].back_at if self.windows else 0

    def answered(self, at: int, back_at: int) -> bool:
        """The alive line of ``at`` is written; True when that ends a window now, at ``back_at``."""
        since = at if at - self.alive_at <= HOLE_MS else self.alive_at
        if self._refused_since is not None:
            since = min(since, self._refused_since)
        self.alive_at = at
        self._refused_since = None
        if since < at:
            self.windows.append(Window(since, back_at, back_at))
            self.are_games_behind = True
        return since < at

    def refused(self, at: int) -> None:
        """A command was refused for storage."""
        if self._refused_since is None:
            self._refused_since = at
