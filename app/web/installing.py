"""What makes the site an app on a phone: its manifest, its worker, its page for want of a line."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template

from app.web.static_files import StaticFiles
from app.words.languages import gettext, reading

blueprint = Blueprint("installing", __name__)

WORKER = "js/worker.js"
NO_CONNECTION = "/no-connection"
NEEDED_THERE = (
    "css/house.css",
    "css/pages.css",
    "fonts/tarp.woff2",
    "fonts/inter-display-latin.woff2",
)
"""Static files without which that page would be no page of ours."""

INK = "#0B0B0D"
PNG = "image/png"
ICONS = (
    ("icons/icon.svg", "any", "image/svg+xml", "any"),
    ("icons/icon-192.png", "192x192", PNG, "any"),
    ("icons/icon-512.png", "512x512", PNG, "any"),
    ("icons/maskable-512.png", "512x512", PNG, "maskable"),
)


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """The app by its name, its colours and its icons."""
    files = _files()
    said: dict[str, Any] = {
        "id": "/",
        "name": "Tap or Tarp",
        "short_name": "Tap or Tarp",
        "description": gettext("A chess clock for multiplayer Magic tables."),
        "lang": reading(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "background_color": INK,
        "theme_color": INK,
        "categories": ["games", "utilities"],
        "icons": [
            {"src": files.address(name), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
        "shortcuts": [{"name": gettext("New game"), "url": "/games/new"}],
    }
    answer = jsonify(said)
    answer.mimetype = "application/manifest+json"
    return _asked_again(answer)


@blueprint.get("/sw.js")
def worker() -> Response:
    """The worker, which knows the stamp of this release's static files: a new one replaces it."""
    files = _files()
    script = files.get(WORKER)
    if script is None:
        message = f"no such static file: {WORKER}"
        raise LookupError(message)
    house = {
        "stamp": files.stamp,
        "page": NO_CONNECTION,
        "files": [files.address(name) for name in NEEDED_THERE],
    }
    said = f"const HOUSE = {json.dumps(house)};\n{script.body.decode()}"
    return _asked_again(Response(said, mimetype="text/javascript"))


@blueprint.get(NO_CONNECTION)
def no_connection() -> Response:
    """What the worker shows in the place of a page that could not be fetched."""
    return _asked_again(Response(render_template("screens/no_connection.html")))


def _files() -> StaticFiles:
    files: StaticFiles = current_app.extensions["static_files"]
    return files


def _asked_again(answer: Response) -> Response:
    """Their addresses stay while what they say changes with every release."""
    answer.headers["Cache-Control"] = "no-cache"
    return answer
