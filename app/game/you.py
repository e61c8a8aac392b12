"""Who a page was painted for, in one short word: its seat, its rights, the seats it plays.

When the word for a client changes (kicked, host handed over, seat moved to another phone, the
settings a page shows as text), the page is painted again.
"""

from __future__ import annotations

from typing import Any

from app.game.game import Game


def acts_as(game: Game, client: str) -> list[int]:
    """The shared seats this browser plays, in turn order."""
    if client != game.device():
        return []
    return [seat.number for seat in game.in_order() if seat.shared]


def you_key(game: Game) -> tuple[Any, ...]:
    """All of the game that ``you_of`` depends on, whoever is asked for."""
    seats = [(seat.number, seat.holder, seat.shared, seat.aside) for seat in game.seats.values()]
    return (seats, game.order, game.host, game.table_device, game.settings, game.status)


def you_of(game: Game, client: str) -> str:
    """For example "2h-34-": seat 2, host, plays the shared seats 3 and 4; then what is shown."""
    seat = game.seat_of(client)
    number = seat.number if seat else 0
    host = "h" if client == game.host else ""
    shared = "".join(str(n) for n in acts_as(game, client))
    settings = game.settings
    closed = "x" if game.status == "closed" else ""
    shown = f"{settings.timeout_life}.{settings.timeout_drinks}.{settings.timeout_bonus_ms // 1000}"
    return f"{number}{host}-{shared}-{shown}{closed}"
