"""What an operator's shell asks of the running server: one address, one token.

Commands of the shell that change a game come here, so that the process which holds the game in
memory judges them and all its screens hear of it.
"""

from __future__ import annotations

import hmac

import structlog
from flask import Blueprint, Response, current_app, g, jsonify, request

from app.game.commands import Close
from app.game.refusals import NotYours
from app.game.said import say
from app.web.identity import the_table

log = structlog.get_logger(__name__)

blueprint = Blueprint("operator", __name__)


def refuse_others() -> None:
    """Refusal for whoever does not bear the operator's token."""
    token: str | None = current_app.extensions["settings"].operator_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise NotYours(say("That needs the operator's token."))


@blueprint.post("/operator/close/<code>")
def close(code: str) -> Response:
    """Close a game as its host would."""
    refuse_others()
    table = the_table()
    game = table.look(code)
    table.play(code, Close(confirm=True), game.host, g.at)
    log.info("closed by the operator", game=code)
    return jsonify(closed=code)
