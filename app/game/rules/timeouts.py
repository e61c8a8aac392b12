"""What happens at 0, and what falls due by itself. Rules sections 4 (order), 6 and 12."""

from __future__ import annotations

from typing import Any

from app.game.clock import running_seats, settle, stint_of, uncharged_ms
from app.game.commands import TimeoutChoice
from app.game.game import Game
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked
from app.game.rules.outs import (
    begin_turn,
    hand_on_turn,
    mortal_reason,
    put_out,
    set_clock,
    settle_outs,
)
from app.game.rules.priority import answer
from app.game.said import say
from app.game.seat import MAX_COUNTER, MIN_LIFE
from app.game.time_control import SPENT, control_of


def clock_falls_due(draft: Draft) -> tuple[str, dict[str, Any]]:
    """Everything that falls due at the draft's instant, together; then the winner is looked for.

    Returns the event and its story: which seats ran out of time, which died for not choosing;
    or, when it was only that (byo-yomi), whose period began.
    """
    before = {number: draft.game.seats[number].periods for number in running_seats(draft.game)}
    settle(draft)
    game = draft.game
    settings = game.settings
    died = [seat.number for seat in game.seats_in() if seat.grace_ms == 0]
    ran_out = [number for number in running_seats(game) if _has_run_out(game, number)]
    if not died and not ran_out:
        began = {n: game.seats[n].periods for n in before if _begins_period(game, n)}
        return "period-began", {"periods": began}
    skipped = []
    for number in ran_out:
        draft.moment("time-out", seat=number)
        draft.put_seat(number, "ran_out_turn", game.turn)
        if settings.on_timeout == "choice":
            draft.put_seat(number, "penalties", game.seats[number].penalties + 1)
            draft.put_seat(number, "grace_ms", settings.timeout_grace_ms)
        elif settings.on_timeout == "out":
            died.append(number)
        elif settings.on_timeout == "overtime":
            draft.put_seat(number, "overtime", True)
        else:
            skipped.append(number)
    for number in died:
        put_out(draft, number, "time")
    if died:
        settle_outs(draft)
    for number in skipped:
        _skip(draft, number)
    facts = {"ran_out": ran_out, "died": died, "on_timeout": settings.on_timeout}
    return "time-out", facts


def _has_run_out(game: Game, number: int) -> bool:
    seat = game.seats[number]
    stint = stint_of(game, number) or "turn"
    return (
        not seat.is_pending
        and not seat.overtime
        and not uncharged_ms(game, number)
        and control_of(game.settings).is_spent(seat, game.settings, stint)
    )


def _begins_period(game: Game, number: int) -> bool:
    seat = game.seats[number]
    spent_ms = getattr(seat, SPENT[stint_of(game, number) or "turn"])
    counts = not seat.is_pending and not seat.overtime and seat.bank_ms <= 0
    return counts and spent_ms % game.settings.period_ms == 0


def _skip(draft: Draft, number: int) -> None:
    """Its turn, interrupt or response is over, and it has the time after surviving."""
    game = draft.game
    if game.status != "running" or number not in running_seats(game):
        return
    stint = stint_of(game, number) or "turn"
    control = control_of(game.settings)
    left = control.leaves(game.seats[number], game.settings, stint, game.settings.timeout_bonus_ms)
    set_clock(draft, number, left)
    if game.stack:
        draft.put("stack", game.stack[:-1])
    elif game.targeting is not None and game.targeting.stage == "resolving":
        answer(draft, number)
        hand_on_turn(draft)
    else:
        draft.put("targeting", None)
        following = game.next_in(number)
        if following is not None:
            begin_turn(draft, following, gift=True)


def timeout_choice(draft: Draft, command: TimeoutChoice, asked: Asked) -> None:
    """Lose life or drink and go on with the time after surviving, or die."""
    settle(draft)
    game = draft.game
    settings = game.settings
    seat = asked.subject(game.seats, command.seat)
    number = seat.number
    if not seat.is_pending:
        raise NotNow("nothing-to-choose", say("%(name)s has nothing to choose.", name=seat.called))
    asked.facts |= {"seat": number, "choice": command.choice}
    if command.choice == "die":
        put_out(draft, number, "time")
        settle_outs(draft)
        return
    lost = settings.timeout_life if command.choice == "lose-life" else 0
    drunk = settings.timeout_drinks if command.choice == "drink" else 0
    if not lost and not drunk:
        raise NotNow("not-offered", say("That choice is not offered at this table."))
    asked.facts |= {"life": -lost, "drinks": drunk}
    draft.put_seat(number, "life", max(MIN_LIFE, seat.life - lost))
    draft.put_seat(number, "drinks", min(MAX_COUNTER, seat.drinks + drunk))
    draft.put_seat(number, "grace_ms", None)
    seat = game.seats[number]
    survived = control_of(settings).survived(seat, settings, stint_of(game, number))
    set_clock(draft, number, survived)
    reason = mortal_reason(seat) if lost else ""
    if reason:
        put_out(draft, number, reason)
        settle_outs(draft)
