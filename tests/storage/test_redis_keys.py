"""What lies in Redis under which name, for how long, and what is announced."""

from dataclasses import replace

import pytest
from redis.crc import key_slot

from app.storage.contract import CodeTaken, LostRace, Token
from app.storage.redis import RedisStorage
from app.storage.redis_keys import due_key, due_keys, keys_of, ledger_key, news_channel
from tests.storage.games import AT, change, created, creation
from tests.storage.redis_server import Server

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


def test_all_keys_of_a_game_are_in_one_slot() -> None:
    """A cluster refuses a script whose keys lie on two machines."""
    for code in ("K7QF2M", "BBBBBB"):
        slots = {key_slot(key.encode()) for key in (*keys_of(code), news_channel(code))}
        assert len(slots) == 1
    assert key_slot(ledger_key("K7QF2M").encode()) != key_slot(ledger_key("BBBBBB").encode())


def test_deadlines_are_spread_over_their_lists() -> None:
    """One list of all games would be the one place that everybody waits for."""
    codes = [f"BBB{a}{b}{c}" for a in "BCDFGHJK" for b in "BCDFGHJK" for c in "BCDFGHJK"]
    assert {due_key(code) for code in codes} == set(due_keys())


def test_nothing_is_kept_under_another_name(
    redis_storage: RedisStorage, redis_server: Server
) -> None:
    """An operator finds all of ours by one word, and may share the server with others."""
    tokens = (Token(b"t", "K7QF2M", 1, AT),)
    redis_storage.save(replace(creation(created(listed=True)), next_due=AT, tokens=tokens))
    redis_storage.say_alive(AT)
    assert redis_storage.is_well()
    redis_storage.deadlines()
    with redis_server.client() as client:
        found = {key.decode() for key in client.scan_iter()}
    assert found == {
        *keys_of("K7QF2M")[:4],
        *("tarp:games:waiting", "tarp:listed", due_key("K7QF2M")),
        *("tarp:client:host-client", "tarp:alive", "tarp:well"),
    }


@pytest.mark.parametrize(
    ("status", "game_ms", "ledger_ms"),
    [
        ("waiting", DAY_MS, DAY_MS),
        ("running", 30 * DAY_MS, 30 * DAY_MS),
        ("paused", 30 * DAY_MS, 30 * DAY_MS),
        ("finished", DAY_MS, 30 * DAY_MS),
        ("closed", 30 * DAY_MS, 30 * DAY_MS),
    ],
)
def test_a_games_keys_expire_by_its_status(
    redis_storage: RedisStorage, redis_server: Server, status: str, game_ms: int, ledger_ms: int
) -> None:
    """Also with nobody there to sweep; a result outlives its game until it is copied."""
    redis_storage.save(creation(created()))
    redis_storage.save(change(created(), status=status))
    with redis_server.client() as client:
        game, ledger = (client.pttl(key) for key in keys_of("K7QF2M")[:2])
    assert 0 <= game_ms - game < 5000
    assert 0 <= ledger_ms - ledger < 5000


def test_only_what_is_saved_is_announced(redis_storage: RedisStorage, redis_server: Server) -> None:
    """A phone that hears a number must find that table when it asks."""
    redis_storage.save(creation(created()))
    with redis_server.client() as client, client.pubsub() as ear:
        ear.subscribe(news_channel("K7QF2M"))
        assert ear.get_message(timeout=5)["type"] == "subscribe"
        redis_storage.save(change(created()))
        with pytest.raises(LostRace):
            redis_storage.save(change(created()))
        with pytest.raises(CodeTaken):
            redis_storage.save(creation(created()))
        redis_storage.save(change(change(created()).game))
        heard = [ear.get_message(timeout=5) for _ in range(2)]
        assert [message["data"] for message in heard] == [b"1", b"2"]
        assert ear.get_message(timeout=0.05) is None


def test_the_version_tells_whether_a_copy_is_new(redis_storage: RedisStorage) -> None:
    """A process that keeps games in memory asks for one number, not for the table."""
    assert redis_storage.version("K7QF2M") is None
    redis_storage.save(creation(created()))
    assert redis_storage.version("K7QF2M") == 0
    redis_storage.save(change(created()))
    assert redis_storage.version("K7QF2M") == 1


def test_a_tap_costs_two_round_trips(redis_storage: RedisStorage, redis_server: Server) -> None:
    """One that is waited for, one behind it; and no list is written that did not change."""
    game = change(created(), due=AT, status="running").game
    redis_storage.save(creation(created()))
    redis_storage.save(change(created(), due=AT, status="running"))
    redis_storage.deadlines()
    with redis_server.client() as client:
        client.config_resetstat()
        redis_storage.save(change(game, due=AT + 5))
        redis_storage._index.settle()
        stats = client.info("commandstats")
        reads = client.info("stats")["total_reads_processed"]
    asked = {name.removeprefix("cmdstat_"): its["calls"] for name, its in stats.items()}
    behind = {"zadd": 2, "zrem": 0, "sadd": 0, "srem": 0}
    assert asked["evalsha"] == 1
    assert {name: asked.get(name, 0) for name in behind} == behind
    assert reads <= 5  # and this client's own three


def test_redis_has_one_clock_for_all(redis_storage: RedisStorage) -> None:
    """Instances agree on instants by measuring how far they are from it."""
    before = redis_storage.now_ms()
    offset_ms, uncertainty_ms = redis_storage.measure_offset()
    assert 0 <= uncertainty_ms < 100
    assert redis_storage.now_ms() >= before
    assert abs(redis_storage.measure_offset().offset_ms - offset_ms) < 100
    assert redis_storage.latency_ms() > 0
