"""Which entries can be taken back, and what stands on what (rules section 9).

Entries say nothing about that themselves: it follows from their event and from what they changed.
"""

from __future__ import annotations

from app.game.entry import Entry
from app.game.game import STEPS_KEPT, Step
from app.game.seat import MAX_SEATS

UNDO_MS = 15_000
"""A holder may take an entry back this long; the host at any time."""

REVERSIBLE = frozenset(
    {
        "turn-passed",
        "turn-switched",
        "extra-turn-taken",
        "interrupted",
        "priority-passed",
        "target-toggled",
        "targets-confirmed",
        "targets-cancelled",
        "target-passed",
        "life-adjusted",
        "counter-adjusted",
        "commander-damaged",
        "marker-set",
        "conceded",
        "eliminated",
        "timeout-chosen",
        "time-added",
        "time-taken",
        "penalized",
        "reset",
        "finished",
    }
)

BARRIERS = frozenset({"started", "next-round"})
"""Nothing reaches back before the start or a booked round."""

REARRANGED = frozenset(
    {"seat-added", "seat-removed", "seat-moved", "order-rolled", "start-picked", "settings-updated"}
)
"""After these a reset stays: the table is no longer the one that was reset."""

_STANDING = frozenset(
    {(0, name) for name in ("active", "turn", "stack", "targeting", "winner")}
    | {(number, "out") for number in range(1, MAX_SEATS + 1)}
)


def stands(entry: Entry) -> bool:
    """Whether it is a turn, an interrupt, a target or an out: nothing beneath it moves."""
    return (
        entry.event in ("timeout-chosen", "reset")
        or entry.facts.get("ended_choice") is True
        or not _STANDING.isdisjoint(entry.now)
    )


def group_of(entry: Entry) -> int:
    """The entry that names its group; its own number when it is alone."""
    return int(entry.facts.get("group", entry.seq))


def is_reversible(entry: Entry) -> bool:
    """Whether rules section 9 lists it; what the clock does goes with what caused it."""
    return entry.event in REVERSIBLE and entry.by != "clock"


def rests_on(later: Entry, earlier: Entry) -> bool:
    """Whether a later entry, unless itself taken back, keeps an earlier one where it is."""
    if earlier.event == "reset" and later.event in REARRANGED:
        return True
    if earlier.event == "marker-set" and later.event == "marker-set":
        return bool(earlier.facts["marker"] == later.facts["marker"])
    return stands(earlier) and stands(later)


def follow(steps: tuple[Step, ...], entry: Entry) -> tuple[Step, ...]:
    """The newest steps after one more entry."""
    if entry.event in BARRIERS:
        return ()
    if entry.event == "undone":
        undone = frozenset(entry.facts["undid"])
        return tuple(step for step in steps if step.seq not in undone)
    if entry.by == "clock":
        return steps
    reversible, standing = is_reversible(entry), stands(entry)
    if not (reversible or standing):
        return steps
    group = group_of(entry)
    step = Step(
        entry.seq,
        entry.at,
        entry.by,
        entry.event,
        int(entry.facts.get("seat") or 0),
        int(entry.facts.get("by") or 0),
        group,
        standing,
        reversible,
    )
    # Of a group the newest will do: it is taken back whole, and only its last tap can be deadly.
    others = [known for known in steps if known.group != group]
    return (*others, step)[-STEPS_KEPT:]


def newest_of_each(steps: tuple[Step, ...]) -> dict[int | str, Step | None]:
    """The step each hand would take back now, however old; None or nothing when there is none.

    For the host that is the table's newest, for a seat its own, unless a later one stands on it.
    """
    newest: dict[int | str, Step | None] = {}
    stood_upon = False
    for step in reversed(steps):
        if step.reversible and step.hand not in newest:
            takes_back = None if step.stands and stood_upon else step
            if not newest:
                newest["host"] = takes_back
            newest[step.hand] = takes_back
        if step.event == "reset":
            break
        stood_upon = stood_upon or step.stands
    return newest
