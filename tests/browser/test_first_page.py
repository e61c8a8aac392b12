"""What a cold phone pays before it can play: counted on the wire, with all that the page loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.web.preferences import CHANNELS
from tests.browser.conftest import Phone
from tests.conftest import Server
from tests.load.first_page import CountingLine
from tests.person import Person, sit_down

pytestmark = pytest.mark.browser

MOST_BYTES = 60 * 1024
MOST_REQUESTS = 16

#: Scripts that would keep the page from being read on.
BLOCKING = "[...document.scripts].filter(one => one.type !== 'module' && !one.defer).length"
#: What the browser itself says kept the first paint waiting.
WAITED_FOR = """() => performance.getEntriesByType('resource')
  .filter(one => one.renderBlockingStatus === 'blocking')
  .map(one => one.name.split('.').at(-1))"""


@pytest.fixture
def line(table_server: Server) -> Iterator[CountingLine]:
    """A line to the server that counts."""
    with CountingLine(table_server.port) as line:
        yield line


def arrives(phone: Phone, person: Person, line: CountingLine, code: str) -> None:
    """A phone with a person's cookie opens the game for the first time, through the line."""
    own = person.cookies.items()
    phone.url = f"http://127.0.0.1:{line.port}"
    phone.page.context.add_cookies([{"name": n, "value": v, "url": phone.url} for n, v in own])
    line.begin()
    phone.open(f"/games/{code}")
    line.wait()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("who", ["host", "player"])
def test_a_first_visit(
    phones: Callable[..., Phone], table_server: Server, line: CountingLine, channel: str, who: str
) -> None:
    """Tables stand in cellars: everything has to come over one bar of signal."""
    code, people = sit_down(table_server.url, 4)
    person = people[0 if who == "host" else 1]
    person.post("/preferences", channel=channel)
    phone = phones()
    arrives(phone, person, line, code)
    assert line.bytes <= MOST_BYTES, line.asked
    assert len(line.asked) <= MOST_REQUESTS, line.asked
    listens = "/socket?" if channel == "socket" else "/events?"
    assert [one for one in line.asked if listens in one], line.asked
    assert phone.page.evaluate(BLOCKING) == 0
    assert {"css"} == {*phone.page.evaluate(WAITED_FOR)}


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_rest_comes_with_the_first_news(
    phones: Callable[..., Phone], table_server: Server, channel: str
) -> None:
    """A phone that lies there untouched while the game begins shows it whole, and hears of it."""
    code, people = sit_down(table_server.url, 2)
    people[1].post("/preferences", channel=channel)
    phone = phones()
    own = people[1].cookies.items()
    phone.page.context.add_cookies([{"name": n, "value": v, "url": phone.url} for n, v in own])
    phone.open(f"/games/{code}")
    phone.page.wait_for_selector(".mute:not([hidden])")
    assert phone.page.locator("body[data-rest]").count() == 1
    people[0].post(f"/games/{code}/start")
    phone.wait_state(status="running")
    assert phone.page.locator("body[data-rest]").count() == 0
    assert phone.page.evaluate("document.styleSheets.length") == 1
    phone.page.wait_for_function("() => document.getElementById('said').textContent !== ''")


def test_the_rest_comes_with_a_touch(phones: Callable[..., Phone], table_server: Server) -> None:
    """A sheet that opens needs rules that the lobby did not have."""
    code, _ = sit_down(table_server.url, 2)
    phone = phones()
    phone.open(f"/games/{code}")
    phone.page.locator(".bar > .menu").click()
    phone.page.locator("#table .done").click()
    assert phone.page.locator("body[data-rest]").count() == 0


def test_without_scripts_all_is_there(phones: Callable[..., Phone], table_server: Server) -> None:
    """Nobody will bring the rest there, so the page itself names it."""
    code, _ = sit_down(table_server.url, 2)
    phone = phones(scripts=False)
    phone.open(f"/games/{code}#table")
    assert phone.page.locator("#table .done").is_visible()
