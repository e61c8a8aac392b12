"""What one tap costs, counted: so that nobody makes it dearer without noticing."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.channel.mailbox import Mailbox
from tests.asked import statements
from tests.channel.in_process import House

TAP = ["BEGIN IMMEDIATE", "UPDATE games SET", "INSERT INTO ledger", "COMMIT"]
"""What one tap asks of the database."""

OF_THE_CLIENT = 6
"""So many objects each request of the tests' own client leaves in a cycle: its Request."""


def told(asked: list[str]) -> list[str]:
    """The first words of each statement."""
    return [" ".join(statement.split()[:3]) for statement in asked]


@dataclass
class Evening:
    """Four phones that listen to their running game, everything older read."""

    house: House
    code: str
    people: list[FlaskClient]
    boxes: list[Mailbox]

    def tap(self, who: int, command: str, **fields: Any) -> list[bytes]:
        """One press on a phone, by HTMX; what each of the four screens is sent for it."""
        at_home = self.people[who - 1]
        headers = {"HX-Request": "true"}
        path = f"/games/{self.code}/{command}"
        assert at_home.post(path, data=fields, headers=headers).status_code == 204
        return self.heard()

    def heard(self) -> list[bytes]:
        """What each screen that was woken is sent."""
        return [self.house.hub.next(box) for box in self.boxes if box.wait(0)]

    def counts(self) -> tuple[int, int]:
        """Renderings of a change, and of single pieces, so far."""
        board = self.house.hub.board(self.code)
        assert board is not None
        return board.paintings, board.painted


@pytest.fixture
def evening(house: House) -> Evening:
    """Four phones, all in front of the newest table."""
    code, people = house.sit_down(4)
    house.later(60_000)
    boxes = [house.listen(code, person) for person in people]
    found = Evening(house, code, people, boxes)
    for box in boxes:
        house.hub.first(box)
    found.heard()
    house.later(5_000)
    return found


def test_a_tap_leaves_no_garbage(evening: Evening) -> None:
    """What lies in cycles is found by a collection alone, and while it looks every table waits."""
    fields = [{"turn": turn, "grant": turn} for turn in range(1, 13)]
    for one in fields[:4]:  # what is made once is made
        evening.tap((one["turn"] - 1) % 4 + 1, "pass-turn", **one)
    gc.collect()
    gc.disable()
    try:
        for one in fields[4:]:
            evening.tap((one["turn"] - 1) % 4 + 1, "pass-turn", **one)
        assert gc.collect() <= OF_THE_CLIENT * len(fields[4:])
    finally:
        gc.enable()


def test_passing_the_turn(evening: Evening) -> None:
    """One painting serves all four; a phone more costs only the bytes it is sent."""
    paintings, painted = evening.counts()
    with statements() as asked:
        frames = evening.tap(1, "pass-turn", turn=1, grant=1)
    # The head, the clock that stopped, the clock that starts; what may be taken back; "+0:30".
    assert (paintings + 1, painted + 5) == evening.counts()
    assert told(asked) == TAP
    assert len(frames) == 4
    assert all(frame is frames[0] for frame in frames)
    assert len(frames[0]) <= 1_800, len(frames[0])


def test_a_life_tap(evening: Evening) -> None:
    """The most frequent press of an evening touches one seat and sends little else."""
    paintings, painted = evening.counts()
    with statements() as asked:
        frames = evening.tap(3, "adjust-life", by=-1)
    assert (paintings + 1, painted + 3) == evening.counts()
    assert told(asked) == TAP
    assert len(frames) == 4
    assert all(frame is frames[0] for frame in frames)
    assert len(frames[0]) <= 1_250, len(frames[0])


def test_a_refused_tap(evening: Evening) -> None:
    """Who presses at the wrong moment costs the table nothing at all."""
    before = evening.counts()
    path = f"/games/{evening.code}/pass-turn"
    with statements() as asked:
        assert evening.people[1].post(path).status_code == 403
        assert evening.people[0].post(path, data={"turn": 7}).status_code == 303
    assert ([], []) == (asked, evening.heard())
    assert before == evening.counts()


def test_taps_before_a_screen_looks_again(evening: Evening) -> None:
    """A slow screen is sent what holds now, once, not the story of how it came to hold."""
    path = f"/games/{evening.code}/adjust-life"
    for _ in range(5):
        evening.people[0].post(path, data={"by": "-1"})
    frames = evening.heard()
    assert (4, [b"", b"", b"", b""]) == (
        len(frames),
        [evening.house.hub.next(b) for b in evening.boxes],
    )
    assert b'data-life="35"' in frames[0]
    assert frames[0].count(b"event: table") == 1
    # The head, the seat, and what may be taken back.
    assert frames[0].count(b" hx-swap-oob=") == 3


def test_other_tables_hear_nothing(evening: Evening) -> None:
    """A hundred tables on one server: a press wakes the phones of its own."""
    code, people = evening.house.sit_down(2)
    others = [evening.house.listen(code, person) for person in people]
    for box in others:
        evening.house.hub.first(box)
        box.wait(0)
    board = evening.house.hub.board(code)
    assert board is not None
    before = (board.paintings, board.painted)
    assert len(evening.tap(1, "pass-turn")) == 4
    assert [False, False] == [box.wait(0) for box in others]
    assert before == (board.paintings, board.painted)


def test_nobody_listens(house: House) -> None:
    """A table played without a single open channel is not painted for nobody."""
    code, people = house.sit_down(4)
    assert people[0].post(f"/games/{code}/pass-turn").status_code == 303
    assert house.hub.board(code) is None
    assert house.hub.channels() == 0


def test_a_room_is_left_clean(evening: Evening) -> None:
    """A server that runs for months must not keep anything of tables that nobody watches."""
    for box in evening.boxes:
        evening.house.hub.leave(box)
        evening.house.hub.leave(box)
    assert evening.house.hub.channels() == 0
    assert evening.house.hub.board(evening.code) is None


def test_two_languages(evening: Evening) -> None:
    """A table is painted once for each language that is read there, and no more often."""
    evening.boxes[3].language = "de"
    first = evening.house.hub.next(evening.boxes[3])
    assert b"" == first  # it has the newest version, whichever language it was in
    hub, code = evening.house.hub, evening.code
    german = hub.board(code, "de")
    assert german is not None
    before = evening.counts(), (german.paintings, german.painted)
    frames = evening.tap(1, "pass-turn", turn=1, grant=1)
    (paintings, painted), (paintings_de, painted_de) = before
    assert (paintings + 1, painted + 5) == evening.counts()
    assert (paintings_de + 1, painted_de + 5) == (german.paintings, german.painted)
    assert frames[0] is frames[1] is frames[2]
    assert b"<h1>Turn 2</h1>" in frames[0]
    assert b"<h1>Zug 2</h1>" in frames[3]
    hub.leave(evening.boxes[3])
    assert (None, True) == (hub.board(code, "de"), hub.board(code) is not None)
