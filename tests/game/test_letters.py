"""Names among other words: each keeps to itself, and none is cut through a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.game.letters import clusters, isolated
from app.game.view import moment_views, notice_view, offer_views
from tests.game.cast import ADA, BEN, T0, lobby, running

HEBREW = "אילה 2"
ALONE = f"\u2068{HEBREW}\u2069"


@pytest.mark.parametrize("name", ["Ada", "Zoë 2", "王小明", "🐙 1️⃣", "<b>&", "", "שָׁ"[1:]])
def test_most_names_stand_as_they_are(name: str) -> None:
    """Nothing is added to a text for those who need nothing."""
    assert name == isolated(name)


@pytest.mark.parametrize("name", [HEBREW, "محمد", "A ב", "٣"])
def test_a_name_from_right_to_left_stands_alone(name: str) -> None:
    """The number after it would else be drawn before it."""
    assert f"\u2068{name}\u2069" == isolated(name)


def test_sentences_keep_names_apart() -> None:
    """Wherever a figure or another name follows."""
    table = running(2)
    table.play("rename-seat", ADA, name=HEBREW)
    table.play("roll-dice", ADA, sides=20)
    table.play("pass-turn", ADA)
    table.play("pause", BEN)
    at = T0 + table.now
    rolled, *_ = [m.words for m in moment_views(table.game, at) if m.kind == "dice"]
    assert rolled.startswith(f"{ALONE} rolled ")
    assert "Ben stopped the clocks" == notice_view(table.game, at).sentence
    table.play("resume", BEN)
    table.play("pause", ADA)
    assert f"{ALONE} stopped the clocks" == notice_view(table.game, at).sentence
    table.play("transfer-host", ADA, seat=2)
    offers = [offer.words for offer in offer_views(table.game, at)]
    assert f"{ALONE}: passed" in offers


def test_rolls_for_the_order_keep_names_apart() -> None:
    """Each name is followed by what it rolled."""
    table = lobby(2)
    table.play("rename-seat", ADA, name=HEBREW)
    table.play("roll-order", ADA, order="all")
    (words,) = [m.words for m in moment_views(table.game, T0 + table.now) if m.kind == "order-roll"]
    assert 2 <= words.count(ALONE) + words.count("Ben begins")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("", []),
        ("Ada", ["A", "d", "a"]),
        ("e\u0301e", ["e\u0301", "e"]),
        ("👩‍👩‍👧‍👦🐙", ["👩‍👩‍👧‍👦", "🐙"]),
        ("🧙🏽‍♀️!", ["🧙🏽‍♀️", "!"]),
        ("❤️‍🔥❤️", ["❤️‍🔥", "❤️"]),
        ("🇺🇦🇵🇱", ["🇺🇦", "🇵🇱"]),
        ("1️⃣2", ["1️⃣", "2"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴"]),
        ("क्\u200dष", ["क्\u200d", "ष"]),
        ("\u0301a", ["\u0301", "a"]),
    ],
)
def test_what_is_seen_as_one_letter(text: str, letters: list[str]) -> None:
    """Half a family is another family, half a flag another flag."""
    assert letters == clusters(text)


@given(st.text())
def test_nothing_is_lost_among_the_letters(text: str) -> None:
    """Whatever it is made of."""
    assert text == "".join(clusters(text))
