"""Lag credit: a turn is charged from when its seat's phone could have seen it. Rules section 14.

How much that is gets fixed when the turn begins, from round trips measured before: an answer that
a phone holds back while it thinks gains it nothing. Only a turn has one: an extra turn, a turn
handed back within a chain of switches, interrupts and responses go on with what is left of it.
"""

from __future__ import annotations

from app.game.ledger import Draft
from app.game.seat import LAG_QUOTA_MS
from app.game.time_control import Beginning

MOST_MS = 300
"""No turn is given more."""

GAIN_MS = 300
"""So much each turn adds to what a seat may still be given."""

LARGEST_QUOTA_MS = 2000


def owe_lag(draft: Draft, number: int, how: Beginning) -> int:
    """Fix what the turn that begins is given; returns it. Nothing while a choice is pending."""
    game = draft.game
    if not game.settings.lag_credit:
        return 0
    for seat in game.in_order():
        if seat.number != number or how != "extra":
            draft.put_seat(seat.number, "lag_ms", 0)
    seat = game.seats[number]
    if how != "fresh":
        return 0
    quota_ms = min(LARGEST_QUOTA_MS, seat.lag_quota_ms + GAIN_MS)
    draft.put_seat(number, "lag_quota_ms", quota_ms)
    if seat.is_pending:
        return 0
    lag_ms = max(0, min(int(draft.lag_of(game, number)), MOST_MS, quota_ms))
    draft.put_seat(number, "lag_ms", lag_ms)
    return lag_ms


def forget_lag(draft: Draft, number: int) -> None:
    """As before the start."""
    draft.put_seat(number, "lag_ms", 0)
    draft.put_seat(number, "lag_quota_ms", LAG_QUOTA_MS)
