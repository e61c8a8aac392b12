"""How an answer travels: a fragment for HTMX, a page or a redirect for a plain form."""

from __future__ import annotations

from flask import Response, current_app, make_response, redirect, render_template, request
from markupsafe import escape

from app.game.game import Game
from app.game.pieces import piece_views
from app.game.refusals import Kind, Refusal
from app.game.said import joined, say
from app.game.seat import MAX_SEATS
from app.game.view import seat_view
from app.game.you import you_of
from app.table.codes import is_code
from app.web.field_names import FIELD_NAMES
from app.web.identity import the_table
from app.web.shared_screen import shown_as
from app.words.languages import in_words

STATUS = {
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_NOW: 409,
    Kind.NOT_FOUND: 404,
    Kind.CLOSED: 410,
    Kind.TOO_MUCH: 429,
    Kind.UNAVAILABLE: 503,
}

TABLE_IS_THERE = frozenset({403, 409, 413, 422, 429, 503})
"""After these the way back leads to the table."""

SEAT_KEY_S = 60
"""How long a page has to take its reconnect token out of the cookie it travels in."""

TITLES = {
    400: say("Not understood"),
    403: say("Not yours"),
    404: say("Not here"),
    405: say("Not like that"),
    408: say("Too slow"),
    409: say("Not now"),
    410: say("Closed"),
    413: say("Too large"),
    422: say("Not quite"),
    429: say("Too fast"),
    500: say("Our fault"),
    503: say("One moment"),
}


def is_htmx() -> bool:
    """Whether HTMX asked, which swaps fragments by itself."""
    return request.headers.get("HX-Request") == "true"


def done(game: Game, client: str, painted_for: str) -> Response:
    """A command was carried out, or came too late to matter: the present table either way.

    ``painted_for`` is who the client was before (``you_of``): when that has changed, its page
    is painted again.
    """
    if not is_htmx():
        return make_response(redirect(f"/games/{game.code}{shown_as()}", 303))
    listens = the_table().presence(game.code).has_channel(client)
    answer = Response(status=204) if listens else make_response(pieces(game))
    if you_of(game, client) != painted_for:
        answer.headers["HX-Refresh"] = "true"
    return answer


def hand_seat_key(answer: Response, game: Game, key: str) -> None:
    """Give the page the key of its seat, in a cookie of this game that lives a minute."""
    answer.set_cookie(
        "seat-key",
        key,
        max_age=SEAT_KEY_S,
        path=f"/games/{game.code}",
        samesite="Strict",
        secure=current_app.extensions["settings"].https,
    )


def pieces(game: Game) -> str:
    """Every piece of the table as it is now; HTMX swaps them by their ids."""
    at = the_table().now()
    views = piece_views(game, at)
    html = [render_template("fragments/state.html", state=views.pop("state"))]
    for number in range(1, MAX_SEATS + 1):
        if number in game.seats:
            seat = seat_view(game, number, at)
            html.append(render_template("fragments/seat.html", seat=seat))
        else:
            html.append(render_template("fragments/absent_seat.html", number=number))
    html += [render_template(f"fragments/{name}.html", **{name: v}) for name, v in views.items()]
    return "".join(html)


def form_again(page: str, complaints: dict[str, str]) -> Response:
    """A page whose form came back, unless it has no place for one of the complaints."""
    if not is_htmx() and all(escape(in_words(text)) in page for text in complaints.values()):
        return make_response(page, 422)
    return sentence(422, told(complaints))


def told(complaints: dict[str, str]) -> str:
    """All complaints in one line."""
    return joined(" ", [_complaint(field, text) for field, text in complaints.items()])


def _complaint(field: str, text: str) -> str:
    return say("%(field)s: %(complaint)s", field=FIELD_NAMES.get(field, field), complaint=text)


def refusal(refused: Refusal) -> Response:
    """A polite no, in words, on the screen of the one who asked."""
    return sentence(STATUS[refused.kind], refused.sentence)


def sentence(status: int, text: str) -> Response:
    """A sentence with a status: a fragment with its own place on every screen, or a page."""
    if is_htmx():
        body = render_template("fragments/answer.html", sentence=text)
    else:
        code = (request.view_args or {}).get("code", "")
        body = render_template(
            "screens/message.html",
            title=TITLES.get(status, say("Sorry")),
            sentence=text,
            back=f"/games/{code}" if status in TABLE_IS_THERE and is_code(code) else "",
        )
    answer = make_response(body, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
