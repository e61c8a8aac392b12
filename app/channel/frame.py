"""News of one table, as each road sends it: a server-sent event, or a whole WebSocket message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

_SHORT, _MEDIUM = 126, 1 << 16
_TEXT, _FINAL = 0x1, 0x80


@dataclass(frozen=True)
class Frame:
    """Some pieces; encoded once for each road, however many screens are sent it."""

    pieces: tuple[str, ...]
    #: The table's version; None for what has no place in the order of versions.
    version: int | None

    @cached_property
    def event(self) -> bytes:
        """One server-sent event; the id is the table's version."""
        lines = [f"id: {self.version}"] if self.version is not None else []
        lines.append("event: table")
        for piece in self.pieces:
            lines += [f"data: {line}" for line in piece.replace("\r", "").split("\n") if line]
        return ("\n".join(lines) + "\n\n").encode()

    @cached_property
    def message(self) -> bytes:
        """One WebSocket message; htmx swaps its pieces by their ids."""
        return text_message("".join(self.pieces))


def text_message(text: str) -> bytes:
    """A text as one unmasked, final WebSocket frame (RFC 6455, section 5.2).

    What a server sends carries no mask and, without extensions, depends on no connection: the
    same bytes go to every screen.
    """
    data = text.encode()
    length = len(data)
    if length < _SHORT:
        head = bytes([_FINAL | _TEXT, length])
    elif length < _MEDIUM:
        head = bytes([_FINAL | _TEXT, 126]) + length.to_bytes(2, "big")
    else:
        head = bytes([_FINAL | _TEXT, 127]) + length.to_bytes(8, "big")
    return head + data
