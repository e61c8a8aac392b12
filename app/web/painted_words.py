"""Words that the styles paint where no markup can: what a seat's tag says follows from the state.

A stylesheet for each language, made at start beside the others: ``--word-next: "Next"``.
"""

from __future__ import annotations

from app.game.said import say
from app.words.languages import LANGUAGES, in_language, in_words

PAINTED = {
    "next": say("Next"),
    "you-are-next": say("You\u2019re next"),
    "turn": say("Turn"),
    "host": say("Host"),
    "you-and-host": say("You \u00b7 host"),
    "begins": say("Begins"),
    "you": say("You"),
    "this-table": say("This table"),
    "times-up": say("Time\u2019s up"),
    "your-bank": say("Your bank"),
    "you-are-out": say("You are out"),
    "ask": say("Ask?"),
    "ending-turn": say("Ending turn"),
    "ending": say(" \u00b7 ending"),
    "most-interrupts": say("16 interrupts are the most"),
    "chosen": say("Chosen"),
    "may-be-asked": say("You may be asked"),
    "on-hold": say("On hold"),
    "still-to-answer": say(" still to answer"),
    "you-still-answer": say("You still answer"),
    "to-answer": say("To answer"),
    "waits-beneath": say("Yours waits beneath"),
    "interrupt": say("Interrupt"),
    "life": say("Life"),
    "of": say(" of "),
    "heads": say("H"),
    "tails": say("T"),
}
"""By the end of its custom property\u2019s name."""


def sheets() -> dict[str, bytes]:
    """The stylesheet of every language, by its name below ``static/``."""
    return {f"css/words.{language}.css": _sheet(language) for language in LANGUAGES}


def _sheet(language: str) -> bytes:
    with in_language(language):
        lines = [f"    --word-{name}: {_quoted(in_words(word))};" for name, word in PAINTED.items()]
    head = "@layer reset, tokens, base, layout, components, screens, acting, utilities;"
    return "\n".join([head, "@layer tokens {", "  :root {", *lines, "  }", "}", ""]).encode()


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
