"""Acting out of turn by tapping: every phone shows whose clock runs and who still has to answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Phone
from tests.conftest import Server
from tests.person import Person, start

#: What a phone shows of who acts: the places whose clocks run, and the pile, first to act first.
SHOWN = """() => ({
  running: [...document.querySelectorAll('.place')]
    .filter(place => place.querySelector('.clk.on')?.checkVisibility())
    .map(place => place.dataset.place).sort().join(' '),
  pile: [...document.querySelectorAll('#pile > li')]
    .map(row => `${row.dataset.of} ${row.dataset.kind}`),
})"""

#: The ring of an offer as it would be so many milliseconds after the tap.
AGE = """ms => document.getAnimations()
  .filter(one => one.animationName === 'lapse').forEach(one => (one.currentTime = ms))"""

Seat = Callable[..., tuple[str, list[Phone]]]


@pytest.fixture
def seat(phones: Callable[..., Phone], table_server: Server) -> Seat:
    """A running game: a phone for each seat, the first one the host's."""

    def seat(seats: int, *, scripts: bool = True, **settings: Any) -> tuple[str, list[Phone]]:
        code, people = start(table_server.url, seats, **settings)
        return code, [join(phones(scripts=scripts), code, person) for person in people]

    return seat


def join(phone: Phone, code: str, person: Person) -> Phone:
    """A phone with this person's cookie opens the game."""
    cookie = {"name": "tarp", "value": person.cookies["tarp"], "url": phone.url}
    phone.page.context.add_cookies([cookie])
    phone.open(f"/games/{code}")
    phone.wait_state(status="running")
    return phone


def tap(phone: Phone, control: str) -> None:
    """Press what is to be seen of such controls."""
    phone.page.locator(control).locator("visible=true").click()


def everybody_sees(everybody: list[Phone], running: str, pile: list[str]) -> None:
    """The same clocks run on every phone, and the same people are still to act, in order."""
    for phone in everybody:
        phone.wait_state(running_seats=running)
    version = max(int(phone.state()["version"]) for phone in everybody)
    for phone in everybody:
        phone.wait_state(version=str(version))
        assert phone.page.evaluate(SHOWN) == {"running": running, "pile": pile}


def test_an_interrupt_on_an_interrupt_while_three_respond(
    seat: Seat, phones: Callable[..., Phone]
) -> None:
    """Five phones and somebody watching agree at every step, down to the turn itself."""
    code, players = seat(5)
    ada, bruno, chloe, dmitri, eve = players
    watching = phones()
    watching.open(f"/games/{code}")
    everybody = [*players, watching]

    tap(ada, ".ask")
    for number in (2, 3, 4):
        ada.page.get_by_role("button", name=f"Ask seat {number}").click()
    for phone in everybody:
        phone.wait_state(targeting="selecting", targets="2 3 4", running_seats="1")
    tap(ada, ".ask-them")
    asked = ["2 to-answer", "3 to-answer", "4 to-answer"]
    everybody_sees(everybody, "2 3 4", [*asked, "1 turn"])

    tap(eve, ".interrupt")
    everybody_sees(everybody, "5", ["5 interrupt", *asked, "1 turn"])
    tap(ada, ".interrupt")
    everybody_sees(everybody, "1", ["1 interrupt", "5 interrupt", *asked, "1 turn"])
    for phone in everybody:
        still = phone.page.locator("#pile").aria_snapshot()
        assert still.count("To answer") == 3

    tap(ada, ".give-back")
    everybody_sees(everybody, "5", ["5 interrupt", *asked, "1 turn"])
    tap(eve, ".give-back")
    everybody_sees(everybody, "2 3 4", [*asked, "1 turn"])
    tap(chloe, ".answer")
    everybody_sees(everybody, "2 4", ["2 to-answer", "3 answered", "4 to-answer", "1 turn"])
    tap(bruno, ".answer")
    tap(dmitri, ".answer")
    everybody_sees(everybody, "1", [])
    assert ada.state()["turn"] == "1"
    tap(ada, ".pass")
    everybody_sees(everybody, "2", [])
    assert [phone.violations() for phone in everybody] == [[]] * 6


def test_a_thumb_that_bounces_after_a_pass_does_not_interrupt(seat: Seat) -> None:
    """INTERRUPT comes where a thumb may still be; for 500 ms it hears nothing, then it does."""
    _code, (ada, _bruno) = seat(2)
    ada.page.wait_for_timeout(600)
    passed = time.monotonic()
    tap(ada, ".pass")
    ada.page.wait_for_selector(".mine > .interrupt", state="visible")
    box = ada.page.locator(".mine > .interrupt").bounding_box()
    while time.monotonic() - passed < 0.5:
        ada.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        ada.page.wait_for_timeout(60)
    ada.page.wait_for_timeout(200)
    assert "stack" not in ada.state()
    tap(ada, ".interrupt")
    ada.wait_state(stack="1", running_seats="1")


def test_who_asked_may_stop_waiting(seat: Seat) -> None:
    """Whoever asked sees who is still thinking, and may go on without them."""
    _code, (ada, bruno, chloe) = seat(3)
    tap(ada, ".ask")
    ada.page.get_by_role("button", name="Ask seat 2").click()
    tap(ada, ".ask-nobody")
    for phone in (ada, bruno):
        phone.page.wait_for_selector("#state:not([data-targeting])", state="attached")
    assert not ada.page.locator(".asking").is_visible()
    tap(ada, ".ask")
    ada.page.get_by_role("button", name="Ask seat 2").click()
    ada.page.get_by_role("button", name="Ask seat 3").click()
    tap(ada, ".ask-them")
    tap(chloe, ".answer")
    everybody_sees([ada, bruno, chloe], "2", ["2 to-answer", "3 answered", "1 turn"])
    assert not bruno.page.locator(".stop-waiting").is_visible()
    tap(ada, ".stop-waiting")
    everybody_sees([ada, bruno, chloe], "1", [])


def test_the_host_answers_for_a_seat_that_sleeps(seat: Seat) -> None:
    """What lies on the turn can be taken off from the host's sheet."""
    code, (ada, bruno, _chloe) = seat(3)
    tap(bruno, ".interrupt")
    ada.wait_state(running_seats="2")
    ada.open(f"/games/{code}#host")
    ada.page.locator('#host details[data-follows="2"] > summary').click()
    ada.page.get_by_role("button", name="Gives back").locator("visible=true").click()
    everybody_sees([ada, bruno], "1", [])


def test_a_choice_survives_a_reload(seat: Seat) -> None:
    """After a reload the choice stands there again, with less time to choose in."""
    _code, (ada, bruno) = seat(2, starting_minutes=0, starting_seconds=1)
    ada.page.wait_for_selector(".mine > .decide", state="visible")
    assert ada.page.locator(".fate").inner_text() == "40 → 38"
    ada.page.wait_for_timeout(300)
    ada.page.reload()
    ada.page.wait_for_selector(".mine > .decide", state="visible")
    left_ms = int(ada.page.locator("#seat-1 .grace").get_attribute("data-grace-ms"))
    assert 20_000 < left_ms <= 29_700
    ada.page.get_by_role("button", name="Lose 2 life").click()
    for phone in (ada, bruno):
        phone.page.wait_for_selector('#seat-1[data-life="38"][data-pending="no"]', state="attached")
    assert ada.violations() == []


def test_an_undo_moves_the_turn_back_on_every_phone(seat: Seat) -> None:
    """Whoever passed by mistake takes it back; everybody is where they were."""
    _code, everybody = seat(3)
    ada, bruno, chloe = everybody
    tap(ada, ".pass")
    bruno.wait_state(turn="2", active_seat="2")
    tap(bruno, ".pass")
    everybody_sees(everybody, "3", [])
    slab = bruno.page.locator('.offer[data-by="2"]')
    assert slab.locator("b").inner_text() == "Passed".upper()
    assert not chloe.page.locator(".undoing").is_visible()
    covered = bruno.page.locator(".undoing").bounding_box()
    interrupt = bruno.page.locator(".mine > .interrupt").bounding_box()
    assert covered["y"] + covered["height"] <= interrupt["y"]
    bruno.page.get_by_role("button", name="Undo").locator("visible=true").click()
    everybody_sees(everybody, "2", [])
    assert {phone.state()["turn"] for phone in everybody} == {"2"}
    assert [phone.violations() for phone in everybody] == [[], [], []]


def test_what_can_no_longer_be_taken_back_is_not_offered(seat: Seat) -> None:
    """The slab goes with its ring, or as soon as somebody moves on."""
    _code, (ada, bruno, chloe) = seat(3)
    tap(ada, ".pass")
    bruno.wait_state(turn="2")
    tap(bruno, ".pass")
    bruno.page.wait_for_selector('.offer[data-by="2"]', state="visible")
    tap(chloe, ".pass")
    bruno.page.wait_for_selector('.offer[data-by="2"]', state="detached")
    chloe.page.wait_for_selector('.offer[data-by="3"]', state="visible")
    chloe.page.evaluate(AGE, 14_700)
    assert chloe.page.locator('.offer[data-by="3"]').is_visible()
    chloe.page.wait_for_selector('.offer[data-by="3"]', state="detached")
    assert not chloe.page.locator(".undoing").is_visible()


def test_a_ring_shows_how_old_the_tap_is(seat: Seat) -> None:
    """A page that was loaded later does not begin the fifteen seconds anew."""
    _code, (_ada, bruno) = seat(2)
    tap(bruno, ".interrupt")
    bruno.page.wait_for_selector('.offer[data-by="2"]', state="visible")
    bruno.page.wait_for_timeout(1200)
    bruno.page.reload()
    bruno.page.wait_for_selector('.offer[data-by="2"]', state="visible")
    aged_ms = bruno.page.evaluate(
        "() => document.getAnimations().find(one => one.animationName === 'lapse').currentTime"
        " - document.getAnimations().find(one => one.animationName === 'lapse').effect"
        ".getComputedTiming().delay"
    )
    assert 1200 <= aged_ms < 8000


def test_the_host_sees_what_would_be_taken_back(seat: Seat) -> None:
    """However old it is: the host asks first, is told what it is, and may take it back."""
    _code, (ada, bruno) = seat(2)
    tap(ada, ".pass")
    bruno.wait_state(turn="2")
    tap(bruno, ".pass")
    ada.wait_state(turn="3")
    assert not ada.page.locator(".undoing").is_visible()
    ada.page.get_by_role("link", name="Take something back").click()
    slab = ada.page.locator('.offer[data-by="host"]')
    assert slab.locator("b").inner_text() == "Player 2: passed".upper()
    ada.page.get_by_role("button", name="Undo").locator("visible=true").click()
    for phone in (ada, bruno):
        phone.wait_state(turn="2", active_seat="2")


def test_a_number_is_taken_back_from_the_bar(seat: Seat) -> None:
    """A change of life moves nothing on the screen; its undo stands in the bar, with its ring."""
    _code, (ada, bruno) = seat(2)
    interrupt = bruno.page.locator(".mine > .interrupt")
    before = interrupt.bounding_box()
    bruno.page.get_by_role("button", name="One life less").click()
    ada.page.wait_for_selector('#seat-2[data-life="39"]', state="attached")
    bruno.page.wait_for_selector('.offer[data-by="2"]', state="visible")
    assert interrupt.bounding_box() == before
    undo = bruno.page.get_by_role("button", name="Undo").locator("visible=true")
    assert undo.bounding_box()["y"] < 48
    undo.click()
    for phone in (ada, bruno):
        phone.page.wait_for_selector('#seat-2[data-life="40"]', state="attached")


def test_the_move_that_ended_the_game_is_taken_back(seat: Seat) -> None:
    """Over the result, too, whoever went out by mistake finds the slab."""
    code, (ada, bruno) = seat(2)
    bruno.open(f"/games/{code}#you")
    bruno.page.get_by_text("Concede", exact=True).click()
    bruno.page.get_by_role("button", name="Yes, concede").click()
    for phone in (ada, bruno):
        phone.wait_state(status="finished", winner="1")
    bruno.page.get_by_role("button", name="Undo").locator("visible=true").click()
    for phone in (ada, bruno):
        phone.page.wait_for_selector('#seat-2[data-out="no"]', state="attached")
        phone.wait_state(status="running")


def test_rare_turns_have_a_home(seat: Seat) -> None:
    """Announce the end, take another turn, hand the turn to somebody: from the menu."""
    code, (ada, bruno, chloe) = seat(3)
    for phone in (ada, bruno):
        phone.open(f"/games/{code}#you")
    assert not bruno.page.locator(".my-turn").is_visible()
    ada.page.get_by_role("button", name="Ending my turn").click()
    for phone in (ada, bruno, chloe):
        phone.wait_state(ending="yes")
    ada.page.get_by_role("button", name="Extra turn").locator("visible=true").click()
    ada.wait_state(turn="2", active_seat="1")
    ada.page.get_by_text("Give the turn to").click()
    ada.page.get_by_role("button", name="The turn to Player 3").click()
    chloe.wait_state(turn="3", active_seat="3")


def test_seats_on_one_device_answer_side_by_side(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """Each band of the table device is a button of its own, and its rows interrupt."""
    code, people = start(table_server.url, 4)
    for number in (2, 3, 4):
        people[number - 1].post(f"/games/{code}/leave-seat")
        people[0].post(f"/games/{code}/share-seat", seat=number)
    device = join(phones(), code, people[0])
    tap(device, ".ask")
    for number in (2, 3):
        device.page.get_by_role("button", name=f"Ask seat {number}").click()
    tap(device, ".ask-them")
    everybody_sees([device], "2 3", ["2 to-answer", "3 to-answer", "1 turn"])
    device.page.get_by_role("button", name="Seat 4: interrupt").click()
    device.wait_state(stack="4", running_seats="4")
    tap(device, ".give-back")
    device.wait_state(running_seats="2 3")
    device.page.locator("[data-place='2'] > .answer").click()
    everybody_sees([device], "3", ["2 answered", "3 to-answer", "1 turn"])
    device.page.locator("[data-place='3'] > .answer").click()
    everybody_sees([device], "1", [])
    tap(device, ".pass")
    device.wait_state(turn="2", active_seat="2")
    tap(device, ".ask")
    device.page.get_by_role("button", name="Ask seat 1").click()
    device.wait_state(targeting="selecting", targets="1")
    assert device.violations() == []


def test_all_of_it_without_scripts(seat: Seat) -> None:
    """Plain forms do the same: ask, answer, interrupt, give back, take back."""
    _code, (ada, bruno, chloe) = seat(3, scripts=False)
    tap(ada, ".ask")
    ada.page.get_by_role("button", name="Ask seat 2").click()
    ada.wait_state(targeting="selecting", targets="2")
    tap(ada, ".ask-them")
    ada.wait_state(running_seats="2")
    chloe.page.reload()
    tap(chloe, ".interrupt")
    chloe.wait_state(running_seats="3")
    tap(chloe, ".give-back")
    chloe.wait_state(running_seats="2")
    bruno.page.reload()
    tap(bruno, ".answer")
    everybody_sees([bruno], "1", [])
    ada.page.reload()
    tap(ada, ".pass")
    ada.wait_state(turn="2")
    ada.page.get_by_role("button", name="Undo").locator("visible=true").click()
    ada.wait_state(turn="1", active_seat="1")
