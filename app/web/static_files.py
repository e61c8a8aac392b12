"""Static files: read and packed once at start, kept by a phone for ever.

Their address carries a stamp of all their contents, so it never changes its meaning.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

blueprint = Blueprint("static_files", __name__)

COMPRESSED = frozenset({".css", ".js", ".svg", ".webmanifest", ".json", ".txt", ".md"})
SERVED = COMPRESSED | {".woff2", ".png", ".ico"}
TYPES = {
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
}
IMPORTED = re.compile(rb'^@import "([a-z-]+\.css)";$', re.MULTILINE)
COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(rb"\n\s+")
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """One file as it goes over the wire."""

    body: bytes
    packed: bytes | None
    mimetype: str


class StaticFiles:
    """All files below a folder and those ``made`` at start; ``stamp`` names exactly these."""

    def __init__(self, folder: Path, made: Mapping[str, bytes]) -> None:
        digest = hashlib.sha256()
        self._files: dict[str, StaticFile] = {}
        found = [path for path in folder.rglob("*") if path.suffix in SERVED]
        bodies = {path.relative_to(folder).as_posix(): _whole(path) for path in found}
        for name, body in sorted((bodies | dict(made)).items()):
            digest.update(name.encode() + b"\0" + body)
            path = Path(name)
            packed = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSED else None
            mimetype = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "text/plain"
            self._files[name] = StaticFile(body, packed, mimetype)
        self.stamp = digest.hexdigest()[:12]

    def get(self, name: str) -> StaticFile | None:
        """The file with that name below the folder, or None."""
        return self._files.get(name)

    def address(self, name: str) -> str:
        """Where a file is found for ever; a name nobody knows is our own mistake."""
        if name not in self._files:
            message = f"no such static file: {name}"
            raise LookupError(message)
        return f"/static/{self.stamp}/{name}"


def _whole(path: Path) -> bytes:
    """A file's contents; a stylesheet in one with what it imports, without comments and indents."""
    body = path.read_bytes()
    if path.suffix != ".css":
        return body
    body = IMPORTED.sub(lambda found: (path.parent / found[1].decode()).read_bytes(), body)
    return INDENT.sub(b"\n", COMMENT.sub(b"", body))


def install(app: Flask, folder: Path, made: Mapping[str, bytes]) -> None:
    """Serve the folder and what is ``made`` of it; templates say ``asset('css/house.css')``."""
    files = StaticFiles(folder, made)
    app.extensions["static_files"] = files
    app.jinja_env.globals["asset"] = files.address
    app.register_blueprint(blueprint)


@blueprint.get("/static/<path:name>")
def static_file(name: str) -> Response:
    """A file, packed for whoever can unpack it. Only a stamped address may be kept for ever."""
    files: StaticFiles = current_app.extensions["static_files"]
    stamp, _, rest = name.partition("/")
    stamped = stamp == files.stamp
    found = files.get(rest if stamped else name)
    if found is None and not stamped and rest:
        found = files.get(rest)
    if found is None:
        abort(404)
    packed = found.packed if request.accept_encodings.quality("gzip") else None
    answer = Response(found.body if packed is None else packed, mimetype=found.mimetype)
    if packed is not None:
        answer.headers["Content-Encoding"] = "gzip"
    if found.packed is not None:
        answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOREVER if stamped else "no-cache"
    return answer
