"""Who somebody is: one cookie, for years, in every tab, over every key; until it is forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from app.factory import create_app
from app.settings import Settings
from app.web.identity import DAY_S, RENEWED_AFTER_DAYS, RememberedSessions
from tests.conftest import Server
from tests.person import Person, sit_down

Make = Callable[..., Flask]

OLD, NEW = "the key of last year, long enough", "the key of this year, long enough"


@pytest.fixture
def make(settings: Settings) -> Iterator[Make]:
    """Apps on one database, with settings of their own."""
    apps = []

    def app(**changed: Any) -> Flask:
        made = create_app(replace(settings, **changed))
        apps.append(made)
        return made

    yield app
    for made in apps:
        made.extensions["table"].storage.close()


def signed_days_ago(app: Flask, days: int, client: str) -> str:
    """A cookie as this app gave it so long ago."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - days * DAY_S

    now = RememberedSessions().get_signing_serializer(app)
    assert now is not None
    then = URLSafeTimedSerializer(
        now.secret_keys,
        salt=now.salt,
        serializer=now.serializer,
        signer=Then,
        signer_kwargs=now.signer_kwargs,
    )
    return str(then.dumps({"id": client, "_permanent": True}))


def cookie_of(header: str) -> str:
    """The value of the cookie a header sets."""
    return header.split("=", 1)[1].split(";", maxsplit=1)[0]


def test_the_cookie_on_the_table(server: Server) -> None:
    """No script reads it, no other site makes a browser send it, and it lasts a year."""
    given = Person(server.url).get("/").headers["set-cookie"]
    assert given.startswith("tarp=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(given.split("; "))
    assert "Secure" not in given
    assert "Domain" not in given
    assert "Expires=" in given


def test_the_cookie_behind_https(make: Make) -> None:
    """Over https it never travels in clear, and no neighbour on the domain can plant one."""
    app = make(https=True)
    given = app.test_client().get("/", base_url="https://tarp.example").headers["Set-Cookie"]
    assert given.startswith("__Host-tarp=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(given.split("; "))
    assert "Domain" not in given


@pytest.mark.parametrize("days", [0, RENEWED_AFTER_DAYS - 1])
def test_a_young_cookie_is_left_alone(make: Make, days: int) -> None:
    """Setting it again with every page would only cost bytes."""
    app = make()
    browser = app.test_client()
    browser.set_cookie("tarp", signed_days_ago(app, days, "ada"))
    assert "Set-Cookie" not in browser.get("/").headers


@pytest.mark.parametrize("days", [RENEWED_AFTER_DAYS + 1, 364])
def test_an_old_cookie_is_given_anew(make: Make, days: int) -> None:
    """Who plays every month is the same person for years; a tap is never slowed down by it."""
    app = make()
    browser = app.test_client()
    browser.set_cookie("tarp", signed_days_ago(app, days, "ada"))
    code = browser.post("/games").location.rsplit("/", 1)[1]
    tapped = browser.post(f"/games/{code}/claim-seat", data={"seat": 1})
    assert not any(c.startswith("tarp=") for c in tapped.headers.getlist("Set-Cookie"))
    assert browser.get("/").headers["Set-Cookie"].startswith("tarp=")
    with browser.session_transaction() as session:
        assert session["id"] == "ada"
    assert app.extensions["table"].look(code).host == "ada"


def test_a_year_later_somebody_else_comes(make: Make) -> None:
    """A cookie nobody used for a year is nobody's."""
    app = make()
    browser = app.test_client()
    browser.set_cookie("tarp", signed_days_ago(app, 366, "ada"))
    browser.get("/")
    with browser.session_transaction() as session:
        assert session["id"] != "ada"


def test_an_old_key_keeps_working_and_gives_way(make: Make) -> None:
    """A new key costs nobody a seat, and each page moves one more browser over to it."""
    before = make(secret_key=OLD)
    browser = before.test_client()
    code = browser.post("/games").location.rsplit("/", 1)[1]
    browser.post(f"/games/{code}/claim-seat", data={"seat": 1})
    old = browser.get_cookie("tarp")
    assert old is not None

    after = make(secret_key=NEW, secret_key_fallbacks=(OLD,))
    moved = after.test_client()
    moved.set_cookie("tarp", old.value)
    assert moved.post(f"/games/{code}/roll-dice", data={"sides": 6}).status_code == 303
    given = moved.get(f"/games/{code}").headers["Set-Cookie"]

    at_last = make(secret_key=NEW)
    for value, status in ((cookie_of(given), 303), (old.value, 403)):
        browser = at_last.test_client()
        browser.set_cookie("tarp", value)
        answer = browser.post(f"/games/{code}/roll-dice", data={"sides": 6})
        assert status == answer.status_code


def test_two_tabs_and_a_reload_are_one_person(server: Server) -> None:
    """Every tab of a browser plays its seat; a reload shows the same controls."""
    code, (host, guest) = sit_down(server.url, 2)
    tab = Person(server.url, dict(guest.cookies))
    assert 'data-me="2"' in tab.get(f"/games/{code}").text
    assert 'data-me="2"' in tab.get(f"/games/{code}").text
    host.post(f"/games/{code}/start")
    host.post(f"/games/{code}/pass-turn")
    assert tab.post(f"/games/{code}/pass-turn", turn=2).status == 303
    assert guest.post(f"/games/{code}/pass-turn", turn=2).status == 303  # late, not wrong
    assert guest.get(f"/games/{code}").state["turn"] == "3"


@pytest.mark.parametrize(
    "forged", ["", "x", "a.b.c", "eyJpZCI6ImFkYSJ9", "eyJpZCI6ImFkYSJ9.aaaaaa.bbbbbbbbbbbbbbbbb"]
)
def test_a_forged_cookie_is_nobody(server: Server, forged: str) -> None:
    """Without our signature a cookie says nothing."""
    code, _ = sit_down(server.url, 2)
    stranger = Person(server.url, {"tarp": forged})
    answer = stranger.post(f"/games/{code}/start")
    assert answer.status == 403
    assert "You are watching. Take a seat to do that." in answer.text


# ---- forget me


def test_forget_me(server: Server) -> None:
    """Every seat is free again, the list of games is empty, the feedback gone, the cookie new."""
    waiting, (_, guest) = sit_down(server.url, 2)
    playing = Person(server.url)
    created = playing.post("/games", players=2).headers["location"]
    playing.post(f"{created}/claim-seat", seat=1)
    guest.post(f"{created}/claim-seat", seat=2)
    playing.post(f"{created}/start")
    guest.post("/feedback", text="Forget this.")
    refused = guest.post("/forget-me")
    assert (422, True) == (refused.status, "Please confirm with yes." in refused.text)

    answer = guest.post("/forget-me", confirm="yes")
    assert (303, "/preferences?forgotten") == (answer.status, answer.headers["location"])
    assert '"storage"' == answer.headers["clear-site-data"]
    assert guest.cookies["tarp"] == ""
    del guest.cookies["tarp"]
    assert "This phone is forgotten." in guest.get("/preferences?forgotten").text
    assert "My games" not in guest.get("/").text
    for game in (f"/games/{waiting}", created):
        assert "no" == guest.get(game).seat(2)["holder"]
        assert 'data-me=""' in guest.get(game).text


def test_what_is_kept_is_said(server: Server) -> None:
    """Whoever wonders finds it in words where the button is."""
    text = Person(server.url).get("/preferences").text
    assert "We keep a random number in a cookie" in text
    assert "Forget me" in text


def test_games_are_not_for_search_engines(server: Server) -> None:
    """People's names are on them."""
    code, (host, _) = sit_down(server.url, 2)
    host.post(f"/games/{code}/start")
    for path in ("", "/ledger", "/ledger.json", "/timeline.svg", "/result/1", "/qr.svg"):
        answer = host.get(f"/games/{code}{path}")
        assert (200, "noindex") == (answer.status, answer.headers.get("x-robots-tag")), path
    assert "noindex" == host.get(f"/wall?codes={code}").headers["x-robots-tag"]
