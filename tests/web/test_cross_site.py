"""A page of another site must not press anything here, whatever it makes a browser send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.factory import create_app
from app.settings import Settings
from tests.conftest import Server
from tests.origins import FRIENDS, OUR_OWN, SENT, WILD
from tests.person import Person


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """One other site is let in by name."""
    return {"ALLOWED_ORIGINS": FRIENDS}


@pytest.mark.parametrize(("origin", "site", "counts"), SENT)
def test_who_may_press(server: Server, origin: str | None, site: str | None, counts: bool) -> None:
    """Every way a browser may tell where a form comes from leads to one clear yes or no."""
    person = Person(server.url)
    code = person.post("/games").headers["location"].rsplit("/", 1)[1]
    headers = {"Sec-Fetch-Site": site} if site is not None else {}
    if origin is not None:
        headers["Origin"] = origin.replace(OUR_OWN, server.url)
    before = person.get(f"/games/{code}").state["version"]
    answer = person.send(f"/games/{code}/claim-seat", {"seat": 1}, headers)
    after = person.get(f"/games/{code}").state["version"]
    assert (303 if counts else 403, counts) == (answer.status, before != after)
    assert ("This was sent from another site." in answer.text) == (not counts)


@pytest.mark.parametrize("path", ["/games", "/preferences", "/feedback", "/nowhere"])
def test_every_form_is_guarded(server: Server, path: str) -> None:
    """A form somebody adds tomorrow is guarded too: the question is asked before any address."""
    answer = Person(server.url).send(path, {}, {"Origin": "https://evil.example"})
    assert answer.status == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_every_method_that_could_change_is_guarded(server: Server, method: str) -> None:
    """Only looking is free."""
    answer = Person(server.url).ask(method, "/games", b"", {"Origin": "https://evil.example"})
    assert answer.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_looking_is_free(server: Server, site: str) -> None:
    """A link in a chat or on a club's page leads to the table."""
    headers = {"Sec-Fetch-Site": site, "Origin": "https://chat.example"}
    for path in ("/", "/games", "/health"):
        assert Person(server.url).ask("GET", path, None, headers).status == 200


def test_the_cookie_stays_at_home(server: Server) -> None:
    """Should a browser send neither header, it does not send the cookie across sites either."""
    cookie = Person(server.url).get("/").headers["set-cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize(("allowed", "origin", "status"), WILD)
def test_a_wildcard_ends_at_a_dot(
    settings: Settings, allowed: str, origin: str, status: int
) -> None:
    """`*.example.org` is every host below example.org and nobody who only sounds like it."""
    app = create_app(replace(settings, allowed_origins=(allowed,)))
    sent: dict[str, Any] = {"headers": {"Origin": origin}, "data": {}}
    assert status == app.test_client().post("/games", **sent).status_code
    app.extensions["table"].storage.close()
