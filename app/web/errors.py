"""Whatever goes wrong is answered with a sentence; the server goes on."""

from __future__ import annotations

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.game.refusals import BadFields, Refusal
from app.game.said import say
from app.web import allowances, answers, counts

log = structlog.get_logger(__name__)

SENTENCES = {
    400: say("That could not be understood."),
    404: say("There is nothing at this address."),
    405: say("This address is not used like that."),
    408: say("The form did not arrive in time. Please tap again."),
    413: say("That is too much at once: 64 KB are the limit."),
    429: say("That was a little fast. Please wait a moment."),
}

OURS = say("Something went wrong on our side. Your game is safe; please try again.")


def install(app: Flask) -> None:
    """Answer refusals, bad fields, wrong addresses and our own mistakes."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(BadFields, bad_fields)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, failed)


def refused(refusal: Refusal) -> Response:
    """Not an error: nothing was changed, and the asker is told why."""
    note(refusal, "form")
    return answers.refusal(refusal)


def note(refusal: Refusal, road: str) -> None:
    """Log and count a refusal; a wrong guess uses its address' allowance."""
    log.info("refused", why=refusal.code, road=road)
    counts.refused(refusal, road)
    allowances.note(refusal)


def bad_fields(bad: BadFields) -> Response:
    """Fields nobody can understand, where no form is there to come back."""
    return answers.sentence(422, answers.told(bad.complaints))


def http_error(error: HTTPException) -> Response:
    """A wrong address, method or size."""
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - werkzeug raises redirects as exceptions too
        return Response(status=status, headers=list(error.get_headers()))
    return answers.sentence(status, sentence_of(error))


def sentence_of(error: HTTPException) -> str:
    """What a person is told of it."""
    return SENTENCES.get(error.code or 500, error.description or OURS)


def failed(error: Exception) -> Response:
    """Our own mistake: logged with all its context, answered like a person."""
    log.error("a request failed", path=request.path, exc_info=error)
    try:
        return answers.sentence(500, OURS)
    except Exception:
        log.exception("the page for our own mistakes failed too")
        return Response(OURS, 500, mimetype="text/plain")
