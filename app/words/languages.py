"""The languages that are offered, their catalogs, and in which one somebody reads right now.

English is what the sources say. Another language is a catalog beside this file (``de.po``), read
once at start; `make words` brings the catalogs up to date with the sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.game.said import Said, pieces

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Code to the language's own name; the first is the one of the sources."""

SOURCE = next(iter(LANGUAGES))

FOLDER = Path(__file__).parent

LONGEST_ACCEPTED = 500
"""More of an Accept-Language than this nobody reads."""

_DATES = {"en": "en_GB"}
"""Whose way of writing dates, where the language alone leaves it open."""

_reading: ContextVar[str] = ContextVar("reading", default=SOURCE)


def reading() -> str:
    """The language of whoever is answered, or painted for, right now."""
    return _reading.get()


def read_in(language: str) -> None:
    """From here on this request is answered in this language."""
    _reading.set(language)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Something is painted for readers of this language."""
    before = _reading.set(language)
    try:
        yield
    finally:
        _reading.reset(before)


@cache
def catalog(language: str) -> NullTranslations:
    """The texts of a language."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with (FOLDER / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def load() -> None:
    """Read every catalog now, or the first phone of a language would wait for it."""
    for language in LANGUAGES:
        catalog(language)


@lru_cache(maxsize=2048)
def language_of(wanted: str, accepted: str) -> str:
    """The language a device asked for, or else the best its browser accepts.

    ``accepted`` is an Accept-Language header; nonsense in it counts as nothing.
    """
    if wanted in LANGUAGES:
        return wanted
    # Not its best_match: "en-US, de;q=0.5" would be German, as the only exact name.
    for name, quality in parse_accept_header(accepted[:LONGEST_ACCEPTED], LanguageAccept):
        language = name.partition("-")[0].lower()
        if quality > 0 and language in LANGUAGES:
            return language
    return SOURCE


def in_words(text: Any) -> Any:
    """What the rules said, in the language that is read; anything else as it is."""
    if type(text) is not Said:  # asked of everything that is printed, and mostly so
        return text
    language = _reading.get()
    return str(text) if language == SOURCE else _said_in(catalog(language), text)


def in_pieces(text: Any) -> list[Any]:
    """Likewise, with whatever stands in its places as it is, for whoever marks it up."""
    language = _reading.get()
    if language == SOURCE:
        return list(pieces(text))
    texts = catalog(language)
    return list(pieces(text, lambda said: _pattern(texts, said)))


def gettext(message: str) -> str:
    """A text of a template, in the language that is read."""
    return catalog(_reading.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Likewise of a number of things."""
    return catalog(_reading.get()).ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """Likewise of a word that says several things, named by where it stands."""
    return catalog(_reading.get()).pgettext(context, message)


def day_text(moment: datetime) -> str:
    """A day as it is written: "27 Nov 2026"."""
    language = _reading.get()
    return format_skeleton("yMMMd", moment, locale=_DATES.get(language, language))


def _said_in(texts: NullTranslations, said: Said) -> str:
    pattern = _pattern(texts, said)
    if not said.values:
        return pattern
    return pattern % {
        name: _said_in(texts, value) if isinstance(value, Said) else value
        for name, value in said.values.items()
    }


def _pattern(texts: NullTranslations, said: Said) -> str:
    if said.many:
        return texts.ngettext(said.message, said.many, said.number)
    return texts.gettext(said.message)
