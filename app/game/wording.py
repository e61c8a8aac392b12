"""Times and events in words: "4:59", "4 minutes 59 seconds", "Ada rolled 17"."""

from __future__ import annotations

from app.game.table_settings import SECOND_MS


def clock_text(length_ms: int) -> str:
    """What a clock shows: seconds rounded up, "4:59", "1:02:05", "-0:12" below 0."""
    seconds = -(-abs(length_ms) // SECOND_MS) if length_ms >= 0 else -length_ms // SECOND_MS
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if length_ms < 0 else ""
    if hours:
        return f"{sign}{hours}:{minutes:02}:{seconds:02}"
    return f"{sign}{minutes}:{seconds:02}"


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
