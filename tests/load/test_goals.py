"""What is said of goals and of long play: a verdict must not come out well by mistake."""

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.load.first_page import CountingLine
from tests.load.goals import GOALS, Goal, held, main, table
from tests.load.options import Options, read
from tests.load.progress import CannotMeasureError
from tests.load.soak import growth
from tests.load.wire import Desk

TAPS = GOALS[0]
GOOD: dict[str, Any] = {
    "times_the_shell": 1.8,
    "best": {
        "server_core": 0.65,
        "to_all_screens_ms": {"p99": 25.0},
        "frames": {"expected": 400, "delivered": 400},
        "taps": {"acknowledged": 100, "lost": 0},
        "streams_ended": 0,
    },
}


def but(**changed: Any) -> dict[str, Any]:
    """The good result, with other figures in its best run."""
    return {**GOOD, "best": {**GOOD["best"], **changed}}


def test_the_limit_itself_holds() -> None:
    """At most means at most."""
    assert held(TAPS, GOOD)
    assert table([(TAPS, GOOD)]).splitlines()[2].endswith("| yes |")


@pytest.mark.parametrize(
    "result",
    [
        {**GOOD, "times_the_shell": 1.81},
        but(server_core=0.6501),
        but(to_all_screens_ms={"p99": 25.1}),
        but(frames={"expected": 400, "delivered": 399}),
        but(taps={"acknowledged": 100, "lost": 1}),
        but(taps={"acknowledged": 0, "lost": 0}, frames={"expected": 0, "delivered": 0}),
        but(streams_ended=1),
        {"failed": "The server did not start."},
        None,
    ],
)
def test_one_figure_too_many_holds_nothing(result: dict[str, Any] | None) -> None:
    """Nor does a run that was not made, or in which nobody tapped."""
    assert not held(TAPS, result)
    assert not table([(TAPS, result)]).splitlines()[2].endswith("| yes |")


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)
def test_every_goal_is_work_the_driver_knows(goal: Goal) -> None:
    """A slip in its words would be found only after an hour."""
    options = read([*goal.words.split(), "--name", goal.name], "")
    assert options.name == goal.name
    # This process and the server each have so many descriptors on a usual machine.
    assert options.lines < 20_000


def test_what_fails_does_not_end_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An hour of measuring is not thrown away because one run could not be made."""
    asked: list[str] = []

    def measure(options: Options) -> dict[str, Any]:
        asked.append(options.name)
        if options.channel == "socket":
            raise CannotMeasureError("The server did not start.")
        return {"best": {"bytes_per_phone_minute": 5 * 1024}}

    assert main(["--only", "goal-bytes", "--results", str(tmp_path)], measure) == 1
    rows = capsys.readouterr().out.splitlines()
    assert asked == ["goal-bytes-sse", "goal-bytes-socket"]
    assert rows[2].endswith("| 5.0 KB | yes |")
    assert rows[3].endswith("| - | not measured |")


def test_kept_results_are_told_without_measuring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table can be made again from what is in the folder."""
    best = {"home": {"bytes": 1024, "requests": 3}, "game": {"bytes": 2048, "requests": 17}}
    (tmp_path / "goal-first-page.json").write_text(json.dumps({"best": best}))

    def measure(options: Options) -> dict[str, Any]:
        raise AssertionError(options)

    assert main(["--kept", "--only", "page", "--results", str(tmp_path)], measure) == 1
    rows = capsys.readouterr().out.splitlines()
    assert rows[2].endswith("| 1.0 KB; 3 requests | yes |")
    assert rows[3].endswith("| 2.0 KB; 17 requests | **no** |")


def samples(**last: float) -> list[dict[str, Any]]:
    """Twenty minutes of the same, but for the last third."""
    flat = {"rss_mb": 200.0, "p99_ms": 8.0, "descriptors": 1000}
    return [flat] * 14 + [flat | last] * 6


def test_what_stays_is_flat() -> None:
    """Noise is no leak, nor is an outlier."""
    assert growth(samples(rss_mb=205.0, p99_ms=10.0, descriptors=1004))["flat"] is True
    assert growth([*samples(), {"rss_mb": 900.0, "p99_ms": 90.0, "descriptors": 9000}])["flat"]


@pytest.mark.parametrize("grown", [{"rss_mb": 215.0}, {"p99_ms": 16.0}, {"descriptors": 1030}])
def test_what_grows_is_told(grown: dict[str, float]) -> None:
    """Each figure by itself, and by its name."""
    found = growth(samples(**grown))
    assert (found["flat"], next(iter(grown)) in found["told"]) == (False, True)


def test_too_short_a_soak_says_nothing() -> None:
    """Three samples are no beginning and no end."""
    assert growth(samples()[:3])["flat"] is None


def test_the_line_counts_what_passes() -> None:
    """Every byte down, and every address asked for, on a connection that is kept."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        said = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"

        def serve() -> None:
            line, _ = door.accept()
            with line:
                while line.recv(65536):
                    line.sendall(said)

        serving = threading.Thread(target=serve)
        serving.start()
        with CountingLine(door.getsockname()[1]) as line:
            desk = Desk(line.port)
            for path in ("/", "/static/a.css", "/"):
                assert desk.get(path, "").body == b"yes"
            desk.close()
            serving.join()
            assert line.asked == ["/", "/static/a.css", "/"]
            assert line.bytes == 3 * len(said)
