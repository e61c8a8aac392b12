"""Static files: read and packed once at start, kept by a phone for ever.

Their address carries a stamp of all their contents, so it never changes its meaning.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from app.web import joining, packing
from app.web.lobby_sheet import lobby_sheet

blueprint = Blueprint("static_files", __name__)

COMPRESSED = frozenset({".css", ".js", ".svg", ".webmanifest", ".json", ".txt", ".md"})
SERVED = COMPRESSED | {".woff2", ".png", ".ico"}
TYPES = {
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
}
WHOLE = "game-page."
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """One file as it goes over the wire: plain, and packed by the name of each way."""

    body: bytes
    mimetype: str
    packed: dict[str, bytes] = field(default_factory=dict)


class StaticFiles:
    """All files below a folder and those ``made`` at start; ``stamp`` names exactly these."""

    def __init__(self, folder: Path, made: Mapping[str, bytes], kept: Path) -> None:
        digest = hashlib.sha256()
        self._files: dict[str, StaticFile] = {}
        for name, body in sorted((dict(_found(folder, made)) | dict(made)).items()):
            digest.update(name.encode() + b"\0" + body)
            suffix = Path(name).suffix
            mimetype = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "text/plain"
            packed = {}
            if suffix in COMPRESSED:
                packed["br"] = packing.smallest(body, kept)
                packed["gzip"] = gzip.compress(body, 9, mtime=0)
            self._files[name] = StaticFile(body, mimetype, packed)
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


def _found(folder: Path, made: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder by its name, sheets and scripts joined with what they import."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.suffix == ".css":
            for one, sheet in joining.sheets(path, made):
                yield name.with_name(one).as_posix(), sheet.encode()
                if one.startswith(WHOLE):
                    small = name.with_name(one.replace(WHOLE, "lobby.", 1))
                    yield small.as_posix(), lobby_sheet(sheet).encode()
        elif path.suffix == ".js":
            yield name.as_posix(), joining.script(path).encode()
        elif path.suffix in SERVED:
            yield name.as_posix(), path.read_bytes()


def install(app: Flask, folder: Path, made: Mapping[str, bytes], kept: Path) -> None:
    """Serve the folder and what is ``made`` of it; templates say ``asset('css/house.css')``."""
    files = StaticFiles(folder, made, kept)
    packing.clear_unused(kept)
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
    way = packing.way(request.accept_encodings) if found.packed else None
    answer = Response(found.packed[way] if way else found.body, mimetype=found.mimetype)
    if way:
        answer.headers["Content-Encoding"] = way
    if found.packed:
        answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOREVER if stamped else "no-cache"
    return answer
