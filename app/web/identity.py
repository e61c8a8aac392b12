"""Who asks: a random id in the signed session cookie, kept for a year after the last visit."""

from __future__ import annotations

import secrets
import time
from functools import lru_cache
from http import HTTPStatus

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.table.play import Table

KEY = "id"

DAY_S = 24 * 60 * 60
RENEWED_AFTER_DAYS = 30
"""A cookie lives for a year; one that is older than this is given anew with the next page."""

LONGEST_ARRIVAL_MS = 1000
"""How much of the time between a form's head and its end is nobody's."""

#: Answered the same for everybody: no cookie is read or set there.
NAMELESS = (
    "/static/",
    "/health",
    "/ready",
    "/metrics",
    "/manifest.webmanifest",
    "/sw.js",
    "/no-connection",
)


class RememberedSessions(SecureCookieSessionInterface):
    """Flask's own signed cookie, whose signature is checked once a day instead of at every tap."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie; an empty one when it is not ours or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if not cookie:
            return super().open_session(app, request)
        kept, is_old = _read_cookie(app, cookie, _today())
        session = self.session_class(kept)
        # Given anew with a page, never with a tap: who plays every week is known for ever.
        session.modified = is_old and request.method == "GET"
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the cookie where it changed. An answer to a tap is kept by nobody: no Vary."""
        if session.modified or response.status_code != HTTPStatus.NO_CONTENT:
            super().save_session(app, session, response)


@lru_cache(maxsize=50_000)
def _read_cookie(app: Flask, cookie: str, today: int) -> tuple[dict[str, object], bool]:
    """What a cookie keeps, and whether it should be given anew: too old, or of an earlier key."""
    longest_s = int(app.permanent_session_lifetime.total_seconds())
    signer = RememberedSessions().get_signing_serializer(app)
    if signer is None:
        return {}, False
    try:
        # Not its max_age: that refuses what another machine signed whose clock is a little ahead.
        kept, signed_at = signer.loads(cookie, return_timestamp=True)
    except BadSignature:
        return {}, False
    if time.time() - signed_at.timestamp() > longest_s:
        return {}, False
    is_old = today - int(signed_at.timestamp()) // DAY_S >= RENEWED_AFTER_DAYS
    return kept, is_old or not _is_of_newest_key(signer, cookie)


def _is_of_newest_key(signer: URLSafeTimedSerializer, cookie: str) -> bool:
    """Whether the newest key signed it: of all keys that may read it, the last one."""
    newest = URLSafeTimedSerializer(
        signer.secret_keys[-1:],
        salt=signer.salt,
        serializer=signer.serializer,
        signer_kwargs=signer.signer_kwargs,
    )
    return newest.loads_unsafe(cookie)[0]


def _today() -> int:
    return int(time.time()) // DAY_S


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
