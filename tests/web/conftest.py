"""One real server for each file of tests: quick, and no file disturbs another."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server, serving


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Settings of this file's server beyond the usual ones; a file may have its own."""
    return {}


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Iterator[Server]:
    """The server of this file."""
    with serving(tmp_path_factory.mktemp("server"), **environment) as server:
        yield server
