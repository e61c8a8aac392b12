"""How thoroughly the laws are searched: quickly by default, twenty times deeper in a soak."""

import pytest

from tests.game import cast


@pytest.fixture
def lobby() -> cast.Sitting:
    """Three people seated, nothing started."""
    return cast.lobby()


@pytest.fixture
def running() -> cast.Sitting:
    """Three people, turn 1, seat 1 active."""
    return cast.running()


@pytest.fixture
def paused() -> cast.Sitting:
    """Three people, paused in turn 1."""
    return cast.paused()


@pytest.fixture
def finished() -> cast.Sitting:
    """Three people, a draw."""
    return cast.finished()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The deep search runs when it is asked for by its marker, never by the way."""
    if "soak" not in config.option.markexpr:
        for item in items:
            if item.get_closest_marker("soak") and "tests/game/" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason="only with -m soak"))
