"""One road for every log line: ours, gunicorn's and every library's, as JSON or for a terminal.

Lines go to standard error, one object a line. Logging an error reports it to Sentry as well, so
any floor reports by logging and knows nothing of Sentry.
"""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import structlog
from gevent.hub import Hub
from gunicorn.glogging import Logger
from structlog.typing import EventDict, Processor, WrappedLogger

from app.ops.sentry import blot, report
from app.settings import Settings


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Blot out reconnect tokens in every text of a line, its traceback included."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = blot(value)
    return event


def configure(settings: Settings) -> None:
    """Send everything logged in this process through the same steps. May be called again."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]

    def name_instance(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["instance"] = settings.instance_id
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        report,
    ]
    last: list[Processor] = (
        [redact, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if settings.log_format == "console"
        else [
            name_instance,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)


def report_uncaught() -> None:
    """Log what nobody caught, which Python and gevent would print as bare text.

    For the server's own processes: a test runner has its own ideas about these four.
    """
    log = structlog.get_logger("uncaught")

    def ended(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):  # somebody's wish, no fault
            sys.__excepthook__(kind, value, trace)
            return
        log.critical("the process ends", exc_info=(kind, value, trace))

    def thread_died(died: threading.ExceptHookArgs) -> None:
        name = died.thread.name if died.thread else None
        log.error(
            "thread died", thread=name, exc_info=(died.exc_type, died.exc_value, died.exc_traceback)
        )

    def could_not_raise(found: "sys.UnraisableHookArgs") -> None:
        fault = (found.exc_type, found.exc_value, found.exc_traceback)
        log.error(found.err_msg or "exception ignored", where=repr(found.object), exc_info=fault)

    def greenlet_died(_: Any, context: object, kind: Any, value: Any, trace: Any) -> None:
        log.error("greenlet died", greenlet=repr(context), exc_info=(kind, value, trace))

    sys.excepthook = ended
    threading.excepthook = thread_died
    sys.unraisablehook = could_not_raise
    # Of the class: every thread has a hub of its own, and the master shall not make one.
    Hub.print_exception = greenlet_died


class HouseLogger(Logger):
    """Gunicorn's own lines, on the same road."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's own handlers away, so that the root's are the only ones."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
        self.error_log.setLevel(logging.NOTSET)
