"""kill -9 in the middle of a busy evening: what was acknowledged is there, and time is fair.

The same server is killed again and again on one database. Twenty tables tap, half of them with
forms and half over sockets; at one somebody only thinks. Everything is measured from outside, with
a clock of our own.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.game.game import Game
from app.game.ledger import fold
from app.storage.codec import decode_entry, decode_game
from app.table.outages import RETURN_MS
from tests.conftest import Server
from tests.load import machine
from tests.person import Person, sit_down
from tests.socket_line import SocketEar

RESULTS = Path(machine.__file__).parent / "results"

TAPPING = 20
SOAK = 100
LIFE = 400
#: A thumb's rest between two taps.
THINKING_S = 0.05
#: The worst that a crash may give back: an alive line is written sooner than that.
GIVEN_BACK_MS = 1100
#: Two clocks of whole milliseconds are compared.
ROUNDED_MS = 3


@dataclass
class Stand:
    """A table as its own players know it: what they were told, and when."""

    code: str
    people: list[Person]
    database: Path
    #: Its phones tap over sockets, not with forms.
    by_socket: bool
    #: When the clock began to count: not before, and not after (epoch milliseconds).
    counting: tuple[float, float]
    #: Commands given, and those of them that were acknowledged.
    given: int = 0
    acknowledged: int = 0
    #: How many of them were there at the last look.
    begun_with: int = 0
    used_ms: int = 0
    given_back_ms: float = 0.0
    #: When the newest command was given (monotonic); the longest that one waited since a start.
    asked_at: float | None = None
    waited_ms: float = 0.0
    #: The newest version that was seen; the open sockets, one for each person.
    version: int = 0
    plugs: list[SocketEar] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def tap_until(self, stop: threading.Event) -> None:
        """Pass turns and gain life in turn, one press at a time, until the server is gone."""
        with suppress(OSError, http.client.HTTPException):
            while not stop.wait(THINKING_S):
                turn = self.acknowledged // 2 + 1
                number = (turn - 1) % len(self.people)
                self.given += 1
                self.asked_at = time.monotonic()
                if self.given % 2:
                    counted = self.press(number, "adjust-life", by=1)
                else:
                    counted = self.press(number, "pass-turn", turn=turn)
                if not counted:
                    return
                self.acknowledged += 1
                self.waits()
                self.asked_at = None

    def waits(self) -> None:
        """Note how long the newest command has waited, when it is the longest."""
        asked_at = self.asked_at
        if asked_at is not None:
            self.waited_ms = max(self.waited_ms, (time.monotonic() - asked_at) * 1000)

    def press(self, number: int, command: str, **fields: Any) -> bool:
        """Give a command; whether it was acknowledged."""
        if self.by_socket:
            self.plugs[number].say(command, **fields)
            return self._hears_of_it(self.plugs[number])
        answer = self.people[number].post(f"/games/{self.code}/{command}", **fields)
        if answer.status != 303:
            self.unexpected.append(answer.text)
        return answer.status == 303

    def _hears_of_it(self, plug: SocketEar) -> bool:
        """A socket acknowledges by showing the next version: only commands make one here."""
        while not (plug.ended.is_set() and plug.frames.empty()):
            with suppress(queue.Empty):
                frame = plug.next(0.1)
                if 'id="answer"' in frame.data:
                    self.unexpected.append(frame.data)
                    return False
                if int(frame.state.get("version", -1)) > self.version:
                    self.version += 1
                    return True
        return False

    def plug_in(self) -> None:
        """Open a socket for each person, when this table has them."""
        self.hang_up()
        if self.by_socket:
            self.plugs = [person.plug_in(self.code) for person in self.people]
        for plug in self.plugs:
            plug.next(30)

    def hang_up(self) -> None:
        """Let go of the sockets."""
        for plug in self.plugs:
            plug.close()
        self.plugs = []

    def rows(self) -> tuple[Game, list[str]]:
        """The game as it is committed, and its ledger."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as other:
            other.execute("begin")
            text = other.execute("select state from games where code = ?", (self.code,))
            game = decode_game(text.fetchone()[0])
            rows = other.execute(
                "select entry from ledger where code = ? order by seq", (self.code,)
            ).fetchall()
        return game, [row[0] for row in rows]

    def stored(self) -> Game:
        """The game as it is committed; its ledger, without a hole, folds to it."""
        game, (beginning, *texts) = self.rows()
        entries = [decode_entry(text) for text in texts]
        assert [*range(1, game.version + 1)] == [entry.seq for entry in entries]
        assert game == fold(decode_game(beginning), entries)
        return game

    def done(self, game: Game) -> int:
        """How many of our commands this game has seen."""
        lives = sum(seat.life for seat in game.seats.values()) - LIFE * len(game.seats)
        return lives + game.turn - 1


def charged_ms(game: Game) -> int:
    """All the time that any seat was charged."""
    return sum(seat.used_ms for seat in game.seats.values())


def now_ms() -> float:
    """Our own clock, which is the machine's, as the server's is."""
    return time.time() * 1000


class Canary(threading.Thread):
    """Tells how late this machine and its disk are: a busy one writes the server's lines late, too.

    How late it wakes who sleeps, and how long a page takes to be on the disk.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.late_ms = 0.0
        self._page = folder / "canary"
        self._ends = threading.Event()
        self.start()

    def run(self) -> None:
        """Sleep, write and look at the clock."""
        with self._page.open("wb", buffering=0) as page:
            while not self._ends.is_set():
                wanted = time.monotonic() + 0.1
                time.sleep(0.1)
                page.write(b"x" * 4096)
                os.fsync(page.fileno())
                self.late_ms = max(self.late_ms, (time.monotonic() - wanted) * 1000)

    def end(self) -> None:
        """No more."""
        self._ends.set()
        self.join()


@dataclass
class Crash:
    """When the server died, not before and not after; its last alive line; its next start."""

    not_before: float
    not_after: float
    alive_at: int
    started_at: float = 0.0


@dataclass
class Figures:
    """What all the kills together came to."""

    kills: int
    tables: int = TAPPING + 1
    acknowledged: int = 0
    lost: int = 0
    #: Commands that were under way at a kill, and those of them that had been saved.
    under_way: int = 0
    under_way_saved: int = 0
    most_given_back_ms: float = 0.0
    mean_given_back_ms: float = 0.0
    #: The longest that a tap, or this machine with its disk, kept anybody waiting.
    longest_wait_ms: float = 0.0
    #: The largest bill beyond what was thought; two clocks may disagree by a millisecond.
    most_overcharged_ms: float = 0.0


@pytest.mark.parametrize("kills", [5, pytest.param(SOAK, marks=pytest.mark.soak)])
def test_kill_after_kill(
    serve: Callable[..., Server],
    tmp_path: Path,
    kills: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A table plays on through any crash: no tap lost, no second charged that was not thought."""
    canary = Canary(tmp_path)
    server = serve()
    database = tmp_path / "tarp.sqlite3"
    stands = [sit(server, database, by_socket=number % 2 == 1) for number in range(TAPPING + 1)]
    *tapping, thinking = stands
    figures = Figures(kills)
    try:
        for kill in range(1, kills + 1):
            canary.late_ms = 0
            for stand in stands:
                stand.waited_ms, stand.asked_at = 0.0, None
            crash = kill_while_tapping(server, database, tapping)
            # The line waits as the taps do: for the loop, and for the commit before its own.
            late_ms = max(canary.late_ms, *(stand.waited_ms for stand in tapping))
            figures.longest_wait_ms = max(figures.longest_wait_ms, round(late_ms, 1))
            unwritten_ms = crash.not_before - crash.alive_at
            assert unwritten_ms <= GIVEN_BACK_MS + 2 * late_ms, f"kill {kill}"
            crash.started_at = now_ms()
            server.start()
            for stand in stands:
                look(stand, crash, figures, f"after kill {kill}")
            for stand in stands:
                come_back(stand, crash)
    finally:
        canary.end()
        for stand in stands:
            stand.hang_up()
    assert all(stand.acknowledged > kills for stand in tapping)
    assert all(stand.given_back_ms <= GIVEN_BACK_MS * kills for stand in stands)
    assert (0, 0) == (thinking.acknowledged, figures.lost)
    given_back_ms = sum(stand.given_back_ms for stand in stands)
    figures.mean_given_back_ms = round(given_back_ms / kills / len(stands), 1)
    if kills == SOAK:
        keep(figures)
        with capsys.disabled():
            sys.stdout.write(f"\n{json.dumps(asdict(figures))}\n")


def keep(figures: Figures) -> None:
    """Beside the other measured figures, with the machine and the commit."""
    told = {"machine": machine.described(), "commit": machine.commit(), **asdict(figures)}
    (RESULTS / f"kill-{figures.kills}.json").write_text(json.dumps(told, indent=2) + "\n")


def sit(server: Server, database: Path, *, by_socket: bool) -> Stand:
    """A table that has just begun."""
    code, people = sit_down(server.url, 2, starting_life=LIFE, bonus_seconds=0, starting_minutes=60)
    asked = now_ms()
    assert 303 == people[0].post(f"/games/{code}/start").status
    stand = Stand(code, people, database, by_socket, counting=(asked, now_ms()))
    stand.plug_in()
    stand.version = stand.rows()[0].version
    return stand


def kill_while_tapping(server: Server, database: Path, tapping: list[Stand]) -> Crash:
    """Everybody taps, and at some instant the server is gone."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.tap_until, args=(stop,)) for one in tapping]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.1, 1.1))
    not_before = now_ms()
    for one in tapping:
        one.waits()
    server.kill()
    not_after = now_ms()
    stop.set()
    for thread in threads:
        thread.join()
    with closing(sqlite3.connect(database)) as other:
        alive_at: int = other.execute("select at from alive").fetchone()[0]
    return Crash(not_before, not_after, alive_at)


def come_back(stand: Stand, crash: Crash) -> None:
    """The phones are back: from here on the clock counts, if it has not waited long enough."""
    asked = now_ms()
    stand.plug_in()
    if not stand.by_socket:
        for person in stand.people:
            assert 200 == person.get(f"/games/{stand.code}").status
    stand.counting = (min(asked, crash.started_at + RETURN_MS), now_ms())
    game, _ = stand.rows()
    assert ("running", None) == (game.status, game.outage)
    stand.version = game.version


def look(stand: Stand, crash: Crash, figures: Figures, when: str) -> None:
    """An onlooker looks at the table after the crash, when nobody is back yet."""
    page = Person(stand.people[0].url).get(f"/games/{stand.code}")
    game = stand.stored()
    assert [] == stand.unexpected, when
    assert ("running", str(game.turn)) == (page.state["status"], page.state["turn"]), when

    # Every acknowledged command is there; the one in flight is there or it is not.
    done = stand.done(game)
    assert stand.acknowledged <= done <= stand.given <= stand.acknowledged + 1, when
    figures.acknowledged += stand.acknowledged - stand.begun_with
    figures.lost += max(0, stand.acknowledged - done)
    figures.under_way += stand.given - stand.acknowledged
    figures.under_way_saved += done - stand.acknowledged
    stand.acknowledged = stand.given = stand.begun_with = done

    # Thought is kept up to the last alive line at least, and none is charged that was not.
    thought_ms = charged_ms(game) - stand.used_ms
    at_least = crash.alive_at - stand.counting[1]
    at_most = crash.not_after - stand.counting[0]
    assert at_least - ROUNDED_MS <= thought_ms <= at_most + ROUNDED_MS, when
    given_back_ms = round(crash.not_before - stand.counting[1] - thought_ms, 1)
    stand.given_back_ms += given_back_ms
    figures.most_given_back_ms = max(figures.most_given_back_ms, given_back_ms)
    figures.most_overcharged_ms = max(figures.most_overcharged_ms, round(thought_ms - at_most, 1))

    # The outage is charged to nobody: it has begun, and the clock waits for its phone.
    assert game.outage is not None or now_ms() > crash.started_at + RETURN_MS, when
    assert game.active is not None
    if game.outage is not None:
        left_ms = game.seats[game.active].bank_ms
        assert str(left_ms) == page.seat(game.active)["remaining-ms"], when
    stand.used_ms = charged_ms(game)
