"""README answers every line of the production plan, and each answer names a test that exists."""

import re
from pathlib import Path

import pytest

from app.settings import HOUSE
from tests.house.test_readme_tables import rows

LINES = 94


def test_every_line_has_its_row() -> None:
    """All of them, in order, each with a word about where it is true or why it is otherwise."""
    told = rows("## The production plan")
    assert [row[0] for row in told] == [str(number) for number in range(1, LINES + 1)]
    assert all(len(row) == 4 and all(row) for row in told)


@pytest.mark.parametrize("row", rows("## The production plan"), ids=lambda row: row[0])
def test_the_named_test_exists(row: list[str]) -> None:
    """Whoever doubts a row can run it."""
    found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[3])
    assert found, row[3]
    assert f"def {found[2]}(" in Path(HOUSE, found[1]).read_text(), row[3]
