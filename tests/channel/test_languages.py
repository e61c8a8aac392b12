"""Two phones at one table, each in its own language, over either road."""

from __future__ import annotations

from tests.channel.ears import Ears, settled
from tests.conftest import Server
from tests.person import Person, sit_down


def test_each_reads_its_own(server: Server, ears: Ears) -> None:
    """What one phone taps, the other hears in its own words, and a setting counts at once."""
    code, (host, guest) = sit_down(server.url, 2)
    guest.post("/preferences", language="de")
    english, german = ears.open(host, code), ears.open(guest, code)
    host.post(f"/games/{code}/start")
    host.post(f"/games/{code}/roll-dice", sides="coin")
    host.post(f"/games/{code}/pause", reason="rules")
    heard = ["".join(frame.data for frame in frames) for frames in settled(english, german)]
    assert "Paused · turn 1" in heard[0]
    assert "Pause · Zug 1" in heard[1]
    assert "Player 1 flipped" in heard[0]
    assert "Platz 1 wirft" in heard[1]
    assert "Rules question" not in heard[1]
    assert "Regelfrage" in heard[1]


def test_a_page_goes_on_as_it_began(server: Server, ears: Ears) -> None:
    """A page painted in English stays English while another tab changes the setting."""
    code, (host, _) = sit_down(server.url, 2)
    page = host.get(f"/games/{code}").text
    assert "&amp;language=en" in page
    host.post("/preferences", language="de")
    ear = ears.open(host, code, you="1h&language=en")
    assert "Lobby" not in ear.next().data
    host.post(f"/games/{code}/start")
    assert any("<h1>Turn 1</h1>" in f.data for frames in settled(ear) for f in frames)


def test_a_language_nobody_speaks(server: Server, ears: Ears) -> None:
    """A made-up one in the address is as none."""
    code, (host, _) = sit_down(server.url, 2)
    ear = ears.open(Person(server.url), code, you="0-&language=tlh")
    ear.next()
    host.post(f"/games/{code}/start")
    assert any("<h1>Turn 1</h1>" in f.data for frames in settled(ear) for f in frames)
