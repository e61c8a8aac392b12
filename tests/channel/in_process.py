"""The app within reach: in this process, with a clock that moves when told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from app.channel.hub import Hub
from app.channel.mailbox import Mailbox
from app.factory import create_app
from app.game.you import you_of
from app.settings import Settings
from app.table import watch

ALIVE_MS = 4_000

EVENING = 1_760_000_000_000
"""The instant at which evenings begin in tests with a clock of their own."""


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


@contextmanager
def housed(settings: Settings) -> Iterator[House]:
    """The app with a database of one test's own."""
    made: list[House] = []
    app = create_app(settings, now=lambda: made[0].at if made else EVENING)
    made.append(House(app, EVENING))
    yield made[0]
    app.extensions["table"].storage.close()
