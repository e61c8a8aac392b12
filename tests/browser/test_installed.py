"""The site as an app: Chromium would install it, and without a server it says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Phone
from tests.conftest import Server
from tests.person import start

pytestmark = pytest.mark.browser

READY = "async () => (await navigator.serviceWorker.ready).active.state"

#: Every address the worker keeps.
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
  }
  return kept;
}"""


def test_kept_installed_and_honest(phones: Callable[..., Phone], table_server: Server) -> None:
    """Nothing but static files is kept; a dead server is told of at the same address."""
    code, _ = start(table_server.url, 2)
    phone = phones()
    phone.open("/")
    phone.open(f"/games/{code}")
    phone.page.wait_for_selector(".mute:not([hidden])")
    assert phone.page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    phone.page.reload()  # not before the files it wants are in the HTTP cache
    phone.page.evaluate(READY)
    phone.page.reload()
    phone.page.wait_for_selector("body:not(.offline)")
    kept = phone.page.evaluate(KEPT)
    assert "/no-connection" in kept
    assert all(one.startswith("/static/") for one in kept if one != "/no-connection")

    devtools = phone.page.context.new_cdp_session(phone.page)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {one["errorId"] for one in errors} <= {"in-incognito"}
    assert devtools.send("Page.getAppManifest")["errors"] == []

    table_server.kill()
    phone.page.wait_for_selector("body.offline")
    phone.page.goto(f"{phone.url}/games/{code}")
    assert phone.page.locator("h1").inner_text() == "NO LINE"
    assert phone.page.url.endswith(f"/games/{code}")
    assert phone.violations() == []
    table_server.start()
    phone.page.wait_for_selector("#state", state="attached")  # it tried again by itself
    phone.complaints.clear()  # the browser itself says that a connection was refused
