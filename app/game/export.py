"""A ledger entry as plain JSON values for everybody: seats only, nobody's browser.

What may be seen is listed, not what may not: a field that is new to the game stays inside until
somebody has decided about it (a test asks). Lists stand for tuples, text for numbered keys.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from app.game.entry import Entry
from app.game.game import Game
from app.game.seat import Seat

PUBLIC_OF_GAME = frozenset(
    {
        *("name", "mode", "listed", "status", "turn", "grant", "active", "settled_at", "outage"),
        *("pause", "starter", "order", "order_roll", "winner", "finished_by", "sitting"),
        *("started_at", "going_since", "finished_at", "monarch", "initiative", "day_night"),
        *("stack", "targeting", "first", "chain", "ending_turn", "round_left_ms", "round_since"),
        *("round_called", "last_turn", "campaign", "settings"),
    }
)

PRIVATE_OF_GAME = frozenset({"host", "creator", "table_device", "kicked"})
"""Whose browser is what."""

DERIVED_OF_GAME = frozenset(
    {*("code", "created_at", "seats", "version", "last_at", "moments", "steps", "hits")}
)
"""Said elsewhere in the export, or shown for ten seconds and gone."""

PRIVATE_OF_SEAT = frozenset({"holder"})
"""Told as ``taken``: whether anybody sits there."""

PUBLIC_OF_SEAT = frozenset(
    {
        *("number", "name", "color", "bank_ms", "life", "shared", "aside", "handicap_ms"),
        *("poison", "energy", "experience", "drinks", "star", "damage", "penalties", "out"),
        *("out_turn", "grace_ms", "used_ms", "overtime", "overtime_ms", "spent_ms"),
        *("interrupts_ms", "response_ms", "periods", "ran_out_turn", "free_undo_turn", "change"),
        *("lag_ms", "lag_quota_ms"),
        "dealt",
    }
)

_NEVER = PRIVATE_OF_GAME | PRIVATE_OF_SEAT | {"client", "token"}


def public_entry(entry: Entry, undone_by: int | None) -> dict[str, Any]:
    """What everybody may know of an entry; ``undone_by`` is the entry that took it back."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "event": entry.event,
        "facts": plain(entry.facts),
        "charged": plain(entry.charged),
        "free": plain(entry.free),
        "undone_by": undone_by,
        "changes": [
            change
            for path, now in entry.now.items()
            for change in _changes(path, entry.was.get(path), now)
        ],
    }


def _changes(path: tuple[int, str], was: Any, now: Any) -> list[dict[str, Any]]:
    number, name = path
    if number == 0:
        if name not in PUBLIC_OF_GAME:
            return []
        return [{"seat": 0, "field": name, "was": plain(was), "now": plain(now)}]
    if name == "":
        return [{"seat": number, "field": "", "was": public_seat(was), "now": public_seat(now)}]
    if name == "holder":
        return [_taken(number, was is not None, now is not None)] if bool(was) != bool(now) else []
    if name not in PUBLIC_OF_SEAT:
        return []
    return [{"seat": number, "field": name, "was": plain(was), "now": plain(now)}]


def _taken(number: int, was: bool, now: bool) -> dict[str, Any]:
    return {"seat": number, "field": "taken", "was": was, "now": now}


def public_seat(seat: Seat | None) -> dict[str, Any] | None:
    """What everybody may know of a seat; None for none."""
    if seat is None:
        return None
    told = {name: plain(getattr(seat, name)) for name in sorted(PUBLIC_OF_SEAT)}
    return told | {"taken": seat.holder is not None}


def public_game(game: Game) -> dict[str, Any]:
    """What everybody may know of a game, its seats apart."""
    return {name: plain(getattr(game, name)) for name in sorted(PUBLIC_OF_GAME)}


def plain(value: Any) -> Any:
    """Any value of the game as JSON knows it, without what is nobody's business."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items() if key not in _NEVER}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value
