"""Bytes leave at once, as many as the line takes, and no others come in between."""

import socket
from collections.abc import Iterator

import gevent
import gevent.socket
import pytest

from app.channel.outlet import Outlet

LARGE = b"x" * 4_000_000


class Wire:
    """Both ends of a line."""

    def __init__(self) -> None:
        ours, phone = socket.socketpair()
        self.ours = gevent.socket.socket(fileno=ours.detach())
        self.phone = gevent.socket.socket(fileno=phone.detach())
        self.phone.settimeout(5)

    def outlet(self, *, chunked: bool = False) -> Outlet:
        """The way out, open."""
        outlet = Outlet(self.ours, chunked=chunked)
        outlet.is_open = True
        return outlet


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A line that nobody reads by itself."""
    wire = Wire()
    yield wire
    wire.ours.close()
    wire.phone.close()


def test_what_fits_leaves_at_once(wire: Wire) -> None:
    """Nothing waits, and the line is free for the next."""
    outlet = wire.outlet()
    outlet.write(b"one ")
    outlet.write(b"two")
    assert outlet.is_free()
    assert wire.phone.recv(100) == b"one two"


def test_a_full_line_keeps_its_rest_for_its_own_greenlet(wire: Wire) -> None:
    """Nobody else may write in between: a frame would be torn."""
    outlet = wire.outlet()
    outlet.write(LARGE)
    assert 0 < len(outlet.rest) < len(LARGE)
    assert not outlet.is_free()

    heard = b""
    writing = gevent.spawn(outlet.write_all, b"end")
    while not heard.endswith(b"end"):
        heard += wire.phone.recv(1 << 20)
    writing.join(1)
    assert heard == LARGE + b"end"
    assert outlet.is_free()


def test_pieces_of_a_stream_are_chunks(wire: Wire) -> None:
    """As gunicorn writes them (RFC 9112, 7.1)."""
    wire.outlet(chunked=True).write(b"data: hello, table\n\n")
    assert wire.phone.recv(100) == b"14\r\ndata: hello, table\n\n\r\n"


def test_a_broken_line_says_so(wire: Wire) -> None:
    """Whoever wrote learns of it, and nothing is kept for later."""
    outlet = wire.outlet()
    wire.phone.close()
    with pytest.raises(OSError, match=r"."):
        outlet.write(b"too late")
    assert not outlet.rest


def test_not_open_is_not_free(wire: Wire) -> None:
    """Before the first frame is out, and without a connection, the greenlet writes alone."""
    assert not Outlet(wire.ours).is_free()
    outlet = Outlet(None)
    outlet.is_open = True
    assert not outlet.is_free()
