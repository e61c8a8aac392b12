"""What is asked across games: whose, which, how many, when next. And what else is kept."""

from dataclasses import replace

import pytest

from app.storage.contract import Storage, Token
from tests.storage.games import AT, GUEST, HOST, change, created, creation


def test_a_client_finds_its_games_newest_activity_first(storage: Storage) -> None:
    """The home page leads back to where one was last."""
    for number, code in enumerate(("BBBBBB", "CCCCCC", "DDDDDD")):
        storage.save(creation(created(code, at=AT + number)))
    storage.save(change(created("BBBBBB"), at=AT + 100))
    assert [game.code for game in storage.games_of(HOST, 9)] == ["BBBBBB", "DDDDDD", "CCCCCC"]
    assert [game.code for game in storage.games_of(HOST, 1)] == ["BBBBBB"]
    assert storage.games_of(GUEST, 9) == []


def test_joining_and_leaving_change_whose_game_it_is(storage: Storage) -> None:
    """A place gained shows on the home page, a place lost does not; twice is as good as once."""
    storage.save(creation(created()))
    joined = replace(change(created()), joined=(GUEST, GUEST, HOST))
    storage.save(joined)
    assert [game.code for game in storage.games_of(GUEST, 9)] == ["K7QF2M"]
    storage.save(replace(change(joined.game), left=(GUEST, "nobody-there")))
    assert storage.games_of(GUEST, 9) == []
    assert len(storage.games_of(HOST, 9)) == 1


def test_forgetting_a_client_leaves_the_others(storage: Storage) -> None:
    """Forgetting this device touches nobody else's list, and no game."""
    storage.save(creation(created(), joined=(HOST, GUEST)))
    storage.add_feedback(AT, "mine", GUEST)
    storage.add_feedback(AT, "yours", HOST)
    storage.forget(GUEST)
    assert [one.text for one in storage.list_feedback()] == ["yours"]
    assert storage.games_of(GUEST, 9) == []
    assert len(storage.games_of(HOST, 9)) == 1


def test_open_games_are_listed_and_not_over(storage: Storage) -> None:
    """An unlisted game is found by its code only."""
    storage.save(creation(created("BBBBBB")))
    for number, status in enumerate(("waiting", "running", "paused", "finished", "closed")):
        code = "CDFGH"[number] * 6
        game = created(code, at=AT + number, listed=True)
        storage.save(creation(game))
        if status != "waiting":
            storage.save(change(game, at=AT + number, status=status))
    assert [game.code for game in storage.open_games(9)] == ["FFFFFF", "DDDDDD", "CCCCCC"]
    assert [game.code for game in storage.open_games(1)] == ["FFFFFF"]
    assert storage.count_games() == 5


def test_deadlines_name_every_game_that_waits_for_an_instant(storage: Storage) -> None:
    """After a restart the timekeeper knows them all without loading a game."""
    storage.save(replace(creation(created("BBBBBB")), next_due=AT + 7))
    storage.save(replace(creation(created("CCCCCC")), next_due=AT + 5))
    storage.save(creation(created("DDDDDD")))
    storage.save(change(created("BBBBBB"), due=None))
    assert list(storage.deadlines()) == [("CCCCCC", AT + 5)]


def test_the_newest_token_of_a_seat_counts(storage: Storage) -> None:
    """An older QR code on somebody's photo must not open the seat."""
    storage.save(creation(created()))
    for number, hash_ in enumerate((b"first", b"second")):
        token = Token(hash_, "K7QF2M", 1, AT + number)
        storage.save(replace(change(created()), game=created(), entries=(), tokens=(token,)))
    assert storage.find_token("K7QF2M", b"first") is None
    assert storage.find_token("K7QF2M", b"second") == Token(b"second", "K7QF2M", 1, AT + 1)


def test_a_token_opens_its_own_game_only(storage: Storage) -> None:
    """A link carries code and token; a token with another table's code is a guess."""
    storage.save(replace(creation(created()), tokens=(Token(b"t", "K7QF2M", 1, AT),)))
    storage.save(creation(created("BBBBBB")))
    assert storage.find_token("BBBBBB", b"t") is None
    assert storage.find_token("DDDDDD", b"t") is None
    assert storage.find_token("K7QF2M", b"t") == Token(b"t", "K7QF2M", 1, AT)


def test_a_void_seat_has_no_token(storage: Storage) -> None:
    """Leaving, kick and finish void it; the other seats' tokens stay good."""
    tokens = (Token(b"one", "K7QF2M", 1, AT), Token(b"two", "K7QF2M", 2, AT))
    storage.save(replace(creation(created()), tokens=tokens))
    storage.save(replace(change(created()), void_seats=(1,)))
    assert storage.find_token("K7QF2M", b"one") is None
    assert storage.find_token("K7QF2M", b"two") == tokens[1]


def test_the_alive_line_is_the_newest(storage: Storage) -> None:
    """A trial write of the health check is no sign of life for the clocks."""
    assert storage.last_alive() is None
    assert storage.is_well()
    assert storage.last_alive() is None
    storage.say_alive(AT)
    storage.say_alive(AT + 1000)
    assert storage.is_well()
    assert storage.last_alive() == AT + 1000


def test_feedback_is_kept_and_deleted_by_number(storage: Storage) -> None:
    """A number is never given again, so a late second press deletes nothing else."""
    storage.add_feedback(AT, "Lovely <b>clock</b>", GUEST)
    storage.add_feedback(AT + 1, "x" * 1000, GUEST)
    newest, oldest = storage.list_feedback()
    assert (oldest.at, oldest.text) == (AT, "Lovely <b>clock</b>")
    assert storage.delete_feedback(newest.id)
    storage.add_feedback(AT + 2, "again", GUEST)
    assert not storage.delete_feedback(newest.id)
    assert [one.text for one in storage.list_feedback()] == ["again", "Lovely <b>clock</b>"]


@pytest.mark.parametrize("text", ["", "x" * 1001, "a\0b"])
def test_feedback_out_of_bounds_is_refused(storage: Storage, text: str) -> None:
    """The page refuses it first; storage does not rely on the page."""
    with pytest.raises(ValueError, match="1 to 1000"):
        storage.add_feedback(AT, text, GUEST)
    assert storage.list_feedback() == []
