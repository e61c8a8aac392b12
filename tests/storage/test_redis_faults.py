"""What goes wrong with Redis: refused in words, nothing half done, and it recovers by itself."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from redis.exceptions import BusyLoadingError, ResponseError

from app.game.ledger import fold
from app.settings import HOUSE
from app.storage.contract import LostRace, Save, StorageDown, Token, UnreadableGame
from app.storage.redis import RedisStorage
from app.storage.redis_faults import faults_as_storage_down
from app.storage.redis_keys import game_key, ledger_key, tokens_key
from app.storage.redis_line import Line
from app.storage.redis_saving import sheet_of, write
from tests.storage import proxy
from tests.storage.games import AT, HOST, change, created, creation, turn
from tests.storage.redis_server import Server

Open = Callable[[str], RedisStorage]

PLAYING = """
import sys
from app.storage.redis import RedisStorage
from app.storage.sql import SqlStorage
from tests.storage.games import change
storage = RedisStorage(sys.argv[1], SqlStorage(sys.argv[2]))
game = storage.load("K7QF2M")
while True:
    save = change(game)
    storage.save(save)
    game = save.game
    print(game.version, flush=True)
"""


@pytest.fixture(scope="module")
def fragile() -> Iterator[Server]:
    """A server that these tests may stop, kill and misconfigure."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def table(fragile: Server, open_redis: Open) -> RedisStorage:
    """A storage with one game in it."""
    with fragile.client() as client:
        client.flushall()
    storage = open_redis(fragile.url)
    storage.save(creation(created()))
    return storage


def recovers(storage: RedisStorage, save: Save) -> None:
    """Nobody restarts us: within two seconds of Redis' return the same save succeeds."""
    ends = time.monotonic() + 2
    while True:
        try:
            storage.save(save)
        except StorageDown:
            assert time.monotonic() < ends
            time.sleep(0.02)
        else:
            break
    assert storage.load(save.game.code) == save.game
    assert [entry.seq for entry in storage.ledger(save.game.code)][-1] == save.game.version


def test_a_restart_loses_nothing(table: RedisStorage, fragile: Server) -> None:
    """An update of Redis in the middle of an evening."""
    table.save(change(created()))
    fragile.send(signal.SIGTERM)
    fragile.wait()
    later = change(change(created()).game)
    with pytest.raises(StorageDown, match="Redis: .*Connection refused"):
        table.save(later)
    with pytest.raises(StorageDown, match="Connection refused"):
        table.load("K7QF2M")
    assert "Connection refused" in (table.complaint() or "")
    fragile.start()
    recovers(table, later)
    assert fold(created(), table.ledger("K7QF2M")) == later.game


def test_what_was_acknowledged_survives_being_killed(
    table: RedisStorage, fragile: Server, tmp_path: Path
) -> None:
    """The power cut comes at a moment nobody chose; at most one unanswered save is there, too."""
    words = [sys.executable, "-c", PLAYING, fragile.url, f"sqlite:///{tmp_path / 'b.sqlite3'}"]
    with subprocess.Popen(
        words, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as player:
        assert player.stdout is not None
        acknowledged = [player.stdout.readline() for _ in range(40)]
        fragile.kill()
        acknowledged += list(player.stdout)
        player.wait(10)
    fragile.start()
    game = table.load("K7QF2M")
    assert game is not None
    assert game.version - int(acknowledged[-1]) in (0, 1)
    assert fold(created(), table.ledger("K7QF2M")) == game
    recovers(table, change(game))


def pause(table: RedisStorage, fragile: Server, seconds: float) -> None:
    """Redis stands still; who asks is refused soon, and what he asked is not done later."""
    fragile.send(signal.SIGSTOP)
    ends = time.monotonic() + seconds
    try:
        began = time.monotonic()
        with pytest.raises(StorageDown, match="Redis: .*[Tt]imeout"):
            table.save(change(created(), name="refused"))
        assert time.monotonic() - began < 3
        time.sleep(max(0, ends - time.monotonic()))
    finally:
        fragile.send(signal.SIGCONT)
    recovers(table, change(created(), name="tapped again"))
    assert len(table.ledger("K7QF2M")) == 1


def test_a_pause_does_nothing_behind_the_players_back(table: RedisStorage, fragile: Server) -> None:
    """Told that nothing was changed, they tap again: the first tap must not arrive after that."""
    pause(table, fragile, 2.5)


@pytest.mark.soak
def test_a_long_pause(table: RedisStorage, fragile: Server) -> None:
    """The same for as long as a machine takes to be moved."""
    pause(table, fragile, 10)


def test_a_short_pause_only_takes_its_time(table: RedisStorage, fragile: Server) -> None:
    """The first sending timed out, the second was answered: saved once, and nobody was refused."""
    with fragile.client() as client:
        client.execute_command("CLIENT", "PAUSE", 1300, "ALL")
    table.save(change(created()))
    assert len(table.ledger("K7QF2M")) == 1


def through(open_redis: Open, door: proxy.Proxy) -> RedisStorage:
    """A storage behind this door."""
    return open_redis(f"redis://127.0.0.1:{door.port}/0")


def test_a_save_whose_answer_was_lost_is_known_as_ones_own(
    table: RedisStorage, fragile: Server, open_redis: Open
) -> None:
    """The tap counted; judging it again would count it twice."""
    with proxy.before(fragile.port) as door:
        behind = through(open_redis, door)
        door.cuts_after = 1
        behind.save(change(created()))
        assert door.cuts_after == 0
        assert table.load("K7QF2M") == change(created()).game
        assert len(table.ledger("K7QF2M")) == 1
        door.cuts_after = 1
        behind.save(creation(created("BBBBBB")))
        assert door.cuts_after == 0
        assert table.ledger("BBBBBB") == []
        assert len(behind.games_of(HOST, 9)) == 2
        door.cuts_after = 1
        token = Token(b"t", "BBBBBB", 1, AT)
        behind.save(Save(created("BBBBBB"), 0, (), None, tokens=(token,)))
        assert table.find_token("BBBBBB", b"t") == token


def test_also_when_a_stranger_played_on_at_once(
    table: RedisStorage, fragile: Server, open_redis: Open
) -> None:
    """Ours is in the ledger, somebody else's stands on it: neither is lost, neither is doubled."""
    ours = change(created())
    later = change(ours.game)
    with proxy.before(fragile.port) as door:
        behind = through(open_redis, door)
        door.meanwhile = partial(elsewhere, fragile, later)
        door.cuts_after = 1
        behind.save(ours)
        assert table.load("K7QF2M") == later.game
        assert table.ledger("K7QF2M") == [*ours.entries, *later.entries]
        with pytest.raises(LostRace):
            behind.save(change(ours.game, at=AT + 77_000))


@pytest.mark.parametrize("number", [1, 2])
def test_a_strangers_save_is_not_taken_for_ones_own(
    table: RedisStorage, fragile: Server, open_redis: Open, number: int
) -> None:
    """Ours never arrived, a stranger's did, as far or farther: ours is to be judged again."""
    first = change(created(), at=AT + 999)
    strangers = [first, change(first.game)][:number]

    def meanwhile() -> None:
        for save in strangers:
            elsewhere(fragile, save)

    with proxy.before(fragile.port) as door:
        behind = through(open_redis, door)
        door.meanwhile = meanwhile
        door.cuts_before = 1
        with pytest.raises(LostRace):
            behind.save(change(created()))
        assert door.cuts_before == 0
    assert table.load("K7QF2M") == strangers[-1].game
    assert table.ledger("K7QF2M") == [entry for save in strangers for entry in save.entries]


def elsewhere(fragile: Server, save: Save) -> None:
    """Another process saves."""
    line = Line(fragile.url)
    write(line, sheet_of(save))
    line.close()


def test_a_line_that_is_cut_twice_is_refused(
    table: RedisStorage, fragile: Server, open_redis: Open
) -> None:
    """Nobody waits for ever; the next tap finds what there is."""
    with proxy.before(fragile.port) as door:
        behind = through(open_redis, door)
        door.cuts_before = 2
        with pytest.raises(StorageDown, match="Redis: "):
            behind.save(change(created()))
        assert table.load("K7QF2M") == created()
        behind.save(change(created()))
    assert table.load("K7QF2M") == change(created()).game


def test_killed_connections_and_forgotten_scripts_are_nothing(
    table: RedisStorage, fragile: Server
) -> None:
    """An operator's commands, or a failover: nobody notices."""
    with fragile.client() as client:
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        table.save(change(created()))
        client.script_flush()
        later = change(change(created()).game)
        table.save(later)
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert table.load("K7QF2M") == later.game


@pytest.mark.parametrize(
    ("settings", "undo", "words"),
    [
        ({"maxmemory": "1mb"}, {"maxmemory": "0"}, "used memory > 'maxmemory'"),
        ({"min-replicas-to-write": "1"}, {"min-replicas-to-write": "0"}, "NOREPLICAS"),
    ],
)
def test_a_server_that_refuses_to_write(
    table: RedisStorage, fragile: Server, settings: dict[str, str], undo: dict[str, str], words: str
) -> None:
    """Full, or without its copies: the players hear of it, games can be read, nothing is lost."""
    with fragile.client() as client:
        try:
            for name, value in settings.items():
                client.config_set(name, value)
            save = change(created())
            joined = Save(save.game, 0, save.entries, 5, joined=("x",), void_seats=(1,))
            with pytest.raises(StorageDown) as refused:
                table.save(joined)
            assert words in str(refused.value)
            assert "\n" not in str(refused.value)
            assert "script" not in str(refused.value)
            assert table.load("K7QF2M") == created()
            assert table.ledger("K7QF2M") == table.deadlines() == table.games_of("x", 9) == []
            assert words in (table.complaint() or "")
        finally:
            for name, value in undo.items():
                client.config_set(name, value)
    recovers(table, save)
    time.sleep(1)
    assert table.is_well()


def test_a_replica_takes_no_games(table: RedisStorage, fragile: Server) -> None:
    """After a failover the address may lead to the wrong one for a while."""
    with fragile.client() as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            with pytest.raises(StorageDown, match="read only replica"):
                table.save(change(created()))
            assert table.load("K7QF2M") == created()
            assert "read only replica" in (table.complaint() or "")
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")
    recovers(table, change(created()))


def test_a_server_that_throws_out_games_is_not_well(fragile: Server, open_redis: Open) -> None:
    """It would go unnoticed until an evening is gone."""
    with fragile.client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        storage = open_redis(fragile.url)
        assert not storage.is_well()
        assert storage.complaint() == (
            "Redis: maxmemory-policy is allkeys-lru, so games may be thrown out"
        )
        client.config_set("maxmemory-policy", "noeviction")
    assert not storage.is_well()  # asked at most once a second
    assert open_redis(fragile.url).is_well()


def test_a_busy_server_is_refused(table: RedisStorage, fragile: Server) -> None:
    """Somebody else's endless script; what Redis says of it is passed on."""
    with fragile.client() as client, fragile.client() as other:
        client.config_set("busy-reply-threshold", "1")
        raw = other.connection_pool.get_connection()
        raw.send_command("EVAL", "while true do end", 0)
        time.sleep(0.1)
        try:
            with pytest.raises(StorageDown, match="BUSY"):
                table.save(change(created()))
        finally:
            client.script_kill()
            with suppress(ResponseError):
                raw.read_response()
            other.connection_pool.release(raw)
            client.config_set("busy-reply-threshold", "5000")
    recovers(table, change(created()))


@pytest.mark.parametrize(
    "error",
    [
        ResponseError("MISCONF Redis is configured to save\nRDB snapshots"),
        ResponseError("MASTERDOWN Link with MASTER is down"),
        ResponseError("NOPERM this user has no permissions"),
        BusyLoadingError("Redis is loading the dataset in memory"),
    ],
)
def test_what_redis_says_of_itself_is_no_mistake_of_ours(error: Exception) -> None:
    """Rare states that a test cannot bring about; in one line for the log."""
    with pytest.raises(StorageDown, match="^Redis: ") as refused, faults_as_storage_down():
        raise error
    assert "\n" not in str(refused.value)


def test_our_own_mistakes_stay_loud() -> None:
    """A wrong command is a bug to be reported, not an outage."""
    with pytest.raises(ResponseError, match="syntax"), faults_as_storage_down():
        raise ResponseError("ERR syntax error")


def test_nobody_answers(open_redis: Open) -> None:
    """Opening says at once that there is no Redis."""
    with pytest.raises(StorageDown, match="Redis: .*refused"):
        open_redis("redis://127.0.0.1:1/0")


@pytest.mark.parametrize("key", ["state", "newer", "hash", "ledger", "short", "number"])
def test_one_bad_key_sets_one_game_aside(
    table: RedisStorage, fragile: Server, open_redis: Open, key: str
) -> None:
    """A newer version or an operator's slip: that table is set aside, all others play."""
    table.save(creation(created("BBBBBB", listed=True)))
    table.save(change(created()))
    game, ledger = game_key("K7QF2M"), ledger_key("K7QF2M")
    with fragile.client() as client:
        if key == "state":
            client.hset(game, "state", b"\xff\x00rubbish")
        elif key == "newer":
            client.hset(game, "state", '{"format": 99, "game": {}}')
        elif key == "number":
            client.hset(game, "version", "many")
        elif key == "short":
            client.rpop(ledger)
        else:
            client.delete(game if key == "hash" else ledger)
            client.set(game if key == "hash" else ledger, "rubbish")
    other = open_redis(fragile.url)
    with pytest.raises(UnreadableGame):
        other.load("K7QF2M")
    assert other.load("BBBBBB") == created("BBBBBB", listed=True)
    assert "BBBBBB" in [one.code for one in other.games_of(HOST, 9)]
    assert [one.code for one in other.open_games(9)] == ["BBBBBB"]
    other.sweep(AT)
    other.save(change(created("BBBBBB", listed=True)))
    if key not in ("state", "newer"):
        with pytest.raises((LostRace, UnreadableGame)):
            table.save(change(turn(created())[0], at=AT + 5000))


def test_a_bad_key_stops_a_save_before_anything_is_written(
    table: RedisStorage, fragile: Server
) -> None:
    """A script that fails half way keeps what it wrote: so it looks first."""
    with fragile.client() as client:
        client.set(tokens_key("K7QF2M"), "rubbish")
        save = change(created())
        with pytest.raises(UnreadableGame):
            table.save(Save(save.game, 0, save.entries, None, void_seats=(1,)))
        assert table.load("K7QF2M") == created()
        assert table.ledger("K7QF2M") == []
        with pytest.raises(UnreadableGame):
            table.find_token("K7QF2M", b"t")


def test_lists_that_could_not_be_written_are_written_later(
    table: RedisStorage, fragile: Server, open_redis: Open
) -> None:
    """Saved is saved; the deadline reaches its list with the next alive line."""
    with proxy.before(fragile.port) as door:
        behind = through(open_redis, door)
        door.word, door.cuts_before = b"ZADD", 2
        behind.save(change(created(), due=AT + 9))
        behind._index.settle()
        assert door.cuts_before == 0
        assert table.deadlines() == []
        behind.say_alive(AT)
        behind._index.settle()
    assert table.deadlines() == [("K7QF2M", AT + 9)]


def test_a_closed_storage_refuses(table: RedisStorage) -> None:
    """A request that comes after the last word is refused like any other fault."""
    table.close()
    with pytest.raises(StorageDown, match="closed"):
        table.save(change(created()))
    assert not table.is_well()
