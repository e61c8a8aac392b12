"""Words that the styles paint where no markup can: what a seat's tag says follows from the state.

A stylesheet for each language, made at start beside the others: ``--word-next: "Next"``.
"""

from __future__ import annotations

from app.words.languages import LANGUAGES, gettext, in_language, pgettext


def painted() -> dict[str, str]:
    """The words in the language that is read, by the end of their custom property's name."""
    return {
        "next": gettext("Next"),
        "you-are-next": gettext("You\u2019re next"),
        "turn": gettext("Turn"),
        "host": gettext("Host"),
        "you-and-host": gettext("You \u00b7 host"),
        "begins": gettext("Begins"),
        "you": gettext("You"),
        "this-table": gettext("This table"),
        "times-up": gettext("Time\u2019s up"),
        "your-bank": gettext("Your bank"),
        "you-are-out": gettext("You are out"),
        "ask": gettext("Ask?"),
        "ending-turn": gettext("Ending turn"),
        "ending": gettext(" \u00b7 ending"),
        "most-interrupts": gettext("16 interrupts are the most"),
        "chosen": pgettext("tag", "Chosen"),
        "may-be-asked": gettext("You may be asked"),
        "on-hold": gettext("On hold"),
        "still-to-answer": gettext(" still to answer"),
        "you-still-answer": gettext("You still answer"),
        "to-answer": pgettext("tag", "To answer"),
        "waits-beneath": gettext("Yours waits beneath"),
        "interrupt": pgettext("tag", "Interrupt"),
        "life": gettext("Life"),
        "of": gettext(" of "),
        "heads": gettext("H"),
        "tails": gettext("T"),
        "tap": gettext("Tap"),
        "not-live": gettext("Not live"),
        "undo": gettext("Undo"),
    }


def sheets() -> dict[str, bytes]:
    """The stylesheet of every language, by its name below ``static/``."""
    return {f"css/words.{language}.css": _sheet(language) for language in LANGUAGES}


def _sheet(language: str) -> bytes:
    with in_language(language):
        lines = [f"    --word-{name}: {_quoted(word)};" for name, word in painted().items()]
    head = "@layer reset, tokens, base, layout, components, screens, acting, utilities;"
    return "\n".join([head, "@layer tokens {", "  :root {", *lines, "  }", "}", ""]).encode()


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
