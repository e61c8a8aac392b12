"""One line, on a real pair of sockets: what counts as heard, when it was said, what it may cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gevent
import pytest
from gevent import socket
from simple_websocket import Server
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage

from app.channel.line import LARGEST_MESSAGE_BYTES, SOCKET_OPTIONS, Line

HANDSHAKE = {
    "HTTP_HOST": "-",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_UPGRADE": "websocket",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
}
NOON = 1_790_000_000_000


@dataclass
class Call:
    """Both ends of a line, and the clock between them."""

    at: int = NOON
    pokes: int = 0
    line: Line = field(init=False)
    ours: Any = field(init=False)
    phone: Any = field(init=False)
    #: The protocol as the phone speaks it.
    says: Connection = field(default_factory=lambda: Connection(ConnectionType.CLIENT))

    def __post_init__(self) -> None:
        self.ours, self.phone = socket.socketpair()
        ws = Server({"werkzeug.socket": self.ours, **HANDSHAKE}, **SOCKET_OPTIONS)
        self.phone.recv(65536)
        self.line = Line(ws, lambda: self.at, self.poke)

    def poke(self) -> None:
        """There is something to do."""
        self.pokes += 1

    def send(self, *events: Any) -> None:
        """Say all of it in one breath, and let it arrive."""
        self.raw(b"".join(self.says.send(event) for event in events))

    def raw(self, data: bytes) -> None:
        """The same for bytes as they are."""
        self.phone.sendall(data)
        gevent.sleep(0.01)

    def heard(self) -> list[Any]:
        """What the phone heard."""
        self.line.send(b"")
        gevent.sleep(0.01)
        self.says.receive_data(self.phone.recv(65536))
        return list(self.says.events())

    def texts(self) -> list[str]:
        """The messages that arrived."""
        return [message.text for message in self.line.take()]


@pytest.fixture
def call() -> Iterator[Call]:
    """An open line."""
    made = Call()
    yield made
    made.line.hang_up()
    made.phone.close()
    made.ours.close()


def frame(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """A masked frame (by zeros) with a payload of at most 125 bytes."""
    return bytes([opcode | (0x80 if fin else 0), 0x80 | len(payload)]) + bytes(4) + payload


# ---- round trips


def test_a_pong_that_was_asked_for_tells_the_round_trip(call: Call) -> None:
    """Smoothed as in TCP: one long way to the router does not count as the phone's distance."""
    assert call.line.round_trip_ms is None
    for took_ms, known in ((80, 80.0), (160, 90.0), (90, 90.0)):
        assert call.line.ping()
        (ping,) = call.heard()
        call.at += took_ms
        call.send(Pong(ping.payload))
        assert known == call.line.round_trip_ms


@pytest.mark.parametrize("payload", [b"", b"forged", bytes(8)])
def test_a_pong_nobody_asked_for_tells_nothing(call: Call, payload: bytes) -> None:
    """A phone cannot shorten its own way, nor lengthen it, nor stay without answering."""
    call.send(Pong(payload))
    assert call.line.ping()
    call.at += 5
    call.send(Pong(payload))
    assert call.line.round_trip_ms is None
    assert not call.line.ping()


def test_an_answer_counts_once(call: Call) -> None:
    """The same pong again, much later, is no second round trip."""
    call.line.ping()
    (ping,) = call.heard()
    call.at += 40
    call.send(Pong(ping.payload))
    call.at += 4_000
    call.send(Pong(ping.payload))
    assert 40.0 == call.line.round_trip_ms


# ---- the instant


@pytest.mark.parametrize(("pause_ms", "counts_from"), [(300, 0), (1_000, 0), (6_000, 5_000)])
@pytest.mark.parametrize("torn", [False, True])
def test_a_message_in_pieces_counts_from_its_first_byte(
    call: Call, torn: bool, pause_ms: int, counts_from: int
) -> None:
    """But it cannot be held back for long: at most the last second is nobody's."""
    if torn:
        whole = frame(1, b"tap")
        first, rest = whole[:7], whole[7:]
    else:
        first, rest = frame(1, b"t", fin=False), frame(0, b"ap")
    call.raw(first)
    call.at += pause_ms
    call.raw(rest)
    (message,) = call.line.take()
    assert ("tap", NOON + counts_from) == (message.text, message.at)


def test_a_beginning_in_the_breath_of_another_message(call: Call) -> None:
    """The second of two taps has not arrived later because the first was whole before it."""
    second = frame(1, b"two")
    call.raw(frame(1, b"one") + second[:7])
    call.at += 300
    call.raw(second[7:])
    assert [("one", NOON), ("two", NOON)] == [(m.text, m.at) for m in call.line.take()]


def test_a_sign_of_life_between_holds_nothing_back(call: Call) -> None:
    """Pings between two taps do not make the second one older."""
    call.send(Ping(b"x"))
    call.at += 5_000
    call.send(TextMessage("tap"))
    assert [NOON + 5_000] == [message.at for message in call.line.take()]


def test_what_waits_is_stamped_all_the_same(call: Call) -> None:
    """A tap is judged by its arrival, however long the line's own greenlet was busy."""
    call.send(TextMessage("tap"))
    call.at += 9_000
    assert [NOON] == [message.at for message in call.line.take()]


# ---- the end


@pytest.mark.parametrize(
    ("last_words", "code"),
    [
        (frame(8, b"\x03\xe8"), 1000),
        (frame(2, b"binary"), 1003),
        (frame(1, b"\xff"), 1007),
        (frame(3, b""), 1002),
        (frame(0, b"of what?"), 1002),
        (frame(9, b"", fin=False), 1002),
        (frame(8, b"\x01"), 1002),
        (frame(8, b"\x03\xed"), 1002),
        (b"\x81\x03tap", 1002),  # a client's frames are masked
        (b"\xc1\x80" + bytes(4), 1002),  # packed, which nobody agreed on
        (b"\x81\xff" + b"\xff" * 8, 1002),
    ],
)
def test_what_follows_the_end_is_not_heard(call: Call, last_words: bytes, code: int) -> None:
    """A command behind a goodbye, or behind nonsense, is nobody's command any more."""
    call.raw(frame(1, b"before") + last_words + frame(1, b"behind"))
    assert call.line.ended
    call.raw(frame(1, b"later"))
    assert ["before"] == call.texts()
    (goodbye,) = call.heard()
    assert isinstance(goodbye, CloseConnection)
    assert code == goodbye.code


def test_goodbye_is_said_once(call: Call) -> None:
    """Whoever was told farewell is not told again, and is sent nothing more."""
    call.send(BytesMessage(b"x"))
    call.line.goodbye(1012, "later")
    call.line.send(b"\x81\x04late")
    assert [1003] == [event.code for event in call.heard()]


def test_a_phone_that_hangs_up_is_noticed(call: Call) -> None:
    """Somebody waits for the line's end."""
    call.phone.close()
    gevent.sleep(0.01)
    assert call.line.ended
    assert 1 == call.pokes


# ---- what it may cost

ENDLESS = {
    "messages": frame(1, b"tap"),
    "pings": frame(9, b"x" * 100),
    "large messages": frame(1, b"x" * 125),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_nobody_fills_our_memory(call: Call, what: str) -> None:
    """A phone that talks and never listens is left alone soon: it waits, not we."""
    call.phone.setblocking(False)
    for _ in range(200):
        try:
            call.phone.send(ENDLESS[what] * 90)
        except BlockingIOError:
            break
        gevent.sleep(0.001)
    else:
        pytest.fail("two megabytes were taken in")
    call.line.take()
    call.line.send(b"")
    gevent.sleep(0.01)
    assert 0 < call.phone.send(ENDLESS[what] * 90)


def test_empty_pieces_without_an_end_cost_nothing(call: Call) -> None:
    """A message of nothing at all, in a hundred thousand pieces, is kept as nothing."""
    call.raw(frame(1, b"", fin=False))
    for _ in range(100):
        call.raw(frame(0, b"", fin=False) * 1_000)
    assert not call.line._text
    call.raw(frame(0, b"tap"))
    assert ["tap"] == call.texts()


@pytest.mark.parametrize("over", [0, 1])
def test_pieces_are_summed(call: Call, over: int) -> None:
    """64 KB are the limit of the whole message, not of a frame."""
    size = LARGEST_MESSAGE_BYTES // 4
    for number in range(4):
        text = "x" * (size + over * (number == 3))
        call.send(TextMessage(text, message_finished=number == 3))
        gevent.sleep(0.02)
    assert bool(over) == call.line.ended
    if over:
        (goodbye,) = call.heard()
        assert (1009, "That is too much at once: 64 KB are the limit.") == (
            goodbye.code,
            goodbye.reason,
        )
    else:
        assert [4 * size] == [len(text) for text in call.texts()]
