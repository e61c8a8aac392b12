"""`make words`: bring the catalogs up to date with what the sources and templates say.

Whatever is new stands there without a translation, whatever is said no more is taken out. The
English catalog says what the sources say: it is what a new language is begun from.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.settings import HOUSE
from app.words.languages import FOLDER, LANGUAGES, SOURCE

METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "say": None,
    "say_many": (1, 2),
    "tale": None,
    "tale_many": (1, 2),
}
"""Calls whose first words are said to people."""

WIDTH = 98
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""A date of the newest gathering would differ in every change."""


def gathered() -> Catalog:
    """Everything that is said anywhere, without a translation."""
    catalog = Catalog(project="Tap or Tarp", creation_date=NO_DATE, fuzzy=False)
    for folder in ("app", "templates"):
        found = extract_from_dir(
            HOUSE / folder,
            [
                (pattern.partition("/")[2], how)
                for pattern, how in METHODS
                if pattern.startswith(folder)
            ],
            {pattern.partition("/")[2]: options for pattern, options in OPTIONS.items()},
            KEYWORDS,
        )
        for name, _line, message, _comments, context in found:
            catalog.add(message, locations=[(f"{folder}/{name}", 0)], context=context)
    return catalog


def updated(language: str, template: Catalog) -> str:
    """The catalog of a language as it should be, as the text of its file."""
    file = FOLDER / f"{language}.po"
    known = read_po(io.BytesIO(file.read_bytes())) if file.exists() else Catalog()
    catalog = Catalog(
        locale=language,
        project="Tap or Tarp",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        last_translator="",
        language_team="",
        fuzzy=False,
        header_comment=f"# Tap or Tarp in {LANGUAGES[language]}.",
    )
    for message in sorted((m for m in template if m.id), key=_place):
        said = _english(message) if language == SOURCE else _translation(known, message)
        places = sorted({(name, 0) for name, _ in message.locations})
        catalog.add(message.id, said, places, message.flags, context=message.context)
    text = io.BytesIO()
    write_po(text, catalog, width=WIDTH, include_lineno=False, omit_header=False)
    return text.getvalue().decode()


def gather(folder: Path = FOLDER) -> None:
    """Write every catalog anew."""
    template = gathered()
    for language in LANGUAGES:
        (folder / f"{language}.po").write_text(updated(language, template), encoding="utf-8")


def _place(message: Message) -> tuple[str, str]:
    """By file, then by what is said: a moved line moves nothing."""
    first = min(name for name, _ in message.locations)
    said = message.id if isinstance(message.id, str) else message.id[0]
    return first, said


def _english(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _translation(known: Catalog, message: Message) -> Any:
    said = message.id if isinstance(message.id, str) else message.id[0]
    found = known.get(said, message.context)
    if found is None or isinstance(found.id, str) != isinstance(message.id, str):
        return "" if isinstance(message.id, str) else ("", "")
    return found.string


if __name__ == "__main__":
    gather()
