"""What one address may do in ten minutes of what nobody does often: flask-limiter keeps count.

Generous, because a whole shop may play behind one address. Taps never pass through here: they
are paced by browser (``pace``). When the count cannot be kept everything is let through, loudly.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, current_app, g, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse

from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.settings import Settings
from app.table.play import Table
from app.web import counts
from app.web.identity import the_table

log = structlog.get_logger(__name__)

WRONG = frozenset({"no-such-game", "bad-token"})
"""Refusals that tell a guesser to guess again."""

_HOME_BITS = 64
"""One household has a whole /64 of IPv6 addresses to ask from."""


IMPATIENT: dict[str, Any] = {"socket_timeout": 1, "socket_connect_timeout": 1}


@dataclass(frozen=True)
class Allowance:
    """So much of one thing, for each address."""

    name: str
    words: str
    sentence: str
    item: RateLimitItem = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "item", parse(self.words))


GAMES = Allowance(
    "games",
    "60 per 10 minutes",
    say("Many new games came from your address. Please wait a little."),
)
CLAIMS = Allowance(
    "claims",
    "400 per 10 minutes",
    say("Many seats were taken from your address. Please wait a little."),
)
GUESSES = Allowance(
    "guesses",
    "30 per 10 minutes",
    say("Too many wrong codes came from your address. Please wait ten minutes."),
)
FEEDBACK = Allowance(
    "feedback", "10 per 10 minutes", say("That is a lot of feedback. Please wait a little.")
)
ON_WALL = Allowance("on-wall", "1 per 10 minutes", "")
ALLOWANCES = (GAMES, CLAIMS, GUESSES, FEEDBACK)


def install(app: Flask, settings: Settings) -> None:
    """Keep count from now on, and let guessers guess no further."""
    limiter = Limiter(
        address,
        storage_uri=settings.redis_url or "memory://",
        storage_options=IMPATIENT if settings.redis_url else {},
    )
    # Known before it is set up, it hangs no hooks of its own into every request: it is asked here.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)
    app.extensions["allowances"] = limiter if settings.rate_limits else None
    app.before_request(refuse_guesser)


def address() -> str:
    """Whose allowance is used: the address as TRUSTED_PROXIES lets it be known."""
    text = request.remote_addr or ""
    try:
        known = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if known.version == 4:  # noqa: PLR2004 - the protocol's number
        return text
    return str(ipaddress.ip_network((known, _HOME_BITS), strict=False))


def spend(allowance: Allowance) -> None:
    """One more of this from the asker's address. Refusal when that is more than it may."""
    if not _limiter_says(allowance, spends=True):
        raise _refusal(allowance)


def refuse_guesser() -> None:
    """An address that guessed too often is told nothing more, right or wrong.

    Whoever is at the table already goes on playing, whoever else sits behind the same router.
    """
    code = (request.view_args or {}).get("code") or request.args.get("code", "")
    table = the_table()
    # Those at a table are known without asking anybody: a tap pays nothing for this.
    if not code or (table.shelf.holds(code) and _is_at(table, code)):
        return
    if not _limiter_says(GUESSES, spends=False) and not _is_at(table, code):
        raise _refusal(GUESSES)


def refuse_exhausted() -> None:
    """Refusal for an address that has guessed its share."""
    if not _limiter_says(GUESSES, spends=False):
        raise _refusal(GUESSES)


def note_on_wall(refusal: Refusal, code: str) -> None:
    """A wall asks again and again for a table that is gone: that is one guess, not hundreds."""
    if refusal.code in WRONG and _limiter_says(ON_WALL, code, spends=True):
        note(refusal)


def note(refusal: Refusal) -> None:
    """A wrong guess uses the allowance of its address."""
    if refusal.code in WRONG:
        _limiter_says(GUESSES, spends=True)


def _is_at(table: Table, code: str) -> bool:
    """Whether this browser has a place at that table, or looked at it before."""
    try:
        game = table.glance(code)
    except Refusal:
        return False
    client = g.client
    return (
        client in (game.host, game.device())
        or game.seat_of(client) is not None
        or table.presence(code).knows(client)
    )


def _limiter_says(allowance: Allowance, *what: str, spends: bool) -> bool:
    limiter: Limiter | None = current_app.extensions["allowances"]
    if limiter is None:
        return True
    ask = limiter.limiter.hit if spends else limiter.limiter.test
    try:
        return ask(allowance.item, allowance.name, address(), *what)
    except Exception:
        log.exception("an allowance could not be asked", allowance=allowance.name)
        return True


def _refusal(allowance: Allowance) -> Refusal:
    counts.RATE_LIMITED.labels(allowance.name).inc()
    return Refusal(f"many-{allowance.name}", allowance.sentence, Kind.TOO_MUCH)
