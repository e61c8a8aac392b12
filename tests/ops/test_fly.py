"""Fly's two configurations, held against what the app really does."""

from __future__ import annotations

import json
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.settings import HOUSE, SPECS, Settings
from tests.ops.told import gunicorn

ONE = HOUSE / "fly.toml"
SEVERAL = HOUSE / "app/ops/deploy/fly.redis.toml"
SECRETS = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"}


def read(path: Path) -> dict[str, Any]:
    """The whole file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [ONE, SEVERAL], ids=lambda path: path.name)
def test_it_agrees_with_the_app(path: Path) -> None:
    """A port or a path that is off by one shows only when the deploy has failed."""
    fly = read(path)
    assert set(fly["env"]) <= {spec.name for spec in SPECS}
    assert set() == SECRETS & set(fly["env"])
    key = {"SECRET_KEY": "a key that only the tests use"}
    settings = Settings.from_environment({**fly["env"], **key})
    service = fly["http_service"]
    assert settings.port == service["internal_port"]
    assert ["/ready"] == [check["path"] for check in service["checks"]]
    assert (settings.metrics_port, "/metrics") == (fly["metrics"]["port"], fly["metrics"]["path"])
    assert settings.https
    assert service["force_https"]
    assert 2 == settings.trusted_proxies


@pytest.mark.parametrize("path", [ONE, SEVERAL], ids=lambda path: path.name)
def test_it_is_stopped_gently(path: Path) -> None:
    """A machine that is cut off while presses are in flight loses them."""
    fly = read(path)
    assert "SIGTERM" == fly["kill_signal"]
    assert fly["kill_timeout"] > gunicorn("graceful_timeout") + 2
    dockerfile = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
    command = json.loads(dockerfile.rpartition("\nCMD ")[2])
    assert command == shlex.split(fly["processes"]["app"])
    assert ["app"] == fly["http_service"]["processes"]


@pytest.mark.parametrize("path", [ONE, SEVERAL], ids=lambda path: path.name)
def test_a_full_house_is_told_so_by_us(path: Path) -> None:
    """The edge answers with an error page; the app says in words that no further screen fits in."""
    limits = read(path)["http_service"]["concurrency"]
    most = int(read(path)["env"]["MAX_STREAMS"])
    assert "connections" == limits["type"]
    assert limits["soft_limit"] < most < limits["hard_limit"] < gunicorn("worker_connections")


def test_one_machine_never_stops_by_itself() -> None:
    """A running clock is on time with all phones asleep; a volume belongs to one machine."""
    fly = read(ONE)
    assert ("off", 1) == (
        fly["http_service"]["auto_stop_machines"],
        fly["http_service"]["min_machines_running"],
    )
    assert ["/app/instance"] == [mount["destination"] for mount in fly["mounts"]]
    assert "rolling" == fly["deploy"]["strategy"]


def test_several_machines_share_nothing_on_disk() -> None:
    """What one machine has on a volume the others would never see."""
    fly = read(SEVERAL)
    assert "mounts" not in fly
    assert fly["http_service"]["min_machines_running"] >= 2
    text = SEVERAL.read_text(encoding="utf-8")
    (told,) = (line for line in text.splitlines() if "fly secrets set" in line)
    assert SECRETS == {word.partition("=")[0] for word in told.split() if "=" in word}
