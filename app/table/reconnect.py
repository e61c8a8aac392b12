"""Reconnect tokens: a seat (or the table device's place) moves to another browser.

Rules section 10: 32 random bytes, only the hash rests, the newest one counts, good for an hour
from the holder's last activity, void on use and whenever the holder changes or the game ends.
"""

from __future__ import annotations

from hmac import compare_digest

from app.game.commands import TakeOver
from app.game.refusals import NotYours, Refusal
from app.game.said import say
from app.storage.contract import Save, Token
from app.table.codes import hash_token, mint_token
from app.table.play import Outcome, Table

GOOD_FOR_MS = 60 * 60 * 1000

TABLE_DEVICE = 0
"""The place a token for the table device is for."""


def mint(table: Table, code: str, place: int) -> str:
    """A fresh token for a seat, or for the table device; older ones of that place are void."""
    hot = table.shelf.take(code)
    token, hash_ = mint_token()
    at = table.now()
    stored = (Token(hash_, code, place, at),)

    def keep() -> None:
        game = hot.game
        due = table.stored_due(hot, game)
        table.storage.save(Save(game, game.version, (), due, tokens=stored))

    table.alone(hot, at, keep)
    return token


def place_of(table: Table, code: str, token: str) -> int:
    """The place a good token of this game is for; NotYours when it is not good (any more)."""
    game = table.look(code)
    hash_ = hash_token(token)
    with table.storage_faults():
        found = table.storage.find_token(code, hash_)
    # Found by its hash; compared once more in constant time, whatever the index did.
    if found is None or not compare_digest(found.hash, hash_):
        raise _no_longer_good()
    seat = game.seats.get(found.seat)
    holder = game.host if found.seat == TABLE_DEVICE else seat.holder if seat else None
    if holder is None:
        raise _no_longer_good()
    at = table.now()
    active = table.shelf.take(code).presence.last_active(holder, at)
    if at - max(active, found.minted_at) > GOOD_FOR_MS:
        raise _no_longer_good()
    return found.seat


def take_over(table: Table, code: str, token: str, client: str, at: int) -> Outcome:
    """Move the token's seat to this browser, which uses the token up."""
    with table.shelf.take(code).lock:
        place = place_of(table, code, token)
        return table.play(code, TakeOver(place=place), client, at)


def _no_longer_good() -> Refusal:
    return NotYours(say("This link is no longer good. Ask for a new one."), "bad-token")
