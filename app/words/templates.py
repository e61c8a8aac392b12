"""Templates speak the language that is read: their own texts, and what the rules said."""

from __future__ import annotations

from jinja2 import Environment

from app.game.wording import COLOR_NAMES, COUNTER_NAMES, MARKER_NAMES
from app.words.languages import LANGUAGES, gettext, in_pieces, in_words, ngettext, pgettext, reading
from app.words.straight import QuickGenerator, put, special, word

EXTENSION = "jinja2.ext.i18n"


def install(templates: Environment) -> None:
    """Teach these templates ``_()``, ``{% trans %}`` and to translate whatever they print.

    One compiled template serves every language: which one is asked as it is rendered.
    """
    templates.add_extension(EXTENSION)
    templates.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    templates.finalize = in_words
    templates.code_generator_class = QuickGenerator
    templates.put, templates.special, templates.word = put, special, word  # type: ignore[attr-defined]
    templates.globals |= {
        "reading": reading,
        "in_pieces": in_pieces,
        "in_words": in_words,
        "languages": LANGUAGES,
        "color_names": COLOR_NAMES,
        "counter_names": COUNTER_NAMES,
        "marker_names": MARKER_NAMES,
    }
