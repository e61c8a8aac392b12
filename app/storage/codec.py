"""Games and ledger entries as JSON text, exact both ways, with a format number in front.

A field added with a default needs no new format: an older row lacks it and gets the default. A
field that is renamed, removed or changes its meaning does: raise ``FORMAT`` and teach ``_open``
to lift older rows. Every format ever released must load for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

import orjson

from app.game.entry import Entry, Path
from app.game.game import Game
from app.game.seat import Seat
from app.storage.contract import UnreadableGame
from app.storage.shapes import Misshapen, Shape, record, shape_of

FORMAT = 1


_encode_any = json.JSONEncoder(
    separators=(",", ":"), allow_nan=False, check_circular=False, default=vars
).encode


def _encode(plain: Any) -> str:
    """Quickly; what orjson cannot (numbers beyond 64 bits, half of a surrogate pair) slowly."""
    try:
        return orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return _encode_any(plain)


def _decode(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


def _by_field(kind: Any) -> dict[str, Shape]:
    hints = get_type_hints(kind)
    return {one.name: shape_of(hints[one.name]) for one in fields(kind)}


_GAME = shape_of(Game)
#: The shape of a value by its path: of the game, of a seat, and ("") of a whole seat or none.
_OF_GAME = _by_field(Game)
_OF_SEAT = {**_by_field(Seat), "": shape_of(Seat | None)}


def _pack_changes(changes: dict[Path, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for path, value in changes.items():
        key, pack = _stored_path(path)
        plain[key] = pack(value) if pack else value
    return plain


@cache
def _stored_path(path: Path) -> tuple[str, Callable[[Any], Any] | None]:
    """The key of a value, and how it is packed: there are only so many."""
    number, name = path
    return f"{number}.{name}", (_OF_SEAT if number else _OF_GAME)[name].pack


def _unpack_changes(plain: Any) -> dict[Path, Any]:
    if type(plain) is not dict:
        raise Misshapen(f"{plain!r:.40} is no set of changes")
    changes: dict[Path, Any] = {}
    for key, value in plain.items():
        number, _, name = key.partition(".")
        seat = int(number)
        changes[seat, name] = (_OF_SEAT if seat else _OF_GAME)[name].unpack(value)
    return changes


_CHANGES = Shape(_pack_changes, _unpack_changes)
_ENTRY = record(
    Entry,
    {
        one.name: _CHANGES if hint == dict[Path, Any] else shape_of(hint)
        for one, hint in ((one, get_type_hints(Entry)[one.name]) for one in fields(Entry))
    },
)


def encode_game(game: Game) -> str:
    """JSON of a game. TypeError or ValueError for what can not be stored exactly."""
    assert _GAME.pack  # noqa: S101 - for the type checker: a record always packs
    return _encode({"format": FORMAT, "game": _GAME.pack(game)})


def decode_game(text: str) -> Game:
    """The game that was encoded. UnreadableGame says what is wrong with the text."""
    game: Game = _open(text, "game", _GAME.unpack)
    return game


def encode_entry(entry: Entry) -> str:
    """JSON of a ledger entry. TypeError or ValueError for what can not be stored exactly."""
    assert _ENTRY.pack  # noqa: S101 - for the type checker: a record always packs
    return _encode({"format": FORMAT, "entry": _ENTRY.pack(entry)})


def decode_entry(text: str) -> Entry:
    """The entry that was encoded. UnreadableGame says what is wrong with the text."""
    entry: Entry = _open(text, "entry", _ENTRY.unpack)
    return entry


def _open(text: str, what: str, unpack: Callable[[Any], Any]) -> Any:
    try:
        envelope = _decode(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableGame(f"not JSON: {error}") from error
    number = envelope.get("format") if type(envelope) is dict else None
    if type(number) is not int or number < 1:
        raise UnreadableGame("no format number")
    if number > FORMAT:
        raise UnreadableGame(
            f"stored by a newer version (format {number}); this one reads up to {FORMAT}"
        )
    try:
        return unpack(envelope[what])
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableGame(f"not a readable {what}: {type(error).__name__}: {error}") from error
