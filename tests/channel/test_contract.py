"""What both channels promise: what arrives, when, and what a lost phone costs the others.

Every test runs over the event stream and over the socket.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlsplit

import pytest
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import TextMessage

from tests.channel.ears import (
    AnyEar,
    Ears,
    address,
    channels,
    connect,
    named,
    page_turns,
    settled,
    tune_in,
    wait_for_channels,
)
from tests.channel.pieces import IDS, pieces
from tests.conftest import Server
from tests.person import Ear, Person, element, sit_down, start
from tests.socket_line import SocketEar

BANK_MS, BONUS_MS = 1_200_000, 30_000

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


# ---- what arrives


def test_a_new_screen_gets_all_at_once(server: Server, ears: Ears) -> None:
    """A phone that knows nothing is right after the first frame, without asking again."""
    code, (host, *_) = start(server.url, 3)
    ear = ears.open(host, code)
    frame = ear.next()
    assert [*IDS] == named(frame)
    assert ("table", host.get(f"/games/{code}").state["version"]) == (frame.event, frame.id)


def test_only_newer_pieces_travel(server: Server, ears: Ears) -> None:
    """Eight seats, one life tap: a hundred tables' evening is carried by what did not change."""
    code, (host, guest, *_) = start(server.url, 8)
    ear = tune_in(ears, guest, code)
    first, presence = ear.next(), ear.next()
    # The page is some milliseconds old: what counts is sent once more, and nothing else.
    assert ["state", "seat-1", "moments"] == named(first)
    assert ["state", "presence"] == named(presence)
    host.post(f"/games/{code}/adjust-life", seat=5, by=-3)
    tap = ear.next()
    assert ["state", "seat-5", "offers"] == named(tap)
    assert pieces(tap.data)["seat-5"].count('data-life="37"') == 1
    host.post(f"/games/{code}/pass-turn")
    assert ["state", "seat-1", "seat-2", "offers", "moments"] == named(ear.next())
    assert settled(ear) == [[]]


def test_every_frame_of_an_evening(server: Server, ears: Ears) -> None:
    """Whatever happens: the head first, no controls (they never change), never backwards."""
    code, (host, guest, third) = sit_down(server.url, 3)
    ear = tune_in(ears, third, code)
    for who, command, fields in (
        (host, "update-settings", {"on_timeout": "skip", "round_minutes": 80}),
        (host, "start", {}),
        (host, "switch-turn", {"seat": 2}),
        (guest, "toggle-target", {"seat": 1}),
        (guest, "confirm-targets", {}),
        (third, "interrupt", {}),
        (third, "pass-priority", {}),
        (host, "pass-target", {}),
        (guest, "pass-turn", {}),
        (guest, "undo", {}),
        (host, "extend-round", {"minutes": 5, "reason": "judge"}),
        (guest, "rename-seat", {"name": "<button>Zoë & Co"}),
        (host, "set-marker", {"marker": "monarch", "value": 2}),
        (host, "commander-damage", {"seat": 3, "source": 1, "by": 21}),
        (host, "pause", {"reason": "judge"}),
        (host, "add-time", {"seat": 2, "minutes": 1}),
        (host, "resume", {}),
        (host, "finish", {"winner": 2, "confirm": "yes"}),
        (guest, "reset", {"confirm": "yes"}),
        (host, "roll-order", {"order": "all"}),
        (host, "close", {"confirm": "yes"}),
    ):
        answer = who.post(f"/games/{code}/{command}", **fields)
        assert answer.status == 303, (command, answer.text)
    (heard,) = settled(ear)
    assert len(heard) > 5
    for frame in heard:
        assert named(frame)[0] == "state"
        assert frame.state["code"] == code
        assert re.findall(r"<(?:button|form|a|select|textarea|script|style)\b", frame.data) == []
        assert set(re.findall(r'<input type="(\w+)"', frame.data)) == {"hidden"}
    ids = [int(frame.id) for frame in heard if frame.id]
    assert sorted(ids) == ids
    assert all(frame.id == frame.state["version"] for frame in heard if frame.id)


@pytest.mark.parametrize(
    "since", ["-1", "", "abc", "1.5", "-7", "%D9%A3", "0x10", "%00", "1%0d%0aid:+9", " 3"]
)
def test_a_since_nobody_understands(server: Server, ears: Ears, since: str) -> None:
    """A page that does not say what it shows is sent everything, rather than an error page."""
    code, (host, _) = start(server.url, 2)
    ear = ears.open(host, code, since.replace(" ", "+"))
    assert [*IDS] == named(ear.next())


@pytest.mark.parametrize("since", [50, 10**9, 10**18])
def test_a_since_from_the_future(server: Server, ears: Ears, since: int) -> None:
    """After a restored backup pages know more than the server: they must go on hearing it."""
    code, (host, _) = start(server.url, 2)
    ear = ears.open(host, code, since)
    version = host.get(f"/games/{code}").state["version"]
    assert version == ear.next().id
    host.post(f"/games/{code}/pass-turn")
    frame = ear.until(int(version) + 1)
    assert ["state", "seat-1", "seat-2", "offers", "moments"] == named(frame)


# ---- who is told to paint the page afresh


def test_who_is_kicked_gets_another_page(server: Server, ears: Ears) -> None:
    """Controls are painted with the page: the one who lost them must lose them, nobody else."""
    code, people = sit_down(server.url, 3)
    tuned = [tune_in(ears, person, code) for person in [*people, Person(server.url)]]
    settled(*tuned)
    people[0].post(f"/games/{code}/kick", seat=3)
    assert [0, 0, 1, 0] == page_turns(settled(*tuned))
    people[0].post(f"/games/{code}/roll-dice", sides=6)
    assert [0, 0, 0, 0] == page_turns(settled(*tuned))


def test_a_seat_claimed_in_another_tab(server: Server, ears: Ears) -> None:
    """Both tabs of a browser hold the seat it claimed in one of them."""
    code, (host, _) = sit_down(server.url, 2)
    host.post(f"/games/{code}/add-seat")
    newcomer = Person(server.url)
    newcomer.get("/")
    tabs = [tune_in(ears, newcomer, code) for _ in range(2)]
    other = tune_in(ears, host, code)
    settled(*tabs, other)
    newcomer.post(f"/games/{code}/claim-seat", seat=3)
    assert [1, 1, 0] == page_turns(settled(*tabs, other))


def test_the_host_is_handed_over(server: Server, ears: Ears) -> None:
    """Two pages change: the old host's and the new one's."""
    code, people = sit_down(server.url, 3)
    tuned = [tune_in(ears, person, code) for person in people]
    settled(*tuned)
    people[0].post(f"/games/{code}/transfer-host", seat=2)
    assert [1, 1, 0] == page_turns(settled(*tuned))


def test_a_change_between_page_and_channel(server: Server, ears: Ears) -> None:
    """Kicked in the moment between: the page knows whom it was painted for, and says so."""
    code, (host, guest) = sit_down(server.url, 2)
    painted = address(guest, code)
    host.post(f"/games/{code}/kick", seat=2)
    late = connect(ears, guest, code, painted)
    afresh = tune_in(ears, guest, code)
    assert [1, 0] == page_turns(settled(late, afresh))


def test_an_open_screen_hears_the_end(server: Server, ears: Ears) -> None:
    """Who looks at a table that is closed is not left in front of a dead clock."""
    code, (host, guest) = start(server.url, 2)
    ear = tune_in(ears, guest, code)
    settled(ear)
    host.post(f"/games/{code}/close", confirm="yes")
    heard = settled(ear)
    assert {frame.state["status"] for frame in heard[0]} == {"closed"}
    assert [1] == page_turns(heard)


# ---- coming, going, lingering


def test_two_tabs_of_one_browser(server: Server, ears: Ears) -> None:
    """A person with the table open twice sees it twice, and is there until the last tab closes."""
    code, (host, guest) = start(server.url, 2)
    before = channels(server)
    one, two = (tune_in(ears, host, code) for _ in range(2))
    settled(one, two)
    assert before + 2 == channels(server)
    one.close()
    wait_for_channels(server, before + 1, 5)
    assert host.post(f"/games/{code}/pass-turn", hx=True).status == 204
    assert two.next().state["turn"] == "2"
    two.close()
    wait_for_channels(server, before, 5)
    assert guest.post(f"/games/{code}/pass-turn", hx=True).status == 200


@pytest.mark.parametrize("how", ["politely", "at once", "half"])
def test_a_closed_line_is_noticed_at_once(server: Server, ears: Ears, how: str) -> None:
    """A closed tab must not keep a seat "there", nor hold memory until the next sign of life."""
    code, (host, _) = start(server.url, 2)
    before = channels(server)
    ear = tune_in(ears, host, code)
    ear.next()
    assert before + 1 == channels(server)
    if how == "at once":
        ear.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if how == "half":
        ear.socket.shutdown(socket.SHUT_WR)
    else:
        ear.close()
    assert wait_for_channels(server, before, 5) < 0.8


def test_right_within_one_frame_after_sleep(server: Server, ears: Ears) -> None:
    """A phone out of a pocket: after one frame it agrees with the server within 100 ms."""
    code, (host, guest) = start(server.url, 2)
    old = address(guest, code)
    before = time.monotonic()
    host.post(f"/games/{code}/pass-turn")
    after = time.monotonic()
    host.post(f"/games/{code}/adjust-life", by=-4)
    time.sleep(0.7)
    asked = time.monotonic()
    frame = connect(ears, guest, code, old).next()
    found = pieces(frame.data)
    assert 'data-life="36"' in found["seat-1"]
    assert ("2", "2") == (frame.state["active-seat"], frame.state["running-seats"])
    left = re.search(r'data-remaining-ms="(\d+)" data-running="yes"', found["seat-2"])
    assert left
    spent_ms = BANK_MS + BONUS_MS - int(left[1])
    assert (asked - after) * 1000 - 100 <= spent_ms <= (frame.at - before) * 1000 + 100


def test_a_slow_reader_delays_nobody(server: Server, ears: Ears) -> None:
    """One phone at the end of a tunnel: the others never wait for it, and it skips what it missed.

    Its line is narrow: small segments and a small window, so that the server's send blocks soon.
    """
    code, (host, guest) = start(server.url, 2)
    version = int(host.get(f"/games/{code}").state["version"])
    parts = urlsplit(server.url)
    slow = socket.socket()
    ears.callback(slow.close)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    slow.connect((parts.hostname, parts.port))
    where, words = ("socket", UPGRADE) if ears.road == "socket" else ("events", "")
    asked = f"GET /games/{code}/{where}?since=0 HTTP/1.1\r\nHost: {parts.netloc}\r\n{words}\r\n"
    slow.sendall(asked.encode())
    quick = tune_in(ears, guest, code)
    settled(quick)
    alone = [tap(host, quick, code, version + n) for n in range(1, 31)]
    taps = 150
    late = [tap(host, quick, code, version + n) for n in range(31, taps + 1)]
    assert median(late) < 20 * median(alone) + 0.02
    assert max(late) < 2.0
    slow.settimeout(5)
    heard = b""
    while f'data-version="{version + taps}"'.encode() not in heard or not heard.endswith(b">"):
        heard += slow.recv(65536).removesuffix(b"\n\n\r\n")
    ids = [int(version) for version in versions(heard, ears.road)]
    assert sorted(set(ids)) == ids
    assert ids[-1] == version + taps
    assert len(ids) < taps / 2, f"{len(ids)} of {taps} frames: the line was never full"


def versions(heard: bytes, road: str) -> list[str]:
    """What the frames said, in order; a torn one is an error."""
    if road == "sse":
        return re.findall(r"^id: (\d+)$", heard.decode(), re.MULTILINE)
    line = Connection(ConnectionType.CLIENT)
    line.receive_data(heard.partition(b"\r\n\r\n")[2])
    said = [event.data for event in line.events() if isinstance(event, TextMessage)]
    tables = [html for html in said if "data-version" in html and 'id="presence"' not in html]
    return [element(html, "state")["version"] for html in tables]


def tap(host: Person, ear: AnyEar, code: str, version: int) -> float:
    """Press once; how long until another screen shows it, in seconds."""
    pressed = time.monotonic()
    answer = host.post(f"/games/{code}/adjust-life", by=1 if version % 2 else -1)
    assert answer.status == 303
    return ear.until(version).at - pressed


def test_a_server_that_goes_calls_its_screens_back(
    serve: Callable[..., Server], ears: Ears
) -> None:
    """A deploy ends every stream with a word when to come back, and waits for none of them."""
    server = serve()
    code, people = start(server.url, 2)
    tuned = [tune_in(ears, person, code) for person in people]
    settled(*tuned)
    for ear in tuned:
        if isinstance(ear, Ear):
            ear.retry_ms = None
    assert server.stop() == 0
    for ear in tuned:
        assert ear.ended.wait(5)
        assert ear.frames.empty()
        if isinstance(ear, SocketEar):
            # The browser's library comes back after 1012, and never after 1001.
            assert ear.goodbye == (1012, "The server restarts. Come back at once.")
        else:
            assert ear.retry_ms is not None
