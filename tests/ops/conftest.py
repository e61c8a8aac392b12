"""Servers that several tests of a file may share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Server, serving


@pytest.fixture(scope="module")
def unplayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One where nobody plays: it is only read."""
    with serving(tmp_path_factory.mktemp("unplayed")) as server:
        yield server


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all who ask of it no more than what their own table added."""
    with serving(tmp_path_factory.mktemp("played")) as server:
        yield server
