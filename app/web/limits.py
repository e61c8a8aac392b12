"""Limits: how large a request may be, and how often rare addresses may be used."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import RequestEntityTooLarge

from app.settings import Settings
from app.web import feedback

LARGEST_BODY_BYTES = 64 * 1024
FEEDBACK = "10 per 10 minutes"


def refuse_large() -> None:
    """Refuse a body over 64 KB by what it says of itself; one that lies is cut off while read."""
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise RequestEntityTooLarge


def install(app: Flask, settings: Settings) -> None:
    """Limit what nobody needs often. Taps never pass through here."""
    limiter = Limiter(
        get_remote_address, app=app, enabled=settings.rate_limits, storage_uri="memory://"
    )
    limiter.limit(FEEDBACK, methods=["POST"])(feedback.blueprint)
