"""Rolls on several phones: one result, seen once by each; and taps that are one change."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from app.game.game import MOMENT_MS
from tests.browser.conftest import PHONE, Phone
from tests.person import Person, sit_down, start

SMALL = {"width": 360, "height": 640}
STILL = {"reduced_motion": "reduce"}

#: What a throw shows at this instant, read off the strip of its numbers: its line in the window.
FACE = """cast => {
  const strip = new DOMMatrix(getComputedStyle(cast, '::before').transform);
  const size = parseFloat(getComputedStyle(cast).fontSize);
  const line = Math.round(-strip.m42 / size / 1.25);
  return ['', ...cast.dataset.faces.split('\\n')][line];
}"""

#: Run every animation of the rolls to its end but for their own going away.
TOLD = """() => document.getAnimations().filter(a => a.effect.target?.closest('#moments div'))
  .forEach(a => a.finish())"""


#: Hold the newest moment in the middle of its ten seconds.
HELD = """() => document.querySelector('#moments > :last-child').getAnimations().forEach(a => {
  a.pause();
  a.currentTime = a.effect.getComputedTiming().delay + 5000;
})"""

#: Whose row the light is on.
LIT = """rows => rows.filter(row => [...row.querySelectorAll('i')]
  .some(i => getComputedStyle(i).opacity > .9)).map(row => row.querySelector('b').textContent)"""


def sits(phones: Callable[..., Phone], person: Person, code: str, **options: Any) -> Phone:
    """A phone with somebody's cookie, at the table."""
    phone = phones(**options)
    phone.page.context.add_cookies(
        [{"name": "tarp", "value": person.cookies["tarp"], "url": phone.url}]
    )
    phone.open(f"/games/{code}")
    phone.page.wait_for_selector("body:not(.offline)")
    return phone


def shows(phone: Phone, kind: str) -> list[str]:
    """The words of the moments of a kind that are on this screen."""
    said: list[str] = phone.page.locator(f'#moments > [data-kind="{kind}"] > p').all_inner_texts()
    return said


@pytest.fixture
def rolling(
    phones: Callable[..., Phone], table_server: Any
) -> tuple[str, list[Person], list[Phone]]:
    """A running game of four, two of them with a phone in hand, one of those in less motion."""
    code, people = start(table_server.url)
    return code, people, [sits(phones, people[0], code), sits(phones, people[1], code, **STILL)]


def test_one_roll_on_every_screen(rolling: tuple[str, list[Person], list[Phone]]) -> None:
    """The number that two phones end up showing is the one in the words, and in the ledger."""
    code, people, both = rolling
    people[2].post(f"/games/{code}/roll-dice", sides=20)
    ends = []
    for phone in both:
        throw = phone.page.locator('#moments > [data-kind="dice"] q')
        throw.wait_for(state="visible")
        phone.page.evaluate(TOLD)
        ends.append((throw.evaluate(FACE), shows(phone, "dice")))
    assert ends[0] == ends[1]
    number, said = ends[0]
    assert said == [f"Player 3 rolled {number} on a d20"]


def test_the_number_tumbles_before_it_lies(rolling: tuple[str, list[Person], list[Phone]]) -> None:
    """At first another one; with less motion the roll at once."""
    code, people, (moving, still) = rolling
    for phone in (moving, still):
        phone.page.evaluate(
            """() => new MutationObserver(() => document.getAnimations()
                 .filter(a => a.effect.target?.closest('#moments div')).forEach(a => {
                   a.pause(); a.currentTime = a.effect.getComputedTiming().delay + 200; }))
               .observe(document.querySelector('.told'), {childList: true, subtree: true})"""
        )
    people[2].post(f"/games/{code}/roll-dice", sides=20)
    faces = []
    for phone in (moving, still):
        throw = phone.page.locator('#moments > [data-kind="dice"] q')
        throw.wait_for(state="visible")
        faces.append((throw.evaluate(FACE), throw.get_attribute("data-faces").split("\n")))
    (turning, numbers), (lies, _) = faces
    assert lies == numbers[-1]
    assert turning in numbers[:-1]


def test_a_roll_is_not_replayed(rolling: tuple[str, list[Person], list[Phone]]) -> None:
    """A reload joins it where it is; one after ten seconds shows nothing at all."""
    code, people, (phone, _) = rolling
    people[2].post(f"/games/{code}/roll-dice", sides="coin")
    phone.page.wait_for_selector('#moments > [data-kind="dice"]')
    phone.page.wait_for_timeout(1_500)
    phone.page.reload()
    age = phone.page.locator('#moments > [data-kind="dice"]').evaluate(
        "li => Number(li.dataset.e ?? 0) * 1000 + Number(li.dataset.f ?? 0) * 100"
    )
    assert 1_400 <= age < MOMENT_MS
    coin = phone.page.locator(".coin")
    running = coin.evaluate("c => c.getAnimations().some(a => a.playState === 'running')")
    assert not running
    phone.page.wait_for_timeout(MOMENT_MS - age)
    phone.page.reload()
    assert phone.page.locator('#moments > [data-kind="dice"]').count() == 0


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["large", "small"])
def test_the_order_roll_on_two_phones(
    phones: Callable[..., Phone], table_server: Any, size: dict[str, int]
) -> None:
    """Row by row, from the last to who begins; every row within the screen, Start uncovered."""
    code, people = sit_down(table_server.url, 8)
    both = [sits(phones, people[0], code, viewport=size), sits(phones, people[7], code, **STILL)]
    people[0].post(f"/games/{code}/roll-order")
    told = []
    for phone in both:
        sheet = phone.page.locator('#moments > [data-kind="order-roll"]')
        sheet.wait_for(state="visible")
        if phone is both[0]:
            unfolds = sheet.locator(".row").evaluate_all(
                "rows => rows.map(r => r.getAnimations()[0].effect.getComputedTiming().delay)"
            )
            assert unfolds == sorted(unfolds, reverse=True)
            assert len(set(unfolds)) == 8
        phone.page.evaluate(TOLD)
        phone.page.evaluate(HELD)
        rows = sheet.locator(".row").evaluate_all(
            f"""rows => rows.map(row => [row.querySelector('b').textContent,
                 [...row.querySelectorAll('q')].map({FACE})])"""
        )
        boxes = [row.bounding_box() for row in sheet.locator(".row").all()]
        start_at = phone.page.locator(".foot .start").bounding_box()
        assert all(a["y"] + a["height"] <= b["y"] + 1 for a, b in pairwise(boxes))
        assert boxes[-1]["y"] + boxes[-1]["height"] <= start_at["y"] + 4
        told.append((rows, sheet.locator("h3 > b").inner_text()))
    assert told[0] == told[1]
    rows, first = told[0]
    assert first == rows[0][0]
    firsts = [int(numbers[0]) for _, numbers in rows]
    assert firsts == sorted(firsts, reverse=True)
    starter = both[0].state()["starter"]
    assert first == both[0].page.locator(f"#seat-{starter} > b").first.inner_text()


def test_the_light_stops_on_who_begins(phones: Callable[..., Phone], table_server: Any) -> None:
    """On every phone the same row stays lit, and it is the starter's."""
    code, people = sit_down(table_server.url, 5)
    phone = sits(phones, people[3], code)
    people[0].post(f"/games/{code}/random-start")
    phone.page.locator('#moments > [data-kind="random-start"]').wait_for(state="visible")
    phone.page.evaluate(TOLD)
    lit = phone.page.locator("#moments .row").evaluate_all(LIT)
    assert lit == [f"Player {phone.state()['starter']}"]


def test_five_quick_taps_are_one_change(rolling: tuple[str, list[Person], list[Phone]]) -> None:
    """The other phone shows "+5", the ledger tells it as one, and undo takes it as one."""
    _code, people, (ada, other) = rolling
    more = ada.page.get_by_role("button", name="One life more")
    for _ in range(5):
        more.click()
    for phone in (ada, other):
        phone.page.wait_for_selector(
            '#seat-1[data-life="45"] > ins:text-is("+5")', state="attached"
        )
    assert other.page.locator("#seat-1 > ins").is_visible()
    people[0].post(f"/games/{ada.state()['code']}/undo")
    for phone in (ada, other):
        phone.page.wait_for_selector('#seat-1[data-life="40"]', state="attached")


def test_a_shared_seat_is_counted_on_its_device(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """From its row to its sheet, poison to ten, and everybody reads why it is out."""
    code, people = sit_down(table_server.url, 3)
    people[2].post(f"/games/{code}/leave-seat")
    people[0].post(f"/games/{code}/start", empty_seats="share")
    host = sits(phones, people[0], code)
    guest = sits(phones, people[1], code)
    host.page.get_by_role("link", name="Seat 3: counters and damage").click()
    host.page.wait_for_selector('#counters[data-of="3"]:target')
    more = host.page.get_by_role("button", name="Poison: one more")
    for count in range(1, 10):
        more.click()
        host.page.wait_for_selector(f'#tally [data-row="poison"]:text-is("{count}")')
    assert host.page.locator('#tally > [data-of="3"] > [data-row="poison"]').is_visible()
    host.page.locator("#counters").get_by_role("button", name="One life less").click()
    host.page.wait_for_selector('#seat-3[data-life="39"]', state="attached")
    more.click()
    guest.page.wait_for_selector('#seat-3[data-out="yes"]', state="attached")
    said = guest.page.locator('#moments > [data-kind="out"]')
    assert said.inner_text() == "Player 3 is out: poisoned"
    host.page.get_by_role("link", name="Done").locator("visible=true").click()
    host.page.wait_for_selector('#counters[data-of="1"]', state="attached")


def test_the_hosts_panel_shows_what_the_seat_allows(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """Put out for who is in, revive for who is not, without the page being painted again."""
    code, people = start(table_server.url, 3)
    host = sits(phones, people[0], code)
    host.open(f"/games/{code}#host")
    panel = host.page.locator('details.seat[data-follows="2"]')
    panel.locator("summary").first.click()

    def shown() -> set[str]:
        return {text for text in panel.get_by_role("button").all_inner_texts() if text}

    before = shown()
    assert {"THEIR TURN", "PENALTY", "PUT OUT", "FREE", "MAKE HOST", "GIVE", "TAKE"} <= before
    assert not before & {"REVIVE", "REMOVE", "EARLIER", "EXTRA TURN", "DIES", "PLAY IT HERE"}
    people[1].post(f"/games/{code}/concede")
    host.page.wait_for_selector('#seat-2[data-out="yes"]', state="attached")
    after = shown()
    assert "REVIVE" in after
    assert not after & {"PUT OUT", "THEIR TURN"}
