"""Whether the server is alive (/health), and whether to send people to it (/ready)."""

import time
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, current_app, jsonify

from app.ops.draining import is_draining
from app.settings import VERSION, Settings

STARTED_AT = time.monotonic()
blueprint = Blueprint("health", __name__)


class Tarp(Protocol):
    """What the running app tells about itself, in `extensions["tarp"]`."""

    def shared(self) -> dict[str, Any] | None:
        """How what instances share is doing; None where there is nothing of the kind."""

    def storage_ok(self) -> bool:
        """Whether a game could be saved now."""

    def greenlets_ok(self) -> bool:
        """Whether every background greenlet runs."""

    def channels(self) -> int:
        """Screens listening now."""

    def games(self) -> int | None:
        """Games known now; None while storage does not say."""

    def unreadable_games(self) -> int:
        """Games that were asked for and could not be read."""


def install(app: Flask, settings: Settings) -> None:
    """Serve both addresses, under this instance's name."""
    app.extensions["tarp_instance"] = settings.instance_id
    app.extensions["tarp_commit"] = settings.commit
    app.register_blueprint(blueprint)


def tarp() -> Tarp:
    """The running app's own word about itself."""
    found: Tarp = current_app.extensions["tarp"]
    return found


@blueprint.get("/health")
def health() -> Response:
    """Always 200 while requests are answered at all; the figures are for people."""
    told: dict[str, Any] = {
        "status": "draining" if is_draining() else "ok",
        "instance": current_app.extensions["tarp_instance"],
        "version": VERSION,
        "commit": current_app.extensions["tarp_commit"],
        "uptime_seconds": round(time.monotonic() - STARTED_AT),
        "channels": tarp().channels(),
        "games": tarp().games(),
        "unreadable_games": tarp().unreadable_games(),
        "storage": "ok" if tarp().storage_ok() else "failing",
    }
    if (redis := tarp().shared()) is not None:
        told["redis"] = redis
    return no_store(jsonify(told))


@blueprint.get("/ready")
def ready() -> Response:
    """200, or 503 with the reason why nobody should be sent here now."""
    why = reasons(tarp())
    answer = jsonify(status="not ready" if why else "ready", reasons=why)
    answer.status_code = 503 if why else 200
    return no_store(answer)


def reasons(tarp: Tarp) -> list[str]:
    """Why nobody should be sent here now; empty when all is well."""
    return [
        reason
        for reason, holds in (
            ("draining", is_draining()),
            ("storage is failing", not tarp.storage_ok()),
            ("a background task is down", not tarp.greenlets_ok()),
        )
        if holds
    ]


def no_store(answer: Response) -> Response:
    """A kept answer would be about another moment."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
