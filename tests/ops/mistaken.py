"""The real app with mistakes of ours in it, each for one special table; no other notices.

Served as ``tests.ops.mistaken:app``. Some happen only while the file named in TARP_MISTAKES is
there, as if somebody then put them right.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from jinja2 import BaseLoader, Environment, TemplateNotFound

from app.factory import create_app
from app.game import commands, judge
from app.game.entry import Entry
from app.game.game import Game
from app.game.ledger import Draft
from app.game.rules.context import Asked, Surroundings
from app.storage.sql import SqlStorage
from app.table import play
from app.table.instant import steady_now

BAD_RULE, BAD_TIMEOUT, BAD_THREADS = "bad rule", "bad time-out", "bad threads"
#: A seat with so much life cannot be painted.
BAD_LIFE = 13
SWITCH = "TARP_MISTAKES"


def is_on() -> bool:
    """Whether the mistakes that can be put right are there."""
    return Path(os.environ[SWITCH]).exists()


def fail() -> None:
    """The mistake itself."""
    raise ZeroDivisionError("our mistake")


class Dying:
    """Fails where nobody can catch it."""

    def __del__(self) -> None:
        fail()


roll, rolled = judge.RULES[commands.RollDice]


def roll_badly(draft: Draft, command: Any, asked: Asked) -> None:
    """A rule that fails when half of its work is done, and one that fails elsewhere, later."""
    roll(draft, command, asked)
    if draft.game.name == BAD_RULE:
        draft.put_seat(1, "life", 1)
        fail()
    if draft.game.name == BAD_THREADS:
        threading.Thread(target=fail, name="careless").start()
        gevent.spawn(fail)
        gevent.get_hub().threadpool.spawn(fail)
        Dying()


advance: Callable[..., tuple[Game, list[Entry]]] = vars(play)["advance"]


def advance_badly(game: Game, upto: int, around: Surroundings) -> tuple[Game, list[Entry]]:
    """Time-outs fail at one table."""
    after, entries = advance(game, upto, around)
    if entries and game.name == BAD_TIMEOUT and is_on():
        fail()
    return after, entries


class Spoilt(BaseLoader):
    """The templates, one of them with a mistake."""

    def __init__(self, good: BaseLoader) -> None:
        self.good = good

    def get_source(self, environment: Environment, template: str) -> Any:
        """What is written there, and in a seat's picture a little more."""
        text, *rest = self.good.get_source(environment, template)
        if template == "fragments/seat.html":
            text = f"{{% if seat.life == {BAD_LIFE} %}}{{{{ fail() }}}}{{% endif %}}{text}"
        return text, *rest

    def list_templates(self) -> list[str]:
        """All of them."""
        return self.good.list_templates()


class BadClock:
    """A clock that fails in the event loop, where a socket's messages get their instant."""

    def __init__(self, at_least: int) -> None:
        self.good = steady_now(at_least=at_least)

    def __call__(self) -> int:
        """The present instant, in epoch milliseconds."""
        if gevent.getcurrent() is gevent.get_hub() and is_on():
            fail()
        return self.good()


def mistaken_app() -> Any:
    """The app, all mistakes in place."""
    judge.RULES[commands.RollDice] = (roll_badly, rolled)
    vars(play)["advance"] = advance_badly
    storage = SqlStorage(os.environ["DATABASE_URL"])
    last_alive = storage.last_alive() or 0
    storage.close()
    made = create_app(now=BadClock(last_alive))
    good = made.jinja_env.loader
    if good is None:
        raise TemplateNotFound("all of them")
    made.jinja_env.loader = Spoilt(good)
    made.jinja_env.globals["fail"] = fail
    return made


app = mistaken_app()
