"""Why a command is not carried out: a code for machines, a sentence for people.

A refusal changes nothing. ``kind`` hints at how a channel should answer; the rules know no HTTP.
"""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """What sort of "no" this is."""

    NOT_ALLOWED = "not-allowed"  # who you are: no seat, not the host
    NOT_NOW = "not-now"  # the rules say no to this, at this moment
    NOT_FOUND = "not-found"
    CLOSED = "closed"
    TOO_MUCH = "too-much"  # faster, or more of it, than one person at a table needs
    UNAVAILABLE = "unavailable"  # storage is away; nothing was changed


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A polite no. Nothing was changed."""

    def __init__(self, code: str, sentence: str, kind: Kind = Kind.NOT_NOW) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.kind = kind


class NotYours(Refusal):
    """The permission table says no to this person."""

    def __init__(self, sentence: str, code: str = "not-yours") -> None:
        super().__init__(code, sentence, Kind.NOT_ALLOWED)


class NotNow(Refusal):
    """The rules say no at this moment."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence, Kind.NOT_NOW)


class Stale(Exception):  # noqa: N818 - not an error: the tap was late, the table moved on
    """The form was painted for another turn or grant; nothing changes, the table comes back."""


class BadFields(Exception):  # noqa: N818 - carries complaints back to the form
    """Fields that cannot be understood: ``complaints`` maps field name to a sentence."""

    def __init__(self, complaints: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in complaints.items()))
        self.complaints = complaints
