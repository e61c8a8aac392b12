"""Phones that vanish without a word: the kernel is asked to notice them."""

from __future__ import annotations

import socket
from typing import Any

GONE_AFTER_S = 25
"""A phone that vanished without a word is noticed within this time on a direct line."""


def notice_vanishing(connection: Any) -> None:
    """Let the line break when nothing is acknowledged, whether or not anything is sent."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER_S * 1000 // 2)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, GONE_AFTER_S // 3)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 4)
