"""The empty shell: what the packages alone cost. `python -m tests.load --shell`.

Flask, its signed session, Talisman, the exporter of metrics and gunicorn's gevent worker, in the
server's own settings, with the addresses the load driver knows. A tap is a form that is parsed
and a frame of the usual size to everybody who listens; a game is a few numbers in a dict. There
are no rules, no templates and no storage, so what the server costs beyond this is its own work.
"""

import secrets
from collections.abc import Iterator

from flask import Flask, Response, abort, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_talisman import Talisman
from gevent.event import Event
from prometheus_client import CollectorRegistry
from prometheus_flask_exporter import PrometheusMetrics

from app.settings import Settings
from app.web.headers import POLICY

#: About what a turn brings to every phone.
FRAME_BYTES = 1200
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

settings = Settings.from_environment()
app = Flask(__name__)
app.config.update(SECRET_KEY=settings.secret_key, SESSION_COOKIE_NAME="tarp")
# What the server's own gunicorn settings ask of an app when the worker is up.
app.extensions |= {"begin": lambda: None, "tapped_at": lambda: 0.0}
Talisman(app, force_https=False, session_cookie_secure=False, content_security_policy=POLICY)
metrics = PrometheusMetrics(
    app,
    path=None,
    group_by="endpoint",
    excluded_paths=[r"^/games/[^/]+/events$"],
    registry=CollectorRegistry(),
)


class Game:
    """A turn that goes round, and who listens."""

    def __init__(self, players: int) -> None:
        self.players = players
        self.version = 0
        self.turn = 0
        self.screens: set[Event] = set()
        self.event = b""
        self.state = ""
        self.paint()

    def paint(self) -> None:
        """Write the frame of this version, once for everybody."""
        active = self.turn % self.players + 1
        self.state = (
            f'<div id="state" data-version="{self.version}" data-turn="{self.turn}" '
            f'data-grant="{self.turn}" data-active-seat="{active}">'
        )
        self.event = f"id: {self.version}\ndata: {self.state:<{FRAME_BYTES}}</div>\n\n".encode()

    def go_on(self) -> None:
        """The next version, to everybody."""
        self.version += 1
        self.paint()
        for screen in self.screens:
            screen.set()


games: dict[str, Game] = {}


@app.before_request
def know_who() -> None:
    """A browser keeps a random number in its signed session."""
    if "id" not in session and request.path != "/ready":
        session["id"] = secrets.token_urlsafe(16)


@app.get("/ready")
def ready() -> str:
    """As soon as anybody can ask."""
    return "ready"


@app.post("/games")
def create() -> ResponseReturnValue:
    """A new game, and the way to it."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
    games[code] = Game(int(request.form["players"]))
    return redirect(f"/games/{code}", 303)


@app.get("/games/<code>")
def page(code: str) -> str:
    """The state, and where the channel is."""
    return f'{find(code).state}</div><p sse-connect="/games/{code}/events?since=0"></p>'


@app.post("/games/<code>/<command>")
def act(code: str, command: str) -> ResponseReturnValue:
    """A tap of this turn passes it; everything else is a step like any other."""
    game = find(code)
    if command == "pass-turn":
        if int(request.form["turn"]) != game.turn:
            abort(409)
        game.turn += 1
    game.go_on()
    return "", 204


@app.get("/games/<code>/events")
def events(code: str) -> Response:
    """The frame of now and of every change; heartbeats between."""
    return Response(frames(find(code)), mimetype="text/event-stream")


def frames(game: Game) -> Iterator[bytes]:
    """What one screen is sent."""
    news = Event()
    game.screens.add(news)
    try:
        yield game.event
        while True:
            came = news.wait(settings.heartbeat_seconds)
            news.clear()
            yield game.event if came else b": \n\n"
    finally:
        game.screens.discard(news)


def find(code: str) -> Game:
    """A game by its code, or 404."""
    game = games.get(code)
    if game is None:
        abort(404)
    return game
