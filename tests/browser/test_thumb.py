"""What one thumb does: sit down in two taps, count by ten, from either side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import scenes
from tests.browser.conftest import Phone
from tests.person import Person, start

pytestmark = pytest.mark.browser


@pytest.fixture
def seated(phones: Callable[..., Phone], table_server: Any) -> tuple[str, Phone]:
    """A running game of four; the phone in hand is seat 1."""
    code, people = start(table_server.url)
    phone = phones()
    sits(phone, people[0])
    phone.open(f"/games/{code}")
    phone.page.wait_for_function("() => window.htmx")
    return code, phone


def sits(phone: Phone, person: Person) -> None:
    """The phone is this person's."""
    phone.page.context.add_cookies(
        [{"name": n, "value": v, "url": phone.url} for n, v in person.cookies.items()]
    )


def hold(phone: Phone, label: str, ms: int) -> None:
    """Thumb down on a button for so long."""
    box = phone.page.get_by_role("button", name=label, exact=True).bounding_box()
    phone.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.page.mouse.down()
    phone.page.wait_for_timeout(ms)
    phone.page.mouse.up()


def test_from_the_picture_to_a_seat_in_two_taps(
    phones: Callable[..., Phone], table_server: Any
) -> None:
    """The camera's tap opens the link, the second sits down, under the name this phone prefers."""
    host = Person(table_server.url)
    code = host.post("/games").headers["location"].rsplit("/", 1)[1]
    phone = phones()
    phone.open("/preferences")
    phone.page.get_by_label("Name").fill("Zoë")
    phone.page.locator('[name="color"][value="violet"]').check(force=True)
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="Save").tap()
    taps = 1
    phone.open(f"/games/{code}")  # what the QR code says
    phone.page.get_by_role("button", name="Sit here, seat 2").tap()
    taps += 1
    phone.page.wait_for_selector('body[data-me="2"]')
    assert taps == 2
    assert phone.page.locator("#seat-2 > b:first-child").inner_text() == "Zoë"
    assert phone.seat(2)["color"] == "violet"
    phone.open("/")
    assert phone.page.locator(f'a[href="/games/{code}"]').count() == 1  # my games


def test_a_long_press_counts_ten(seated: tuple[str, Phone]) -> None:
    """A swing of twenty is one press; lifting the thumb is not one more, a tap still is one."""
    _code, phone = seated
    hold(phone, "One life less", 800)
    phone.page.wait_for_selector('#seat-1[data-life="30"]', state="attached")
    phone.page.locator("#seat-1 > ins", has_text="10").wait_for()
    hold(phone, "One life more", 60)
    phone.page.wait_for_selector('#seat-1[data-life="31"]', state="attached")
    phone.page.locator("#seat-1 > ins", has_text="9").wait_for()  # the running total: -10 + 1
    phone.page.wait_for_timeout(300)
    assert phone.seat(1)["life"] == "31"


def test_a_left_hand_has_its_side(seated: tuple[str, Phone]) -> None:
    """The strip is mirrored, and the life stays between its two buttons."""
    code, phone = seated
    more = phone.page.locator(".strip > a")
    assert more.bounding_box()["x"] > 195
    phone.open("/preferences")
    phone.page.locator('[name="hand"][value="left"]').check(force=True)
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="Save").tap()
    phone.open(f"/games/{code}")
    box = more.bounding_box()
    assert (box["x"], box["width"]) == (0, 72)
    less, life, up = (
        phone.page.locator(one).bounding_box()
        for one in ('.strip > [value="-1"]', "#seat-1 > u", '.strip > [value="1"]')
    )
    assert less["x"] + less["width"] <= life["x"] + 1
    assert life["x"] + life["width"] <= up["x"] + 1
    assert phone.page.locator(".mine > .ask").bounding_box()["x"] > 195


@pytest.fixture
def shared(phones: Callable[..., Phone], table_server: Any) -> tuple[str, Phone]:
    """Four seats with long names, all of them played on one phone."""
    scene = scenes.shared(table_server.url, 4)
    code = scene.path.partition("?")[0].rsplit("/", 1)[1]
    phone = phones()
    sits(phone, scene.person)
    phone.open(f"/games/{code}")
    return code, phone


def test_a_left_hand_has_its_side_for_shared_seats(shared: tuple[str, Phone]) -> None:
    """What a seat needs that is played on this device is mirrored like one's own."""
    code, phone = shared
    phone.open("/preferences")
    phone.page.locator('[name="hand"][value="left"]').check(force=True)
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="Save").tap()
    phone.open(f"/games/{code}")
    (active,) = [n for n in range(1, 5) if phone.seat(n)["order"] == "1"]
    place = f'[data-place="{active}"]'
    more, less, life, up, ask = (
        phone.page.locator(f"{place} {one}").bounding_box()
        for one in (
            *("> .counts-of", '> .life-of > button[value="-1"]', "> [data-seat] > u"),
            *('> .life-of > button[value="1"]', "> .ask"),
        )
    )
    assert (more["x"], more["width"]) == (0, 72)
    assert more["x"] + more["width"] <= less["x"] + 1
    assert less["x"] + less["width"] <= life["x"] + life["width"] / 2 <= up["x"]
    assert up["x"] + up["width"] <= 391
    assert ask["x"] > 195


def test_a_shared_row_has_room_for_its_name(shared: tuple[str, Phone]) -> None:
    """Beside life and clock more than two letters of a name are read."""
    _code, phone = shared
    for seat in (2, 3):  # the longest ones
        assert phone.page.locator(f"#seat-{seat} > b:first-child").bounding_box()["width"] > 90
