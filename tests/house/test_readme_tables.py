"""README's tables say what the code says."""

import re
from pathlib import Path

from app.game.campaign_presets import PRESETS
from app.game.time_control import CONTROLS
from app.game.wording import clock_text

README = Path(__file__).parents[2] / "README.md"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = README.read_text().split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_time_control_has_its_row_in_the_order_of_the_form() -> None:
    """One row each, by the name the form posts."""
    assert [re.sub("`", "", row[0]) for row in rows("### Time controls")] == list(CONTROLS)


def test_every_campaign_has_its_row() -> None:
    """Rounds, clock and what wins it, as the presets say."""
    told = [
        [
            f"`{key}`",
            str(preset.rounds),
            clock_text(preset.starting_ms)
            + (
                f", {clock_text(preset.less_ms)} less each round, "
                f"not below {clock_text(preset.least_ms)}"
                if preset.less_ms
                else ""
            ),
        ]
        for key, preset in PRESETS.items()
    ]
    assert [row[:3] for row in rows("### Campaigns")] == told
