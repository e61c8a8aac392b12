"""What the rules say to people: English that remembers what it was made of.

``say("%(name)s has the turn.", name=...)`` is the English sentence wherever a text is wanted, and
can be said again in another language by whoever knows which one is read (``app.words``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self


class Said(str):
    """A sentence, its pattern and what stands in its places; those may be Said themselves."""

    __slots__ = ("many", "message", "number", "values")

    message: str
    #: The pattern for any number but one; empty where nothing is counted.
    many: str
    number: int
    values: dict[str, Any]

    def __new__(cls, message: str, many: str, number: int, values: dict[str, Any]) -> Self:
        """The English text, and what it was made of."""
        pattern = many if many and number != 1 else message
        said = super().__new__(cls, pattern % values if values else pattern)
        said.message, said.many, said.number, said.values = message, many, number, values
        return said


def say(message: str, **values: Any) -> Said:
    """A sentence; ``%(name)s`` are its places."""
    return Said(message, "", 0, values)


def say_many(one: str, many: str, count: int, **values: Any) -> Said:
    """A sentence about a number of things, which is its place ``%(count)s``."""
    return Said(one, many, count, {"count": count, **values})


def hours(count: int) -> Said:
    """So many hours."""
    return say_many("%(count)s hour", "%(count)s hours", count)


def minutes(count: int) -> Said:
    """So many minutes."""
    return say_many("%(count)s minute", "%(count)s minutes", count)


def seconds(count: int) -> Said:
    """So many seconds."""
    return say_many("%(count)s second", "%(count)s seconds", count)


def joined(separator: str, parts: Sequence[Any]) -> str:
    """Several parts one after the other, each to be said by itself."""
    if all(type(part) is str for part in parts):
        return separator.join(parts)
    pattern = separator.replace("%", "%%").join(f"%(p{place})s" for place in range(len(parts)))
    return Said(pattern, "", 0, {f"p{place}": part for place, part in enumerate(parts)})


_PLACES = re.compile(r"%\((\w+)\)s")


def in_english(said: Said) -> str:
    """The pattern of the sources."""
    return said.many if said.many and said.number != 1 else said.message


def pieces(text: Any, pattern_of: Callable[[Said], str] = in_english) -> Iterator[Any]:
    """The words and what stands between them, in order, for whoever marks names up."""
    if not isinstance(text, Said):
        yield str(text) if isinstance(text, int) else text
        return
    for place, part in enumerate(_PLACES.split(pattern_of(text))):
        if place % 2:
            yield from pieces(text.values[part], pattern_of)
        elif part:
            yield part.replace("%%", "%") if text.values else part
