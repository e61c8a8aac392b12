"""The round clock of an event. Rules section 13.

It runs from the start through pauses, except those for a judge and outages. Whether it runs is
decided where the sitting starts, stops and ends; here is what happens at its end.
"""

from __future__ import annotations

from typing import Any

from app.game.clock import round_remaining_ms, stop_round
from app.game.commands import ExtendRound
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked
from app.game.rules.outs import end
from app.game.said import say
from app.game.seat import MAX_BANK_MS


def round_falls_due(draft: Draft) -> tuple[str, dict[str, Any]]:
    """At 0 everybody hears it; after the cap of a last turn the game is drawn."""
    game = draft.game
    settings = game.settings
    if game.round_called:
        end(draft, 0, "round")
        return "round-ended", {}
    draft.put("round_called", True)
    draft.moment("round", end=settings.round_end, more=settings.round_more)
    if settings.round_end == "turns":
        draft.put("last_turn", game.turn + settings.round_more)
    elif settings.round_end == "last-turn":
        announced = game.ending_turn == game.turn
        draft.put("last_turn", game.turn + 1 if announced else game.turn)
    return "round-called", {"end": settings.round_end, "last_turn": draft.game.last_turn}


def extend_round(draft: Draft, command: ExtendRound, asked: Asked) -> None:
    """The host adds time, with a reason; a round that was called goes on."""
    game = draft.game
    left_ms = round_remaining_ms(game, draft.at)
    if left_ms is None:
        raise NotNow("no-round", say("This table has no round clock."))
    left_ms = min(MAX_BANK_MS, left_ms + command.length_ms)
    counts = game.round_since is not None
    stop_round(draft)
    draft.put("round_left_ms", left_ms)
    draft.put("round_since", draft.at if counts else None)
    if left_ms > 0:
        draft.put("round_called", False)
        draft.put("last_turn", None)
    draft.moment("round-extended", ms=command.length_ms)
    asked.facts |= {"ms": command.length_ms, "reason": command.reason}


def set_round_going(draft: Draft) -> None:
    """The whole round lies ahead, from the draft's instant on, where the settings have one."""
    round_ms = draft.game.settings.round_ms
    draft.put("round_left_ms", round_ms or None)
    draft.put("round_since", draft.at if round_ms else None)
    draft.put("round_called", False)
    draft.put("last_turn", None)
