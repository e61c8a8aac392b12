"""Every tap reaches every phone, through deploys and deaths of whole instances."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.person import Person
from tests.scale.evening import evening
from tests.scale.house import House, instance

GAMES = 12
BACK_WITHIN_S = 3.0


def test_every_tap_reaches_every_phone(two: House) -> None:
    """A tap lands on any worker and its phones listen on all of them; none may stay behind."""
    with evening(two, GAMES, every_s=0.5) as tonight:
        tonight.begin()
        time.sleep(4)
        tonight.stop()
        passed = tonight.check()
        assert passed >= GAMES * 3
        assert [] == [gap for phone in tonight.phones for gap in phone.gaps]
        assert not any(game.others for game in tonight.games)


def test_an_instance_refuses_until_it_is_ready(two: House) -> None:
    """Whoever is refused goes to another at once; whoever is let in would wait for the start."""
    server = instance(two.folder, "d", two.redis.url)
    with ThreadPoolExecutor(1) as hands:
        began = time.monotonic()
        starting = hands.submit(server.start)
        try:
            while True:
                with suppress(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", server.port)).close()
                    break
                time.sleep(0.005)
            refused_s = time.monotonic() - began
            assert 200 == Person(server.url).get("/ready").status
            assert time.monotonic() - began - refused_s < refused_s / 4
        finally:
            starting.result()
            server.kill()


def test_a_rolling_deploy_loses_nothing(two: House) -> None:
    """Each instance is replaced while everybody plays: that is how a new version comes."""
    with evening(two, 4, every_s=0.25) as tonight:
        tonight.begin()
        for server in two.instances:
            assert 0 == server.stop()
            server.start()
            tonight.until_all_live()
        two.wait_until_ready()
        tonight.goes_on(5)
        tonight.stop()
        tonight.check()
        assert max(gap for phone in tonight.phones for gap in phone.gaps) < BACK_WITHIN_S


def test_the_death_of_an_instance_loses_nothing(two: House) -> None:
    """A machine vanishes; its phones go on at the other one, three times."""
    with evening(two, 4, every_s=0.25) as tonight:
        tonight.begin()
        for server in (two.a, two.b, two.a):
            server.kill()
            tonight.goes_on(5)
            server.start()
        tonight.until_all_live()
        tonight.stop()
        tonight.check()
        assert max(gap for phone in tonight.phones for gap in phone.gaps) < BACK_WITHIN_S
