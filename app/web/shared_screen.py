"""The shared screen, ``?view=table``: a tablet in the middle of the table, or a TV."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import request

QUERY = "?view=table"


def shown_as() -> str:
    """The query of the shared screen when this page is it, or the form was on it; else empty."""
    asked_from = request.url if request.method == "GET" else request.referrer or ""
    try:
        views = parse_qs(urlsplit(asked_from).query).get("view", [])
    except ValueError:  # an address no browser sends
        return ""
    return QUERY if views[-1:] == ["table"] else ""
