"""What the story of a table is painted from."""

from __future__ import annotations

from typing import Any

from app.game.chronicle import Chapter, Chronicle
from app.game.said import say
from app.game.story import Line, Part
from app.game.wording import clock_text
from app.web.result_page import has_result, how_it_ended, instant

PAGE = 250
"""Entries of one page of the story."""


def page_of(chapters: list[Chapter], wanted: int) -> tuple[Chapter, int]:
    """The chapter with entry ``wanted`` and the first entry of its page; else the newest page."""
    found = next((one for one in chapters if one.first <= wanted <= one.last), None)
    chapter = found or chapters[-1]
    place = wanted if found else chapter.last
    return chapter, chapter.first + max(0, place - chapter.first) // PAGE * PAGE


def sitting_rows(
    chronicle: Chronicle, chapters: list[Chapter], shown: Chapter
) -> list[dict[str, Any]]:
    """The way to every chapter, newest first."""
    rows = []
    for chapter in reversed(chapters):
        sitting = chapter.sitting
        rows.append(
            {
                "first": chapter.first,
                "shown": chapter is shown,
                "title": say("Sitting %(number)s", number=sitting.number)
                if sitting
                else say("Lobby"),
                "words": how_it_ended(chronicle, sitting) if sitting else "",
                "at": instant(sitting.started_at) if sitting else None,
                "result": sitting.number if sitting and has_result(chronicle, sitting) else 0,
            }
        )
    return rows


def part_view(chapter: Chapter, part: Part) -> dict[str, Any]:
    """A turn, or a lobby, with its lines."""
    started_at = chapter.sitting.started_at if chapter.sitting else None
    return {
        "title": say("Turn %(number)s", number=part.turn) if part.turn else say("Lobby"),
        "seat": part.seat,
        "lines": [_line_view(line, started_at) for line in part.lines],
    }


def _line_view(line: Line, started_at: int | None) -> dict[str, Any]:
    is_played = started_at is not None and line.at >= started_at
    return {
        "told": line,
        "at": instant(line.at),
        "since": elapsed_text(line.at - started_at) if is_played and started_at else "",
    }


def elapsed_text(length_ms: int) -> str:
    """How long ago something began, in whole seconds that have passed."""
    return clock_text(length_ms // 1000 * 1000)
