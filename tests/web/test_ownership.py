"""Rules, section 10, at the front door: every cell of the permission table, over both roads.

The lines are those the judge is asked; here a real server is, by form and by socket. Who asks is
what the session says, whatever else is sent.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app.game.commands import COMMANDS
from app.settings import Settings
from app.storage import codec
from app.table.message import Message
from app.web.messages import NOT_UNDERSTOOD
from tests.channel.in_process import House, housed
from tests.conftest import Server
from tests.game.permission_lines import (
    COLUMNS,
    LINES,
    PLAYED,
    TABLE,
    Line,
    refused_for,
)
from tests.person import Person, sentence_in
from tests.socket_line import SocketEar

Laid = tuple[str, dict[str, SocketEar]]
"""A table, and everybody's open socket there by column."""

ROADS = ("form", "socket")
AWAY = "host away"
"""The one scene for which five minutes must pass: it is asked in this process."""

CHOOSING = "choosing"
PLAYING: dict[str, Any] = {"starting_minutes": 60, "bonus_seconds": 0, "round_minutes": 80}
GRACE: dict[str, Any] = {"timeout_grace_seconds": 300}


class Front:
    """The tables that are asked about, and the cast that asks."""

    def __init__(self, server: Server, opened: ExitStack) -> None:
        self.url = server.url
        self.people = {column: Person(server.url) for column in COLUMNS}
        for person in self.people.values():
            person.get("/")
        self._opened = opened
        self._database = Path(server.environment["DATABASE_URL"].removeprefix("sqlite:///"))
        self._shared: dict[str, Laid] = {}
        self._choosing: list[str] = []

    def stored(self, code: str) -> tuple[int, str]:
        """A table as it rests on disk: its version and all of its state."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            asked = database.execute("select version, state from games where code = ?", (code,))
            version, state = asked.fetchone()
            return version, state

    def lay(self, scene: str) -> str:
        """A table at which the line's command makes sense for whoever may."""
        if scene == CHOOSING:
            if not self._choosing:
                self._choosing = self._let_time_run_out(5)
            return self._choosing.pop()
        settings: dict[str, Any] = {"mode": "campaign"} if scene == "round over" else {}
        code = self._sit_down(**(settings or PLAYING))
        if scene in ("waiting", "free seat"):
            if scene == "free seat":
                self._play(code, "add-seat", "host")
            return code
        self._play(code, "start", "host")
        if scene in ("finished", "round over"):
            winner = "draw" if scene == "finished" else 1
            self._play(code, "finish", "host", winner=winner, confirm="yes")
            return code
        self._play(code, "pass-turn", "host")
        columns = {client: column for column, client in COLUMNS.items()}
        for command, client, fields in PLAYED[scene]:
            self._play(code, command, columns[client], **fields)
        return code

    def shared(self, scene: str) -> Laid:
        """One table for all that is refused there: nothing of it changes."""
        if scene not in self._shared:
            code = self.lay(scene)
            self._shared[scene] = code, {column: self.plug_in(code, column) for column in COLUMNS}
        return self._shared[scene]

    def plug_in(self, code: str, column: str) -> SocketEar:
        """Somebody's socket at a table; hung up in the end."""
        ear = self.people[column].plug_in(code)
        self._opened.callback(ear.close)
        ear.next()
        return ear

    def _sit_down(self, **settings: Any) -> str:
        made = self.people["host"].post("/games", players=3, **settings)
        assert made.status == 303, made.text
        code = made.headers["location"].rsplit("/", 1)[1]
        for number, column in enumerate(("host", "own", "other"), 1):
            self._play(code, "claim-seat", column, seat=number)
        return code

    def _let_time_run_out(self, tables: int) -> list[str]:
        """Tables at which seat 2 has to choose: it had one second, and five minutes to choose."""
        codes = [self._sit_down(**PLAYING, **GRACE) for _ in range(tables)]
        for code in codes:
            self._play(code, "start", "host")
            self._play(code, "take-time", "host", seat=2, minutes=60)
            self._play(code, "pass-turn", "host")
        latest = time.monotonic() + 10
        for code in codes:
            version = 7  # three sat down, three commands, and the clock
            while self.stored(code)[0] < version:
                assert time.monotonic() < latest
                time.sleep(0.05)
        return codes

    def _play(self, code: str, command: str, column: str, **fields: Any) -> None:
        answer = self.people[column].post(f"/games/{code}/{command}", **fields)
        assert answer.status == 303, (command, answer.text)


@pytest.fixture(scope="module")
def front(server: Server) -> Iterator[Front]:
    """The tables of this file; behind the answers nothing may have gone wrong either."""
    with ExitStack() as opened:
        yield Front(server, opened)
    assert '"level": "error"' not in server.log.read_text()


def hears(ear: SocketEar, version: int) -> list[str]:
    """The sentences that reached this screen up to now; what else did shows the same table."""
    ear.send("[]")
    sentences: list[str] = []
    while NOT_UNDERSTOOD not in sentences:
        frame = ear.next()
        assert str(version) == frame.state["version"]
        if 'id="answer"' in frame.data:
            sentences.append(sentence_in(frame.data))
    return sentences[:-1]


def is_allowed(line: Line, column: str) -> bool:
    """What the cell says."""
    return column in line.allowed.split()


CELLS = [
    pytest.param(name, line, column, id=f"{name}-{line.scene}-{column}")
    for name, line in LINES
    for column in COLUMNS
]
AT_THE_SERVER = [cell for cell in CELLS if AWAY not in str(cell.id)]
IN_THIS_PROCESS = [cell for cell in CELLS if AWAY in str(cell.id)]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(("name", "line", "column"), AT_THE_SERVER)
def test_a_cell_of_the_table(front: Front, road: str, name: str, line: Line, column: str) -> None:
    """Allowed means done, by one version; refused means a sentence to the asker and nothing else.

    A refusal is on no other screen, and the table on disk is what it was, to the letter.
    """
    if is_allowed(line, column):
        _is_done(front, road, name, line, column)
    else:
        _is_refused(front, road, name, line, column)


def _is_done(front: Front, road: str, name: str, line: Line, column: str) -> None:
    code = front.lay(line.scene)
    if name == "share-seat":  # of somebody who is there the seat is nobody's to share
        assert front.people["own"].post(f"/games/{code}/leave-seat").status == 303
    version, _ = front.stored(code)
    if road == "form":
        answer = front.people[column].send(f"/games/{code}/{name}", line.fields, {})
        assert answer.status == 303, answer.text
    else:
        ear = front.plug_in(code, column)
        ear.say(name, **line.fields)
        ear.until(version + 1)
        ear.close()
    assert version + 1 == front.stored(code)[0]


def _is_refused(front: Front, road: str, name: str, line: Line, column: str) -> None:
    code, ears = front.shared(line.scene)
    before = front.stored(code)
    if road == "form":
        answer = front.people[column].post(f"/games/{code}/{name}", hx=True, **line.fields)
        status = 403 if refused_for(name, column) == "not-yours" else 409
        assert status == answer.status, answer.text
        told = [sentence_in(answer.text)]
    else:
        ears[column].say(name, **line.fields)
        told = hears(ears[column], before[0])
    assert 1 == len(told)
    assert told[0].endswith(".")
    heard = {other: len(hears(ear, before[0])) for other, ear in ears.items()}
    assert dict.fromkeys(COLUMNS, 0) == heard
    assert before == front.stored(code)


# ---- the host is away: five minutes, on a clock of the test's own


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The app in this process."""
    with housed(settings) as made:
        yield made


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(("name", "line", "column"), IN_THIS_PROCESS)
def test_a_cell_while_the_host_is_away(
    house: House, road: str, name: str, line: Line, column: str
) -> None:
    """The host's place is taken by a holder only, and only once the host has been away."""
    code, people = house.sit_down(3)
    cast = dict(zip(COLUMNS, [*people, house.app.test_client()], strict=True))
    boxes = {other: house.listen(code, cast[other]) for other in ("host", "own", "other")}
    house.hub.leave(boxes["host"])
    house.later(300_000)
    version = house.app.extensions["table"].look(code).version
    if road == "form":
        status = cast[column].post(f"/games/{code}/{name}", data=line.fields).status_code
        done = status == 303
        assert done or status == (409 if column == "host" else 403)
    else:
        cast[column].get("/")
        with cast[column].session_transaction() as session:
            client = session["id"]
        message = Message(json.dumps({"command": name, **line.fields}), house.at)
        with house.app.test_request_context():
            reply = house.app.extensions["socket_carry_out"](code, message, client)
        done = reply.pieces is None
        assert done or sentence_in("".join(reply.pieces)).endswith(".")
    assert is_allowed(line, column) == done
    assert version + done == house.app.extensions["table"].look(code).version


# ---- who asks is what the session says


def refuses_all(
    front: Front,
    road: str,
    person: Person,
    fields: Callable[[str, Line], dict[str, Any] | None],
    *statuses: int,
) -> None:
    """Every command, at a table where it makes sense, is refused to this browser."""
    plugged: dict[str, SocketEar] = {}
    with ExitStack() as opened:
        for name, line in TABLE.items():
            given = fields(name, line)
            if line.scene == AWAY or given is None:
                continue
            code, _ = front.shared(line.scene)
            before = front.stored(code)
            if road == "form":
                answer = person.post(f"/games/{code}/{name}", hx=True, **given)
                assert answer.status in statuses, (name, answer.status, answer.text)
                told = sentence_in(answer.text)
            else:
                if code not in plugged:
                    plugged[code] = person.plug_in(code)
                    opened.callback(plugged[code].close)
                plugged[code].say(name, **given)
                told = plugged[code].told()
            assert told.endswith("."), (name, told)
            assert before == front.stored(code), name


def as_written(name: str, line: Line) -> dict[str, Any] | None:
    """The line's own fields; anybody may sit down, so that is not asked."""
    return None if name == "claim-seat" else dict(line.fields)


def with_a_lent_seat(name: str, line: Line) -> dict[str, Any] | None:
    """A seat in a field of a command that has no such field; None where it has one."""
    takes_seat = "seat" in COMMANDS[name].__dataclass_fields__
    return None if takes_seat else {**line.fields, "seat": 2}


def with_a_lent_hand(_name: str, line: Line) -> dict[str, Any]:
    """Acting for seat 2, which is nobody's to act for but its holder's."""
    return {**line.fields, "as": 2}


@pytest.mark.parametrize("road", ROADS)
def test_a_cookie_that_another_key_signed(front: Front, road: str) -> None:
    """The host's own id, signed by somebody else: a stranger."""
    cookie = front.people["host"].cookies["tarp"]
    payload = cookie.split(".", 1)[0]
    known = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    forger = Flask("forger")
    forger.secret_key = "a key that only a forger uses"
    signer = SecureCookieSessionInterface().get_signing_serializer(forger)
    assert signer is not None
    forged = Person(front.url, {"tarp": str(signer.dumps(known))})
    if road == "socket":
        forged.get("/")
    refuses_all(front, road, forged, as_written, 403)


@pytest.mark.parametrize("cookie", ["", "nonsense", "e30.x.y"])
@pytest.mark.parametrize("road", ROADS)
def test_a_cookie_of_nobody(front: Front, road: str, cookie: str) -> None:
    """Without an id, or with half of one, a browser is an onlooker."""
    nobody = Person(front.url, {"tarp": cookie} if cookie else {})
    refuses_all(front, road, nobody, as_written, 403)


@pytest.mark.parametrize("road", ROADS)
def test_the_host_of_another_game(front: Front, road: str) -> None:
    """To hold a seat and the host's place somewhere is to hold nothing here."""
    guest = Person(front.url)
    code = guest.post("/games", players=3).headers["location"].rsplit("/", 1)[1]
    assert guest.post(f"/games/{code}/claim-seat", seat=2).status == 303
    refuses_all(front, road, guest, as_written, 403)


@pytest.mark.parametrize("column", ["host", "other", "onlooker"])
@pytest.mark.parametrize("road", ROADS)
def test_a_seat_named_in_as_is_not_acted_for(front: Front, road: str, column: str) -> None:
    """The field is for shared seats, from the table device: it opens nobody else's."""
    refuses_all(front, road, front.people[column], with_a_lent_hand, 403)


@pytest.mark.parametrize("column", ["other", "onlooker"])
@pytest.mark.parametrize("road", ROADS)
def test_a_seat_named_where_none_is_asked(front: Front, road: str, column: str) -> None:
    """A field that a command does not have is complained about, never used."""
    refuses_all(front, road, front.people[column], with_a_lent_seat, 403, 422)


@pytest.mark.parametrize("road", ROADS)
def test_what_is_done_without_a_seat_is_done_with_the_own(front: Front, road: str) -> None:
    """The seat that gives up is the one the session sits on."""
    code = front.lay("running")
    version, _ = front.stored(code)
    other = front.people["other"]
    if road == "form":
        other.post(f"/games/{code}/concede")
    else:
        ear = front.plug_in(code, "other")
        ear.say("concede")
        ear.until(version + 1)
    game = codec.decode_game(front.stored(code)[1])
    assert [3] == [number for number, seat in game.seats.items() if seat.out]
