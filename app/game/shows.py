"""What a roll looks like while it is rolled: what is shown when, told in tenths of a second.

Chance has spoken before; this only says in which order everybody gets to see it. All of it is a
function of the moment, so every screen shows the same, and a late one the rest of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any

from app.game.game import Game, Moment

FACES = 9
"""So many numbers a die shows before it lies still, the last one being the roll."""

TUMBLE_MS = 1_000
ROW_MS = 450
"""In an order roll the next row begins so long after the one below it."""

OPENING_MS = 500
LONGEST_MS = 6_500
"""An order roll is told within this, or people would read the end of it for an instant only."""

FEWEST_HOPS = 12
HOP_MS, LAST_HOPS_MS = 110, 1_700
"""A random start hops from row to row: evenly at first, and slower towards its end."""

COIN_SIDES = 2


@dataclass(frozen=True)
class Throw:
    """One throw of a die: the numbers it shows, the last one for good."""

    faces: tuple[int, ...]
    #: seconds and tenths after the moment at which it begins
    since: tuple[int, int]
    #: likewise when it stops to count, as a tied one does; None for one that decides
    until: tuple[int, int] | None


@dataclass(frozen=True)
class ShowRow:
    """One seat in an order roll or a random start."""

    number: int
    name: str
    color: str
    since: tuple[int, int]
    throws: tuple[Throw, ...]
    #: when the light passes over it
    lights: tuple[tuple[int, int], ...]
    #: the light stays here
    first: bool


@dataclass(frozen=True)
class Show:
    """How a moment unfolds. A single die has one throw and no rows."""

    throw: Throw | None
    rows: tuple[ShowRow, ...]
    #: when it is plain who begins
    told: tuple[int, int]


def show_of(game: Game, moment: Moment) -> Show | None:
    """The unfolding of a roll; None for a moment that is said in a word."""
    data = moment.data
    if moment.kind == "dice" and data["sides"] != COIN_SIDES:
        throw = Throw(faces_of(data["rolled"], data["sides"]), (0, 0), None)
        return Show(throw, (), _tenths(TUMBLE_MS))
    if moment.kind == "order-roll":
        rolls = [(r["seat"], r["rolled"]) for r in data["rolls"] if r["seat"] in game.seats]
        return _order_roll(game, rolls) if rolls else None
    if moment.kind == "random-start" and data["seat"] in game.seats:
        among = [n for n in data.get("among", ()) if n in game.seats] or [data["seat"]]
        return _random_start(game, among, data["seat"])
    return None


def faces_of(rolled: int, sides: int) -> tuple[int, ...]:
    """Numbers of such a die, no two alike in a row, that end in what was rolled."""
    step = next(n for n in range(max(1, sides * 3 // 8), sides + 1) if gcd(n, sides) == 1)
    return tuple((rolled - 1 + (FACES - shown) * step) % sides + 1 for shown in range(1, FACES + 1))


def _tenths(length_ms: float) -> tuple[int, int]:
    tenths = round(length_ms / 100)
    return tenths // 10, tenths % 10


def _order_roll(game: Game, rolls: list[tuple[int, list[int]]]) -> Show:
    """From the last row up; the tied throw again together before the tale goes on above them."""
    begins: dict[int, list[int]] = {}
    at_ms = OPENING_MS
    groups: dict[int, list[int]] = {}
    thrown = dict(rolls)
    for number, rolled in reversed(rolls):
        groups.setdefault(rolled[0], []).append(number)
    for tied in groups.values():
        for number in tied:
            begins[number] = [at_ms]
            at_ms += ROW_MS
        for again in range(1, max(len(thrown[number]) for number in tied)):
            at_ms += TUMBLE_MS - (ROW_MS if again == 1 else 0)
            for number in tied:
                if again < len(thrown[number]):
                    begins[number].append(at_ms)
        if len(tied) > 1:
            at_ms += TUMBLE_MS - ROW_MS
    lasted_ms = max(known[-1] for known in begins.values()) + TUMBLE_MS
    pace = min(1.0, (LONGEST_MS - TUMBLE_MS) / (lasted_ms - TUMBLE_MS))
    rows = []
    for number, rolled in rolls:
        since = [_tenths(known * pace) for known in begins[number]]
        throws = tuple(
            Throw(faces_of(value, 20), since[n], since[n + 1] if n + 1 < len(since) else None)
            for n, value in enumerate(rolled)
        )
        rows.append(_row(game, number, since[0], throws=throws, first=number == rolls[0][0]))
    return Show(None, tuple(rows), _tenths((lasted_ms - TUMBLE_MS) * pace + TUMBLE_MS))


def _random_start(game: Game, among: list[int], picked: int) -> Show:
    """The light begins at the first row and goes round until it stays with who begins."""
    last = among.index(picked)
    while last < FEWEST_HOPS:
        last += len(among)
    at_ms = [hop * HOP_MS + (hop / last) ** 3 * LAST_HOPS_MS for hop in range(last + 1)]
    rows = [
        _row(
            game,
            number,
            (0, 0),
            lights=tuple(_tenths(OPENING_MS + ms) for ms in at_ms[place :: len(among)]),
            first=number == picked,
        )
        for place, number in enumerate(among)
    ]
    return Show(None, tuple(rows), _tenths(OPENING_MS + at_ms[-1]))


def _row(game: Game, number: int, since: tuple[int, int], **told: Any) -> ShowRow:
    seat = game.seats[number]
    given = {"throws": (), "lights": (), **told}
    return ShowRow(number, seat.called, seat.color, since, **given)
