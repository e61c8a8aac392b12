"""A whole game on four phones, from create to winner, by tapping."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.conftest import Phone, sit_four
from tests.person import Person


def everybody_sees(everybody: list[Phone], **wanted: str) -> None:
    """All phones show the same table, in every attribute of the state and of each seat."""
    for phone in everybody:
        phone.wait_state(**wanted)
    version = max(int(phone.state()["version"]) for phone in everybody)
    for phone in everybody:
        phone.wait_state(version=str(version))
    first = everybody[0]
    for phone in everybody[1:]:
        assert first.state() == phone.state()
        for number in range(1, 5):
            assert first.seat(number) == phone.seat(number)


def test_four_phones_from_create_to_winner(phones: Callable[..., Phone]) -> None:
    """The evening itself: sit, start, pass, lose life, pause, go on, concede, win, again."""
    code, everybody = sit_four(phones)
    ada, bruno, chloe, dmitri = everybody
    everybody_sees(everybody, status="waiting")

    ada.page.locator(".start").click()
    everybody_sees(everybody, status="running", turn="1", active_seat="1")
    for turn, phone in enumerate((ada, bruno, chloe, dmitri, ada), 2):
        phone.page.locator("button.pass").locator("visible=true").click()
        everybody_sees(everybody, turn=str(turn))

    bruno.page.get_by_role("button", name="One life less").click()
    for phone in everybody:
        phone.page.wait_for_selector('#seat-2[data-life="39"]', state="attached")

    chloe.page.get_by_role("link", name="Pause").click()
    chloe.page.get_by_role("button", name="Rules question").click()
    everybody_sees(everybody, status="paused", pause_reason="rules")
    chloe.page.goto(f"{chloe.url}/games/{code}")
    dmitri.page.get_by_role("button", name="Resume").click()
    everybody_sees(everybody, status="running", turn="6")

    for phone in (ada, bruno, chloe):
        phone.open(f"/games/{code}#you")
        phone.page.reload()  # painted in the lobby, where there is nothing to concede
        phone.page.get_by_text("Concede", exact=True).click()
        phone.page.get_by_role("button", name="Yes, concede").click()
        phone.page.wait_for_selector('.place.mine [data-out="yes"]', state="attached")
    everybody_sees(everybody, status="finished", winner="4")
    for phone in everybody:
        assert phone.violations() == []

    dmitri.page.get_by_role("link", name="Again").click()
    dmitri.page.get_by_role("button", name="Back to the lobby").click()
    everybody_sees(everybody, status="waiting")
    result = Person(ada.url).get(f"/games/{code}/result/1")
    assert result.status == 200


def test_a_whole_game_without_javascript(phones: Callable[..., Phone]) -> None:
    """Plain forms are enough: every tap is a form, every answer a page."""
    code, everybody = sit_four(phones, scripts=False)
    ada, bruno, *_ = everybody

    def says(phone: Phone, name: str) -> str | None:
        value: str | None = phone.page.locator("#state").get_attribute(f"data-{name}")
        return value

    ada.page.reload()
    ada.page.locator(".start").click()
    assert says(ada, "status") == "running"
    ada.page.locator("button.pass").locator("visible=true").click()
    assert says(ada, "active-seat") == "2"
    bruno.page.reload()
    bruno.page.locator("button.pass").locator("visible=true").click()
    assert says(bruno, "turn") == "3"
    for phone in everybody[1:]:
        phone.open(f"/games/{code}#you")
        phone.page.get_by_text("Concede", exact=True).click()
        phone.page.get_by_role("button", name="Yes, concede").click()
    ada.page.reload()
    assert says(ada, "status") == "finished"
    assert says(ada, "winner") == "1"
