"""What happens at the table is seen, heard and read out on the phones it concerns, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.browser.test_line import HIDE
from tests.browser.test_shows import sits
from tests.conftest import Server
from tests.person import Person, start

pytestmark = pytest.mark.browser

#: Takes note of every moment, and of everything the one polite region says.
NOTE = """() => {
  window.noticed = [];
  window.said = [];
  const region = document.getElementById('said');
  document.addEventListener('moment', ({detail}) => noticed.push(
    detail.kind + (detail.mine ? ' mine' : '')));
  new MutationObserver(() => said.push(region.textContent.replace(/[\\u2068\\u2069]/g, '')))
    .observe(region, {childList: true});
}"""

#: Draws every sound of the house; how long each can be heard, in ms, and how loud it gets.
DRAWN = """async address => {
  const { SOUNDS, make } = await import(address);
  const heard = {};
  for (const name of Object.keys(SOUNDS)) {
    const context = new OfflineAudioContext(1, 44100, 44100);
    make(name, context, context.destination, 0);
    const data = (await context.startRendering()).getChannelData(0);
    const last = data.findLastIndex(one => Math.abs(one) > .002);
    heard[name] = [last / 44.1, data.reduce((most, one) => Math.max(most, Math.abs(one)), 0)];
  }
  return heard;
}"""

SOUND = "document.querySelector('.mute').dataset.state"


def noted(phone: Phone) -> Phone:
    """The phone takes note from now on; what it does later has come."""
    phone.page.wait_for_selector(".mute:not([hidden])")
    phone.page.evaluate(NOTE)
    return phone


@pytest.fixture
def two(phones: Callable[..., Phone], table_server: Server) -> tuple[str, list[Person], Phone]:
    """A running game of three and the phone of seat 1, whose turn it is."""
    code, people = start(table_server.url, 3)
    return code, people, noted(sits(phones, people[0], code))


def test_a_few_turns_and_what_is_said_of_them(two: tuple[str, list[Person], Phone]) -> None:
    """One sentence a turn, none for what is no news; the phone that passed and the next know it."""
    code, people, phone = two
    phone.page.locator(".mine .pass").locator("visible=true").click()
    phone.wait_state(turn="2")
    phone.page.wait_for_function("() => said.length === 1")
    people[1].post(f"/games/{code}/adjust-life", by=-3)
    people[1].post(f"/games/{code}/pass-turn")
    phone.page.wait_for_function("() => said.length === 2")
    people[0].post(f"/games/{code}/interrupt")
    phone.page.wait_for_function("() => said.length === 3")
    people[0].post(f"/games/{code}/pass-priority")
    phone.page.wait_for_function("() => said.length === 4")
    people[2].post(f"/games/{code}/pass-turn")
    phone.page.wait_for_function("() => said.length === 5")
    people[0].post(f"/games/{code}/pause", reason="judge")
    phone.wait_state(status="paused")
    assert phone.page.evaluate("said") == [
        "Player 2’s turn",
        "Player 3’s turn",
        "Player 1 interrupts",
        "Player 3’s turn",
        "Your turn",
    ]
    assert phone.page.evaluate("noticed") == [
        *["pass mine", "turn", "gift"],
        *["pass", "turn", "gift"],
        *["interrupt mine"],
        *["turn"],
        *["pass", "turn mine", "your-turn mine", "gift mine"],
        *["pause"],
    ]


def test_what_comes_at_once_is_said_at_once(two: tuple[str, list[Person], Phone]) -> None:
    """Three passes within a blink are one sentence, about who has the turn now."""
    code, people, phone = two
    for person in people:
        person.post(f"/games/{code}/pass-turn")
    phone.wait_state(turn="4")
    phone.page.wait_for_function("() => said.at(-1) === 'Your turn'")
    assert len(phone.page.evaluate("said")) <= 2


def test_the_tarp_is_whipped_up_when_my_turn_comes(
    two: tuple[str, list[Person], Phone], phones: Callable[..., Phone]
) -> None:
    """On my phone the cloth moves and the face stays; who wants less motion sees a cut."""
    code, people, phone = two
    still = noted(sits(phones, people[1], code, reduced_motion="reduce"))
    film = """() => document.addEventListener('moment', ({detail}) => {
      if (detail.kind !== 'your-turn') return;
      const moved = node => node.getAnimations().filter(one => !(one instanceof CSSAnimation));
      const cloth = document.querySelector(`#seat-${detail.seat} > .clk.on > s`);
      window.film = [cloth, cloth.firstElementChild].map(node => moved(node).map(
        one => one.effect.getKeyframes()[1].translate.split(' ').at(-1)));
    })"""
    for one in (still, phone):
        one.page.evaluate(film)
    people[0].post(f"/games/{code}/pass-turn")
    still.page.wait_for_function("() => window.film")
    assert still.page.evaluate("window.film") == [[], []]
    for person in people[1:]:
        person.post(f"/games/{code}/pass-turn")
    phone.page.wait_for_function("() => window.film")
    (up,), (down,) = phone.page.evaluate("window.film")
    assert float(up.removesuffix("px")) == -float(down.removesuffix("px")) < 0


def test_every_sound_is_short_and_can_be_heard(two: tuple[str, list[Person], Phone]) -> None:
    """Under 400 ms each, neither silence nor a scream."""
    _, _, phone = two
    address = phone.page.locator('script[src*="game-page.js"]').get_attribute("src")
    drawn = phone.page.evaluate(DRAWN, address.replace("game-page.js", "sound.js"))
    assert {"pass", "your-turn", "interrupt", "time-out", "pause", "tick"} <= drawn.keys()
    for name, (lasts_ms, peak) in drawn.items():
        assert 5 < lasts_ms < 400, name
        assert 0.03 < peak < 1.6, name


def test_sound_is_opened_by_a_touch_and_kept_as_chosen(
    two: tuple[str, list[Person], Phone],
) -> None:
    """Until then the sign says so; off and a volume last beyond the page, on this device."""
    _, _, phone = two
    assert phone.page.evaluate(SOUND) == "locked"
    assert phone.page.locator(".mute").get_attribute("aria-label") == (
        "Sound begins with the first tap"
    )
    phone.page.locator(".mute").click()
    phone.page.wait_for_function(f"() => {SOUND} === 'on'")
    phone.page.keyboard.press("m")
    phone.page.wait_for_function(f"() => {SOUND} === 'off'")
    phone.page.goto(phone.page.url + "#table")
    phone.page.get_by_label("Volume").fill("30")
    phone.page.reload()
    phone.page.wait_for_selector('.mute[data-state="off"]', state="attached")
    assert phone.page.get_by_label("Volume").input_value() == "30"
    assert not phone.page.get_by_label("Sound", exact=True).is_checked()


def test_the_screen_stays_on_and_says_so(two: tuple[str, list[Person], Phone]) -> None:
    """The sign is there while the lock is; it goes with the page and is taken again on return."""
    _, _, phone = two
    phone.page.wait_for_selector('.awake[data-state="yes"]', state="attached")
    phone.page.evaluate(
        """() => {
          const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
          navigator.wakeLock.request = async kind => (window.lock = await ask(kind));
        }"""
    )
    phone.page.goto(phone.page.url + "#table")
    switch = phone.page.get_by_label("Keep the screen on")
    switch.click(force=True)
    phone.page.wait_for_selector('.awake[data-state="no"]', state="attached")
    switch.click(force=True)
    phone.page.wait_for_selector('.awake[data-state="yes"]', state="attached")
    phone.page.evaluate("() => window.lock.release()")  # as a hidden page loses it
    phone.page.wait_for_selector('.awake[data-state="no"]', state="attached")
    phone.page.evaluate(HIDE, False)
    phone.page.wait_for_selector('.awake[data-state="yes"]', state="attached")
    assert phone.page.locator(".awake").get_attribute("aria-label") == "The screen stays on"


def test_what_is_seen_first_waits_for_none_of_this(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """Sound, keys and sharing are not fetched until somebody touches, types or shares."""
    code, people = start(table_server.url, 2)
    phone = phones()
    asked: list[str] = []
    phone.page.on("request", lambda one: asked.append(one.url.rsplit("/", 1)[-1]))
    noted(sits(lambda **_: phone, people[0], code))
    scripts = [name for name in asked if name.endswith(".js")]
    assert ["htmx.min.js", "stream.js", "game-page.js", "at-play.js"] == [
        one for one in scripts if one != "sw.js"
    ]
    phone.page.keyboard.press("m")
    phone.page.wait_for_function(f"() => {SOUND} !== 'locked'")
    assert {"keys.js", "sound.js"} <= set(asked)


def test_one_device_may_sound_for_all(phones: Callable[..., Phone], table_server: Server) -> None:
    """The host's screen in the middle says so, and phones fall silent while it is there."""
    code, people = start(table_server.url, 3)
    host = sits(phones, people[0], code)
    guest = sits(phones, people[1], code)
    host.open(f"/games/{code}?x#table")
    guest.open(f"/games/{code}?x#table")
    assert guest.page.get_by_label("Sound for the whole table").count() == 0
    host.page.get_by_label("Sound for the whole table").click(force=True)
    guest.page.wait_for_selector('#presence[data-speaks="yes"]', state="attached")
    host.open("/")
    guest.page.wait_for_selector("#presence:not([data-speaks])", state="attached")
