"""What a group of saves does to the tables, in a handful of statements for all of them.

Each statement runs once for the whole group (``executemany``): two thirds of a save's cost would
otherwise be spent on starting statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam, delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.storage.codec import encode_entry, encode_game
from app.storage.contract import CREATE, CodeTaken, LostRace, Save
from app.storage.models import GameRow, LedgerRow, MembershipRow, TokenRow, table_of

_GAMES, _LEDGER = table_of(GameRow), table_of(LedgerRow)
_MEMBERS, _TOKENS = table_of(MembershipRow), table_of(TokenRow)

_CHANGING = ("state", "version", "status", "listed", "next_due", "updated_at")
# Compare-and-set: a row of another version is not touched, and the count tells.
_UPDATE = (
    update(_GAMES)
    .where(_GAMES.c.code == bindparam("its_code"), _GAMES.c.version == bindparam("expected"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_LEAVE = delete(_MEMBERS).where(
    _MEMBERS.c.client == bindparam("its_client"), _MEMBERS.c.code == bindparam("its_code")
)
_VOID = delete(_TOKENS).where(
    _TOKENS.c.code == bindparam("its_code"), _TOKENS.c.seat == bindparam("its_seat")
)
_EVERYBODY_LEAVES = delete(_MEMBERS).where(_MEMBERS.c.code == bindparam("its_code"))
_VOID_ALL = delete(_TOKENS).where(_TOKENS.c.code == bindparam("its_code"))


_APPEND = insert(_LEDGER)


@cache
def _compiled(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, Any]:
    """A statement in the words of a database, and the order in which it takes its values."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    return str(compiled), compiled.positiontup


def _run(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> int:
    """Run what every tap runs, without what SQLAlchemy does for each statement; rows touched.

    Within the connection's transaction. Faults are DBAPIErrors, as they would be otherwise.
    """
    dialect = connection.dialect
    text, order = _compiled(statement, dialect, tuple(rows[0]))
    values = [tuple([row[name] for name in order]) for row in rows] if order else rows
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(text, values)
        return int(cursor.rowcount)
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error) from error
    finally:
        cursor.close()


@dataclass(frozen=True)
class Prepared:
    """A save as rows. Made in the asking greenlet, so what can not be stored is loud there."""

    save: Save
    row: dict[str, Any]
    entries: list[dict[str, Any]]


def prepare(save: Save) -> Prepared:
    """Check and encode a save.

    ValueError when its entries do not lead from the expected version to the game's (a created
    game has version 0 and no entry yet): its ledger would not fold to the saved game.
    """
    save.require_numbers()
    game = save.game
    state = encode_game(game)
    row = {
        "its_code": game.code,
        "expected": save.expected,
        "state": state,
        "version": game.version,
        "status": game.status,
        "listed": game.listed,
        "next_due": save.next_due,
        "updated_at": game.last_at,
    }
    entries = [
        {"code": game.code, "seq": entry.seq, "at": entry.at, "entry": encode_entry(entry)}
        for entry in save.entries
    ]
    if save.expected == CREATE:
        row |= {"code": game.code, "created_at": game.created_at}
        entries = [{"code": game.code, "seq": 0, "at": game.created_at, "entry": state}]
    return Prepared(save, row, entries)


def write(connection: Connection, group: Sequence[Prepared]) -> None:
    """All of the group. LostRace or CodeTaken when any of it may not be: roll back, ask singly."""
    created = [one for one in group if one.save.expected == CREATE]
    # In the order of the codes, so that two processes never wait for each other's rows crosswise.
    changed = sorted((one for one in group if one.save.expected != CREATE), key=_code)
    if created:
        try:
            connection.execute(insert(_GAMES), [_insertable(one.row) for one in created])
            # Also taken: the code of a game that is gone but whose ledger is still kept.
            connection.execute(insert(_LEDGER), [row for one in created for row in one.entries])
        except IntegrityError as error:
            raise CodeTaken(created[0].save.game.code) from error
    if changed:
        found = _run(connection, _UPDATE, [one.row for one in changed])
        if found != len(changed):
            raise LostRace(changed[0].save.game.code)
        if rows := [row for one in changed for row in one.entries]:
            _run(connection, _APPEND, rows)
    _write_members(connection, group)
    _write_tokens(connection, group)
    if closed := [{"its_code": _code(one)} for one in group if one.save.game.status == "closed"]:
        connection.execute(_EVERYBODY_LEAVES, closed)
        connection.execute(_VOID_ALL, closed)


def _write_members(connection: Connection, group: Sequence[Prepared]) -> None:
    """What holds after the last of the group, so that joining and leaving keep their order."""
    present: dict[tuple[str, str], bool] = {}
    for one in group:
        present |= {(client, _code(one)): False for client in one.save.left}
        present |= {(client, _code(one)): True for client in one.save.joined}
    if present:
        connection.execute(
            _LEAVE, [{"its_client": client, "its_code": code} for client, code in present]
        )
        if rows := [
            {"client": who, "code": code} for (who, code), is_in in present.items() if is_in
        ]:
            connection.execute(insert(_MEMBERS), rows)


def _write_tokens(connection: Connection, group: Sequence[Prepared]) -> None:
    newest: dict[tuple[str, int], dict[str, Any] | None] = {}
    for one in group:
        newest |= {(_code(one), seat): None for seat in one.save.void_seats}
        newest |= {(token.code, token.seat): vars(token) for token in one.save.tokens}
    if newest:
        connection.execute(_VOID, [{"its_code": code, "its_seat": seat} for code, seat in newest])
        if rows := [row for row in newest.values() if row]:
            connection.execute(insert(_TOKENS), rows)


def _code(one: Prepared) -> str:
    return one.save.game.code


def _insertable(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("its_code", "expected")}
