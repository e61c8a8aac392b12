"""kill -9 in the middle of a busy evening: what was acknowledged is there, and time is fair.

The same server is killed again and again on one database. Some tables tap without a pause, at
one somebody only thinks. Everything is measured from outside, with a clock of our own.
"""

from __future__ import annotations

import http.client
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.game.game import Game
from app.game.ledger import fold
from app.storage.codec import decode_entry, decode_game
from tests.conftest import Server
from tests.person import Person, sit_down

TAPPING = 3
LIFE = 400
#: The worst that a crash may give back: an alive line is written every second.
GIVEN_BACK_MS = 1100
#: Two clocks of whole milliseconds are compared.
ROUNDED_MS = 3


@dataclass
class Stand:
    """A table as its own players know it: what they were told, and when."""

    code: str
    people: list[Person]
    database: Path
    #: When the clock began to count: not before, and not after (epoch milliseconds).
    counting: tuple[float, float]
    #: Commands given, and those of them that were acknowledged.
    given: int = 0
    acknowledged: int = 0
    used_ms: int = 0
    unexpected: list[str] = field(default_factory=list)

    def tap_until(self, stop: threading.Event) -> None:
        """Pass turns and gain life in turn, one press at a time, until the server is gone."""
        with suppress(OSError, http.client.HTTPException):
            while not stop.is_set():
                turn = self.acknowledged // 2 + 1
                person = self.people[(turn - 1) % len(self.people)]
                self.given += 1
                if self.given % 2:
                    answer = person.post(f"/games/{self.code}/adjust-life", by=1)
                else:
                    answer = person.post(f"/games/{self.code}/pass-turn", turn=turn)
                if answer.status != 303:
                    self.unexpected.append(answer.text)
                    return
                self.acknowledged += 1

    def stored(self) -> Game:
        """The game as it is committed; its ledger, without a hole, folds to it."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as other:
            other.execute("begin")
            text = other.execute("select state from games where code = ?", (self.code,))
            game = decode_game(text.fetchone()[0])
            rows = other.execute(
                "select entry from ledger where code = ? order by seq", (self.code,)
            ).fetchall()
        beginning, *entries = [row[0] for row in rows]
        assert game == fold(decode_game(beginning), map(decode_entry, entries))
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
    """Tells how late this machine wakes those who sleep: a busy one writes its lines late, too."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.late_ms = 0.0
        self.start()

    def run(self) -> None:
        """Sleep and look at the clock, for ever."""
        while True:
            wanted = time.monotonic() + 0.05
            time.sleep(0.05)
            self.late_ms = max(self.late_ms, (time.monotonic() - wanted) * 1000)


@dataclass
class Crash:
    """When the server died, not before and not after, and the last alive line it had written."""

    not_before: float
    not_after: float
    alive_at: int


@pytest.mark.parametrize("kills", [10, pytest.param(25, marks=pytest.mark.soak)])
def test_kill_after_kill(serve: Callable[..., Server], tmp_path: Path, kills: int) -> None:
    """A table plays on through any crash: no tap lost, no second charged that was not thought."""
    canary = Canary()
    server = serve()
    database = tmp_path / "tarp.sqlite3"
    stands = [sit(server, database) for _ in range(TAPPING + 1)]
    for kill in range(1, kills + 1):
        canary.late_ms = 0
        crash = kill_while_tapping(server, database, stands[:TAPPING])
        unwritten_ms = crash.not_before - crash.alive_at
        assert unwritten_ms <= GIVEN_BACK_MS + 2 * canary.late_ms, f"kill {kill}"
        server.start()
        for stand in stands:
            look(stand, crash, f"after kill {kill}")
        for stand in stands:
            come_back(stand)
    assert all(stand.acknowledged > kills for stand in stands[:TAPPING])
    assert 0 == stands[-1].acknowledged


def sit(server: Server, database: Path) -> Stand:
    """A table that has just begun."""
    code, people = sit_down(server.url, 3, starting_life=LIFE, bonus_seconds=0, starting_minutes=60)
    asked = now_ms()
    assert 303 == people[0].post(f"/games/{code}/start").status
    return Stand(code, people, database, counting=(asked, now_ms()))


def kill_while_tapping(server: Server, database: Path, tapping: list[Stand]) -> Crash:
    """Everybody taps, and at some instant the server is gone."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.tap_until, args=(stop,)) for one in tapping]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.2, 1.6))
    not_before = now_ms()
    server.kill()
    not_after = now_ms()
    stop.set()
    for thread in threads:
        thread.join()
    with closing(sqlite3.connect(database)) as other:
        alive_at: int = other.execute("select at from alive").fetchone()[0]
    return Crash(not_before, not_after, alive_at)


def come_back(stand: Stand) -> None:
    """The phones are back: from here on the clock counts."""
    asked = now_ms()
    for person in stand.people:
        assert 200 == person.get(f"/games/{stand.code}").status
    stand.counting = (asked, now_ms())
    game = stand.stored()
    assert ("running", None) == (game.status, game.outage)


def look(stand: Stand, crash: Crash, when: str) -> None:
    """An onlooker looks at the table after the crash, when nobody is back yet."""
    page = Person(stand.people[0].url).get(f"/games/{stand.code}")
    game = stand.stored()
    assert [] == stand.unexpected, when
    assert ("running", str(game.turn)) == (page.state["status"], page.state["turn"]), when

    # Every acknowledged command is there; the one in flight is there or it is not.
    done = stand.done(game)
    assert stand.acknowledged <= done <= stand.given, when
    stand.acknowledged = stand.given = done

    # Thought is kept up to the last alive line at least, and none is charged that was not.
    thought_ms = charged_ms(game) - stand.used_ms
    at_least = crash.alive_at - stand.counting[1]
    at_most = crash.not_after - stand.counting[0]
    assert at_least - ROUNDED_MS <= thought_ms <= at_most + ROUNDED_MS, when

    # The outage is charged to nobody: it has begun, and the clock waits for its phone.
    assert game.outage is not None, when
    assert game.active is not None
    left_ms = game.seats[game.active].bank_ms
    assert str(left_ms) == page.seat(game.active)["remaining-ms"], when
    stand.used_ms = charged_ms(game)
