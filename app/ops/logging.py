"""One road for every log line: ours, gunicorn's and every library's, as JSON or for a terminal.

Lines go to standard error, one object a line. Logging an error reports it to Sentry as well, so
any floor reports by logging and knows nothing of Sentry.
"""

import logging
import sys
from typing import Any

import gevent
import structlog
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


def report_dying_greenlets() -> None:
    """Log what a greenlet of this process died of, which gevent would print as bare text."""
    log = structlog.get_logger("gevent")

    def print_exception(context: object, kind: Any, value: Any, traceback: Any) -> None:
        log.error("greenlet died", greenlet=repr(context), exc_info=(kind, value, traceback))

    gevent.get_hub().print_exception = print_exception


class HouseLogger(Logger):
    """Gunicorn's own lines, on the same road."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's own handlers away, so that the root's are the only ones."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
        self.error_log.setLevel(logging.NOTSET)
