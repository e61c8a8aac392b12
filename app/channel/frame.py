"""News of one table, as each road sends it: a server-sent event, or a whole WebSocket message."""

from __future__ import annotations

from dataclasses import dataclass

_SHORT, _MEDIUM = 126, 1 << 16
_TEXT, _FINAL, _MASKED = 0x1, 0x80, 0x80
_MASK_BYTES = 4


@dataclass
class Frame:
    """Some pieces; encoded once for each road, however many screens are sent it."""

    pieces: tuple[str, ...]
    #: The table's version; None for what has no place in the order of versions.
    version: int | None
    _event: bytes = b""
    _message: bytes = b""

    @property
    def event(self) -> bytes:
        """One server-sent event; the id is the table's version."""
        if self._event:
            return self._event
        lines = [f"id: {self.version}"] if self.version is not None else []
        lines.append("event: table")
        told = "".join(self.pieces).replace("\r", "")
        lines += [f"data: {line}" for line in told.split("\n") if line]
        self._event = ("\n".join(lines) + "\n\n").encode()
        return self._event

    @property
    def message(self) -> bytes:
        """One WebSocket message; htmx swaps its pieces by their ids."""
        self._message = self._message or text_message("".join(self.pieces))
        return self._message


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


def read_text(data: bytes) -> str | None:
    """The text of the one whole text frame these bytes are; None when they are anything else.

    Only what every tap is: final, masked, of good UTF-8 and below 64 KB.
    """
    if len(data) < 2 or data[0] != _FINAL | _TEXT:  # noqa: PLR2004 - the shortest head
        return None
    start, size = _payload(data)
    if size is None or data[1] < _MASKED or len(data) != start + size or size >= _MEDIUM:
        return None
    mask = (data[start - _MASK_BYTES : start] * (size // _MASK_BYTES + 1))[:size]
    plain = int.from_bytes(data[start:]) ^ int.from_bytes(mask)
    try:
        return plain.to_bytes(size).decode()
    except UnicodeDecodeError:
        return None


def ends_between_frames(data: bytes) -> bool:
    """Whether these bytes, which begin with a frame, are whole frames and nothing more."""
    while data:
        start, size = _payload(data)
        if size is None or len(data) < start + size:
            return False
        data = data[start + size :]
    return True


def _payload(data: bytes) -> tuple[int, int | None]:
    """Where the first frame's payload begins, and its size; None while the head is torn."""
    if len(data) < 2:  # noqa: PLR2004
        return 0, None
    size, start = data[1] & ~_MASKED, 2
    if size >= _SHORT:
        start += 2 if size == _SHORT else 8
        if len(data) < start:
            return start, None
        size = int.from_bytes(data[2:start])
    return start + (_MASK_BYTES if data[1] & _MASKED else 0), size
