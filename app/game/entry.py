"""An entry of the ledger: what happened, what it changed and what was there before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Path = tuple[int, str]
"""Where a value lives: (0, field) of the game, (n, field) of seat n; (n, "") is the whole seat."""


@dataclass(frozen=True)
class Entry:
    """One accepted command, or one thing the clock did.

    ``by`` is a seat number, "host", "anyone" or "clock". ``facts`` tell the story in plain values.
    ``charged`` is milliseconds taken from banks by seat; ``free`` milliseconds that ran and were
    charged to nobody, by kind (grace, outage) and seat.
    """

    seq: int
    at: int
    by: int | str
    event: str
    facts: dict[str, Any] = field(default_factory=dict)
    was: dict[Path, Any] = field(default_factory=dict)
    now: dict[Path, Any] = field(default_factory=dict)
    charged: dict[int, int] = field(default_factory=dict)
    free: dict[str, dict[int, int]] = field(default_factory=dict)
