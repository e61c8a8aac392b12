"""Limits: how large a request may be, and how often rare addresses may be used."""

from __future__ import annotations

import gevent
from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
)

from app.settings import Settings
from app.web import feedback

LARGEST_BODY_BYTES = 64 * 1024
BODY_SECONDS = 5.0
FEEDBACK = "10 per 10 minutes"


def refuse_large() -> None:
    """Refuse a body over 64 KB, before anything else is asked.

    A body in chunks says nothing of its size and is read here, one byte further than allowed:
    werkzeug would cut it off at its limit without a word and take the rest for the whole form.
    """
    length_bytes = request.content_length or 0
    if "Transfer-Encoding" in request.headers:
        request.max_content_length = LARGEST_BODY_BYTES + 1
        length_bytes = len(_body_in_chunks())
    if length_bytes > LARGEST_BODY_BYTES:
        raise RequestEntityTooLarge


def read_body() -> None:
    """Take the whole body in before anything is judged. A body that does not come is refused."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    with gevent.Timeout(BODY_SECONDS, RequestTimeout):
        request.get_data()


def _body_in_chunks() -> bytes:
    try:
        with gevent.Timeout(BODY_SECONDS, RequestTimeout):
            return request.get_data()
    except HTTPException:
        raise
    except Exception as broken:  # the server's own kind of error: its chunks are no chunks
        raise BadRequest from broken


def install(app: Flask, settings: Settings) -> None:
    """Limit what nobody needs often. Taps never pass through here."""
    limiter = Limiter(
        get_remote_address, app=app, enabled=settings.rate_limits, storage_uri="memory://"
    )
    limiter.limit(FEEDBACK, methods=["POST"])(feedback.blueprint)
