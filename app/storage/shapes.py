"""How values of the game become plain JSON values and come back exactly, by their annotations.

A ``Shape`` is compiled once for each annotation, so a field added to a dataclass is stored from
that moment on without a list to keep. ``pack`` trusts its input (it comes from typed code);
``unpack`` trusts nothing (it comes from a disk) and raises ``Misshapen``.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from math import isfinite
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints


class Misshapen(ValueError):  # noqa: N818 - a state of what was read
    """The stored value is not what its annotation says."""


class Shape(NamedTuple):
    """Both ways of one annotation.

    ``pack`` is None where the encoder of JSON keeps the value as it is; a dataclass counts as the
    dictionary of its fields.
    """

    pack: Callable[[Any], Any] | None
    unpack: Callable[[Any], Any]


_KEPT = frozenset({int, str, bool, type(None)})
"""What JSON keeps as it is, whatever its value."""

_SCALARS = frozenset({int, str, bool, float, type(None)})


def scalars(*kinds: type) -> Shape:
    """Values JSON keeps as they are; ``True`` is no ``int`` here."""
    allowed = frozenset(kinds)

    def unpack(value: Any) -> Any:
        if type(value) not in allowed:
            names = " or ".join(sorted(kind.__name__ for kind in allowed))
            raise Misshapen(f"{value!r:.40} is not {names}")
        return value

    return Shape(None, unpack)


def pack_any(value: Any) -> Any:
    """A value of no declared type: tuples and keys that are no strings are written as marked."""
    kind = type(value)
    if kind in _SCALARS:
        if kind is float and not isfinite(value):
            raise ValueError(f"{value} has no place in a stored game")
        return value
    if kind is list:
        return [pack_any(item) for item in value]
    if kind is tuple:
        return {"~tuple": [pack_any(item) for item in value]}
    if kind is not dict:
        raise TypeError(f"{kind.__name__} has no place in a stored game: {value!r:.80}")
    if all(type(key) is str and key[:1] != "~" for key in value):
        return {key: pack_any(item) for key, item in value.items()}
    return {"~dict": [[pack_any(key), pack_any(item)] for key, item in value.items()]}


def unpack_any(value: Any) -> Any:
    """What ``pack_any`` was given."""
    kind = type(value)
    if kind is list:
        return [unpack_any(item) for item in value]
    if kind is not dict:
        return value
    if "~tuple" in value:
        return tuple(unpack_any(item) for item in value["~tuple"])
    if "~dict" in value:
        return {unpack_any(key): unpack_any(item) for key, item in value["~dict"]}
    return {key: unpack_any(item) for key, item in value.items()}


@cache
def shape_of(annotation: Any) -> Shape:
    """The shape of an annotation; TypeError for one that nobody taught this module yet."""
    if annotation is Any:
        return Shape(pack_any, unpack_any)
    if is_dataclass(annotation):
        return _record(annotation)
    if annotation in _SCALARS or get_origin(annotation) is Literal:
        return scalars(*{type(one) for one in get_args(annotation)} or {annotation})
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin is tuple and inner[-1] is Ellipsis:
        return _row(shape_of(inner[0]))
    if origin is dict and inner[0] in (int, str):
        return _table(inner[0], shape_of(inner[1]))
    raise TypeError(f"the codec knows no way to store {annotation}")


def _union(members: tuple[Any, ...]) -> Shape:
    plain = frozenset(kind for kind in members if kind in _SCALARS)
    rich = [shape_of(kind) for kind in members if kind not in _SCALARS]
    if not rich:
        return scalars(*plain)
    if len(rich) > 1:
        raise TypeError(f"the codec cannot tell {members} apart")
    pack, unpack = rich[0]

    def both(way: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda value: value if type(value) in plain else way(value)

    return Shape(pack and both(pack), both(unpack))


def _row(item: Shape) -> Shape:
    pack, unpack = item

    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Misshapen(f"{value!r:.40} is not a list")
        return tuple([unpack(item) for item in value])

    return Shape(pack and (lambda value: [pack(item) for item in value]), read)


def _table(key: type, item: Shape) -> Shape:
    pack, unpack = item

    def read(value: Any) -> dict[Any, Any]:
        if type(value) is not dict:
            raise Misshapen(f"{value!r:.40} is not an object")
        return {key(name): unpack(item) for name, item in value.items()}

    if pack is None:
        return Shape(None, read)

    def write(value: Any) -> dict[Any, Any]:
        if pack is pack_any and _KEPT.issuperset(map(type, value.values())):  # as nearly all are
            return value  # type: ignore[no-any-return]
        return {name: pack(item) for name, item in value.items()}

    return Shape(write, read)


def _record(kind: Any) -> Shape:
    shapes = {name: shape_of(hint) for name, hint in get_type_hints(kind).items()}
    return record(kind, {one.name: shapes[one.name] for one in fields(kind)})


def record(kind: Any, shapes: dict[str, Shape]) -> Shape:
    """A dataclass. A stored field nobody knows is refused: dropping it would lose its meaning."""
    packs = [(name, shape.pack) for name, shape in shapes.items() if shape.pack]
    unpacks = [(name, shape.unpack) for name, shape in shapes.items()]
    known = frozenset(shapes)
    defaults = {one.name: one for one in fields(kind)}

    def pack(value: Any) -> dict[str, Any]:
        plain = {**value.__dict__}
        for name, way in packs:
            plain[name] = way(plain[name])
        return plain

    def missing(name: str) -> Any:
        one = defaults[name]
        if one.default is not MISSING:
            return one.default
        if one.default_factory is not MISSING:
            return one.default_factory()
        raise Misshapen(f"{kind.__name__} lacks {name}")

    def unpack(plain: Any) -> Any:
        if type(plain) is not dict or not plain.keys() <= known:
            raise Misshapen(f"{kind.__name__} cannot be {plain!r:.60}")
        value = object.__new__(kind)
        # By the dictionary, because frozen dataclasses refuse setattr.
        value.__dict__.update(
            {name: way(plain[name]) if name in plain else missing(name) for name, way in unpacks}
        )
        return value

    return Shape(pack if packs else None, unpack)
