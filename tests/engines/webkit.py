"""WebKit, by WebDriver over plain HTTP: everybody has a driver and a MiniBrowser of their own."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.conftest import free_port
from tests.engines.glass import HEIGHT, WATCH, WIDTH, EngineError, Glass, thumb

NAME = "WebKit"
PACKAGES = "webkit2gtk-driver xvfb"
START_SECONDS = 30.0
ANSWER_SECONDS = 60.0
BROWSERS = ("*/webkit2gtk-4.1/MiniBrowser", "*/webkit2gtk-4.0/MiniBrowser")

#: Its toolbar would keep the window wider than a phone.
NARROW = (
    "* { font-size: 1px; min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0;\n"
)
NARROW += "  -gtk-icon-transform: scale(.1); }\n"

#: Phones set letters where they belong, not on whole pixels.
UNHINTED = "[Settings]\ngtk-xft-antialias=1\ngtk-xft-hinting=0\ngtk-xft-hintstyle=hintnone\n"

#: The windows would open over each other, and a page that is covered may rest.
DISPLAY_SIZE = (4 * WIDTH, HEIGHT + 200)


def browser() -> str | None:
    """The browser the driver drives: Debian keeps it off the PATH."""
    found = (path for name in BROWSERS for path in Path("/usr/lib").glob(name))
    return next((str(path) for path in found), None)


def there() -> bool:
    """Whether this machine has it."""
    programs = (shutil.which("WebKitWebDriver"), shutil.which("Xvfb"), browser())
    return all(programs)


class WebKitGlass(Glass):
    """A driver has one session only, so everybody has a driver."""

    def __init__(self, environment: dict[str, str], place: int) -> None:
        port = free_port()
        self.process = subprocess.Popen(
            [str(shutil.which("WebKitWebDriver")), "-p", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._url = f"http://127.0.0.1:{port}"
        self._complaints: list[str] = []
        options = {"binary": browser(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        latest = time.monotonic() + START_SECONDS
        while True:
            try:
                session = self._ask("POST", "/session", {"capabilities": wanted})
                break
            except ConnectionError:
                if time.monotonic() > latest:
                    raise
                time.sleep(0.05)
        self.version = str(session["capabilities"]["browserVersion"])
        self._url += f"/session/{session['sessionId']}"
        self._fit(place)

    def _fit(self, place: int) -> None:
        """Make the page as large as a phone's: the window is that and its toolbar."""
        more = 0
        for _ in range(20):
            self._ask(
                "POST",
                "/window/rect",
                {"x": place * WIDTH, "y": 0, "width": WIDTH, "height": HEIGHT + more},
            )
            time.sleep(0.1)
            width, height = self.evaluate("() => [innerWidth, innerHeight]")
            if (width, height) == (WIDTH, HEIGHT):
                return
            more += HEIGHT - height
        msg = f"the window is {width} x {height}"
        raise EngineError(msg)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self._url + path, data, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=ANSWER_SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise EngineError(error.read().decode()) from error
        except urllib.error.URLError as error:
            raise ConnectionError(str(error)) from error

    def goto(self, url: str) -> None:
        """Go to an address, and come back when it is loaded."""
        self._keep_complaints()
        self._ask("POST", "/url", {"url": url})
        self.evaluate(f"() => {{ {WATCH} }}")  # it knows no script that runs before the page's

    def run(self, function: str, text: str) -> str:
        """Call an asynchronous function of one text; its answer is a text."""
        script = {"script": f"return ({function})(arguments[0])", "args": [text]}
        return str(self._ask("POST", "/execute/sync", script))

    def press(self, x: float, y: float, rests_ms: int) -> None:
        """A thumb, for so long; 0 is an instant."""
        self._ask("POST", "/actions", {"actions": [thumb(x, y, rests_ms)]})

    def picture(self) -> bytes:
        """What is on the glass, as a PNG."""
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def cookie(self, name: str) -> str:
        """What this browser keeps under that name."""
        kept = {one["name"]: one["value"] for one in self._ask("GET", "/cookie")}
        return str(kept.get(name, ""))

    def complaints(self) -> list[str]:
        """What the page complained of so far; what the engine says of it is not to be had."""
        self._keep_complaints()
        return self._complaints

    def _keep_complaints(self) -> None:
        with suppress(EngineError):
            self._complaints += self.evaluate("() => (window.complaints ?? []).splice(0)")

    def close(self) -> None:
        """End browser and driver."""
        with suppress(EngineError, ConnectionError):
            self._ask("DELETE", "")
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class WebKit:
    """A display; people are browsers on it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.version = ""
        self.people: list[WebKitGlass] = []
        self._environment = environment

    def person(self) -> Glass:
        """Somebody with a browser of their own."""
        person = WebKitGlass(self._environment, len(self.people) % 4)
        self.people.append(person)
        self.version = person.version
        return person


@contextmanager
def display() -> Iterator[str]:
    """An empty display that nobody looks at."""
    reader, writer = os.pipe()
    size = f"{DISPLAY_SIZE[0]}x{DISPLAY_SIZE[1]}x24"
    process = subprocess.Popen(
        [
            *(str(shutil.which("Xvfb")), "-displayfd", str(writer), "-nolisten", "tcp"),
            *("-screen", "0", size),
        ],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            yield f":{said.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def running() -> Iterator[WebKit]:
    """The engine, gone when the block is left."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, display() as shown:
        looks = Path(folder) / "gtk-3.0"
        looks.mkdir()
        (looks / "gtk.css").write_text(NARROW)
        (looks / "settings.ini").write_text(UNHINTED)
        ours = {"DISPLAY": shown, "XDG_CONFIG_HOME": folder, "GDK_BACKEND": "x11", "HOME": folder}
        engine = WebKit(os.environ | ours)
        try:
            yield engine
        finally:
            for person in engine.people:
                person.close()
