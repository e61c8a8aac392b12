"""Removing what is no longer kept, a batch a transaction: the jobs a sweep repeats until done."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, or_, select

from app.storage.codec import decode_game
from app.storage.contract import UnreadableGame
from app.storage.models import GameRow, LedgerRow, table_of
from app.storage.retention import BATCH, CLOSED_MS, IDLE_MS, LEDGER_MS, PLAYED_MS

_GAMES, _LEDGER = table_of(GameRow), table_of(LedgerRow)
_KEPT_MS = {
    "waiting": IDLE_MS,
    "finished": IDLE_MS,
    "running": PLAYED_MS,
    "paused": PLAYED_MS,
    "closed": CLOSED_MS,
}


def remove_games(connection: Connection, now: int) -> int:
    """Remove a batch of games whose time is over, with memberships and tokens; how many.

    A ledger in which a sitting was finished stays behind (``remove_ledgers`` gets it later).
    """
    over = or_(
        *(
            and_(_GAMES.c.status == status, _GAMES.c.updated_at < now - kept_ms)
            for status, kept_ms in _KEPT_MS.items()
        )
    )
    rows = connection.execute(
        select(_GAMES.c.code, _GAMES.c.status, _GAMES.c.state)
        .where(over)
        .limit(BATCH)
        # Not one that another process is saving at this moment (SQLite has no such moment).
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return 0
    codes = [code for code, _, _ in rows]
    # The keys of memberships and tokens point at the game and go with it.
    connection.execute(delete(_GAMES).where(_GAMES.c.code.in_(codes)))
    useless = [code for code, status, state in rows if not _has_a_result(status, state)]
    if useless:
        connection.execute(delete(_LEDGER).where(_LEDGER.c.code.in_(useless)))
    return len(rows)


def _has_a_result(status: str, state: str) -> bool:
    """Whether somebody may still look up how it ended: also of a sitting before a rematch."""
    if status != "waiting":
        return status == "finished"
    try:
        return decode_game(state).sitting > 0
    except UnreadableGame:
        return True


def remove_ledgers(connection: Connection, now: int) -> int:
    """Remove a batch of ledgers whose game is gone and whose last entry is too old; how many."""
    first, later = _LEDGER.alias("first"), _LEDGER.alias("later")
    too_old = now - LEDGER_MS
    codes = connection.scalars(
        select(first.c.code)
        .where(
            # A ledger that began less long ago can not have ended too long ago.
            first.c.seq == 0,
            first.c.at < too_old,
            ~select(_GAMES.c.code).where(_GAMES.c.code == first.c.code).exists(),
            ~select(later.c.seq)
            .where(later.c.code == first.c.code, later.c.at >= too_old)
            .exists(),
        )
        .limit(BATCH)
    ).all()
    if codes:
        connection.execute(delete(_LEDGER).where(_LEDGER.c.code.in_(codes)))
    return len(codes)
