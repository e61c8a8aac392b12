"""An evening of one's own for every test: real table, real database, a clock moved by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.table.evening import Evening


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    """A server that has just started on an empty database."""
    evening = Evening(tmp_path)
    yield evening
    evening.close()
