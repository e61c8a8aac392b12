"""A mistake of ours costs the table it happened at one tap, and nobody else anything."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.game.game import Game
from app.game.ledger import fold
from app.storage.codec import decode_entry, decode_game
from tests.channel.ears import Ears, wait_for_channels
from tests.conftest import Server, serving
from tests.person import Ear, start
from tests.socket_line import SocketEar

#: As in tests/ops/mistaken.py, which only the server may import.
BAD_RULE, BAD_TIMEOUT, BAD_THREADS, BAD_LIFE = "bad rule", "bad time-out", "bad threads", 13

OURS = "Something went wrong on our side."


@pytest.fixture(scope="module")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mistakes that can be put right happen while this file is there."""
    return tmp_path_factory.mktemp("mistaken") / "mistakes"


@pytest.fixture(scope="module")
def mistaken(switch: Path) -> Iterator[Server]:
    """One server for all, with mistakes in it, each for one special table."""
    with serving(switch.parent, "tests.ops.mistaken:app", TARP_MISTAKES=str(switch)) as server:
        yield server


def stored(server: Server, code: str) -> Game:
    """The game as it is committed; its ledger folds to it."""
    file = server.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as other:
        other.execute("begin")
        text = other.execute("select state from games where code = ?", (code,)).fetchone()[0]
        rows = other.execute("select entry from ledger where code = ? order by seq", (code,))
        beginning, *entries = [row[0] for row in rows]
    game = decode_game(text)
    assert game == fold(decode_game(beginning), map(decode_entry, entries))
    return game


def errors(server: Server, event: str, code: str = "") -> list[dict[str, Any]]:
    """What the server logged of such mistakes, each with its traceback; of one table only."""
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    found = [line for line in lines if line["event"] == event]
    assert all("our mistake" in line["exception"] for line in found)
    return [line for line in found if code in (line.get("game") or line.get("path") or "")]


def goes_on(server: Server) -> None:
    """Other tables are served, and the server says that it is well."""
    code, (host, _) = start(server.url, 2)
    assert 303 == host.post(f"/games/{code}/pass-turn", turn=1).status
    ready = host.get("/ready")
    assert (200, []) == (ready.status, json.loads(ready.text)["reasons"])


def goodbye(ear: SocketEar) -> tuple[int, str] | None:
    """What the server said last."""
    assert ear.ended.wait(10)
    return ear.goodbye


def is_told_to_come_back(ear: Ear) -> bool:
    """Whether it heard when."""
    return ear.retry_ms is not None


def test_a_request_that_fails(mistaken: Server) -> None:
    """A page in words, not a traceback; half of the rule's work is nobody's work."""
    code, (host, guest) = start(mistaken.url, 2, name=BAD_RULE)
    before = stored(mistaken, code)
    for asked in (host.post, guest.post):
        answer = asked(f"/games/{code}/roll-dice", sides=6)
        assert (500, True) == (answer.status, OURS in answer.text)
        assert "Traceback" not in answer.text
    logged = errors(mistaken, "a request failed", code)
    assert [f"/games/{code}/roll-dice"] * 2 == [line["path"] for line in logged]
    assert before == stored(mistaken, code)
    assert 303 == host.post(f"/games/{code}/pass-turn", turn=1).status
    assert 2 == stored(mistaken, code).turn
    goes_on(mistaken)


def test_a_socket_that_fails(mistaken: Server) -> None:
    """It ends with the code for that, so that the phone comes back; other phones stay."""
    code, (host, guest) = start(mistaken.url, 2, name=BAD_RULE)
    before = stored(mistaken, code)
    with Ears("socket") as ears:
        ear, other = ears.open(host, code), ears.open(guest, code)
        assert isinstance(ear, SocketEar)
        ear.say("roll-dice", sides="6")
        assert (1011, "Something went wrong on our side.") == goodbye(ear)
        assert 1 == len(errors(mistaken, "a socket failed", code))
        assert before == stored(mistaken, code)
        again = ears.open(host, code)
        assert isinstance(again, SocketEar)
        again.say("pass-turn", turn="1")
        assert ["2", "2"] == [one.until(before.version + 1).state["turn"] for one in (again, other)]
    goes_on(mistaken)


def test_a_socket_that_fails_in_the_event_loop(mistaken: Server, switch: Path) -> None:
    """Where bytes arrive nobody waits for a result: the line would be deaf and stay open."""
    code, (host, _) = start(mistaken.url, 2)
    with Ears("socket") as ears:
        ear = ears.open(host, code)
        assert isinstance(ear, SocketEar)
        ear.next()
        switch.touch()
        ear.say("pass-turn", turn="1")
        assert (1011, "Something went wrong on our side.") == goodbye(ear)
        switch.unlink()
        assert 1 == len(errors(mistaken, "a socket failed", code))
    goes_on(mistaken)


def test_a_table_that_cannot_be_painted(mistaken: Server) -> None:
    """The tap is saved. Every screen of this table ends and comes back until it is put right."""
    code, (host, guest) = start(mistaken.url, 2)
    other_code, (other_host, _) = start(mistaken.url, 2)
    with Ears("sse") as streams, Ears("socket") as sockets:
        stream, other = guest.listen(code), streams.open(other_host, other_code)
        streams.callback(stream.close)
        socket = sockets.open(host, code)
        assert isinstance(socket, SocketEar)
        wait_for_channels(mistaken, 3, 10)
        stream.retry_ms = None
        assert 303 == host.post(f"/games/{code}/adjust-life", seat=2, by=BAD_LIFE - 40).status
        assert BAD_LIFE == stored(mistaken, code).seats[2].life

        assert (1011, "Something went wrong on our side.") == goodbye(socket)
        assert stream.ended.wait(10)
        assert is_told_to_come_back(stream)
        for event in ("announcement failed", "a stream failed", "a socket failed"):
            assert 1 == len(errors(mistaken, event, code)), event

        # Who comes now is told so, and does not count as there.
        page = guest.get(f"/games/{code}")
        assert (500, True) == (page.status, OURS in page.text)
        assert 500 == guest.get(f"/games/{code}/events?since=-1").status
        late = sockets.open(host, code)
        assert isinstance(late, SocketEar)
        assert (1011, "Something went wrong on our side.") == goodbye(late)
        wait_for_channels(mistaken, 1, 10)

        version = stored(mistaken, other_code).version
        other_host.post(f"/games/{other_code}/pass-turn", turn=1)
        assert "2" == other.until(version + 1).state["turn"]

        assert 303 == host.post(f"/games/{code}/adjust-life", seat=2, by=3).status
        back = streams.open(guest, code)
        assert f'data-life="{BAD_LIFE + 3}"' in back.next().data
        wait_for_channels(mistaken, 2, 10)
    goes_on(mistaken)


def test_a_deadline_that_fails(mistaken: Server, switch: Path) -> None:
    """Every other table's deadlines are kept, and this one's at its own instant, later."""
    switch.touch()
    one_second = {"starting_minutes": 0, "starting_seconds": 1}
    code, people = start(mistaken.url, 2, name=BAD_TIMEOUT, **one_second)
    other, _ = start(mistaken.url, 2, **one_second)
    before = stored(mistaken, code)
    wait_until(lambda: stored(mistaken, other).seats[1].is_pending)
    wait_until(lambda: len(errors(mistaken, "a deadline could not be kept", code)) > 1)
    assert before == stored(mistaken, code)
    goes_on(mistaken)
    switch.unlink()
    wait_until(lambda: stored(mistaken, code).seats[1].is_pending)
    seat = stored(mistaken, code).seats[1]
    assert (0, 1000) == (seat.bank_ms, seat.used_ms)
    assert "yes" == people[0].get(f"/games/{code}").seat(1)["pending"]


def test_what_nobody_catches(mistaken: Server) -> None:
    """A thread, a greenlet, a finalizer: their last words are a line of the log like any other."""
    code, (host, _) = start(mistaken.url, 2, name=BAD_THREADS)
    assert 303 == host.post(f"/games/{code}/roll-dice", sides=6).status
    wait_until(lambda: len(errors(mistaken, "greenlet died")) > 1)
    assert ["careless"] == [line["thread"] for line in errors(mistaken, "thread died")]
    (ignored,) = errors(mistaken, "exception ignored")
    assert "Dying.__del__" in ignored["where"]
    assert all(line.startswith("{") for line in mistaken.log.read_text().splitlines())
    goes_on(mistaken)


def wait_until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Look again and again, not for ever."""
    latest = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < latest
        time.sleep(0.05)
