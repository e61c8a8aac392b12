"""The pieces a table is shown in besides its seats: one entry each, wherever they are painted.

A piece is a fragment of that name with one input of that name. It is painted again when its key
differs; the picture of a live one ages, so it is drawn again for whoever comes later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from app.game.campaign_view import chapter_view
from app.game.game import Game
from app.game.seat import COUNTERS
from app.game.steps import UNDO_MS
from app.game.view import (
    moment_views,
    notice_view,
    offer_views,
    pile_view,
    round_view,
    state_view,
    tally_views,
)


@dataclass(frozen=True)
class Piece:
    """How one piece is painted: what it shows, on what that depends, whether it ages."""

    view: Callable[[Game, int], Any]
    #: All that the picture depends on, the passing of time apart.
    key: Callable[[Game], Any]
    live: Callable[[Game], bool]


_COUNTED = attrgetter("damage", *COUNTERS)
_SHOWN = attrgetter("name", "color")


def _tally_key(game: Game) -> tuple[Any, ...]:
    return (tuple(game.seats), *map(_COUNTED, game.seats.values()))


def _notice_key(game: Game) -> tuple[Any, ...]:
    shown: tuple[Any, ...] = ()
    if game.status == "finished":
        shown = tuple(game.seats.values())
    elif game.pause is not None and isinstance(game.pause.by, int):
        seat = game.seats.get(game.pause.by)
        shown = (seat.name, seat.color) if seat else ()
    played = (game.turn, game.started_at, game.finished_at) if shown else ()
    return (game.status, game.pause, game.winner, played, shown, game.campaign)


def _chapter_key(game: Game) -> tuple[Any, ...]:
    return (game.campaign.number, game.settings) if game.campaign else ()


def _moments_key(game: Game) -> tuple[Any, ...]:
    shown = tuple(map(_SHOWN, game.seats.values())) if game.moments else ()
    return (game.moments, shown)


def _pile_key(game: Game) -> tuple[Any, ...]:
    if not game.stack and not game.targeting:
        return ()
    shown = (*game.stack, *(game.targeting.targets if game.targeting else ()), game.active)
    seats = tuple(game.seats[n] for n in shown if n is not None)
    held = (game.status, game.settled_at, game.outage)
    return (game.stack, game.targeting, game.active, held, seats)


def _round_key(game: Game) -> tuple[Any, ...]:
    turn = game.turn if game.round_called else 0
    return (game.round_left_ms, game.round_since, game.round_called, game.last_turn, turn)


def _offers_key(game: Game) -> tuple[Any, ...]:
    if not game.steps:
        return ()
    host_seat = game.seat_of(game.host)
    shown = tuple(map(_SHOWN, game.seats.values()))
    return (game.steps, shown, host_seat.number if host_seat else None)


def _has_fresh_offers(game: Game) -> bool:
    return bool(game.steps) and game.last_at - game.steps[-1].at < UNDO_MS


PIECES: dict[str, Piece] = {
    "state": Piece(state_view, lambda game: game.version, lambda _game: False),
    "tally": Piece(lambda game, _at: tally_views(game), _tally_key, lambda _game: False),
    "chapter": Piece(chapter_view, _chapter_key, lambda _game: False),
    "notice": Piece(notice_view, _notice_key, lambda game: game.status == "paused"),
    "pile": Piece(pile_view, _pile_key, lambda _game: False),
    "offers": Piece(offer_views, _offers_key, _has_fresh_offers),
    "round": Piece(round_view, _round_key, lambda game: game.round_since is not None),
    "moments": Piece(moment_views, _moments_key, lambda game: bool(game.moments)),
}
"""In the order they are sent; the state comes first."""


def piece_views(game: Game, at: int) -> dict[str, Any]:
    """What every piece shows at ``at``, by its name."""
    return {name: piece.view(game, at) for name, piece in PIECES.items()}
