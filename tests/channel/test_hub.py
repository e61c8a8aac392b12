"""The hub without a network: who is there, how many fit in, and what is left when they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.bus.local import LocalBus
from app.factory import create_app
from app.settings import Settings
from app.table.presence import SEEN_RECENTLY_MS
from tests.channel.in_process import House
from tests.channel.pieces import events, pieces
from tests.person import element


def presence(frame: bytes) -> dict[str, str]:
    """What the presence piece of these events says; empty when it is not among them."""
    found = [html for html in events(frame) if "presence" in pieces(html)]
    return element(found[0], "presence") if found else {}


def test_who_is_away_is_shown(house: House) -> None:
    """A dead phone must look dead to the others, and only for as long as it is."""
    code, people = house.sit_down(3)
    boxes = [house.listen(code, person) for person in people]
    one, two, three = boxes
    assert presence(house.hub.first(one))["away"] == ""
    house.hub.leave(two)
    house.later(SEEN_RECENTLY_MS - 1)
    house.hub._show_presence(code)
    assert presence(house.hub.next(three)) != {}  # its first, as it has seen none yet
    assert presence(house.hub.next(one)) == {}
    house.later(2)
    house.hub._show_presence(code)
    away = presence(house.hub.next(one))
    assert ("2", "no", "no") == (away["away"], away["host-away"], away["may-take"])
    assert presence(house.hub.next(one)) == {}
    back = house.listen(code, people[1])
    assert presence(house.hub.next(one))["away"] == ""
    assert presence(house.hub.first(back))["away"] == ""


def test_the_host_is_away(house: House) -> None:
    """Seated people learn that they may take the host's place, a minute before they may."""
    code, people = house.sit_down(2)
    host, guest = (house.listen(code, person) for person in people)
    house.hub.first(guest)
    house.hub.leave(host)
    heard = []
    for minutes_later in (1, 3, 1):
        house.later(minutes_later * 60_000)
        house.hub._show_presence(code)
        said = presence(house.hub.next(guest))
        heard.append((said["away"], said["host-away"], said["may-take"]))
    assert [("1", "no", "no"), ("1", "yes", "no"), ("1", "yes", "yes")] == heard


def test_only_the_hosts_device_may_sound_for_all(house: House) -> None:
    """A guest who says so silences nobody; the host's screen does, while it is there."""
    code, people = house.sit_down(3)
    host, guest, listener = (house.listen(code, person) for person in people)
    house.hub.first(listener)
    heard = []
    for box, speaks in ((guest, True), (host, True), (host, False)):
        box.speaks = speaks
        house.hub._show_presence(code)
        heard.append(presence(house.hub.next(listener)).get("speaks"))
    assert [None, "yes", None] == heard


def test_presence_is_silent_while_nothing_changes(house: House) -> None:
    """Sixty people coming and going to look must not redraw anything for those who play."""
    code, people = house.sit_down(2)
    box = house.listen(code, people[0])
    house.hub.first(box)
    box.wait(0)
    for _ in range(5):
        onlooker = house.app.test_client()
        onlooker.get(f"/games/{code}")
        house.hub.leave(house.listen(code, onlooker))
    assert not box.wait(0)
    assert house.hub.next(box) == b""


def test_who_waited_at_the_door_is_told_to_come_back_too(house: House) -> None:
    """It was let in after all others were told: a deploy must not wait for its next heartbeat."""
    code, people = house.sit_down(2)
    early = house.listen(code, people[0])
    house.hub.drain()
    late = house.listen(code, people[1])
    assert (True, True) == (early.closed, late.closed)


@pytest.mark.parametrize("hx", [True, False])
def test_the_house_is_full(settings: Settings, hx: bool) -> None:
    """The last screen that does not fit is told to come back; those inside notice nothing."""
    app = create_app(replace(settings, max_streams=2))
    person = app.test_client()
    code = person.post("/games").location.rsplit("/", 1)[1]
    path = f"/games/{code}/events"
    inside = [app.test_client().get(path) for _ in range(2)]
    assert [200, 200] == [stream.status_code for stream in inside]
    refused = app.test_client().get(path, headers={"HX-Request": "true"} if hx else {})
    assert refused.status_code == 503
    assert "Too many screens are listening. Please try again later." in refused.text
    assert app.extensions["hub"].channels() == 2
    inside[0].close()
    again = app.test_client().get(path)
    assert again.status_code == 200
    for stream in (*inside, again):
        stream.close()
    assert app.extensions["hub"].channels() == 0
    app.extensions["table"].storage.close()


def test_a_channel_to_nowhere_takes_no_place(house: House) -> None:
    """Guessing codes must not fill the house."""
    assert house.app.test_client().get("/games/ZZZZZZ/events").status_code == 404
    assert house.hub.channels() == 0


@pytest.mark.parametrize("seconds_later", [1, 30])
def test_a_closed_table_is_shown_before_the_line_ends(house: House, seconds_later: int) -> None:
    """Also to a screen that is just being asked whether it may listen at all: it may not."""
    code, people = house.sit_down(2)
    box = house.listen(code, people[1])
    house.hub.first(box)
    house.later(seconds_later * 1000)
    people[0].post(f"/games/{code}/close", data={"confirm": "yes"})
    last = house.hub.next(box)
    assert element(events(last)[0], "state")["status"] == "closed"
    house.later(30_000)
    house.hub.next(box)
    assert box.closed


def test_a_draining_house_sends_screens_away(house: House) -> None:
    """A worker that goes answers new screens with a word when to come back, and nothing else."""
    code, people = house.sit_down(2)
    box = house.listen(code, people[0])
    house.hub.drain()
    assert box.closed
    late = people[1].get(f"/games/{code}/events")
    assert late.status_code == 200
    assert late.text.startswith("retry: ")
    assert "data:" not in late.text
    assert house.hub.channels() == 1


class SlowBus(LocalBus):
    """A bus that takes its time to subscribe; ``meanwhile`` is what happens then."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] = lambda: None

    def listen(self, code: str) -> None:  # noqa: ARG002 - the other kind of bus asks for it
        """Wait for an answer, once."""
        happens, self.meanwhile = self.meanwhile, lambda: None
        happens()


def test_one_screen_that_looked_by_itself_keeps_nobody_in_the_dark(house: House) -> None:
    """It has painted the news before they were announced: the others must still be woken."""
    code, people = house.sit_down(2)
    early, late = (house.listen(code, person) for person in people)
    for box in (early, late):
        house.hub.first(box)
        box.wait(0)
    hearers, house.app.extensions["table"]._bus._hearers = [house.hub.on_change], []
    people[0].post(f"/games/{code}/pass-turn")
    assert house.hub.next(early) != b""
    for hear in hearers:
        hear(code, early.version)
    assert late.wait(0)
    assert house.hub.next(late) != b""


def test_who_comes_and_goes_meanwhile_takes_no_room_away(house: House) -> None:
    """The first screen of a table waits for its subscription: it must not wake in no room."""
    code, people = house.sit_down(2)
    bus = house.hub._bus = SlowBus()
    bus.meanwhile = lambda: house.hub.leave(house.listen(code, people[1]))
    first = house.listen(code, people[0])
    house.hub.first(first)
    people[0].post(f"/games/{code}/pass-turn")
    assert first.wait(0)
    house.hub.leave(first)
    assert 0 == house.hub.channels()
    assert 0 == house.app.extensions["table"].presence(code).channels()
