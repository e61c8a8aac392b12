"""The WebSocket channel: commands up, the same pieces down as in the event stream.

What a command does and how it is answered is the pages' business, handed over by whoever puts the
rooms together (``install``). Here are the line, its pings and its end.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from typing import Any

import gevent
import structlog
from flask import Blueprint, Flask, current_app, g, request
from flask_sock import Sock
from werkzeug.exceptions import BadRequest
from wsproto.frame_protocol import CloseReason

from app.channel import counts
from app.channel.frame import text_message
from app.channel.hub import Hub
from app.channel.line import SOCKET_OPTIONS, Line
from app.channel.mailbox import AS_MESSAGE, Mailbox
from app.channel.watching import notice_vanishing
from app.game.refusals import Refusal
from app.game.said import say
from app.table.message import Message, Reply
from app.words.languages import in_words

log = structlog.get_logger(__name__)

blueprint = Blueprint("socket", __name__)
sock = Sock()

PING_EVERY_S = 20.0

COOL_OFF_S = 0.5
"""Who sends too fast is not listened to for a moment."""


HANDSHAKE = {
    "HTTP_HOST": "-",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_UPGRADE": "websocket",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
}
"""What the route and the door have made sure of, in the words of a request."""


FAULT = say("Something went wrong on our side.")
RESTART = say("The server restarts. Come back at once.")

CarryOut = Callable[[str, Message, str], Reply]
"""Carries out what a client sent to a game: (code, message, client)."""

CARRY_OUT = "socket_carry_out"
"""Its name among the app's extensions."""


def install(app: Flask, carry_out: CarryOut) -> None:
    """Serve sockets; ``carry_out`` does what is asked over them."""
    app.config["SOCK_SERVER_OPTIONS"] = SOCKET_OPTIONS
    app.extensions[CARRY_OUT] = carry_out
    app.register_blueprint(blueprint)


@blueprint.before_request
def refuse_at_the_door() -> None:
    """Before the handshake a refusal is an answer with a status, like any page's."""
    key = request.headers.get("Sec-WebSocket-Key", "")
    if request.headers.get("Sec-WebSocket-Version") != "13" or not _is_key(key):
        raise BadRequest
    hub: Hub = current_app.extensions["hub"]
    code = (request.view_args or {})["code"]
    hub.refuse_if_full(code, g.client)
    # The handshake is repeated to wsproto with what it needs and nothing else: an odd header of a
    # proxy's would end it in an error of ours. So nothing is packed either, which would cost
    # 300 KB a phone and gain little on frames of a few hundred bytes.
    request.environ = HANDSHAKE | {
        "HTTP_SEC_WEBSOCKET_KEY": key,
        "gunicorn.socket": request.environ.get("gunicorn.socket"),
    }


@sock.route("/games/<code>/socket", bp=blueprint)
def serve(ws: Any, code: str) -> None:
    """The channel of one table; ``since`` and ``you``: what the page shows, to whom."""
    hub: Hub = current_app.extensions["hub"]
    box = Mailbox.of_request(code, AS_MESSAGE)
    line = box.socket = Line(ws, hub.now, box.poke)
    box.outlet = line.outlet
    try:
        notice_vanishing(ws.sock)
        hub.enter(box)
        _talk(hub, box, line)
    except Refusal as refusal:
        line.goodbye(CloseReason.TRY_AGAIN_LATER, in_words(refusal.sentence))
    except OSError:
        log.debug("socket was closed already")
    except Exception:
        log.exception("a socket failed", game=code)
        counts.ERRORS.labels("fault").inc()
        line.goodbye(CloseReason.INTERNAL_ERROR, in_words(FAULT))
    finally:
        hub.leave(box)
        line.hang_up()


def _talk(hub: Hub, box: Mailbox, line: Line) -> None:
    """Until either side has had enough."""
    carry_out: CarryOut = current_app.extensions[CARRY_OUT]
    heartbeat_s: float = current_app.extensions["settings"].heartbeat_seconds
    # A page hears nothing of pings: it is told how soon to expect a word, as on the stream.
    alive = text_message(f"alive {heartbeat_s}")
    line.ping()  # before the first frame, or its way would be measured with it
    line.send(hub.first(box) + alive)
    line.outlet.is_open = not line.ended
    box.wrote()
    ping_at = time.monotonic() + PING_EVERY_S
    ended = False
    while not ended:
        ping_in_s = max(0.0, ping_at - time.monotonic())
        box.wait(min(ping_in_s, box.silence_left_s(heartbeat_s)))
        ended = line.ended  # what arrived before the end still counts
        replies = [carry_out(box.code, message, box.client) for message in line.take()]
        box.heed()
        news = hub.next(box, [r.pieces for r in replies if r.pieces is not None])
        news = box.or_alive(news, alive, heartbeat_s)
        line.send(news)  # also when there is none: the protocol may owe something
        if news:
            box.wrote()
        for reply in replies:
            counts.RECEIVED[reply.command].inc()
            if reply.fault:
                counts.ERRORS.labels(reply.fault).inc()
        if box.closed or hub.draining:
            _say_goodbye(hub, box, line)
            return
        if time.monotonic() >= ping_at:
            ping_at += PING_EVERY_S
            if not line.ping():
                counts.ERRORS.labels("no-pong").inc()
                return
        if any(reply.fault == "too-fast" for reply in replies):
            gevent.sleep(COOL_OFF_S)
        if line.is_waited_for():
            box.poke()


def _say_goodbye(hub: Hub, box: Mailbox, line: Line) -> None:
    if hub.draining:
        line.goodbye(CloseReason.SERVICE_RESTART, in_words(RESTART))
    else:
        line.goodbye(CloseReason.POLICY_VIOLATION, in_words(box.turned_away))


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16  # noqa: PLR2004 - RFC 6455, 4.2.1
    except (binascii.Error, ValueError):
        return False
