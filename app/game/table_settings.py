"""What the host may set, with limits: rules section 2."""

from __future__ import annotations

from dataclasses import dataclass

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS

ON_TIMEOUT = ("choice", "out", "overtime", "skip")
UNDO_CHARGES = ("mistaken", "nobody")


@dataclass(frozen=True)
class TableSettings:
    """The settings of one game; the defaults are those of rules section 2."""

    starting_ms: int = 20 * MINUTE_MS
    time_control: str = "bonus"
    bonus_ms: int = 30 * SECOND_MS
    starting_life: int = 40
    thresholds_ms: tuple[int, ...] = (5 * MINUTE_MS, MINUTE_MS, 30 * SECOND_MS)
    on_timeout: str = "choice"
    timeout_life: int = 2
    timeout_drinks: int = 2
    timeout_grace_ms: int = 30 * SECOND_MS
    timeout_bonus_ms: int = 60 * SECOND_MS
    #: 0 = off.
    auto_pause_ms: int = 600 * SECOND_MS
    undo_charges: str = "mistaken"


#: Settings that may also be changed while paused (the ones with a star in rules section 2).
ALSO_WHILE_PAUSED = frozenset(
    {"thresholds_ms", "timeout_life", "timeout_drinks", "timeout_bonus_ms", "auto_pause_ms"}
)
