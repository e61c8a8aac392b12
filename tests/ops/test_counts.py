"""What the metrics page says after an evening: every number an operator will look for."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.game.commands import COMMANDS
from app.settings import HOUSE
from app.web.counts import CODES
from tests.conftest import Server, free_port, serving
from tests.house.test_readme_tables import rows
from tests.person import Person, start

PLAN = {
    "websocket_connections_total": "gauge",
    "game_sessions_active": "gauge",
    "game_sessions_created_total": "counter",
    "websocket_messages_total": "counter",
    "websocket_errors_total": "counter",
    "game_tick_duration_seconds": "histogram",
}
"""The names dashboards were drawn for."""

TOKEN = "a token for the metrics page"

OURS = re.compile(r"(tarp_(?!http_|exporter_)|game_|websocket_)")


class Page:
    """One reading."""

    def __init__(self, server: Server, **headers: str) -> None:
        self.text = Person(server.url).get("/metrics", **headers).text

    def value(self, name: str, **labels: str) -> float:
        """The value of a sample; KeyError when there is none."""
        inside = ",".join(f'{key}="{value}"' for key, value in labels.items())
        series = f"{name}{{{inside}}}" if inside else name
        found = re.search(rf"^{re.escape(series)} (\S+)$", self.text, re.MULTILINE)
        if found is None:
            raise KeyError(series)
        return float(found[1])

    def kinds(self) -> dict[str, str]:
        """Every metric and what it is."""
        return dict(re.findall(r"^# TYPE (\S+) (\S+)$", self.text, re.MULTILINE))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server whose page needs a token, but for its port of its own."""
    own = {"METRICS_PORT": str(free_port()), "METRICS_TOKEN": TOKEN}
    with serving(tmp_path_factory.mktemp("guarded"), **own) as server:
        yield server


def test_the_plans_names_are_kept(unplayed: Server) -> None:
    """A dashboard drawn for the plan works."""
    kinds = Page(unplayed).kinds()
    assert PLAN == {name: kinds.get(name) for name in PLAN}


def test_readme_lists_every_metric(unplayed: Server) -> None:
    """By name, kind and labels: what is on the page is in the table, and the other way round."""
    page = Page(unplayed)
    made = "_created"
    found = {n: k for n, k in page.kinds().items() if OURS.match(n) and not n.endswith(made)}
    told = {row[0].strip("`"): row[1] for row in rows("### Metrics")}
    assert found == told
    for name, _, labels, _ in rows("### Metrics"):
        sample = re.search(
            rf"^{name.strip('`')}(?:_bucket)?(?:{{([^}}]*)}})? ", page.text, re.MULTILINE
        )
        assert sample, name
        known = re.findall(r'(\w+)="', sample[1] or "")
        assert [one for one in known if one != "le"] == labels.replace(",", "").split(), name


def test_known_labels_stand_at_0_from_the_start(unplayed: Server) -> None:
    """A rate over something that never happened yet is 0, not nothing."""
    page = Page(unplayed)
    for command in COMMANDS:
        assert 0 == page.value("websocket_messages_total", type=command)
        for outcome in ("done", "stale", "refused", "invalid"):
            assert 0 == page.value("tarp_commands_total", command=command, outcome=outcome)
    for code in CODES:
        assert 0 == page.value("tarp_refusals_total", code=code)
    for transport in ("sse", "socket"):
        assert 0 == page.value("websocket_connections_total", transport=transport)
        assert 0 == page.value("tarp_reconnects_total", transport=transport)
    for fault in ("bad-message", "too-large", "too-fast", "not-text", "protocol", "no-pong"):
        assert 0 == page.value("websocket_errors_total", type=fault)


def test_every_code_is_known() -> None:
    """A new refusal is counted from its first day."""
    found = {"not-yours", "too-fast", "many-claims", "many-feedback", "many-games", "many-guesses"}
    for file in (HOUSE / "app").rglob("*.py"):
        text = file.read_text()
        found |= set(re.findall(r'(?:Refusal|NotNow)\(\s*"([a-z0-9-]+)"', text))
        found |= set(re.findall(r'NotYours\((?:[^()]|\([^()]*\))*?,\s*"([a-z0-9-]+)"\s*\)', text))
    assert found == set(CODES)


def test_an_evening_is_counted(server: Server) -> None:
    """Games, taps by name and outcome, refusals, channels, messages, the times it took."""
    code, (host, guest) = start(server.url, 2)
    stream, socket = guest.listen(code), host.plug_in(code)
    stream.next()
    socket.next()
    host.post(f"/games/{code}/pass-turn", turn=1)
    host.post(f"/games/{code}/pass-turn", turn=1)
    host.post(f"/games/{code}/pass-turn")
    host.post(f"/games/{code}/roll-dice", sides="many")
    socket.say("adjust-life", by="-1")
    socket.send("{nonsense")
    assert socket.told()
    Person(server.url).post("/games")
    page = Page(server)
    assert 2 == page.value("game_sessions_created_total") == page.value("game_sessions_active")
    judged = {
        outcome: page.value("tarp_commands_total", command="pass-turn", outcome=outcome)
        for outcome in ("done", "stale", "refused", "invalid")
    }
    assert {"done": 1, "stale": 1, "refused": 1, "invalid": 0} == judged
    assert 1 == page.value("tarp_commands_total", command="roll-dice", outcome="invalid")
    assert 1 == page.value("tarp_refusals_total", code="not-yours")
    assert 1 == page.value("tarp_authorization_denials_total", road="form")
    assert 1 == page.value("websocket_connections_total", transport="sse")
    assert 1 == page.value("websocket_connections_total", transport="socket")
    assert 1 == page.value("tarp_listened_to_games")
    assert 1 == page.value("websocket_messages_total", type="adjust-life")
    assert 1 == page.value("websocket_errors_total", type="bad-message")
    # Two claims, the start, a pass and a point of life.
    assert 5 == page.value("tarp_tap_to_announce_seconds_count")
    assert 7 == page.value("tarp_storage_save_seconds_count")
    assert 0 < page.value("process_resident_memory_bytes")
    assert 0 < page.value("process_open_fds")
    stream.close()
    socket.close()


def test_streams_do_not_pollute_the_answers_times(played: Server) -> None:
    """A phone that listened for a minute was not answered slowly."""
    code, (host, _) = start(played.url, 2)
    stream, socket = host.listen(code), host.plug_in(code)
    stream.next()
    socket.next()
    time.sleep(0.2)
    stream.close()
    socket.close()
    text = Page(played).text
    assert 'endpoint="actions.act"' in text
    assert 'endpoint="sse.events"' not in text
    assert 'endpoint="socket.serve"' not in text


def test_the_timekeeper_is_timed(played: Server) -> None:
    """How long it took for what fell due, and how late it came."""
    start(played.url, 2, starting_minutes=0, starting_seconds=1, bonus_seconds=0)
    latest = time.monotonic() + 5
    while Page(played).value("game_tick_duration_seconds_count") == 0:
        assert time.monotonic() < latest
        time.sleep(0.1)
    page = Page(played)
    ticks = page.value("game_tick_duration_seconds_count")
    assert ticks == page.value("tarp_tick_lateness_seconds_count")
    assert page.value("tarp_tick_lateness_seconds_sum") < ticks


def test_running_games_are_restored(server: Server) -> None:
    """After a restart the operator sees that they are all there."""
    for _ in range(3):
        start(server.url, 2)
    assert server.stop() == 0
    server.start()
    assert 3 == Page(server).value("tarp_restored_games")


def test_a_port_of_its_own(guarded: Server) -> None:
    """Where a platform scrapes from inside: the same page, without the token, on no public port."""
    own = Server(int(guarded.environment["METRICS_PORT"]), guarded.environment, guarded.log)
    assert PLAN.keys() <= Page(own).kinds().keys()


SHARED = """
import os, sys
from pathlib import Path
from prometheus_client import CollectorRegistry
from app.channel import counts as channel
from app.ops import metrics
from app.table import counts as table
for number in (1, 2):
    if not os.fork():
        table.judged("pass-turn", "done")
        channel.OPEN.labels("sse").set(number)
        table.TICK.observe(0.01)
        os._exit(0)
for _ in range(2):
    os.wait()
sys.stdout.write(metrics.page(CollectorRegistry(), lambda: None).decode())
"""


def test_several_workers_share_one_page(tmp_path: Path) -> None:
    """Whichever worker answers, the page counts for all of them; gauges of the dead go."""
    environment: dict[str, Any] = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SHARED],
        cwd=HOUSE,
        env={**environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'tarp_commands_total{command="pass-turn",outcome="done"} 2.0' in done.stdout
    assert "game_tick_duration_seconds_count 2.0" in done.stdout
    assert "process_resident_memory_bytes" in done.stdout
    assert 'tarp_refusals_total{code="busy"} 0.0' not in done.stdout  # that room was not opened


def test_only_keepers_may_read(unplayed: Server, guarded: Server) -> None:
    """This machine without a proxy between, or whoever bears the token."""
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    for server in (unplayed, guarded):
        assert Person(server.url).get("/metrics").status == 200
        assert Person(server.url).get("/metrics", **forwarded).status == 403
    borne = {**forwarded, "Authorization": f"Bearer {TOKEN}"}
    assert Person(guarded.url).get("/metrics", **borne).status == 200
