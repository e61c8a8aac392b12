"""What a cold phone loads before it can play: bytes and requests, counted on the wire.

Chromium opens the page through a line that counts: everything the server sends is in it, heads and
scripts, fonts and pictures, the channel's first frame, and what a worker of the page fetches.
"""

import re
import socket
import threading
import time
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Self

from tests.house import machine
from tests.load.options import Options
from tests.load.progress import CannotMeasureError
from tests.load.server import Server
from tests.load.table import Phone
from tests.load.wire import READ_BYTES, Desk, connect

ASKED = re.compile(rb"(?:^|\r\n)(?:GET|POST|HEAD) (\S+) HTTP/1\.1\r\n")
PHONE = {"width": 390, "height": 844}
#: So long nothing may come before the page counts as loaded.
QUIET_SECONDS = 1.5
LONGEST_SECONDS = 20.0


class CountingLine:
    """Listens, hands everything on to the server and back, and counts."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._rooms = ExitStack()
        self._door = self._rooms.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port: int = self._door.getsockname()[1]
        self.bytes = 0
        self.asked: list[str] = []
        self.newest_at = time.perf_counter()

    def __enter__(self) -> Self:
        threading.Thread(target=self._welcome, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rooms.close()

    def begin(self) -> None:
        """Count from here on."""
        self.bytes, self.asked, self.newest_at = 0, [], time.perf_counter()

    def wait(self) -> None:
        """Until it is quiet, or long enough has been waited."""
        latest = time.perf_counter() + LONGEST_SECONDS
        while time.perf_counter() < min(latest, self.newest_at + QUIET_SECONDS):
            time.sleep(0.05)

    def _welcome(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                phone, _ = self._door.accept()
                server = connect(self._to)
                self._rooms.callback(phone.close)
                self._rooms.callback(server.close)
                for source, sink, is_up in ((phone, server, True), (server, phone, False)):
                    words = (source, sink, is_up)
                    threading.Thread(target=self._hand_on, args=words, daemon=True).start()

    def _hand_on(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        source.settimeout(None)
        with suppress(OSError):  # either side is gone
            while data := source.recv(READ_BYTES):
                self.newest_at = time.perf_counter()
                if is_up:
                    self.asked += [path.decode() for path in ASKED.findall(data)]
                else:
                    self.bytes += len(data)
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


def play(options: Options, core: int) -> dict[str, Any]:
    """The home page, and the page of a game whose link was followed, each on a phone of its own."""
    path = machine.chromium()
    if path is None:
        raise CannotMeasureError("There is no chromium on this machine.")
    # What only this measurement needs, and what starts slowly.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.conftest import CHROMIUM_WORDS  # noqa: PLC0415

    with Server(core, options.settings) as server, ExitStack() as rooms:
        server.start()
        line = rooms.enter_context(CountingLine(server.port))
        playwright = rooms.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_WORDS))
        rooms.callback(chromium.close)
        pages = {"home": "/", "game": invitation(server.port)}
        return {name: _load(chromium, line, address) for name, address in pages.items()} | {
            "complaints": server.complaints()
        }


def invitation(port: int) -> str:
    """The address of a game in which the host has sat down."""
    desk, host = Desk(port), Phone(1)
    made = desk.post("/games", "", "players=4")
    found = re.search(rb"\r\nlocation: *(?:http://[^/]+)?(/games/\w+)", made.head, re.IGNORECASE)
    cookie = re.search(rb"\r\nset-cookie: *([^;\r]+)", made.head, re.IGNORECASE)
    if not found or not cookie:
        raise ConnectionError(f"no game was made: {made.head!r}")
    address = found[1].decode()
    desk.post(f"{address}/claim-seat", cookie[1].decode(), f"seat={host.seat}")
    desk.close()
    return address


def _load(chromium: Any, line: CountingLine, address: str) -> dict[str, Any]:
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    line.begin()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{line.port}{address}")
    line.wait()
    found = {"bytes": line.bytes, "requests": len(line.asked), "asked": list(line.asked)}
    context.close()
    return found
