"""A real server for one measurement: its own core, its own database on the real disk."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from app.settings import HOUSE
from tests.load import machine
from tests.load.progress import CannotMeasureError, say

READY_SECONDS = 120.0
LOOK_SECONDS = 0.005
STOP_SECONDS = 15.0


class Server:
    """Gunicorn as it always starts, on a free port of 127.0.0.1; gone when the block ends.

    Should this tool itself be killed, the kernel kills the master, and the worker follows it.
    """

    def __init__(self, core: int, settings: dict[str, str], serves: str = "wsgi:app") -> None:
        self._core = core
        self._serves = serves
        self._rooms = ExitStack()
        # Where games are kept by default: /tmp may be memory, and then no disk is waited for.
        self.folder = Path(
            self._rooms.enter_context(tempfile.TemporaryDirectory(".load", dir=HOUSE / "instance"))
        )
        self.port = free_port()
        self.log = self.folder / "server.log"
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{self.folder / 'load.sqlite3'}",
            "SECRET_KEY": "a key that only the load driver uses",
            "RATE_LIMITS": "off",
            "LOG_LEVEL": "warning",
            "LOG_FORMAT": "json",
            "MAX_STREAMS": "19000",
        } | settings
        self._master: subprocess.Popen[bytes] | None = None
        self.worker = 0
        self.ready_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            say(f"It failed; the server had said:\n{self.complaints()}")
        try:
            self._stop()
        finally:
            self._rooms.close()

    def start(self) -> Self:
        """Start it and come back when it is ready; `ready_s` is how long that took."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                [
                    *("setpriv", "--pdeathsig", "KILL", "taskset", "--cpu-list", str(self._core)),
                    *(sys.executable, "-m", "gunicorn", "-c", "python:app.ops.gunicorn"),
                    self._serves,
                ],
                cwd=HOUSE,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self._answers():
            if self._master.poll() is not None or time.perf_counter() - began > READY_SECONDS:
                raise CannotMeasureError(f"The server did not start:\n{self.complaints()}")
            time.sleep(LOOK_SECONDS)
        self.ready_s = time.perf_counter() - began
        self.worker = machine.children(self._master.pid)[0]
        return self

    def complaints(self) -> str:
        """What it logged: at level warning, nothing but trouble."""
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2.0) as probe:
                probe.sendall(b"GET /ready HTTP/1.1\r\nHost: load\r\nConnection: close\r\n\r\n")
                return probe.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def _stop(self) -> None:
        """Kill all of it: a gentle stop would tell thousands of phones that are gone already."""
        if self._master is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._master.pid, signal.SIGKILL)
        self._master.wait(STOP_SECONDS)
        # The worker is nobody's child now; the core is free when the port is.
        latest = time.perf_counter() + STOP_SECONDS
        while self._answers() and time.perf_counter() < latest:
            time.sleep(LOOK_SECONDS)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
