"""What plain http costs is said once, on the page about this phone, and only where it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from flask import Flask

from app.factory import create_app
from app.settings import Settings

COST = "the screen cannot be kept awake and the page cannot be installed"


@pytest.fixture
def made(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Apps with other settings."""
    with ExitStack() as stack:

        def make(**other: object) -> Flask:
            app = create_app(replace(settings, **other))  # type: ignore[arg-type]
            stack.callback(app.extensions["table"].storage.close)
            return app

        yield make


def test_it_is_said_where_it_costs(made: Callable[..., Flask]) -> None:
    """A screen that goes dark in mid-game looks like our fault."""
    browser = made().test_client()
    for host in ("192.168.1.23:8000", "tarp.example.org", "[fd00::2]:8000"):
        assert COST in browser.get("/preferences", base_url=f"http://{host}").text
        assert COST not in browser.get("/", base_url=f"http://{host}").text


def test_it_is_not_said_elsewhere(made: Callable[..., Flask]) -> None:
    """A browser trusts the machine it runs on and every https page: a warning there is wrong."""
    plain, behind, safe = made(), made(trusted_proxies=1), made(https=True)
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.1"}
    shown = [
        plain.test_client().get("/preferences", base_url="http://localhost:8000"),
        plain.test_client().get("/preferences", base_url="http://127.0.0.1:8000"),
        plain.test_client().get("/preferences", base_url="http://[::1]:8000"),
        plain.test_client().get("/preferences", base_url="https://tarp.example.org"),
        behind.test_client().get("/preferences", base_url="http://tarp.example.org", headers=told),
        safe.test_client().get("/preferences", base_url="http://tarp.example.org"),
    ]
    assert [(200, False)] * 6 == [(page.status_code, COST in page.text) for page in shown]
