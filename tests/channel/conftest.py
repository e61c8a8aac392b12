"""What listens in these tests: one real server for each file, and an app within reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.channel.hub import Hub
from app.channel.mailbox import Mailbox
from app.factory import create_app
from app.game.you import you_of
from app.settings import Settings
from app.table import watch
from tests.channel.ears import Ears
from tests.conftest import Server, serving

ALIVE_MS = 4_000

EVENING = 1_760_000_000_000
"""The instant at which evenings begin in tests with a clock of their own."""


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Settings of this file's server beyond the usual ones; a file may have its own."""
    return {}


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Iterator[Server]:
    """The server of this file."""
    with serving(tmp_path_factory.mktemp("server"), **environment) as server:
        yield server


@pytest.fixture(params=["sse", "socket"])
def road(request: pytest.FixtureRequest) -> str:
    """Over which channel a test listens; a file may have its own."""
    found: str = request.param
    return found


@pytest.fixture
def ears(road: str) -> Iterator[Ears]:
    """Whatever is opened here is hung up when the test is over."""
    with Ears(road) as opened:
        yield opened


@dataclass
class House:
    """The app in this process, with a clock that moves when told and nothing in the background."""

    app: Flask
    at: int

    @property
    def hub(self) -> Hub:
        """What wakes the screens."""
        found: Hub = self.app.extensions["hub"]
        return found

    def later(self, passed_ms: int) -> None:
        """Let time pass as in a process that is well: the alive line is written on the way."""
        while passed_ms > 0:
            step_ms = min(ALIVE_MS, passed_ms)
            self.at += step_ms
            passed_ms -= step_ms
            watch.beat(self.app.extensions["table"])

    def sit_down(self, seats: int) -> tuple[str, list[FlaskClient]]:
        """A running game with every seat claimed, nobody listening yet."""
        people = [self.app.test_client() for _ in range(seats)]
        code = people[0].post("/games", data={"players": seats}).location.rsplit("/", 1)[1]
        for number, person in enumerate(people, 1):
            person.post(f"/games/{code}/claim-seat", data={"seat": number})
        assert people[0].post(f"/games/{code}/start").status_code == 303
        return code, people

    def listen(self, code: str, person: FlaskClient) -> Mailbox:
        """Open this person's channel, as a page of this very moment does."""
        game = self.app.extensions["table"].look(code)
        with person.session_transaction() as session:
            client = session["id"]
        box = Mailbox(code, client, game.version, you_of(game, client))
        self.hub.enter(box)
        return box


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The app with a database of this test's own."""
    made: list[House] = []
    app = create_app(settings, now=lambda: made[0].at if made else EVENING)
    made.append(House(app, EVENING))
    yield made[0]
    app.extensions["table"].storage.close()
