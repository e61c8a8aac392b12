"""README's tables say what the code says."""

import re
from pathlib import Path

from app.game.time_control import CONTROLS

README = Path(__file__).parents[2] / "README.md"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = README.read_text().split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_time_control_has_its_row_in_the_order_of_the_form() -> None:
    """One row each, by the name the form posts."""
    assert [re.sub("`", "", row[0]) for row in rows("### Time controls")] == list(CONTROLS)
