"""The pages of games: create one, list the open ones, show one and its QR."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from app.game.campaign_view import offered
from app.game.commands import read_new_game
from app.game.game import Game
from app.game.presets import CLOCKS, ROUNDS, filled
from app.game.refusals import BadFields
from app.game.said import say
from app.game.settings_form import as_typed
from app.game.table_settings import TableSettings
from app.game.view import state_view
from app.table.codes import is_code, normal_code
from app.web import allowances, answers, last_game
from app.web.game_page import join_url, qr_svg, render_game
from app.web.identity import the_table
from app.web.overlay import render_overlay

blueprint = Blueprint("games", __name__)

LISTED = 50

_UNTOUCHED = {
    **as_typed(TableSettings()),
    "name": "",
    "players": "4",
    "listed": "no",
    "mode": "casual",
    "campaign": "",
}
"""The create form as it is first painted."""


@blueprint.get("/games")
def open_games() -> str:
    """Listed games that wait, run or are paused; newest activity first."""
    table = the_table()
    with table.storage_faults():
        games = table.storage.open_games(LISTED)
    return render_template("screens/games.html", games=[_row(game) for game in games])


@blueprint.get("/games/new")
def new() -> str:
    """The form for a new game, as this device filled it last; with ``?untouched`` the usual one.

    An address may fill it as well: with presets, or with any of its fields.
    """
    asked = {name: values[-1] for name, values in request.args.to_dict(flat=False).items()}
    again = {} if "untouched" in asked else last_game.remembered(_UNTOUCHED)
    given = {name: asked.get(name, text) for name, text in (_UNTOUCHED | again).items()}
    given = filled(given, CLOCKS, asked.get("clock"))
    return _create_form({}, filled(given, ROUNDS, asked.get("round")), is_again=bool(again))


@blueprint.post("/games")
def create() -> Response:
    """A new game; its creator is the host and lands on its page."""
    form = request.form.to_dict(flat=False)
    try:
        wanted = read_new_game(form)
    except BadFields as bad:
        typed = {name: values[-1] for name, values in form.items()}
        return answers.form_again(_create_form(bad.complaints, typed), bad.complaints)
    allowances.spend(allowances.GAMES)
    game = the_table().create(wanted, g.client)
    answer = make_response(redirect(f"/games/{game.code}", 303))
    last_game.remember(answer, {name: values[-1] for name, values in form.items()}, _UNTOUCHED)
    return answer


@blueprint.get("/games/join")
def join() -> Response:
    """From a typed code to its game."""
    code = normal_code(request.args.get("code", ""))
    the_table().look(code)
    return make_response(redirect(f"/games/{code}", 303))


@blueprint.get("/games/<code>")
def show(code: str) -> Response:
    """The one page of a game: lobby, table or result."""
    if code != normal_code(code) and is_code(normal_code(code)):
        return make_response(redirect(f"/games/{normal_code(code)}", 303))
    table = the_table()
    game = table.look(code)
    if request.args.get("view") == "overlay":
        return render_overlay(game)
    game = table.hear_of(code, g.client, g.at, lambda p: p.requested(g.client, g.at))
    answer = make_response(render_game(game, g.client))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/games/<code>/qr.svg")
def qr(code: str) -> Response:
    """The join link as a picture."""
    the_table().look(code)
    answer = make_response(str(qr_svg(join_url(code))))
    answer.headers["Content-Type"] = "image/svg+xml"
    return answer


def _create_form(
    complaints: dict[str, str], filled_in: dict[str, str], *, is_again: bool = False
) -> str:
    """The form with these texts in it. It complains about what came back."""
    given = {**_UNTOUCHED, **filled_in}
    return render_template(
        "screens/create.html",
        given=given,
        campaigns=offered(),
        clocks=[(preset, preset.fits(given)) for preset in CLOCKS],
        rounds=[(preset, preset.fits(given)) for preset in ROUNDS],
        is_again=is_again,
        complaints=complaints,
        typed=given,
        refused="form-create" if complaints else "",
    )


def _row(game: Game) -> dict[str, str]:
    state = state_view(game, game.last_at)
    return {
        "code": game.code,
        "name": game.called,
        "words": say("%(taken)s of %(places)s", taken=state.taken, places=state.places)
        if game.status == "waiting"
        else state.title,
    }
