"""What one tap costs Redis: it is what all instances share, so it is what runs out last."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter

from tests.person import start
from tests.scale.evening import Phone
from tests.scale.house import House

TURNS = 12
#: The save; its lists, looked back at; for each of three other workers a look and a read; and now
#: and then who is here.
MOST_COMMANDS = 20
MOST_BYTES = 8_000


def test_one_tap(two: House) -> None:
    """Twice the commands is half of what one Redis carries."""
    code, people = start(two.url)
    phones = [
        Phone(person, code, on_socket=number % 2 == 0) for number, person in enumerate(people)
    ]
    heard: list[str] = []
    try:
        while not all(phone.is_live for phone in phones):
            time.sleep(0.01)
        time.sleep(0.5)
        with two.redis.client() as client, client.monitor() as monitor:
            thread = threading.Thread(target=_listen, args=(monitor, heard), daemon=True)
            thread.start()
            for turn in range(1, TURNS + 1):
                sent = people[(turn - 1) % 4].post(f"/games/{code}/pass-turn", turn=turn)
                assert 303 == sent.status
                time.sleep(0.1)
            with two.redis.client() as other:
                other.echo("that is all")
            thread.join(5)
    finally:
        for phone in phones:
            phone.hang_up()
    ours = [line for line in heard if code in line and " lua] " not in line]
    told = Counter(re.findall(r'\] "(\w+)"', "\n".join(ours)))
    commands, size = sum(told.values()) / TURNS, sum(map(len, ours)) / TURNS
    each = {name: round(number / TURNS, 1) for name, number in told.most_common()}
    print(f"one tap: {commands:.1f} commands, {size:.0f} bytes: {each}")  # noqa: T201 - read by people
    assert 1 == round(told["EVALSHA"] / TURNS)
    assert commands <= MOST_COMMANDS
    assert size <= MOST_BYTES


def _listen(monitor: object, heard: list[str]) -> None:
    for said in monitor.listen():  # type: ignore[attr-defined]
        source = said["client_type"] if said["client_type"] == "lua" else ""
        words = " ".join(f'"{word}"' for word in said["command"].split(" ", 2))
        heard.append(f"[{source and ' lua'}] {words}")
        if said["command"] == "ECHO that is all":
            return
