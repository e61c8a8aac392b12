"""The form for a new game: presets in one tap, details behind them, complaints in sight."""

from __future__ import annotations

from typing import Any

import pytest

from app.game.presets import CLOCKS, ROUNDS, Preset
from app.game.time_control import CONTROLS
from tests.conftest import Server
from tests.person import Person
from tests.web.page import Element, Page, broken_rules, open_page


def new_page(server: Server, query: str = "") -> Page:
    """The form at this address; a page that keeps the rules of the house."""
    answer = Person(server.url).get(f"/games/new{query}")
    assert answer.status == 200
    page = Page(answer.text)
    assert broken_rules(page, server.url) == []
    return page


def typed(page: Page) -> dict[str, Any]:
    """What a browser would send of the form without touching it: of two values the last."""
    sent: dict[str, Any] = {}
    for one in page.by_id("form-create").all():
        name = one.get("name")
        if one.tag != "input" or name is None:
            continue
        if one.get("type") not in ("radio", "checkbox") or "checked" in one.attributes:
            sent[name] = one.get("value") or ""
    return sent


def pressed(page: Page, name: str) -> list[str]:
    """Which presets of a kind are highlighted."""
    buttons = [one for one in page.all("button") if one.get("name") == name]
    return [one.get("value") or "" for one in buttons if one.get("aria-pressed") == "true"]


def folded(page: Page, name: str) -> bool:
    """Whether the field stands in something that is folded away."""
    (field, *_) = [one for one in page.all("input") if one.get("name") == name]
    above: Element | None = field
    while above is not None and above.tag != "details":
        above = above.parent
    return above is not None and "open" not in above.attributes


@pytest.mark.parametrize("preset", CLOCKS, ids=lambda preset: preset.key)
def test_a_link_fills_the_form_with_a_clock(server: Server, preset: Preset) -> None:
    """A pod that always plays the same keeps its link; what it asks for is what is created."""
    page = new_page(server, f"?clock={preset.key}")
    assert pressed(page, "clock") == [preset.key]
    assert preset.fits(typed(page))
    person = Person(server.url)
    assert person.post("/games", **typed(page)).status == 303


@pytest.mark.parametrize("preset", ROUNDS, ids=lambda preset: preset.key)
def test_a_link_fills_the_form_with_a_round(server: Server, preset: Preset) -> None:
    """Beside a clock, and unfolded when there is one."""
    page = new_page(server, f"?clock=fischer&round={preset.key}")
    assert (pressed(page, "clock"), pressed(page, "round")) == (["fischer"], [preset.key])
    assert preset.fits(typed(page))
    assert folded(page, "round_minutes") == (preset.key == "none")


def test_the_form_begins_with_commander_and_no_round(server: Server) -> None:
    """Whoever taps Create at once plays what most play."""
    page = new_page(server)
    assert (pressed(page, "clock"), pressed(page, "round")) == (["commander"], ["none"])
    for number, preset in enumerate(CLOCKS):
        button = [one for one in page.all("button") if one.get("name") == "clock"][number]
        assert preset.title == " ".join(button.text().split())


def test_a_preset_keeps_what_was_typed(server: Server) -> None:
    """Without scripts its button asks for the form again, with everything in it."""
    page = new_page(server, "?name=Friday+pod&players=6&listed=no&listed=yes&clock=delay")
    sent = typed(page)
    assert (sent["name"], sent["players"], sent["listed"]) == ("Friday pod", "6", "yes")
    assert sent["time_control"] == "delay"


@pytest.mark.parametrize(
    "query",
    ["?clock=egg-timer", "?clock=", "?round=%00", "?surprise=1", "?clock=a&clock=b"],
)
def test_a_link_nobody_knows_is_the_plain_form(server: Server, query: str) -> None:
    """An old link, or a mistyped one, still opens a form that works."""
    assert typed(new_page(server, query)) == typed(new_page(server))


def test_a_link_is_text_and_nothing_else(server: Server) -> None:
    """What stands in an address is painted as text."""
    page = new_page(server, "?name=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert typed(page)["name"] == '"><script>alert(1)</script>'
    assert not [one for one in page.all("script") if one.words.strip()]


def test_enter_creates(server: Server) -> None:
    """The first button of a form is pressed by the Enter key: it must not be a preset."""
    form = new_page(server).by_id("form-create")
    first = next(one for one in form.all() if one.tag == "button")
    assert first.get("formaction") is None
    assert first.text() == "Create"


def test_every_control_can_be_chosen_and_has_its_words(server: Server) -> None:
    """Eight names, each with a sentence, and its fields marked as its own."""
    page = new_page(server)
    parts = [one for one in page.all() if one.get("data-part") is not None]
    for control in CONTROLS:
        own = [one for one in parts if control in (one.get("data-part") or "").split()]
        assert any(one.tag == "p" and one.text().endswith(".") for one in own)
    named = {word for one in parts for word in (one.get("data-part") or "").split()}
    chosen = [one.get("value") for one in page.all("input") if one.get("name") == "time_control"]
    assert named == set(chosen) == set(CONTROLS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("delay_seconds", "soon"),
        ("periods", "0"),
        ("allowance_seconds", ""),
        ("timeout_grace_seconds", "4"),
        ("auto_pause_seconds", "1"),
        ("round_minutes", "x"),
        ("round_extra", "61"),
    ],
)
def test_a_complaint_is_never_folded_away(server: Server, field: str, value: str) -> None:
    """A form refused for something nobody can see could never be sent."""
    answer = Person(server.url).post("/games", hx=False, **{field: value})
    assert answer.status == 422
    page = Page(answer.text)
    assert not folded(page, field)
    (wrong,) = [one for one in page.all("p") if "wrong" in (one.get("class") or "")]
    assert [one.get("name") for one in wrong.all() if one.tag == "input"] == [field]


def test_too_much_sand_is_complained_about_beside_the_starting_time(server: Server) -> None:
    """Eight hourglasses of four hours would not fit into one bank."""
    answer = Person(server.url).post(
        "/games", players=8, time_control="hourglass", starting_minutes=240
    )
    assert answer.status == 422
    assert "An hourglass for 8 has at most 24 hours of sand in all, 3:00:00 each." in answer.text
    assert 'id="form-create-starting_minutes-no"' in answer.text


def test_what_came_back_is_known_as_its_preset(server: Server) -> None:
    """The highlight follows what stands in the fields."""
    fischer = next(preset for preset in CLOCKS if preset.key == "fischer")
    answer = Person(server.url).post("/games", name="x" * 51, **dict[str, Any](fischer.fields))
    assert pressed(Page(answer.text), "clock") == ["fischer"]


def test_what_was_played_last_is_offered_again(server: Server) -> None:
    """A pod that plays the same each week taps Create; what is new each time is asked anew."""
    person = Person(server.url)
    wanted: dict[str, Any] = {"players": "6", "time_control": "fischer"}
    person.post("/games", **wanted, increment_seconds="7", name="Friday", listed="yes")
    _, page = open_page(person, "/games/new")
    form = typed(page)
    assert wanted.items() <= form.items()
    assert ("7", "", "no") == (form["increment_seconds"], form["name"], form["listed"])
    assert "As you played last" in page.by_id("form-create").text()
    assert person.post("/games", **form).status == 303
    assert wanted.items() <= typed(open_page(person, "/games/new")[1]).items()
    asked = typed(open_page(person, "/games/new?clock=delay&players=3")[1])
    assert ("3", "delay") == (asked["players"], asked["time_control"])


def test_back_to_the_untouched_form(server: Server) -> None:
    """One tap leads back; what is created from there is what is offered next."""
    person = Person(server.url)
    untouched = typed(open_page(person, "/games/new")[1])
    person.post("/games", players="8", mode="campaign", campaign="blitz")
    _, page = open_page(person, "/games/new")
    assert ("8", "campaign", "blitz") == tuple(
        typed(page)[n] for n in ("players", "mode", "campaign")
    )
    (back,) = [one.get("href") for one in page.all("a") if "untouched" in (one.get("href") or "")]
    _, page = open_page(person, back or "")
    assert typed(page) == untouched
    assert "As you played last" not in page.by_id("form-create").text()
    person.post("/games", **untouched)
    assert (
        "As you played last" not in open_page(person, "/games/new")[1].by_id("form-create").text()
    )


def test_a_refused_game_is_not_remembered(server: Server) -> None:
    """Only what was created is offered again."""
    person = Person(server.url)
    assert person.post("/games", players="99").status == 422
    assert "last-game" not in person.cookies


@pytest.mark.parametrize(
    "kept", ["nonsense", "[]", "5", "null", '{"players":"99"}', '{"players":{}}', "[" * 4000]
)
def test_a_broken_memory_is_none(server: Server, kept: str) -> None:
    """Cookies come from outside: what makes no game is not offered."""
    person = Person(server.url, {"last-game": kept})
    assert "4" == typed(open_page(person, "/games/new")[1])["players"]


def test_forgetting_forgets_the_last_game(server: Server) -> None:
    """As every cookie of this device."""
    person = Person(server.url)
    person.post("/games", players="6")
    person.post("/forget-me", confirm="yes")
    assert person.cookies["last-game"] == ""
