"""A Redis server of the tests' own, which may be stopped, killed and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotConnected

from tests.conftest import free_port
from tests.house import machine

DURABLE = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")


class Server:
    """One server in a folder of its own, with what games need to be safe."""

    def __init__(self, *options: str) -> None:
        self.program = machine.redis_server()
        if self.program is None:
            pytest.skip("redis-server is not on this machine")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._options = options
        # In memory where that can be: it survives what these tests do, and every save is synced.
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
        self._folder = Path(tempfile.mkdtemp(prefix="tarp-redis-", dir=memory))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start, or start again on what is on disk; returns when it answers."""
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", *DURABLE]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.program), *words, *self._options], cwd=self._folder, stdout=log
            )
        for _ in range(500):
            try:
                with self.client() as client:
                    client.ping()
            except NotConnected:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                time.sleep(0.02)
            else:
                return
        pytest.fail("Redis did not start within 10 s")

    def client(self) -> Redis:
        """A plain client, to look and to meddle."""
        return Redis(port=self.port, protocol=2, driver_info=None)

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """As a power cut would."""
        self.send(signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        """Until the process is gone."""
        assert self._process is not None
        self._process.wait(10)

    def close(self) -> None:
        """Stop it and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder)
