"""Times and events in words: "4:59", "4 minutes 59 seconds", "Ada rolled 17"."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from app.game.said import hours, joined, minutes, say, say_many, seconds
from app.game.table_settings import MINUTE_MS, SECOND_MS, TableSettings


def clock_text(length_ms: int) -> str:
    """What a clock shows: seconds rounded up, "4:59", "1:02:05", "-0:12" below 0."""
    if length_ms < 0:
        return _clock_text(-length_ms // SECOND_MS, "-")
    return _clock_text(-(-length_ms // SECOND_MS), "")


@lru_cache(maxsize=8192)
def _clock_text(seconds: int, sign: str) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{sign}{hours}:{minutes:02}:{seconds:02}"
    return f"{sign}{minutes}:{seconds:02}"


def still_text(text: str) -> str:
    """A clock's text where it stands still, as wide as the face that counts."""
    return text.rjust(5, "0").replace("-", "\u2212")


def used_text(length_ms: int) -> str:
    """What a stopwatch shows: whole seconds that have passed, "0:12"."""
    return clock_text(length_ms // SECOND_MS * SECOND_MS)


def spoken(length_ms: int) -> str:
    """For ears: "1 hour 2 minutes 5 seconds left", "12 seconds over"."""
    if length_ms < 0:
        return _spoken_over(-length_ms // SECOND_MS)
    return _spoken_left(-(-length_ms // SECOND_MS))


@lru_cache(maxsize=8192)  # every clock says one of few, and saying costs more than all its digits
def _spoken_left(seconds: int) -> str:
    return say("%(length)s left", length=spoken_length(seconds * SECOND_MS))


@lru_cache(maxsize=8192)
def _spoken_over(seconds: int) -> str:
    return say("%(length)s over", length=spoken_length(seconds * SECOND_MS))


def spoken_length(length_ms: int) -> str:
    """A length of time: "10 minutes", "1 minute 30 seconds"; seconds rounded up."""
    whole_minutes, left_s = divmod(-(-length_ms // SECOND_MS), 60)
    whole_hours, left_minutes = divmod(whole_minutes, 60)
    parts: list[str] = []
    if whole_hours:
        parts.append(hours(whole_hours))
    if left_minutes:
        parts.append(minutes(left_minutes))
    if left_s or not parts:
        parts.append(seconds(left_s))
    return joined(" ", parts)


def gift_text(length_ms: int) -> str:
    """A bonus that arrives: "+0:30"."""
    return f"+{clock_text(length_ms)}"


def given_back_text(length_ms: int) -> str:
    """A lag credit: "given back 0.18 s"."""
    whole_s, rest_ms = divmod(length_ms, SECOND_MS)
    return say(
        "given back %(whole)s.%(hundredths)s s", whole=whole_s, hundredths=f"{rest_ms // 10:02}"
    )


PAUSE_HEADLINES = {
    "break": say("Break"),
    "rules": say("Rules question"),
    "judge": say("Judge call"),
    "other": say("Paused"),
    "away": say("Nobody here"),
    "outage": say("We were away"),
}

OUT_WORDS = {
    "life": say("0 life"),
    "poison": say("Poisoned"),
    "commander": say("21 damage"),
    "time": say("Out of time"),
    "conceded": say("Conceded"),
    "eliminated": say("Eliminated"),
}


_STEP_WORDS = {
    "turn-passed": say("Passed"),
    "turn-switched": say("Turn moved"),
    "extra-turn-taken": say("Extra turn"),
    "interrupted": say("Interrupted"),
    "priority-passed": say("Gave back"),
    "target-toggled": say("Chose"),
    "targets-confirmed": say("Asked"),
    "targets-cancelled": say("Asked no more"),
    "target-passed": say("Answered"),
    "life-adjusted": say("Life"),
    "counter-adjusted": say("Counter"),
    "commander-damaged": say("Damage"),
    "marker-set": say("Marker"),
    "conceded": say("Conceded"),
    "eliminated": say("Put out"),
    "timeout-chosen": say("Chose a fate"),
    "time-added": say("Time given"),
    "time-taken": say("Time taken"),
    "penalized": say("Penalty"),
    "reset": say("Reset"),
    "finished": say("Ended"),
}

PAUSES_WITHIN = {
    "break": say("break"),
    "rules": say("rules question"),
    "judge": say("judge call"),
    "other": say("paused"),
    "away": say("nobody here"),
    "outage": say("we were away"),
}
"""The same within a sentence."""

OUTS_WITHIN = {
    "life": say("0 life"),
    "poison": say("poisoned"),
    "commander": say("21 damage"),
    "time": say("out of time"),
    "conceded": say("conceded"),
    "eliminated": say("eliminated"),
}
"""Likewise why somebody is out."""

_STEPS_WITHIN = {
    "turn-passed": say("passed"),
    "turn-switched": say("turn moved"),
    "extra-turn-taken": say("extra turn"),
    "interrupted": say("interrupted"),
    "priority-passed": say("gave back"),
    "target-toggled": say("chose"),
    "targets-confirmed": say("asked"),
    "targets-cancelled": say("asked no more"),
    "target-passed": say("answered"),
    "life-adjusted": say("life"),
    "counter-adjusted": say("counter"),
    "commander-damaged": say("damage"),
    "marker-set": say("marker"),
    "conceded": say("conceded"),
    "eliminated": say("put out"),
    "timeout-chosen": say("chose a fate"),
    "time-added": say("time given"),
    "time-taken": say("time taken"),
    "penalized": say("penalty"),
    "reset": say("reset"),
    "finished": say("ended"),
}
"""Likewise."""

COUNTER_NAMES = {
    "poison": say("poison"),
    "energy": say("energy"),
    "experience": say("experience"),
    "drinks": say("drinks"),
    "star": say("star"),
    "damage": say("damage"),
}
"""What is counted beside life, as it stands beside a number."""

MARKER_NAMES = {"monarch": say("Monarch"), "initiative": say("Initiative")}

COLOR_NAMES = {
    "lemon": say("lemon"),
    "sky": say("sky"),
    "ember": say("ember"),
    "violet": say("violet"),
    "orange": say("orange"),
    "aqua": say("aqua"),
    "pink": say("pink"),
    "steel": say("steel"),
    "green": say("green"),
    "lime": say("lime"),
    "chalk": say("chalk"),
    "magenta": say("magenta"),
}

SETTING_NAMES = {
    "starting_ms": say("starting time"),
    "time_control": say("time control"),
    "bonus_ms": say("bonus"),
    "starting_life": say("starting life"),
    "thresholds_ms": say("warnings"),
    "on_timeout": say("at 0:00"),
    "timeout_life": say("life a time-out costs"),
    "timeout_drinks": say("drinks of a time-out"),
    "timeout_grace_ms": say("time to choose"),
    "timeout_bonus_ms": say("time after a time-out"),
    "auto_pause_ms": say("pause when all are gone"),
    "undo_charges": say("who pays for undone time"),
    "increment_ms": say("increment"),
    "delay_ms": say("delay"),
    "delay_rearms": say("delay of responses"),
    "periods": say("periods"),
    "period_ms": say("length of a period"),
    "allowance_ms": say("time each turn"),
    "round_ms": say("round clock"),
    "round_end": say("end of the round"),
    "round_extra": say("after the round"),
    "lag_credit": say("lag credit"),
}
"""What the story calls a setting."""


def step_words(event: str) -> str:
    """What can be taken back, in a word or two."""
    return _STEP_WORDS[event]


def step_within(event: str) -> str:
    """The same within a sentence."""
    return _STEPS_WITHIN[event]


def settings_words(settings: TableSettings) -> list[str]:
    """How a table plays, a sentence a setting; first the clock, then what happens at its end."""
    away = (
        say(
            "Paused when nobody has been here for %(length)s.",
            length=spoken_length(settings.auto_pause_ms),
        )
        if settings.auto_pause_ms
        else say("Never paused by itself.")
    )
    said = [
        _CLOCK_WORDS[settings.time_control](settings),
        say("%(count)s life.", count=settings.starting_life),
    ]
    if settings.time_control != "count-up":
        warned = ", ".join(clock_text(ms) for ms in settings.thresholds_ms)
        said += [_at_zero_words(settings), say("Warned at %(times)s.", times=warned)]
    if settings.round_ms:
        said.append(_round_words(settings))
    if settings.undo_charges == "nobody":
        said.append(say("What is undone costs nobody time, once a turn."))
    if settings.lag_credit:
        said.append(say("What a turn takes to reach its phone is given back."))
    return [*said, away]


def _bank_words(settings: TableSettings) -> str:
    return say("%(time)s each.", time=clock_text(settings.starting_ms))


def _bonus_words(settings: TableSettings) -> str:
    if not settings.bonus_ms:
        return _bank_words(settings)
    return say(
        "%(time)s each, %(bonus)s a turn.",
        time=clock_text(settings.starting_ms),
        bonus=gift_text(settings.bonus_ms),
    )


def _fischer_words(settings: TableSettings) -> str:
    if not settings.increment_ms:
        return _bank_words(settings)
    return say(
        "%(time)s each, %(increment)s for each turn passed.",
        time=clock_text(settings.starting_ms),
        increment=gift_text(settings.increment_ms),
    )


def _delay_words(settings: TableSettings) -> str:
    if not settings.delay_ms:
        return _bank_words(settings)
    time, free = clock_text(settings.starting_ms), spoken_length(settings.delay_ms)
    if settings.delay_rearms:
        return say(
            "%(time)s each, the first %(free)s of each turn and each response free.",
            time=time,
            free=free,
        )
    return say("%(time)s each, the first %(free)s of each turn free.", time=time, free=free)


def _bronstein_words(settings: TableSettings) -> str:
    if not settings.delay_ms:
        return _bank_words(settings)
    return say(
        "%(time)s each, up to %(back)s back for each turn passed.",
        time=clock_text(settings.starting_ms),
        back=spoken_length(settings.delay_ms),
    )


def _hourglass_words(settings: TableSettings) -> str:
    return say(
        "Hourglass of %(time)s each: what one uses the others get.",
        time=clock_text(settings.starting_ms),
    )


def _byo_yomi_words(settings: TableSettings) -> str:
    return say_many(
        "%(time)s each, then %(count)s period of %(each)s.",
        "%(time)s each, then %(count)s periods of %(each)s.",
        settings.periods,
        time=clock_text(settings.starting_ms),
        each=clock_text(settings.period_ms),
    )


def _per_turn_words(settings: TableSettings) -> str:
    return say(
        "%(time)s for each turn, nothing carries over.", time=clock_text(settings.allowance_ms)
    )


def _count_up_words(_settings: TableSettings) -> str:
    return say("Clocks count up from 0:00, nobody runs out of time.")


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
    if settings.on_timeout == "out":
        return say("Out of time is out of the game.")
    if settings.on_timeout == "overtime":
        return say("Out of time goes on in overtime, below zero.")
    if settings.on_timeout == "skip":
        left = clock_text(settings.timeout_bonus_ms)
        return say("Out of time skips the turn and leaves %(left)s.", left=left)
    return _choice_words(settings)


def _round_words(settings: TableSettings) -> str:
    more, length = settings.round_more, spoken_length(settings.round_ms)
    if settings.round_end == "bell":
        return say("A round of %(length)s, a bell at its end.", length=length)
    if not more:
        return say("A round of %(length)s, then a draw.", length=length)
    if settings.round_end == "last-turn":
        return say(
            "A round of %(length)s, then the last turn, of %(most)s at most.",
            length=length,
            most=spoken_length(more * MINUTE_MS),
        )
    return say_many(
        "A round of %(length)s, then %(count)s more turn, then a draw.",
        "A round of %(length)s, then %(count)s more turns, then a draw.",
        more,
        length=length,
    )


def _choice_words(settings: TableSettings) -> str:
    ways: list[str] = []
    if settings.timeout_life:
        ways.append(say("lose %(count)s life", count=settings.timeout_life))
    if settings.timeout_drinks:
        ways.append(say("drink %(count)s", count=settings.timeout_drinks))
    ways.append(say("die"))
    listed = joined(", ", ways[:-1])
    return say(
        "Out of time: %(ways)s, within %(grace)s; %(bonus)s after.",
        ways=say("%(ways)s or %(last)s", ways=listed, last=ways[-1]) if listed else ways[-1],
        grace=spoken_length(settings.timeout_grace_ms),
        bonus=gift_text(settings.timeout_bonus_ms),
    )
