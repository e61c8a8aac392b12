"""Bodies packed as small as they go; what took long is kept, so that only a first start waits."""

from __future__ import annotations

import gzip
import hashlib
import time
from contextlib import suppress
from pathlib import Path

import brotli
from werkzeug.datastructures import Accept

UNUSED_S = 30 * 24 * 3600
"""What no start has asked for in so long is of a release that is gone."""

WINDOW_BITS = 18
"""A page fits in; a larger window costs time and gains nothing."""


def way(accepted: Accept) -> str | None:
    """How something may travel packed to whoever accepts this; None: not at all."""
    return next((one for one in ("br", "gzip") if accepted.quality(one)), None)


def smallest(body: bytes, kept: Path) -> bytes:
    """By brotli at its best; kept in a folder by the digest, which need not be writable."""
    place = kept / f"{hashlib.sha256(body).hexdigest()}.br"
    with suppress(OSError):
        packed_before = place.read_bytes()
        place.touch()
        return packed_before
    packed: bytes = brotli.compress(body, quality=11)
    with suppress(OSError):
        kept.mkdir(exist_ok=True)
        written = place.with_suffix(f".{id(body):x}")
        written.write_bytes(packed)
        written.replace(place)
    return packed


def clear_unused(kept: Path) -> None:
    """Remove what no start has used for a month."""
    oldest_s = time.time() - UNUSED_S
    with suppress(OSError):
        for place in kept.iterdir():
            if place.stat().st_mtime < oldest_s:
                place.unlink()


def quickly(body: bytes, way: str) -> bytes:
    """A page, packed while its reader waits."""
    if way == "gzip":
        return gzip.compress(body, 5, mtime=0)
    packed: bytes = brotli.compress(body, quality=5, lgwin=WINDOW_BITS)
    return packed
