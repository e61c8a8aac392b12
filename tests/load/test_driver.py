"""The load driver itself, small: what it reports about a real server can be believed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.settings import HOUSE


def measure(results: Path, *words: str) -> dict[str, Any]:
    """The best run of a measurement made as a person makes it."""
    subprocess.run(
        [sys.executable, "-m", "tests.load", "--name", "try", "--results", str(results), *words],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        timeout=60,
    )
    best: dict[str, Any] = json.loads((results / "try.json").read_text())["best"]
    return best


def test_no_frame_is_lost(tmp_path: Path) -> None:
    """A driver that loses frames would blame the server for it."""
    best = measure(tmp_path, "--games", "5", "--every", "0.5", "--seconds", "3", "--warm-up", "0")
    taps, frames = best["taps"], best["frames"]
    assert taps["due"] == 30
    # On a machine that is busy with others, a tap may be late, and two late ones become one.
    assert 15 <= taps["sent"] <= 30
    assert (taps["sent"], 0, {}) == (taps["acknowledged"], taps["lost"], taps["refused"])
    expected = 4 * taps["sent"]
    assert frames == {"expected": expected, "delivered": expected, "received": expected}
    assert 0 < best["to_all_screens_ms"]["median"] <= best["to_all_screens_ms"]["max"]
    assert best["server_core"] > 0
    assert best["complaints"] == ""


def test_one_tap_is_four_frames(tmp_path: Path) -> None:
    """Four phones, one tap: one frame each, whatever the machine's speed."""
    best = measure(
        tmp_path,
        "--games",
        "1",
        "--taps",
        "1",
        "--seconds",
        "0.5",
        "--warm-up",
        "0",
        "--every",
        "0.5",
    )
    assert best["taps"]["acknowledged"] == 1
    assert best["frames"] == {"expected": 4, "delivered": 4, "received": 4}
