"""A page as a browser reads it, and the rules of this house that every page keeps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.person import Answer, Person

EMPTY = frozenset({"meta", "link", "input", "br", "img", "path", "rect"})
TYPED = frozenset({"input", "select", "textarea"})
TAKES_ADDRESS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect")
CHARACTERS_OF_THE_FACE = re.compile(r"[\ue000-\uf8ff]")


@dataclass
class Element:
    """One element: its name, attributes, where it hangs, and the text in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    words: str = ""

    def get(self, name: str) -> str | None:
        """An attribute's text; None when it is not there."""
        return self.attributes.get(name)

    def all(self) -> list[Element]:
        """This element and everything in it, in the order of the page."""
        return [self, *(inner for child in self.children for inner in child.all())]

    def text(self) -> str:
        """All the words in it."""
        return " ".join([self.words, *(child.text() for child in self.children)]).strip()

    def is_inside(self, tag: str) -> bool:
        """Whether it stands somewhere in such an element."""
        above = self.parent
        return above is not None and (above.tag == tag or above.is_inside(tag))


class Page(HTMLParser):
    """The tree of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Element("document", {}, None)
        self._open = self.root
        self.mistakes: list[str] = []
        self.feed(text)
        if self._open is not self.root:
            self.mistakes.append(f"<{self._open.tag}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        if len(element.attributes) != len(attrs):
            self.mistakes.append(f"<{tag}> has an attribute twice: {attrs}")
        self._open.children.append(element)
        if tag not in EMPTY:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without a content."""
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that was opened last."""
        if self._open.tag != tag:
            self.mistakes.append(f"</{tag}> ends <{self._open.tag}>")
        self._open = self._open.parent or self.root

    def handle_data(self, data: str) -> None:
        """Words."""
        self._open.words += data

    def all(self, tag: str = "") -> list[Element]:
        """Every element, or those of one name, in order."""
        return [one for one in self.root.all() if not tag or one.tag == tag]

    def by_id(self, id_: str) -> Element:
        """The element with that id."""
        (found,) = [one for one in self.all() if one.get("id") == id_]
        return found


def broken_rules(page: Page, host: str) -> list[str]:
    """What a page of this house must not be; empty for a good one."""
    broken = [*page.mistakes]
    everything = page.all()
    if [one.get("lang") for one in page.all("html")] != ["en"]:
        broken.append("its language is not said")
    if len(page.all("h1")) != 1:
        broken.append(f"{len(page.all('h1'))} headings of the first rank")
    if not (page.all("title") and page.all("title")[0].text()):
        broken.append("no title")
    ids = Counter(one.get("id") for one in everything if one.get("id") is not None)
    broken += [f"id {id_!r} {times} times" for id_, times in ids.items() if times > 1]
    targets = {one.get("for") for one in page.all("label")}
    for one in everything:
        broken += _of_element(one, host, ids.keys(), targets)
    return broken


def _of_element(
    one: Element, host: str, ids: Collection[str | None], labelled: Collection[str | None]
) -> list[str]:
    broken = [f"<{one.tag} {name}>" for name in one.attributes if name.startswith("on")]
    if "style" in one.attributes or one.tag == "style":
        broken.append(f"a style in <{one.tag}>")
    if one.tag == "script" and (one.words.strip() or not one.get("src")):
        broken.append("a script in the page")
    if one.tag == "form" and not _leads_somewhere(one):
        broken.append(f"a form that leads nowhere: {one.attributes}")
    if one.tag in TYPED and one.get("type") != "hidden" and not _is_named(one, labelled):
        broken.append(f"a field without a label: {one.attributes}")
    if one.tag in ("button", "a") and not _says_something(one):
        broken.append(f"a control without a word: {one.attributes}")
    return broken + [
        f'<{one.tag} {name}="{where}">'
        for name in TAKES_ADDRESS
        if (where := one.get(name)) is not None and not _is_ours(one, where, host, ids)
    ]


def _is_ours(one: Element, where: str, host: str, ids: Collection[str | None]) -> bool:
    """A relative address, something on this page, or the link that people share."""
    if where.startswith("#"):
        return where == "#" or where[1:] in ids
    if where == "":
        return one.tag == "form" or "hidden" in one.attributes  # a script fills it in and shows it
    if one.is_inside("share-link"):
        return where.startswith(f"{host}/games/")
    return where.startswith(("/", "data:")) and not where.startswith("//")


def _leads_somewhere(form: Element) -> bool:
    """It has an address, or it is the empty one that buttons elsewhere lend theirs to."""
    return "action" in form.attributes or (bool(form.get("id")) and not form.children)


def _is_named(one: Element, labelled: Collection[str | None]) -> bool:
    return bool(one.get("aria-label")) or one.get("id") in labelled or one.is_inside("label")


def _says_something(one: Element) -> bool:
    if one.get("aria-hidden") == "true":
        return True
    words = CHARACTERS_OF_THE_FACE.sub("", one.text()).strip()
    return bool(words or one.get("aria-label"))


def open_page(person: Person, path: str, status: int = 200) -> tuple[Answer, Page]:
    """Open an address; the page keeps the rules of this house."""
    answer = person.get(path)
    assert status == answer.status, answer.text
    page = Page(answer.text)
    assert broken_rules(page, person.url) == []
    return answer, page
