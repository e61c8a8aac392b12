"""Another instance joins: its clock is two seconds ahead, and it leads phones back to theirs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from tests.conftest import Server
from tests.house import machine
from tests.person import Person, start
from tests.scale.evening import check_time
from tests.scale.house import House, instance

AHEAD_S = 2
ALIKE_MS = 5
TAPS = 16


@pytest.fixture(scope="module")
def ahead(two: House) -> Iterator[Server]:
    """A third instance on a machine whose clock was set by hand."""
    library = machine.faketime()
    if library is None:
        pytest.skip("no libfaketime on this machine")
    server = instance(
        two.folder,
        "c",
        two.redis.url,
        WEB_CONCURRENCY="1",
        STICKY="fly",
        LD_PRELOAD=library,
        FAKETIME=f"+{AHEAD_S}s",
        DONT_FAKE_MONOTONIC="1",
        FAKETIME_DONT_RESET="1",
    )
    yield server.start()
    server.kill()


def test_one_clock_for_all(two: House, ahead: Server) -> None:
    """Whoever taps at the machine that is ahead must not be charged two seconds more."""
    said = Person(ahead.url).get("/health").headers["date"]
    assert parsedate_to_datetime(said).timestamp() - time.time() > AHEAD_S - 1.1
    code, people = start(ahead.url, 2)
    late_ms: dict[str, list[float]] = {ahead.url: [], two.a.url: []}
    sent = []
    for turn in range(1, TAPS + 1):
        url = list(late_ms)[turn // 2 % 2]
        time.sleep(0.02)
        sent.append((url, time.time() * 1000))
        answer = Person(url, people[(turn - 1) % 2].cookies).post(
            f"/games/{code}/pass-turn", turn=turn
        )
        assert 303 == answer.status, answer.text
    _, entries = two.stored(code)
    check_time(entries, outages=False)
    passed = [one for one in entries if one.event == "turn-passed"]
    assert TAPS == len(passed)
    for (url, at), one in zip(sent, passed, strict=True):
        late_ms[url].append(one.at - at)
    here, there = (min(its) for its in late_ms.values())
    assert abs(here - there) < ALIKE_MS, late_ms


@pytest.fixture(scope="module")
def sat(two: House, ahead: Server) -> tuple[str, Person]:
    """A game, and the host at the sticky instance."""
    code, people = start(two.a.url, 2)
    return f"/games/{code}", Person(ahead.url, people[0].cookies)


@pytest.mark.parametrize(
    ("cookie", "headers", "sent_on"),
    [
        ("a", {}, True),
        ("c", {}, False),
        ("gone", {}, False),
        ("", {}, False),
        ("a", {"fly-replay-src": "instance=a;t=1"}, False),
    ],
    ids=["living", "own", "dead", "none", "already"],
)
def test_a_phone_is_led_back(
    sat: tuple[str, Person], cookie: str, headers: dict[str, str], sent_on: bool
) -> None:
    """A table is decoded and painted once where all its phones ask the same instance."""
    path, known = sat
    person = Person(known.url, {**known.cookies, **({"instance": cookie} if cookie else {})})
    answer = person.get(path, **headers)
    told = answer.headers.get("fly-replay")
    assert ((409, "instance=a") if sent_on else (200, None)) == (answer.status, told)
    assert ("a" if sent_on else "c") == person.cookies["instance"]


def test_a_form_is_served_where_it_lands(sat: tuple[str, Person]) -> None:
    """A tap is not carried across the world first."""
    path, known = sat
    person = Person(known.url, {**known.cookies, "instance": "a"})
    assert 303 == person.post(f"{path}/pass-turn", turn=1).status
