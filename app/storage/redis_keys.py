"""The names of everything kept in Redis, and how long a game's keys live untouched.

A game's own keys carry its code in braces, so that all of them are in one slot of a cluster and
one script may touch them together. What is asked across games is beside them, in other slots.
"""

from __future__ import annotations

from binascii import crc32

from app.game.game import Game
from app.storage.retention import CLOSED_MS, IDLE_MS, LEDGER_MS, PLAYED_MS

ACTIVE = ("waiting", "running", "paused")
STATUSES = (*ACTIVE, "finished", "closed")

KEPT_MS = {
    "waiting": IDLE_MS,
    "finished": IDLE_MS,
    "running": PLAYED_MS,
    "paused": PLAYED_MS,
    "closed": CLOSED_MS,
}
"""How long after its newest entry a game goes, by status."""

CLIENT_MS = 2 * PLAYED_MS
"""A client's list goes so long after a game of it was last joined or looked over."""

DUE_BUCKETS = 16
"""Deadlines are spread over so many lists, that no one of them becomes a hot spot."""

ALIVE = "tarp:alive"
KEEP = "tarp:keep"
LISTED = "tarp:listed"
TRIAL = "tarp:well"


def game_key(code: str) -> str:
    """Hash: the newest state and what the lists beside it are made of."""
    return f"tarp:{{{code}}}:game"


def ledger_key(code: str) -> str:
    """List: the entry's text at its number; at 0 the game as it was created."""
    return f"tarp:{{{code}}}:ledger"


def tokens_key(code: str) -> str:
    """Hash: a seat's newest token, as ``minted_at:hash``."""
    return f"tarp:{{{code}}}:tokens"


def members_key(code: str) -> str:
    """Set: the clients that have a place here; their own lists are made from it."""
    return f"tarp:{{{code}}}:members"


def copied_key(code: str) -> str:
    """Number of the last entry that is copied to SQL, where it outlives the game."""
    return f"tarp:{{{code}}}:copied"


def keys_of(code: str) -> list[str]:
    """All keys of one game, in the order in which the scripts expect them."""
    return [name(code) for name in (game_key, ledger_key, tokens_key, members_key, copied_key)]


def news_channel(code: str) -> str:
    """Where a game's new version number is published, by the script that saved it."""
    return f"tarp:{{{code}}}:news"


def status_key(status: str) -> str:
    """Sorted set: codes of this status by their newest entry's instant."""
    return f"tarp:games:{status}"


def due_key(code: str) -> str:
    """Sorted set: codes by the instant at which something happens by itself."""
    return due_keys()[crc32(code.encode()) % DUE_BUCKETS]


def due_keys() -> list[str]:
    """All of these sorted sets."""
    return [f"tarp:due:{number}" for number in range(DUE_BUCKETS)]


def client_key(client: str) -> str:
    """Set: codes of the games in which this client may have a place."""
    return f"tarp:client:{client}"


def has_result(game: Game) -> bool:
    """Whether somebody may still look up how it ended: also of a sitting before a rematch."""
    return game.status == "finished" or (game.status == "waiting" and game.sitting > 0)


def ledger_ms(status: str, *, keeps: bool) -> int:
    """How long a ledger lives untouched: one with a result until it is copied, or that long."""
    return max(KEPT_MS[status], LEDGER_MS) if keeps else KEPT_MS[status]
