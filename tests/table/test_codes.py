"""Game codes: dealt so that nobody mishears them, read however somebody types them."""

import re
import secrets
from collections import Counter
from random import SystemRandom
from typing import Any
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


def test_chance_rejects_what_would_favour_low_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five random bits make 32 numbers, a d20 has 20 sides: the 12 too many are drawn again.

    Folding them back (``% 20``) would roll 1 to 12 twice as often. Every bit pattern the system
    can draw is tried: each side comes of exactly one.
    """
    system: Any = secrets._sysrand  # type: ignore[attr-defined]
    for sides in (2, 3, 6, 20, 100, 999):
        bits = sides.bit_length()
        came_of = Counter()  # type: Counter[int]
        for pattern in range(2**bits):
            drawn = iter([pattern, 0])
            asked: list[int] = []

            def draw(k: int, drawn: Any = drawn, asked: Any = asked) -> int:
                asked.append(k)
                return int(next(drawn))

            with monkeypatch.context() as patch:
                patch.setattr(system, "getrandbits", draw)
                rolled = codes.chance(sides)
            assert set(asked) == {bits}
            if pattern < sides:
                came_of[rolled] += 1
            assert len(asked) == (1 if pattern < sides else 2)
        assert came_of == dict.fromkeys(range(1, sides + 1), 1)


def test_chance_comes_from_the_system() -> None:
    """Not from a generator whose seed somebody might guess."""
    assert isinstance(secrets._sysrand, SystemRandom)  # type: ignore[attr-defined]
