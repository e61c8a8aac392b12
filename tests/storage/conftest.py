"""Real storages for every test: a new SQLite file, and PostgreSQL and Redis of the run's own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.storage.contract import Storage
from app.storage.redis import RedisStorage
from app.storage.sql import SqlStorage
from tests.house import machine
from tests.storage.redis_server import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a private server on a socket in a temporary folder; gone after the run."""
    initdb, server = machine.postgres("initdb"), machine.postgres("postgres")
    if initdb is None or server is None:
        pytest.skip("PostgreSQL's server programs are not on this machine")
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    # Not in pytest's folder: a socket's path may have 107 characters, and its parents are private.
    folder = Path(tempfile.mkdtemp(prefix="tarp-pg-"))
    data = folder / "data"
    if user:
        shutil.chown(folder, user)
    subprocess.run(
        [initdb, "-D", data, "-N", "-U", "tarp", "-A", "trust", "-E", "UTF8", "--locale=C"],
        user=user,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([server, "-D", data, *words], user=user, stderr=log, cwd=folder)
    try:
        _wait_for(process, folder)
        yield f"postgresql://tarp@/postgres?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's quick stop, whoever is still connected
        process.wait(10)
        shutil.rmtree(folder)


def _wait_for(process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(200):
        try:
            psycopg.connect(f"host={folder} user=tarp dbname=postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not start within 10 s")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'games.sqlite3'}"


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The address of an empty database."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """A private server that every test may use and none may break."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def redis_url(redis_server: Server) -> str:
    """The address of an empty Redis."""
    with redis_server.client() as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of either kind: what holds for one must hold for the other."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def storage_url(request: pytest.FixtureRequest) -> str:
    """An empty storage of any kind: the contract holds for all."""
    names = {"sqlite": "sqlite_url", "postgresql": "postgres_url", "redis": "redis_url"}
    url: str = request.getfixturevalue(names[request.param])
    return url


@pytest.fixture
def open_sql() -> Iterator[Callable[[str], SqlStorage]]:
    """Open databases that are closed when the test is over."""
    opened: list[SqlStorage] = []

    def open_one(url: str) -> SqlStorage:
        opened.append(SqlStorage(url))
        return opened[-1]

    yield open_one
    for storage in opened:
        storage.close()


@pytest.fixture
def open_redis(sqlite_url: str) -> Iterator[Callable[[str], RedisStorage]]:
    """Open Redis storages, beside each the same SQLite file; closed when the test is over."""
    opened: list[RedisStorage] = []

    def open_one(url: str) -> RedisStorage:
        opened.append(RedisStorage(url, SqlStorage(sqlite_url)))
        return opened[-1]

    yield open_one
    for storage in opened:
        storage.close()


@pytest.fixture
def open_storage(
    open_sql: Callable[[str], SqlStorage], open_redis: Callable[[str], RedisStorage]
) -> Callable[[str], Storage]:
    """Open storages of any kind by their address."""

    def open_one(url: str) -> Storage:
        return open_redis(url) if url.startswith("redis:") else open_sql(url)

    return open_one


@pytest.fixture
def storage(storage_url: str, open_storage: Callable[[str], Storage]) -> Storage:
    """An empty storage of any kind."""
    return open_storage(storage_url)


@pytest.fixture
def sql_storage(database_url: str, open_sql: Callable[[str], SqlStorage]) -> SqlStorage:
    """A storage over an empty database of either kind."""
    return open_sql(database_url)


@pytest.fixture
def redis_storage(redis_url: str, open_redis: Callable[[str], RedisStorage]) -> RedisStorage:
    """A storage over an empty Redis."""
    return open_redis(redis_url)
