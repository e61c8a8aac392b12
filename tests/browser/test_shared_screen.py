"""The shared screen in a real browser: nothing covered, and whose tap passes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.person import Person, start

pytestmark = pytest.mark.browser

TABLET = {"width": 1280, "height": 800}
LONGEST = "Wwwwwwwwwwwwwwwwwwww"
SIZES = ((768, 1024), (1024, 768), (1280, 800), (390, 844))

#: What a thumb or an eye needs on each spot, as it lies on the glass; whatever is not reachable in
#: its middle, sticks out, or lies on its neighbour of the same spot or another.
WRONG = """() => {
  const wrong = [];
  const seen = [];
  const box = node => {
    const words = document.createRange();
    words.selectNodeContents(node);
    return (node.matches('button, a') ? node : words).getBoundingClientRect();
  };
  const parts = '[data-seat] > b:first-child, [data-seat] > u, [data-seat] > .clk:not(.on), ' +
    '.life-of > button, .counts-of, .interrupt, .ask';
  for (const spot of document.querySelectorAll('.spot')) {
    for (const node of spot.querySelectorAll(parts)) {
      if (!node.checkVisibility({ visibilityProperty: true })) continue;
      if (!node.getClientRects().length) continue;
      const full = node.matches('b') ? node.getBoundingClientRect() : box(node);
      const name = `${spot.dataset.place} ${node.className || node.tagName} ${node.textContent}`;
      const { left, top, right, bottom } = full;
      const out = left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
      if (out) wrong.push(`${name} sticks out`);
      if (node.matches('button, a')) {
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (!node.contains(hit)) wrong.push(`${name} lies beneath ${hit?.className}`);
      }
      const slack = node.matches('b, u, .clk') ? 2 : 6;
      for (const other of seen) {
        const across = Math.min(right, other.right) - Math.max(left, other.left);
        const down = Math.min(bottom, other.bottom) - Math.max(top, other.top);
        if (across > slack && down > slack) wrong.push(`${name} lies on ${other.name}`);
      }
      seen.push({ name, left, top, right, bottom });
    }
  }
  if (document.documentElement.scrollHeight > innerHeight) wrong.push('it scrolls');
  return wrong;
}"""

#: Buttons that are deaf while a thumb may bounce hear again.
HEARD = "() => document.getAnimations().every(one => one.animationName !== 'arm')"

#: How opaque a picture is in its lower right corner and on the first card.
ALPHAS = """async png => {
  const bytes = Uint8Array.from(atob(png), one => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  const { left, top } = document.querySelector('#seat-1').getBoundingClientRect();
  const alpha = (x, y) => canvas.getImageData(x, y, 1, 1).data[3];
  return { corner: alpha(picture.width - 5, picture.height - 5), card: alpha(left + 5, top + 5) };
}"""

#: A point well inside each seat's own cell, clear of its buttons, where the glass really is.
CELL = """place => {
  const name = document.querySelector(`.spot[data-place="${place}"] > [data-seat] > b`);
  const { left, top, right, bottom } = name.getBoundingClientRect();
  return [(left + right) / 2, (top + bottom) / 2];
}"""


def table_of(server: Any, seats: int, phones: Callable[..., Phone], **options: Any) -> Phone:
    """A device in the middle that plays all seats of a running game, with the longest names."""
    host = Person(server.url)
    code = host.post("/games", players=seats).headers["location"].rsplit("/", 1)[1]
    host.post(f"/games/{code}/start", empty_seats="share")
    for seat in range(1, seats + 1):
        fields = {"as": seat, "seat": seat, "name": LONGEST[:-1] + str(seat)}
        assert host.send(f"/games/{code}/rename-seat", fields, {}).status == 303
    device = phones(viewport=TABLET, **options)
    shows(device, host, code)
    return device


def shows(phone: Phone, person: Person, code: str) -> None:
    """The phone is this person's, with the shared screen on it."""
    phone.page.context.add_cookies(
        [{"name": n, "value": v, "url": phone.url} for n, v in person.cookies.items()]
    )
    phone.open(f"/games/{code}?view=table")


@pytest.mark.parametrize("seats", [2, 3, 4, 5, 8])
def test_every_cell_is_whole(phones: Callable[..., Phone], table_server: Any, seats: int) -> None:
    """Names, life, clocks and buttons of each seat: on the glass, reachable, side by side."""
    device = table_of(table_server, seats, phones, reduced_motion="reduce")
    for width, height in SIZES:
        device.page.set_viewport_size({"width": width, "height": height})
        device.page.wait_for_function(HEARD)
        assert device.page.evaluate(WRONG) == [], (width, height)


def test_it_is_whole_for_somebody_who_sits(phones: Callable[..., Phone], table_server: Any) -> None:
    """A seat on the phone that shows the table brings none of the phone's own bars along."""
    code, people = start(table_server.url, 4)
    device = phones(viewport=TABLET, reduced_motion="reduce")
    shows(device, people[0], code)
    device.page.wait_for_function(HEARD)
    assert device.page.evaluate(WRONG) == []
    assert not device.page.locator(".foot .strip").is_visible()


def test_a_tap_on_my_own_area_passes(phones: Callable[..., Phone], table_server: Any) -> None:
    """The active seat's slice passes, anywhere on it; nobody else's area does."""
    device = table_of(table_server, 4, phones)
    for place in (1, 2, 3, 4):
        device.wait_state(active_seat=str(place))
        device.page.wait_for_timeout(800)  # a thumb that bounces is not heard so long
        others = device.page.evaluate(CELL, place % 4 + 1)
        device.page.mouse.click(*others)
        device.page.wait_for_timeout(150)
        assert device.state()["activeSeat"] == str(place)
        device.page.mouse.click(*device.page.evaluate(CELL, place))
        device.wait_state(turn=str(place + 1))
    device.wait_state(active_seat="1")
    device.page.wait_for_timeout(800)
    device.page.mouse.click(640, 400)  # the middle belongs to whoever's clock runs
    device.wait_state(active_seat="2")


def test_each_faces_its_player(phones: Callable[..., Phone], table_server: Any) -> None:
    """Clockwise from the lower edge, each a quarter further; life is within reach of each."""
    device = table_of(table_server, 4, phones, reduced_motion="reduce")
    turns = device.page.evaluate(
        "() => [...document.querySelectorAll('.spot')].slice(0, 4)"
        ".map(one => getComputedStyle(one).rotate)"
    )
    assert turns == ["0deg", "90deg", "180deg", "270deg"]
    moves = "() => getComputedStyle(document.querySelector('.spot')).animation"
    assert device.page.evaluate(moves).endswith("none")
    device.page.emulate_media(reduced_motion="no-preference")
    assert device.page.evaluate(moves).startswith("0.24s")
    for seat in (1, 3):
        device.page.get_by_role("button", name=f"Seat {seat}: one life less").click()
        device.page.wait_for_selector(f'#seat-{seat}[data-life="39"]', state="attached")


def test_across_the_room_nothing_is_covered(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """Four and eight seats, two rows of columns then; the code is on it, the clock is huge."""
    for seats in (4, 8):
        code, people = start(table_server.url, seats)
        for number, person in enumerate(people, 1):
            person.post(f"/games/{code}/rename-seat", name=LONGEST[:-1] + str(number))
        screen = phones(viewport={"width": 1920, "height": 1080})
        screen.open(f"/games/{code}?view=table")
        for size in ((1920, 1080), (1280, 800)):
            screen.page.set_viewport_size({"width": size[0], "height": size[1]})
            screen.page.wait_for_timeout(100)
            assert screen.page.evaluate(WRONG) == [], (seats, size)
            face = screen.page.locator("#seat-1 > .clk > u").bounding_box()
            assert face["width"] > size[0] * 0.8
            assert screen.page.locator(".ticket .qr").bounding_box()["width"] > size[1] * 0.12


def test_an_overlay_hides_nothing_beneath_it(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """Between its cards one sees through, in both themes and both schemes of the machine."""
    code, people = start(table_server.url, 4)
    for scheme in ("dark", "light"):
        stream = phones(viewport={"width": 800, "height": 600}, color_scheme=scheme)
        stream.open(f"/games/{code}?view=overlay&theme={scheme}&size=large")
        stream.page.wait_for_selector("#seat-1 > .clk.on")
        picture = stream.page.screenshot(omit_background=True)
        alphas = stream.page.evaluate(ALPHAS, base64.b64encode(picture).decode())
        assert alphas["corner"] == 0
        assert alphas["card"] == 255
    people[0].post(f"/games/{code}/pass-turn")
    stream.wait_state(active_seat="2")
    stream.page.wait_for_selector("#seat-2 > .clk.on")
    assert stream.page.locator("button:visible, a:visible, form").count() == 0


def test_an_overlay_grows_by_its_address(phones: Callable[..., Phone], table_server: Any) -> None:
    """Twice the scale is twice as wide; small is smaller than medium."""
    code, _people = start(table_server.url, 2)
    stream = phones(viewport={"width": 1600, "height": 900})
    widths = []
    for query in ("size=small", "scale=100", "scale=200"):
        stream.open(f"/games/{code}?view=overlay&{query}")
        widths.append(stream.page.locator("#seat-1").bounding_box()["width"])
    small, medium, double = widths
    assert small < medium
    assert double == pytest.approx(2 * medium, rel=0.01)
