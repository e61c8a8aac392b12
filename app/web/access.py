"""One line for every request, and what every line about it carries: request, game, client, seat.

A client is told by a short fingerprint of its id: enough to follow one person through a log, too
little to become them. Addresses, cookies and tokens are told nowhere.
"""

from __future__ import annotations

import hashlib
import os
import time
from functools import lru_cache
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.settings import Settings
from app.table.codes import is_code
from app.web.house_request import asked
from app.web.identity import the_table

log = structlog.get_logger(__name__)

HEADER = "X-Request-Id"

UNSUNG = ("/static/", "/health", "/ready", "/metrics")
"""Asked all day by machines: told at the level of debug."""


def install(app: Flask, settings: Settings) -> None:
    """Begin a request before anything else looks at it, and tell of it when it is answered."""
    app.before_request(begin)
    app.after_request(end)
    if not settings.trusted_proxies:
        app.before_request(ProxyWatch())


def begin() -> None:
    """A request has arrived: give it an id."""
    g.began_s = time.perf_counter()
    g.request_id = new_request_id()
    clear_contextvars()
    bind_contextvars(request=g.request_id)


def note_who() -> None:
    """The client is known, and perhaps the game and its seat there."""
    known: dict[str, Any] = {}
    client = g.get("client")
    if client is not None:
        known["client"] = fingerprint(client)
    code = (request.view_args or {}).get("code", "")
    if is_code(code):
        known["game"] = code
        shelf = the_table().shelf
        seat = shelf.take(code).game.seat_of(client) if shelf.holds(code) else None
        if seat is not None:
            known["seat"] = seat.number
    bind_contextvars(**known)


def end(answer: Response) -> Response:
    """The answer is ready: one line, and its id for whoever asks us about it."""
    answer.headers.add(HEADER, g.request_id)
    it = asked()
    tell = log.debug if it.path.startswith(UNSUNG) else log.info
    took_ms = round((time.perf_counter() - g.began_s) * 1000, 1)
    tell("request", method=it.method, path=it.path, status=answer.status_code, ms=took_ms)
    return answer


def new_request_id() -> str:
    """A name for one request, or for one message over a socket."""
    return os.urandom(6).hex()


@lru_cache(maxsize=50_000)
def fingerprint(client: str) -> str:
    """How a client is told in the log."""
    return hashlib.sha256(client.encode()).hexdigest()[:8]


class ProxyWatch:
    """Says once that somebody in front adds headers which nobody was told to trust."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self) -> None:
        """Look at one request."""
        if self._said or "X-Forwarded-For" not in request.headers:
            return
        self._said = True
        log.warning(
            "forwarded headers arrive, but TRUSTED_PROXIES is 0: everybody seems to come from the"
            " proxy's address, or somebody forges them"
        )
