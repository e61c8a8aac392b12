"""A tap on a control is sent or owned up to: slow thumbs, pages that turn, lines that hang."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.web.preferences import CHANNELS
from tests.browser.conftest import Phone
from tests.browser.test_thumb import sits
from tests.conftest import Server
from tests.person import Person, sit_down, start
from tests.thumb import rest

pytestmark = pytest.mark.browser

ARMED_MS = 700
"""A control that has just come up is deaf so long."""

PASS = ".mine > .pass:not(.give-back, .answer)"

#: Makes Chromium do as Firefox does with a thumb that rests: it makes no click of it.
NO_CLICK = "() => addEventListener('touchend', end => end.preventDefault(), { passive: false })"


@pytest.fixture
def seated(phones: Callable[..., Phone], table_server: Server) -> tuple[str, list[Person], Phone]:
    """A running game of four; the phone in hand is seat 1, whose turn it is, and the host."""
    code, people = start(table_server.url)
    phone = phones()
    sits(phone, people[0])
    phone.open(f"/games/{code}")
    phone.wait_state(status="running")
    phone.page.wait_for_timeout(ARMED_MS)
    return code, people, phone


def middle(phone: Phone, selector: str) -> tuple[float, float]:
    """Where a thumb would press it."""
    box = phone.page.locator(selector).locator("visible=true").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def thumb(phone: Phone, selector: str, ms: int, away: float = 0) -> None:
    """A thumb that rests on a control for so long, or slides so far off before it is lifted."""
    rest(phone.page, *middle(phone, selector), ms, away)


def test_a_thumb_that_rests_has_tapped(seated: tuple[str, list[Person], Phone]) -> None:
    """Some engines make a click of quick presses only."""
    _code, _people, phone = seated
    phone.page.evaluate(NO_CLICK)
    thumb(phone, PASS, 600)
    phone.wait_state(turn="2")


def test_a_first_thumb_that_rests_has_tapped(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """Nothing was touched before, so what listens at play comes while the thumb is down."""
    code, people = sit_down(table_server.url, 2)
    phone = phones()
    sits(phone, people[0])
    phone.open(f"/games/{code}")
    phone.page.wait_for_selector(".mute:not([hidden])")
    phone.page.evaluate(NO_CLICK)
    thumb(phone, "button.start", 900)
    phone.wait_state(status="running")


def test_a_thumb_that_rests_counts_once(seated: tuple[str, list[Person], Phone]) -> None:
    """Where the engine does make a click of it, that is the same tap."""
    _code, _people, phone = seated
    thumb(phone, '.strip > button[value="1"]', 280)  # from 500 ms on it is ten
    phone.page.wait_for_selector('#seat-1[data-life="41"]', state="attached")
    phone.page.wait_for_timeout(300)
    assert phone.seat(1)["life"] == "41"


def test_a_thumb_that_slides_off_has_not_tapped(seated: tuple[str, list[Person], Phone]) -> None:
    """Whoever thinks better of it before the thumb is lifted."""
    _code, _people, phone = seated
    phone.page.evaluate("() => { document.querySelector('.strip').style.touchAction = 'none'; }")
    thumb(phone, '.strip > button[value="1"]', 400, away=-150)
    phone.page.wait_for_timeout(300)
    assert phone.seat(1)["life"] == "40"


def test_a_press_is_meant_for_the_table_it_began_at(
    seated: tuple[str, list[Person], Phone],
) -> None:
    """The clocks stood and ran again under the thumb: it did not mean this."""
    code, people, phone = seated
    phone.page.mouse.move(*middle(phone, PASS))
    phone.page.mouse.down()
    grant = phone.state()["grant"]
    people[1].post(f"/games/{code}/pause", reason="other")
    phone.wait_state(status="paused")
    people[1].post(f"/games/{code}/resume")
    phone.wait_state(status="running", turn="1")
    assert phone.state()["grant"] != grant
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.mouse.up()
    phone.page.wait_for_timeout(300)
    assert phone.state()["turn"] == "1"
    phone.page.locator(PASS).tap()
    phone.wait_state(turn="2")


def test_a_page_is_not_turned_under_a_thumb(seated: tuple[str, list[Person], Phone]) -> None:
    """Who I am at this table changes while I press: first the press, then the page."""
    code, people, phone = seated
    phone.page.mouse.move(*middle(phone, PASS))
    phone.page.mouse.down()
    people[0].post(f"/games/{code}/transfer-host", seat=2)
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.mouse.up()
    phone.wait_state(turn="2")
    phone.page.wait_for_selector('body[data-host="no"]')


def test_a_page_is_not_turned_before_a_tap_is_gone(
    seated: tuple[str, list[Person], Phone],
) -> None:
    """A page that goes away takes with it what it has not sent yet."""
    code, people, phone = seated
    held: list[Any] = []
    phone.page.route("**/pass-turn", lambda one: held.append(one))  # noqa: PLW0108 - its arguments are counted
    phone.page.locator(PASS).tap()
    people[0].post(f"/games/{code}/transfer-host", seat=2)
    phone.page.wait_for_timeout(1500)
    held[0].continue_()
    phone.wait_state(turn="2")
    phone.page.wait_for_selector('body[data-host="no"]')


def test_a_tap_does_not_wait_for_an_older_one(seated: tuple[str, list[Person], Phone]) -> None:
    """The first tap counted, but its answer hangs: the next turn's is another tap."""
    code, people, phone = seated
    hung: list[Any] = []

    def hang(route: Any) -> None:
        if hung:
            route.continue_()
        else:
            hung.append(route.fetch())

    phone.page.route("**/pass-turn", hang)
    phone.page.locator(PASS).tap()
    phone.wait_state(turn="2")
    for turn, person in enumerate(people[1:], 3):
        grant = int(phone.state()["grant"])
        person.post(f"/games/{code}/pass-turn", turn=turn - 1, grant=grant)
        phone.wait_state(turn=str(turn))
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.locator(PASS).tap()
    phone.wait_state(turn="6")
    phone.complaints.clear()  # HTMX itself says that it gave the older one up


def test_a_tap_without_an_answer_is_owned_up_to(
    seated: tuple[str, list[Person], Phone],
) -> None:
    """It hangs on a line that is dead; nobody waits for ever."""
    _code, _people, phone = seated
    phone.page.route("**/pass-turn", lambda _: None)
    phone.page.locator(PASS).tap()
    phone.page.locator("#answer", has_text="look whether").wait_for(timeout=7000)
    phone.complaints.clear()  # HTMX itself says that it gave it up


@pytest.mark.parametrize(
    ("status", "body"), [(502, "<h1>Bad gateway</h1>"), (200, "<p>Log in</p>")]
)
def test_an_answer_that_is_not_ours_is_none(
    seated: tuple[str, list[Person], Phone], status: int, body: str
) -> None:
    """A proxy whose server is away, the door of a hotel's network."""
    _code, _people, phone = seated
    phone.page.route("**/pass-turn", lambda one: one.fulfill(status=status, body=body))
    phone.page.locator(PASS).tap()
    phone.page.locator("#answer", has_text="look whether").wait_for()
    phone.complaints.clear()  # the browser itself says that it was a 502


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("missing", ["vendor/htmx.min", "js/stream", "js/socket"])
def test_a_script_that_did_not_come(
    phones: Callable[..., Phone], table_server: Server, channel: str, missing: str
) -> None:
    """The page takes taps, throws nothing, and does not look alive."""
    code, people = start(table_server.url, 2)
    people[0].post("/preferences", channel=channel)
    phone = phones()
    thrown: list[str] = []
    phone.page.on("pageerror", lambda error: thrown.append(str(error)))
    sits(phone, people[0])
    asked: list[str] = []

    def lose(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    phone.page.route(f"**/{missing}.js", lose)
    phone.open(f"/games/{code}")
    lives = not asked
    assert phone.page.locator("body.offline").count() == (0 if lives else 1)
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.locator(PASS).tap()
    phone.wait_state(turn="2")
    assert thrown == []
    phone.complaints.clear()  # the browser itself says that it was refused


def test_a_key_is_tried_again(seated: tuple[str, list[Person], Phone]) -> None:
    """The pedal's script did not come when it was first needed; it is asked for once more."""
    _code, _people, phone = seated
    phone.page.route("**/keys.js", lambda one: one.abort(), times=1)
    with phone.page.expect_event("requestfailed"):
        phone.page.keyboard.press("Space")
    phone.page.keyboard.press("Space")
    phone.wait_state(turn="2")
    phone.complaints.clear()  # the browser itself says that it was refused


def test_a_tap_up_a_socket_that_is_replaced(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """It went up a line that was dead already; what the new line says first is no answer to it."""
    code, people = start(table_server.url, 2)
    people[0].post("/preferences", channel="socket")
    phone = phones()
    sits(phone, people[0])
    phone.page.add_init_script("""
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (message) {
        if (!window.swallows) send.call(this, message);
        window.swallows = false;
      };""")
    phone.open(f"/games/{code}")
    phone.wait_state(status="running")
    phone.page.wait_for_timeout(ARMED_MS)
    phone.page.evaluate("() => { window.swallows = true; }")
    phone.page.locator(PASS).tap()
    phone.page.evaluate("() => dispatchEvent(new Event('online'))")  # from one network to another
    phone.page.locator("#answer", has_text="look whether").wait_for()
    phone.page.wait_for_selector("body:not(.offline)")
    phone.page.locator(PASS).tap()
    phone.wait_state(turn="2")
