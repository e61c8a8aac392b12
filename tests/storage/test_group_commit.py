"""Many save at once: few commits, and each is answered for itself."""

from collections.abc import Callable
from dataclasses import replace

import gevent
import pytest
from sqlalchemy import event

from app.storage.contract import CodeTaken, LostRace, Save, Storage, Token
from app.storage.sql import SqlStorage
from tests.storage.games import AT, GUEST, change, created, creation


def commits_of(storage: SqlStorage) -> list[object]:
    """Grows by one with every transaction that is really committed."""
    commits: list[object] = []
    event.listen(storage._writer._engine, "commit", commits.append)
    return commits


def together(*calls: Callable[[], object]) -> list[BaseException | None]:
    """Call all of them in greenlets of their own; what stopped each, or None."""
    greenlets = [gevent.spawn(_outcome, call) for call in calls]
    gevent.joinall(greenlets, timeout=20, raise_error=True)
    return [greenlet.value for greenlet in greenlets]


def _outcome(call: Callable[[], object]) -> BaseException | None:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - the test looks at it
        return error
    return None


def saving(storage: Storage, save: Save) -> Callable[[], None]:
    """One save to be made."""
    return lambda: storage.save(save)


def test_sixty_four_tables_share_their_commits(sql_storage: SqlStorage) -> None:
    """A full hall taps at once, and the disk is asked a few times, not 64 times."""
    codes = [f"BBBB{first}{second}" for first in "BCDFGHJK" for second in "BCDFGHJK"]
    games = {code: created(code) for code in codes}
    together(*(saving(sql_storage, creation(game)) for game in games.values()))
    commits = commits_of(sql_storage)

    def evening(code: str) -> None:
        for _ in range(5):
            save = change(games[code])
            sql_storage.save(save)
            games[code] = save.game
        assert sql_storage.load(code) == games[code]  # acknowledged is committed

    assert together(*(lambda code=code: evening(code) for code in codes)) == [None] * 64
    assert len(commits) < 64 * 5 / 4
    assert all(len(sql_storage.ledger(code)) == 5 for code in codes)


def test_each_of_a_group_gets_its_own_answer(storage: Storage) -> None:
    """A lost race, a taken code and a bad row are those three tables' business only."""
    for code in ("CCCCCC", "DDDDDD", "FFFFFF"):
        storage.save(creation(created(code)))
    storage.save(change(created("DDDDDD")))
    too_big = change(created("FFFFFF"))
    too_big.game.last_at = 2**70
    stale = replace(change(created("DDDDDD")), joined=(GUEST,))
    good = replace(change(created("CCCCCC")), tokens=(Token(b"t", "CCCCCC", 2, AT),))
    outcomes = together(
        saving(storage, good),
        saving(storage, stale),
        saving(storage, creation(created("CCCCCC"))),
        saving(storage, too_big),
        saving(storage, creation(created("GGGGGG"))),
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds[:3] == [type(None), LostRace, CodeTaken]
    assert isinstance(outcomes[3], Exception)
    assert not isinstance(outcomes[3], LostRace)
    assert outcomes[4] is None
    assert storage.load("CCCCCC") == good.game
    assert storage.find_token("CCCCCC", b"t") is not None
    assert storage.load("FFFFFF") == created("FFFFFF")
    assert storage.ledger("FFFFFF") == []
    assert storage.load("GGGGGG") == created("GGGGGG")
    assert storage.games_of(GUEST, 9) == []


def test_two_saves_of_one_game_keep_their_order(storage: Storage) -> None:
    """Joined, then left, in one transaction: the client is out, the newer token counts."""
    storage.save(creation(created()))
    first = change(created())
    second = change(first.game)
    one, two = (Token(hash_, "K7QF2M", 2, AT) for hash_ in (b"one", b"two"))
    outcomes = together(
        saving(storage, replace(first, joined=(GUEST,), tokens=(one,))),
        saving(storage, replace(second, left=(GUEST,), tokens=(two,))),
    )
    assert outcomes == [None, None]
    assert storage.load("K7QF2M") == second.game
    assert storage.games_of(GUEST, 9) == []
    assert storage.find_token("K7QF2M", b"one") is None
    assert storage.find_token("K7QF2M", b"two") == two


def test_two_storages_race_for_one_version(
    storage_url: str, open_storage: Callable[[str], Storage]
) -> None:
    """Two processes on one database: of two saves over the same version one is refused."""
    storages = [open_storage(storage_url) for _ in range(2)]
    storages[0].save(creation(created()))
    game = created()
    for _ in range(10):
        saves = [change(game) for _ in storages]
        outcomes = together(*map(saving, storages, saves))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LostRace", "NoneType"]
        game = saves[0].game
    assert len(storages[0].ledger("K7QF2M")) == 10


def test_a_closed_storage_commits_what_waits_and_then_refuses(
    storage_url: str, open_storage: Callable[[str], Storage]
) -> None:
    """A deploy loses no tap that was on its way."""
    storage = open_storage(storage_url)
    codes = ["BBBBBB", "CCCCCC", "DDDDDD"]
    waiting = [gevent.spawn(storage.save, creation(created(code))) for code in codes]
    gevent.sleep(0)
    storage.close()
    gevent.joinall(waiting, timeout=5, raise_error=True)
    again = open_storage(storage_url)
    assert again.count_games() == 3
    with pytest.raises(Exception, match="closed"):
        storage.save(change(created()))
    with pytest.raises(Exception, match="closed"):
        storage.load("BBBBBB")
    assert not storage.is_well()
