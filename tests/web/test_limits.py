"""How much one browser, one address and one table may ask for; and that a full shop may play on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.settings import Settings
from app.web.pace import BURST, PER_SECOND, REMEMBERED, Pace
from tests.conftest import Server
from tests.person import Answer, start

TOO_FAST = "That was a little fast. Please wait a moment."

Browser = Callable[..., FlaskClient]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An app with every limit on, behind two trusted proxies."""
    app = create_app(replace(settings, rate_limits=True, trusted_proxies=2))
    yield app
    app.extensions["table"].storage.close()


def asked_from(address: str) -> dict[str, Any]:
    """A request as it comes from there through our two proxies."""
    return {"headers": {"X-Forwarded-For": f"{address}, 10.0.0.2"}}


def new_game(browser: FlaskClient, address: str = "203.0.113.1") -> str:
    """The code of a game for eight created by this browser."""
    answer = browser.post("/games", data={"players": 8}, **asked_from(address))
    assert answer.status_code == 303, answer.text
    return answer.location.rsplit("/", 1)[1]


# ---- one browser's pace


def test_a_bucket_holds_a_burst_and_refills() -> None:
    """Twenty at once, three a second for ever; each browser and road by itself."""
    pace = Pace()
    assert [True] * BURST + [False] == [pace.takes("ada", "form", 100) for _ in range(BURST + 1)]
    assert pace.takes("ada", "socket", 100)
    assert pace.takes("ben", "form", 100)
    assert [True] * PER_SECOND + [False] == [pace.takes("ada", "form", 101) for _ in range(4)]
    assert [True] * BURST + [False] == [pace.takes("ada", "form", 999) for _ in range(BURST + 1)]


def test_full_buckets_are_forgotten() -> None:
    """Ten thousand passers-by leave nothing behind; who is being slowed down stays known."""
    pace = Pace()
    for _ in range(BURST):
        pace.takes("hasty", "form", 0)
    for number in range(REMEMBERED + 5):
        pace.takes(f"passer-by {number}", "form", 1 if number < REMEMBERED - 1 else 3)
    assert len(pace._buckets) < 20
    assert not all(pace.takes("hasty", "form", 3) for _ in range(BURST))


def test_a_hammered_button_is_told_to_wait(serve: Callable[..., Server]) -> None:
    """A stuck thumb hears it in words, over each road by itself, and counts again at once after."""
    server = serve(RATE_LIMITS="on")
    code, (host, guest) = start(server.url, 2)
    answers: list[Answer] = []
    while not answers or answers[-1].status == 303:  # until the twenty are used up
        answers.append(host.post(f"/games/{code}/adjust-life", by=1))
    # The seat and the start were commands as well.
    assert len(answers) > 20 - 2
    assert (429, True) == (answers[-1].status, TOO_FAST in answers[-1].text)
    ear = host.plug_in(code)
    for _ in range(40):
        ear.say("adjust-life", by="1")
    assert TOO_FAST == ear.told()
    # The guest is as quick as ever, and the counts are there for the operator.
    assert guest.post(f"/games/{code}/adjust-life", by=1).status == 303
    told = host.get("/metrics").text
    assert 'tarp_rate_limited_total{limit="form"} 1.0' in told
    assert 'tarp_rate_limited_total{limit="socket"} 0.0' not in told
    ear.close()


def test_pages_are_not_paced(app: Flask) -> None:
    """Looking, reloading and reading are free."""
    browser = app.test_client()
    code = new_game(browser)
    assert {200} == {browser.get(f"/games/{code}").status_code for _ in range(60)}


# ---- one address' allowance


@pytest.mark.parametrize(
    ("path", "data", "most", "sentence"),
    [
        ("/games", {}, 60, "Many new games came from your address. Please wait a little."),
        ("/feedback", {"text": "More!"}, 10, "That is a lot of feedback. Please wait a little."),
    ],
)
def test_what_nobody_does_often(
    app: Flask, path: str, data: dict[str, str], most: int, sentence: str
) -> None:
    """Sixty new games and ten feedbacks in ten minutes; another address is not concerned."""
    here, there = asked_from("203.0.113.1"), asked_from("203.0.113.2")
    answers = [app.test_client().post(path, data=data, **here) for _ in range(most + 1)]
    assert [303] * most + [429] == [answer.status_code for answer in answers]
    assert sentence in answers[-1].text
    assert app.test_client().post(path, data=data, **there).status_code == 303


def test_four_hundred_claims(app: Flask) -> None:
    """A shop full of people sits down; a program that takes seats all day does not."""
    host = app.test_client()
    codes = [new_game(host) for _ in range(51)]
    claims = [
        app.test_client().post(
            f"/games/{code}/claim-seat", data={"seat": seat}, **asked_from("203.0.113.9")
        )
        for code in codes
        for seat in range(1, 9)
    ]
    assert [303] * 400 + [429] * 8 == [claim.status_code for claim in claims]


def test_guessing_codes_ends(app: Flask) -> None:
    """Thirty wrong codes: then right ones are not told either; who is at the table plays on."""
    player, guesser = app.test_client(), app.test_client()
    code = new_game(player)
    here = asked_from("203.0.113.1")
    assert player.post(f"/games/{code}/claim-seat", data={"seat": 1}, **here).status_code == 303
    ways = ("ZZZZZZ", "join?code=zzzzzz", "ZZZZZZ/events", "ZZZZZZ/qr.svg")
    wrong = [guesser.get(f"/games/{ways[n % 4]}", **here).status_code for n in range(31)]
    assert [404] * 30 + [429] == wrong
    for path in (f"/games/{code}", f"/games/join?code={code}", f"/games/{code}/ledger"):
        assert guesser.get(path, **here).status_code == 429
    assert guesser.post(f"/games/{code}/start", **here).status_code == 429
    assert player.get(f"/games/{code}", **here).status_code == 200
    assert player.post(f"/games/{code}/roll-dice", data={"sides": 6}, **here).status_code == 303
    assert guesser.get(f"/games/{code}", **asked_from("203.0.113.7")).status_code == 200


def test_guessing_on_a_wall_ends(app: Flask) -> None:
    """A wall shows 24 codes at once: each wrong one counts once, however often it is refreshed."""
    codes = [f"ZZZZ{one}{two}" for one in "BCDFGH" for two in "BCDFGHJKL"]
    here = asked_from("203.0.113.20")
    wall = app.test_client()
    for _ in range(5):
        assert wall.get(f"/wall?codes={','.join(codes[:20])}", **here).status_code == 200
    assert wall.get(f"/wall?codes={','.join(codes[20:40])}", **here).status_code == 200
    refused = wall.get(f"/wall?codes={codes[50]}", **here)
    assert refused.status_code == 429
    assert "Too many wrong codes came from your address. Please wait ten minutes." in refused.text


def test_guessing_tokens_ends(app: Flask) -> None:
    """A reconnect link is 256 bits; all the same nobody tries for long. Each try is counted."""
    code = new_game(app.test_client())
    here = asked_from("203.0.113.5")
    guesser = app.test_client()
    before = _bad_tokens(app)
    answers = [guesser.get(f"/games/{code}/reconnect/guess{n}", **here) for n in range(31)]
    assert [403] * 30 == [answer.status_code for answer in answers[:30]]
    assert "This link is no longer good. Ask for a new one." in answers[0].text
    assert before + 30 == _bad_tokens(app)
    fresh = app.test_client()
    assert fresh.get(f"/games/{code}", **here).status_code == 429


def _bad_tokens(app: Flask) -> float:
    text = app.test_client().get("/metrics").text
    return float(text.split("\ntarp_bad_tokens_total ")[1].split("\n")[0])


def test_a_household_is_one_address(app: Flask) -> None:
    """IPv6 gives every household 2^64 addresses: they are one."""
    here = [asked_from(f"2001:db8:1:2::{n:x}") for n in range(1, 32)]
    answers = [app.test_client().get("/games/ZZZZZZ", **from_).status_code for from_ in here]
    assert [404] * 30 + [429] == answers
    elsewhere = asked_from("2001:db8:1:3::1")
    assert app.test_client().get("/games/ZZZZZZ", **elsewhere).status_code == 404


def test_forty_tables_behind_one_router(app: Flask) -> None:
    """A whole shop on one address creates, sits down, plays and looks without being slowed down."""
    here = asked_from("198.51.100.1")
    statuses = set()
    for _ in range(40):
        people = [app.test_client() for _ in range(4)]
        code = new_game(people[0], "198.51.100.1")
        for number, person in enumerate(people, 1):
            person.get(f"/games/{code}", **here)
            person.post(f"/games/{code}/claim-seat", data={"seat": number}, **here)
        people[0].post(f"/games/{code}/start", data={"empty_seats": "remove"}, **here)
        for turn in range(8):
            answer = people[turn % 4].post(f"/games/{code}/pass-turn", **here)
            statuses.add(answer.status_code)
    assert {303} == statuses


# ---- whose address it is


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [
        (0, ["1.1.1.{n}"], True),  # nobody in front: the header is anybody's word
        (1, ["1.1.1.{n}, 9.9.9.9"], True),  # what stands left of our proxy's word is forged
        (1, ["9.9.9.{n}"], False),
        (2, ["1.1.1.{n}, 9.9.9.9, 10.0.0.2"], True),
        (2, ["9.9.9.{n}, 10.0.0.2"], False),
    ],
)
def test_exactly_the_trusted_proxies_are_believed(
    settings: Settings, proxies: int, forwarded: list[str], same: bool
) -> None:
    """A forged X-Forwarded-For changes nothing."""
    app = create_app(replace(settings, rate_limits=True, trusted_proxies=proxies))
    statuses = [
        app.test_client()
        .get("/games/ZZZZZZ", headers={"X-Forwarded-For": forwarded[0].format(n=n)})
        .status_code
        for n in range(1, 32)
    ]
    assert (429 if same else 404) == statuses[-1]
    app.extensions["table"].storage.close()


# ---- size


def test_every_input_knows_its_length(server: Server) -> None:
    """Nobody types a page only to be told at the end that it was too long."""
    code, (host, _) = start(server.url, 2)
    pages = ("/", "/games/new", "/preferences", "/feedback", f"/games/{code}")
    for path in pages:
        for tag in _typed_into(host.get(path).text):
            assert "maxlength=" in tag, (path, tag)


def _typed_into(page: str) -> list[str]:
    tags = [f"<input{rest.split('>')[0]}" for rest in page.split("<input")[1:]]
    tags += [f"<textarea{rest.split('>')[0]}" for rest in page.split("<textarea")[1:]]
    fixed = ("hidden", "radio", "checkbox", "range")
    return [tag for tag in tags if not any(f'type="{kind}"' in tag for kind in fixed)]


def test_a_message_too_large_is_told_so(server: Server) -> None:
    """Over 64 KB: the form is answered in words, the socket ends with 1009 and the reason."""
    code, (host, _) = start(server.url, 2)
    sentence = "That is too much at once: 64 KB are the limit."
    answer = host.post(f"/games/{code}/rename-seat", name="x" * 70_000)
    assert (413, True) == (answer.status, sentence in answer.text)
    ear = host.plug_in(code)
    ear.send(json.dumps({"command": "rename-seat", "name": "x" * 70_000}))
    assert ear.ended.wait(5)
    assert (1009, sentence) == ear.goodbye
    ear.close()


def test_cross_site_is_counted(app: Flask) -> None:
    """The operator sees that somebody tries; the log says from where."""
    line = 'tarp_cross_site_rejected_total{what="form"} '
    before = float(app.test_client().get("/metrics").text.split(line)[1].split("\n")[0])
    refused = app.test_client().post("/games", headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    after = float(app.test_client().get("/metrics").text.split(line)[1].split("\n")[0])
    assert before + 1 == after
