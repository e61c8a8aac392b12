"""Whether an engine understands every style there is: each selector, each declaration."""

from __future__ import annotations

import re

from app.settings import HOUSE
from tests.engines.glass import EngineError, Glass

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
DECLARATION = re.compile(r"([a-z-]+)\s*:\s*((?:\"[^\"]*\"|[^;\"])+)")
#: What is no selector, or holds no declarations of a rule.
OTHERWISE = ("@", "from", "to", "%")

#: What an engine may do without: the page is whole all the same.
SPARE = {
    "-webkit-line-clamp",
    "-webkit-tap-highlight-color",
    "-webkit-text-size-adjust",
    "-webkit-touch-callout",
    "line-clamp",
    "text-size-adjust",
    "text-wrap",
    "user-select",  # WebKit has it by its own name, which stands beside it
}

UNKNOWN = """(selectors, declarations) => [
  ...selectors.filter(one => {
    try {
      document.querySelector(one);
      return false;
    } catch {
      return true;
    }
  }),
  ...declarations.filter(([name, value]) => !CSS.supports(name, value))
    .map(([name, value]) => `${name}: ${value}`),
]"""


def all_styles() -> tuple[list[str], list[tuple[str, str]]]:
    """Every selector and every declaration of the house."""
    selectors: dict[str, None] = {}
    declarations: dict[tuple[str, str], None] = {}
    for sheet in sorted((HOUSE / "static/css").glob("*.css")):
        for before, inside in RULE.findall(COMMENT.sub("", sheet.read_text())):
            selector = before.strip()
            if selector.startswith("@"):
                continue
            if not selector.startswith(OTHERWISE) and not selector.endswith("%"):
                selectors[selector] = None
            for name, value in DECLARATION.findall(inside):
                if not name.startswith("--"):
                    declarations[name, value.strip().removesuffix("!important").strip()] = None
    return list(selectors), list(declarations)


def understood(glass: Glass) -> str:
    """Nothing that would be dropped without a word."""
    selectors, declarations = all_styles()
    unknown: list[str] = glass.evaluate(UNKNOWN, selectors, declarations)
    missed = [one for one in unknown if one.split(":")[0] not in SPARE]
    if missed:
        raise EngineError(" | ".join(missed))
    return f"{len(selectors)} selectors, {len(declarations)} declarations"
