"""A stored game is the game: exact both ways, readable for ever, refused in words when not."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from app.game.entry import Entry
from app.game.game import Game, Moment, Pause
from app.game.ledger import fold
from app.storage.codec import FORMAT, decode_entry, decode_game, encode_entry, encode_game
from app.storage.contract import UnreadableGame
from tests.storage.games import created, turn
from tests.storage.shapes import ENTRIES, GAMES

FORMATS = Path(__file__).parent / "formats"


@given(GAMES)
def test_a_game_comes_back_as_it_was(game: Game) -> None:
    """Types too (repr tells 1 from True, a tuple from a list), or play goes on differently."""
    assert repr(decode_game(encode_game(game))) == repr(game)


@given(ENTRIES)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    """Undo puts back what the entry says was there."""
    assert repr(decode_entry(encode_entry(entry))) == repr(entry)


def test_a_stored_ledger_folds_to_the_stored_game() -> None:
    """Pauses, moments and seats inside entries are the game's own classes again."""
    beginning = created()
    after, first = turn(beginning, pause=Pause("judge", 1, 5), kicked=("x",))
    after, second = turn(after, pause=None, moments=(Moment(1, 5, "dice", {"sides": 20}),))
    entries = [decode_entry(encode_entry(entry)) for entry in (first, second)]
    assert fold(decode_game(encode_game(beginning)), entries) == after


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_every_released_format_loads(number: int) -> None:
    """A deploy finds the games of last month; their sample is never rewritten."""
    stored = json.loads((FORMATS / f"{number}.json").read_text())
    beginning = decode_game(json.dumps(stored["beginning"]))
    entries = [decode_entry(json.dumps(entry)) for entry in stored["entries"]]
    game = decode_game(json.dumps(stored["game"]))
    # What may be taken back follows from the ledger; the first sample was stored without it.
    assert replace(fold(beginning, entries), steps=game.steps) == game


def test_a_field_added_later_has_its_default_in_an_older_row() -> None:
    """New code meets rows that were written before it."""
    older = json.loads(encode_game(created()))
    del older["game"]["day_night"], older["game"]["settings"]["undo_charges"]
    del older["game"]["seats"]["2"]["penalties"], older["game"]["moments"]
    assert decode_game(json.dumps(older)) == created()


def test_a_newer_format_is_refused_in_words() -> None:
    """After a rollback the operator must learn why, and the row must stay as it is."""
    newer = json.dumps({"format": FORMAT + 1, "game": "?"})
    with pytest.raises(UnreadableGame) as refused:
        decode_game(newer)
    assert str(refused.value) == "stored by a newer version (format 2); this one reads up to 1"


def _spoilt(spoil: Callable[[dict[str, Any]], object]) -> str:
    stored: dict[str, Any] = json.loads(encode_game(created()))
    spoil(stored)
    return json.dumps(stored)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rubbish",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format":1}',
        '{"format":true,"game":{}}',
        '{"format":1,"game":{"code":"K7QF2M"}}',
        _spoilt(lambda stored: stored["game"].update(turn="3")),
        _spoilt(lambda stored: stored["game"].update(listed=1)),
        _spoilt(lambda stored: stored["game"].update(order={"1": 1})),
        _spoilt(lambda stored: stored["game"].update(unheard_of=1)),
        _spoilt(lambda stored: stored["game"].update(moments=[{"seq": 1}])),
        _spoilt(lambda stored: stored["game"].update(seats={"one": {}})),
        _spoilt(lambda stored: stored["game"]["seats"]["1"].update(bank_ms=None)),
    ],
)
def test_rubbish_is_refused(text: str) -> None:
    """A half-right game would go wrong later, in the middle of an evening."""
    with pytest.raises(UnreadableGame):
        decode_game(text)


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan")])
def test_what_json_cannot_hold_is_loud(value: object) -> None:
    """Better a failing command than a fact that is silently lost."""
    with pytest.raises((TypeError, ValueError)):
        encode_entry(Entry(1, 2, "host", "dice-rolled", facts={"result": value}))
