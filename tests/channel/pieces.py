"""A screen as the channel keeps it: pieces by their ids, replaced by newer ones."""

from __future__ import annotations

import re

from app.game.pieces import PIECES
from app.game.steps import UNDO_MS

_SEATS = [f"seat-{number}" for number in range(1, 9)]
IDS = ("state", *_SEATS, *(name for name in PIECES if name != "state"))
_ALL = "|".join([*IDS, "presence", "turn-page"])
_BEGIN = re.compile(rf'<[a-z]+ id="({_ALL})"')

_CLOCK = re.compile(r'<b class="clk[^"]*"[^>]*data-running="yes"[^>]*>.*?</b>')
_RISES = re.compile(r'<b class="clk rises"[^>]*>.*?</b>')
_FREE = re.compile(r' class="delayed"(?: data-[a-g]="\d")*')
_PAUSE = re.compile(r'<b class="clk up"[^>]*>.*?</b>')
_GRACE = re.compile(r'<b class="grace"[^>]*data-counts="yes"[^>]*>.*?</b>')
_ROUND = re.compile(r' data-round-ms="-?\d+" data-counts="yes"(.*?)>.*?</b>')
_MOMENT = re.compile(r'<li data-seq="(\d+)"([^>]*)>(.*?)</li>')
_CHANGE = re.compile(r"<ins [^>]*>.*?</ins>")
_OFFER = re.compile(r"<i class=offer([^>]*)>(.*?)</i>")
_DIGIT = re.compile(r' data-[a-f]="\d"')
_AGE = re.compile(r' data-([def])="(\d)"')
"""Tens of seconds, seconds, tenths: all the age of something needs that is over within 15 s."""

_WORTH_MS = {"d": 10_000, "e": 1_000, "f": 100}


def pieces(html: str) -> dict[str, str]:
    """The pieces of a frame, an answer or a page's beginning, by id."""
    begins = [*_BEGIN.finditer(html)]
    ends = [*(found.start() for found in begins[1:]), len(html)]
    return {found[1]: html[found.start() : end] for found, end in zip(begins, ends, strict=True)}


def events(frame: bytes) -> list[str]:
    """The HTML of each server-sent event, in order."""
    blocks = [block for block in frame.decode().split("\n\n") if "data: " in block]
    return [
        "".join(
            line.removeprefix("data: ") for line in block.split("\n") if line.startswith("data: ")
        )
        for block in blocks
    ]


def resting(html: str) -> str:
    """A piece without what counts: the clocks that run, and a "+5" that is shown for 3 s."""
    html = _FREE.sub("", html)
    for counting in (_CLOCK, _RISES, _PAUSE, _GRACE):
        html = counting.sub("<b>counts</b>", html)
    return _CHANGE.sub("", _ROUND.sub(r" counts\1", html))


def offers(html: str) -> set[tuple[str, str]]:
    """Whom a piece offers to take something back, and in which words."""
    return {(_DIGIT.sub("", attributes), words) for attributes, words in _OFFER.findall(html)}


def moments(html: str) -> dict[str, str]:
    """What the moments a piece shows say, by their numbers."""
    return {seq: words for seq, _, words in _MOMENT.findall(html)}


def _age_ms(attributes: str) -> int:
    return sum(_WORTH_MS[place] * int(digit) for place, digit in _AGE.findall(attributes))


def ages_ms(html: str) -> dict[int, int]:
    """How long ago the moments were, by their numbers."""
    return {int(seq): _age_ms(attributes) for seq, attributes, _ in _MOMENT.findall(html)}


def offered_ms(html: str) -> list[int]:
    """How long ago what may be taken back was done, where that is less than 15 s."""
    ages = [_age_ms(attributes) for attributes, _ in _OFFER.findall(html)]
    return [age for age in ages if age < UNDO_MS]


def changed_ms(html: str) -> int | None:
    """How long ago the "+5" of a seat was, where it has one."""
    found = _CHANGE.search(html)
    return _age_ms(found[0]) if found else None
