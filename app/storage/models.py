"""The tables. Instants are epoch milliseconds in 64 bits; states and entries are JSON text.

The text is ``Text``, not a JSON type: the program reads it whole or not at all, and SQLite and
PostgreSQL then store the same bytes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy import Table as CoreTable
from sqlmodel import Field, SQLModel


class Table(SQLModel):
    """What the tables here share: a catalogue of their own."""

    metadata: ClassVar[MetaData] = MetaData()


class GameRow(Table, table=True):
    """The newest state of a game; of a closed one, the tombstone that keeps its code taken."""

    __tablename__ = "games"
    # The first two answer their questions from the index alone, never reading the wide rows.
    __table_args__ = (
        Index("games_by_age", "status", "updated_at"),
        Index(
            "games_by_due",
            "next_due",
            "code",
            sqlite_where=text("next_due IS NOT NULL"),
            postgresql_where=text("next_due IS NOT NULL"),
        ),
        # Most games are not listed, and their taps pay nothing for this one.
        Index(
            "games_listed",
            "updated_at",
            sqlite_where=text("listed = 1"),
            postgresql_where=text("listed"),
        ),
    )

    code: str = Field(primary_key=True)
    state: str = Field(sa_type=Text)
    version: int
    status: str
    listed: bool
    next_due: int | None = Field(default=None, sa_type=BigInteger)
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)


class LedgerRow(Table, table=True):
    """One ledger entry; seq 0 is the game as it was created. Outlives its game: no foreign key.

    SQLite keeps its row numbers here (no WITHOUT ROWID): entries of many games then land on the
    same last page, and a group of saves costs half.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        # One row a code in this index: the sweep finds old ledgers without reading the others.
        Index(
            "ledger_beginnings",
            "at",
            "code",
            sqlite_where=text("seq = 0"),
            postgresql_where=text("seq = 0"),
        ),
    )

    code: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    entry: str = Field(sa_type=Text)


class MembershipRow(Table, table=True):
    """A client has a place in a game; the key finds a client's games, the index a game's."""

    __tablename__ = "memberships"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    client: str = Field(primary_key=True)
    code: str = Field(primary_key=True, index=True, foreign_key="games.code", ondelete="CASCADE")


class TokenRow(Table, table=True):
    """The hash of a seat's newest token."""

    __tablename__ = "seat_tokens"
    __table_args__ = (UniqueConstraint("code", "seat"),)

    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    code: str = Field(foreign_key="games.code", ondelete="CASCADE")
    seat: int
    minted_at: int = Field(sa_type=BigInteger)


class FeedbackRow(Table, table=True):
    """What somebody left for the operator. A number is never given twice."""

    __tablename__ = "feedback"
    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    text: str = Field(sa_type=Text)
    #: Whose it is, so that it can be forgotten; never shown to anybody.
    client: str | None = Field(default=None, index=True)


class AliveRow(Table, table=True):
    """One row: the last instant at which the process was well, and a count of trial writes."""

    __tablename__ = "alive"

    id: int = Field(primary_key=True)
    at: int | None = Field(default=None, sa_type=BigInteger)
    tries: int = Field(default=0, sa_type=BigInteger)


class SchemaRow(Table, table=True):
    """One row: the number of the newest migration applied."""

    __tablename__ = "schema_version"

    id: int = Field(primary_key=True)
    number: int


def table_of(row: type[Table]) -> CoreTable:
    """The Core table of a model."""
    table: CoreTable = vars(row)["__table__"]
    return table
