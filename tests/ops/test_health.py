"""Supervisors ask /health and /ready; a wrong answer sends people to a server that cannot serve."""

from dataclasses import dataclass

import pytest
from flask import Flask

from app.ops import draining, health
from app.ops.garbage import ENOUGH_OBJECTS, LONGEST_SECONDS, QUIET_SECONDS, Garbage
from app.settings import VERSION, Settings


@dataclass
class Table:
    """What the running app tells about itself."""

    stores: bool = True
    runs: bool = True

    def storage_ok(self) -> bool:
        """Whether it can save."""
        return self.stores

    def greenlets_ok(self) -> bool:
        """Whether its background runs."""
        return self.runs

    def channels(self) -> int:
        """Screens listening."""
        return 4

    def shared(self) -> dict[str, object] | None:
        """What instances share: nothing."""
        return None

    def games(self) -> int:
        """Games known."""
        return 3

    def unreadable_games(self) -> int:
        """Those whose row is rubbish."""
        return 1


def ask(settings: Settings, table: Table, path: str) -> tuple[int, dict[str, object]]:
    """The status and the JSON of one answer."""
    app = Flask(__name__)
    app.extensions["tarp"] = table
    health.install(app, settings)
    answer = app.test_client().get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.get_json()


def test_health_tells_the_figures(settings: Settings) -> None:
    """One look must tell which machine this is, which version, and how full it is."""
    status, told = ask(settings, Table(), "/health")
    assert isinstance(told.pop("uptime_seconds"), int)
    assert told == {
        "status": "ok",
        "instance": settings.instance_id,
        "version": VERSION,
        "commit": settings.commit,
        "channels": 4,
        "games": 3,
        "unreadable_games": 1,
        "storage": "ok",
    }
    assert 200 == status


@pytest.mark.parametrize(
    ("table", "status", "reasons"),
    [
        (Table(), 200, []),
        (Table(stores=False), 503, ["storage is failing"]),
        (Table(runs=False), 503, ["a background task is down"]),
    ],
)
def test_ready_says_why_not(
    settings: Settings, table: Table, status: int, reasons: list[str]
) -> None:
    """A server that cannot save must be sent nobody, and whoever looks must learn the reason."""
    found, told = ask(settings, table, "/ready")
    assert (status, reasons) == (found, told["reasons"])


def test_a_draining_server_is_not_ready(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody is told, though one of those told fails; saying it twice tells nobody twice."""
    told: list[str] = []
    monkeypatch.setattr(draining, "_state", {"draining": False})
    monkeypatch.setattr(draining, "_callbacks", [])
    draining.on_drain(lambda: told.append("first"))
    draining.on_drain(lambda: 1 // 0)
    draining.on_drain(lambda: told.append("last"))
    draining.drain()
    draining.drain()
    assert ["first", "last"] == told
    assert (503, ["draining"]) == (
        (answer := ask(settings, Table(), "/ready"))[0],
        answer[1]["reasons"],
    )
    assert "draining" == ask(settings, Table(), "/health")[1]["status"]


def test_garbage_waits_for_quiet() -> None:
    """A quarter of a second of silence is nothing between evenings, and everything in a tap."""
    garbage = Garbage()
    at = garbage.busy_at
    assert not garbage.is_due(at + QUIET_SECONDS / 2, ENOUGH_OBJECTS)
    assert garbage.is_due(at + QUIET_SECONDS, ENOUGH_OBJECTS)
    assert not garbage.is_due(at + QUIET_SECONDS, ENOUGH_OBJECTS - 1)
    garbage.tapped_at = lambda: at + QUIET_SECONDS / 2  # over a socket, which is no request
    assert not garbage.is_due(at + QUIET_SECONDS, ENOUGH_OBJECTS)
    assert garbage.is_due(at + 2 * QUIET_SECONDS, ENOUGH_OBJECTS)
    garbage.busy_at = garbage.collected_at + LONGEST_SECONDS
    assert garbage.is_due(garbage.busy_at, ENOUGH_OBJECTS)
