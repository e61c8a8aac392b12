"""What the ribbons and the result of a sitting are painted from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import request
from markupsafe import Markup

from app.game.campaign_view import standings_view
from app.game.chronicle import OVER, Chronicle, SeatTold, Sitting, stood_ms
from app.game.game import Game
from app.game.letters import isolated
from app.game.said import say
from app.game.wording import OUT_WORDS, PAUSE_HEADLINES, clock_text
from app.web.timeline import Ribbon, timeline
from app.words.languages import day_text, in_words

LONG_NAME = 10
"""A longer winner's name is set smaller."""


def instant(at: int) -> dict[str, str]:
    """An instant for machines, and as text where the reader's own time of day is not known."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return {
        "ms": str(at),
        "iso": moment.isoformat(timespec="milliseconds"),
        "of_day": f"{moment:%H:%M} UTC",
        "day": day_text(moment),
    }


def table_at_end(chronicle: Chronicle, sitting: Sitting) -> Game:
    """The table as the sitting left it, or as it is."""
    return sitting.end or chronicle.game


def is_finished(game: Game) -> bool:
    """Whether it was won or drawn, also when the table was closed after that."""
    return game.winner is not None


def how_it_ended(chronicle: Chronicle, sitting: Sitting) -> str:
    """In a word or two."""
    game = table_at_end(chronicle, sitting)
    if is_finished(game):
        winner = game.seats.get(game.winner or 0)
        return say("%(name)s wins", name=isolated(winner.called)) if winner else say("A draw")
    if game.status == "closed" or (sitting.end is not None and sitting.ended_at is not None):
        return say("Not finished")
    return say("Paused") if game.status == "paused" else say("Turn %(number)s", number=game.turn)


def has_result(chronicle: Chronicle, sitting: Sitting) -> bool:
    """Finished, or on its way there; a sitting that was reset or closed before has none."""
    game = table_at_end(chronicle, sitting)
    is_left = sitting.ended_at is not None or game.status == "closed"
    return is_finished(game) or not is_left


def until(sitting: Sitting, at: int) -> int:
    """Up to which instant a sitting is told: its end, its present pause, or now."""
    if sitting.ended_at is not None:
        return sitting.ended_at
    standing = [gap.since for gap in sitting.gaps if gap.until is None]
    return standing[0] if standing else at


def _in_result_order(game: Game, told: list[SeatTold]) -> list[SeatTold]:
    """The winner first, then whoever lasted longest."""
    return sorted(
        told,
        key=lambda seat: (
            seat.number != game.winner,
            seat.out_at is not None,
            -(seat.out_at or 0),
            game.order.index(seat.number),
        ),
    )


def picture(chronicle: Chronicle, sitting: Sitting, at: int) -> str:
    """The ribbons of a sitting as SVG."""
    game = table_at_end(chronicle, sitting)
    rows = [
        Ribbon(
            seat=told.number,
            name=in_words(game.seats[told.number].called),
            color=game.seats[told.number].color,
            words=in_words(_why(game, told)),
            total=clock_text(told.used_ms),
        )
        for told in _in_result_order(game, chronicle.told(sitting))
    ]
    title = say(
        "%(name)s: who had the clock. %(ended)s",
        name=isolated(game.called),
        ended=how_it_ended(chronicle, sitting),
    )
    return timeline(sitting, until(sitting, at), rows, in_words(title))


def _why(game: Game, told: SeatTold) -> str:
    return OUT_WORDS.get(game.seats[told.number].out, say("Turn %(number)s", number=game.turn))


# ---- the result


def result_view(chronicle: Chronicle, sitting: Sitting, at: int) -> dict[str, Any]:
    """Everything the page of a result shows."""
    game = table_at_end(chronicle, sitting)
    winner = game.seats.get(game.winner or 0)
    finished = is_finished(game)
    is_newest = sitting.started_at == chronicle.sittings[-1].started_at
    told = _in_result_order(game, chronicle.told(sitting))
    headline = in_words(winner.called if winner else say("A draw") if finished else say("So far"))
    path = f"/games/{game.code}"
    return {
        "code": game.code,
        "name": game.called,
        "number": sitting.number,
        "headline": headline,
        "is_long": len(headline) > LONG_NAME,
        "is_name": winner is not None,
        "sentence": say("wins") if winner else "" if finished else how_it_ended(chronicle, sitting),
        "color": winner.color if winner else "",
        "at": instant(sitting.started_at),
        "ribbons": Markup(picture(chronicle, sitting, at)),  # noqa: S704 - built by us, escaped there
        "rows": [_row(game, seat) for seat in told],
        "columns": _columns(told),
        "standings": standings_view(game),
        "pauses": _pauses(sitting, until(sitting, at) if finished else at),
        "again": f"{path}#again" if is_newest and chronicle.game.status == "finished" else "",
        "table": path,
        "first": next((c.first for c in chronicle.chapters() if _same(c.sitting, sitting)), 1),
        "url": f"{request.host_url}games/{game.code}/result/{sitting.number}",
    }


def _same(one: Sitting | None, other: Sitting) -> bool:
    return one is not None and one.started_at == other.started_at


def _columns(told: list[SeatTold]) -> list[str]:
    """What there was at this table: a column in which nobody has anything is left out."""
    return [name for name in _CELLS if name in _ALWAYS or any(_CELLS[name](one) for one in told)]


def _row(game: Game, told: SeatTold) -> dict[str, Any]:
    seat = game.seats[told.number]
    return {
        "number": told.number,
        "name": seat.called,
        "color": seat.color,
        "words": _why(game, told),
        "cells": {name: cell(told) for name, cell in _CELLS.items()},
    }


def _times(times: int, length_ms: int) -> str:
    if not times and not length_ms:
        return ""
    return f"{times} \u00b7 {clock_text(length_ms)}"


def _count(count: int) -> str:
    return str(count) if count else ""


def _length(length_ms: int) -> str:
    return clock_text(length_ms) if length_ms else ""


_ALWAYS = frozenset({"Used", "Turns", "Longest", "Mean"})
_CELLS = {
    say("Used"): lambda told: clock_text(told.used_ms),
    say("Turns"): lambda told: str(told.turns),
    say("Longest"): lambda told: clock_text(told.longest_ms),
    say("Mean"): lambda told: clock_text(told.mean_ms),
    say("Answers"): lambda told: _times(told.responses, told.responses_ms),
    say("Interrupts"): lambda told: _times(told.interrupts, told.interrupts_ms),
    say("Free"): lambda told: _length(told.free_ms),
    say("Time-outs"): lambda told: _count(told.time_outs),
    say("Overtime"): lambda told: _length(-told.overtime_ms),
    say("Penalties"): lambda told: _count(told.penalties),
}
"""The columns of the table of a result, in order."""


def _pauses(sitting: Sitting, at: int) -> list[dict[str, str]]:
    words = {**PAUSE_HEADLINES, OVER: say("Over, and then not")}
    told = stood_ms(sitting, at)
    return [
        {"words": words.get(reason, reason), "times": str(times), "length": clock_text(length_ms)}
        for reason, (times, length_ms) in sorted(told.items(), key=lambda one: -one[1][1])
    ]
