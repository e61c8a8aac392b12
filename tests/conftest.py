"""What every test may ask for: settings of its own, a real server, a real browser."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from app.settings import HOUSE, Settings
from app.words.languages import SOURCE, read_in
from tests.house import machine

hypothesis.settings.register_profile(
    "house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("house")

PORTS = range(10_000, 32_000)
"""Below those that Linux gives to outgoing connections."""

START_SECONDS = 30.0
STOP_SECONDS = 15.0
CHROMIUM_WORDS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: What Playwright switches off, as the last such word is the only one that counts; and what drops
#: down from the address bar, which has a process of its own in every window and is never seen here.
WITHOUT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "AimEnabled"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where files run side by side, each folder's are spread evenly.

    A browser keeps a core busy, most of the others wait: a few of each go well together.
    """
    if not hasattr(config, "workerinput"):
        return
    folders: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        folders.setdefault(path.parent, []).append(path)
    place = {
        path: number / len(paths) for paths in folders.values() for number, path in enumerate(paths)
    }
    items.sort(key=lambda item: place[item.path])


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Whatever language a test before this one was answered in within this process."""
    read_in(SOURCE)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a database and a key of this test's own, and no limits on pressing."""
    return Settings.from_environment(environment_in(tmp_path), instance=tmp_path)


def environment_in(folder: Path) -> dict[str, str]:
    """The variables that keep one server's traces in one folder."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'tarp.sqlite3'}",
        "SECRET_KEY": "a key that only the tests use",
        "RATE_LIMITS": "off",
        "HOST": "127.0.0.1",
        "LOG_FORMAT": "json",
    }


def free_port() -> int:
    """A port nobody listens on at this moment, and that nobody's outgoing connection will take."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Server:
    """A real gunicorn on a port of its own; its log is in `log`."""

    port: int
    environment: dict[str, str]
    log: Path
    app: str = "wsgi:app"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves, without a closing slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        """Start it, and come back when it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "python:app.ops.gunicorn", self.app],
                cwd=HOUSE,
                env=os.environ | self.environment | {"PORT": str(self.port)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        latest = time.monotonic() + START_SECONDS
        while time.monotonic() < latest and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/ready", timeout=2):
                return self
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"The server did not start:\n{self.log.read_text()}")

    def stop(self) -> int:
        """Stop it gently, as a deploy does; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End master and worker at once, as a power cut does; fine if they are gone."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)


@contextmanager
def serving(folder: Path, app: str = "wsgi:app", **environment: str) -> Iterator[Server]:
    """A real server with all its traces in one folder; gone when the block is left."""
    server = Server(free_port(), environment_in(folder) | environment, folder / "server.log", app)
    try:
        yield server.start()
    finally:
        server.kill()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start real servers: `serve(MAX_GAMES="3")`; each one is gone when the test is."""
    with ExitStack() as servers:

        def start(app: str = "wsgi:app", **environment: str) -> Server:
            return servers.enter_context(serving(tmp_path, app, **environment))

        yield start


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    """One real server with the settings of `environment_in`."""
    return serve()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real, headless Chromium, Debian's own, driven by playwright."""
    path = machine.chromium()
    if path is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - starts slowly, used rarely

    with sync_playwright() as playwright:
        words = [*CHROMIUM_WORDS, f"--disable-features={','.join(WITHOUT)}"]
        browser = playwright.chromium.launch(executable_path=path, args=words)
        yield browser
        browser.close()
