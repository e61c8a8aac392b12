"""Random values of any annotation of the game, so that a new field is tested from its first day."""

import types
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from app.game.entry import Entry
from app.game.game import Game
from app.game.seat import Seat

_TEXT = st.text(st.characters(), max_size=8)
_WHOLE = st.integers(-(2**53), 2**53)
_PLAIN = (
    st.none() | st.booleans() | _WHOLE | st.floats(allow_nan=False, allow_infinity=False) | _TEXT
)
_ANYTHING = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(_TEXT | st.sampled_from(["~tuple", "~dict"]), inner, max_size=3)
        | st.dictionaries(_WHOLE, inner, max_size=3)
    ),
    max_leaves=5,
)
_KINDS: dict[Any, st.SearchStrategy[Any]] = {
    Any: _ANYTHING,
    int: _WHOLE,
    str: _TEXT,
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
}


def of(annotation: Any) -> st.SearchStrategy[Any]:
    """Values this annotation allows."""
    if annotation in _KINDS:
        return _KINDS[annotation]
    if is_dataclass(annotation):
        return _built(annotation, _of_fields(annotation))
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([of(one) for one in inner])
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(of(inner[0]), of(inner[1]), max_size=3)
    raise AssertionError(f"no random values of {annotation}")


def _built(kind: Any, values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **values)


def _of_fields(kind: Any) -> dict[str, st.SearchStrategy[Any]]:
    hints = get_type_hints(kind)
    return {one.name: of(hints[one.name]) for one in fields(kind)}


def _changes() -> st.SearchStrategy[Any]:
    """What an entry overwrote: fields of the game, fields of seats, whole seats or none."""
    of_game = [((0, name), values) for name, values in _of_fields(Game).items()]
    of_seats = [
        ((number, name), values)
        for number in (1, 8)
        for name, values in ({"": of(Seat | None)} | _of_fields(Seat)).items()
    ]
    pairs = st.one_of([st.tuples(st.just(path), values) for path, values in of_game + of_seats])
    return st.lists(pairs, max_size=6).map(dict)


GAMES: st.SearchStrategy[Game] = of(Game)
ENTRIES: st.SearchStrategy[Entry] = _built(
    Entry, _of_fields(Entry) | {"was": _changes(), "now": _changes()}
)
