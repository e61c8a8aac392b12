"""The wall: many tables of an event on one screen, for whoever organises it.

It only looks: nobody is there because a wall shows their table, and nothing on it says who sits
behind a browser. It asks again by itself every few seconds, without a script; in between the
clocks count in CSS.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from flask import Blueprint, Response, make_response, render_template, request

from app.game.clock import running_seats
from app.game.game import CODE_LENGTH, Game
from app.game.refusals import Refusal
from app.game.said import say
from app.game.view import (
    NoticeView,
    RoundView,
    SeatView,
    StateView,
    notice_view,
    round_view,
    seat_view,
    state_view,
)
from app.table.codes import is_code, normal_code
from app.web import allowances
from app.web.identity import the_table

blueprint = Blueprint("wall", __name__)

MOST_TABLES = 24
LONGEST_TYPED = 12
"""What is no code is shown as it was typed, so far."""


@dataclass(frozen=True)
class WallTable:
    """One table on the wall; ``state`` is None for one that cannot be shown."""

    code: str
    #: Why it cannot be shown, as a sentence; empty otherwise.
    sentence: str = ""
    state: StateView | None = None
    #: Whose clocks (or time to choose in) count; while it is paused or over, nobody's.
    running: tuple[SeatView, ...] = ()
    #: What somebody should look at: a choice that waits, overtime, out of time.
    flagged: tuple[SeatView, ...] = ()
    notice: NoticeView | None = None
    round: RoundView | None = None


@blueprint.get("/wall")
def wall() -> Response:
    """The tables whose codes were asked for, in that order; a form to ask when none was."""
    asked = _codes(request.args.get("codes", ""))
    if asked:
        allowances.refuse_exhausted()
    at = the_table().now()
    answer = make_response(
        render_template(
            "screens/wall.html",
            tables=[_table(code, at) for code in asked[:MOST_TABLES]],
            left_out=len(asked[MOST_TABLES:]),
            most=MOST_TABLES,
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _codes(typed: str) -> list[str]:
    """Each code once, however it was typed: "abc def, GHJKLM", or with spaces between."""
    codes: list[str] = []
    for piece in typed.replace("\n", ",").split(","):
        code = normal_code(piece)
        whole = len(code) % CODE_LENGTH == 0
        codes += wrap(code, CODE_LENGTH) if whole and code.isascii() else [code]
    return list(dict.fromkeys(code for code in codes if code))


def _table(code: str, at: int) -> WallTable:
    if not is_code(code):
        return WallTable(code[:LONGEST_TYPED], say("That is not a code."))
    try:
        game = the_table().look(code)
    except Refusal as refusal:
        allowances.note_on_wall(refusal, code)
        return WallTable(code, refusal.sentence)
    seats = [seat_view(game, seat.number, at) for seat in game.in_order()]
    return WallTable(
        code,
        state=state_view(game, at),
        running=tuple(s for s in seats if s.number in running_seats(game)),
        flagged=tuple(s for s in seats if _is_flagged(game, s)),
        notice=notice_view(game, at),
        round=round_view(game, at),
    )


def _is_flagged(game: Game, seat: SeatView) -> bool:
    if game.status not in ("running", "paused"):
        return False
    out_of_time = game.seats[seat.number].out == "time"
    return seat.pending or seat.clock.phase == "over" or out_of_time
