"""The lists beside the games: whatever was lost of them is put right."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from redis import Redis

from app.storage.redis import RedisStorage
from app.storage.redis_facts import Change, Facts
from app.storage.redis_keys import ALIVE
from tests.storage.games import AT, GUEST, HOST, change, created, creation
from tests.storage.redis_server import Server

Open = Callable[[str], RedisStorage]


def lose_lists(client: Redis) -> None:
    """As if a process had died after every save, before it wrote the lists."""
    for pattern in ("tarp:games:*", "tarp:due:*", "tarp:listed", "tarp:client:*", "tarp:keep"):
        for key in client.keys(pattern):
            client.delete(key)


def found(storage: RedisStorage) -> dict[str, object]:
    """What the lists lead to."""
    return {
        "due": storage.deadlines(),
        "mine": [game.code for game in storage.games_of(HOST, 9)],
        "open": [game.code for game in storage.open_games(9)],
        "all": [game.code for game in storage.newest_games(9)],
        "active": storage.count_active(),
    }


ALL = {"due": [("K7QF2M", AT + 9)], "mine": ["K7QF2M"], "open": ["K7QF2M"], "all": ["K7QF2M"]}


@pytest.mark.parametrize("healer", ["load", "sweep"])
def test_lost_lists_are_put_right(
    redis_url: str, redis_server: Server, open_redis: Open, healer: str
) -> None:
    """By whoever loads the game, and by a sweep if nobody does."""
    first = open_redis(redis_url)
    first.save(creation(created(listed=True)))
    first.save(change(created(listed=True), due=AT + 9, status="running"))
    assert found(first) == ALL | {"active": 1}
    with redis_server.client() as client:
        lose_lists(client)
    second = open_redis(redis_url)
    if healer == "load":
        second.load("K7QF2M")
    else:
        second.sweep(AT)
    assert found(second) == ALL | {"active": 1}


def test_lists_that_name_what_is_gone_are_put_right(
    redis_storage: RedisStorage, redis_server: Server
) -> None:
    """A game that expired by itself is on nobody's list, and counts no longer."""
    redis_storage.save(replace(creation(created(listed=True)), next_due=AT))
    redis_storage.deadlines()
    with redis_server.client() as client:
        for key in client.keys("tarp:{*"):
            client.delete(key)
        assert redis_storage.games_of(HOST, 9) == redis_storage.open_games(9) == []
        assert redis_storage.sweep(AT) == 1
        left = {key for key in client.keys("tarp:*") if key not in (b"tarp:well", b"tarp:alive")}
    assert left == set()


def test_of_two_processes_the_later_truth_stays(redis_url: str, open_redis: Open) -> None:
    """The slower one writes its list last, and looks back whether the game has moved on."""
    slow, quick = open_redis(redis_url), open_redis(redis_url)
    slow.save(creation(created()))
    slow.deadlines()
    old = Facts(0, "waiting", listed=False, next_due=AT + 1, updated_at=AT, keeps=False)
    quick.save(change(created(), due=AT + 9, status="running"))
    assert quick.deadlines() == [("K7QF2M", AT + 9)]
    slow._index.note("K7QF2M", Change(old, {"running"}, due=True, places={GUEST: True}))
    assert slow.deadlines() == [("K7QF2M", AT + 9)]
    assert slow.count_active() == 1
    assert [game.status for game in slow.newest_games(9)] == ["running"]
    assert slow.games_of(GUEST, 9) == []


def test_a_place_lost_elsewhere_is_no_place(redis_url: str, open_redis: Open) -> None:
    """Forgetting and leaving hold for all processes at once."""
    one, two = open_redis(redis_url), open_redis(redis_url)
    one.save(creation(created(), joined=(HOST, GUEST)))
    assert len(two.games_of(GUEST, 9)) == len(one.games_of(GUEST, 9)) == 1
    two.forget(GUEST)
    assert one.games_of(GUEST, 9) == []
    one.sweep(AT)
    one.load("K7QF2M")
    assert two.games_of(GUEST, 9) == []
    assert len(two.games_of(HOST, 9)) == 1


def test_every_worker_has_an_alive_line(
    redis_url: str, redis_server: Server, open_redis: Open
) -> None:
    """Whoever starts beside another that is well did not come out of an outage."""
    one, two = open_redis(redis_url), open_redis(redis_url)
    now = one.now_ms()
    assert one.others_alive(5000) == 0
    two.say_alive(now - 60_000)
    one.say_alive(now)
    assert (one.others_alive(5000), one.others_alive(90_000), two.others_alive(5000)) == (0, 1, 1)
    assert two.last_alive() == now
    one.say_alive(now + 2 * 60 * 60 * 1000)
    with redis_server.client() as client:
        assert set(client.hkeys(ALIVE)) == {one.worker.encode()}


def test_who_wakes_from_the_same_sleep_served_nobody(redis_url: str, open_redis: Open) -> None:
    """Two workers of one machine sleep and wake; the first one's fresh line is no service."""
    one, two = open_redis(redis_url), open_redis(redis_url)
    now = one.now_ms()
    for worker in (one, two):
        worker.say_alive(now - 60_000)
    assert one.others_alive(5000, 60_000) == 0
    one.say_alive(now)  # awake again, a minute later
    assert (two.others_alive(5000), two.others_alive(5000, 60_000)) == (1, 0)
    three = open_redis(redis_url)
    for ago_ms in range(64_000, 0, -4000):
        three.say_alive(now - ago_ms)
    assert two.others_alive(5000, 60_000) == 1  # on another machine, and awake throughout


def test_a_line_of_an_earlier_version_counts(redis_url: str, open_redis: Open) -> None:
    """While a deploy rolls, old and new workers hear each other."""
    one = open_redis(redis_url)
    with Redis.from_url(redis_url) as client:
        client.hset(ALIVE, "old:1:2", one.now_ms())
    assert one.others_alive(5000, 60_000) == 1


def test_postponing_gives_way_to_a_save_of_that_moment(
    redis_url: str, open_redis: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the word another process saves: what it said must stand."""
    one, two = open_redis(redis_url), open_redis(redis_url)
    one.save(creation(created()))
    one.deadlines()
    pipe = one._line.pipe

    def pipe_late(commands: list[tuple[object, ...]], **how: bool) -> list[object]:
        if commands[0][0] == "ZADD":
            two.save(change(created(), due=AT + 9, status="running"))
            two.deadlines()
        return pipe(commands, **how)

    monkeypatch.setattr(one._line, "pipe", pipe_late)
    one.postpone("K7QF2M", 0, AT + 99)
    monkeypatch.undo()
    assert one.deadlines() == [("K7QF2M", AT + 9)]


def test_the_last_alive_line_stays_however_old(redis_url: str, open_redis: Open) -> None:
    """After a week with nobody there, the outage is a week."""
    open_redis(redis_url).say_alive(AT)
    later = open_redis(redis_url)
    assert later.last_alive() == AT
    assert later.others_alive(5000) == 0
