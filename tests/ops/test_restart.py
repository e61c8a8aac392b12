"""A deploy in the middle of an evening: the tables are there again, and nobody lost or gained.

One server, one restart, many tables: each test looks at its own.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.game.game import Game
from app.game.ledger import fold
from app.storage.codec import decode_entry, decode_game
from tests.conftest import Server, environment_in, free_port
from tests.person import Ear, Person, sit_down, start

BANK_MS = 20 * 60 * 1000

#: Two clocks of whole milliseconds are compared.
ROUNDED_MS = 5

OLD_KEY = "the key of the operator's first evening"
NEW_KEY = "another one since keys are changed at times"


@dataclass
class Table:
    """One table before and after the restart."""

    server: Server
    database: Path
    code: str
    people: list[Person]
    before: Game = field(init=False)

    def act(self, number: int, command: str, **fields: Any) -> None:
        """The person on that seat gives a command that is carried out."""
        answer = self.people[number - 1].post(f"/games/{self.code}/{command}", **fields)
        assert answer.status == 303, answer.text

    def stored(self) -> Game:
        """The game as it is committed, read beside the server; its ledger folds to it."""
        beginning, *entries = self._rows("select entry from ledger where code = ? order by seq")
        game = decode_game(self._rows("select state from games where code = ?")[0])
        assert game == fold(decode_game(beginning), map(decode_entry, entries))
        return game

    def events(self) -> list[str]:
        """What happened, in order."""
        rows = self._rows("select entry from ledger where code = ? and seq > 0 order by seq")
        return [decode_entry(row).event for row in rows]

    def left_ms(self, number: int, person: Person | None = None) -> int:
        """What the page says a seat has left; an onlooker asks, for whom no clock waits."""
        page = (person or Person(self.server.url)).get(f"/games/{self.code}")
        return int(page.seat(number)["remaining-ms"])

    def _rows(self, question: str) -> list[str]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as other:
            return [row[0] for row in other.execute(question, (self.code,))]


@dataclass
class Evening:
    """The tables, and when what happened (seconds on the monotonic clock)."""

    tables: dict[str, Table]
    ear: Ear
    resumed: tuple[float, float]
    stopping: float
    #: The last alive line of the first life, and when its worker was done (epoch milliseconds).
    last_alive_at: int
    worker_done_at: float


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """All tables are set up, the server is stopped gently and started again with a newer key."""
    folder = tmp_path_factory.mktemp("restart")
    environment = environment_in(folder) | {"SECRET_KEY": OLD_KEY}
    server = Server(free_port(), environment, folder / "server.log").start()

    def table(code: str, people: list[Person]) -> Table:
        return Table(server, folder / "tarp.sqlite3", code, people)

    try:
        tables = {
            "waiting": table(*sit_down(server.url, 2)),
            "pending": table(*start(server.url, 2, starting_minutes=0, starting_seconds=1)),
            **{
                name: table(*start(server.url, 3))
                for name in ("played", "paused", "finished", "closed", "thinking", "away", "slept")
            },
        }
        played = tables["played"]
        played.act(2, "rename-seat", name="Änn <b>")
        played.act(2, "adjust-life", by=-7)
        played.act(3, "adjust-counter", counter="poison", by=3)
        played.act(1, "set-marker", marker="monarch", value=2)
        played.act(1, "pass-turn", turn=1)
        tables["paused"].act(1, "pause", reason="judge")
        tables["finished"].act(1, "finish", winner=2, confirm="yes")
        tables["closed"].act(1, "close", confirm="yes")
        slept = tables["slept"]
        ear = slept.people[1].listen(slept.code)
        slept.act(1, "pass-turn", turn=1)
        thinking = tables["thinking"]
        thinking.act(1, "pause")
        asked = time.monotonic()
        thinking.act(1, "resume")
        resumed = time.monotonic()
        wait_until(lambda: tables["pending"].stored().seats[1].is_pending)
        time.sleep(1.45)
        for one in tables.values():
            one.before = one.stored()

        stopping = time.monotonic()
        assert 0 == server.stop()
        with closing(sqlite3.connect(folder / "tarp.sqlite3")) as other:
            last_alive_at = other.execute("select at from alive").fetchone()[0]
        done_at = logged_at(server.log, "Worker exiting")
        server.environment |= {"SECRET_KEY": NEW_KEY, "SECRET_KEY_FALLBACKS": OLD_KEY}
        server.start()
        yield Evening(tables, ear, (asked, resumed), stopping, last_alive_at, done_at)
        ear.close()
    finally:
        server.kill()


def test_everything_is_there(evening: Evening) -> None:
    """Names, life, counters, markers, whose turn; and everybody is still who they were."""
    table = evening.tables["played"]
    page = Person(table.server.url).get(f"/games/{table.code}")
    assert (200, "running", "2", "2") == (
        page.status, page.state["status"], page.state["turn"], page.state["active-seat"],
    )  # fmt: skip
    assert "Änn &lt;b&gt;" in page.text
    after = table.stored()
    assert [(s.name, s.life, s.poison, s.holder) for s in table.before.in_order()] == [
        (s.name, s.life, s.poison, s.holder) for s in after.in_order()
    ]
    assert 2 == after.monarch


def test_the_cookies_still_say_who_is_who(evening: Evening) -> None:
    """Also when the operator changed the key and kept the old one as a fallback."""
    table = evening.tables["played"]
    assert 403 == table.people[2].post(f"/games/{table.code}/pass-turn", turn=2).status
    table.act(2, "pass-turn", turn=2)
    table.act(1, "kick", seat=3)
    game = table.stored()
    assert (3, None) == (game.turn, game.seats[3].holder)


def test_a_clean_stop_gives_no_thought_back(evening: Evening) -> None:
    """A deploy is no gift to whoever is thinking: charged until the server went."""
    table = evening.tables["thinking"]
    asked, resumed = evening.resumed
    charged_ms = table.before.seats[1].bank_ms - table.left_ms(1)
    assert charged_ms >= (evening.stopping - resumed) * 1000 - ROUNDED_MS
    # Until it was gone it answered, so what was thought meanwhile may be charged.
    assert charged_ms <= (evening.stopping - asked) * 1000 + 1500


def test_the_alive_line_reaches_to_the_end(evening: Evening) -> None:
    """Not only to its last whole second: the worker's last act is to say that it lived."""
    assert evening.worker_done_at - ROUNDED_MS <= evening.last_alive_at


def test_the_outage_is_charged_to_nobody(evening: Evening) -> None:
    """Until the thinking player's phone is back; other phones do not count."""
    table = evening.tables["away"]
    waiting_ms = table.left_ms(1)
    time.sleep(0.4)
    assert waiting_ms == table.left_ms(1, table.people[1])
    asked = time.monotonic()
    table.left_ms(1, table.people[0])
    back = time.monotonic()
    time.sleep(0.4)
    asked_again = time.monotonic()
    thought_ms = waiting_ms - table.left_ms(1)
    answered = time.monotonic()
    assert (asked_again - back) * 1000 - 5 <= thought_ms <= (answered - asked) * 1000 + 5
    events = [event for event in table.events() if event.startswith("outage")]
    assert ["outage-began", "outage-ended"] == events


def test_a_phone_that_reconnects_is_right_in_its_first_frame(evening: Evening) -> None:
    """Its page shows an older table than the server has: one frame must do."""
    table, old = evening.tables["slept"], evening.ear
    assert old.ended.wait(5)
    assert old.retry_ms is not None
    seen = [old.next(0.1) for _ in range(old.frames.qsize())][-1]
    assert ("2", "2") == (seen.state["turn"], seen.state["active-seat"])

    ear = table.people[1].listen(table.code, since=int(seen.state["version"]))
    first = ear.next()
    ear.close()
    assert (table.code, "running", "2", "2") == (
        first.state["code"], first.state["status"], first.state["turn"], first.state["active-seat"],
    )  # fmt: skip
    # The outage is over for this very phone, and its first frame knows it.
    game = table.stored()
    assert (None, str(game.version)) == (game.outage, first.state["version"])
    assert 'data-running="yes"' in first.data


@pytest.mark.parametrize("status", ["waiting", "paused", "finished"])
def test_a_game_without_a_running_clock_is_untouched(evening: Evening, status: str) -> None:
    """To the byte: a restart is nothing that happened at this table."""
    table = evening.tables[status]
    page = table.people[0].get(f"/games/{table.code}")
    assert (200, status) == (page.status, page.state["status"])
    assert table.before == table.stored()


def test_a_pending_choice_is_still_to_be_made(evening: Evening) -> None:
    """With the grace that was left, less what the player had while the server lived."""
    table = evening.tables["pending"]
    page = table.people[0].get(f"/games/{table.code}")
    seat = table.stored().seats[1]
    assert ("running", "yes") == (page.state["status"], page.seat(1)["pending"])
    assert seat.grace_ms is not None
    thought_ms = (time.monotonic() - evening.resumed[1]) * 1000
    assert 30_000 - thought_ms <= seat.grace_ms <= 30_000 - 1450 + ROUNDED_MS
    table.act(1, "timeout-choice", choice="drink")
    assert 60_000 == table.stored().seats[1].bank_ms


def test_a_closed_game_stays_closed(evening: Evening) -> None:
    """The code answers "closed", also from a server that never knew it open."""
    table = evening.tables["closed"]
    assert 410 == table.people[1].get(f"/games/{table.code}").status


def logged_at(log: Path, event: str) -> float:
    """When the server logged this, in epoch milliseconds."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    instant = next(line["timestamp"] for line in lines if line["event"].startswith(event))
    return datetime.fromisoformat(instant).timestamp() * 1000


def wait_until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Look again and again, not for long."""
    latest = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < latest
        time.sleep(0.05)
