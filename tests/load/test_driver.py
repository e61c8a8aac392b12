"""The load driver itself, small: what it reports about a real server can be believed."""

import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from wsproto.frame_protocol import FrameProtocol

from app.settings import HOUSE
from tests.load.loop import Loop
from tests.load.socket_stream import TEXT, SocketStream, message
from tests.load.table import Phone, State, Table
from tests.load.tapping import Tapper

RUNS = {
    "many": ("--games", "5", "--every", "0.5", "--seconds", "3", "--against-shell"),
    "one": ("--games", "1", "--every", "0.5", "--seconds", "0.5", "--taps", "1"),
    "socket": ("--games", "5", "--every", "0.5", "--seconds", "3", "--channel", "socket"),
    "soak": ("--games", "2", "--every", "0.5", "--seconds", "3", "--sample", "0.5", "--soak"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The results of all runs, two at the same time, made as a person makes them."""
    folder = tmp_path_factory.mktemp("results")

    def measure(name: str) -> dict[str, Any]:
        words = ["--name", name, "--results", str(folder), "--warm-up", "0", *RUNS[name]]
        done = subprocess.run(
            [sys.executable, "-m", "tests.load", *words],
            cwd=HOUSE,
            check=False,  # on a machine busy with others a soak may find that latency grew
            capture_output=True,
            text=True,
            timeout=150,
        )
        assert (folder / f"{name}.json").exists(), done.stderr
        result: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
        return result

    with ThreadPoolExecutor(2) as hands:
        return dict(zip(RUNS, hands.map(measure, RUNS), strict=True))


@pytest.fixture(scope="module")
def best(results: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The figures of the best run of each."""
    return {name: result["best"] for name, result in results.items()}


@pytest.mark.parametrize("name", ["many", "socket"])
def test_no_frame_is_lost(best: dict[str, dict[str, Any]], name: str) -> None:
    """A driver that loses frames would blame the server for it."""
    taps, frames = best[name]["taps"], best[name]["frames"]
    assert taps["due"] == 30
    # On a machine that is busy with others, a tap may be late, and two late ones become one.
    assert 15 <= taps["sent"] <= 30
    assert (taps["sent"], 0, {}) == (taps["acknowledged"], taps["lost"], taps["refused"])
    expected = 4 * taps["sent"]
    assert frames == {"expected": expected, "delivered": expected, "received": expected}


@pytest.mark.parametrize(("name", "lines"), [("many", 5 * 5), ("socket", 5 * 4)])
def test_the_other_figures_are_there(
    best: dict[str, dict[str, Any]], name: str, lines: int
) -> None:
    """A figure that is silently nothing looks like a good one."""
    figures = best[name]
    spread = figures["to_all_screens_ms"]
    assert 0 < spread["median"] <= spread["p99"] <= spread["max"]
    assert 0 < figures["to_answer_ms"]["median"]
    assert 0 < figures["server_core"]
    assert 0 < figures["bytes_per_phone_minute"]
    assert figures["descriptors"] > lines
    # A machine busy with others may stop the server for seconds, and it warns of the outage.
    assert (0, False) == (figures["streams_ended"], '"level": "error"' in figures["complaints"])


def test_one_tap_is_four_frames(best: dict[str, dict[str, Any]]) -> None:
    """Four phones, one tap: one frame each, whatever the machine's speed."""
    assert best["one"]["taps"]["acknowledged"] == 1
    assert best["one"]["frames"] == {"expected": 4, "delivered": 4, "received": 4}


def test_the_shell_is_measured_like_the_server(results: dict[str, dict[str, Any]]) -> None:
    """The ratio is of two runs that did the same work."""
    result = results["many"]
    for figures in (result["best"], result["shell"]["best"]):
        assert figures["taps"]["acknowledged"] >= 10
        assert figures["frames"]["delivered"] == figures["taps"]["acknowledged"] * 4
    cost = result["least_us_per_tap"]
    assert result["times_the_shell"] == round(cost["server"] / cost["shell"], 2)


def test_a_soak_looks_again_and_again(results: dict[str, dict[str, Any]]) -> None:
    """Every sample has all figures, and together they come to a verdict."""
    best = results["soak"]["best"]
    assert len(best["samples"]) >= 4
    assert sum(one["acknowledged"] for one in best["samples"]) >= 8
    assert all(one["missing_frames"] == 0 for one in best["samples"])
    assert {"rss_mb", "p99_ms", "descriptors", "flat", "told"} == set(best["growth"])


def refused_by(news: bytes) -> tuple[dict[str, int], bool]:
    """What a tally says, and whether the tap is over, once whoever tapped was told this."""
    with socket.create_server(("127.0.0.1", 0)) as here:
        phones = [Phone(1), Phone(2)]
        table = Table("AAAAAA", phones, State(7, 3, 3, 1))
        loop = Loop()
        shake = threading.Thread(target=lambda: _shake_hands(here))
        shake.start()
        channel = SocketStream(here.getsockname()[1], "/", "", table.learn)
        phones[0].stream = channel
        channel.version = 7
        tapper = Tapper(loop, 0, table, by_socket=True)
        begun = time.perf_counter()
        tapper.play(begun, 1.0, 1)
        loop.run(begun + 0.01)
        assert not tapper.is_idle()
        channel.feed(bytes((0x81, len(news))) + news)
        channel.line.close()
        shake.join()
        loop.close()
        return dict(tapper.tally.refused), tapper.is_idle()


def _shake_hands(here: socket.socket) -> None:
    line, _ = here.accept()
    with line:
        line.recv(65536)
        line.sendall(b"HTTP/1.1 101 OK\r\n\r\n")
        line.recv(1)


STATE = b'<div id="state" hx-swap-oob="true" data-version="7">'


@pytest.mark.parametrize(
    ("news", "said"),
    [
        (
            b'<div id="answer" hx-swap-oob="innerHTML"><p>It&#39;s not you.</p></div>',
            "It's not you.",
        ),
        (b"", "came late"),
    ],
)
def test_a_refusal_over_a_socket_is_counted(news: bytes, said: str) -> None:
    """A tap that was turned down must not look like one whose frame was lost."""
    assert refused_by(STATE + news) == ({said: 1}, True)


def test_who_is_there_is_no_refusal() -> None:
    """Presence comes beside a tap and decides nothing about it."""
    presence = b'<p id="presence" hx-swap-oob="true"></p>'
    assert refused_by(STATE + presence) == ({}, False)


@pytest.mark.parametrize("size", [5, 125, 126, 500, 70_000])
def test_a_message_up_is_as_a_browser_masks_it(size: int) -> None:
    """The server's own package reads it, whatever its length."""
    server = FrameProtocol(client=False, extensions=[])
    server.receive_bytes(message(TEXT, b"x" * size))
    parts = list(server.received_frames())
    assert "".join(str(part.payload) for part in parts) == "x" * size
    assert parts[-1].message_finished
