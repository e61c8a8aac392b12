"""What this device prefers: name, colour, channel, hand, looks, language; in its own cookie."""

from __future__ import annotations

import ipaddress
import json
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)

from app.game.commands import LONGEST_SEAT_NAME
from app.game.fields import Complaint, Parser, choice, line
from app.game.said import say
from app.game.seat import COLORS
from app.web import answers
from app.words.languages import LANGUAGES

blueprint = Blueprint("preferences", __name__)

COOKIE = "preferences"
YEAR_S = 365 * 24 * 3600

CHANNELS = ("sse", "socket")
"""How the table reaches this device; the first is what nobody has to choose."""

HANDS = ("right", "left")
"""Where the thumb is: what it needs lies on that side."""

SCHEMES = ("", "light", "dark")
"""The ground it all stands on; the first is as the system says."""

CONTRASTS = ("", "usual", "more")
"""How far text and lines stand out; the first is as the system says."""

PARSERS: dict[str, Parser] = {
    "name": line(LONGEST_SEAT_NAME, blank=True),
    "color": choice("", *COLORS),
    "channel": choice(*CHANNELS),
    "hand": choice(*HANDS),
    "scheme": choice(*SCHEMES),
    "contrast": choice(*CONTRASTS),
    "language": choice("", *LANGUAGES),
}
UNSAID = {
    "name": "",
    "color": "",
    "channel": CHANNELS[0],
    "hand": HANDS[0],
    "scheme": SCHEMES[0],
    "contrast": CONTRASTS[0],
    "language": "",
}
"""No language of its own: the browser's."""


@blueprint.get("/preferences")
def show() -> str:
    """The form."""
    return _form(preferences(), {}, forgotten="forgotten" in request.args)


@blueprint.post("/preferences")
def save() -> Response:
    """Remember them in a cookie of this device; what is left out stays as it was."""
    wanted = preferences()
    complaints: dict[str, str] = {}
    for field in request.form:
        values = request.form.getlist(field)
        if field not in PARSERS:
            complaints[field] = say("This form has no such field.")
        elif len(values) > 1:
            complaints[field] = say("Once is enough.")
        else:
            try:
                wanted[field] = PARSERS[field](values[0])
            except Complaint as complaint:
                complaints[field] = complaint.sentence
    if complaints:
        typed = {field: request.form.get(field, "") for field in PARSERS}
        return answers.form_again(_form(typed, complaints), complaints)
    answer = make_response(redirect("/preferences", 303))
    answer.set_cookie(
        COOKIE,
        json.dumps(wanted),
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].https,
    )
    return answer


def preferences() -> dict[str, str]:
    """What this device prefers; ``UNSAID`` where nothing (sensible) was said."""
    try:
        kept = json.loads(request.cookies.get(COOKIE, "{}"))
        return {
            field: parse(str(kept.get(field, UNSAID[field]))) for field, parse in PARSERS.items()
        }
    except (ValueError, AttributeError, RecursionError):
        return dict(UNSAID)


@blueprint.app_template_global()
def looks_of_device() -> dict[str, str]:
    """The attributes of ``<html>`` that say how this device wants to see things; for the layout."""
    wanted = preferences()
    return {name: wanted[name] for name in ("scheme", "contrast") if wanted[name]}


def wanted_language() -> str:
    """The language this device was set to; empty where its browser decides."""
    return preferences()["language"] if COOKIE in request.cookies else ""


def _form(typed: dict[str, str], complaints: dict[str, str], *, forgotten: bool = False) -> str:
    return render_template(
        "screens/preferences.html",
        given=typed,
        typed=typed,
        complaints=complaints,
        refused="form-preferences" if complaints else "",
        colors=COLORS,
        forgotten=forgotten,
        plain_http=is_plain_http(),
    )


def is_plain_http() -> bool:
    """Whether browsers hold back what they give to safe pages only; to themselves they trust."""
    if current_app.extensions["settings"].https or request.is_secure:
        return False
    host = urlsplit(f"//{request.host}").hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")
