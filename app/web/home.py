"""The front door: start a game, enter a code, my games; and what this device prefers."""

from __future__ import annotations

import json
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)

from app.game.commands import LONGEST_SEAT_NAME
from app.game.fields import Complaint, choice, line
from app.game.game import Game
from app.game.seat import COLORS
from app.web import answers
from app.web.identity import the_table

blueprint = Blueprint("home", __name__)

MY_GAMES = 8
PREFERENCES = "preferences"
YEAR_S = 365 * 24 * 3600


@blueprint.get("/")
def home() -> str:
    """My games, a code to enter, a game to start."""
    table = the_table()
    with table.storage_faults():
        games = table.storage.games_of(g.client, MY_GAMES)
    mine = [_row(game, g.client) for game in games]
    color = preferences()["color"] or next((row["color"] for row in mine), "") or COLORS[0]
    return render_template("screens/home.html", mine=mine, color=color)


@blueprint.get("/preferences")
def show_preferences() -> str:
    """Name and colour of this device."""
    return _preferences_form(preferences(), {})


@blueprint.post("/preferences")
def save_preferences() -> Response:
    """Remember them in a cookie of this device."""
    parsers = {
        "name": line(LONGEST_SEAT_NAME, blank=True),
        "color": choice("", *COLORS),
    }
    wanted = preferences()
    complaints: dict[str, str] = {}
    for field in request.form:
        values = request.form.getlist(field)
        if field not in parsers:
            complaints[field] = "This form has no such field."
        elif len(values) > 1:
            complaints[field] = "Once is enough."
        else:
            try:
                wanted[field] = parsers[field](values[0])
            except Complaint as complaint:
                complaints[field] = str(complaint)
    if complaints:
        typed = {field: request.form.get(field, "") for field in parsers}
        return answers.form_again(_preferences_form(typed, complaints), complaints)
    answer = make_response(redirect("/preferences", 303))
    answer.set_cookie(
        PREFERENCES,
        json.dumps(wanted),
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].https,
    )
    return answer


def preferences() -> dict[str, str]:
    """What this device prefers; empty where nothing (sensible) was said."""
    try:
        kept = json.loads(request.cookies.get(PREFERENCES, "{}"))
        name = line(LONGEST_SEAT_NAME, blank=True)(str(kept.get("name", "")))
        color = choice("", *COLORS)(str(kept.get("color", "")))
    except (ValueError, AttributeError, RecursionError):
        return {"name": "", "color": ""}
    return {"name": name, "color": color}


def _preferences_form(typed: dict[str, str], complaints: dict[str, str]) -> str:
    return render_template(
        "screens/preferences.html",
        given=typed,
        typed=typed,
        complaints=complaints,
        refused="form-preferences" if complaints else "",
        colors=COLORS,
    )


def _row(game: Game, client: str) -> dict[str, Any]:
    seat = game.seat_of(client)
    mine = seat is not None and game.status == "running" and game.active == seat.number
    words = {
        "waiting": "Waiting",
        "running": f"Turn {game.turn}",
        "paused": "Paused",
        "finished": "Finished",
    }
    return {
        "code": game.code,
        "name": game.name,
        "color": seat.color if seat else "",
        "words": "Your turn" if mine else words.get(game.status, ""),
    }
