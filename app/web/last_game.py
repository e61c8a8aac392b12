"""What a device created last is offered again when it makes a new game; in a cookie of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Response, current_app, request

from app.game.commands import read_new_game
from app.game.refusals import BadFields
from app.web.preferences import YEAR_S

COOKIE = "last-game"
PATH = "/games/new"
"""The one page that reads it; it travels nowhere else."""

NOT_AGAIN = frozenset({"name", "listed"})
"""What is said anew for each game: its name, and that strangers may come."""


def remember(answer: Response, typed: Mapping[str, str], untouched: Mapping[str, str]) -> None:
    """Keep how this form differs from the untouched one; nothing where it does not."""
    left_out = NOT_AGAIN if typed.get("mode") == "campaign" else NOT_AGAIN | {"campaign"}
    differs = {
        name: text
        for name, text in typed.items()
        if name not in left_out and text != untouched.get(name, text)
    }
    if not differs:
        forget(answer)
        return
    answer.set_cookie(
        COOKIE,
        json.dumps(differs),
        max_age=YEAR_S,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].https,
    )


def remembered(untouched: Mapping[str, str]) -> dict[str, str]:
    """The fields in which the last game differed; none where they make no game (any more)."""
    try:
        kept = json.loads(request.cookies.get(COOKIE, "{}"))
        differs = {n: str(kept[n]) for n in untouched if n in kept and n not in NOT_AGAIN}
        read_new_game({name: [differs.get(name, text)] for name, text in untouched.items()})
    except (ValueError, TypeError, RecursionError, BadFields):
        return {}
    return differs


def forget(answer: Response) -> None:
    """Nothing is offered again."""
    answer.delete_cookie(COOKIE, PATH, secure=current_app.extensions["settings"].https)
