"""In which language somebody is answered: as this device prefers, or else as its browser says."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, request

from app.web.preferences import wanted_language
from app.words.languages import language_of, read_in, reading

SPOKEN = frozenset({"text/html", "image/svg+xml", "application/manifest+json"})
"""Answers with words in them."""


def install(app: Flask) -> None:
    """Know the language of every request before anything is said."""
    app.before_request(listen)
    app.after_request(tell)


def listen() -> None:
    """A request is answered in its sender's language."""
    accepted = request.headers.get("Accept-Language", "")
    read_in(language_of(wanted_language(), accepted))


def tell(answer: Response) -> Response:
    """Whoever keeps an answer keeps it for readers of that language only."""
    if answer.status_code == HTTPStatus.NO_CONTENT or answer.mimetype not in SPOKEN:
        return answer
    if not request.path.startswith("/static/"):
        answer.headers["Content-Language"] = reading()
        answer.vary.update(("Accept-Language", "Cookie"))
    return answer
