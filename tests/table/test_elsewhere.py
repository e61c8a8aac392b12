"""What one process believes of the others: who is at a table there, and for how long."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest

from app.bus.local import LocalBus
from app.game.commands import ClaimSeat, NewGame, Start
from app.game.table_settings import TableSettings
from app.storage.redis import RedisStorage
from app.storage.sql import SqlStorage
from app.table import watch
from app.table.elsewhere import BELIEVED_MS, merged
from app.table.instant import SharedClock
from app.table.play import Table
from app.table.presence import REQUEST_COUNTS_MS, Client
from app.table.shelf import IDLE_MS
from tests.storage.redis_server import Server

NOON = 1_790_000_000_000


def told(said_at: int, **clients: list[int]) -> str:
    """What a process said: channels, newest request, newest end of a channel."""
    return json.dumps([said_at, clients])


def test_channels_count_over_all_processes() -> None:
    """A game is not paused because its phones happen to listen at other machines."""
    here = told(NOON, ann=[1, NOON - 9, 0], ben=[0, NOON - 5, NOON - 1])
    there = told(NOON - 1000, ann=[2, NOON - 7, NOON - 8])
    assert {
        "ann": Client(3, NOON - 7, NOON - 8),
        "ben": Client(0, NOON - 5, NOON - 1),
    } == merged([here, there], NOON)


def test_what_a_dead_process_said_is_over() -> None:
    """Its phones are gone since it last spoke, not since they first came and not for ever."""
    said = told(NOON, ann=[1, NOON - 600_000, 0], ben=[0, NOON - 5, NOON - 1])
    alive = merged([said], NOON + BELIEVED_MS)
    assert (1, 0) == (alive["ann"].channels, alive["ann"].closed_at)
    dead = merged([said], NOON + BELIEVED_MS + 1)
    assert Client(0, NOON - 600_000, NOON) == dead["ann"]
    assert Client(0, NOON - 5, NOON - 1) == dead["ben"]


def test_who_came_back_elsewhere_is_there() -> None:
    """The dead process still says it has the channel; the living one knows better."""
    dead = told(NOON, ann=[1, NOON, 0])
    living = told(NOON + 30_000, ann=[1, NOON + 2_000, 0])
    assert Client(1, NOON + 2_000, NOON) == merged([dead, living], NOON + 30_000)["ann"]


Open = Callable[[str], RedisStorage]


@pytest.fixture
def open_as(tmp_path: Path) -> Iterator[Open]:
    """Open what processes of these names see of one Redis."""
    server = Server()
    opened: list[RedisStorage] = []

    def open_one(worker: str) -> RedisStorage:
        sql = SqlStorage(f"sqlite:///{tmp_path / 'tarp.sqlite3'}")
        opened.append(RedisStorage(server.url, sql, worker))
        return opened[-1]

    yield open_one
    for storage in opened:
        storage.close()
    server.close()


def test_who_was_killed_a_moment_ago_serves_nobody(open_as: Open) -> None:
    """Its alive line is fresh; the time until the next process began is an outage all the same."""
    killed, mine = open_as("a:1:1"), open_as("a:2:2")
    killed.say_alive(killed.now_ms())
    assert 1 == len(table_of(mine).outages.windows)


def test_who_lives_has_served_meanwhile(open_as: Open) -> None:
    """A rolling deploy is no outage: nobody is given back time that was played."""
    living, mine = open_as("a:1:1"), open_as("b:1:1")
    ended = threading.Event()

    def live() -> None:
        while not ended.wait(0.2):
            living.say_alive(living.now_ms())

    living.say_alive(living.now_ms())
    thread = threading.Thread(target=live)
    thread.start()
    try:
        assert [] == table_of(mine).outages.windows
    finally:
        ended.set()
        thread.join()


def test_a_game_that_is_played_elsewhere_leaves_memory(open_as: Open) -> None:
    """It still runs as far as this process knows: for ever, since nobody tells it of the end."""
    mine = open_as("a:1:1")
    table, later = movable(mine)
    code = started(table)
    later(IDLE_MS + 1)
    table.shelf.clear_idle()
    assert not table.shelf.holds(code)


def test_a_game_with_somebody_there_is_looked_at_again(open_as: Open) -> None:
    """Their process may be killed a moment later: then nobody else would ever pause it."""
    mine = open_as("a:1:1")
    table, later = movable(mine)
    code = started(table)
    table.hear_of(code, "host", table.now(), lambda p: p.opened("host", table.now()))
    wait_ms = table.look(code).settings.auto_pause_ms
    for _ in range(wait_ms // 4000 + 1):
        later(4000)
        watch.beat(table)
    table.keep_time(code, table.now())
    assert "running" == table.look(code).status
    (again,) = [due for its, due in mine.due(2**53, 9) if its == code]
    assert table.now() < again <= table.now() + wait_ms


def test_auto_pause_counts_the_phones_of_all_processes(open_as: Open) -> None:
    """One that listens elsewhere keeps the game going; that of a dead process does not."""
    mine, theirs = open_as("a:1:1"), open_as("b:1:1")
    table, later = movable(mine)
    other = Table(theirs, LocalBus(), table.now, max_games=9)
    code = started(other)
    other.hear_of(code, "host", table.now(), lambda p: p.opened("host", table.now()))
    hot = other.shelf.take(code)

    def pass_time(wait_ms: int, *, is_alive: bool) -> None:
        for number in range(wait_ms // 4000):
            later(4000)
            watch.beat(table)
            if is_alive and number % 2 == 0 and other.elsewhere is not None:
                watch.beat(other)
                other.elsewhere.say(hot)
                spoken.append(table.now())
            gevent.sleep(0)  # the lists are written behind the saves
            for its, _ in mine.due(table.now(), 9):
                table.keep_time(its, table.now())

    spoken: list[int] = []
    wait_ms = hot.game.settings.auto_pause_ms
    pass_time(wait_ms + REQUEST_COUNTS_MS + 60_000, is_alive=True)
    assert "running" == table.look(code).status
    pass_time(wait_ms + 60_000, is_alive=False)
    assert "paused" == table.look(code).status
    assert spoken[-1] + wait_ms == mine.ledger(code)[-1].at


def table_of(storage: RedisStorage) -> Table:
    """A process that begins now."""
    return Table(storage, LocalBus(), SharedClock(storage), max_games=9)


def movable(storage: RedisStorage) -> tuple[Table, Callable[[int], None]]:
    """A process whose clock is moved by hand, and the hand."""
    at = [storage.now_ms()]

    def later(passed_ms: int) -> None:
        at[0] += passed_ms

    return Table(storage, LocalBus(), lambda: at[0], max_games=9), later


def started(table: Table) -> str:
    """A running game of two."""
    wanted = NewGame("", 2, listed=False, settings=TableSettings(starting_ms=6 * REQUEST_COUNTS_MS))
    code = table.create(wanted, "host").code
    for seat, client in enumerate(("host", "ann"), 1):
        table.play(code, ClaimSeat(seat=seat), client, table.now())
    table.play(code, Start(), "host", table.now())
    return code
