"""Odd handshakes, odd messages, odd frames: a sentence or a goodbye, and a server that serves.

The cases are drawn by hypothesis and sent to a real server; many times as many in the soak.
"""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from app.game.commands import COMMANDS
from tests.conftest import Server
from tests.odd import JSON_BODY, LIKELY, SHARES, STATUSES, VALUE, Tables, laid
from tests.person import Person, sentence_in
from tests.socket_line import SocketEar
from tests.wire import KEY, shake_hands

NOT_UNDERSTOOD = "That could not be understood."
NOTHING = "There is nothing at this address."
LAST = 8
"""The opcode of a goodbye."""


@pytest.fixture(scope="module")
def tables(server: Server, request: pytest.FixtureRequest) -> Iterator[Tables]:
    """The tables of this file."""
    with laid(server, request) as found:
        yield found


# ---- handshakes

HEADER = st.sampled_from(
    [
        "", " ", "0", "13", "13, 13", "8", "websocket", "WebSocket", "websocket, h2c", "h2c",
        "Upgrade", "keep-alive, Upgrade", "close", "upgrade, \xe4", KEY,
        KEY + "=", "A" * 24, "=" * 24,
        "\xe4" * 24, "null", "http://[", "https://evil.example",
        "http://127.0.0.1",
        "same-origin", "cross-site",
        "permessage-deflate; client_max_window_bits=99", "a, b", "\xff\xfe", "x" * 3000, "nonsense",
        "127.0.0.1", "xn--\xe4", "a..b", "x" * 300, "[::1]", "a b", "<script>", "tarp=x", "1.2.3.4",
    ]
)  # fmt: skip
HANDSHAKE = st.dictionaries(
    st.sampled_from(
        [
            "Host", "Connection", "Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key", "Origin",
            "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Sec-Fetch-Site", "Cookie",
            "Last-Event-ID", "X-Forwarded-For", "X-Forwarded-Host", "Accept-Encoding", "Referer",
            "User-Agent", "Via", "Authorization", "X-Odd", "HX-Request", "Accept-Language",
        ]
    ),
    st.none() | HEADER,
    max_size=4,
)  # fmt: skip
PLACE = st.sampled_from(
    [
        "/games/CODE/socket", "/games/CODE/socket", "/games/CODE/socket?since=ODD",
        "/games/CODE/socket?you=ODD&since=ODD", "/games/ODD/socket", "/games/CODE/socket/", "/",
        "/games/CODE/events", "/games/CODE", "/games/CODE/ODD", "/static/ODD",
        "//games/CODE/socket",
    ]
)  # fmt: skip


@SHARES
def test_every_handshake(tables: Tables, share: int) -> None:
    """Opened, or an answer below 500 in words; never our own mistake, and nothing changes."""

    @settings(max_examples=300 * share)
    @given(
        place=PLACE,
        odd=VALUE,
        headers=HANDSHAKE,
        method=st.sampled_from(["GET"] * 9 + ["HEAD", "POST", "PUT", "OPTIONS"]),
        status=st.sampled_from(STATUSES),
    )
    def knock(
        place: str, odd: bytes, headers: dict[str, str | None], method: str, status: str
    ) -> None:
        text = quote_from_bytes(odd, safe="")
        path = place.replace("ODD", text).replace("CODE", tables.codes[status])[:3500]
        before = tables.stored()
        given_ = {**tables.guest.cookie(), **headers}
        found = shake_hands(tables.url, path, given_, method=method)
        tables.sent["handshakes"] += 1
        note(f"{found.status} {found.text[-300:]}")
        assert 100 <= found.status < 500
        assert "Traceback" not in found.text
        assert before == tables.stored()

    knock()


# ---- messages

FIELD = st.sampled_from(
    [
        "seat", "turn", "grant", "as", "by", "name", "color", "counter", "source", "marker",
        "value", "choice", "reason", "sides", "minutes", "order", "winner", "confirm", "HEADERS",
        "command", "",
    ]
)  # fmt: skip
SPELLED: st.SearchStrategy[Any] = st.sampled_from(
    [
        "\ud800", "a\udfffb", "\ud83d\ude00", "\0", "\u2028", "9" * 4400, "x" * 9000, "\u202e",
        10**30, 10**4299, -1, 0, 1, 2, True, False, None, 1e308, float("inf"), float("nan"), -0.0,
        [], ["1", "2"], [[]], [None], [True], ["yes"] * 500, {}, {"seat": 1}, ["\ud800"],
    ]
)  # fmt: skip
SENSIBLE = st.sampled_from(sorted(LIKELY)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.sampled_from(LIKELY[name]).map(lambda value: value.decode())
    )
)
COMMAND = st.sampled_from(sorted(COMMANDS)).flatmap(
    lambda name: st.lists(
        SENSIBLE | st.tuples(FIELD, SPELLED | VALUE.map(lambda v: v.decode(errors="replace"))),
        max_size=5,
    ).map(lambda fields: json.dumps({"command": name} | dict(fields)))
)
NESTED = st.builds(
    lambda opens, times, end: opens * times + end,
    st.sampled_from(["[", '{"command":', '{"a":', '[{"":', "{", '"', "-", "1", "\\", "\ufeff"]),
    st.sampled_from([1, 3, 900, 5_000, 13_000]),
    st.sampled_from(["", "1", "]", '"x"}', "null"]),
).map(lambda text: text[:60_000])
WORDS = st.sampled_from(
    [
        "", " ", "null", "true", "1", '"pass-turn"', "[]", "{}", '["pass-turn"]', "pass-turn",
        "command=pass-turn", '{"command":null}', '{"command":[]}', '{"command":""}',
        "{'command':1}",
        '{"command":"take-over","place":"0"}', '{"command":"../close"}', '{"command":"CLOSE"}',
        '{"command":"pass-turn","command":"nothing"}', '{"command":"\\ud800"}', '{"\\ud800":"x"}',
        '{"command":"roll-dice","sides":NaN}', '{"command":"roll-dice","sides":1e999}',
        '{"command":"roll-dice","sides":' + "9" * 5000 + "}", '{"command":"x"} {"command":"y"}',
    ]
)  # fmt: skip
MESSAGE = st.one_of(
    COMMAND,
    COMMAND,
    WORDS,
    NESTED,
    JSON_BODY.map(lambda body: body.decode()),
    JSON_BODY.map(lambda body: '{"command":"rename-game","name":' + body.decode() + "}"),
    st.text(max_size=40),
)


class Phones:
    """The sockets of the cast, opened once and again when one has ended."""

    def __init__(self, tables: Tables, opened: ExitStack) -> None:
        self._tables = tables
        self._opened = opened
        self._ears: dict[tuple[str, str], SocketEar] = {}

    def of(self, who: str, code: str) -> SocketEar:
        """Somebody's socket at a table."""
        ear = self._ears.get((who, code))
        if ear is None or ear.ended.is_set():
            person: Person = getattr(self._tables, who)
            ear = self._ears[who, code] = person.plug_in(code)
            self._opened.callback(ear.close)
        return ear

    def forget(self, code: str) -> None:
        """Hang up at a table that was laid anew elsewhere."""
        for key in [key for key in self._ears if key[1] == code]:
            self._ears.pop(key).close()


def told(ear: SocketEar) -> list[str]:
    """The sentences on this screen up to now; None more come."""
    ear.send("[]")
    ear.say("nothing-of-that-name")
    sentences: list[str] = []
    while sentences[-2:] != [NOT_UNDERSTOOD, NOTHING]:
        if ear.ended.wait(0) and ear.frames.empty():
            return sentences
        frame = ear.next()
        if 'id="answer"' in frame.data:
            sentences.append(sentence_in(frame.data))
    return sentences[:-2]


@SHARES
def test_every_message(tables: Tables, share: int) -> None:
    """Done, stale, or one sentence and an unchanged table; the line goes on."""
    with ExitStack() as opened:
        phones = Phones(tables, opened)

        @settings(max_examples=500 * share)
        @given(
            status=st.sampled_from(["waiting", "running", "running", "paused", "finished"]),
            who=st.sampled_from(["host", "host", "guest", "onlooker"]),
            text=MESSAGE,
            pieces=st.sampled_from([0, 0, 0, 1, 2, 7]),
        )
        def say(status: str, who: str, text: str, pieces: int) -> None:
            code = tables.codes[status]
            ear = phones.of(who, code)
            before = tables.stored(code)
            for part in ear.in_pieces(text, pieces):
                ear.raw(part)
            tables.sent["messages"] += 1
            sentences = told(ear)
            note(str(sentences))
            after = tables.stored(code)
            assert len(sentences) <= 1
            if sentences:
                assert len(sentences[0]) >= 10
            if before != after:
                assert not sentences
                phones.forget(code)
                tables.lay(status)
            else:
                assert not ear.ended.is_set()

        say()


# ---- frames

PAYLOAD = st.one_of(
    st.sampled_from(
        [b"", b"[]", b"x", b"\xff", b"\xed\xa0\x80", b"\x03\xe8", b"\x03\xe8bye", b"\x03", b"\0\0",
         b"\x03\xed", b"\x0f\xff\xff", b"\x13\x88", b"\xe2\x82", b"x" * 125, b"x" * 126, b"x" * 200,
         b"x" * 65_535, b"x" * 65_536, b"x" * 70_000, b'{"command":"nothing"}']
    ),
    st.binary(max_size=40),
)  # fmt: skip
FRAME = st.fixed_dictionaries(
    {
        "opcode": st.sampled_from([0, 0, 1, 1, 1, 2, 8, 9, 9, 10, 10, *range(16)]),
        "fin": st.sampled_from([True, True, False]),
        "rsv": st.sampled_from([0, 0, 0, 0, 0x10, 0x40, 0x70]),
        "masked": st.sampled_from([True] * 7 + [False]),
        "mask": st.sampled_from([b"\0\0\0\0", b"\x01\x02\x03\x04", b"\xff\xff\xff\xff"]),
        "payload": PAYLOAD,
        #: How the length is written (None: as it should be), and by how much it lies.
        "width": st.sampled_from([None] * 6 + [7, 16, 64]),
        "lie": st.sampled_from([0] * 9 + [1, -1, 100, 2**31, 2**62, 2**63]),
    }
)


def frame_of(how: dict[str, Any]) -> bytes:
    """The bytes of a frame, right or wrong."""
    payload: bytes = how["payload"]
    length = max(0, len(payload) + how["lie"])
    width = how["width"] or (7 if length < 126 else 16 if length < 2**16 else 64)
    bit = 0x80 if how["masked"] else 0
    first = bytes([how["opcode"] | how["rsv"] | (0x80 if how["fin"] else 0)])
    if width == 7:
        head = first + bytes([bit | (length & 0x7F)])
    elif width == 16:
        head = first + bytes([bit | 126]) + (length & 0xFFFF).to_bytes(2, "big")
    else:
        head = first + bytes([bit | 127]) + (length & (2**64 - 1)).to_bytes(8, "big")
    if not how["masked"]:
        return head + payload
    mask: bytes = how["mask"]
    repeated = mask * (len(payload) // 4 + 1)
    masked = bytes(a ^ b for a, b in zip(payload, repeated, strict=False)) if any(mask) else payload
    return head + mask + masked


@SHARES
def test_every_frame(tables: Tables, share: int) -> None:
    """Torn, lying, unmasked, of kinds that do not exist: the line is let go and nothing changes."""

    @settings(max_examples=300 * share)
    @given(
        frames=st.lists(FRAME, min_size=1, max_size=5),
        torn=st.lists(st.integers(1, 300), max_size=3),
        cut=st.integers(0, 3),
        goodbye=st.booleans(),
        status=st.sampled_from(STATUSES),
    )
    def send(
        frames: list[dict[str, Any]], torn: list[int], cut: int, goodbye: bool, status: str
    ) -> None:
        code = tables.codes[status]
        before = tables.stored(code)
        data = b"".join(frame_of(how) for how in frames)
        data = data[: len(data) - cut] if cut else data
        if goodbye:
            data += b"\x88\x82\0\0\0\0\x03\xe8" + b"\x81\x82\0\0\0\0[]"
        with ExitStack() as opened:
            path = f"/games/{code}/socket"
            found = shake_hands(tables.url, path, {**tables.host.cookie()}, keep=opened)
            assert found.status == 101
            assert found.line
            heard = _say_and_hear(found.line, data, torn)
        tables.sent["frames"] += len(frames)
        note(repr(heard[-200:]))
        assert before == tables.stored(code)

    send()


LET_GO = (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN)


def _say_and_hear(line: socket.socket, data: bytes, torn: list[int]) -> bytes:
    """Send it in pieces, say no more, and listen until the server lets go, within the time-out."""
    heard = b""
    try:
        for size in torn:
            line.sendall(data[:size])
            data = data[size:]
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        while got := line.recv(65536):
            heard += got
    except OSError as gone:
        if gone.errno not in LET_GO:
            raise
        return heard  # it was let go before all was said
    return heard


@SHARES
def test_after_the_goodbye(tables: Tables, share: int) -> None:
    """With every code there is and is not: whatever follows it is nobody's command."""

    @settings(max_examples=40 * share)
    @given(
        code=st.sampled_from([1000, 1001, 1002, 1005, 1006, 1012, 2999, 3000, 4999, 0, 65_535]),
        reason=st.sampled_from([b"", b"bye", b"\xff", b"x" * 123]),
        status=st.sampled_from(STATUSES),
    )
    def leave(code: int, reason: bytes, status: str) -> None:
        game = tables.codes[status]
        before = tables.stored(game)
        usual = {"fin": True, "rsv": 0, "masked": True, "mask": bytes(4), "width": None, "lie": 0}
        goodbye = {**usual, "opcode": LAST, "payload": code.to_bytes(2, "big") + reason}
        dice = {**usual, "opcode": 1, "payload": b'{"command":"rename-game","name":"Late"}'}
        with ExitStack() as opened:
            path = f"/games/{game}/socket"
            found = shake_hands(tables.url, path, {**tables.host.cookie()}, keep=opened)
            assert found.line
            _say_and_hear(found.line, frame_of(goodbye) + frame_of(dice), [])
        tables.sent["goodbyes"] += 1
        assert before == tables.stored(game)

    leave()
