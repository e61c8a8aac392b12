"""Forget me: this browser leaves every seat, and what the house knows of it is deleted."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, request, session

from app.game.commands import LeaveSeat
from app.game.fields import Complaint, confirmed
from app.game.refusals import Refusal
from app.web import answers, last_game
from app.web.identity import the_table
from app.web.preferences import COOKIE

blueprint = Blueprint("forgetting", __name__)

MOST_GAMES = 1000


@blueprint.post("/forget-me")
def forget_me() -> Response:
    """Leave all seats; delete memberships, feedback and cookies. Needs ``confirm=yes``.

    Names and what happened stay with the games they belong to, and go when those go.
    """
    try:
        confirmed(request.form.get("confirm", ""))
    except Complaint as complaint:
        return answers.sentence(422, answers.told({"confirm": complaint.sentence}))
    table = the_table()
    with table.storage_faults():
        games = table.storage.games_of(g.client, MOST_GAMES)
    for game in games:
        if game.seat_of(g.client) is not None:
            _leave(game.code)
    with table.storage_faults():
        table.storage.forget(g.client)
    session.clear()
    answer = make_response(redirect("/preferences?forgotten", 303))
    answer.delete_cookie(COOKIE)
    last_game.forget(answer)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _leave(code: str) -> None:
    """A seat that was lost in this very moment needs no leaving; a storage fault stops it all."""
    try:
        the_table().play(code, LeaveSeat(), g.client, g.at)
    except Refusal as refusal:
        if refusal.code not in ("not-yours", "no-such-game", "closed"):
            raise
