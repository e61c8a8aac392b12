"""The sheet of a lobby that nobody has touched yet: the whole one without what is not seen there.

A phone's first visit is a lobby, and two thirds of the sheet are about clocks that run and sheets
that open. Only rules are left out whose every selector needs such a thing, and never one that
hides. The page takes the whole sheet in its place on the first need (static/js/rest.js).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What is not there, or not seen, before a game has begun and before anything was touched.
AT_PLAY = re.compile(
    r'data-status="(?:running|paused|finished|closed)"'
    r"|\[data-(?:ending|stack|targeting|active-seat|running-seats|kind|pace|gains|[a-g]|s\d)\b"
    r"|:target"
    r"|\.open\b|\.sheet(?:[ >.]|::)|#(?:pile|offers|moments|notice|answer|warning|round|chapter)\b"
    r"|#(?:tally|counters|device)\b|\.row-|\.if-|\.of-"
    r"|\.(?:clk|grace|interrupt|asking|ask|piled|offer|undoing|take-back|toggle|pass|decide)\b"
    r"|\.(?:life-of|counts-of|strip|beneath|fate|my-turn|when-asking|coin|tell|resume|replay)\b"
    r"|\.(?:cloth|tabs|done|shut|grid|form|slabs|words|tally|keys|owners|join|both|slab-line|wins)\b"
    r"|\.(?:settings|field|choose|switch|palette|colors|pair|wrong|complaint|hint|life-row)\b"
    r"|\[data-(?:next-seat|phase|order=\"0\"|(?:out|pending)=\"yes\")|\[data-seat\]>(?:u|small|ins)\b"
    r"|\.(?:table-view|tv)\b"
)
#: What cannot even be hidden there.
NEVER_THERE = re.compile(
    r'data-status="(?:running|paused|finished)"|\.sheet |\[data-(?:kind=|out="yes")'
)
MEDIA = ("@layer", "@media", "@supports")
MOVES = ("@keyframes", "@property", "@container")
MOVES_THERE = re.compile(r"@keyframes (?:wipe|arm|said)$")
HIDES = "display:none"
BRACKETS = re.compile(r":([a-z-]+)\(([^()]*)\)")
VALUE = re.compile(r'(?<=[{;])(--[\w-]+):(?:"[^"]*"|[^;{}"])*(?:;|(?=\}))')
ASKED = re.compile(r"var\((--[\w-]+)")
EMPTY = re.compile(r"(?:^|(?<=[{}]))[^{};@]+\{\}")


def lobby_sheet(whole: str) -> str:
    """What an untouched lobby needs of a sheet without comments and spaces."""
    return _named(_named("".join(_kept(whole))))


def _named(sheet: str) -> str:
    """Without values that nothing in it asks for, and rules that said nothing else."""
    asked = set(ASKED.findall(sheet))
    left = VALUE.sub(lambda found: found[0] if found[1] in asked else "", sheet)
    return EMPTY.sub("", left)


def _kept(sheet: str) -> Iterator[str]:
    for rule in _rules(sheet):
        head, brace, rest = rule.partition("{")
        inner = rest[:-1]
        if brace and head.startswith(MEDIA):
            within = "".join(_kept(inner))
            if within:
                yield f"{head}{{{within}}}"
        elif head.startswith(MOVES):
            if MOVES_THERE.match(head):
                yield rule
        else:
            unseen = NEVER_THERE if inner == HIDES else AT_PLAY
            if not _needs(head, unseen):
                yield rule


def _needs(head: str, unseen: re.Pattern[str]) -> bool:
    """Whether each of these selectors only matches where one of those things is."""
    return all(unseen.search(_plain(one, unseen)) for one in _split(head, ","))


def _plain(selector: str, unseen: re.Pattern[str]) -> str:
    """Without what it asks not to be, and without choices that leave another way."""

    def without(found: re.Match[str]) -> str:
        kind, inner = found.groups()
        is_needed = kind == "has" or (kind in {"is", "where"} and _needs(inner, unseen))
        return f" {inner} " if is_needed else ""

    while (plain := BRACKETS.sub(without, selector)) != selector:
        selector = plain
    return plain


def _rules(sheet: str) -> Iterator[str]:
    """Everything up to a ``}`` or ``;`` that stands outside of braces, in order."""
    start = 0
    for end in _outside(sheet, "};"):
        yield sheet[start : end + 1]
        start = end + 1


def _split(text: str, by: str) -> list[str]:
    ends = [*_outside(text, by), len(text)]
    starts = [0, *(end + 1 for end in ends)]
    return [text[start:end] for start, end in zip(starts, ends, strict=False)]


def _outside(text: str, marks: str) -> Iterator[int]:
    """Where one of these characters stands outside of quotes and brackets, or closes the last."""
    depth, is_quoted = 0, False
    for place, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character in "{([":
            depth += 1
        elif character in "})]":
            depth -= 1
        if not is_quoted and not depth and character in marks:
            yield place
