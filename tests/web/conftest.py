"""One real server for each file of tests: quick, and no file disturbs another."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server, environment_in, free_port


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Settings of this file's server beyond the usual ones; a file may have its own."""
    return {}


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Iterator[Server]:
    """The server of this file."""
    folder = tmp_path_factory.mktemp("server")
    server = Server(free_port(), environment_in(folder) | environment, folder / "server.log")
    yield server.start()
    server.kill()
