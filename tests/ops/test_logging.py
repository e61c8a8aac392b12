"""Every line is one JSON object, whoever wrote it; tokens reach neither log nor Sentry."""

import json
import os
import subprocess
import sys

from app.settings import HOUSE

PROGRAM = """
import logging, warnings
import sentry_sdk, structlog
from sentry_sdk.transport import Transport
from app.ops import logging as house, sentry
from app.settings import Settings

class Kept(Transport):
    def capture_envelope(self, envelope):
        event = envelope.get_event()
        if event is not None:
            value = event.get("exception", {}).get("values", [{}])[0].get("value")
            structlog.get_logger("sentry").info("reported", value=value or event["message"])

settings = Settings.from_environment()
house.configure(settings)
sentry.init(settings, transport=Kept())
log = structlog.get_logger("ours")
log.debug("not told")
log.info("a tap", code="K7QF2M", line="two\\nlines")
logging.getLogger("theirs").warning("GET %s", "/games/K7QF2M/reconnect/opensesame?x=1")
warnings.warn("old", DeprecationWarning)
try:
    raise ValueError("/games/K7QF2M/reconnect/opensesame")
except ValueError:
    log.exception("it broke")
logging.getLogger("theirs").error("broke, too")
"""

UNCAUGHT = """
import threading
import gevent, sentry_sdk, structlog
from sentry_sdk.transport import Transport
from app.ops import logging as house, sentry
from app.settings import Settings

class Kept(Transport):
    def capture_envelope(self, envelope):
        event = envelope.get_event()
        value = event["exception"]["values"][0]["value"]
        structlog.get_logger("sentry").info("reported", value=value)

settings = Settings.from_environment()
house.configure(settings)
house.report_uncaught()
sentry.init(settings, transport=Kept())

def fail(what):
    raise ValueError(what + " /games/K7QF2M/reconnect/opensesame")

class Dying:
    def __del__(self):
        fail("finalizer")

thread = threading.Thread(target=fail, args=["thread"], name="careless")
thread.start()
thread.join()
Dying()
gevent.spawn(fail, "greenlet").join()
gevent.get_hub().threadpool.spawn(fail, "pool").wait()
gevent.sleep(0.01)
gevent.get_hub().loop.run_callback(fail, "callback")
gevent.sleep(0.01)
fail("program")
"""


def lines(program: str = PROGRAM, status: int = 0, **environment: str) -> list[dict[str, str]]:
    """What a program logs, line by line."""
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", program],
        cwd=HOUSE,
        env=os.environ
        | {"LOG_FORMAT": "json", "SECRET_KEY": "a key that only the tests use"}
        | environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (status, "") == (done.returncode, done.stdout), done.stderr
    assert "opensesame" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_line_is_one_object() -> None:
    """A log reader must be able to search by field, in our lines and in a library's."""
    told = lines(INSTANCE_ID="left")
    ours = next(line for line in told if line["event"] == "a tap")
    assert ("info", "ours", "K7QF2M", "two\nlines", "left") == tuple(
        ours[key] for key in ("level", "logger", "code", "line", "instance")
    )
    assert "GET /games/K7QF2M/reconnect/…?x=1" in [line["event"] for line in told]
    assert any("DeprecationWarning" in line["event"] for line in told)
    assert "not told" not in [line["event"] for line in told]
    assert "Traceback" in next(line for line in told if line["event"] == "it broke")["exception"]


def test_a_logged_error_is_reported_once() -> None:
    """Lower floors report by logging; they know nothing of Sentry, and say nothing twice."""
    told = lines(SENTRY_DSN="https://key@sentry.invalid/1")
    reported = [line["value"] for line in told if line["event"] == "reported"]
    assert ["/games/K7QF2M/reconnect/…", "broke, too"] == reported


def test_nothing_is_reported_without_an_address() -> None:
    """No DSN, no reports: a private evening stays private."""
    assert "reported" not in [line["event"] for line in lines()]


def test_what_nobody_caught_is_one_line_too() -> None:
    """The last words of a process must be found where all its words are, and be reported once."""
    told = lines(UNCAUGHT, status=1, SENTRY_DSN="https://key@sentry.invalid/1")
    uncaught = [(line["event"], line["level"]) for line in told if line["logger"] == "uncaught"]
    assert [
        ("thread died", "error"),
        ("exception ignored", "error"),
        ("greenlet died", "error"),
        ("greenlet died", "error"),
        ("greenlet died", "error"),
        ("the process ends", "critical"),
    ] == uncaught
    whose = ("thread", "finalizer", "greenlet", "pool", "callback", "program")
    assert [f"{one} /games/K7QF2M/reconnect/…" for one in whose] == [
        line["value"] for line in told if line["event"] == "reported"
    ]
