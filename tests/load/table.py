"""A table as the driver sees it: its phones, and the state its newest frame told."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.load.channel import Channel
from tests.load.socket_stream import SocketStream
from tests.load.stream import Stream
from tests.load.wire import COOKIE, Answer, Desk, press, pressed

DESKS = 16
STATE = b'<div id="state"'
CHANNEL = re.compile(rb' sse-connect="([^"]+)"')
CHANNELS = {"sse": Stream, "socket": SocketStream}


class State(NamedTuple):
    """What a tap needs to know."""

    version: int
    turn: int
    grant: int
    active: int


def read_state(painted: bytes) -> State:
    """The state a page or a frame shows, by the attributes that are promised to stay."""
    start = painted.find(STATE)
    if start < 0:
        raise ValueError(f"no #state in {painted[:200]!r}")
    told = painted[start : painted.index(b">", start)]
    return State(
        _number(told, b' data-version="'),
        _number(told, b' data-turn="'),
        _number(told, b' data-grant="'),
        _number(told, b' data-active-seat="'),
    )


def _number(told: bytes, name: bytes) -> int:
    begin = told.index(name) + len(name)
    return int(told[begin : told.index(b'"', begin)] or 0)


class Phone:
    """One seat's browser."""

    __slots__ = ("channel", "cookie", "head", "seat", "stream", "tail")

    def __init__(self, seat: int) -> None:
        self.seat = seat
        self.cookie = ""
        #: The address of its channel, as the first game's page says it.
        self.channel = ""
        #: What it sends before the body of a tap by form, and behind the fields of one by socket.
        self.head = ""
        self.tail = b""
        self.stream: Channel | None = None


@dataclass
class Table:
    """One game under load."""

    code: str
    phones: list[Phone]
    state: State = field(default_factory=lambda: State(-1, 0, 0, 0))

    def learn(self, _before: int, version: int, news: bytes) -> None:
        """Take over what a frame tells."""
        if version > self.state.version:
            self.state = read_state(news)


def seat_all(port: int, games: int, phones: int) -> list[Table]:
    """Create the games, seat every phone and start.

    A page costs the server more than all that together, and leaves nothing behind in it: so one is
    opened, and tells how the address of a channel is written.
    """
    first = _seat(Desk(port), port, phones)
    host = first.phones[0]
    page = _sure(Desk(port).get(f"/games/{first.code}", host.cookie)).body
    told = CHANNEL.search(page)
    assert told is not None, page[:300]
    # Who the page was painted for differs from phone to phone, and may be left out.
    address = re.sub(r"&you=[^&]*", "", html.unescape(told[1].decode()))
    tables = [first, *_seat_others(port, games - 1, phones)]
    for table in tables:
        for phone in table.phones:
            phone.channel = address.replace(first.code, table.code)
    return tables


def _seat_others(port: int, games: int, phones: int) -> list[Table]:
    if not games:
        return []
    desks = [Desk(port) for _ in range(min(DESKS, games))]
    with ThreadPoolExecutor(len(desks)) as hands:

        def play(number: int) -> list[Table]:
            return [_seat(desks[number], port, phones) for _ in range(number, games, len(desks))]

        tables = [table for each in hands.map(play, range(len(desks))) for table in each]
    for desk in desks:
        desk.close()
    return tables


def listen_all(port: int, tables: list[Table], kinds: tuple[str, ...] = ("sse",)) -> list[Channel]:
    """Every phone opens its channel and has heard from it; one after the other of these kinds."""
    seats = [(table, phone) for table in tables for phone in table.phones]
    with ThreadPoolExecutor(DESKS) as hands:

        def listen(number: int) -> Channel:
            table, phone = seats[number]
            kind = kinds[number % len(kinds)]
            path = phone.channel.replace("/events?", f"/{'events' if kind == 'sse' else kind}?")
            phone.stream = CHANNELS[kind](port, path, phone.cookie, table.learn)
            phone.stream.wait()
            return phone.stream

        return list(hands.map(listen, range(len(seats))))


def _seat(desk: Desk, port: int, count: int) -> Table:
    phones = [Phone(seat) for seat in range(1, count + 1)]
    host = phones[0]
    made = _sure(desk.post("/games", "", f"players={count}"))
    host.cookie = _cookie(made)
    where = re.search(rb"\r\nlocation: *(?:http://[^/]+)?(/games/(\w+))", made.head, re.IGNORECASE)
    assert where is not None, made.head
    path, code = where[1].decode(), where[2].decode()
    for phone in phones:
        sat = _sure(desk.post(f"{path}/claim-seat", phone.cookie, f"seat={phone.seat}"))
        phone.cookie = phone.cookie or _cookie(sat)
        phone.head = press(port, f"{path}/pass-turn", phone.cookie)
        phone.tail = pressed(port, path)
    _sure(desk.post(f"{path}/start", host.cookie))
    return Table(code, phones)


def _sure(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise ConnectionError(f"the server answered {answer.head[:40]!r} {answer.body[:300]!r}")
    return answer


def _cookie(answer: Answer) -> str:
    found = COOKIE.search(answer.head)
    assert found is not None, answer.head
    return found[1].decode()
