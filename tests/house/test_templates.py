"""The strict Content-Security-Policy only works when nothing in a page is inline."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.settings import HOUSE

TEMPLATES = HOUSE / "templates"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# htmx evaluates these as JavaScript, which the policy forbids: some fail silently, one fails open.
EVALUATED = re.compile(r"hx-on|hx-vars")


def spaced(match: re.Match[str]) -> str:
    """As many lines as the Jinja tag had, and a letter that may stand anywhere in HTML."""
    return "x" + "\n" * match[0].count("\n")


class Inline(HTMLParser):
    """Collects what the policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag's name and attributes."""
        line = self.getpos()[0]
        names = dict(attrs)
        if tag == "style":
            self.found.append(f"{line}: <style>")
        self.in_script = tag == "script"
        if self.in_script and "src" not in names and names.get("type") != "application/json":
            self.found.append(f"{line}: <script> without src")
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name == "style" or name.startswith("on") or EVALUATED.match(name):
                self.found.append(f"{line}: {name}=")
            if text.startswith(("javascript:", "js:")):
                self.found.append(f"{line}: {name}={text[:20]}")
            if name in {"src", "href", "action"} and re.match(r"(https?:)?//", text):
                self.outside(tag, name, line)
            if name == "hx-trigger" and "[" in text:
                self.found.append(f"{line}: a condition in hx-trigger")

    def outside(self, tag: str, name: str, line: int) -> None:
        """A link may lead anywhere; what a page loads may not come from elsewhere."""
        if tag != "a":
            self.found.append(f"{line}: {name} of <{tag}> leads outside")


def templates() -> list[Path]:
    """Every template, whatever it paints."""
    return [file for file in sorted(TEMPLATES.rglob("*")) if file.is_file()]


@pytest.mark.parametrize("file", templates(), ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_nothing_is_inline(file: Path) -> None:
    """One inline handler, and the policy would have to be loosened for everybody."""
    inline = Inline()
    inline.feed(JINJA.sub(spaced, file.read_text(encoding="utf-8")))
    assert [] == inline.found


def test_what_would_be_blocked_is_found() -> None:
    """The check above is worth nothing if it sees nothing."""
    inline = Inline()
    inline.feed(
        '<p style="x"><b onclick="x"></b></p><script>x</script><style></style>'
        '<i hx-on:click="x" hx-trigger="click[x]" hx-vals="js:{}"></i><img src="//x/y.png">'
        '<a href="https://example.org">fine</a><script src="x.js"></script>'
    )
    assert len(inline.found) == 8
