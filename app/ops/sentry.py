"""Errors reported to Sentry: nobody's identity, few traces, none of the taps."""

import re
import sys
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from structlog.typing import EventDict, WrappedLogger

from app.settings import Settings

PAGES_TRACED = 0.1
# A trace costs as much as a whole tap, and a stream's would last as long as the evening.
UNTRACED = re.compile(r"/(health|ready|metrics|static/.*|.*/events|.*/socket)")
# Whoever holds a reconnect token holds the seat: the address may be told, the token not.
TOKEN = re.compile(r"(/reconnect/)[^/\s?\"'\\]+")


#: Lines of the log that are kept as breadcrumbs, and what is kept of them.
CRUMBS = frozenset({"stream opened", "stream closed", "message", "refused"})
CRUMB_DATA = frozenset({"transport", "seconds", "command", "ms", "why", "road", "game"})
KNOWN = ("game", "client", "seat", "request")


def share_traced(context: dict[str, Any]) -> float:
    """The share of such requests that is traced: a tenth of the pages, nothing else."""
    request = context.get("wsgi_environ") or {}
    if request.get("REQUEST_METHOD") != "GET" or UNTRACED.fullmatch(request.get("PATH_INFO", "")):
        return 0.0
    return PAGES_TRACED


def blot(text: str) -> str:
    """The same text with every reconnect token blotted out."""
    return TOKEN.sub(r"\1…", text) if "/reconnect/" in text else text


def without_tokens(event: Any, _: Any = None) -> Any:
    """The same report with every text of it blotted."""
    if isinstance(event, str):
        return blot(event)
    if isinstance(event, dict):
        return {key: without_tokens(value) for key, value in event.items()}
    if isinstance(event, list):
        return [without_tokens(value) for value in event]
    return event


def init(settings: Settings, **options: Any) -> None:
    """Begin to report, if SENTRY_DSN is set; tests hand a transport over in `options`."""
    if settings.sentry_dsn is None:
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        environment=settings.sentry_environment,
        release=settings.sentry_release,
        server_name=settings.instance_id,
        traces_sampler=share_traced,
        before_send=without_tokens,
        before_send_transaction=without_tokens,
        max_request_body_size="never",
        include_local_variables=False,
        # How flask-sock tells gunicorn that a socket is done with: a normal end.
        ignore_errors=[StopIteration],
        # Errors are reported by our own log processor, once; see `report`.
        disabled_integrations=[
            LoggingIntegration(),
            ExcepthookIntegration(),
            ThreadingIntegration(),
        ],
        **options,
    )


def report(_: WrappedLogger, level: str, event: EventDict) -> EventDict:
    """A step of the log's road: an error that is logged is reported, with what led to it.

    What else is logged of a channel or a game is kept as a breadcrumb until then. Refusals and
    normal ends are no errors, so they are never sent by themselves.
    """
    if not sentry_sdk.is_initialized():
        return event
    if level in {"error", "exception", "critical"}:
        with sentry_sdk.new_scope() as scope:
            _describe(scope, event)
            _capture(event)
    elif event.get("event") in CRUMBS:
        data = {key: value for key, value in event.items() if key in CRUMB_DATA}
        sentry_sdk.add_breadcrumb(category="channel", message=event["event"], data=data)
    return event


def _describe(scope: Any, event: EventDict) -> None:
    """Game, client and the rest of what the line carries."""
    for tag in ("game", "request", "seat", "work"):
        if tag in event:
            scope.set_tag(tag, event[tag])
    if "client" in event:
        scope.set_user({"id": event["client"]})
    scope.set_context("table", {key: event[key] for key in KNOWN if key in event})


def _capture(event: EventDict) -> None:
    problem = event.get("exc_info")
    if problem is True:
        problem = sys.exc_info()
    if isinstance(problem, tuple):
        problem = problem[1]
    if isinstance(problem, BaseException):
        sentry_sdk.capture_exception(problem)
    else:
        sentry_sdk.capture_message(str(event.get("event")), level="error")
