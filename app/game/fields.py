"""Form fields become typed values, or complaints a person understands.

Everything a browser or a stranger sends arrives here as text. Nothing is guessed: a wrong type,
a number out of bounds, a repeated or unknown field is a complaint and the whole form is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.game.letters import why_not
from app.game.said import hours, minutes, say, seconds
from app.game.table_settings import HOUR_MS, MINUTE_MS, SECOND_MS

Form = Mapping[str, Sequence[str]]
"""Field name to all its values, as they came."""

Parser = Callable[[str], Any]

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}\Z")
MOST_THRESHOLDS = 10

_CLOCK = re.compile(r"(?:(?:([0-9]{1,2}):)?([0-9]{1,4}):(?=[0-5]?[0-9]\Z))?([0-9]{1,5})\Z")


class Complaint(ValueError):  # noqa: N818 - a sentence beside a field
    """Why one value cannot be taken."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def whole(low: int, high: int) -> Parser:
    """A whole number from ``low`` to ``high``."""

    def parse(text: str) -> int:
        stripped = text.strip()
        if not _WHOLE.match(stripped):
            message = say("A whole number from %(low)s to %(high)s, please.", low=low, high=high)
            raise Complaint(message)
        number = int(stripped)
        if not low <= number <= high:
            message = say("From %(low)s to %(high)s, please.", low=low, high=high)
            raise Complaint(message)
        return number

    return parse


def choice(*allowed: str) -> Parser:
    """One of a few words."""

    def parse(text: str) -> str:
        if text not in allowed:
            message = say("One of %(words)s, please.", words=", ".join(filter(None, allowed)))
            raise Complaint(message)
        return text

    return parse


def yes_no(text: str) -> bool:
    """A yes/no field."""
    if text not in ("yes", "no"):
        message = say("Yes or no, please.")
        raise Complaint(message)
    return text == "yes"


def confirmed(text: str) -> bool:
    """A field that must say yes."""
    if text != "yes":
        message = say("Please confirm with yes.")
        raise Complaint(message)
    return True


def line(longest: int, *, blank: bool) -> Parser:
    """One line of text, trimmed; kept exactly as typed, or refused (``why_not``)."""

    def parse(text: str) -> str:
        trimmed = text.strip()
        if no := why_not(trimmed):
            raise Complaint(no)
        if len(trimmed) > longest:
            message = say("At most %(count)s characters, please.", count=longest)
            raise Complaint(message)
        if not trimmed and not blank:
            message = say("Please write something.")
            raise Complaint(message)
        return trimmed

    return parse


def seat_or(*words: str) -> Parser:
    """A seat number 1 to 8 or one of ``words``."""
    number = whole(1, 8)

    def parse(text: str) -> int | str:
        return text if text in words else int(number(text))

    return parse


def dice_sides(text: str) -> int:
    """2 to 999, or "coin" (two sides)."""
    return 2 if text == "coin" else int(whole(2, 999)(text))


def clock_ms(text: str) -> int:
    """A time like 5:00, 1:00:00 or plain seconds, as milliseconds."""
    match = _CLOCK.match(text.strip())
    if not match:
        message = say("Times like 5:00 or 30, please.")
        raise Complaint(message)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (hours * 3600 + minutes * 60 + seconds) * SECOND_MS


def thresholds_ms(text: str) -> tuple[int, ...]:
    """1 to 10 times above 0 and at most 24 h, "5:00, 1:00, 30"; highest first, each once."""
    parts = [part for part in re.split(r"[,;]", text) if part.strip()]
    if not 1 <= len(parts) <= MOST_THRESHOLDS:
        message = say("One to ten times, please, like 5:00, 1:00, 30.")
        raise Complaint(message)
    values = [clock_ms(part) for part in parts]
    if any(not 0 < value <= 24 * HOUR_MS for value in values):
        message = say("Each above 0 and at most 24 hours, please.")
        raise Complaint(message)
    return tuple(sorted(set(values), reverse=True))


def seconds_ms(low: int, high: int, *, off: bool = False) -> Parser:
    """Whole seconds from ``low`` to ``high`` (0 = off where allowed), as milliseconds."""
    number = whole(0 if off else low, high)

    def parse(text: str) -> int:
        seconds = int(number(text))
        if seconds and seconds < low:
            message = say("0 for off, or %(low)s to %(high)s seconds, please.", low=low, high=high)
            raise Complaint(message)
        return seconds * SECOND_MS

    return parse


def minutes_ms(low: int, high: int) -> Parser:
    """Whole minutes from ``low`` to ``high``, as milliseconds."""
    number = whole(low, high)
    return lambda text: int(number(text)) * MINUTE_MS


def blank_or(parse: Parser) -> Parser:
    """Nothing at all, which is None, or what ``parse`` takes."""
    return lambda text: parse(text) if text.strip() else None


def without(form: Form, names: frozenset[str]) -> Form:
    """The form as if these fields had not been sent."""
    return {name: values for name, values in form.items() if name not in names}


class FormReader:
    """Takes fields out of a form one by one and collects the complaints."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._read: set[str] = set()
        self.complaints: dict[str, str] = {}

    def has(self, name: str) -> bool:
        """Whether the field was sent."""
        return bool(self._form.get(name))

    def take(self, name: str, parse: Parser, default: Any = None, *, required: bool = False) -> Any:
        """The field's value; the default when it was not sent or is not understood."""
        self._read.add(name)
        values = self._form.get(name) or ()
        if not values:
            if required:
                self.complaints[name] = say("This is needed.")
            return default
        if len(values) > 1 and parse is not yes_no:
            self.complaints[name] = say("Once is enough.")
            return default
        try:
            return parse(values[-1])
        except Complaint as complaint:
            self.complaints[name] = complaint.sentence
            return default

    def take_length_ms(
        self, minutes: str, seconds: str, low_ms: int, high_ms: int, default: int | None = None
    ) -> int | None:
        """Minutes and/or seconds as one length of time; blank parts count as not sent."""
        parts: dict[str, int] = {}
        for name, unit_ms, most in ((minutes, MINUTE_MS, 1440), (seconds, SECOND_MS, 86400)):
            self._read.add(name)
            values = self._form.get(name) or ()
            if len(values) > 1:
                self.complaints[name] = say("Once is enough.")
            elif values and values[0].strip():
                try:
                    parts[name] = whole(0, most)(values[0]) * unit_ms
                except Complaint as complaint:
                    self.complaints[name] = complaint.sentence
        if self.complaints.keys() & {minutes, seconds}:
            return default
        if not parts:
            if self.has(minutes) or self.has(seconds) or default is None:
                self.complaints[minutes] = say("Minutes or seconds, please.")
            return default
        total = sum(parts.values())
        if not low_ms <= total <= high_ms:
            self.complaints[next(iter(parts))] = say(
                "From %(low)s to %(high)s, please.", low=spell_ms(low_ms), high=spell_ms(high_ms)
            )
            return default
        return total

    def finish(self) -> None:
        """Complain about fields nobody asked for."""
        for name in self._form:
            if name not in self._read:
                self.complaints[name] = say("This form has no such field.")


def spell_ms(length_ms: int) -> str:
    """A limit in words: "1 second", "24 hours"."""
    for unit_ms, spell in ((HOUR_MS, hours), (MINUTE_MS, minutes), (SECOND_MS, seconds)):
        if length_ms >= unit_ms and length_ms % unit_ms == 0:
            return spell(length_ms // unit_ms)
    return f"{length_ms} ms"
