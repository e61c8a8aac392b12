"""Leads a phone back to the instance that served it before: an optimisation, never a need.

Any instance can serve any request. A game that all its phones ask for at one instance is decoded
and painted there once; elsewhere once more. Fly's proxy sends a request on when it is answered
with its replay header (https://fly.io/docs/networking/dynamic-request-routing/).
"""

from __future__ import annotations

import time

from flask import Flask, Response, request

from app.settings import Settings
from app.storage.contract import SharedStorage, StorageDown, shared

COOKIE = "instance"
LIVES_WITHIN_MS = 5_000
ASKED_EVERY_S = 2.0
HOUR_S = 3600


class Sticky:
    """Knows which instances live, and who should be sent on to one."""

    def __init__(self, storage: SharedStorage, me: str) -> None:
        self._storage = storage
        self._me = me
        self._asked_s = float("-inf")
        self._living: set[str] = set()

    def send_on(self) -> Response | None:
        """The answer that makes the proxy ask another instance; None to serve here.

        Pages and channels only: a form is served wherever it lands. What has been sent on once
        is served, or two instances could send it to and fro.
        """
        wanted = request.cookies.get(COOKIE, "")
        if request.method != "GET" or not request.path.startswith("/games/"):
            return None
        if not wanted or wanted == self._me or "fly-replay-src" in request.headers:
            return None
        if wanted not in self._who_lives():
            return None
        return Response("", 409, {"fly-replay": f"instance={wanted}", "Cache-Control": "no-store"})

    def remember(self, answer: Response) -> Response:
        """Tell the phone who served it."""
        is_page = request.method == "GET" and request.path.startswith("/games/")
        if is_page and answer.status_code == 200 and request.cookies.get(COOKIE) != self._me:  # noqa: PLR2004 - served
            answer.set_cookie(
                COOKIE,
                self._me,
                max_age=HOUR_S,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
        return answer

    def _who_lives(self) -> set[str]:
        if time.monotonic() - self._asked_s > ASKED_EVERY_S:
            self._asked_s = time.monotonic()
            try:
                self._living = self._storage.instances(LIVES_WITHIN_MS)
            except StorageDown:
                self._living = set()
        return self._living


def install(app: Flask, settings: Settings) -> None:
    """Be sticky, where that is wanted and there may be another instance."""
    storage = shared(app.extensions["table"].storage)
    if settings.sticky == "off" or storage is None:
        return
    sticky = Sticky(storage, settings.instance_id)
    app.before_request(sticky.send_on)
    app.after_request(sticky.remember)
