"""Clocks and rounds as players name them: what the create form can be filled with in one tap.

A preset is a name and the fields it fills; adding one is adding one entry. What it leaves out
stays as it is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.game.said import say


@dataclass(frozen=True)
class Preset:
    """A way to play. ``name`` is what people call it, ``words`` what follows: "Fischer", "10+5"."""

    key: str
    name: str
    words: str
    #: Fields of the settings form as they are typed.
    fields: Mapping[str, str]

    @property
    def title(self) -> str:
        """Name and amounts as one says them."""
        return f"{self.name} {self.words}".strip()

    def fits(self, typed: Mapping[str, str]) -> bool:
        """Whether a form holds just this."""
        return all(typed.get(name) == text for name, text in self.fields.items())


CLOCKS = (
    Preset(
        "commander",
        "Commander",
        say("20:00 +30 s per turn"),
        {
            "time_control": "bonus",
            "starting_minutes": "20",
            "starting_seconds": "0",
            "bonus_seconds": "30",
        },
    ),
    Preset(
        "fischer",
        "Fischer",
        "10+5",
        {
            "time_control": "fischer",
            "starting_minutes": "10",
            "starting_seconds": "0",
            "increment_seconds": "5",
        },
    ),
    Preset(
        "delay",
        say("Delay"),
        say("15:00, 10 s free each response"),
        {
            "time_control": "delay",
            "starting_minutes": "15",
            "starting_seconds": "0",
            "delay_seconds": "10",
            "delay_rearms": "yes",
        },
    ),
    Preset(
        "bronstein",
        "Bronstein",
        say("15:00, 10 s back each turn"),
        {
            "time_control": "bronstein",
            "starting_minutes": "15",
            "starting_seconds": "0",
            "delay_seconds": "10",
        },
    ),
    Preset(
        "byo-yomi",
        "Byo-yomi",
        "10:00 + 5 x 0:30",
        {
            "time_control": "byo-yomi",
            "starting_minutes": "10",
            "starting_seconds": "0",
            "periods": "5",
            "period_seconds": "30",
        },
    ),
    Preset(
        "hourglass",
        say("Hourglass"),
        "1:00",
        {"time_control": "hourglass", "starting_minutes": "1", "starting_seconds": "0"},
    ),
    Preset(
        "per-turn",
        say("60 s"),
        say("a turn"),
        {"time_control": "per-turn", "allowance_seconds": "60"},
    ),
    Preset("count-up", say("Just count"), "", {"time_control": "count-up"}),
)

ROUNDS = (
    Preset("none", say("No round clock"), "", {"round_minutes": "0"}),
    Preset(
        "commander",
        "Commander",
        "80 + 20",
        {"round_minutes": "80", "round_end": "last-turn", "round_extra": "20"},
    ),
    Preset(
        say("60-card"),
        say("60-card"),
        say("50 + 5 turns"),
        {"round_minutes": "50", "round_end": "turns", "round_extra": "5"},
    ),
)


def filled(
    typed: Mapping[str, str], presets: tuple[Preset, ...], key: str | None
) -> dict[str, str]:
    """A form's texts with those of a preset; as they were when there is no such key."""
    chosen: Mapping[str, str] = next((p.fields for p in presets if p.key == key), {})
    return {**typed, **chosen}
