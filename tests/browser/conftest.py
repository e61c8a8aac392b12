"""Phones: real Chromium contexts of phone size, watched for every complaint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.painted import Face, painting, served
from tests.conftest import Server, serving

PHONE = {"width": 390, "height": 844}

#: Reports of the browser itself: a blocked script or style would be a violation of our policy.
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation',
  event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""


@dataclass
class Phone:
    """One person's browser, and everything it complained about."""

    page: Any
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to an address of this server."""
        self.page.goto(self.url + path)

    def state(self) -> dict[str, str]:
        """What #state says: status, turn, version ..."""
        state: dict[str, str] = self.page.evaluate(
            "() => ({...document.getElementById('state').dataset})"
        )
        return state

    def wait_state(self, **wanted: str) -> None:
        """Wait until #state says this."""
        tests = "".join(f'[data-{name.replace("_", "-")}="{v}"]' for name, v in wanted.items())
        self.page.wait_for_selector(f"#state{tests}", state="attached")

    def seat(self, number: int) -> dict[str, str]:
        """A seat's attributes, without the clock's."""
        seat: dict[str, str] = self.page.evaluate(
            "n => ({...document.getElementById('seat-' + n).dataset})", number
        )
        return seat

    def violations(self) -> list[str]:
        """What the policy blocked on the present page."""
        found: list[str] = self.page.evaluate("() => window.violations")
        return found


@pytest.fixture(scope="module")
def table_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real server for the tests of a module."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with all styles in it, and where it is served."""
    folder = tmp_path_factory.mktemp("styles")
    with served(folder) as url:
        yield folder, url


@pytest.fixture(scope="module")
def face(chromium: Any, styles: tuple[Path, str]) -> Iterator[Face]:
    """A page to paint one seat and its clock on: each time it is painted it begins anew."""
    with painting(chromium, *styles) as face:
        yield face


@pytest.fixture
def phones(chromium: Any, table_server: Server) -> Iterator[Callable[..., Phone]]:
    """Hand out phones: ``phones()``; with ``scripts=False`` one without JavaScript.

    When the test is over no phone may have complained, and no policy been violated.
    """
    contexts: list[Any] = []
    handed: list[Phone] = []

    def phone(*, scripts: bool = True, **options: Any) -> Phone:
        context = chromium.new_context(
            viewport=options.pop("viewport", PHONE),
            java_script_enabled=scripts,
            has_touch=True,
            **options,
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        made = Phone(page, table_server.url)
        if scripts:
            page.add_init_script(WATCH)
        page.on(
            "console",
            lambda said: made.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        handed.append(made)
        return made

    yield phone
    complaints = {n: one.complaints for n, one in enumerate(handed) if one.complaints}
    for context in contexts:
        context.close()
    assert complaints == {}


def sit_four(phones: Callable[..., Phone], **options: Any) -> tuple[str, list[Phone]]:
    """Four phones at one table, each in its seat, by tapping only; the first one is the host."""
    everybody = [phones(**options) for _ in range(4)]
    host = everybody[0]
    host.open("/")
    host.page.get_by_role("link", name="New game").click()
    host.page.get_by_role("button", name="Create").click()
    host.page.wait_for_selector("#state", state="attached")
    code = host.page.locator("#state").get_attribute("data-code")
    for number, phone in enumerate(everybody, 1):
        phone.open(f"/games/{code}")
        phone.page.get_by_role("button", name=f"Sit here, seat {number}").click()
        phone.page.wait_for_selector(f'body[data-me="{number}"]')
    return code, everybody
