"""Templates speak the language that is read: their own texts, and what the rules said."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from markupsafe import escape

from app.game.wording import COLOR_NAMES, COUNTER_NAMES, MARKER_NAMES
from app.words.languages import LANGUAGES, gettext, in_pieces, in_words, ngettext, pgettext, reading

EXTENSION = "jinja2.ext.i18n"


def put(value: Any) -> str:
    """What a template prints of a value: translated, and safe to stand in HTML."""
    # Most are numbers, in which there is nothing to escape.
    return str(value) if type(value) is int else escape(in_words(value))


class QuickGenerator(CodeGenerator):
    """Writes templates that print by one call instead of two; nearly all they do is print."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if self._is_plain(frame):
            self.write("environment.put(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: Any, frame: Any, finalize: Any) -> None:
        if self._is_plain(frame):
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)

    @staticmethod
    def _is_plain(frame: Any) -> bool:
        return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


def install(templates: Environment) -> None:
    """Teach these templates ``_()``, ``{% trans %}`` and to translate whatever they print.

    One compiled template serves every language: which one is asked as it is rendered.
    """
    templates.add_extension(EXTENSION)
    templates.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    templates.finalize = in_words
    templates.code_generator_class = QuickGenerator
    templates.put = put  # type: ignore[attr-defined]
    templates.globals |= {
        "reading": reading,
        "in_pieces": in_pieces,
        "in_words": in_words,
        "languages": LANGUAGES,
        "color_names": COLOR_NAMES,
        "counter_names": COUNTER_NAMES,
        "marker_names": MARKER_NAMES,
    }
