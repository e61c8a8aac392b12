"""Game codes: dealt so that nobody mishears them, read however somebody types them."""

import re
from unicodedata import category

import pytest

from app.game.game import CODE_LETTERS
from app.game.refusals import Kind, Refusal
from app.table import codes, play
from tests.table.evening import Evening


def test_codes_have_six_letters_that_make_no_words() -> None:
    """A code is said aloud across a noisy room: no vowels, and nothing like 0/O or 1/I."""
    dealt = [codes.deal_code() for _ in range(2000)]
    assert all(re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ23456789]{6}", code) for code in dealt)
    assert all(codes.is_code(code) for code in dealt)
    assert set(CODE_LETTERS) == set("".join(dealt))
    assert 2000 == len(set(dealt))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("k7qf2m", "K7QF2M"),
        ("  K7QF2M\n", "K7QF2M"),
        ("k7q f2m", "K7QF2M"),
        ("K7Q-F2M", "K7QF2M"),
        ("\u00a0k7qf2m\u2003", "K7QF2M"),
        ("", ""),
    ],
)
def test_typed_codes_are_forgiven(typed: str, code: str) -> None:
    """Phones put spaces around and small letters in what people type."""
    assert code == codes.normal_code(typed)


@pytest.mark.parametrize(
    "text", ["", "K7QF2", "K7QF2MM", "K7QF2A", "k7qf2m", "K7QF2\u0131", "ÄÖÜBCD"]
)
def test_what_cannot_be_a_code_is_known_without_asking(text: str) -> None:
    """Addresses are guessed all day; those that cannot be must not cost a query."""
    assert not codes.is_code(text)


def test_a_code_that_cannot_be_is_not_looked_up(evening: Evening) -> None:
    """Not found, even while the storage is away."""
    evening.close()
    with pytest.raises(Refusal) as refused:
        evening.table.look("../../etc")
    assert Kind.NOT_FOUND is refused.value.kind


def test_a_taken_code_is_dealt_again(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tables under one code would be one table."""
    taken = evening.create()
    dealt = iter([taken, taken, "ZZZZZZ"])
    monkeypatch.setattr(play, "deal_code", lambda: next(dealt))
    assert "ZZZZZZ" == evening.create()
    assert [] == list(dealt)


def test_when_no_code_is_free_the_answer_is_a_sentence(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take half a billion games, but an endless loop is no answer either."""
    taken = evening.create()
    monkeypatch.setattr(play, "deal_code", lambda: taken)
    with pytest.raises(Refusal, match="try again"):
        evening.create()


def test_tokens_are_long_and_rest_as_hashes() -> None:
    """32 random bytes; who reads the database cannot sit down by it."""
    token, hash_ = codes.mint_token()
    other, _ = codes.mint_token()
    assert token != other
    assert 32 == len(hash_) == codes.TOKEN_BYTES
    assert hash_ == codes.hash_token(token)
    assert all(category(letter)[0] in "LNP" for letter in token)


def test_chance_is_fair_and_within_bounds() -> None:
    """A d20 has twenty sides; a coin has two."""
    rolled = [codes.chance(20) for _ in range(4000)]
    assert set(range(1, 21)) == set(rolled)
    assert all(100 < rolled.count(side) < 300 for side in range(1, 21))
    assert {1, 2} == {codes.chance(2) for _ in range(100)}
