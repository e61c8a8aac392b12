"""Firefox, by WebDriver BiDi: JSON over a WebSocket to the browser itself, no driver between."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event, Request, TextMessage

from tests.conftest import free_port
from tests.engines.glass import HEIGHT, WATCH, WIDTH, EngineError, Glass, thumb

NAME = "Firefox"
PACKAGES = "firefox-esr"
START_SECONDS = 60.0
ANSWER_SECONDS = 60.0

#: It shall keep time, ask nobody outside, show no page of its own, and scroll as phones do.
SETTINGS = {
    "apz.max_tap_time": 2_000,  # a busy machine's tap is no long press, of which there is no click
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "privacy.reduceTimerPrecision": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "ui.useOverlayScrollbars": 1,
}


def program() -> str | None:
    """The browser, if there is one."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def there() -> bool:
    """Whether this machine has it."""
    return program() is not None


class Line:
    """The WebSocket; commands one after the other, events kept until somebody asks."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._text = ""
        self._number = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self._socket.sendall(self._ws.send(Request(host=f"127.0.0.1:{port}", target="/session")))
        while not any(isinstance(one, AcceptConnection) for one in self._read()):
            pass

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its result."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        self._socket.sendall(self._ws.send(TextMessage(json.dumps(command))))
        while self._number not in self._answers:
            self._read()
        answer = self._answers.pop(self._number)
        if answer["type"] == "error":
            msg = f"{method}: {answer['error']}: {answer['message']}"
            raise EngineError(msg)
        result: dict[str, Any] = answer["result"]
        return result

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _read(self) -> list[Event]:
        data = self._socket.recv(65536)
        if not data:
            msg = "Firefox hung up"
            raise EngineError(msg)
        self._ws.receive_data(data)
        events = list(self._ws.events())
        for event in events:
            if not isinstance(event, TextMessage):
                continue
            self._text += event.data
            if event.message_finished:
                self._take(json.loads(self._text))
                self._text = ""
        return events

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "event":
            self.events.append(message)
        else:
            self._answers[message["id"]] = message


class FirefoxGlass(Glass):
    """A window in a user context of its own; a tab that is behind would hold no line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._user = line.call("browser.createUserContext")["userContext"]
        made = line.call("browsingContext.create", type="window", userContext=self._user)
        self._context = made["context"]
        line.call(
            "browsingContext.setViewport",
            context=self._context,
            viewport={"width": WIDTH, "height": HEIGHT},
            devicePixelRatio=1,
        )
        line.call(
            "script.addPreloadScript",
            functionDeclaration=f"() => {{ {WATCH} }}",
            contexts=[self._context],
        )

    def goto(self, url: str) -> None:
        """Go to an address, and come back when it is loaded."""
        self._line.call("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, function: str, text: str) -> str:
        """Call an asynchronous function of one text; its answer is a text."""
        answer = self._line.call(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": text}],
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise EngineError(answer["exceptionDetails"]["text"])
        return str(answer["result"]["value"])

    def press(self, x: float, y: float, rests_ms: int) -> None:
        """A thumb, for so long; 0 is an instant."""
        actions = [thumb(x, y, rests_ms)]
        self._line.call("input.performActions", context=self._context, actions=actions)

    def picture(self) -> bytes:
        """What is on the glass, as a PNG."""
        answer = self._line.call("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(answer["data"])

    def cookie(self, name: str) -> str:
        """What this browser keeps under that name."""
        of_mine = {"type": "context", "context": self._context}
        answer = self._line.call("storage.getCookies", partition=of_mine, filter={"name": name})
        return "".join(one["value"]["value"] for one in answer["cookies"])

    def complaints(self) -> list[str]:
        """What the engine and the page complained of so far."""
        said = [
            str(event["params"]["text"])
            for event in self._line.events
            if event["params"]["level"] == "error"
            and event["params"]["source"].get("context") == self._context
        ]
        return [*said, *self.evaluate("() => window.complaints ?? []")]


class Firefox:
    """One browser; people are user contexts."""

    def __init__(self, line: Line) -> None:
        self._line = line
        session = line.call("session.new", capabilities={})
        self.version = str(session["capabilities"]["browserVersion"])
        line.call("session.subscribe", events=["log.entryAdded"])

    def person(self) -> Glass:
        """Somebody with a browser of their own."""
        return FirefoxGlass(self._line)


def connected(port: int, process: subprocess.Popen[bytes]) -> Line:
    """The line to it as soon as it listens."""
    latest = time.monotonic() + START_SECONDS
    while time.monotonic() < latest and process.poll() is None:
        with suppress(OSError):
            return Line(port)
        time.sleep(0.2)
    msg = "Firefox did not start"
    raise EngineError(msg)


@contextmanager
def running() -> Iterator[Firefox]:
    """The engine, gone when the block is left."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in SETTINGS.items()]
        (Path(folder) / "user.js").write_text("\n".join(lines))
        process = subprocess.Popen(
            [
                *(str(program()), "--headless", "--no-remote", "--profile", folder),
                *("--remote-debugging-port", str(port)),
            ],
            env=os.environ | {"HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            line = connected(port, process)
            yield Firefox(line)
            line.close()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
