"""What of a game stands in the lists beside it, and what a save changes about that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.storage.redis_keys import (
    CLIENT_MS,
    KEEP,
    LISTED,
    STATUSES,
    client_key,
    due_key,
    game_key,
    status_key,
)

FIELDS = ("version", "status", "listed", "next_due", "updated_at", "keeps")
Command = tuple[Any, ...]


@dataclass(frozen=True)
class Facts:
    """What of a game stands in the lists; instants in ms since 1970."""

    version: int
    status: str
    listed: bool
    next_due: int | None
    updated_at: int
    #: Its ledger is to be kept when it goes.
    keeps: bool

    @staticmethod
    def read(values: Any) -> Facts | None:
        """From the fields of the stored game; None when there is none, or it is rubbish."""
        try:
            version, status, listed, due, updated_at, keeps = (value.decode() for value in values)
            if status not in STATUSES:
                return None
            due = int(due) if due else None
            return Facts(int(version), status, listed == "1", due, int(updated_at), keeps == "1")
        except (AttributeError, TypeError, ValueError):
            return None

    def fields(self) -> tuple[str, int, str | int]:
        """Status, listed and next_due as they are stored."""
        return self.status, int(self.listed), "" if self.next_due is None else self.next_due

    @property
    def is_open(self) -> bool:
        """Whether it stands in the list of open games."""
        return self.listed and self.status not in ("finished", "closed")


@dataclass
class Change:
    """What is to be written about a game; without facts all of it is read again first."""

    facts: Facts | None = None
    former: set[str] = field(default_factory=set)
    listed: bool = False
    due: bool = False
    keep: bool = False
    places: dict[str, bool] = field(default_factory=dict)

    @staticmethod
    def unsure() -> Change:
        """Nobody knows: look it over."""
        return Change()

    @staticmethod
    def of(facts: Facts, *, status: str | None, listed: bool, due: str, places: Any) -> Change:
        """From the former status (None = it was created), listed and next_due."""
        _, _, now_due = facts.fields()
        former = set() if status is None else {status}
        moved = due != str(now_due)
        return Change(facts, former, listed or facts.listed, moved, facts.keeps, places)

    def then(self, later: Change) -> Change:
        """Both, in this order."""
        if self.facts is None or later.facts is None:
            return Change.unsure()
        return Change(
            later.facts,
            self.former | later.former,
            self.listed or later.listed,
            self.due or later.due,
            later.keep,
            self.places | later.places,
        )

    def commands(self, code: str) -> list[Command]:
        """What writes it."""
        facts = self.facts
        if facts is None:
            return gone(code)
        at = facts.updated_at
        found: list[Command] = [("ZADD", status_key(facts.status), at, code)]
        found += [("ZREM", status_key(one), code) for one in self.former - {facts.status}]
        if self.listed:
            found.append(("ZADD", LISTED, at, code) if facts.is_open else ("ZREM", LISTED, code))
        if self.due and facts.next_due is not None:
            found.append(("ZADD", due_key(code), facts.next_due, code))
        elif self.due:
            found.append(("ZREM", due_key(code), code))
        if self.keep:
            found.append(("ZADD", KEEP, at, code))
        for client, is_in in self.places.items():
            found.append(("SADD" if is_in else "SREM", client_key(client), code))
            found.append(("PEXPIRE", client_key(client), CLIENT_MS))
        return found


def gone(code: str) -> list[Command]:
    """What takes a game out of all lists (but not from those whose ledgers are to be kept)."""
    keys = [*map(status_key, STATUSES), LISTED, due_key(code)]
    return [("ZREM", key, code) for key in keys]


def look(code: str) -> Command:
    """What reads a game's facts."""
    return ("HMGET", game_key(code), *FIELDS)
