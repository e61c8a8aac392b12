"""A tap's frame is read without wsproto, as wsproto reads it; everything else is left to it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, Message, Ping, TextMessage

from app.channel.frame import ends_between_frames, read_text

MESSAGES = st.one_of(
    st.builds(TextMessage, data=st.text(max_size=300)),
    st.builds(TextMessage, data=st.text(max_size=3), message_finished=st.just(False)),
    st.builds(TextMessage, data=st.integers(0, 70_000).map(lambda size: "é" * size)),
    st.builds(BytesMessage, data=st.binary(max_size=200)),
    st.builds(Ping, payload=st.binary(max_size=100)),
)


def sent(message: Any) -> bytes:
    """The bytes of a browser."""
    return Connection(ConnectionType.CLIENT).send(message)


def heard(data: bytes) -> list[Any]:
    """What wsproto makes of them."""
    server = Connection(ConnectionType.SERVER)
    server.receive_data(data)
    return list(server.events())


@given(MESSAGES)
def test_a_whole_text_is_read_as_wsproto_reads_it(message: Any) -> None:
    """And what is no whole text, or a very long one, is not read."""
    data = sent(message)
    text = read_text(data)
    is_whole = isinstance(message, TextMessage) and message.message_finished
    if not is_whole or len(message.data.encode()) >= 1 << 16:
        assert text is None
        return
    assert text == message.data
    told = [one.data for one in heard(data) if isinstance(one, Message)]
    assert "".join(told) == text


@given(MESSAGES, st.data())
def test_a_torn_frame_is_left_alone(message: Any, data: st.DataObject) -> None:
    """Neither a part of one nor one and a half."""
    whole = sent(message)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert read_text(whole[:cut]) is None
    assert read_text(whole + whole[: cut + 1]) is None


@given(st.lists(MESSAGES, min_size=1, max_size=4), st.data())
def test_where_frames_end(messages: list[Any], data: st.DataObject) -> None:
    """Whole frames end between frames; cut anywhere else they do not."""
    frames = [sent(message) for message in messages]
    whole = b"".join(frames)
    assert ends_between_frames(whole)
    ends = {sum(map(len, frames[:count])) for count in range(len(frames) + 1)}
    cut = data.draw(st.integers(0, len(whole)))
    assert ends_between_frames(whole[:cut]) == (cut in ends)


def test_what_no_browser_sends() -> None:
    """Unmasked, with reserved bits, of bad UTF-8: wsproto knows what to say to that."""
    assert read_text(b"\x81\x02hi") is None
    assert read_text(b"\xc1" + sent(TextMessage("hi"))[1:]) is None
    assert read_text(b"\x81\x82\0\0\0\0\xff\xfe") is None
    assert read_text(b"\x81\x82\0\0\0\0hi") == "hi"
