"""Two instances of two workers each on one Redis, with nginx in front that takes turns."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.game.entry import Entry
from app.game.game import Game
from app.game.ledger import fold
from app.settings import HOUSE
from app.storage.redis import RedisStorage
from app.storage.sql import SqlStorage
from tests.conftest import Server, environment_in, free_port
from tests.house import machine
from tests.ops.in_front import SHIPPED, put
from tests.storage.redis_server import Server as Redis

START_S = 20.0


@dataclass
class House:
    """All of it."""

    redis: Redis
    a: Server
    b: Server
    #: Where nginx is.
    url: str
    folder: Path

    @property
    def instances(self) -> tuple[Server, Server]:
        """Both."""
        return self.a, self.b

    def wait_until_ready(self) -> None:
        """Every worker answers that it is ready, and nginx has somebody to ask."""
        latest = time.monotonic() + START_S
        for server in self.instances:
            seen = 0
            while seen < 4:
                assert time.monotonic() < latest, server.log.read_text()[-3000:]
                with suppress(OSError), urlopen(f"{server.url}/ready", timeout=2):
                    seen += 1
                    continue
                seen = 0
                time.sleep(0.05)

    def stored(self, code: str) -> tuple[Game, list[Entry]]:
        """A game and its ledger of one instant, which has to fold to it."""
        with self.storage() as storage:
            beginning = storage.beginning(code)
            while True:
                game, entries = storage.load(code), storage.ledger(code)
                assert game is not None
                if storage.version(code) == game.version:
                    break
        assert beginning is not None
        assert game == fold(beginning, entries)
        return game, entries

    @contextmanager
    def storage(self) -> Iterator[RedisStorage]:
        """What is stored, read beside the servers."""
        sql = SqlStorage(f"sqlite:///{self.folder / 'tarp.sqlite3'}")
        storage = RedisStorage(self.redis.url, sql, "test:0:0")
        try:
            yield storage
        finally:
            storage.close()


@contextmanager
def house(folder: Path, **environment: str) -> Iterator[House]:
    """Everything started; gone when the block is left."""
    with ExitStack() as stack:
        redis = Redis()
        stack.callback(redis.close)
        servers = [instance(folder, name, redis.url, **environment) for name in ("a", "b")]
        for server in servers:
            stack.callback(server.kill)
        with ThreadPoolExecutor(2) as hands:
            list(hands.map(Server.start, servers))
        url = stack.enter_context(_nginx(folder, [server.port for server in servers]))
        made = House(redis, servers[0], servers[1], url, folder)
        made.wait_until_ready()
        yield made


def instance(folder: Path, name: str, redis_url: str, **environment: str) -> Server:
    """One instance, not started yet."""
    ours = {
        "REDIS_URL": redis_url,
        "WEB_CONCURRENCY": "2",
        "INSTANCE_ID": name,
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "warning",
    }
    together = environment_in(folder) | ours | environment
    return Server(free_port(), together, folder / f"{name}.log")


@contextmanager
def _nginx(folder: Path, ports: list[int]) -> Iterator[str]:
    """The shipped configuration, without TLS and with two servers behind it."""
    program = machine.nginx()
    if program is None:
        pytest.skip("no nginx on this machine")
    port = free_port()
    shipped = (SHIPPED / "nginx.conf").read_text(encoding="utf-8")
    shipped = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", shipped, flags=re.DOTALL)
    text = put(
        re.sub(r"\n +ssl_certificate.*", "", shipped),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("http://127.0.0.1:8000;", "http://tarp;"),
    )
    behind = "".join(f"server 127.0.0.1:{one} max_fails=0;\n" for one in ports)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nworker_processes 1;\nerror_log stderr;\n"
        f"events {{ worker_connections 2048; }}\n"
        f"http {{\naccess_log off;\n{kept}upstream tarp {{\n{behind}}}\n{text}}}\n",
        encoding="utf-8",
    )
    log = folder / "nginx.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")],
            stdout=lines,
            stderr=lines,
            cwd=HOUSE,
        )
    try:
        latest = time.monotonic() + START_S
        while True:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                break
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < latest, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
