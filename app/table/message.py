"""What comes up a socket and what goes back to its sender: the words both rooms share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """What a phone sent, and the instant it is judged by (epoch ms)."""

    text: str
    at: int


@dataclass
class Reply:
    """What goes back to the one who sent a message, besides the news everybody hears."""

    #: HTML shown to the sender, behind the present state; None where the news says it all.
    pieces: tuple[str, ...] | None = None
    #: Which command it was, for the count; "unknown" for none there is.
    command: str = "unknown"
    #: "bad-message" or "too-fast", where it was that.
    fault: str = ""
