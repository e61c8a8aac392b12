"""A seat: a numbered place at the table, 1 to 8. It outlives the person in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.game.said import say

MIN_SEATS = 2
MAX_SEATS = 8

#: The twelve colours in the order seats get them.
COLORS = (
    "lemon",
    "sky",
    "ember",
    "violet",
    "orange",
    "aqua",
    "pink",
    "steel",
    "green",
    "lime",
    "chalk",
    "magenta",
)

#: What is counted beside life, rules section 8.
COUNTERS = ("poison", "energy", "experience", "drinks", "star")

MIN_LIFE, MAX_LIFE = -999, 9999
MAX_COUNTER = 999
MAX_BANK_MS = 24 * 60 * 60 * 1000
LAG_QUOTA_MS = 1000
"""So much lag credit a seat has at the start."""

LETHAL_POISON = 10
LETHAL_COMMANDER_DAMAGE = 21


@cache
def default_name(number: int) -> str:
    """The name of a seat nobody named."""
    return f"Player {number}"


def called(number: int, name: str) -> str:
    """A seat's name as people read it."""
    return _unnamed(number) if name == default_name(number) else name


@cache
def _unnamed(number: int) -> str:
    return say("Player %(number)s", number=number)


@dataclass(frozen=True)
class Change:
    """The newest run of taps on one number of a seat by one hand: shown, told, undone as one.

    Taps belong together while each comes within three seconds of the one before (rules section 9).
    """

    #: "life", a counter, or "damage.3.1" (from seat 3's first commander).
    name: str
    hand: int | str
    #: Instant of the newest tap.
    at: int
    #: What all of them changed together.
    total: int
    #: Entry number of the first tap, which names the group in the ledger.
    group: int
    #: Whether the seat was out already; a tap after a deadly one is a change of its own.
    out: bool = False


GROUP_MS = 3000
"""Taps at most this far apart are one change."""


@dataclass
class Seat:
    """One place. Milliseconds unless said otherwise; a draft replaces it, nothing edits it."""

    number: int
    name: str
    color: str
    bank_ms: int
    life: int
    holder: str | None = None
    shared: bool = False
    #: Empty at the start and set aside by the host; back at reset.
    aside: bool = False
    #: A starting time of its own (handicap), else None: the game's.
    handicap_ms: int | None = None
    poison: int = 0
    energy: int = 0
    experience: int = 0
    drinks: int = 0
    star: int = 0
    #: Commander damage taken: "source.commander" -> amount.
    damage: dict[str, int] | None = None
    penalties: int = 0
    #: Why the seat is out: "" (it is in), life, poison, commander, time, conceded, eliminated.
    out: str = ""
    out_turn: int = 0
    #: What is left to choose in after a time-out; None when nothing is to be chosen.
    grace_ms: int | None = None
    #: All the time this seat was charged in this sitting.
    used_ms: int = 0
    #: The bank went below 0 and that has been said (on time-out: overtime).
    overtime: bool = False
    #: What was used below 0, all in all.
    overtime_ms: int = 0
    #: What its turn used so far (byo-yomi: of periods), where the time control asks for it;
    #: likewise all its interrupts within one turn number, and its present response.
    spent_ms: int = 0
    interrupts_ms: int = 0
    response_ms: int = 0
    #: Byo-yomi: periods left.
    periods: int = 0
    #: The turn in which its bank reached 0 last.
    ran_out_turn: int = 0
    #: The turn in which it had an undo that charged nobody.
    free_undo_turn: int = 0
    #: Lag credit: how much of its turn is still to pass before it is charged, and how much more
    #: this seat may be given in this sitting.
    lag_ms: int = 0
    lag_quota_ms: int = LAG_QUOTA_MS
    change: Change | None = None
    #: Campaigns: damage this seat did in this round, by the victim's number.
    dealt: dict[int, int] | None = None

    @property
    def called(self) -> str:
        """Its name as people read it: in their own language until somebody gives it one."""
        return called(self.number, self.name)

    @property
    def is_unnamed(self) -> bool:
        """Nobody gave it a name yet."""
        return self.name == default_name(self.number)

    @property
    def is_in(self) -> bool:
        """Still in the turn order."""
        return not self.out and not self.aside

    @property
    def is_taken(self) -> bool:
        """Claimed by somebody or played on the table device."""
        return self.holder is not None or self.shared

    @property
    def is_pending(self) -> bool:
        """A time-out waits for its choice."""
        return self.grace_ms is not None
