"""Times and events in words: "4:59", "4 minutes 59 seconds", "Ada rolled 17"."""

from __future__ import annotations

from collections.abc import Callable

from app.game.table_settings import MINUTE_MS, SECOND_MS, TableSettings


def clock_text(length_ms: int) -> str:
    """What a clock shows: seconds rounded up, "4:59", "1:02:05", "-0:12" below 0."""
    seconds = -(-abs(length_ms) // SECOND_MS) if length_ms >= 0 else -length_ms // SECOND_MS
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if length_ms < 0 else ""
    if hours:
        return f"{sign}{hours}:{minutes:02}:{seconds:02}"
    return f"{sign}{minutes}:{seconds:02}"


def used_text(length_ms: int) -> str:
    """What a stopwatch shows: whole seconds that have passed, "0:12"."""
    return clock_text(length_ms // SECOND_MS * SECOND_MS)


def spoken(length_ms: int) -> str:
    """For ears: "1 hour 2 minutes 5 seconds left", "12 seconds over"."""
    seconds = -(-abs(length_ms) // SECOND_MS) if length_ms >= 0 else -length_ms // SECOND_MS
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        if count
    ]
    return f"{' '.join(parts) or '0 seconds'} {'over' if length_ms < 0 else 'left'}"


def gift_text(length_ms: int) -> str:
    """A bonus that arrives: "+0:30"."""
    return f"+{clock_text(length_ms)}"


PAUSE_HEADLINES = {
    "break": "Break",
    "rules": "Rules question",
    "judge": "Judge call",
    "other": "Paused",
    "away": "Nobody here",
    "outage": "We were away",
}

OUT_WORDS = {
    "life": "0 life",
    "poison": "Poisoned",
    "commander": "21 damage",
    "time": "Out of time",
    "conceded": "Conceded",
    "eliminated": "Eliminated",
}


_STEP_WORDS = {
    "turn-passed": "Passed",
    "turn-switched": "Turn moved",
    "extra-turn-taken": "Extra turn",
    "interrupted": "Interrupted",
    "priority-passed": "Gave back",
    "target-toggled": "Chose",
    "targets-confirmed": "Asked",
    "targets-cancelled": "Asked no more",
    "target-passed": "Answered",
    "life-adjusted": "Life",
    "counter-adjusted": "Counter",
    "commander-damaged": "Damage",
    "marker-set": "Marker",
    "conceded": "Conceded",
    "eliminated": "Put out",
    "timeout-chosen": "Chose a fate",
    "time-added": "Time given",
    "time-taken": "Time taken",
    "penalized": "Penalty",
    "reset": "Reset",
    "finished": "Ended",
}


def step_words(event: str) -> str:
    """What can be taken back, in a word or two."""
    return _STEP_WORDS[event]


def settings_words(settings: TableSettings) -> list[str]:
    """How a table plays, a sentence a setting; first the clock, then what happens at its end."""
    away = (
        f"Paused when nobody has been here for {spoken_length(settings.auto_pause_ms)}."
        if settings.auto_pause_ms
        else "Never paused by itself."
    )
    said = [_CLOCK_WORDS[settings.time_control](settings), f"{settings.starting_life} life."]
    if settings.time_control != "count-up":
        warned = ", ".join(clock_text(ms) for ms in settings.thresholds_ms)
        said += [_at_zero_words(settings), f"Warned at {warned}."]
    if settings.round_ms:
        said.append(_round_words(settings))
    if settings.undo_charges == "nobody":
        said.append("What is undone costs nobody time, once a turn.")
    return [*said, away]


def _bonus_words(settings: TableSettings) -> str:
    bonus = f", {gift_text(settings.bonus_ms)} a turn" if settings.bonus_ms else ""
    return f"{clock_text(settings.starting_ms)} each{bonus}."


def _fischer_words(settings: TableSettings) -> str:
    increment = f", {gift_text(settings.increment_ms)} for each turn passed"
    return f"{clock_text(settings.starting_ms)} each{increment if settings.increment_ms else ''}."


def _delay_words(settings: TableSettings) -> str:
    free = spoken_length(settings.delay_ms)
    response = " and each response" if settings.delay_rearms else ""
    delay = f", the first {free} of each turn{response} free"
    return f"{clock_text(settings.starting_ms)} each{delay if settings.delay_ms else ''}."


def _bronstein_words(settings: TableSettings) -> str:
    back = f", up to {spoken_length(settings.delay_ms)} back for each turn passed"
    return f"{clock_text(settings.starting_ms)} each{back if settings.delay_ms else ''}."


def _hourglass_words(settings: TableSettings) -> str:
    return f"Hourglass of {clock_text(settings.starting_ms)} each: what one uses the others get."


def _byo_yomi_words(settings: TableSettings) -> str:
    periods = f"{settings.periods} period{'' if settings.periods == 1 else 's'}"
    each = clock_text(settings.period_ms)
    return f"{clock_text(settings.starting_ms)} each, then {periods} of {each}."


def _per_turn_words(settings: TableSettings) -> str:
    return f"{clock_text(settings.allowance_ms)} for each turn, nothing carries over."


def _count_up_words(_settings: TableSettings) -> str:
    return "Clocks count up from 0:00, nobody runs out of time."


_CLOCK_WORDS: dict[str, Callable[[TableSettings], str]] = {
    "bonus": _bonus_words,
    "fischer": _fischer_words,
    "delay": _delay_words,
    "bronstein": _bronstein_words,
    "hourglass": _hourglass_words,
    "byo-yomi": _byo_yomi_words,
    "per-turn": _per_turn_words,
    "count-up": _count_up_words,
}


def _at_zero_words(settings: TableSettings) -> str:
    return {
        "out": "Out of time is out of the game.",
        "overtime": "Out of time goes on in overtime, below zero.",
        "skip": f"Out of time skips the turn and leaves {clock_text(settings.timeout_bonus_ms)}.",
        "choice": _choice_words(settings),
    }[settings.on_timeout]


def _round_words(settings: TableSettings) -> str:
    more = settings.round_more
    end = {
        "bell": "a bell at its end",
        "last-turn": f"then the last turn, of {spoken_length(more * MINUTE_MS)} at most",
        "turns": f"then {more} more turn{'' if more == 1 else 's'}, then a draw",
    }[settings.round_end]
    if settings.round_end != "bell" and not more:
        end = "then a draw"
    return f"A round of {spoken_length(settings.round_ms)}, {end}."


def _choice_words(settings: TableSettings) -> str:
    ways = []
    if settings.timeout_life:
        ways.append(f"lose {settings.timeout_life} life")
    if settings.timeout_drinks:
        ways.append(f"drink {settings.timeout_drinks}")
    ways.append("die")
    listed = " or ".join((", ".join(ways[:-1]), ways[-1])) if len(ways) > 1 else ways[0]
    grace = spoken_length(settings.timeout_grace_ms)
    return f"Out of time: {listed}, within {grace}; {gift_text(settings.timeout_bonus_ms)} after."


def spoken_length(length_ms: int) -> str:
    """A length of time: 10 minutes, 1 minute 30 seconds."""
    return spoken(length_ms).removesuffix(" left")
