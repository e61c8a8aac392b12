"""What a save promises, on every kind of database."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.game.ledger import fold
from app.storage.contract import CREATE, CodeTaken, LostRace, Save, Storage, Token
from tests.storage.games import AT, GUEST, HOST, change, created, creation, turn

Open = Callable[[str], Storage]


def test_a_created_game_is_found_again(storage: Storage) -> None:
    """The code on the host's screen works on every phone."""
    storage.save(creation(created()))
    assert storage.load("K7QF2M") == created()
    assert storage.beginning("K7QF2M") == created()
    assert storage.ledger("K7QF2M") == []


def test_an_unknown_code_is_nothing(storage: Storage) -> None:
    """A mistyped code is a 404, not a fault."""
    assert storage.load("BBBBBB") is None
    assert storage.beginning("BBBBBB") is None
    assert storage.ledger("BBBBBB") == []


def test_the_ledger_folds_to_the_game(storage: Storage) -> None:
    """State and ledger are of one transaction; neither can be ahead of the other."""
    game = created()
    storage.save(creation(game))
    for _ in range(3):
        after, first = turn(game)
        after, second = turn(after)
        storage.save(Save(after, game.version, (first, second), None))
        game = after
    assert storage.load("K7QF2M") == game
    assert fold(created(), storage.ledger("K7QF2M")) == game


def test_the_ledger_is_read_back_in_portions(storage: Storage) -> None:
    """Undo looks for the newest step; an evening of thousands is not read for that."""
    game = created()
    storage.save(creation(game))
    other = created("BBBBBB")
    storage.save(creation(other))
    entries = []
    for _ in range(10):
        game, entry = turn(game)
        entries.append(entry)
    storage.save(Save(game, 0, tuple(entries), None))
    storage.save(change(other))
    newest_first = entries[::-1]
    assert storage.ledger_back("K7QF2M", 10, 4) == newest_first[:4]
    assert storage.ledger_back("K7QF2M", 6, 4) == newest_first[4:8]
    assert storage.ledger_back("K7QF2M", 2, 4) == newest_first[8:]
    assert storage.ledger_back("K7QF2M", 0, 4) == []
    assert storage.ledger_back("K7QF2M", 99, 99) == newest_first
    assert storage.ledger_back("DDDDDD", 9, 9) == []


def test_a_stale_save_loses_and_leaves_no_trace(storage: Storage) -> None:
    """Two servers judged the same table; the slower one must judge again."""
    storage.save(creation(created()))
    storage.save(change(created()))
    stale = replace(change(created()), joined=(GUEST,), tokens=(Token(b"t", "K7QF2M", 2, AT),))
    for lost in (stale, replace(stale, game=replace(stale.game, code="BBBBBB"))):
        with pytest.raises(LostRace):
            storage.save(lost)
    assert len(storage.ledger("K7QF2M")) == 1
    assert storage.games_of(GUEST, 9) == []
    assert storage.find_token("K7QF2M", b"t") is None
    assert storage.load("BBBBBB") is None


def test_a_code_is_dealt_once(storage: Storage) -> None:
    """Nobody's game may be replaced by a stranger's."""
    storage.save(creation(created()))
    other = replace(created(), name="Stranger's")
    with pytest.raises(CodeTaken):
        storage.save(creation(other, joined=(GUEST,)))
    assert storage.load("K7QF2M") == created()
    assert storage.games_of(GUEST, 9) == []


def test_a_closed_game_keeps_its_code_and_sends_everybody_home(storage: Storage) -> None:
    """Links to it answer "closed"; it is on nobody's list, and no token opens it."""
    storage.save(creation(created()))
    with_token = replace(change(created()), tokens=(Token(b"t", "K7QF2M", 1, AT),))
    storage.save(with_token)
    closing = change(with_token.game, status="closed")
    storage.save(replace(closing, joined=(GUEST,)))
    assert storage.load("K7QF2M") == closing.game
    assert storage.games_of(HOST, 9) == storage.games_of(GUEST, 9) == []
    assert storage.find_token("K7QF2M", b"t") is None
    assert storage.count_games() == 0
    with pytest.raises(CodeTaken):
        storage.save(creation(created()))


def test_a_save_without_entries_changes_what_is_beside_the_game(storage: Storage) -> None:
    """Minting a token is nothing the table is told, so the version stays."""
    storage.save(creation(created()))
    storage.save(Save(created(), 0, (), 77, tokens=(Token(b"t", "K7QF2M", 2, AT),)))
    assert storage.load("K7QF2M") == created()
    assert list(storage.deadlines()) == [("K7QF2M", 77)]
    assert storage.find_token("K7QF2M", b"t") == Token(b"t", "K7QF2M", 2, AT)


def test_entries_that_do_not_lead_to_the_game_are_a_mistake(storage: Storage) -> None:
    """A hole in a ledger would show only when somebody wants to undo."""
    after, first = turn(created())
    later, second = turn(after)
    for wrong in (
        Save(later, 0, (second,), None),
        Save(later, 0, (second, first), None),
        Save(after, 0, (), None),
        Save(after, CREATE, (first,), None),
    ):
        with pytest.raises(ValueError, match="do not lead"):
            storage.save(wrong)


def test_all_survives_closing_and_opening(storage_url: str, open_storage: Open) -> None:
    """A deploy in the middle of an evening."""
    first = open_storage(storage_url)
    first.save(replace(creation(created()), next_due=AT + 5))
    first.save(change(created(), due=AT + 9))
    first.say_alive(AT + 3)
    first.close()
    second = open_storage(storage_url)
    assert second.load("K7QF2M") == change(created()).game
    assert list(second.deadlines()) == [("K7QF2M", AT + 9)]
    assert second.last_alive() == AT + 3
    assert [game.code for game in second.games_of(HOST, 9)] == ["K7QF2M"]


def test_odd_letters_are_kept(storage: Storage) -> None:
    """Names are stored exactly as typed, whatever the database thinks of such letters."""
    odd = replace(created(), name="Zoë 🃏 \x00 \ud800 '; --")
    storage.save(creation(odd))
    assert storage.load("K7QF2M") == odd
