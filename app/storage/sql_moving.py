"""Taking whole games out of the tables and putting them in, as ``moving`` asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.storage.contract import Token
from app.storage.models import GameRow, LedgerRow, MembershipRow, TokenRow, table_of
from app.storage.moving import Stored

_GAMES, _LEDGER = table_of(GameRow), table_of(LedgerRow)
_MEMBERS, _TOKENS = table_of(MembershipRow), table_of(TokenRow)


def codes(connection: Connection) -> list[str]:
    """Of all games."""
    return list(connection.scalars(select(_GAMES.c.code).order_by(_GAMES.c.code)))


def left_codes(connection: Connection) -> list[str]:
    """Of all ledgers whose game is gone."""
    game = select(_GAMES.c.code).where(_GAMES.c.code == _LEDGER.c.code)
    return list(
        connection.scalars(select(_LEDGER.c.code).where(_LEDGER.c.seq == 0, ~game.exists()))
    )


def texts(connection: Connection, code: str) -> tuple[str, ...]:
    """Of a ledger, from number 0 on."""
    its = select(_LEDGER.c.entry).where(_LEDGER.c.code == code).order_by(_LEDGER.c.seq)
    return tuple(connection.scalars(its))


def take_out(connection: Connection, code: str) -> Stored | None:
    """All of one game."""
    row = connection.execute(select(_GAMES).where(_GAMES.c.code == code)).mappings().first()
    if row is None:
        return None
    clients = connection.scalars(select(_MEMBERS.c.client).where(_MEMBERS.c.code == code))
    tokens = connection.execute(select(_TOKENS).where(_TOKENS.c.code == code))
    return Stored(
        **row,
        ledger=texts(connection, code),
        tokens=frozenset(Token(bytes(t.hash), code, t.seat, t.minted_at) for t in tokens),
        clients=frozenset(clients),
    )


def put_in(connection: Connection, stored: Stored, rows: Sequence[dict[str, Any]]) -> bool:
    """Insert it with the rows of its ledger; False when the code is another game's."""
    code = stored.code
    kept = texts(connection, code)
    if kept != stored.ledger[: len(kept)]:
        return False
    game = {column.name: getattr(stored, column.name) for column in _GAMES.c}
    try:
        with connection.begin_nested():
            connection.execute(insert(_GAMES).values(game))
    except IntegrityError:
        return False
    keep_ledger(connection, rows)
    if stored.clients:
        connection.execute(
            insert(_MEMBERS), [{"client": client, "code": code} for client in stored.clients]
        )
    if stored.tokens:
        connection.execute(insert(_TOKENS), [vars(token) for token in stored.tokens])
    return True


def take_away(connection: Connection, code: str) -> None:
    """Delete a game with all that is its own."""
    connection.execute(delete(_GAMES).where(_GAMES.c.code == code))
    connection.execute(delete(_LEDGER).where(_LEDGER.c.code == code))


def keep_ledger(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those entries that are not there yet; another game's ledger gives way."""
    if not rows:
        return
    code = rows[0]["code"]
    kept = texts(connection, code)
    if kept != tuple(row["entry"] for row in rows[: len(kept)]):
        connection.execute(delete(_LEDGER).where(_LEDGER.c.code == code))
        kept = ()
    if more := rows[len(kept) :]:
        connection.execute(insert(_LEDGER), list(more))


def ledger_rows(code: str, ledger: Sequence[str]) -> list[dict[str, Any]]:
    """A ledger as rows; an entry that cannot be read has the instant of the one before."""
    rows: list[dict[str, Any]] = []
    at = 0
    for seq, entry in enumerate(ledger):
        with suppress(ValueError, TypeError, KeyError):
            at = int(json.loads(entry)["entry"]["at"] if seq else _created_at(entry))
        rows.append({"code": code, "seq": seq, "at": at, "entry": entry})
    return rows


def _created_at(state: str) -> Any:
    return json.loads(state)["game"]["created_at"]
