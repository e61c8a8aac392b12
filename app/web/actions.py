"""Every command of the game as a form action: POST /games/CODE/COMMAND."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from app.game.fields import Form
from app.game.game import Game
from app.game.judge import refuse_closed
from app.game.permissions import actor_of, refuse_stranger
from app.game.refusals import BadFields, Refusal
from app.game.you import you_of
from app.table.counts import judged
from app.table.play import Outcome
from app.web import allowances, answers, pace
from app.web.game_page import context, render_game
from app.web.identity import the_table
from app.web.preferences import preferences

blueprint = Blueprint("actions", __name__)

PER_SEAT = frozenset({"adjust-life", "change-time"})
"""Forms that stand on the page once for every seat."""

FORM_OF = {"add-time": "change-time", "take-time": "change-time"}
"""Two commands whose buttons stand in one form."""

GONE = "gone"
"""Handed over instead of a key when the seat was left: the page forgets the one it has."""


@dataclass(frozen=True)
class Done:
    """A command that was carried out, and who its sender was before (``you_of``)."""

    outcome: Outcome
    painted_for: str


@blueprint.before_request
def refuse_too_fast() -> None:
    """Before anything is asked: who taps faster than people do is told so."""
    pace.refuse_too_fast(g.client, "form")


@blueprint.post("/games/<code>/<name>")
def act(code: str, name: str) -> Response:
    """Carry a command out that came as a form."""
    sent = request.form.to_dict(flat=False)
    try:
        done = carry_out(code, name, sent, g.at)
    except BadFields as bad:
        return _form_again(the_table().look(code), name, sent, bad.complaints)
    return _answer(done, name)


def carry_out(code: str, name: str, sent: Form, at: int) -> Done:
    """Carry a command of this client out, by whichever road it came, of instant ``at``.

    Refused in this order: no such game, closed, who you are, fields, late, not your turn, not
    now. Origin, size and pace were looked at before. Refusal, BadFields, NotFound.
    """
    kind = COMMANDS.get(name)
    if kind is None:
        raise NotFound
    try:
        done = _on_the_newest(code, kind, sent, at)
    except (Refusal, BadFields) as no:
        judged(name, "refused" if isinstance(no, Refusal) else "invalid")
        raise
    judged(name, "stale" if done.outcome.stale else "done")
    return done


def _on_the_newest(code: str, kind: type[Command], sent: Form, at: int) -> Done:
    """Carry it out; a "no" that rests on a table another process has moved on is asked again."""
    try:
        done = _carry_out(code, kind, sent, at)
        if not done.outcome.stale or not the_table().renew(code):
            return done
    except (Refusal, BadFields):
        if not the_table().renew(code):
            raise
    return _carry_out(code, kind, sent, at)


def _carry_out(code: str, kind: type[Command], sent: Form, at: int) -> Done:
    name, table, client = kind.name, the_table(), g.client
    game = table.glance(code)
    refuse_closed(game)
    refuse_stranger(game, name, actor_of(game, client, None))
    painted_for = you_of(game, client)
    if kind is ClaimSeat:
        allowances.spend(allowances.CLAIMS)
    command = kind.read(sent, game.settings, ignored_fields(game, name))
    table.hear_of(code, client, at, lambda p: p.requested(client, at))
    outcome = table.play(code, _with_preferences(command, game), client, at)
    return Done(outcome, painted_for)


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


def _answer(done: Done, name: str) -> Response:
    outcome, game = done.outcome, done.outcome.game
    if name == "close":
        return _gone_home()
    answer = answers.done(game, g.client, done.painted_for)
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


def _form_again(game: Game, name: str, sent: Form, complaints: dict[str, str]) -> Response:
    """The form with each field's complaint beside it and what was typed still in it."""
    if answers.is_htmx():
        return make_response(form_again(game, name, sent, complaints), 422)
    if _is_of_somebody_else(game, name, sent):
        return answers.sentence(422, answers.told(complaints))
    page = render_game(game, g.client, **_given(name, sent, complaints))
    return answers.form_again(page, complaints)


def form_again(game: Game, name: str, sent: Form, complaints: dict[str, str]) -> str:
    """The complaints as a sentence, and as the form itself where the sender's page has it."""
    body = render_template("fragments/answer.html", sentence=answers.told(complaints))
    seat = _typed(sent).get("seat", "")
    form = FORM_OF.get(name, name)
    if form in PER_SEAT and not any(str(number) == seat for number in game.seats):
        return body
    if _is_of_somebody_else(game, name, sent):
        return body
    here = context(game, g.client)
    subject = next((s for s in here["seats"] if str(s.number) == seat), here["seat"])
    given = _given(name, sent, complaints)
    try:
        return body + render_template(
            f"fragments/forms/{form.replace('-', '_')}.html",
            **{**here, "seat": subject, "my_seat": here["seat"], "number": seat, **given},
        )
    except TemplateNotFound:
        return body


def _given(name: str, sent: Form, complaints: dict[str, str]) -> dict[str, Any]:
    """What brings a form of a game's page back: its id, its complaints, what was typed."""
    typed = _typed(sent)
    name = FORM_OF.get(name, name)
    form = f"form-{name}-{typed.get('seat', '')}" if name in PER_SEAT else f"form-{name}"
    return {"refused": form, "complaints": complaints, "typed": typed}


def _is_of_somebody_else(game: Game, name: str, sent: Form) -> bool:
    """Whether the form that would come back is the own one, but this was somebody else's."""
    seat = _typed(sent).get("seat", "")
    mine = game.seat_of(g.client)
    return name == "rename-seat" and bool(seat) and (mine is None or seat != str(mine.number))


def _typed(sent: Form) -> dict[str, str]:
    return {field: values[-1] for field, values in sent.items()}
