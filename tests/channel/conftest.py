"""What listens in these tests: one real server for each file, and an app within reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.settings import Settings
from tests.channel.ears import Ears
from tests.channel.in_process import House, housed
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


@pytest.fixture(params=["sse", "socket"])
def road(request: pytest.FixtureRequest) -> str:
    """Over which channel a test listens; a file may have its own."""
    found: str = request.param
    return found


@pytest.fixture
def ears(road: str) -> Iterator[Ears]:
    """Whatever is opened here is hung up when the test is over."""
    with Ears(road) as opened:
        yield opened


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The app with a database of this test's own."""
    with housed(settings) as made:
        yield made
