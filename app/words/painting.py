"""Paints fragments outside any request, in one language: the templates that the pages include."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from jinja2 import Environment
from jinja2.runtime import Context

from app.words.languages import read_in, reading


class _Ready(NamedTuple):
    """A template, and the context it is rendered in again and again."""

    render: Callable[[Context], Iterator[str]]
    context: Context


class Painter:
    """Renders fragments by name. Contexts are kept: making one costs a third of a small fragment.

    That is safe as long as nothing waits while a template is rendered, and nothing does.
    """

    def __init__(self, templates: Environment, language: str) -> None:
        self._templates = templates
        self._language = language
        self._ready: dict[str, _Ready] = {}

    def __call__(self, fragment: str, **given: Any) -> str:
        """The fragment as HTML, with its inputs."""
        ready = self._ready.get(fragment)
        if ready is None:
            ready = self._ready[fragment] = self._make_ready(fragment)
        context = ready.context
        context.parent.update(given)
        before = reading()
        if before != self._language:
            read_in(self._language)
        try:
            return "".join(ready.render(context))
        except Exception:  # noqa: BLE001 - told again with the line of the template
            return str(self._templates.handle_exception())
        finally:
            if before != self._language:
                read_in(before)
            context.vars.clear()
            context.exported_vars.clear()

    def _make_ready(self, fragment: str) -> _Ready:
        template = self._templates.get_template(f"fragments/{fragment}.html")
        context = template.new_context({**self._templates.globals}, shared=True)
        return _Ready(template.root_render_func, context)
