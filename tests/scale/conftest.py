"""One house of two instances for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scale.house import House, house


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two instances that every test leaves running, and Redis well."""
    with house(tmp_path_factory.mktemp("two")) as made:
        yield made
