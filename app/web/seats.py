"""Moving a seat to another phone, and making a browser the table device."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from app.game.refusals import NotYours
from app.game.said import say
from app.table import reconnect
from app.web import answers, shared_screen
from app.web.game_page import draw_qr
from app.web.identity import the_table

blueprint = Blueprint("seats", __name__)


@blueprint.before_request
def keep_private() -> None:
    """A token is in the address or on the page, refused or not: nothing may keep or pass it on."""
    g.is_private = True


@blueprint.post("/games/<code>/reconnect-link")
def link(code: str) -> Response:
    """A fresh link and QR for my seat; with ``for=table`` (host) for the table device."""
    table = the_table()
    game = table.look(code)
    seat = game.seat_of(g.client)
    place = reconnect.TABLE_DEVICE
    if request.form.get("for") == "table":
        if g.client != game.host:
            raise NotYours(say("Only the host can do that."))
    elif seat is None:
        raise NotYours(say("You are watching. Take a seat to do that."))
    else:
        place = seat.number
    token = reconnect.mint(table, code, place)
    url = f"{request.host_url}games/{code}/reconnect/{token}"
    page = render_template(
        "screens/move_seat.html",
        code=code,
        url=url,
        qr_svg=draw_qr(url),
        place=place,
        seat_name=seat.called if place and seat else "",
    )
    return make_response(page)


@blueprint.get("/games/<code>/reconnect/<token>")
def ask(code: str, token: str) -> Response:
    """What the link opens: a button, so that no preview or prefetch uses the token up."""
    table = the_table()
    place = reconnect.place_of(table, code, token)
    seat = table.look(code).seats.get(place)
    page = render_template(
        "screens/reconnect.html",
        code=code,
        token=token,
        place=place,
        seat_name=seat.called if seat else "",
    )
    return make_response(page)


@blueprint.post("/games/<code>/reconnect/<token>")
def take(code: str, token: str) -> Response:
    """Take the seat over, or become the table device."""
    outcome = reconnect.take_over(the_table(), code, token, g.client, g.at)
    shown_as = "" if outcome.token is not None else shared_screen.QUERY
    answer = make_response(redirect(f"/games/{code}{shown_as}", 303))
    if outcome.token is not None:
        answers.hand_seat_key(answer, outcome.game, outcome.token)
    return answer
