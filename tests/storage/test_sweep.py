"""What is removed when, rules section 12: nobody's game too early, nothing kept for ever."""

import pytest

from app.storage.contract import CodeTaken, Storage, Token
from tests.storage.games import AT, HOST, change, created, creation

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


@pytest.mark.parametrize(
    ("status", "kept_ms"),
    [
        ("waiting", DAY_MS),
        ("finished", DAY_MS),
        ("running", 30 * DAY_MS),
        ("paused", 30 * DAY_MS),
        ("closed", 30 * DAY_MS),
    ],
)
def test_a_game_goes_when_its_time_is_over_and_not_before(
    storage: Storage, status: str, kept_ms: int
) -> None:
    """Its members and tokens go with it."""
    storage.save(creation(created(), joined=(HOST,)))
    last = change(created(), at=AT + HOUR_MS, status=status)
    storage.save(last)
    if status != "closed":
        token = Token(b"t", "K7QF2M", 1, AT)
        storage.save(type(last)(last.game, 1, (), None, tokens=(token,)))
    assert storage.sweep(AT + HOUR_MS + kept_ms) == 0
    assert storage.load("K7QF2M") == last.game
    assert storage.sweep(AT + HOUR_MS + kept_ms + 1) == 1
    assert storage.load("K7QF2M") is None
    assert storage.games_of(HOST, 9) == []
    assert storage.find_token("K7QF2M", b"t") is None
    assert storage.sweep(AT + HOUR_MS + kept_ms + 1) == 0


@pytest.mark.parametrize("status", ["waiting", "paused", "running", "closed"])
def test_the_ledger_of_an_unfinished_game_goes_with_it(storage: Storage, status: str) -> None:
    """Its code can be dealt again."""
    storage.save(creation(created()))
    storage.save(change(created(), status=status))
    storage.sweep(AT + 31 * DAY_MS)
    assert storage.ledger("K7QF2M") == []
    storage.save(creation(created()))


@pytest.mark.parametrize(("status", "sitting"), [("finished", 1), ("waiting", 1)])
def test_a_result_is_kept_for_thirty_days(storage: Storage, status: str, sitting: int) -> None:
    """Also of a sitting whose players went home after pressing rematch."""
    storage.save(creation(created()))
    last = change(created(), at=AT + DAY_MS, status=status, sitting=sitting)
    storage.save(last)
    assert storage.sweep(AT + 3 * DAY_MS) == 1
    storage.sweep(AT + 31 * DAY_MS)
    assert storage.ledger("K7QF2M") == list(last.entries)
    assert storage.beginning("K7QF2M") == created()
    with pytest.raises(CodeTaken):
        storage.save(creation(created()))
    storage.sweep(AT + 31 * DAY_MS + 1)
    assert storage.ledger("K7QF2M") == []
    assert storage.beginning("K7QF2M") is None


def test_a_big_sweep_goes_through_in_batches(storage: Storage) -> None:
    """More than one batch of each kind, and what is young stays."""
    codes = [
        f"BBB{first}{second}{third}" for first in "BCD" for second in "BCDF" for third in "BCDF"
    ]
    for code in codes:
        storage.save(creation(created(code)))
        storage.save(change(created(code), status="finished"))
    storage.save(creation(created("ZZZZZZ", at=AT + DAY_MS)))
    assert storage.sweep(AT + 2 * DAY_MS) == len(codes)
    assert storage.count_games() == 1
    storage.sweep(AT + 40 * DAY_MS)
    assert all(storage.beginning(code) is None for code in codes)
