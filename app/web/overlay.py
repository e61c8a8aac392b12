"""``?view=overlay``: the table for a stream, on nothing but what lies beneath it.

It only looks. It has no control, sets nothing and is nobody: whose browser it runs in is not there
because of it. How it looks is said in the address, as a browser source has no other place for it.
"""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

from app.game.fields import Complaint, Parser, choice, whole
from app.game.game import Game
from app.game.you import you_of
from app.web.answers import TITLES, told
from app.web.game_page import seen_by_all
from app.web.identity import the_table

PARSERS: dict[str, Parser] = {
    "size": choice("small", "medium", "large"),
    "scale": whole(50, 400),
    "theme": choice("dark", "light"),
    "layout": choice("column", "row"),
}
"""What an address may say; ``scale`` is in percent of the size."""

UNSAID = {"size": "medium", "scale": "100", "theme": "dark", "layout": "column"}

NOBODY = ""
"""The client it is painted for: no browser has this name."""


def render_overlay(game: Game) -> Response:
    """The page; a sentence instead (422) where the address asks for what there is not."""
    looks: dict[str, Any] = {}
    for name, parse in PARSERS.items():
        try:
            looks[name] = parse(request.args.get(name, UNSAID[name]))
        except Complaint as complaint:
            return _refused(game, told({name: complaint.sentence}))
    return make_response(
        render_template(
            "screens/overlay.html",
            **seen_by_all(game, the_table().now()),
            you=you_of(game, NOBODY),
            looks=looks,
            digits=f"{looks['scale']:03}",
        )
    )


def _refused(game: Game, sentence: str) -> Response:
    back = f"/games/{game.code}"
    page = render_template("screens/message.html", title=TITLES[422], sentence=sentence, back=back)
    return make_response(page, 422)
