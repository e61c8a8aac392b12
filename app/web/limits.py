"""How large a request may be, and how long its body may take."""

from __future__ import annotations

import gevent
from flask import request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
)

LARGEST_BODY_BYTES = 64 * 1024
BODY_SECONDS = 5.0


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
        # A form is parsed as it comes in; of anything else there is nothing to parse.
        if not request.form and not request.files:
            request.get_data()


def _body_in_chunks() -> bytes:
    try:
        with gevent.Timeout(BODY_SECONDS, RequestTimeout):
            return request.get_data()
    except HTTPException:
        raise
    except Exception as broken:  # the server's own kind of error: its chunks are no chunks
        raise BadRequest from broken
