"""A phone that vanishes: battery, lift, tunnel. No farewell comes, only silence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import Server
from tests.person import Person

NOTICED_WITHIN_S = 30
ROOM, OURS, THEIRS = f"tarp-{os.getpid()}", "10.213.77.1", "10.213.77.2"

LISTEN = """
import socket, sys
line = socket.create_connection((sys.argv[1], int(sys.argv[2])))
line.sendall(f"GET {sys.argv[3]} HTTP/1.1\\r\\nHost: phone\\r\\n\\r\\n".encode())
while line.recv(65536):
    pass
"""


def ip(*words: str) -> None:
    """Run iproute2."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def room() -> Iterator[list[str]]:
    """A network of its own with one line to ours; the words that run a program in there."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("needs root and iproute2")
    with ExitStack() as undo:
        try:
            ip("netns", "add", ROOM)
        except subprocess.CalledProcessError:
            pytest.skip("no network namespaces here")
        undo.callback(ip, "netns", "del", ROOM)
        ip("link", "add", "tarp-a", "type", "veth", "peer", "name", "tarp-b", "netns", ROOM)
        undo.callback(ip, "link", "del", "tarp-a")
        ip("addr", "add", f"{OURS}/24", "dev", "tarp-a")
        ip("link", "set", "tarp-a", "up")
        ip("-n", ROOM, "addr", "add", f"{THEIRS}/24", "dev", "tarp-b")
        ip("-n", ROOM, "link", "set", "tarp-b", "up")
        yield ["ip", "netns", "exec", ROOM]


def channels(url: str) -> int:
    """How many screens the server believes to be listening."""
    return int(json.loads(Person(url).get("/health").text)["channels"])


@pytest.mark.soak
@pytest.mark.parametrize("heartbeat_s", ["1", "15", "60"])
def test_a_vanished_phone_is_noticed(
    room: list[str], serve: Callable[..., Server], heartbeat_s: str
) -> None:
    """A seat whose phone is gone must not look as if it was there for a quarter of an hour.

    From one moment on nothing the phone sends gets out, not even acknowledgements.
    """
    server = serve(HOST="0.0.0.0", HEARTBEAT_SECONDS=heartbeat_s)
    code = Person(server.url).post("/games").headers["location"].rsplit("/", 1)[1]
    path = f"/games/{code}/events?since=0"
    words = [*room, sys.executable, "-c", LISTEN, OURS, str(server.port), path]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as phone:
        try:
            latest = time.monotonic() + 10
            while channels(server.url) == 0:
                assert time.monotonic() < latest
                time.sleep(0.05)
            time.sleep(2)
            ip("-n", ROOM, "route", "add", "blackhole", f"{OURS}/32")
            vanished = time.monotonic()
            while channels(server.url) == 1:
                assert time.monotonic() - vanished < NOTICED_WITHIN_S
                time.sleep(0.1)
        finally:
            phone.kill()
