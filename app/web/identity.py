"""Who asks: a random id in the signed session cookie, kept for a year, and nothing else."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g, request, session

from app.table.play import Table

KEY = "id"

LONGEST_ARRIVAL_MS = 1000
"""How much of the time between a form's head and its end is nobody's."""

#: Answered the same for everybody: no cookie is read or set there.
NAMELESS = ("/static/", "/health", "/ready", "/metrics", "/manifest.webmanifest", "/sw.js")


def install(app: Flask) -> None:
    """Know the client and the instant of every request before anything else looks at it."""
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
