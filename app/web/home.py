"""The front door: start a game, enter a code, my games."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template

from app.game.game import Game
from app.game.said import say
from app.game.seat import COLORS
from app.web.identity import the_table
from app.web.preferences import preferences

blueprint = Blueprint("home", __name__)

MY_GAMES = 8


@blueprint.get("/")
def home() -> str:
    """My games, a code to enter, a game to start."""
    table = the_table()
    with table.storage_faults():
        games = table.storage.games_of(g.client, MY_GAMES)
    mine = [_row(game, g.client) for game in games]
    color = preferences()["color"] or next((row["color"] for row in mine), "") or COLORS[0]
    return render_template("screens/home.html", mine=mine, color=color)


def _row(game: Game, client: str) -> dict[str, Any]:
    seat = game.seat_of(client)
    mine = seat is not None and game.status == "running" and game.active == seat.number
    words = {
        "waiting": say("Waiting"),
        "running": say("Turn %(number)s", number=game.turn),
        "paused": say("Paused"),
        "finished": say("Finished"),
    }
    return {
        "code": game.code,
        "name": game.called,
        "color": seat.color if seat else "",
        "is_now": mine,
        "words": say("Your turn") if mine else words.get(game.status, ""),
    }
