"""Who asks: a random id in the signed session cookie, kept for a year, and nothing else."""

from __future__ import annotations

import secrets
import time
from functools import lru_cache

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from app.table.play import Table

KEY = "id"

LONGEST_ARRIVAL_MS = 1000
"""How much of the time between a form's head and its end is nobody's."""

#: Answered the same for everybody: no cookie is read or set there.
NAMELESS = ("/static/", "/health", "/ready", "/metrics", "/manifest.webmanifest", "/sw.js")


class RememberedSessions(SecureCookieSessionInterface):
    """Flask's own signed cookie, whose signature is checked once a day instead of at every tap."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie; an empty one when it is not ours or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if not cookie:
            return super().open_session(app, request)
        today = int(time.time()) // 86400
        return self.session_class(_read_cookie(app, cookie, today))


@lru_cache(maxsize=50_000)
def _read_cookie(app: Flask, cookie: str, _today: int) -> dict[str, object]:
    sessions = RememberedSessions()
    longest_s = int(app.permanent_session_lifetime.total_seconds())
    signer = sessions.get_signing_serializer(app)
    try:
        kept: dict[str, object] = signer.loads(cookie, max_age=longest_s) if signer else {}
    except BadSignature:
        return {}
    return kept


def install(app: Flask) -> None:
    """Know the client and the instant of every request before anything else looks at it."""
    app.session_interface = RememberedSessions()
    app.before_request(take_instant)
    app.before_request(identify)


def take_instant() -> None:
    """The instant at the door: what a tap is judged by, taken before any waiting."""
    g.at = the_table().now()


def bound_instant() -> None:
    """A form counts from when it began to arrive, but its sender cannot hold it back for long.

    Otherwise a phone could send the head of a tap, think, and send the body: free time.
    """
    g.at = max(g.at, the_table().now() - LONGEST_ARRIVAL_MS)


def identify() -> None:
    """The client of this request; a new one gets an id."""
    if request.path.startswith(NAMELESS):
        return
    known = session.get(KEY)
    if not isinstance(known, str):
        known = secrets.token_urlsafe(16)
        session[KEY] = known
        session.permanent = True
    g.client = known


def the_table() -> Table:
    """The table floor of this app."""
    table: Table = current_app.extensions["table"]
    return table
