"""The clock: whose time counts, what it cost so far, and when something next falls due.

A clock is a bank plus "settled at". Nothing ticks: a bank is only written when what runs
changes, or when somebody gives, takes or runs out of time. Rules section 4.
"""

from __future__ import annotations

from app.game.game import Game
from app.game.ledger import Draft
from app.game.time_control import control_of


def running_seats(game: Game) -> tuple[int, ...]:
    """Whose clocks count right now, in turn order; nobody's unless the game runs."""
    if game.status != "running" or game.active is None:
        return ()
    return (game.active,)


def settle(draft: Draft) -> None:
    """Charge what ran since the last settlement up to the draft's instant, exactly once.

    The caller has let everything happen that fell due before, so no bank or grace is overrun.
    """
    game = draft.game
    if game.settled_at is None or draft.at <= game.settled_at:
        return
    elapsed_ms = draft.at - game.settled_at
    control = control_of(game.settings)
    for number in running_seats(game):
        seat = game.seats[number]
        if game.outage:
            draft.let_free("outage", number, elapsed_ms)
        elif seat.is_pending:
            draft.let_free("grace", number, elapsed_ms)
        else:
            cost = control.charge(seat, game.settings, elapsed_ms)
            draft.put_seat(number, "bank_ms", cost.bank_ms)
            draft.put_seat(number, "used_ms", seat.used_ms + cost.taken_ms)
            draft.charge(number, cost.taken_ms)
            if cost.free_ms:
                draft.let_free("delay", number, cost.free_ms)
    if not game.outage:
        for seat in game.seats_in():
            if seat.grace_ms is not None:
                draft.put_seat(seat.number, "grace_ms", max(0, seat.grace_ms - elapsed_ms))
    draft.put("settled_at", draft.at)


def next_due(game: Game) -> int | None:
    """The instant at which the clock next does something by itself, or None.

    The end of an outage, of a grace, or of a running bank (but not in overtime: there a bank
    that has passed 0 just goes on).
    """
    if game.status != "running" or game.settled_at is None:
        return None
    if game.outage:
        return game.outage.until
    waits_ms = [seat.grace_ms for seat in game.seats_in() if seat.grace_ms is not None]
    control = control_of(game.settings)
    for number in running_seats(game):
        seat = game.seats[number]
        if not seat.is_pending and not seat.overtime:
            left_ms = control.until_timeout_ms(seat, game.settings)
            if left_ms is not None:
                waits_ms.append(left_ms)
    return game.settled_at + min(waits_ms) if waits_ms else None


def remaining_ms(game: Game, number: int, at: int) -> int:
    """A seat's bank as settling at ``at`` would leave it, without settling."""
    seat = game.seats[number]
    if (
        game.settled_at is None
        or game.outage
        or seat.is_pending
        or number not in running_seats(game)
    ):
        return seat.bank_ms
    elapsed_ms = max(0, at - game.settled_at)
    return control_of(game.settings).charge(seat, game.settings, elapsed_ms).bank_ms


def remaining_grace_ms(game: Game, number: int, at: int) -> int | None:
    """What is left to choose in, as settling at ``at`` would leave it."""
    grace_ms = game.seats[number].grace_ms
    if grace_ms is None or game.settled_at is None or game.outage:
        return grace_ms
    return max(0, grace_ms - max(0, at - game.settled_at))
