"""Every command of the game as a form action: POST /games/CODE/COMMAND."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from jinja2 import TemplateNotFound
from werkzeug.exceptions import NotFound

from app.game.campaign import ignored_fields
from app.game.commands import COMMANDS, ClaimSeat, Command
from app.game.game import Game
from app.game.judge import refuse_closed
from app.game.permissions import actor_of, refuse_stranger
from app.game.refusals import BadFields
from app.game.you import you_of
from app.table.play import Outcome
from app.web import answers
from app.web.game_page import context, render_game
from app.web.home import preferences
from app.web.identity import the_table

blueprint = Blueprint("actions", __name__)

PER_SEAT = frozenset({"adjust-life", "change-time"})
"""Forms that stand on the page once for every seat."""

FORM_OF = {"add-time": "change-time", "take-time": "change-time"}
"""Two commands whose buttons stand in one form."""

GONE = "gone"
"""Handed over instead of a key when the seat was left: the page forgets the one it has."""


@blueprint.post("/games/<code>/<name>")
def act(code: str, name: str) -> Response:
    """Carry a command out.

    Refused in this order: no such game, closed, who you are, fields, late, not your turn, not
    now. Origin and size were looked at before.
    """
    kind = COMMANDS.get(name)
    if kind is None:
        raise NotFound
    table, client = the_table(), g.client
    game = table.look(code)
    refuse_closed(game)
    refuse_stranger(game, name, actor_of(game, client, None))
    painted_for = you_of(game, client)
    try:
        sent = request.form.to_dict(flat=False)
        command = kind.read(sent, game.settings, ignored_fields(game, name))
        table.hear_of(code, client, g.at, lambda p: p.requested(client, g.at))
        outcome = table.play(code, _with_preferences(command, game), client, g.at)
    except BadFields as bad:
        return _form_again(game, name, bad.complaints)
    return _answer(outcome, name, painted_for)


def _with_preferences(command: Command, game: Game) -> Command:
    """Whoever sits down gets the name and colour this device prefers, unless they say others.

    A preferred colour that somebody sitting wears already is nobody's to take.
    """
    if not isinstance(command, ClaimSeat) or game.seat_of(g.client):
        return command
    prefers = preferences()
    worn = {seat.color for seat in game.seats.values() if seat.is_taken}
    free = game.status == "waiting" and prefers["color"] not in worn
    return replace(
        command,
        player=command.player or prefers["name"],
        color=command.color or (prefers["color"] if free else ""),
    )


def _answer(outcome: Outcome, name: str, painted_for: str) -> Response:
    game = outcome.game
    if name == "close":
        return _gone_home()
    answer = answers.done(game, g.client, painted_for)
    if name == "leave-seat":
        answers.hand_seat_key(answer, game, GONE)
    elif outcome.token is not None:
        answers.hand_seat_key(answer, game, outcome.token)
    return answer


def _gone_home() -> Response:
    if not answers.is_htmx():
        return make_response(redirect("/", 303))
    answer = make_response("", 204)
    answer.headers["HX-Redirect"] = "/"
    return answer


def _form_again(game: Game, name: str, complaints: dict[str, str]) -> Response:
    """The form with each field's complaint beside it and what was typed still in it."""
    typed = {field: values[-1] for field, values in request.form.to_dict(flat=False).items()}
    seat = typed.get("seat", "")
    name = FORM_OF.get(name, name)
    form = f"form-{name}-{seat}" if name in PER_SEAT else f"form-{name}"
    mine = game.seat_of(g.client)
    if name == "rename-seat" and seat and (mine is None or seat != str(mine.number)):
        # The form that comes back is the own one; what was typed belongs to somebody else's.
        return answers.sentence(422, answers.told(complaints))
    given: dict[str, Any] = {"refused": form, "complaints": complaints, "typed": typed}
    if not answers.is_htmx():
        return answers.form_again(render_game(game, g.client, **given), complaints)
    body = render_template("fragments/answer.html", sentence=answers.told(complaints))
    if name in PER_SEAT and not any(str(number) == seat for number in game.seats):
        return make_response(body, 422)
    here = context(game, g.client)
    subject = next((s for s in here["seats"] if str(s.number) == seat), here["seat"])
    try:
        body += render_template(
            f"fragments/forms/{name.replace('-', '_')}.html",
            **{**here, "seat": subject, "my_seat": here["seat"], "number": seat, **given},
        )
    except TemplateNotFound:
        return make_response(body, 422)
    return make_response(body, 422)
