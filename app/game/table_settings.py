"""What the host may set, with limits: rules section 2."""

from __future__ import annotations

from dataclasses import dataclass

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS

ON_TIMEOUT = ("choice", "out", "overtime", "skip")
UNDO_CHARGES = ("mistaken", "nobody")
ROUND_ENDS = ("bell", "last-turn", "turns")

#: What a round clock's end allows when nothing else is said: minutes of a last turn, more turns.
ROUND_EXTRA = {"bell": 0, "last-turn": 20, "turns": 5}


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
    #: Fischer: added by passing.
    increment_ms: int = 10 * SECOND_MS
    #: Delay and bronstein: free, or given back, in each turn.
    delay_ms: int = 10 * SECOND_MS
    #: Whether a response to targeting has a delay of its own.
    delay_rearms: bool = True
    #: Byo-yomi: how many periods of what length follow the main bank.
    periods: int = 5
    period_ms: int = 30 * SECOND_MS
    #: Per-turn: what each turn may take.
    allowance_ms: int = 60 * SECOND_MS
    #: The round clock of an event; 0 = off.
    round_ms: int = 0
    round_end: str = "bell"
    #: Minutes the last turn may take, or how many more turns; None = ROUND_EXTRA.
    round_extra: int | None = None
    #: Whether a turn is charged from when its seat's phone could have seen it (``rules.lag``).
    lag_credit: bool = False

    @property
    def round_more(self) -> int:
        """Minutes of a last turn or number of turns after the round clock's end."""
        return ROUND_EXTRA[self.round_end] if self.round_extra is None else self.round_extra


#: Settings that may also be changed while paused (the ones with a star in rules section 2).
ALSO_WHILE_PAUSED = frozenset(
    {"thresholds_ms", "timeout_life", "timeout_drinks", "timeout_bonus_ms", "auto_pause_ms"}
)
