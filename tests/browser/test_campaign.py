"""A short campaign on two phones, from the create form to the champion, by tapping."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.conftest import Phone


def end_round(phone: Phone, code: str) -> None:
    """Give up by tapping: with two at the table that ends the round."""
    phone.open(f"/games/{code}")
    phone.open(f"/games/{code}#you")
    phone.page.get_by_text("Concede", exact=True).click()
    phone.page.get_by_role("button", name="Yes, concede").click()
    phone.wait_state(status="finished")


def test_three_raids_to_the_champion(phones: Callable[..., Phone]) -> None:
    """Create, chapter, points, next round by either phone, the champion on both."""
    ada, ben = phones(), phones()
    ada.open("/games/new")
    page = ada.page
    page.locator("label", has_text="A campaign").click()
    assert not page.locator("[name=starting_minutes]").is_visible()
    page.locator(".campaigns label", has_text="Wastelands").click()
    page.locator(".choose label", has_text="2").first.click()
    page.locator(".end button").click()
    page.wait_for_selector("#state[data-campaign='wastelands']", state="attached")
    code = ada.state()["code"]
    for number, phone in enumerate((ada, ben), 1):
        phone.open(f"/games/{code}")
        phone.page.get_by_role("button", name=f"Sit here, seat {number}").click()
        phone.page.wait_for_selector(f'body[data-me="{number}"]')
    for number in (1, 2, 3):
        ada.wait_state(status="waiting", round=str(number))
        assert page.locator("#chapter").is_visible()
        assert f"Round {number} of 3" in page.locator("#chapter h2").inner_text().capitalize()
        page.locator(".start").click()
        ben.wait_state(status="running")
        if number == 1:
            ben.page.get_by_role("button", name="One life less").click()
            page.wait_for_selector('#seat-1[data-points="1"]', state="attached")
        end_round((ada, ben)[number % 2], code)
        if number < 3:
            ben.wait_state(status="finished")
            ben.page.get_by_role("button", name="Next round").click()
    for phone in (ada, ben):
        phone.wait_state(status="finished", champions="1")
        assert phone.page.locator("#notice[data-champion]").is_visible()
        assert not phone.page.get_by_role("button", name="Next round").is_visible()
        assert phone.violations() == []
