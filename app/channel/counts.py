"""What the channels count for the operator. Known labels stand at 0 from the start."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from app.game.commands import COMMANDS

TRANSPORTS = ("sse", "socket")

#: The production plan's name, kept: both kinds of channel are in it.
OPEN = Gauge(
    "websocket_connections_total",
    "Channels open now, by transport.",
    ["transport"],
    multiprocess_mode="livesum",
)
LISTENED_TO = Gauge(
    "tarp_listened_to_games", "Games that somebody listens to.", multiprocess_mode="livesum"
)
MESSAGES = Counter(
    "websocket_messages", "Messages received over sockets, by the command they carry.", ["type"]
)
ERRORS = Counter("websocket_errors", "What went wrong on sockets.", ["type"])
SKIPPED = Counter(
    "tarp_mailbox_skips", "Versions a slow or sleeping screen was spared, since newer ones came."
)
RECONNECTS = Counter(
    "tarp_reconnects", "Channels opened again by a page that had one before.", ["transport"]
)

FAULTS = ("bad-message", "too-large", "too-fast", "not-text", "protocol", "no-pong", "fault")

for _transport in TRANSPORTS:
    OPEN.labels(_transport)
    RECONNECTS.labels(_transport)
RECEIVED = {name: MESSAGES.labels(name) for name in (*COMMANDS, "unknown")}
for _fault in FAULTS:
    ERRORS.labels(_fault)
