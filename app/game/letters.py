"""What people write names with: what cannot be one, and how one stands in a sentence.

Every script and every emoji may be written. Refused is only what breaks a line, is not seen, or
writes over its neighbours.
"""

from __future__ import annotations

import unicodedata

from app.game.said import say

MOST_ACCENTS = 4
"""Accents on one letter; pointed and chanted Hebrew has as many."""
MOST_MARKS = 8
"""Marks of every kind on one letter, the vowels and medials of Burmese or Tibetan among them."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates: they turn round whatever stands beside them."""

_NO_LINE = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_NO_LETTERS = frozenset(map(chr, (*range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC))))
_LAST_TWO = 0xFFFE  # of every 65,536: Unicode's noncharacters, with those from U+FDD0 to U+FDEF
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_ISOLATE, _END = "\u2068", "\u2069"


def why_not(text: str) -> str:
    """Why nobody can be called this, as a sentence; empty when somebody can."""
    if any(_is_no_letter(c) for c in text):
        return say("Plain characters only, please.")
    if TURNING.intersection(text):
        return say("Without marks that turn the writing round, please.")
    if text and not any(_is_seen(c) for c in text):
        return say("Something that can be seen, please.")
    if _is_piled_up(text):
        return say("Fewer marks on one letter, please.")
    return ""


def isolated(name: str) -> str:
    """A name to stand among other words of plain text: it does not draw them into its direction.

    Only where it is written from right to left; elsewhere nothing is added to it.
    """
    if name.isascii() or all(unicodedata.bidirectional(c) not in ("R", "AL", "AN") for c in name):
        return name
    return f"{_ISOLATE}{name}{_END}"


def clusters(text: str) -> list[str]:
    """What is seen as one letter each: with its marks, an emoji with all its parts."""
    found: list[str] = []
    for c in text:
        if found and _goes_on(found[-1], c):
            found[-1] += c
        else:
            found.append(c)
    return found


def _goes_on(before: str, c: str) -> bool:
    if is_mark(c) or unicodedata.category(c) == "Cf" or "\U0001f3fb" <= c <= "\U0001f3ff":
        return True
    if _is_flag_half(c):
        return len(before) == 1 and _is_flag_half(before)
    return before.endswith("\u200d") and unicodedata.category(c) == "So"


def is_mark(c: str) -> bool:
    """Whether it stands on the letter before it."""
    return unicodedata.category(c).startswith("M")


def _is_flag_half(c: str) -> bool:
    return "\U0001f1e6" <= c <= "\U0001f1ff"


def _is_no_letter(c: str) -> bool:
    if unicodedata.category(c) in _NO_LINE or c in _NO_LETTERS:
        return True
    return ord(c) & _LAST_TWO == _LAST_TWO or "\ufdd0" <= c <= "\ufdef"


def _is_seen(c: str) -> bool:
    return not is_mark(c) and unicodedata.category(c) not in ("Cf", "Zs") and c not in _BLANK


def _is_piled_up(text: str) -> bool:
    """Whether marks pile up until they stand in the lines above or below."""
    accents = marks = 0
    for c in text:
        category = unicodedata.category(c)
        if category == "Cf":
            continue  # not seen, so the marks after it stand on the same letter
        if not category.startswith("M"):
            accents = marks = 0
            continue
        marks += 1
        accents += bool(unicodedata.combining(c)) or category == "Me"
        if accents > MOST_ACCENTS or marks > MOST_MARKS:
            return True
    return False
