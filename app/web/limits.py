"""Limits on rare addresses, per client address and ten minutes."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.settings import Settings
from app.web import feedback

FEEDBACK = "10 per 10 minutes"


def install(app: Flask, settings: Settings) -> None:
    """Limit what nobody needs often. Taps never pass through here."""
    limiter = Limiter(
        get_remote_address, app=app, enabled=settings.rate_limits, storage_uri="memory://"
    )
    limiter.limit(FEEDBACK, methods=["POST"])(feedback.blueprint)
