"""The settings form: the fields of rules section 2 as they are typed, both ways.

One table says which field fills which setting; create, update and the painted form share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.game.fields import (
    FormReader,
    Parser,
    blank_or,
    choice,
    minutes_ms,
    seconds_ms,
    spell_ms,
    thresholds_ms,
    whole,
    yes_no,
)
from app.game.said import say
from app.game.seat import MAX_BANK_MS
from app.game.table_settings import (
    HOUR_MS,
    MINUTE_MS,
    ON_TIMEOUT,
    ROUND_ENDS,
    SECOND_MS,
    UNDO_CHARGES,
    TableSettings,
)
from app.game.time_control import CONTROLS, control_of


@dataclass(frozen=True)
class SettingField:
    """One field of the form, the setting it fills and how it is read."""

    name: str
    setting: str
    parse: Parser


FIELDS = (
    SettingField("time_control", "time_control", choice(*CONTROLS)),
    SettingField("bonus_seconds", "bonus_ms", seconds_ms(0, 3600)),
    SettingField("starting_life", "starting_life", whole(1, 999)),
    SettingField("thresholds", "thresholds_ms", thresholds_ms),
    SettingField("on_timeout", "on_timeout", choice(*ON_TIMEOUT)),
    SettingField("timeout_life", "timeout_life", whole(0, 20)),
    SettingField("timeout_drinks", "timeout_drinks", whole(0, 20)),
    SettingField("timeout_grace_seconds", "timeout_grace_ms", seconds_ms(5, 300)),
    SettingField("timeout_bonus_seconds", "timeout_bonus_ms", seconds_ms(5, 300)),
    SettingField("auto_pause_seconds", "auto_pause_ms", seconds_ms(60, 3600, off=True)),
    SettingField("undo_charges", "undo_charges", choice(*UNDO_CHARGES)),
    SettingField("increment_seconds", "increment_ms", seconds_ms(0, 3600)),
    SettingField("delay_seconds", "delay_ms", seconds_ms(0, 3600)),
    SettingField("delay_rearms", "delay_rearms", yes_no),
    SettingField("periods", "periods", whole(1, 99)),
    SettingField("period_seconds", "period_ms", seconds_ms(1, 3600)),
    SettingField("allowance_seconds", "allowance_ms", seconds_ms(1, 86400)),
    SettingField("round_minutes", "round_ms", minutes_ms(0, 1440)),
    SettingField("round_end", "round_end", choice(*ROUND_ENDS)),
    SettingField("round_extra", "round_extra", blank_or(whole(0, 60))),
    SettingField("lag_credit", "lag_credit", yes_no),
)


def read_settings(reader: FormReader, base: TableSettings) -> TableSettings:
    """The settings with the sent fields replaced; complaints stay with the reader."""
    changes: dict[str, Any] = {}
    starting_ms = reader.take_length_ms(
        "starting_minutes", "starting_seconds", SECOND_MS, 24 * HOUR_MS, base.starting_ms
    )
    changes["starting_ms"] = starting_ms
    for field in FIELDS:
        changes[field.setting] = reader.take(field.name, field.parse, getattr(base, field.setting))
    return replace(base, **changes)


def sand_complaint(settings: TableSettings, banks_ms: Sequence[int]) -> str:
    """What is wrong with an hourglass of these banks; empty when nothing is.

    All of it may end up in one bank, which never exceeds 24 h (rules section 4).
    """
    if not control_of(settings).shares or sum(banks_ms) <= MAX_BANK_MS:
        return ""
    seats = len(banks_ms)
    return say(
        "An hourglass for %(seats)s has at most %(most)s of sand in all, %(each)s each.",
        seats=seats,
        most=spell_ms(MAX_BANK_MS),
        each=_clock_text(MAX_BANK_MS // seats),
    )


def as_typed(settings: TableSettings) -> dict[str, str]:
    """Each field's text as a person would have typed it."""
    minutes, rest_ms = divmod(settings.starting_ms, MINUTE_MS)
    typed = {
        "starting_minutes": str(minutes),
        "starting_seconds": str(rest_ms // SECOND_MS),
    }
    for field in FIELDS:
        value = getattr(settings, field.setting)
        if field.name == "thresholds":
            typed[field.name] = ", ".join(_clock_text(ms) for ms in value)
        elif isinstance(value, bool):
            typed[field.name] = "yes" if value else "no"
        elif value is None:
            typed[field.name] = ""
        elif field.name.endswith("_minutes"):
            typed[field.name] = str(value // MINUTE_MS)
        elif field.setting.endswith("_ms"):
            typed[field.name] = str(value // SECOND_MS)
        else:
            typed[field.name] = str(value)
    return typed


def _clock_text(length_ms: int) -> str:
    minutes, seconds = divmod(length_ms // SECOND_MS, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
