"""Commands that come over a socket: one JSON object a message, carried out like a form.

``{"command": "pass-turn", "turn": "17"}``: the values are texts, or lists of texts for a field
sent several times, as in a form (an empty one is a field not sent); whole numbers are taken as
their text. htmx's HEADERS are not looked at.
"""

from __future__ import annotations

import time
from typing import Any

import orjson
import structlog
from flask import g, render_template
from structlog.contextvars import bind_contextvars
from werkzeug.exceptions import NotFound

from app.game.commands import COMMANDS
from app.game.fields import Form
from app.game.refusals import BadFields, Refusal
from app.game.said import say
from app.table.message import Message, Reply
from app.web import access, actions, errors, pace
from app.web.identity import the_table

log = structlog.get_logger(__name__)

NOT_UNDERSTOOD = say("That could not be understood.")


class NoCommandError(ValueError):
    """A message that is no JSON object with a command and fields of text."""


def carry_out(code: str, message: Message, client: str) -> Reply:
    """Do what one message asks; what its sender alone is told."""
    began_s = time.perf_counter()
    g.client, g.at = client, message.at
    bind_contextvars(request=access.new_request_id())
    name, reply = _judge(code, message)
    took_ms = round((time.perf_counter() - began_s) * 1000, 1)
    log.info("message", command=name, ms=took_ms)
    reply.command = name
    return reply


def _judge(code: str, message: Message) -> tuple[str, Reply]:
    name = "unknown"
    try:
        pace.refuse_too_fast(g.client, "socket")
        asked, sent = read(message.text)
        name = asked if asked in COMMANDS else name
        return name, _done(name, actions.carry_out(code, asked, sent, message.at))
    except BadFields as bad:
        form = actions.form_again(the_table().look(code), name, sent, bad.complaints)
        return name, Reply((form,))
    except Refusal as refusal:
        errors.note(refusal, "socket")
        fault = "too-fast" if refusal.code == pace.TOO_FAST else ""
        return name, _told(refusal.sentence, fault)
    except NoCommandError:
        return name, _told(NOT_UNDERSTOOD, "bad-message")
    except NotFound as unknown:
        return name, _told(errors.sentence_of(unknown), "bad-message")


def _done(name: str, done: actions.Done) -> Reply:
    """The news shows what was done; a form that came late is shown the present table."""
    if done.outcome.stale:
        return Reply(())
    key = actions.GONE if name == "leave-seat" else done.outcome.token
    return Reply((render_template("fragments/seat_key.html", key=key),)) if key else Reply()


def _told(sentence: str, fault: str = "") -> Reply:
    return Reply((render_template("fragments/answer.html", sentence=sentence),), fault=fault)


def read(text: str) -> tuple[str, Form]:
    """The command's name and its fields. NoCommandError."""
    try:
        sent = orjson.loads(text)
    except ValueError as broken:
        raise NoCommandError from broken
    if not isinstance(sent, dict) or not isinstance(sent.get("command"), str):
        raise NoCommandError
    fields = {
        field: values
        for field, value in sent.items()
        if field not in ("command", "HEADERS") and (values := _values(value))
    }
    return sent["command"], fields


def _values(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in values):
        raise NoCommandError
    return [str(one) for one in values]
