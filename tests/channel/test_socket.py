"""What only the socket has: its handshake, its commands, its limits and its goodbyes."""

from __future__ import annotations

import json
import queue
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from statistics import median

import pytest
from wsproto.events import CloseConnection, TextMessage

from tests.channel.ears import Ears, address, channels, settled
from tests.conftest import Server
from tests.origins import FRIENDS, OUR_OWN, SENT, WILD
from tests.person import Person, sit_down, start
from tests.socket_line import Refused, SocketEar
from tests.wire import KEY, Handshake, shake_hands

NOT_UNDERSTOOD = "That could not be understood."
TOO_MUCH = "That is too much at once: 64 KB are the limit."
TOO_FAST = "That was a little fast. Please wait a moment."


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Other sites are let in by name, and one with all its hosts."""
    return {"ALLOWED_ORIGINS": f"{FRIENDS}, https://*.example.org"}


@pytest.fixture(scope="module")
def table(server: Server) -> tuple[str, list[Person]]:
    """A running table that nothing here changes."""
    return start(server.url, 2)


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Whatever is put here is hung up when the test is over."""
    with ExitStack() as stack:
        yield stack


def plug_in(opened: ExitStack, person: Person, code: str) -> SocketEar:
    """Open a socket and take what it says at first."""
    ear = person.plug_in(code)
    opened.callback(ear.close)
    ear.next()
    return ear


# ---- the handshake


def handshake(server: Server, code: str, **headers: str | None) -> Handshake:
    """What a browser would say to open a table's socket, with some headers changed."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return shake_hands(server.url, f"/games/{code}/socket", given)


@pytest.mark.parametrize(("origin", "site", "counts"), SENT)
def test_whose_page_may_open_it(
    server: Server,
    table: tuple[str, list[Person]],
    origin: str | None,
    site: str | None,
    counts: bool,
) -> None:
    """A page of another site could play with the visitor's seat: it is told so at the door."""
    if origin is not None:
        origin = origin.replace(OUR_OWN, server.url)
    found = handshake(server, table[0], Origin=origin, Sec_Fetch_Site=site)
    assert (101 if counts else 403) == found.status
    assert counts != ("This was sent from another site." in found.text)


@pytest.mark.parametrize(("allowed", "origin", "status"), WILD)
def test_a_wildcard_ends_at_a_dot(
    server: Server, table: tuple[str, list[Person]], allowed: str, origin: str, status: int
) -> None:
    """`*.example.org` is nobody who only sounds like it."""
    assert allowed in server.environment["ALLOWED_ORIGINS"]
    found = handshake(server, table[0], Origin=origin, Sec_Fetch_Site="cross-site")
    assert (101 if status == 303 else 403) == found.status


def test_no_table_no_handshake(server: Server) -> None:
    """A wrong code is answered like any wrong address, a closed table like any closed table."""
    code, (host, _) = sit_down(server.url, 2)
    assert host.post(f"/games/{code}/close", confirm="yes").status == 303
    for asked, status in (("QQQQQQ", 404), (code, 410), ("%C3%A4", 404)):
        with pytest.raises(Refused) as refused:
            Person(server.url).plug_in(asked)
        assert status == refused.value.status
        assert re.search(r'<p class="big">[^<]+\.</p>', refused.value.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-WebSocket-Version": "8"},
        {"Sec-WebSocket-Version": "13, 8"},
        {"Sec-WebSocket-Version": None},
        {"Sec-WebSocket-Key": None},
        {"Sec-WebSocket-Key": ""},
        {"Sec-WebSocket-Key": "short"},
        {"Sec-WebSocket-Key": KEY + KEY},
        {"Sec-WebSocket-Key": "\xe4" * 24},
        {"Sec-WebSocket-Key": "!" * 24},
    ],
    ids=str,
)
def test_a_bad_handshake_is_answered_in_words(
    server: Server, table: tuple[str, list[Person]], headers: dict[str, str | None]
) -> None:
    """400, as for any request that nobody understands."""
    found = shake_hands(server.url, f"/games/{table[0]}/socket", headers)
    assert (400, True) == (found.status, NOT_UNDERSTOOD in found.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": None},
        {"Host": "\xe4", "Origin": None},
        {"Host": "xn--zzzzzzzz99999---", "Origin": None},
        {"Connection": "keep-alive, Upgrade"},
        {"Connection": "\xe4, Upgrade"},
        {"Upgrade": "WebSocket"},
        {"Sec-WebSocket-Protocol": "\xe4"},
        {"Sec-WebSocket-Protocol": "soap, wamp"},
        {"Sec-WebSocket-Extensions": "\xe4; \xe4"},
        {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits=99"},
        {"X-Whatever": "\xff\xfe"},
        {"Cookie": "\xe4"},
    ],
    ids=str,
)
def test_headers_that_say_nothing_to_us(
    server: Server, table: tuple[str, list[Person]], headers: dict[str, str | None]
) -> None:
    """A proxy's or an add-on's odd header neither breaks the handshake nor comes back in it."""
    found = shake_hands(server.url, f"/games/{table[0]}/socket", headers)
    assert 101 == found.status, found.text
    assert "Sec-WebSocket-Protocol" not in found.head
    assert "Sec-WebSocket-Extensions" not in found.head


# ---- messages


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ([TextMessage("x" * 65_537)], 1009, TOO_MUCH),
        ([TextMessage("é" * 32_769)], 1009, TOO_MUCH),
        ([TextMessage("x" * 40_000, message_finished=False)] * 2, 1009, TOO_MUCH),
        ([b"\x82\x80\0\0\0\0"], 1003, "Commands are sent as text."),
        ([b"\x81\x81\0\0\0\0\xff"], 1007, None),
        ([b"\x81\x83\0\0\0\0\xed\xa0\x80"], 1007, None),
        ([b"\x81\x80\0\0"], None, None),
    ],
)
def test_what_is_no_message(
    table: tuple[str, list[Person]],
    opened: ExitStack,
    said: list[TextMessage | bytes],
    code: int | None,
    reason: str | None,
) -> None:
    """The line ends with a code and a reason a developer can read; the others' do not."""
    game, (host, guest) = table
    ear, other = plug_in(opened, host, game), plug_in(opened, guest, game)
    for part in said:
        ear.raw(part if isinstance(part, bytes) else ear.packed(part))
    if code is None:
        assert not ear.ended.wait(0.2)
    else:
        assert ear.ended.wait(5)
        assert ear.goodbye
        assert code == ear.goodbye[0]
        assert reason in (None, ear.goodbye[1])
    other.send("[]")
    assert NOT_UNDERSTOOD == other.told()


def test_the_key_of_a_seat_comes_before_the_page_turns(server: Server, opened: ExitStack) -> None:
    """What follows the turn is never read: the page is loaded anew."""
    created = Person(server.url).post("/games", players=2)
    code = created.headers["location"].rsplit("/", 1)[1]
    late = Person(server.url)
    late.post("/preferences", channel="socket")
    you = address(late, code)["you"][0]
    ear = late.plug_in(code, you=you)
    opened.callback(ear.close)
    ear.say("claim-seat", seat="2")
    (heard,) = settled(ear)
    said = "".join(frame.data for frame in heard)
    assert 0 < said.index("<seat-key") < said.index("<page-turn")


def test_64_kb_are_no_byte_too_many(table: tuple[str, list[Person]], opened: ExitStack) -> None:
    """As much as a form may have."""
    ear = plug_in(opened, table[1][0], table[0])
    ear.send(json.dumps("x" * 65_534))
    assert NOT_UNDERSTOOD == ear.told()


@pytest.mark.parametrize("name", ["\ud800", "a\udc00b", ["\ud83d"]], ids=["high", "low", "list"])
def test_half_a_character(server: Server, opened: ExitStack, name: object) -> None:
    """JSON can spell what no text can hold; it comes back to nobody's screen."""
    code, (host, _) = start(server.url, 2)
    ear = plug_in(opened, host, code)
    for command, fields in (
        ("rename-seat", {"name": name}),
        ("rename-game", {"name": name}),
        ("adjust-life", {"by": name}),
        ("roll-dice", {"sides": 6, name if isinstance(name, str) else "\ud800": 1}),
        (name if isinstance(name, str) else "\ud800", {}),
    ):
        ear.send(json.dumps({"command": command, **fields}))
        assert NOT_UNDERSTOOD == ear.told()
    version = version_of(host, code)
    ear.say("adjust-life", by=-1)
    ear.until(version + 1)


def test_a_field_sent_no_times(server: Server, opened: ExitStack) -> None:
    """An empty list is a field that was left out, as no form can send it otherwise."""
    code, (host, _) = start(server.url, 2)
    ear = plug_in(opened, host, code)
    ear.say("rename-game", name=[], n=[])
    assert "name: This is needed." == ear.told()
    version = version_of(host, code)
    ear.say("adjust-life", by=["-1"], seat=[])
    ear.until(version + 1)


@pytest.mark.parametrize("torn", [False, True], ids=["fragments", "torn"])
def test_a_command_held_back_is_judged_by_its_end(
    server: Server, opened: ExitStack, torn: bool
) -> None:
    """Who sends half a tap, thinks and sends the rest has thought on the own clock."""
    code, (host, _) = start(server.url, 2)
    ear = plug_in(opened, host, code)
    whole = ear.packed(TextMessage('{"command":"pass-turn"}'))
    first, rest = whole[:9], whole[9:]
    if not torn:
        first = ear.packed(TextMessage('{"command":', message_finished=False))
        rest = ear.packed(TextMessage('"pass-turn"}'))
    ear.raw(first)
    time.sleep(1.6)
    sent_at = time.time() * 1000
    version = version_of(host, code)
    ear.raw(rest)
    ear.until(version + 1)
    entries = json.loads(host.get(f"/games/{code}/ledger.json").text)["entries"]
    assert "turn-passed" == entries[-1]["event"]
    assert -1_050 <= entries[-1]["at"] - sent_at <= 500


def test_what_was_said_before_the_goodbye_counts(server: Server, opened: ExitStack) -> None:
    """A tap and into the pocket: both arrive while the tap before is being saved."""
    code, (host, guest) = start(server.url, 2)
    other = plug_in(opened, guest, code)
    for _ in range(15):
        before = version_of(guest, code)
        ear = host.plug_in(code)
        ear.next()
        tap = TextMessage('{"command":"adjust-life","by":"-1"}')
        ear.raw(ear.packed(tap))
        time.sleep(0.001)
        ear.raw(ear.packed(tap) + ear.packed(CloseConnection(1000)))
        other.until(before + 2)
        ear.close()


def test_what_is_said_after_the_goodbye_does_not(server: Server, opened: ExitStack) -> None:
    """A client that said farewell has nothing more to say."""
    code, (host, guest) = start(server.url, 2)
    ear, other = plug_in(opened, host, code), plug_in(opened, guest, code)
    before = version_of(host, code)
    tap = ear.packed(TextMessage('{"command":"adjust-life","by":"-1"}'))
    ear.raw(ear.packed(CloseConnection(1000)) + tap)
    assert ear.ended.wait(5)
    assert 1000 == (ear.goodbye or (0, ""))[0]
    other.send("[]")
    other.told()
    assert before == version_of(host, code)


def test_a_flood_is_told_and_slows_nobody(serve: Callable[..., Server], opened: ExitStack) -> None:
    """20 at once and 3 a second are for thumbs; a script is told, and the others tap as before."""
    server = serve(RATE_LIMITS="on")
    code, (host, guest, _) = start(server.url, 3)
    flooder = plug_in(opened, host, code)

    def tap() -> float:
        pressed = time.monotonic()
        assert guest.post(f"/games/{code}/adjust-life", by=1).status == 303
        return time.monotonic() - pressed

    alone = median(tap() for _ in range(8))
    dice = flooder.packed(TextMessage('{"command":"roll-dice","sides":"6"}'))
    began = time.monotonic()
    flooder.raw(dice * 300)
    assert TOO_FAST == flooder.told()
    for _ in range(5):
        flooder.raw(dice * 20)
    assert median(tap() for _ in range(8)) < 20 * alone + 0.1
    told = 1
    with suppress(queue.Empty):
        while flooder.told(2.0) == TOO_FAST:
            told += 1
    rolled = rolls(host, code)
    assert 400 == told + rolled
    assert 20 <= rolled <= 21 + 3 * (time.monotonic() - began)
    version = version_of(host, code)
    flooder.raw(dice)
    flooder.until(version + 1)
    assert rolled + 1 == rolls(host, code)


def rolls(person: Person, code: str) -> int:
    """How often dice were rolled at a table."""
    entries = json.loads(person.get(f"/games/{code}/ledger.json").text)["entries"]
    return sum(entry["event"] == "dice-rolled" for entry in entries)


def version_of(person: Person, code: str) -> int:
    """The newest version of a table."""
    return int(person.get(f"/games/{code}").state["version"])


# ---- hands that change


def test_who_is_kicked_may_watch_and_nothing_more(server: Server, opened: ExitStack) -> None:
    """The open line is no key: rights are asked at every command."""
    code, (host, guest) = start(server.url, 2)
    ear = plug_in(opened, guest, code)
    version = version_of(host, code) + 1
    ear.say("adjust-life", by=-1)
    ear.until(version)
    host.post(f"/games/{code}/kick", seat=2)
    for command, fields in (
        ("adjust-life", {"by": -1}),
        ("pause", {}),
        ("claim-seat", {"seat": 2}),
        ("roll-dice", {"sides": 6}),
    ):
        ear.say(command, **fields)
        assert ear.told().endswith(".")
    assert version + 1 == version_of(host, code)
    host.post(f"/games/{code}/pass-turn")
    assert "2" == ear.until(version + 2).state["turn"]


def test_a_closed_table_ends_its_sockets(server: Server, opened: ExitStack) -> None:
    """With 1008, which tells the page not to come back, and the sentence why."""
    code, (host, guest) = start(server.url, 2)
    ear = plug_in(opened, guest, code)
    host.post(f"/games/{code}/close", confirm="yes")
    ear.say("adjust-life", by=-1)
    sentence = ear.told()
    assert ear.ended.wait(5)
    assert (1008, sentence) == ear.goodbye
    assert "closed" in sentence


# ---- how many


def test_six_tabs_of_one_browser(server: Server) -> None:
    """Six channels, over whichever road: then the browser is told to close one."""
    code, (host, guest) = start(server.url, 2)
    with Ears("sse") as streams, Ears("socket") as sockets:
        for ears in (streams, sockets) * 3:
            ears.open(host, code).next()
        with pytest.raises(Refused) as refused:
            host.plug_in(code)
        assert 429 == refused.value.status
        assert "too many tabs" in refused.value.text
        assert 429 == host.get(f"/games/{code}/events").status
        sockets.open(guest, code).next()


def test_two_hundred_onlookers(server: Server, opened: ExitStack) -> None:
    """Beyond them an onlooker is told; who plays always fits in, over either road."""
    code, people = start(server.url, 2)
    before = channels(server)
    for number in range(200):
        if number % 6 == 0:
            onlooker = Person(server.url)
            onlooker.get("/")
        path = f"/games/{code}/{'events' if number % 2 else 'socket'}"
        headers = onlooker.cookie() | ({"Upgrade": None} if number % 2 else {})
        found = shake_hands(server.url, path, headers, keep=opened)
        assert found.status == (200 if number % 2 else 101), found.text
    assert before + 200 == channels(server)
    with pytest.raises(Refused) as refused:
        Person(server.url).plug_in(code)
    assert 429 == refused.value.status
    assert "no more fit in" in refused.value.text
    assert 429 == Person(server.url).get(f"/games/{code}/events").status
    for road, person in zip(("sse", "socket"), people, strict=True):
        ears = opened.enter_context(Ears(road))
        ears.open(person, code).next()


# ---- signs of life


@pytest.mark.soak
def test_who_gives_no_sign_of_life_is_let_go(server: Server, opened: ExitStack) -> None:
    """A page that hangs behind a proxy that does not: within two pings its seat is not "there".

    And an onlooker of a table that was closed hears of it within that time, without a word said.
    """
    code, people = start(server.url, 3)
    mute = people[1].plug_in(code, answers_pings=False)
    opened.callback(mute.close)
    lively = plug_in(opened, people[2], code)
    closed, (host, _) = start(server.url, 2)
    onlooker = plug_in(opened, Person(server.url), closed)
    host.post(f"/games/{closed}/close", confirm="yes")
    assert mute.ended.wait(42)
    assert 1 == mute.pings
    assert onlooker.ended.wait(42)
    assert 1008 == (onlooker.goodbye or (0, ""))[0]
    assert not lively.ended.is_set()
    assert lively.pings >= 1


def test_the_log_stayed_calm(server: Server) -> None:
    """Nothing of all this was our own mistake."""
    log = server.log.read_text()
    assert '"level": "error"' not in log
    assert "Traceback" not in log
