"""Templates that every tap prints are written by Jinja's compiler as straight Python.

Jinja asks of every value whether it is defined, an attribute or an item, markup or text; a page can
afford that. What each tap paints for a table is compiled without: ``a.b`` is the attribute, what is
not there is an AttributeError, an ``include`` stands where it is included, and a text of the
template is looked up once for each language. Escaped is everything all the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.words.languages import catalog, in_words, reading

special = re.compile("[&<>\"']").search

STRAIGHT = frozenset(
    f"fragments/{name}.html" for name in ("state", "seat", "absent_seat", "offers", "moments")
)
"""What a tap changes as a rule."""


def put(value: Any) -> str:
    """What a template prints of a value: translated, and safe to stand in HTML."""
    kind = type(value)
    if kind is str:
        # In most there is nothing to escape, and looking is quicker than escaping.
        return escape(value) if special(value) else value
    if kind is int:
        return str(value)
    text = in_words(value)
    return escape(text) if type(text) is not str or special(text) else text


def word(message: str) -> str:
    """A text of a template that says nothing but itself, in the language that is read."""
    return _word(reading(), message)


@lru_cache(maxsize=2048)
def _word(language: str, message: str) -> str:
    # As Jinja's newstyle gettext does it: catalogs are trusted, and percent signs stand doubled.
    return str(Markup(catalog(language).gettext(message)) % {})  # noqa: S704 - our own catalogs


class _Inlined(NodeTransformer):
    """Puts the body of an included template where the include stood."""

    def visit_Include(self, node: nodes.Include) -> Any:  # noqa: N802 - as Jinja names it
        """An include of a fixed name; any other stays."""
        environment = node.environment
        if not isinstance(node.template, nodes.Const) or environment is None:
            return node
        name = node.template.value
        if environment.loader is None or not isinstance(name, str):
            return node
        source, filename, _ = environment.loader.get_source(environment, name)
        return self.visit(environment._parse(source, name, filename)).body  # noqa: SLF001 - as its own compile does


class QuickGenerator(CodeGenerator):
    """Writes templates that print by one call instead of two, and some of them straight."""

    #: A ``safe`` filter or a plain text whose printing is under way.
    _printed: nodes.Node | None = None

    @property
    def _is_straight(self) -> bool:
        return self.name in STRAIGHT

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802
        """The whole template."""
        super().visit_Template(_Inlined().visit(node) if self._is_straight else node, frame)

    def blockvisit(self, nodes: Any, frame: Any) -> None:
        """A block; straight: a whole template gathers what it prints and yields it at once."""
        if not self._is_straight or not frame.rootlevel or frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield ''.join({frame.buffer})")

    def visit_Name(self, node: nodes.Name, frame: Any) -> None:  # noqa: N802
        """A variable; straight: without asking whether there is one."""
        if self._is_straight and node.ctx == "load":
            self.write(frame.symbols.ref(node.name))
        else:
            super().visit_Name(node, frame)

    def get_resolve_func(self) -> str:
        """What finds an input or a global; straight: where both are, and nothing else is asked."""
        return "context.parent.get" if self._is_straight else super().get_resolve_func()

    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:  # noqa: N802
        """``a.b``; straight: the attribute and nothing else."""
        if self._is_straight:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")
        else:
            super().visit_Getattr(node, frame)

    def visit_Filter(self, node: nodes.Filter, frame: Any) -> None:  # noqa: N802
        """A filter; straight: what is printed as safe is printed as it is."""
        if node is self._printed and node.node is not None:
            self.visit(node.node, frame)
        else:
            super().visit_Filter(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Any, **given: Any) -> None:  # type: ignore[override]  # noqa: N802
        """A call; straight: a plain text is looked up."""
        if node is self._printed:
            self.write(f"environment.word({_plain_text(node)!r})")
        else:
            super().visit_Call(node, frame, **given)

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if not self._is_plain(frame):
            super()._output_child_pre(node, frame, finalize)
        elif self._is_straight and (
            _is_safe(node) or _plain_text(node) or _is_one_of_constants(node)
        ):
            self._printed = node
        elif self._is_straight:
            self.write("(str(v) if (kind := (v := ")
        else:
            self.write("environment.put(")

    def _output_child_post(self, node: Any, frame: Any, finalize: Any) -> None:
        if not self._is_plain(frame):
            super()._output_child_post(node, frame, finalize)
        elif node is self._printed:
            self._printed = None
        elif self._is_straight:
            # As put does it, without calling it for what is most often printed.
            self.write(").__class__) is int else v if kind is str and not environment.special(v)")
            self.write(" else environment.put(v))")
        else:
            self.write(")")

    @staticmethod
    def _is_plain(frame: Any) -> bool:
        return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


def _is_one_of_constants(node: nodes.Node | None) -> bool:
    """Whether it is one of several texts of the template itself, and those need no escaping."""
    if isinstance(node, nodes.CondExpr):
        return _is_one_of_constants(node.expr1) and _is_one_of_constants(node.expr2)
    return isinstance(node, nodes.Const) and type(node.value) is str and not special(node.value)


def _is_safe(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Filter) and node.name == "safe"


def _plain_text(node: nodes.Node) -> str:
    """The message of ``_("message")``; empty for anything else."""
    if not isinstance(node, nodes.Call) or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return ""
    called, given = node.node, node.args
    if not isinstance(called, nodes.Name) or called.name != "_" or len(given) != 1:
        return ""
    message = given[0]
    return str(message.value) if isinstance(message, nodes.Const) else ""
