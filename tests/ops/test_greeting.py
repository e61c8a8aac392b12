"""A laptop at a table: whoever starts the server there sees what the others have to type."""

from __future__ import annotations

import ipaddress
import os
import pty
import re
import select
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from app.ops.greeting import address_text, addresses, drawn, greeting
from app.settings import HOUSE, Settings
from tests.conftest import environment_in, free_port

PLAYED_S = 20.0
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(folder: Path, port: int, **environment: str) -> str:
    """What a terminal shows from the start until the server is ready and gently stopped."""
    environment |= {"HOST": "0.0.0.0", "PORT": str(port)}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:app.ops.gunicorn", "wsgi:app"],
        cwd=HOUSE,
        env=os.environ | environment_in(folder) | {"LOG_FORMAT": ""} | environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, latest, asked = b"", time.monotonic() + PLAYED_S, False
    try:
        while time.monotonic() < latest:
            if not asked and is_ready(port):
                process.terminate()
                asked = True
            if not select.select([ours], [], [], 0.1)[0]:
                continue
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the last one has hung up
                break
        assert 0 == process.wait(10)
    finally:
        process.kill()
        process.wait(10)
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def is_ready(port: int) -> bool:
    """Whether the server says so."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2).close()
    except OSError:
        return False
    return True


def test_a_terminal_is_greeted_once(tmp_path: Path) -> None:
    """An address nobody can find, or that scrolls by with every reload, is no greeting."""
    if not addresses():
        pytest.skip("this machine has no network")
    port = free_port()
    shown = on_a_terminal(tmp_path, port)
    expected = f"http://{addresses()[0]}:{port}"
    assert 1 == shown.count(f"\n  {expected}\n")
    assert 1 == shown.count(drawn(expected))


def test_the_squares_are_the_address() -> None:
    """Read back square by square: two rows a line, light where something is printed."""
    import segno  # noqa: PLC0415 - only to compare

    lines = [COLOURS.sub("", line)[2:] for line in drawn("http://192.168.1.23:8000").splitlines()]
    rows = [row for line in lines for row in (_upper(line), _lower(line))]
    size = len(rows[0])
    code = segno.make("http://192.168.1.23:8000", error="m", micro=False)
    expected = ["".join("01"[bit] for bit in row) for row in code.matrix_iter(border=2)]
    assert expected == rows[:size]


def _upper(line: str) -> str:
    return "".join("0" if square in "█▀" else "1" for square in line)


def _lower(line: str) -> str:
    return "".join("0" if square in "█▄" else "1" for square in line)


def test_addresses_are_those_phones_can_reach() -> None:
    """A phone that is sent to 127.0.0.1 asks itself."""
    found = addresses()
    assert len(set(found)) == len(found)
    assert not any(ipaddress.ip_address(each).is_loopback for each in found)
    assert "http://192.168.1.23" == address_text("192.168.1.23", 80)
    assert "http://[fd00::2]:8000" == address_text("fd00::2", 8000)


def test_only_who_is_reached_directly_is_told_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a proxy the address of this machine is not the one to type."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, os.fdopen(ours):
        monkeypatch.setattr(sys, "stderr", terminal)
        table = replace(settings, log_format="console", host="0.0.0.0", port=8000)
        assert greeting(replace(table, trusted_proxies=1)) is None
        assert greeting(replace(table, https=True)) is None
        # A collector would choke on squares between its lines.
        assert greeting(replace(table, log_format="json")) is None
        alone = greeting(replace(table, host="127.0.0.1"))
        assert alone is not None
        assert "Only this machine reaches it: HOST is 127.0.0.1." in alone
        told = greeting(replace(table, host="192.168.1.23"))
        assert told is not None
        assert "\n  http://192.168.1.23:8000\n" in told
    with Path(os.devnull).open("w") as no_terminal:
        monkeypatch.setattr(sys, "stderr", no_terminal)
        assert greeting(table) is None
