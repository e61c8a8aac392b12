"""The load driver itself, small: what it reports about a real server can be believed."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.settings import HOUSE

RUNS = {
    "many": ("--games", "5", "--every", "0.5", "--seconds", "3"),
    "one": ("--games", "1", "--every", "0.5", "--seconds", "0.5", "--taps", "1"),
}


@pytest.fixture(scope="module")
def best(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The figures of both runs, made at the same time and as a person makes them."""
    results = tmp_path_factory.mktemp("results")

    def measure(name: str) -> dict[str, Any]:
        words = ["--name", name, "--results", str(results), "--warm-up", "0", *RUNS[name]]
        subprocess.run(
            [sys.executable, "-m", "tests.load", *words],
            cwd=HOUSE,
            check=True,
            capture_output=True,
            timeout=60,
        )
        figures: dict[str, Any] = json.loads((results / f"{name}.json").read_text())["best"]
        return figures

    with ThreadPoolExecutor(len(RUNS)) as hands:
        return dict(zip(RUNS, hands.map(measure, RUNS), strict=True))


def test_no_frame_is_lost(best: dict[str, dict[str, Any]]) -> None:
    """A driver that loses frames would blame the server for it."""
    taps, frames = best["many"]["taps"], best["many"]["frames"]
    assert taps["due"] == 30
    # On a machine that is busy with others, a tap may be late, and two late ones become one.
    assert 15 <= taps["sent"] <= 30
    assert (taps["sent"], 0, {}) == (taps["acknowledged"], taps["lost"], taps["refused"])
    expected = 4 * taps["sent"]
    assert frames == {"expected": expected, "delivered": expected, "received": expected}


def test_the_other_figures_are_there(best: dict[str, dict[str, Any]]) -> None:
    """A figure that is silently nothing looks like a good one."""
    figures = best["many"]
    spread = figures["to_all_screens_ms"]
    assert 0 < spread["median"] <= spread["p99"] <= spread["max"]
    assert 0 < figures["to_answer_ms"]["median"]
    assert 0 < figures["server_core"]
    assert 0 < figures["bytes_per_phone_minute"]
    assert figures["descriptors"] > 5 * 4
    assert (0, "") == (figures["streams_ended"], figures["complaints"])


def test_one_tap_is_four_frames(best: dict[str, dict[str, Any]]) -> None:
    """Four phones, one tap: one frame each, whatever the machine's speed."""
    assert best["one"]["taps"]["acknowledged"] == 1
    assert best["one"]["frames"] == {"expected": 4, "delivered": 4, "received": 4}
