"""What plain http costs is said once, on the page about this phone, and only where it costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.factory import create_app
from app.settings import Settings

COST = "the screen cannot be kept awake and the page cannot be installed"


@pytest.mark.parametrize(
    ("address", "proxies", "https", "said"),
    [
        ("http://192.168.1.23:8000", 0, False, True),
        ("http://tarp.example.org", 0, False, True),
        ("http://[fd00::2]:8000", 0, False, True),
        ("http://localhost:8000", 0, False, False),
        ("http://127.0.0.1:8000", 0, False, False),
        ("http://[::1]:8000", 0, False, False),
        ("https://tarp.example.org", 0, False, False),
        ("http://tarp.example.org", 0, True, False),
        ("http://tarp.example.org", 1, False, False),
    ],
)
def test_it_is_said_where_it_costs(
    settings: Settings, address: str, proxies: int, *, https: bool, said: bool
) -> None:
    """A screen that goes dark in mid-game looks like our fault; a warning on a safe page, too."""
    app = create_app(replace(settings, trusted_proxies=proxies, https=https))
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.1"} if proxies else {}
    text = app.test_client().get("/preferences", base_url=address, headers=headers).text
    assert said == (COST in text)
    assert COST not in app.test_client().get("/", base_url=address, headers=headers).text
    app.extensions["table"].storage.close()
