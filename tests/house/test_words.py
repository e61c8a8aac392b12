"""Everything that people read stands in the catalogs, and every catalog is complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont
from jinja2 import Environment

from app.settings import HOUSE
from app.words import gather
from app.words.languages import FOLDER, LANGUAGES, SOURCE

TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))

READ = {"aria-label", "alt", "content", "label", "placeholder", "title"}
"""Attributes that are read out, or shown."""

BRAND = re.compile(r"Tap or Tarp|\b(?:Tap|or|Tarp)\b")
CODES = re.compile(r"BCD FGH, JKL MNP")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}|’")
SETTLED = {
    "viewport": re.compile(r"[a-z-]+=[a-z0-9-]+(, [a-z-]+=[a-z0-9-]+)*"),
    "htmx": re.compile(r"\{.*\}"),
    "colours": re.compile(r"dark light|#[0-9A-F]{6}"),
}
SENTENCE = re.compile(r"^[A-Z][a-z]+|[a-z]’|[a-z]+ [a-z]+ [a-z]+")
CALLED = re.compile(r" _ \($| pgettext \( \"[a-z]+\" ,$")


class Words(HTMLParser):
    """Collects the words that a template shows without asking a catalog."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes are words too."""
        self._silent += tag in ("script", "style")
        names = dict(attrs)
        for name, value in attrs:
            if name in READ and value and not any(s.fullmatch(value) for s in SETTLED.values()):
                self._look(f"{name}: ", value)
        if tag == "input" and names.get("type") in ("submit", "button"):
            self._look("value: ", names.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        """Words go on after a script."""
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Words between tags."""
        if not self._silent:
            self._look("", data)

    def _look(self, where: str, text: str) -> None:
        if WORD.search(CODES.sub("", BRAND.sub("", text))):
            self.found.append(f"{self.getpos()[0]}: {where}{text.strip()}")


def shown_words(source: str) -> list[str]:
    """Words of a template that stand between its Jinja tags."""
    bare = re.sub(r"\{%-? *trans\b.*?endtrans *-?%\}", "", source, flags=re.DOTALL)
    bare = re.sub(r"^\{% block (?:body_attributes|view) %\}.*$", "", bare, flags=re.MULTILINE)
    bare = re.sub(r' data-\{\{[^}]*\}\}="[^"]*"', "", bare)
    bare = re.sub(r'(?<=%\}) data-[a-z]+="\{\{[^}]*\}\}">', " >", bare)
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", bare, flags=re.DOTALL)
    # Halves of a tag whose beginning stands in the other branch, or in a macro's caller.
    bare = bare.replace(" hidden>", " >")
    words = Words()
    words.feed(bare)
    words.close()
    return words.found


def spoken_strings(source: str) -> Iterator[str]:
    """Texts within Jinja tags that read like a sentence and are handed to no catalog."""
    before: list[str] = []
    for line, kind, value in Environment(extensions=["jinja2.ext.i18n"]).lex(source):
        if kind == "whitespace":
            continue
        if kind == "string" and SENTENCE.search(value[1:-1]) and "<" not in value:
            outer = " ".join(["", *before[-5:]])
            if not CALLED.search(outer) and not BRAND.fullmatch(value[1:-1]):
                yield f"{line}: {value}"
        before.append(value)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: str(f.relative_to(HOUSE / "templates")))
def test_no_template_has_words_of_its_own(file: Path) -> None:
    """One forgotten word, and a German phone speaks English in the midst of a game."""
    source = file.read_text(encoding="utf-8")
    assert [] == shown_words(source) + list(spoken_strings(source))


def test_forgotten_words_are_found() -> None:
    """The check above is worth nothing if it sees nothing."""
    assert 3 == len(
        shown_words('<p>Pass</p><b title="Pass it">{{ x }}</b><i>{% if a %}No{% endif %}')
    )
    assert 2 == len(
        list(spoken_strings('{{ "Again" if a else _("Table") }}{{ ui.f("x", "Life by") }}'))
    )
    assert [] == shown_words('<p title="{{ _("Pass") }}">{{ _("Pass") }} · Tap or Tarp</p>')


# ---- what the sources say

TELLERS = {"Refusal", "NotNow", "NotYours", "Complaint", "BadFields"}


def unsaid(tree: ast.Module) -> Iterator[str]:
    """Sentences that a refusal or complaint carries without ``say``."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id not in TELLERS:
            continue
        for given in (part for arg in node.args for part in _values(arg)):
            is_plain = isinstance(given, ast.Constant) and " " in str(given.value)
            if is_plain or isinstance(given, ast.JoinedStr):
                yield ast.unparse(node)


def _values(argument: ast.expr) -> list[ast.expr]:
    return [*argument.values] if isinstance(argument, ast.Dict) else [argument]


def test_every_refusal_can_be_said_in_any_language() -> None:
    """A "no" that somebody does not understand is a bug to them."""
    found = [
        f"{file.relative_to(HOUSE)}: {told}"
        for file in sorted((HOUSE / "app").rglob("*.py"))
        for told in unsaid(ast.parse(file.read_text(encoding="utf-8")))
        if "many-" not in told  # named for the allowance, whose sentence is said
    ]
    assert [] == found


DECLARED = re.compile(r"(?:content|--(?!app|people)[a-z-]+): *([^;{}]*)")
ESCAPE = re.compile(r"\\[0-9A-Fa-f]{1,6} ?")


@pytest.mark.parametrize(
    "sheet", sorted((HOUSE / "static/css").glob("*.css")), ids=lambda f: f.name
)
def test_styles_paint_no_words_of_their_own(sheet: Path) -> None:
    """What a style paints comes from ``painted_words``, by language."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    quoted = [q for declared in DECLARED.findall(text) for q in re.findall(r'"([^"]*)"', declared)]
    assert [] == [words for words in quoted if WORD.search(ESCAPE.sub("", words))]


# ---- the catalogs


@pytest.fixture(scope="module")
def template() -> Catalog:
    """Everything that is said, gathered anew."""
    return gather.gathered()


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    found: str = request.param
    return found


def catalog(language: str) -> Catalog:
    """The catalog of a language as it is committed."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    """All messages but the head."""
    return [message for message in catalog(language) if message.id]


def forms(text: Any) -> list[str]:
    """A text, or the forms of one that counts."""
    return [text] if isinstance(text, str) else [str(form) for form in text or ()]


def test_catalogs_are_up_to_date(language: str, template: Catalog) -> None:
    """`make words` was forgotten: what is new would stay English for ever."""
    kept = (FOLDER / f"{language}.po").read_text(encoding="utf-8")
    assert gather.updated(language, template) == kept


def test_catalogs_are_complete(language: str) -> None:
    """Every form of every message is there; nothing is guessed, nothing left behind."""
    missing = [m.id for m in messages(language) if not all(forms(m.string)) or not m.string]
    assert [] == missing
    assert [] == [m.id for m in messages(language) if m.fuzzy]
    assert {} == catalog(language).obsolete


def test_places_are_the_same(language: str) -> None:
    """A translation that names another place breaks the page it stands on."""
    place = re.compile(r"%\(\w+\)s|%(?!\()")
    wrong = []
    for message in messages(language):
        wanted = {p for form in forms(message.id) for p in place.findall(form)}
        for form in forms(message.string):
            given = set(place.findall(form))
            # "a minute left" may leave its number out, and nothing else.
            if given != wanted and given | {"%(count)s"} != wanted:
                wrong.append((message.id, form))
    assert [] == wrong


def test_english_says_what_the_sources_say() -> None:
    """It is what a new language is begun from; nobody corrects English in two places."""
    assert [] == [m.id for m in messages(SOURCE) if forms(m.id) != forms(m.string)]


def test_the_face_has_every_capital(language: str) -> None:
    """The app speaks in capitals of Tarp: a letter of another face in their midst is a hole."""
    known = TTFont(HOUSE / "static/fonts/tarp.woff2").getBestCmap().keys()
    used = {letter for m in messages(language) for form in forms(m.string) for letter in form}
    letters = {capital for letter in used if letter.isalpha() for capital in letter.upper()}
    assert set() == {letter for letter in letters if ord(letter) not in known}
    assert set() == {
        letter for letter in used if letter.isalpha() and letter != "ß" and ord(letter) not in known
    }
