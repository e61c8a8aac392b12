"""What anybody typed is shown as typed, on every page and over both channels, and never runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from app.settings import HOUSE
from app.web.preferences import CHANNELS
from tests.browser.conftest import Phone
from tests.browser.payloads import BROKEN_LINES, PAYLOADS, SHORT
from tests.person import Person, sit_down

#: All elements our own templates are made of; whatever else is on a page was brought in.
OURS = sorted(
    {
        tag
        for path in [*(HOUSE / "templates").rglob("*.html"), HOUSE / "app/web/timeline.py"]
        for tag in re.findall(r"<([a-z][a-z0-9-]*)", path.read_text())
    }
)
#: What is wrong with the present page; nothing, if all is text.
LOOK = """ours => {
  const wrong = [...(window.violations ?? [])];
  if (window.pwned !== undefined) wrong.push('pwned');
  const ids = new Set();
  for (const one of document.querySelectorAll('*')) {
    if (!ours.includes(one.localName)) wrong.push(`<${one.localName}>`);
    if (one.id && ids.size === ids.add(one.id).size) wrong.push(`#${one.id} twice`);
    for (const {name, value} of one.attributes) {
      if (/^(on|data-(hx|sse|ws)-|srcdoc|hx-(on|get|put|delete|vals|trigger|target))/.test(name))
        wrong.push(`${one.localName} ${name}`);
      if (/^(href|src|action|formaction|hx-post|sse-connect|ws-connect)$/.test(name)
          && !(one.localName === 'link' && one.rel === 'icon')
          && new URL(value, location.href).origin !== location.origin)
        wrong.push(`${name}=${value}`);
    }
    if (one.localName === 'script' && !one.getAttribute('src')?.startsWith('/static/'))
      wrong.push('a script of nobody');
  }
  return wrong;
}"""
#: Every text that stands alone in an element, and all that stands in a field.
TEXTS = """() => [...document.querySelectorAll('*')]
  .filter(one => !one.children.length)
  .map(one => one.localName === 'input' ? one.value : one.textContent)"""

#: The names of all fields of a form that one types in.
FIELDS = """id => [...new Set([...document.getElementById(id).elements]
  .filter(one => one.localName === 'input' && !/radio|checkbox|hidden/.test(one.type))
  .map(one => one.name))]"""
NAMES_DRAWN = "[...document.querySelectorAll('text.name')].map(one => one.textContent)"


def by(size: int, texts: Iterable[str]) -> Iterator[list[str]]:
    """So many at a time."""
    left = iter(texts)
    while some := list(islice(left, size)):
        yield some


@dataclass
class Reader:
    """A phone that looks at pages and keeps what was wrong with them."""

    phone: Phone
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def open(self, path: str) -> set[str]:
        """Open an address; the texts on its page."""
        self.phone.page.goto(self.phone.url + path, wait_until="domcontentloaded")
        return self.look(path)

    def look(self, what: str) -> set[str]:
        """The texts on the present page."""
        if wrong := self.phone.page.evaluate(LOOK, OURS):
            self.wrong[what] = wrong
        return set(self.phone.page.evaluate(TEXTS))

    def send(self, path: str, fields: dict[str, str]) -> set[str]:
        """Send a form as a page of ours does; the texts on the page that is the answer."""
        with self.phone.page.expect_navigation(wait_until="domcontentloaded"):
            self.phone.page.evaluate(
                """([path, fields]) => {
                  const form = document.createElement('form');
                  Object.assign(form, {method: 'post', action: path});
                  for (const [name, value] of Object.entries(fields)) {
                    const one = document.createElement('textarea');
                    Object.assign(one, {name, value});
                    form.append(one);
                  }
                  document.body.append(form);
                  HTMLFormElement.prototype.submit.call(form);
                }""",
                [path, fields],
            )
        return self.look(path)


@pytest.fixture
def reader(phones: Callable[..., Phone]) -> Any:
    """Hand out readers: ``reader(person)`` has that person's cookies. In the end nothing ran."""
    readers: list[Reader] = []
    dialogs: list[str] = []

    def hush(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def made(person: Person) -> Reader:
        phone = phones()
        phone.page.on("dialog", hush)
        cookies = [{"name": n, "value": v, "url": phone.url} for n, v in person.cookies.items()]
        if cookies:
            phone.page.context.add_cookies(cookies)
        readers.append(Reader(phone))
        return readers[-1]

    yield made
    assert [] == dialogs
    for one in readers:
        # A refusal's status is a complaint of the browser's, and a picture has no icon.
        one.phone.complaints[:] = [
            said for said in one.phone.complaints if not said.startswith("Failed to load resource")
        ]
        assert {} == one.wrong


@dataclass(frozen=True)
class Table:
    """A game, who plays it, and what everything at it is called."""

    code: str
    people: list[Person]
    title: str
    names: list[str]

    def do(self, person: int, command: str, **fields: Any) -> None:
        """A command of a person's, from 0."""
        answer = self.people[person].post(f"/games/{self.code}/{command}", **fields)
        assert answer.status == 303, answer.text


def lay(url: str, title: str, names: list[str], **settings: Any) -> Table:
    """A table with these names, each given by whoever sits there."""
    code, people = sit_down(url, len(names), name=title, listed="yes", **settings)
    table = Table(code, people, title, names)
    for number, name in enumerate(names):
        table.do(number, "rename-seat", name=name)
    return table


def happen(table: Table) -> None:
    """Something of everything that is told with names."""
    table.do(0, "roll-order", order="all")
    table.do(0, "start")
    table.do(1, "roll-dice", sides=20)
    table.do(0, "commander-damage", seat=1, source=2, by=3)
    active = int(table.people[0].get(f"/games/{table.code}").state["active-seat"])
    for number in [one for one in range(8) if one + 1 != active][:2]:
        table.do(number, "interrupt")
    table.do(0, "adjust-life", seat=2, by=-5)


def test_on_every_page(table_server: Any, reader: Callable[..., Reader]) -> None:
    """Names are shown in thirty places; one that forgets to escape is enough."""
    names = SHORT[: 5 * 8]
    titles = PAYLOADS[::2][:45]  # no more are listed
    tables = []
    for number, eight in enumerate(by(8, names)):
        mode = {"mode": "campaign", "campaign": "blitz"} if number == 4 else {}
        tables.append(lay(table_server.url, titles[number], eight, **mode))
    for table in tables[1:]:
        happen(table)
    tables[2].do(4, "pause", reason="judge")
    for table in tables[3:]:
        table.do(0, "finish", winner=2, confirm="yes")
    for title in titles[5:]:
        Person(table_server.url).post("/games", name=title, listed="yes")

    host = reader(tables[0].people[0])
    assert {*titles[:3], *titles[5:]} <= host.open("/games")  # what is over is not open
    for table in tables:
        host.phone.page.context.clear_cookies()
        own = table.people[0].cookies.items()
        host.phone.page.context.add_cookies(
            [{"name": n, "value": v, "url": table_server.url} for n, v in own]
        )
        pages(host, table)
    seen = host.open("/wall?codes=" + ",".join(table.code for table in tables))
    assert {table.title for table in tables} <= seen


def pages(host: Reader, table: Table) -> None:
    """All pages of a table, as its host sees them."""
    path = f"/games/{table.code}"
    assert table.title in host.open("/")
    assert {*table.names, table.title} <= host.open(path)
    assert f"{table.title} · Tap or Tarp" == host.phone.page.title()
    shared = host.phone.page.locator("share-link").first.get_attribute("data-title")
    assert table.title == shared
    for number, name in enumerate(table.names, 1):
        assert name == host.phone.page.locator(f"#seat-{number} b").first.text_content()
    link = host.send(f"{path}/reconnect-link", {})
    assert table.names[0] in link
    moved = host.phone.page.locator("share-link a").get_attribute("href")
    assert table.names[0] in host.open(moved.removeprefix(host.phone.url))
    assert {*table.names, table.title} <= host.open(f"{path}/ledger")
    if host.phone.page.locator(".sittings a.small").count():
        assert {*table.names, table.title} <= host.open(f"{path}/result/1")
        host.open(f"{path}/timeline.svg")
        drawn = [shown.rstrip("\u2026") for shown in host.phone.page.evaluate(NAMES_DRAWN)]
        assert len(table.names) == len(drawn)
        assert all(any(name.startswith(shown) for shown in drawn) for name in table.names)
        assert "svg" == host.phone.page.evaluate("document.documentElement.localName")
    exported = json.loads(table.people[1].get(f"{path}/ledger.json").text)
    renamed = [
        change["now"]
        for entry in exported["entries"]
        for change in entry["changes"]
        if entry["event"] == "seat-renamed" and change["field"] == "name"
    ]
    assert table.names == renamed


@pytest.mark.parametrize("channel", CHANNELS)
def test_over_the_channel(table_server: Any, reader: Callable[..., Reader], channel: str) -> None:
    """A frame is put into the page by a script: markup in it would be markup."""
    code, people = sit_down(table_server.url, 8)
    table = Table(code, people, "", [])
    people[0].post("/preferences", channel=channel)
    host = reader(people[0])
    host.open(f"/games/{code}")
    host.phone.page.wait_for_selector(".line", state="attached")
    names: list[str] = []
    part = CHANNELS.index(channel)
    texts = PAYLOADS[part::2]  # both roads carry the same pieces
    for title, name in zip(texts, cycle(SHORT[part::2]), strict=False):
        seat = len(names) % 8
        table.do(0, "rename-game", name=title)
        table.do(seat, "rename-seat", name=name)
        names.append(name)
        host.phone.page.wait_for_function(
            """([title, seat, name]) =>
              document.querySelector('#state h1').textContent === title
              && document.querySelector(`#seat-${seat} b`).textContent === name""",
            arg=[title, seat + 1, name],
        )
    last = {(len(names) - 1 - back) % 8: names[-1 - back] for back in range(8)}
    assert set(last.values()) <= host.look("lobby")
    assert len(names) >= len(SHORT[part::2])
    happen(table)
    host.phone.wait_state(status="running")
    host.look("running")
    table.do(4, "pause", reason="rules")
    host.phone.wait_state(status="paused")
    assert f"{last[4]} stopped the clocks" in host.look("paused")
    table.do(0, "finish", winner=2, confirm="yes")
    host.phone.wait_state(status="finished")
    host.look("finished")
    host.phone.page.evaluate("location.hash = '#host'")
    host.look("host")


def test_names_that_would_end_a_line(table_server: Any) -> None:
    """An event of one's own in the stream of everybody: refused in every name there is."""
    code, (host, guest) = sit_down(table_server.url, 2)
    before = host.get(f"/games/{code}").state["version"]
    for text in BROKEN_LINES:
        for person, path in (
            (host, f"/games/{code}/rename-game"),
            (guest, f"/games/{code}/rename-seat"),
            (host, "/games"),
            (host, "/preferences"),
        ):
            assert 422 == person.post(path, name=text[:20]).status, ascii(text)
    assert before == host.get(f"/games/{code}").state["version"]


def test_what_comes_back(table_server: Any, reader: Callable[..., Reader]) -> None:
    """A form that is refused is shown again, with all that was typed in it."""
    someone = Person(table_server.url)
    someone.get("/")
    phone = reader(someone)
    phone.open("/games/new")
    fields = phone.phone.page.evaluate(FIELDS, "form-create")
    assert "name" in fields
    assert len(fields) > 10
    for some in by(len(fields), PAYLOADS):
        typed = dict(zip(fields, some, strict=False))
        if "name" in typed:
            typed["name"] += "x" * 50
        assert set(typed.values()) <= phone.send("/games", typed)
        assert set(typed.values()) <= phone.open(f"/games/new?{urlencode(typed)}")
    for text in PAYLOADS[::30]:
        longer = text + "x" * 1000
        assert longer in phone.send("/feedback", {"text": longer})
        assert longer in phone.send("/preferences", {"name": longer})


def test_kept_preferences(table_server: Any, reader: Callable[..., Reader]) -> None:
    """The name stands in an attribute there, and is given to every seat one takes."""
    someone = Person(table_server.url)
    someone.get("/")
    phone = reader(someone)
    for name in SHORT[::15]:
        phone.open("/preferences")
        assert name in phone.send("/preferences", {"name": name})


def test_forms_of_a_table(table_server: Any, reader: Callable[..., Reader]) -> None:
    """Each field of the host's sheets, with the complaint beside it."""
    code, (host, _) = sit_down(table_server.url, 2, round_minutes=50)
    phone = reader(host)
    path = f"/games/{code}"
    phone.open(path)
    settings = phone.phone.page.evaluate(FIELDS, "form-update-settings")
    typed = dict(zip(settings, cycle(PAYLOADS[::3]), strict=False))
    typed["name"] = "<img src=x onerror=window.pwned=1>" + "x" * 50
    assert set(typed.values()) <= phone.send(f"{path}/update-settings", typed)
    for text in PAYLOADS[::40]:
        longer = text + "x" * 50
        assert longer in phone.send(f"{path}/rename-seat", {"name": longer})
        assert longer in phone.send(f"{path}/roll-dice", {"sides": longer})
    for text in PAYLOADS[7::40]:
        phone.send(f"{path}/adjust-life", {"seat": "2", "by": text})
        phone.send(f"{path}/adjust-life", {"seat": text, "by": text})
        phone.send(f"{path}/pause", {"reason": text})
        told = phone.send(f"{path}/pass-turn", {text: text})
        assert f"{text}: This form has no such field." in told


def test_addresses(table_server: Any, reader: Callable[..., Reader]) -> None:
    """A link somebody was sent: what is typed into it is at most shown."""
    code, (host, _) = sit_down(table_server.url, 2)
    phone = reader(host)
    texts = cycle(PAYLOADS)
    for address in (
        "/{}",
        "/games/{}",
        "/games/join?code={}",
        f"/games/{code}/ledger?from={{}}",
        f"/games/{code}?of={{}}&view={{}}",
        "/feedback?thanks={}",
        f"/games/{code}/reconnect/{{}}",
    ):
        for text in islice(texts, 2):
            phone.open(address.replace("{}", quote(text, safe="")))
    for text in PAYLOADS[::20]:
        typed = "".join(c for c in text.upper() if c not in " -,")
        assert typed[:4] in "".join(phone.open(f"/wall?codes={quote(text, safe='')}"))
