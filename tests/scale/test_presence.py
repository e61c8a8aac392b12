"""Who is there counts over all instances."""

from __future__ import annotations

import json
import time

from app.table.elsewhere import BELIEVED_MS, merged
from app.table.presence import Client
from tests.person import Person, start
from tests.scale.evening import Phone
from tests.scale.house import House

TOLD_WITHIN_S = 8.0


def test_a_phone_at_the_other_instance_is_there(two: House) -> None:
    """Else its seat would look dead, and the game would be paused under everybody's hands."""
    code, (host, guest) = start(two.a.url, 2)
    phone = Phone(Person(two.b.url, guest.cookies), code, on_socket=True)
    try:
        while not phone.is_live:
            time.sleep(0.01)
        with two.storage() as storage:
            assert 1 == _channels(storage.here(code))
        assert 200 == host.get(f"/games/{code}").status
    finally:
        phone.hang_up()
    latest = time.monotonic() + TOLD_WITHIN_S
    with two.storage() as storage:
        while _channels(storage.here(code)):
            assert time.monotonic() < latest
            time.sleep(0.05)


def test_what_a_killed_instance_said_is_over_soon(two: House) -> None:
    """Its last word stays in Redis, with an instant that makes it old."""
    code, (host, _) = start(two.b.url, 2)
    phone = Phone(host, code, on_socket=False)
    while not phone.is_live:
        time.sleep(0.01)
    two.b.kill()
    phone.hang_up()
    try:
        with two.storage() as storage:
            told, at = storage.here(code), storage.now_ms()
        assert 1 == sum(client.channels for client in merged(told, at).values())
        later = merged(told, at + BELIEVED_MS)
        assert 0 == sum(client.channels for client in later.values())
        assert max(client.closed_at for client in later.values()) <= at
    finally:
        two.b.start()


def _channels(told: list[str]) -> int:
    found: dict[str, Client] = merged(told, max((json.loads(one)[0] for one in told), default=0))
    return sum(client.channels for client in found.values())
