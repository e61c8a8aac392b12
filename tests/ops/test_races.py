"""Many thumbs on one turn, over both roads, at a real server: exactly one of them passes it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from app.game.ledger import fold
from app.storage.codec import decode_entry, decode_game
from tests.conftest import Server
from tests.person import Person, start
from tests.socket_line import SocketEar

TIMES = pytest.mark.parametrize(
    "times", [pytest.param(120, id="some"), pytest.param(1_000, id="many", marks=pytest.mark.soak)]
)
TABS = 8
"""Of the active holder; every other one speaks over the socket: one browser may have six."""


class Tabs:
    """Threads that press when told, all at once; what each was answered."""

    def __init__(self, presses: list[Callable[[str], str]]) -> None:
        self.answers: list[str] = [""] * len(presses)
        self._turn = ""
        self._begin = threading.Barrier(len(presses) + 1)
        self._end = threading.Barrier(len(presses) + 1)
        for number, press in enumerate(presses):
            threading.Thread(target=self._run, args=(number, press), daemon=True).start()

    def press(self, turn: str) -> list[str]:
        """All press that turn's button; their answers in order. An empty turn sends them home."""
        self._turn = turn
        self._begin.wait(30)
        if turn:
            self._end.wait(30)
        return self.answers

    def _run(self, number: int, press: Callable[[str], str]) -> None:
        while True:
            self._begin.wait()
            if not self._turn:
                return
            self.answers[number] = press(self._turn)
            self._end.wait()


def by_form(person: Person, code: str, command: str, **fields: Any) -> Callable[[str], str]:
    """A tab that posts: done (204), late (200, or a redirect) or refused."""

    def press(turn: str) -> str:
        answer = person.post(f"/games/{code}/{command}", hx=True, turn=turn, **fields)
        return str(answer.status)

    return press


def by_socket(ear: SocketEar, command: str, **fields: Any) -> Callable[[str], str]:
    """A tab that speaks over its socket: it has been answered when it shows the next turn."""

    def press(turn: str) -> str:
        ear.say(command, turn=turn, **fields)
        while True:
            frame = ear.next(20)
            if 'id="answer"' in frame.data:
                return "told"
            if frame.state["turn"] != turn:
                return "shown"

    return press


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Whatever is put here is hung up when the test is over."""
    with ExitStack() as stack:
        yield stack


@TIMES
def test_one_of_nine_passes_the_turn(server: Server, opened: ExitStack, times: int) -> None:
    """Eight tabs of the active player and the host's switch of the same turn, all at once.

    The turn grows by exactly one each time, the others are told politely, and the ledger agrees.
    """
    code, (host, guest) = start(server.url, 2, starting_minutes=60)
    # The host holds seat 1; that it may switch for anybody matters while seat 2 is active.
    people = {"1": host, "2": guest}
    crews = {number: crew(opened, code, person, host) for number, person in people.items()}
    roads: Counter[str] = Counter()
    state = host.get(f"/games/{code}").state
    for _ in range(times):
        turn, active = state["turn"], state["active-seat"]
        answers = crews[active].press(turn)
        roads.update(answers)
        assert {"200", "204", "303", "shown", "told"} >= set(answers)
        state = host.get(f"/games/{code}").state
        assert int(turn) + 1 == int(state["turn"])
        assert active != state["active-seat"]
    for one in crews.values():
        one.press("")
    assert (TABS + 1) * times == roads.total()
    assert times == len(passes(server, code))


def crew(opened: ExitStack, code: str, person: Person, host: Person) -> Tabs:
    """Eight tabs of a holder and one of the host's."""
    ears = [person.plug_in(code) for _ in range(TABS // 2)]
    for ear in ears:
        opened.callback(ear.close)
    presses = [by_form(person, code, "pass-turn") for _ in ears]
    presses += [by_socket(ear, "pass-turn") for ear in ears]
    return Tabs([*presses, switch(host, code)])


def switch(host: Person, code: str) -> Callable[[str], str]:
    """The host's tab: it gives the turn to whoever does not have it (odd turns are seat 1's)."""

    def press(turn: str) -> str:
        seat = 2 if int(turn) % 2 else 1
        return by_form(host, code, "switch-turn", seat=seat)(turn)

    return press


def passes(server: Server, code: str) -> list[str]:
    """The entries that ended a turn, as committed; the whole ledger folds to the table."""
    database = Path(server.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        asked = "select entry from ledger where code = ? order by seq"
        beginning, *rows = [row[0] for row in opened.execute(asked, (code,))]
        ((state,),) = opened.execute("select state from games where code = ?", (code,))
    entries = [decode_entry(row) for row in rows]
    assert decode_game(state) == fold(decode_game(beginning), entries)
    return [e.event for e in entries if e.event in ("turn-passed", "turn-switched")]


def test_the_log_of_a_race_is_calm(server: Server, opened: ExitStack) -> None:
    """A late tap is no error, and is not counted as one."""
    code, (host, guest) = start(server.url, 2)
    tabs = crew(opened, code, host, host)
    tabs.press("1")
    tabs.press("")
    assert guest.get(f"/games/{code}").state["turn"] == "2"
    lines = [json.loads(line) for line in server.log.read_text().split("\n") if line[:1] == "{"]
    assert [] == [line for line in lines if line["level"] in ("warning", "error", "critical")]
