"""The SSE channel: the newer pieces at once, then every change, heartbeats between."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from random import randrange
from typing import Any

import gevent
import structlog
from flask import Blueprint, Response, current_app, request

from app.channel.hub import Hub
from app.channel.mailbox import Mailbox
from app.channel.outlet import Outlet
from app.channel.watching import notice_vanishing

log = structlog.get_logger(__name__)

blueprint = Blueprint("sse", __name__)

RETRY_MS = (500, 1500)
"""A dropped screen comes back after a random time between these, so that all do not at once."""


@blueprint.get("/games/<code>/events")
def events(code: str) -> Response:
    """The channel of one table; ``since`` and ``you``: what the page shows, to whom."""
    hub: Hub = current_app.extensions["hub"]
    heartbeat_s: int = current_app.extensions["settings"].heartbeat_seconds
    box = Mailbox.of_request(code)
    if hub.draining:
        return _stream(iter([_retry()]))
    hub.enter(box)
    connection = request.environ.get("gunicorn.socket")
    chunked = request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
    box.outlet = Outlet(connection, chunked=chunked)
    stream = _stream(_frames(hub, box, heartbeat_s, connection))
    stream.call_on_close(lambda: hub.leave(box))  # a stream that was never read has no finally
    return stream


def _stream(frames: Iterator[bytes]) -> Response:
    response = Response(frames, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _frames(hub: Hub, box: Mailbox, heartbeat_s: int, connection: Any) -> Iterator[bytes]:
    """Runs outside any request: nothing here may ask for one."""
    stop_watching = _watch(connection, box)
    alive = _alive(heartbeat_s)
    outlet = box.outlet
    try:
        yield _retry() + alive + hub.first(box)
        box.wrote()
        outlet.is_open = True  # the head and the first frame are out
        while True:
            box.wait(box.silence_left_s(heartbeat_s))
            outlet.write_all(b"")
            if box.closed:
                break
            if news := box.or_alive(hub.next(box), alive, heartbeat_s):
                yield news
                box.wrote()
        if hub.draining:
            yield _retry()
    except OSError:
        log.debug("stream was closed already")
    except Exception:
        log.exception("a stream failed", game=box.code)
        yield _retry()
    finally:
        outlet.is_open = False
        stop_watching()
        hub.leave(box)
        _end(connection)


def _retry() -> bytes:
    return f"retry: {randrange(*RETRY_MS)}\n\n".encode()  # noqa: S311 - jitter, not a secret


def _alive(heartbeat_s: float) -> bytes:
    """A sign of life, which says how soon the next one follows: a longer silence is a cut line."""
    return f": \nevent: alive\ndata:{heartbeat_s}\n\n".encode()


def _watch(connection: Any, box: Mailbox) -> Callable[[], None]:
    """Close the mailbox as soon as the other side hangs up or stops acknowledging.

    A closed connection becomes readable with nothing to read; a callback of the event loop
    notices, without a greenlet a phone. TLS sockets cannot be peeked into and are left alone.
    """
    if connection is None or isinstance(connection, ssl.SSLSocket):
        return lambda: None
    notice_vanishing(connection)
    watcher = gevent.get_hub().loop.io(connection.fileno(), 1)

    def readable() -> None:
        try:
            gone = not connection._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)  # noqa: SLF001 - the raw socket: gevent would wait
        except BlockingIOError:
            return
        except OSError:
            gone = True
        # Whatever else a browser sends on a stream is not for us: stop looking, or we would spin.
        watcher.stop()
        if gone:
            box.close()

    watcher.start(readable)

    def stop() -> None:
        watcher.stop()
        watcher.close()

    return stop


def _end(connection: Any) -> None:
    """No keep-alive after a stream, or the worker would wait for the next request at shutdown."""
    if connection is None or isinstance(connection, ssl.SSLSocket):
        return
    try:
        connection._sock.shutdown(socket.SHUT_RD)  # noqa: SLF001 - gevent's own raises in readers
    except (OSError, AttributeError):
        log.debug("stream was closed already")
