"""The clock: whose time counts, what it cost so far, and when something next falls due.

A clock is a bank plus "settled at". Nothing ticks: a bank is only written when what runs
changes, or when somebody gives, takes or runs out of time. Rules section 4.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.game.game import Game
from app.game.ledger import Draft, twin
from app.game.seat import Seat
from app.game.table_settings import MINUTE_MS
from app.game.time_control import SPENT, Stint, control_of


def running_seats(game: Game) -> tuple[int, ...]:
    """Whose clocks count right now; nobody's unless the game runs.

    The seat on top of the interrupt stack, alone; else while targets respond each that still has
    to; else the active seat.
    """
    if game.status != "running" or game.active is None:
        return ()
    return next_to_run(game)


def next_to_run(game: Game) -> tuple[int, ...]:
    """Whose clocks count while the game runs, or will when it goes on."""
    if game.stack:
        return (game.stack[-1],)
    if game.targeting is not None and game.targeting.stage == "resolving":
        return game.targeting.waiting
    return () if game.active is None else (game.active,)


def stint_of(game: Game, number: int) -> Stint | None:
    """Why this seat's clock runs, or will run when what lies on top of it is over.

    What the active seat does within its own turn, an interrupt included, is its turn.
    """
    if number == game.active:
        return "turn"
    if number in game.stack:
        return "interrupt"
    if game.targeting is not None and number in game.targeting.waiting:
        return "response" if game.targeting.stage == "resolving" else None
    return None


def settle(draft: Draft) -> None:
    """Charge what ran since the last settlement up to the draft's instant, exactly once.

    The caller has let everything happen that fell due before, so no bank or grace is overrun.
    """
    game = draft.game
    if game.settled_at is None or draft.at <= game.settled_at:
        return
    elapsed_ms = draft.at - game.settled_at
    run(draft, running_seats(game), elapsed_ms)
    if not game.outage:
        for seat in game.seats_in():
            if seat.grace_ms is not None:
                draft.put_seat(seat.number, "grace_ms", max(0, seat.grace_ms - elapsed_ms))
    draft.put("settled_at", draft.at)


def run(draft: Draft, numbers: Iterable[int], elapsed_ms: int) -> None:
    """Let the clocks of these seats run for ``elapsed_ms``, side by side."""
    game = draft.game
    for number in numbers:
        if game.outage:
            draft.let_free("outage", number, elapsed_ms)
        elif game.seats[number].is_pending:
            draft.let_free("grace", number, elapsed_ms)
        else:
            spend(draft, number, elapsed_ms - _credit(draft, number, elapsed_ms))


def _credit(draft: Draft, number: int, elapsed_ms: int) -> int:
    """What of this time a turn took to reach its phone: the first of it, charged to nobody."""
    seat = draft.game.seats[number]
    credit_ms = min(elapsed_ms, uncharged_ms(draft.game, number))
    if credit_ms:
        draft.put_seat(number, "lag_ms", seat.lag_ms - credit_ms)
        draft.put_seat(number, "lag_quota_ms", seat.lag_quota_ms - credit_ms)
        draft.let_free("lag", number, credit_ms)
    return credit_ms


def uncharged_ms(game: Game, number: int) -> int:
    """How long a seat's clock still stands, since its turn is on the way to its phone."""
    return game.seats[number].lag_ms if number == game.active else 0


def spend(draft: Draft, number: int, elapsed_ms: int) -> None:
    """A seat's clock goes on by so much, whatever the present says of it."""
    game = draft.game
    seat = game.seats[number]
    control = control_of(game.settings)
    stint = stint_of(game, number) or "turn"
    cost = control.charge(seat, game.settings, stint, elapsed_ms)
    if control.shares:
        before_ms = getattr(seat, SPENT[stint])
        share_out(draft, number, before_ms, before_ms + elapsed_ms)
    draft.put_seat_all(number, cost.changes)
    draft.put_seat(number, "used_ms", seat.used_ms + cost.taken_ms)
    if seat.overtime:
        draft.put_seat(number, "overtime_ms", seat.overtime_ms + cost.taken_ms)
    draft.charge(number, cost.taken_ms)
    if cost.free_ms:
        draft.let_free("delay", number, cost.free_ms)


def share_out(draft: Draft, number: int, from_ms: int, to_ms: int) -> None:
    """Hourglass: the sand of a stint between two of its instants goes to the others that are in.

    Counted from the beginning of the stint, so that it does not matter when it is settled. A
    bank at rest that rises above 0 is in overtime no longer.
    """
    running = running_seats(draft.game)
    for other, gained_ms in _shares(draft.game, number, from_ms, to_ms):
        bank_ms = draft.game.seats[other].bank_ms + gained_ms
        draft.put_seat(other, "bank_ms", bank_ms)
        if bank_ms > 0 and other not in running:
            draft.put_seat(other, "overtime", False)


def _shares(game: Game, number: int, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
    """Who gets how much of a stint's sand: t/(n-1) each, the remainder ms in seat order."""
    others = [seat.number for seat in game.seats_in() if seat.number != number]
    return [
        (other, _share(to_ms, len(others), place) - _share(from_ms, len(others), place))
        for place, other in enumerate(others)
    ]


def _share(spent_ms: int, heirs: int, place: int) -> int:
    return spent_ms // heirs + (place < spent_ms % heirs)


def next_due(game: Game) -> int | None:
    """The instant at which the clock next does something by itself, or None.

    The end of an outage, of a grace, of a bank or period (but not in overtime: there a bank that
    has passed 0 just goes on), or of the round clock.
    """
    known = [i for i in (clock_due(game), round_due(game)) if i is not None]
    return min(known) if known else None


def clock_due(game: Game) -> int | None:
    """The same without the round clock."""
    if game.status != "running" or game.settled_at is None:
        return None
    if game.outage:
        return game.outage.until
    waits_ms = [seat.grace_ms for seat in game.seats_in() if seat.grace_ms is not None]
    control = control_of(game.settings)
    for number in running_seats(game):
        seat = game.seats[number]
        if not seat.is_pending and not seat.overtime:
            stint = stint_of(game, number) or "turn"
            left_ms = control.due_ms(seat, game.settings, stint)
            if control.shares:
                left_ms = _sand_due_ms(game, number)
            if left_ms is not None:
                waits_ms.append(left_ms + uncharged_ms(game, number))
    return game.settled_at + min(waits_ms) if waits_ms else None


def _sand_due_ms(game: Game, number: int) -> int | None:
    """Hourglass: after how long a running bank is at 0, with what the others give meanwhile.

    Within each n-1 ms every runner gives exactly 1 ms to each other. So the bank falls by the same
    amount from any ms to the one a period later, and it is enough to know one period. Never (None),
    when all that are in run: each gets what it gives.
    """
    heirs = max(1, len(game.seats_in()) - 1)
    givers = sum(n != number and not game.seats[n].is_pending for n in running_seats(game))
    loss_ms = heirs - givers
    period = [(ms, _sand_left_ms(game, number, ms)) for ms in range(heirs)]
    if loss_ms <= 0:
        return next((ms for ms, left_ms in period if left_ms <= 0), None)
    return min(max(0, -(-left_ms // loss_ms)) * heirs + ms for ms, left_ms in period)


def _sand_left_ms(game: Game, number: int, elapsed_ms: int) -> int:
    """Hourglass: a seat's bank after so long, running or not."""
    seat = game.seats[number]
    left_ms = seat.bank_ms
    for runner in running_seats(game):
        if game.seats[runner].is_pending:
            continue
        if runner == number:
            left_ms -= elapsed_ms
        elif seat.is_in:
            from_ms = getattr(game.seats[runner], SPENT[stint_of(game, runner) or "turn"])
            left_ms += dict(_shares(game, runner, from_ms, from_ms + elapsed_ms))[number]
    return left_ms


def sand_rate(game: Game, number: int) -> tuple[int, int]:
    """Hourglass: how fast a bank changes, as (ms gained or, below 0, lost) in (so many ms)."""
    heirs = max(1, len(game.seats_in()) - 1)
    runners = [n for n in running_seats(game) if not game.seats[n].is_pending]
    gained = sum(runner != number for runner in runners) if game.seats[number].is_in else 0
    return gained - (heirs if number in runners else 0), heirs


def counted_ms(game: Game, number: int, at: int) -> int:
    """How much of the time since the last settlement counts for a running seat."""
    since = at if game.settled_at is None else game.settled_at
    return max(0, at - since - uncharged_ms(game, number))


def ran_until(game: Game, number: int, at: int) -> Seat:
    """A running seat as settling at ``at`` would leave its clock, without settling.

    The same seat when its clock does not count. What an hourglass brings is not in it.
    """
    seat = game.seats[number]
    if (
        game.settled_at is None
        or game.outage
        or seat.is_pending
        or number not in running_seats(game)
    ):
        return seat
    elapsed_ms = counted_ms(game, number, at)
    stint = stint_of(game, number) or "turn"
    cost = control_of(game.settings).charge(seat, game.settings, stint, elapsed_ms)
    then = twin(seat)
    vars(then).update(cost.changes)
    return then


def remaining_ms(game: Game, number: int, at: int) -> int:
    """What a seat's face shows at ``at``: what is left before the next event of its control."""
    control = control_of(game.settings)
    if control.shares and game.settled_at is not None and not game.outage:
        # Whose turn is on its way runs alone.
        runner = next(iter(running_seats(game)), number)
        return _sand_left_ms(game, number, counted_ms(game, runner, at))
    seat = ran_until(game, number, at)
    return control.left_ms(seat, game.settings, stint_of(game, number))


def remaining_free_ms(game: Game, number: int, at: int) -> int:
    """What is still free of a seat's stint (delay), as settling at ``at`` would leave it."""
    stint = stint_of(game, number)
    if stint is None:
        return 0
    return control_of(game.settings).free_ms(ran_until(game, number, at), game.settings, stint)


def remaining_lag_ms(game: Game, number: int, at: int) -> int:
    """What is left of the way of a running seat's turn to its phone."""
    if game.settled_at is None or game.outage:
        return uncharged_ms(game, number)
    return max(0, uncharged_ms(game, number) - max(0, at - game.settled_at))


def remaining_grace_ms(game: Game, number: int, at: int) -> int | None:
    """What is left to choose in, as settling at ``at`` would leave it."""
    grace_ms = game.seats[number].grace_ms
    if grace_ms is None or game.settled_at is None or game.outage:
        return grace_ms
    return max(0, grace_ms - max(0, at - game.settled_at))


# ---- the round clock


def round_remaining_ms(game: Game, at: int) -> int | None:
    """What is left of the round at ``at``, below 0 once it has been called; None without one."""
    if game.round_left_ms is None or game.round_since is None:
        return game.round_left_ms
    return game.round_left_ms - max(0, at - game.round_since)


def stop_round(draft: Draft) -> None:
    """The round clock stands still: a judge call, an outage, the end."""
    game = draft.game
    if game.round_since is not None:
        draft.put("round_left_ms", round_remaining_ms(game, draft.at))
        draft.put("round_since", None)


def go_on_with_round(draft: Draft) -> None:
    """The round clock counts (again), where there is one."""
    if draft.game.round_left_ms is not None and draft.game.round_since is None:
        draft.put("round_since", draft.at)


def round_due(game: Game) -> int | None:
    """When the round clock next does something: at 0, and at the end of a last turn's cap."""
    if game.round_since is None or game.round_left_ms is None:
        return None
    if not game.round_called:
        return game.round_since + max(0, game.round_left_ms)
    if game.settings.round_end != "last-turn" or game.last_turn is None:
        # Only bells, or turns are counted; or a drawn game was revived and plays on without an end.
        return None
    cap_ms = game.settings.round_more * MINUTE_MS
    return game.round_since + max(0, game.round_left_ms + cap_ms)
