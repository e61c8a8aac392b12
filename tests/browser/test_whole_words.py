"""Nothing is cut, broken or covered on a phone on its side, on a desk, on a small shared screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.browser.scenes import Scene, names, shared
from tests.browser.test_nothing_covered import sits
from tests.person import sit_down, start

pytestmark = pytest.mark.browser

ON_ITS_SIDE = {"width": 844, "height": 390}
LOW = {"width": 640, "height": 360}
SMALLEST = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}

#: How many lines the words of an element are drawn in.
LINES = """one => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return new Set([...words.getClientRects()].map(line => Math.round(line.top))).size;
}"""

#: Which of some elements lie on another of them, by their words.
TOUCHING = """selectors => {
  const boxes = selectors.flatMap(one => [...document.querySelectorAll(one)].map(node => {
    const words = document.createRange();
    words.selectNodeContents(node);
    return [one, words.getBoundingClientRect()];
  })).filter(([, box]) => box.width);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1).filter(([, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    return across > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  }).map(([other]) => `${one} on ${other}`));
}"""

#: What is left between the tag of each seat and its life, beside its clock or above both.
TAG_TO_LIFE = """() => [...document.querySelectorAll('.spot > [data-seat]')].flatMap(seat => {
  if (seat.querySelector('.clk.on')) return [];
  const tag = getComputedStyle(seat, '::after');
  if (tag.content === 'none') return 99;
  const [box, life] = [seat, seat.querySelector('u')].map(one => one.getBoundingClientRect());
  const [left, top] = [tag.left, tag.top].map(parseFloat);
  const beside = life.left - box.left - left - parseFloat(tag.width);
  return Math.max(beside, life.top - box.top - top - parseFloat(tag.height));
})"""

#: The middle of a tablet: what is cut there, and who is listed.
MIDDLE = """() => {
  const pile = document.querySelector('#pile');
  const room = pile.getBoundingClientRect();
  const rows = [...pile.children].map(row => [row.getBoundingClientRect(), row.textContent]);
  return {
    cut: pile.scrollHeight - pile.clientHeight,
    listed: rows.filter(([box]) => box.width > 60 && box.height >= 26).length,
    out: rows.filter(([box]) => box.right > room.right + 1 || box.bottom > room.bottom + 1).length,
  };
}"""


def shown(phone: Phone, scene: Scene) -> Phone:
    """The phone shows a scene, at the size it has."""
    size = phone.page.viewport_size
    scene.show(phone.page)
    phone.page.set_viewport_size(size)
    return phone


@pytest.mark.parametrize("size", [ON_ITS_SIDE, {"width": 1024, "height": 768}, DESK])
def test_german_words_are_not_broken(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """To interrupt is one word, and so is the reason why a page is not there."""
    code, people = start(table_server.url, 2)
    phone = sits(phones(viewport=size, locale="de-DE"), people[1], code)
    assert phone.page.locator(".mine > .interrupt > span").evaluate(LINES) == 1
    people[0].post(f"/games/{code}/close", confirm="yes")
    late = phones(viewport=size, locale="de-DE")
    late.open(f"/games/{code}")
    assert late.page.locator("h1").evaluate(LINES) == 1
    late.complaints.clear()  # the browser itself says that it is gone
    phone.complaints.clear()


@pytest.mark.parametrize("size", [ON_ITS_SIDE, LOW])
def test_a_champion_stands_above_what_comes_next(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """On its side a phone shows the whole word, and at least two rows of the table."""
    code, people = start(table_server.url, 4, mode="campaign", campaign="wastelands")
    for loser in people[1:]:
        loser.post(f"/games/{code}/concede")
    phone = sits(phones(viewport=size), people[0], code)
    box = """one => {
      const words = document.createRange();
      words.selectNodeContents(document.querySelector(one));
      const { right, bottom } = words.getBoundingClientRect();
      return [right, bottom];
    }"""
    right, bottom = phone.page.evaluate(box, "#notice > p")
    foot = phone.page.locator(".foot").bounding_box()
    assert right <= size["width"] / 2
    assert bottom <= foot["y"]
    assert foot["height"] <= size["height"] / 3


@pytest.mark.parametrize("size", [SMALLEST, ON_ITS_SIDE, LOW])
def test_what_losing_life_comes_to_lies_on_nothing(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """A choice that is made in seconds is read at a glance."""
    late = {"starting_seconds": 1, "bonus_seconds": 0, "timeout_grace_seconds": 300}
    code, people = start(table_server.url, 2, starting_minutes=0, **late)
    phone = sits(phones(viewport=size), people[0], code)
    phone.page.wait_for_selector("#seat-1[data-pending=yes] ~ .decide", state="visible")
    lose = "#seat-1 ~ .decide > [value=lose-life]"
    assert phone.page.evaluate(TOUCHING, [f"{lose} > small", "#seat-1 > .fate"]) == []
    words = """one => {
      const words = document.createRange();
      words.selectNodeContents(document.querySelector(one).firstChild);
      return words.getBoundingClientRect().right;
    }"""
    fate = phone.page.locator("#seat-1 > .fate").bounding_box()
    assert fate["x"] - phone.page.evaluate(words, lose) >= 8


@pytest.mark.parametrize("size", [SMALLEST, ON_ITS_SIDE, DESK])
@pytest.mark.parametrize("seats", [4, 8])
def test_ask_lies_on_no_digit(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int], seats: int
) -> None:
    """One phone for all: the name stands where ASK would, and the clock ends above both."""
    scene = shared(table_server.url, seats)
    scene = Scene(scene.person, scene.path.partition("?")[0], size)
    phone = shown(phones(viewport=size), scene)
    digits = "#seat-1 > .clk.on > u > i"
    bottom = max(
        box["y"] + box["height"]
        for one in phone.page.locator(digits).all()
        if (box := one.bounding_box())["height"]
    )
    ask = phone.page.locator(".ask").locator("visible=true").bounding_box()
    assert bottom <= ask["y"]


@pytest.mark.parametrize("size", [SMALLEST, LOW, ON_ITS_SIDE, {"width": 768, "height": 1024}])
def test_tags_on_a_small_tv_lie_on_no_life(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """Eight seats in low rows, one of them interrupting."""
    code, people = start(table_server.url, 8)
    names(code, people)
    people[3].post(f"/games/{code}/interrupt")
    people[4].post(f"/games/{code}/interrupt")
    phone = phones(viewport=size)
    phone.open(f"/games/{code}?view=table")
    gaps = phone.page.evaluate(TAG_TO_LIFE)
    assert len(gaps) == 7
    assert min(gaps) >= 0, gaps


@pytest.mark.parametrize("size", [SMALLEST, {"width": 768, "height": 1024}, ON_ITS_SIDE])
def test_every_reason_to_stop_is_seen(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """Four reasons, above what goes on playing, without scrolling."""
    code, people = start(table_server.url, 3)
    phone = sits(phones(viewport=size), people[0], code)
    phone.open(f"/games/{code}#stop")
    done = phone.page.locator("#stop .done").bounding_box()
    for reason in phone.page.locator("#stop .slabs button").all():
        box = reason.bounding_box()
        assert box["y"] + box["height"] <= done["y"]


@pytest.mark.parametrize("size", [SMALLEST, LOW, ON_ITS_SIDE, {"width": 768, "height": 1024}, DESK])
@pytest.mark.parametrize("asked", [(2, 3), (2, 3, 4, 5, 6, 7, 8)])
def test_the_middle_says_whose_answers_are_awaited(
    phones: Callable[..., Phone],
    table_server: Any,
    size: dict[str, int],
    asked: tuple[int, ...],
) -> None:
    """Whoever is asked, whoever has answered, and whose turn waits for it; nobody is cut off."""
    asks = [("toggle-target", {"as": 1, "seat": seat}) for seat in asked]
    then = [*asks, ("confirm-targets", {"as": 1})]
    if len(asked) > 2:
        then.append(("pass-target", {"as": 4}))
    scene = shared(table_server.url, max(4, len(asked) + 1), *then)
    phone = shown(phones(viewport=size, locale="de-DE"), scene)
    middle = phone.page.evaluate(MIDDLE)
    assert middle == {"cut": 0, "listed": len(asked) + 1, "out": 0}
    stop = phone.page.locator('.asks[data-for="1"] > .stop-waiting')
    assert stop.is_visible()
    assert stop.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    assert stop.evaluate(LINES) <= 2


@pytest.mark.parametrize("size", [SMALLEST, DESK])
def test_taking_back_is_one_word_on_a_tablet(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """A German word of six letters, in a place as wide as a thumb, on no life."""
    scene = shared(table_server.url, 4, ("pass-turn", {"as": 1}))
    phone = shown(phones(viewport=size, locale="de-DE"), scene)
    undo = phone.page.locator('.back-of[data-by="1"] > button, .back-of[data-by="1"] button').first
    assert undo.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert undo.evaluate(LINES) == 1


def test_a_tv_counts_the_answers(phones: Callable[..., Phone], table_server: Any) -> None:
    """Where the name of one stands, the number of many does."""
    code, people = start(table_server.url, 4)
    for number in (2, 3):
        people[0].post(f"/games/{code}/toggle-target", seat=number)
    people[0].post(f"/games/{code}/confirm-targets")
    phone = phones(viewport=DESK)
    phone.open(f"/games/{code}?view=table")
    assert phone.page.locator(".piled").bounding_box()["width"] > 200
    assert phone.page.locator("#pile > li[data-kind=to-answer]").count() == 2


def test_a_wall_of_one_table_fits_a_phone_on_its_side(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """The turn below the reason is not cut in half."""
    code, people = sit_down(table_server.url, 2)
    people[0].post(f"/games/{code}/start")
    people[0].post(f"/games/{code}/pause", reason="judge")
    phone = phones(viewport=ON_ITS_SIDE)
    phone.open(f"/wall?codes={code}")
    foot = phone.page.locator(".tables .foot").bounding_box()
    assert foot["y"] + foot["height"] <= ON_ITS_SIDE["height"]
