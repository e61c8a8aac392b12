"""Chromium, driven by playwright as everywhere in these tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.conftest import CHROMIUM_WORDS
from tests.engines.glass import HEIGHT, WATCH, WIDTH, EngineError, Glass
from tests.house import machine
from tests.thumb import rest

NAME = "Chromium"
PACKAGES = "chromium"


def there() -> bool:
    """Whether this machine has it."""
    return machine.chromium() is not None


class ChromiumGlass(Glass):
    """A context of its own."""

    def __init__(self, context: Any) -> None:
        self.page = context.new_page()
        self._said: list[str] = []
        self.page.add_init_script(WATCH)
        self.page.on(
            "console", lambda said: self._said.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self._said.append(str(error)))

    def goto(self, url: str) -> None:
        """Go to an address, and come back when it is loaded."""
        self.page.goto(url)

    def run(self, function: str, text: str) -> str:
        """Call an asynchronous function of one text; its answer is a text."""
        from playwright.sync_api import Error  # noqa: PLC0415 - starts slowly

        try:
            answer: str = self.page.evaluate(function, text)
        except Error as error:
            raise EngineError(str(error)) from error
        return answer

    def press(self, x: float, y: float, rests_ms: int) -> None:
        """A thumb, for so long; 0 is an instant."""
        if rests_ms:
            rest(self.page, x, y, rests_ms)
        else:
            self.page.touchscreen.tap(x, y)

    def picture(self) -> bytes:
        """What is on the glass, as a PNG."""
        picture: bytes = self.page.screenshot(animations="allow")
        return picture

    def cookie(self, name: str) -> str:
        """What this browser keeps under that name."""
        kept = {one["name"]: one["value"] for one in self.page.context.cookies()}
        return str(kept.get(name, ""))

    def complaints(self) -> list[str]:
        """What the engine and the page complained of so far."""
        return [*self._said, *self.evaluate("() => window.complaints ?? []")]


class Chromium:
    """One browser; people are contexts."""

    def __init__(self, browser: Any) -> None:
        self.version = str(browser.version)
        self._browser = browser

    def person(self) -> Glass:
        """Somebody with a browser of their own."""
        context = self._browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True
        )
        return ChromiumGlass(context)


@contextmanager
def running() -> Iterator[Chromium]:
    """The engine, gone when the block is left."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - starts slowly

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=machine.chromium(), args=list(CHROMIUM_WORDS)
        )
        yield Chromium(browser)
        browser.close()
