"""The questions asked of the tables. A row that can not be read is set aside and reported."""

from __future__ import annotations

from typing import Any

import gevent
import structlog
from sqlalchemy import Connection, Select, func, select

from app.game.entry import Entry
from app.game.game import Game
from app.storage import counts
from app.storage.codec import decode_entry, decode_game
from app.storage.contract import Feedback, Token, UnreadableGame
from app.storage.models import (
    AliveRow,
    FeedbackRow,
    GameRow,
    LedgerRow,
    MembershipRow,
    TokenRow,
    table_of,
)

_GAMES, _LEDGER = table_of(GameRow), table_of(LedgerRow)
_MEMBERS, _TOKENS = table_of(MembershipRow), table_of(TokenRow)
_FEEDBACK, _ALIVE = table_of(FeedbackRow), table_of(AliveRow)

#: Entries decoded before others get their turn.
AT_A_STRETCH = 100

ACTIVE = ("waiting", "running", "paused")

_log = structlog.get_logger(__name__)


def state(connection: Connection, code: str) -> str | None:
    """The text of a game's newest state."""
    return connection.scalar(select(_GAMES.c.state).where(_GAMES.c.code == code))


def beginning(connection: Connection, code: str) -> str | None:
    """The text of a game as it was created."""
    return connection.scalar(
        select(_LEDGER.c.entry).where(_LEDGER.c.code == code, _LEDGER.c.seq == 0)
    )


def ledger(connection: Connection, code: str) -> list[str]:
    """The texts of a game's entries, in order."""
    return list(
        connection.scalars(
            select(_LEDGER.c.entry)
            .where(_LEDGER.c.code == code, _LEDGER.c.seq > 0)
            .order_by(_LEDGER.c.seq)
        )
    )


def ledger_back(connection: Connection, code: str, upto: int, limit: int) -> list[str]:
    """The texts of at most ``limit`` entries from number ``upto`` back, newest first."""
    return list(
        connection.scalars(
            select(_LEDGER.c.entry)
            .where(_LEDGER.c.code == code, _LEDGER.c.seq > 0, _LEDGER.c.seq <= upto)
            .order_by(_LEDGER.c.seq.desc())
            .limit(limit)
        )
    )


def deadlines(connection: Connection) -> list[tuple[str, int]]:
    """(code, next_due) of all games that have one; from the index alone."""
    due = select(_GAMES.c.code, _GAMES.c.next_due).where(_GAMES.c.next_due.is_not(None))
    return [(code, at) for code, at in connection.execute(due)]


def games_of(connection: Connection, client: str, limit: int) -> list[tuple[str, str]]:
    """(code, state) of the games a client has a place in, newest activity first."""
    mine = (
        select(_GAMES.c.code, _GAMES.c.state)
        .join(_MEMBERS, _MEMBERS.c.code == _GAMES.c.code)
        .where(_MEMBERS.c.client == client, _GAMES.c.status != "closed")
    )
    return _newest(connection, mine, limit)


def open_games(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """(code, state) of the listed games that are not over, newest activity first."""
    listed = select(_GAMES.c.code, _GAMES.c.state).where(
        _GAMES.c.listed == True,  # noqa: E712 - a column
        # Told by what it is not, or SQLite would walk its index of statuses, not the listed games.
        _GAMES.c.status.not_in(("finished", "closed")),
    )
    return _newest(connection, listed, limit)


def newest_games(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """(code, state) of the games that are not closed, newest activity first."""
    kept = select(_GAMES.c.code, _GAMES.c.state).where(_GAMES.c.status != "closed")
    return _newest(connection, kept, limit)


def figures(connection: Connection) -> dict[str, int]:
    """How many games of each status there are, and what else is kept."""
    found = {f"{status} games": 0 for status in (*ACTIVE, "finished", "closed")}
    by_status = select(_GAMES.c.status, func.count()).group_by(_GAMES.c.status)
    found |= {f"{status} games": count for status, count in connection.execute(by_status)}
    for words, table in (
        ("ledger entries", _LEDGER),
        ("memberships", _MEMBERS),
        ("reconnect tokens", _TOKENS),
        ("feedbacks", _FEEDBACK),
    ):
        found[words] = connection.scalar(select(func.count()).select_from(table)) or 0
    return found


def _newest(connection: Connection, games: Select[Any], limit: int) -> list[tuple[str, str]]:
    ordered = games.order_by(_GAMES.c.updated_at.desc(), _GAMES.c.code).limit(limit)
    return [(code, text) for code, text in connection.execute(ordered)]


def count_games(connection: Connection) -> int:
    """How many games are stored, closed ones left out."""
    return _count(connection, (*ACTIVE, "finished"))


def count_active(connection: Connection) -> int:
    """How many games are not over."""
    return _count(connection, ACTIVE)


def _count(connection: Connection, statuses: tuple[str, ...]) -> int:
    """From the index alone."""
    stored = select(func.count()).select_from(_GAMES).where(_GAMES.c.status.in_(statuses))
    return connection.scalar(stored) or 0


def token(connection: Connection, code: str, hash_: bytes) -> Token | None:
    """The token of this game with this hash."""
    its = select(_TOKENS).where(_TOKENS.c.hash == hash_, _TOKENS.c.code == code)
    row = connection.execute(its).first()
    return Token(bytes(row.hash), row.code, row.seat, row.minted_at) if row else None


def last_alive(connection: Connection) -> int | None:
    """The instant of the newest alive line."""
    return connection.scalar(select(_ALIVE.c.at).where(_ALIVE.c.id == 1))


def feedback(connection: Connection) -> list[Feedback]:
    """All feedback, newest first."""
    rows = connection.execute(select(_FEEDBACK).order_by(_FEEDBACK.c.id.desc()))
    return [Feedback(row.id, row.at, row.text) for row in rows]


def decode_ledger(texts: list[str]) -> list[Entry]:
    """The entries; UnreadableGame when one is not readable, for a story with holes misleads."""
    entries = []
    for number, text in enumerate(texts):
        if number % AT_A_STRETCH == 0:
            gevent.sleep(0)  # a long evening's ledger must not stop everybody's clock
        entries.append(decode_entry(text))
    return entries


def decode_list(rows: list[tuple[str, str]]) -> list[Game]:
    """The games that can be read; the others are left out and reported."""
    games = []
    for code, text in rows:
        try:
            games.append(decode_game(text))
        except UnreadableGame as unreadable:
            counts.UNREADABLE.inc()
            _log.error("unreadable game", code=code, reason=str(unreadable))
    return games
