"""Taking back a change on which nothing stands: life, counters, damage, time, markers.

Numbers are taken back as differences, so it does not matter what came after. Rules section 9.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.game.clock import stint_of
from app.game.entry import Entry
from app.game.ledger import Draft
from app.game.rules.campaigns import credit
from app.game.rules.outs import hand_on_markers, is_played, mortal_reason, put_out, settle_outs
from app.game.seat import COUNTERS, MAX_BANK_MS, MAX_COUNTER, MAX_LIFE, MIN_LIFE, Seat
from app.game.time_control import control_of

COUNTS = frozenset({"life", *COUNTERS, "penalties"})
"""A seat's numbers that are changed by so much, its clock apart."""

MARKERS = frozenset({"monarch", "initiative", "day_night"})


def take_back(draft: Draft, group: list[Entry]) -> None:
    """Changes of one group, the newest first."""
    begun: dict[str, Any] = {}
    for entry in reversed(group):
        take_back_counts(draft, entry)
        number = entry.facts.get("seat", 0)
        if entry.event in ("time-added", "time-taken"):
            _take_back_time(draft, entry, number)
        for place, name in entry.was:
            if not place and name in MARKERS:
                _take_back_marker(draft, name, entry.was[place, name])
        if number in draft.game.seats:
            draft.put_seat(number, "change", None)
            begun |= {name: was for (place, name), was in entry.was.items() if place == number}
    for number in {entry.facts.get("seat", 0) for entry in group} & draft.game.seats.keys():
        put_out_if_mortal(draft, replace(draft.before.seats[number], **begun))


def take_back_counts(draft: Draft, entry: Entry) -> None:
    """What an entry did to life, counters, penalties, damage, and in campaigns to the points."""
    for (number, name), before in entry.was.items():
        if number in draft.game.seats and name in COUNTS:
            _take_back_count(draft, number, name, entry.now[number, name] - before)
        elif number in draft.game.seats and name == "damage":
            _take_back_damage(draft, number, before or {}, entry.now[number, name] or {})
    for attacker, victim, amount in entry.facts.get("credits", ()):
        credit(draft, attacker, victim, -amount)
    if (0, "hits") in entry.now:
        unchanged = draft.game.hits == entry.now[0, "hits"]
        others = tuple(hit for hit in draft.game.hits if hit.seq != entry.seq)
        draft.put("hits", entry.was[0, "hits"] if unchanged else others)


def put_out_if_mortal(draft: Draft, before: Seat) -> None:
    """Without what was taken back a seat may be at a deadly value; ``before`` it was not."""
    seat = draft.game.seats[before.number]
    reason = mortal_reason(seat)
    if reason and seat.is_in and is_played(draft.game) and not mortal_reason(before):
        put_out(draft, seat.number, reason)
        settle_outs(draft)


def _take_back_count(draft: Draft, number: int, name: str, change: int) -> None:
    """The limits hold here too: what was clamped since is not made up for."""
    low, high = (MIN_LIFE, MAX_LIFE) if name == "life" else (0, MAX_COUNTER)
    value = getattr(draft.game.seats[number], name) - change
    draft.put_seat(number, name, max(low, min(high, value)))


def _take_back_damage(
    draft: Draft, number: int, before: dict[str, int], after: dict[str, int]
) -> None:
    damage = dict(draft.game.seats[number].damage or {})
    for key in before.keys() | after.keys():
        amount = damage.get(key, 0) - after.get(key, 0) + before.get(key, 0)
        damage[key] = max(0, min(MAX_COUNTER, amount))
    kept = {key: damage[key] for key in sorted(damage) if damage[key]}
    draft.put_seat(number, "damage", kept or None)


def _take_back_time(draft: Draft, entry: Entry, number: int) -> None:
    """A gift, as far as it is not used up; or a fine."""
    game = draft.game
    seat = game.seats[number]
    full_ms = game.starting_ms_of(seat)
    if game.status == "waiting":
        if (number, "handicap_ms") in entry.was:
            draft.put_seat(number, "handicap_ms", entry.was[number, "handicap_ms"])
        draft.put_seat(number, "bank_ms", game.starting_ms_of(game.seats[number]))
        return
    if control_of(game.settings).each_turn and seat.bank_ms == full_ms:
        return  # the turn it was for is over
    change_ms = entry.facts["ms"] * (1 if entry.event == "time-added" else -1)
    least_ms = min(seat.bank_ms, -seat.overtime_ms)
    bank_ms = min(MAX_BANK_MS, max(least_ms, seat.bank_ms - change_ms))
    draft.put_seat(number, "bank_ms", bank_ms)
    seat = game.seats[number]
    left_ms = control_of(game.settings).left_ms(seat, game.settings, stint_of(game, number))
    if left_ms < 0:
        draft.put_seat(number, "overtime", True)
    elif bank_ms <= entry.now.get((number, "bank_ms"), bank_ms) - change_ms:
        draft.put_seat(number, "overtime", entry.was.get((number, "overtime"), seat.overtime))
    if left_ms > 0:
        draft.put_seat(number, "grace_ms", None)  # as whenever the host adds time


def _take_back_marker(draft: Draft, name: str, owner: Any) -> None:
    """To whom it belonged; or to its heir, when that one has gone out or away meanwhile."""
    gone = isinstance(owner, int) and owner not in draft.game.seats
    draft.put(name, None if gone else owner)
    hand_on_markers(draft)
