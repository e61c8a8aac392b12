"""A table as the driver sees it: its phones, and the state its newest frame told."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.load.stream import Stream
from tests.load.wire import COOKIE, Answer, Desk, press

DESKS = 8
STATE = re.compile(rb'<div id="state"[^>]*>')
ATTRIBUTE = re.compile(rb' data-([a-z-]+)="([^"]*)"')
CHANNEL = re.compile(rb' sse-connect="([^"]+)"')


class State(NamedTuple):
    """What a tap needs to know."""

    version: int
    turn: int
    grant: int
    active: int


def read_state(painted: bytes) -> State:
    """The state a page or a frame shows, by the attributes that are promised to stay."""
    found = STATE.search(painted)
    if found is None:
        raise ValueError(f"no #state in {painted[:200]!r}")
    told = dict(ATTRIBUTE.findall(found[0]))
    return State(
        int(told[b"version"]),
        int(told[b"turn"]),
        int(told[b"grant"]),
        int(told[b"active-seat"] or 0),
    )


class Phone:
    """One seat's browser."""

    __slots__ = ("channel", "cookie", "head", "seat", "stream", "version")

    def __init__(self, seat: int) -> None:
        self.seat = seat
        self.cookie = ""
        #: The address of its channel, as its page says it.
        self.channel = ""
        #: What it sends before the body of a tap.
        self.head = ""
        self.stream: Stream | None = None
        self.version = -1


@dataclass
class Table:
    """One game under load."""

    code: str
    phones: list[Phone]
    state: State = field(default_factory=lambda: State(-1, 0, 0, 0))


def seat_all(port: int, games: int, phones: int) -> list[Table]:
    """Create the games, seat every phone and start; each phone has opened its page."""
    desks = [Desk(port) for _ in range(min(DESKS, games))]
    with ThreadPoolExecutor(len(desks)) as hands:

        def play(number: int) -> list[Table]:
            return [_seat(desks[number], port, phones) for _ in range(number, games, len(desks))]

        tables = [table for each in hands.map(play, range(len(desks))) for table in each]
    for desk in desks:
        desk.close()
    return tables


def listen_all(port: int, tables: list[Table]) -> None:
    """Every phone opens its channel and has heard from it."""
    phones = [phone for table in tables for phone in table.phones]
    with ThreadPoolExecutor(DESKS) as hands:

        def listen(phone: Phone) -> None:
            phone.stream = Stream(port, phone.channel, phone.cookie)
            phone.stream.wait()

        # The list is what makes the first failure speak.
        list(hands.map(listen, phones))


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
    _sure(desk.post(f"{path}/start", host.cookie))
    table = Table(code, phones)
    for phone in phones:
        page = _sure(desk.get(path, phone.cookie)).body
        channel = CHANNEL.search(page)
        assert channel is not None, page[:300]
        phone.channel = html.unescape(channel[1].decode())
        table.state = read_state(page)
    return table


def _sure(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise ConnectionError(f"the server answered {answer.head[:40]!r} {answer.body[:300]!r}")
    return answer


def _cookie(answer: Answer) -> str:
    found = COOKIE.search(answer.head)
    assert found is not None, answer.head
    return found[1].decode()
