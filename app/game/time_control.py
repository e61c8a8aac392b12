"""Time controls: what a turn costs and gives (rules section 4). Pure, one entry per control.

A control answers four questions about a seat; it never writes. ``CONTROLS`` is the table the
settings form offers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.game.seat import MAX_BANK_MS, Seat
from app.game.table_settings import TableSettings


@dataclass(frozen=True)
class Charge:
    """What ``elapsed`` milliseconds did: the bank after them, what was taken, what was free."""

    bank_ms: int
    taken_ms: int
    free_ms: int = 0


class TimeControl(Protocol):
    """The questions every control answers."""

    def gift_ms(self, seat: Seat, settings: TableSettings) -> int:
        """What the seat whose new turn begins gets at once."""

    def charge(self, seat: Seat, settings: TableSettings, elapsed_ms: int) -> Charge:
        """What ``elapsed_ms`` of this seat's running clock costs."""

    def until_timeout_ms(self, seat: Seat, settings: TableSettings) -> int | None:
        """How long its running clock may go on before a time-out; None = for ever."""

    def restored_ms(self, seat: Seat, settings: TableSettings) -> int:
        """The bank after a survived time-out or a revive."""


class Bonus:
    """The default: the seat whose new turn begins gets the bonus at once, once per turn."""

    def gift_ms(self, seat: Seat, settings: TableSettings) -> int:
        """The bonus, as far as the bank stays below 24 hours."""
        return max(0, min(settings.bonus_ms, MAX_BANK_MS - seat.bank_ms))

    def charge(self, seat: Seat, settings: TableSettings, elapsed_ms: int) -> Charge:
        """All of it."""
        return Charge(seat.bank_ms - elapsed_ms, elapsed_ms)

    def until_timeout_ms(self, seat: Seat, settings: TableSettings) -> int | None:
        """The bank: a time-out comes at t >= B."""
        return max(0, seat.bank_ms)

    def restored_ms(self, seat: Seat, settings: TableSettings) -> int:
        """The time after surviving."""
        return settings.timeout_bonus_ms


CONTROLS: dict[str, TimeControl] = {"bonus": Bonus()}


def control_of(settings: TableSettings) -> TimeControl:
    """The control a game is played with."""
    return CONTROLS[settings.time_control]
