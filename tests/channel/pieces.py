"""A screen as the channel keeps it: pieces by their ids, replaced by newer ones."""

from __future__ import annotations

import re

IDS = "state", *(f"seat-{number}" for number in range(1, 9)), "tally", "notice", "moments"
_BEGIN = re.compile(r'<[a-z]+ id="(state|seat-[1-8]|tally|notice|moments|presence|turn-page)"')

_CLOCK = re.compile(r'<b class="clk[^"]*"[^>]*data-running="yes"[^>]*>.*?</b>')
_PAUSE = re.compile(r'<b class="clk up"[^>]*>.*?</b>')
_GRACE = re.compile(r'<b class="grace"[^>]*data-counts="yes"[^>]*>.*?</b>')
_MOMENT = re.compile(r'<li data-seq="(\d+)"([^>]*)>(.*?)</li>')
_AGE = re.compile(r' data-([ef])="(\d)"')
"""Whole seconds and tenths: all a moment's age needs, which is over after ten seconds."""


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
    """A piece without what counts: the clocks that run."""
    for counting in (_CLOCK, _PAUSE, _GRACE):
        html = counting.sub("<b>counts</b>", html)
    return html


def moments(html: str) -> dict[str, str]:
    """What the moments a piece shows say, by their numbers."""
    return {seq: words for seq, _, words in _MOMENT.findall(html)}


def ages_ms(html: str) -> dict[int, int]:
    """How long ago the moments were, by their numbers."""
    found = {}
    for seq, attributes, _ in _MOMENT.findall(html):
        digits = dict(_AGE.findall(attributes))
        found[int(seq)] = int(digits.get("e", 0)) * 1000 + int(digits.get("f", 0)) * 100
    return found
