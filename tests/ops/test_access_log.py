"""What an operator reads at three in the morning: one line for everything, and nobody's secrets."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Server
from tests.person import Person, start

WAIT_SECONDS = 5.0


def lines(server: Server, **wanted: Any) -> list[dict[str, Any]]:
    """The lines of the log that say this, waited for; every line must be one object."""
    latest = time.monotonic() + WAIT_SECONDS
    while True:
        told = [json.loads(line) for line in server.log.read_text().splitlines()]
        found = [line for line in told if wanted.items() <= line.items()]
        if found or time.monotonic() > latest:
            return found
        time.sleep(0.02)


def test_a_tap_is_one_line_with_all_that_is_known(played: Server) -> None:
    """Game, client, seat and request stand in the line; the request's name went to the phone."""
    code, (host, guest) = start(played.url, 2)
    answer = host.post(f"/games/{code}/pass-turn", turn=1)
    (line,) = lines(played, event="request", path=f"/games/{code}/pass-turn")
    assert ("info", "POST", 303, code, 1) == tuple(
        line[key] for key in ("level", "method", "status", "game", "seat")
    )
    assert answer.headers["x-request-id"] == line["request"]
    assert re.fullmatch(r"[0-9a-f]{12}", line["request"])
    assert re.fullmatch(r"[0-9a-f]{8}", line["client"])
    assert 0 < line["ms"] < 5000
    guest.post(f"/games/{code}/pass-turn", turn=2)
    *_, other = lines(played, event="request", path=f"/games/{code}/pass-turn")
    assert line["client"] != other["client"]
    assert line["request"] != other["request"]
    assert 2 == other["seat"]


def test_a_refusal_carries_its_request(played: Server) -> None:
    """Why somebody was told no is found by the name their phone was given."""
    code, (_, guest) = start(played.url, 2)
    answer = guest.post(f"/games/{code}/pass-turn")
    (line,) = lines(played, event="refused", request=answer.headers["x-request-id"])
    assert (code, 2, "not-yours", "form") == (
        line["game"],
        line["seat"],
        line["why"],
        line["road"],
    )
    assert "info" == line["level"]


@pytest.mark.parametrize("transport", ["sse", "socket"])
def test_a_stream_is_told_when_it_opens_and_when_it_closes(played: Server, transport: str) -> None:
    """With how long it lasted, under the request that opened it."""
    code, (host, _) = start(played.url, 2)
    ear = host.listen(code) if transport == "sse" else host.plug_in(code)
    ear.next()
    time.sleep(0.3)
    ear.close()
    (closed,) = lines(played, event="stream closed", transport=transport, game=code)
    (opened,) = lines(played, event="stream opened", transport=transport, game=code)
    known = ("game", "client", "seat", "request")
    assert [opened[key] for key in known] == [closed[key] for key in known]
    assert (code, 1) == (opened["game"], opened["seat"])
    assert 0.3 <= closed["seconds"] < 5


def test_a_message_over_a_socket_is_one_line(played: Server) -> None:
    """With a name of its own, as every request has."""
    code, (host, _) = start(played.url, 2)
    ear = host.plug_in(code)
    ear.next()
    ear.say("pass-turn", turn="1")
    ear.say("pass-turn")
    assert "It is not your turn." == ear.told()
    ear.close()
    done, refused = lines(played, event="message", command="pass-turn", game=code)
    assert done["request"] != refused["request"]
    assert (code, 1) == (done["game"], done["seat"])
    (why,) = lines(played, event="refused", road="socket", game=code)
    assert refused["request"] == why["request"]


def test_nobodys_secrets_are_in_the_log(serve: Callable[..., Server]) -> None:
    """Cookies, tokens, addresses, the operator's word: whoever reads logs becomes nobody."""
    server = serve(OPERATOR_TOKEN="the operator's own word", TRUSTED_PROXIES="1", LOG_LEVEL="debug")
    code, (host, guest) = start(server.url, 2)
    page = guest.post(f"/games/{code}/reconnect-link").text
    found = re.search(r"/reconnect/([A-Za-z0-9_-]+)", page)
    assert found
    host.get(f"/games/{code}/reconnect/{found[1]}")
    for who in (host, guest):
        who.get("/", **{"X-Forwarded-For": "203.0.113.77"})
    Person(server.url).get("/feedback", Authorization="Bearer the operator's own word")
    text = server.log.read_text()
    assert "reconnect/…" in text
    secrets = [found[1], "203.0.113.77", "the operator's own word"]
    for person in (host, guest):
        secrets += [person.cookies["tarp"], person.cookies["tarp"].split(".")[0]]
    assert [] == [secret for secret in secrets if secret in text]


def test_machines_that_ask_all_day_are_quiet(unplayed: Server) -> None:
    """Health checks would bury the one line that matters."""
    for path in ("/health", "/ready", "/metrics", "/static/css/house.css"):
        assert Person(unplayed.url).get(path).headers["x-request-id"]
    Person(unplayed.url).get("/")
    assert lines(unplayed, event="request", path="/")
    told = lines(unplayed, event="request")
    assert {"/"} == {line["path"] for line in told}


def test_an_untrusted_proxy_is_said_once(unplayed: Server) -> None:
    """Without TRUSTED_PROXIES everybody would seem to sit at the proxy."""
    for _ in range(3):
        Person(unplayed.url).get("/", **{"X-Forwarded-For": "203.0.113.77"})
    (warned,) = lines(unplayed, level="warning")
    assert "TRUSTED_PROXIES is 0" in warned["event"]


def test_gunicorns_own_lines_go_the_same_way(unplayed: Server) -> None:
    """One reader for everything: start and stop stand in the same log, in the same form."""
    (line,) = lines(unplayed, event="Using worker: DrainWorker")
    assert ("gunicorn.error", "info") == (line["logger"], line["level"])


def test_on_a_terminal_a_line_is_short(serve: Callable[..., Server]) -> None:
    """Whoever runs it on a laptop reads words, not JSON."""
    server = serve(LOG_FORMAT="console")
    Person(server.url).get("/")
    told = [line for line in server.log.read_text().splitlines() if "path=/" in line]
    assert told
    assert not told[0].startswith("{")
