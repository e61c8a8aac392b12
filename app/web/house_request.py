"""A request as this house takes it: small, and its cookies taken apart once for each phone."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

from app.web.limits import LARGEST_BODY_BYTES

MOST_FIELDS = 1000


class HouseRequest(Request):
    """Flask's, which asks the configuration again at every look, and for each header of cookies.

    The limits can be set on a single request, as Flask's can.
    """

    max_content_length: int | None = LARGEST_BODY_BYTES
    max_form_memory_size: int | None = LARGEST_BODY_BYTES
    max_form_parts: int | None = MOST_FIELDS

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies by their names."""
        return _take_apart(self.environ.get("HTTP_COOKIE", ""))


def asked() -> Request:
    """The request itself: each look through Flask's proxy costs a tap a microsecond."""
    return request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001


@lru_cache(maxsize=50_000)
def _take_apart(header: str) -> ImmutableMultiDict[str, str]:
    return parse_cookie(header, cls=ImmutableMultiDict)  # type: ignore[return-value]


def install(app: Flask) -> None:
    """Take requests so."""
    app.request_class = HouseRequest
