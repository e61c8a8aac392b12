"""The systemd unit: what it may touch, how it is stopped, and that it names what the app knows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import HOUSE, SPECS, Settings
from tests.ops.told import gunicorn

UNIT = HOUSE / "app/ops/deploy/tap-or-tarp.service"


def entries(name: str) -> list[str]:
    """All values of one key."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


def test_it_starts_the_server_as_the_image_does() -> None:
    """One way to start: a second one is never tried until the night it fails."""
    dockerfile = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
    words = json.loads(dockerfile.rpartition("\nCMD ")[2])
    assert [f"/opt/tap-or-tarp/.venv/bin/{' '.join(words)}"] == entries("ExecStart")
    given = dict(pair.split("=", 1) for entry in entries("Environment") for pair in entry.split())
    pythons = {name for name in given if name.startswith("PYTHON")}
    assert set(given) - pythons <= {spec.name for spec in SPECS}
    settings = Settings.from_environment(given | {"SECRET_KEY": "a key that only the tests use"})
    assert ("127.0.0.1", 8000, 1, True) == (
        settings.host,
        settings.port,
        settings.trusted_proxies,
        settings.https,
    )


def test_it_stops_gently_and_writes_in_one_place() -> None:
    """Eight seconds for presses in flight; a hole in the app must not be one in the machine."""
    assert ["SIGTERM"] == entries("KillSignal")
    assert int(entries("TimeoutStopSec")[0]) > gunicorn("graceful_timeout") + 2
    assert (["yes"], ["strict"]) == (entries("NoNewPrivileges"), entries("ProtectSystem"))
    assert ["/opt/tap-or-tarp/instance"] == entries("ReadWritePaths")
    assert ["tarp"] == entries("User")


def test_systemd_finds_it_right_and_tight(tmp_path: Path) -> None:
    """A misspelt directive is skipped with a warning nobody reads, and protects nobody."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    here = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    here.write_text(text.replace("/opt/tap-or-tarp/.venv/bin/python", sys.executable, 1))
    verified = subprocess.run(
        ["systemd-analyze", "verify", here], check=False, capture_output=True, text=True
    )
    about_it = [line for line in verified.stderr.splitlines() if UNIT.name in line]
    assert (0, []) == (verified.returncode, about_it)
    # 0 touches nothing, 10 everything; the words for below 2 are "OK".
    tight = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", here],
        check=False,
        capture_output=True,
        text=True,
    )
    assert 0 == tight.returncode, tight.stdout[-300:]
