"""The metrics page tells how the house is used: only to its keepers."""

import dataclasses

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.ops import metrics
from app.settings import Settings

TOKEN = "a token for the metrics page"


@pytest.fixture
def app(settings: Settings) -> Flask:
    """An app with a metrics page, one view and one stream, behind one trusted proxy."""
    app = Flask(__name__)
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    metrics.install(app, dataclasses.replace(settings, metrics_token=TOKEN))
    app.add_url_rule("/games/<code>", "game", lambda code: code)
    app.add_url_rule("/games/<code>/events", "events", lambda code: code)
    return app


def test_this_machine_may_read(app: Flask) -> None:
    """A collector on the same machine needs no set-up."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert "process_cpu_seconds_total" in answer.text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.168.1.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("203.0.113.9", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}),
        ("192.168.1.7", {"Authorization": "Bearer another token"}),
        ("192.168.1.7", {"Authorization": "Bearer tökén"}),
    ],
)
def test_nobody_else_may(app: Flask, address: str, headers: dict[str, str]) -> None:
    """A proxy on this machine speaks for the whole world, and anybody can write a header."""
    answer = app.test_client().get(
        "/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}
    )
    assert answer.status_code == 403


def test_the_bearer_may(app: Flask) -> None:
    """The token opens the page from anywhere, through any proxy."""
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}
    answer = app.test_client().get(
        "/metrics", headers=headers, environ_base={"REMOTE_ADDR": "198.51.100.4"}
    )
    assert answer.status_code == 200


def test_requests_are_grouped_by_endpoint(app: Flask) -> None:
    """A line for each game code would grow without end; a stream's life is no answer's time."""
    client = app.test_client()
    for code in ("AAAAAA", "BBBBBB"):
        client.get(f"/games/{code}")
        client.get(f"/games/{code}/events")
    text = client.get("/metrics").text
    assert (
        'tarp_http_request_duration_seconds_count{endpoint="game",method="GET",status="200"} 2.0'
        in text
    )
    assert "AAAAAA" not in text
    assert 'endpoint="events"' not in text
