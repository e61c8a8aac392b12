"""Making a game on a phone: a preset in one tap, only the fields of what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.game.presets import CLOCKS
from tests.browser.conftest import Phone

#: Fields that belong to some of the controls only.
FIELDS_OF = {
    "starting_minutes": {"bonus", "fischer", "delay", "bronstein", "hourglass", "byo-yomi"},
    "bonus_seconds": {"bonus"},
    "increment_seconds": {"fischer"},
    "delay_seconds": {"delay", "bronstein"},
    "delay_rearms": {"delay"},
    "periods": {"byo-yomi"},
    "period_seconds": {"byo-yomi"},
    "allowance_seconds": {"per-turn"},
}


def shown(page: Any) -> set[str]:
    """Which of those fields somebody sees."""
    return {
        name
        for name in FIELDS_OF
        if page.locator(f'.settings [name="{name}"]:not([type="hidden"])').is_visible()
    }


def pressed(page: Any) -> list[str]:
    """The names of the highlighted clocks."""
    found: list[str] = page.eval_on_selector_all(
        '[name="clock"][aria-pressed="true"]', "all => all.map(one => one.value)"
    )
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_each_preset_shows_its_own_fields_only(phones: Callable[..., Phone], scripts: bool) -> None:
    """By scripts in place, without them by asking again; what was typed stays."""
    phone = phones(scripts=scripts)
    phone.open("/games/new")
    phone.page.fill('[name="name"]', "Friday pod")
    for preset in CLOCKS:
        phone.page.get_by_role("button", name=preset.title, exact=True).click()
        phone.page.wait_for_selector(f'[name="clock"][value="{preset.key}"][aria-pressed="true"]')
        control = preset.fields["time_control"]
        assert shown(phone.page) == {n for n, of in FIELDS_OF.items() if control in of}
        assert pressed(phone.page) == [preset.key]
        assert phone.page.input_value('[name="name"]') == "Friday pod"
    phone.page.get_by_role("button", name="Create").click()
    phone.page.wait_for_selector("#state", state="attached")
    assert "Clocks count up" in phone.page.content()


def test_the_highlight_follows_the_fields(phones: Callable[..., Phone]) -> None:
    """20:00 with 45 s is nobody's Commander clock; typed back it is again."""
    phone = phones()
    phone.open("/games/new")
    assert pressed(phone.page) == ["commander"]
    phone.page.fill('[name="bonus_seconds"]', "45")
    assert pressed(phone.page) == []
    phone.page.fill('[name="bonus_seconds"]', "30")
    assert pressed(phone.page) == ["commander"]
    phone.page.locator('[name="time_control"][value="fischer"]').check()
    assert pressed(phone.page) == []


def test_a_complaint_about_a_hidden_field_is_seen(phones: Callable[..., Phone]) -> None:
    """Nonsense typed into a clock that was then not chosen shows itself, and can be mended."""
    phone = phones(scripts=False)
    phone.open("/games/new?clock=delay")
    phone.page.fill('[name="delay_seconds"]', "soon")
    phone.page.locator('[name="time_control"][value="bonus"]').check()
    assert not phone.page.locator('[name="delay_seconds"]').is_visible()
    phone.page.get_by_role("button", name="Create").click()
    phone.page.wait_for_selector(".wrong")
    assert phone.page.locator('[name="delay_seconds"]').is_visible()
    assert phone.page.get_by_text("A whole number from 0 to 3600, please.").is_visible()
    phone.complaints.clear()  # the browser tells of the 422 itself
    phone.page.fill('[name="delay_seconds"]', "10")
    phone.page.get_by_role("button", name="Create").click()
    phone.page.wait_for_selector("#state", state="attached")


def test_enter_creates_the_game(phones: Callable[..., Phone]) -> None:
    """And does not press a preset, which would throw away the clock that was typed."""
    phone = phones()
    phone.open("/games/new?clock=hourglass")
    phone.page.fill('[name="name"]', "Friday pod")
    phone.page.press('[name="name"]', "Enter")
    phone.page.wait_for_selector("#state", state="attached")
    assert "Hourglass of 1:00 each" in phone.page.content()
