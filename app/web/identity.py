"""Who asks: a random id in the signed session cookie, kept for a year, and nothing else."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g, request, session

from app.table.play import Table

KEY = "id"

#: Answered the same for everybody: no cookie is read or set there.
NAMELESS = ("/static/", "/health", "/ready", "/metrics", "/manifest.webmanifest", "/sw.js")


def install(app: Flask) -> None:
    """Know the client and the instant of every request before anything else looks at it."""
    app.before_request(take_instant)
    app.before_request(identify)


def take_instant() -> None:
    """The instant at the door: what a tap is judged by, taken before any waiting."""
    g.at = the_table().now()


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
