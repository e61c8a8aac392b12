"""What happens at 0, and what falls due by itself. Rules sections 4 (order), 6 and 12."""

from __future__ import annotations

from typing import Any

from app.game.clock import running_seats, settle
from app.game.commands import TimeoutChoice
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked
from app.game.rules.outs import begin_turn, mortal_reason, put_out, set_bank, settle_outs
from app.game.seat import MAX_COUNTER, MIN_LIFE
from app.game.time_control import control_of


def fall_due(draft: Draft) -> dict[str, Any]:
    """Everything that falls due at the draft's instant, together; then the winner is looked for.

    Returns the story: which seats ran out of time, which died for not choosing.
    """
    settle(draft)
    game = draft.game
    settings = game.settings
    died = [seat.number for seat in game.seats_in() if seat.grace_ms == 0]
    ran_out = [
        number
        for number in running_seats(game)
        if not game.seats[number].is_pending
        and not game.seats[number].overtime
        and control_of(settings).until_timeout_ms(game.seats[number], settings) == 0
    ]
    for number in ran_out:
        draft.moment("time-out", seat=number)
        if settings.on_timeout == "choice":
            draft.put_seat(number, "bank_ms", 0)
            draft.put_seat(number, "penalties", game.seats[number].penalties + 1)
            draft.put_seat(number, "grace_ms", settings.timeout_grace_ms)
        elif settings.on_timeout == "out":
            died.append(number)
        elif settings.on_timeout == "overtime":
            draft.put_seat(number, "overtime", True)
        else:
            set_bank(draft, number, settings.timeout_bonus_ms)
    for number in died:
        put_out(draft, number, "time")
    if died:
        settle_outs(draft)
    if settings.on_timeout == "skip" and game.active in ran_out and game.status == "running":
        following = game.next_in(game.active)
        if following is not None:
            begin_turn(draft, following, gift=True)
    return {"ran_out": ran_out, "died": died, "on_timeout": settings.on_timeout}


def timeout_choice(draft: Draft, command: TimeoutChoice, asked: Asked) -> None:
    """Lose life or drink and go on with the time after surviving, or die."""
    settle(draft)
    game = draft.game
    settings = game.settings
    seat = asked.subject(game.seats, command.seat)
    number = seat.number
    if not seat.is_pending:
        raise NotNow("nothing-to-choose", f"{seat.name} has nothing to choose.")
    asked.facts |= {"seat": number, "choice": command.choice}
    if command.choice == "die":
        put_out(draft, number, "time")
        settle_outs(draft)
        return
    lost = settings.timeout_life if command.choice == "lose-life" else 0
    drunk = settings.timeout_drinks if command.choice == "drink" else 0
    if not lost and not drunk:
        raise NotNow("not-offered", "That choice is not offered at this table.")
    asked.facts |= {"life": -lost, "drinks": drunk}
    draft.put_seat(number, "life", max(MIN_LIFE, seat.life - lost))
    draft.put_seat(number, "drinks", min(MAX_COUNTER, seat.drinks + drunk))
    draft.put_seat(number, "grace_ms", None)
    set_bank(draft, number, control_of(settings).restored_ms(seat, settings))
    reason = mortal_reason(game.seats[number]) if lost else ""
    if reason:
        put_out(draft, number, reason)
        settle_outs(draft)
