"""What Prometheus and Grafana are told: checked with promtool, and against the page itself."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import HOUSE, SPECS
from tests.conftest import serving
from tests.house import machine
from tests.person import Person, start

DEPLOY = HOUSE / "app/ops/deploy"
STORIES = HOUSE / "tests/ops/alerts_test.yml"
# Prometheus' own, and what its language consists of.
ITS_OWN = {"up"}
WORDS = re.compile(r"[a-z_][a-z_0-9]*")
# The production plan's name for a gauge; promtool would rather keep `_total` for counters.
KNOWN = 'websocket_connections_total non-counter metrics should not have "_total" suffix'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The metrics of a server on which something was done, refused and gone wrong."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        code, people = start(server.url, 2)
        people[0].post(f"/games/{code}/pass-turn")
        people[0].post(f"/games/{code}/start")
        Person(server.url).get("/games/ZZZZZZ")
        yield people[0].get("/metrics").text


def promtool(*words: str | Path, told: str = "") -> subprocess.CompletedProcess[str]:
    """What promtool says."""
    program = machine.promtool()
    if program is None:
        pytest.skip("no promtool on this machine")
    return subprocess.run(
        [program, *words], input=told, check=False, capture_output=True, text=True
    )


def names(page: str) -> set[str]:
    """Every name a query may use: a histogram stands for three."""
    found = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE):
        parts = ("_bucket", "_count", "_sum") if kind == "histogram" else ("",)
        found |= {name + part for part in parts}
    return found


def queries() -> dict[str, str]:
    """Every expression of the dashboard and the rules, by where it stands."""
    told: dict[str, Any] = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))
    found = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in told["panels"]
        for target in panel["targets"]
    }
    rules = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
    return found | dict(re.findall(r"alert: (\S+)\n +expr: (.+)\n", rules))


def used(query: str) -> set[str]:
    """The metrics of an expression: its words that are no function, label or keyword."""
    query = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", query)
    query = re.sub(r"\b(by|on|without)\s*\([^)]*\)", "", query)
    called = set(re.findall(r"([a-z_]+)\s*\(", query))
    return set(WORDS.findall(query)) - called - {"sum", "or", "and", "max", "by"}


def test_promtool_finds_the_files_right() -> None:
    """A rule with a slip in it is not loaded, and then nobody is woken."""
    checked = promtool("check", "config", DEPLOY / "prometheus.yml")
    assert 0 == checked.returncode, checked.stderr
    checked = promtool("check", "rules", DEPLOY / "alerts.yml")
    assert 0 == checked.returncode, checked.stderr


def test_the_rules_wake_whom_they_should(tmp_path: Path) -> None:
    """Ordinary evenings rouse nobody; every rule fires in its own bad night."""
    here = tmp_path / STORIES.name
    text = STORIES.read_text(encoding="utf-8")
    here.write_text(text.replace("- ALERTS\n", f"- {DEPLOY / 'alerts.yml'}\n"), encoding="utf-8")
    played = promtool("test", "rules", here)
    assert 0 == played.returncode, played.stdout + played.stderr
    rules = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
    alerts = set(re.findall(r"alert: (\S+)", rules))
    assert alerts == set(re.findall(r'alertname="(\w+)"', text))


def test_promtool_reads_the_page(page: str) -> None:
    """A page with one bad line is dropped whole."""
    checked = promtool("check", "metrics", told=page)
    assert [KNOWN] == checked.stderr.splitlines()


def test_every_name_is_on_the_page(page: str) -> None:
    """A panel about a metric that was renamed is empty, and looks like a quiet night."""
    there = names(page) | ITS_OWN
    missing = {where: used(query) - there for where, query in queries().items()}
    assert {} == {where: left for where, left in missing.items() if left}
    assert all(used(query) for query in queries().values())


def test_every_label_is_on_the_page(page: str) -> None:
    """A sum by a label that is not there is one line without a name."""
    labels = set(re.findall(r'[{,]([a-z]+)="', page)) | {"job", "instance"}
    grouped = [
        label.strip()
        for query in queries().values()
        for each in re.findall(r"by \(([^)]*)\)", query)
        for label in each.split(",")
    ]
    assert set() == set(grouped) - labels


def test_the_dashboard_can_be_imported() -> None:
    """Grafana refuses doubled ids, and draws panels over each other without a word."""
    told = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))
    panels = told["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    squares = [
        (place["x"] + x, place["y"] + y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["w"])
        for y in range(place["h"])
    ]
    assert len(set(squares)) == len(squares)
    assert max(x for x, _ in squares) < 24
    sources = {target["datasource"]["uid"] for panel in panels for target in panel["targets"]}
    assert {"${datasource}"} == sources
    assert {"datasource", "instance"} == {each["name"] for each in told["templating"]["list"]}


def test_the_port_is_the_one_the_unit_serves() -> None:
    """A scrape of the wrong port is a night without eyes."""
    unit = (DEPLOY / "tap-or-tarp.service").read_text(encoding="utf-8")
    (port,) = re.findall(r"METRICS_PORT=(\d+)", unit)
    config = (DEPLOY / "prometheus.yml").read_text(encoding="utf-8")
    assert f'targets: ["127.0.0.1:{port}"]' in config
    told = set(re.findall(r"\b(METRICS_[A-Z]+|MAX_STREAMS)\b", config))
    assert told <= {spec.name for spec in SPECS}
