"""README's tables say what the code says."""

import re
from pathlib import Path

from app.channel.hub import MAX_CHANNELS_PER_CLIENT, MAX_CHANNELS_PER_GAME
from app.channel.line import LARGEST_MESSAGE_BYTES
from app.game.campaign_presets import PRESETS
from app.game.judge import MOST_ENTRIES
from app.game.time_control import CONTROLS
from app.game.wording import clock_text
from app.web.allowances import ALLOWANCES
from app.web.limits import LARGEST_BODY_BYTES
from app.web.pace import BURST, PER_SECOND

README = Path(__file__).parents[2] / "README.md"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = README.read_text().split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_time_control_has_its_row_in_the_order_of_the_form() -> None:
    """One row each, by the name the form posts."""
    assert [re.sub("`", "", row[0]) for row in rows("### Time controls")] == list(CONTROLS)


def test_every_limit_has_its_row() -> None:
    """Somebody who was refused finds the number, and the number is true."""
    told = {row[0].strip("`"): row[1].strip("`") for row in rows("### Who may do what")}
    paced = f"{BURST} at once, {PER_SECOND} a second"
    assert told == {
        **{one.name: one.words for one in ALLOWANCES},
        "form": paced,
        "socket": paced,
        "client-streams": str(MAX_CHANNELS_PER_CLIENT),
        "game-streams": str(MAX_CHANNELS_PER_GAME),
        "streams": "MAX_STREAMS",
        "too-long": str(MOST_ENTRIES),
        "too large": f"{LARGEST_BODY_BYTES // 1024} KB",
    }
    assert LARGEST_MESSAGE_BYTES == LARGEST_BODY_BYTES


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
