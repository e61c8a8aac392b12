"""The line to the table on real phones: lost and said so, back at once, round what is shut."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from app.web.preferences import CHANNELS
from tests.browser.conftest import Phone
from tests.browser.test_socket import prefer_socket
from tests.conftest import Server
from tests.person import Person, start

pytestmark = pytest.mark.browser

BACK_WITHIN_MS = 500

#: What a phone's lock screen does to a page, and undoes.
HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""

#: Unlock, and how long it takes until the page shows that life; -1 when it never does.
UNLOCKED = """async life => {
  const began = performance.now();
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });
  document.dispatchEvent(new Event('visibilitychange'));
  while (performance.now() - began < 5000) {
    if (document.querySelector(`#seat-2[data-life="${life}"]`)) return performance.now() - began;
    await new Promise(soon => setTimeout(soon, 5));
  }
  return -1;
}"""


class Door:
    """A TCP proxy that lets no upgrade through, as careless ones do; it can fall silent."""

    def __init__(self, server_port: int, *, upgrades: bool = False) -> None:
        self.server_port = server_port
        self.upgrades = upgrades
        self.is_cut = self.is_over = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.threads: list[threading.Thread] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where phones come in."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                phone, _ = self.listener.accept()
                self.threads.append(threading.Thread(target=self._carry, args=[phone], daemon=True))
                self.threads[-1].start()

    def _carry(self, phone: socket.socket) -> None:
        with (
            phone,
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.server_port)) as house,
        ):
            ways = {phone: house, house: phone}
            while not self.is_over:
                for one in select.select(list(ways), [], [], 0.1)[0]:
                    if self.is_cut:
                        time.sleep(0.02)
                        continue
                    data = one.recv(1 << 16)
                    if not data:
                        return
                    if b"Upgrade: websocket" in data and not self.upgrades:
                        phone.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                        return
                    ways[one].sendall(data)

    def close(self) -> None:
        """Nobody comes in any more, and all lines end."""
        self.is_over = True
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(2)


@pytest.fixture
def door(table_server: Server) -> Iterator[Door]:
    """Between the phones of a test and the server."""
    door = Door(table_server.port)
    yield door
    door.close()


def at_the_table(phone: Phone, person: Person, code: str, url: str) -> Phone:
    """The phone is this person's, and its line is open."""
    phone.url = url
    phone.page.context.add_cookies([{"name": "tarp", "value": person.cookies["tarp"], "url": url}])
    phone.open(f"/games/{code}")
    person.post(f"/games/{code}/adjust-life", by=3)
    phone.page.wait_for_selector('[data-life="43"]', state="attached")
    return phone


def test_right_at_once_after_a_locked_screen(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """Whoever picks up the phone looks at the clock at once, and it must not be yesterday's."""
    code, people = start(table_server.url, 2)
    phone = at_the_table(phones(), people[0], code, table_server.url)
    took = []
    for life in (41, 42, 43):
        phone.page.evaluate(HIDE, True)
        assert people[1].post(f"/games/{code}/adjust-life", by=1).status == 303
        took.append(phone.page.evaluate(UNLOCKED, life))
    assert 0 < min(took) <= BACK_WITHIN_MS, took
    assert phone.page.locator("body.offline").count() == 0


def test_a_lost_line_is_said_and_nothing_looks_alive(
    phones: Callable[..., Phone], table_server: Server
) -> None:
    """Greyed, the clock labelled, told in a sentence; all of it gone when the server is back."""
    code, people = start(table_server.url, 2)
    phone = at_the_table(phones(), people[0], code, table_server.url)
    line = phone.page.locator(".bar > .line")
    assert not line.is_visible()
    table_server.kill()
    phone.page.wait_for_selector("body.offline")
    assert line.inner_text() == "No line. This clock is not live."
    label = "clock => getComputedStyle(clock, '::after').content"
    assert phone.page.locator("#seat-1 > .clk.on").evaluate(label) == '"Not live"'
    assert phone.page.locator("#seat-1").evaluate(label) == "none"  # no tag, once the tarp is away
    table_server.start()
    began = time.monotonic()
    phone.page.wait_for_selector("body:not(.offline)")
    assert time.monotonic() - began < 3
    assert not line.is_visible()
    phone.complaints.clear()  # the browser itself says that a connection was refused


@pytest.mark.parametrize("place", ["lobby", "tablet", "tv"])
@pytest.mark.parametrize("size", [{"width": 360, "height": 640}, {"width": 844, "height": 390}])
def test_a_lost_line_is_said_wherever_it_is_lost(
    phones: Callable[..., Phone], table_server: Server, place: str, size: dict[str, int]
) -> None:
    """A whole sentence that nothing lies on, all of it grey, no shared clock that looks live."""
    ada = Person(table_server.url)
    code = ada.post("/games", players=2).headers["location"].rsplit("/", 1)[1]
    if place != "lobby":
        ada.post(f"/games/{code}/start", empty_seats="share")
    phone = phones(viewport=size)
    if place != "tv":
        cookie = {"name": "tarp", "value": ada.cookies["tarp"], "url": table_server.url}
        phone.page.context.add_cookies([cookie])
    with phone.page.expect_request("**/events?**"):
        phone.open(f"/games/{code}{'' if place == 'lobby' else '?view=table'}")
    phone.page.wait_for_timeout(300)
    table_server.kill()
    phone.page.wait_for_selector("body.offline")
    grey = "getComputedStyle(document.body, '::after').backdropFilter"
    assert phone.page.evaluate(grey) == "grayscale(1)"
    line = phone.page.locator(".bar > .line")
    box = line.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert line.evaluate("one => one.scrollHeight <= one.clientHeight")
    assert not phone.page.locator("#state h1").is_visible()
    if place != "lobby":
        label = "clock => getComputedStyle(clock, '::after').content"
        assert phone.page.locator(".clk.on").first.evaluate(label) == '"Not live"'
    table_server.start()
    phone.page.wait_for_selector("body:not(.offline)")
    phone.complaints.clear()  # the browser itself says that a connection was refused


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_silent_line_is_a_lost_one(
    phones: Callable[..., Phone], serve: Callable[..., Server], channel: str
) -> None:
    """A cut that nobody announces: the sign of life stays away, and the page does not pretend."""
    server = serve(HEARTBEAT_SECONDS="0.5")
    door = Door(server.port, upgrades=True)
    code, people = start(server.url, 2)
    phone = phones()
    phone.url = door.url
    if channel == "socket":
        prefer_socket(phone)
    at_the_table(phone, people[0], code, door.url)
    assert phone.page.locator("[ws-connect]").count() == (channel == "socket")
    door.is_cut = True
    phone.page.wait_for_selector("body.offline", timeout=10_000)
    door.is_cut = False
    phone.page.wait_for_selector("body:not(.offline)", timeout=10_000)
    door.close()
    phone.complaints.clear()


def test_where_no_socket_goes_through(phones: Callable[..., Phone], door: Door) -> None:
    """Who asked for the instant line behind such a proxy plays on by stream and forms."""
    code, people = start(f"http://127.0.0.1:{door.server_port}", 2)
    phone = phones()
    phone.url = door.url
    prefer_socket(phone)
    at_the_table(phone, people[0], code, door.url)
    phone.page.wait_for_selector("body:not(.offline)")
    phone.page.locator(".mine .pass").locator("visible=true").click()
    phone.wait_state(turn="2", active_seat="2")
    people[1].post(f"/games/{code}/pass-turn")
    phone.wait_state(turn="3", active_seat="1")
    phone.page.evaluate(HIDE, True)
    people[1].post(f"/games/{code}/adjust-life", by=-9)
    assert 0 < phone.page.evaluate(UNLOCKED, 31) <= 2 * BACK_WITHIN_MS
    assert phone.violations() == []
    phone.complaints.clear()  # the browser itself says that the handshake was refused
