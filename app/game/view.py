"""What a screen shows of a game: numbers arrive ready, templates do no arithmetic.

Viewer-neutral: nothing here knows who looks. "Mine" is decided by attributes of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ClockView:
    """One clock face. ``digits`` are what the page counts down from, by attribute name.

    a..g are the decimal digits of ``remaining_ms`` (or of its absolute value when negative) at
    10,000 s, 1,000 s, 100 s, 10 s, 1 s, 0.1 s and 0.01 s; s0..s4 the starting time's digits in whole seconds at
    10,000 .. 1 s, which say how much of the colour is still uncovered.
    """

    remaining_ms: int
    running: bool
    digits: tuple[tuple[str, str], ...]
    start_digits: tuple[tuple[str, str], ...]
    #: hms (an hour and more), ms, s (under a minute), tenths (under 10 s), over (below 0).
    phase: str
    #: "4:59", "1:02:05", "-0:12"
    text: str
    #: "4 minutes 59 seconds left"
    spoken: str
    #: What is left to choose in after a time-out, or None.
    grace_ms: int | None
    grace_digits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CounterView:
    """A counter that is not 0: ("poison", 3, "3 poison")."""

    name: str
    value: int
    words: str


@dataclass(frozen=True)
class DamageView:
    """Commander damage this seat has taken from one commander of one seat."""

    source: int
    source_name: str
    commander: int
    amount: int


@dataclass(frozen=True)
class SeatView:
    """One seat as everybody sees it."""

    number: int
    #: Place in turn order from 1; 0 for a seat set aside.
    order: int
    name: str
    color: str
    #: yes, no or shared
    holder: str
    out: bool
    #: "0 life", "out of time", "21 damage" ...; empty while in.
    out_words: str
    pending: bool
    life: int
    counters: tuple[CounterView, ...]
    damage: tuple[DamageView, ...]
    penalties: int
    points: str
    monarch: bool
    initiative: bool
    is_host: bool
    clock: ClockView


@dataclass(frozen=True)
class StateView:
    """The head of every frame: where the game is."""

    code: str
    name: str
    version: int
    status: str
    turn: int
    grant: int
    #: "" or a number
    active_seat: str
    #: "1 3"
    running_seats: str
    #: who comes after the active seat; "" when nobody
    next_seat: str
    #: who begins, while waiting
    starter: str
    #: every seat number at the table, "1 2 3 4"
    seats: str
    #: "3" taken of
    taken: int
    #: "4" in play
    places: int
    #: who holds the host's place, as a seat number, or ""
    host_seat: str
    pending_seats: str
    pause_reason: str
    winner: str
    day_night: str
    #: yes while an outage stops the clocks
    outage: bool
    #: "Turn 17", "Paused · turn 17", "Lobby"
    title: str


@dataclass(frozen=True)
class NoticeView:
    """The poster over the table: a pause or the end. ``kind`` is "", "paused" or "finished"."""

    kind: str
    #: "Rules question", "Break", ... / the winner's name
    headline: str
    #: "Chloé stopped the clocks" / "wins", "Nobody wins"
    sentence: str
    seat: str
    color: str
    #: how long the pause lasts so far; counts up on the phone by the same digits
    elapsed_ms: int
    digits: tuple[tuple[str, str], ...]
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True)
class ResultRow:
    """One seat on the result: who, why it went, how much time it used."""

    number: int
    name: str
    color: str
    words: str
    used_text: str


@dataclass(frozen=True)
class MomentView:
    """Something shown once: dice, a bonus, a winner, an order roll."""

    seq: int
    kind: str
    #: how long ago, so that a late screen does not replay it
    age_ms: int
    seat: str
    #: "Ada rolled 17 on a d20", "+0:30"
    words: str
    data: dict[str, Any]


@dataclass(frozen=True)
class PresenceView:
    """Who is not there; travels on its own, with its own number."""

    number: int
    #: "2 4"
    away: str
    host_away: bool
    #: "", or the announcement that the host's place may soon be taken
    words: str
    #: yes when any holder may take the host's place now
    may_take: bool
