"""Campaigns while they are played: whose damage it was, and the next round. Rules section 11."""

from __future__ import annotations

from dataclasses import replace

from app.game.campaign import is_over, preset_of, round_result, round_settings
from app.game.commands import NextRound
from app.game.game import Game, Hit
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked
from app.game.rules.sitting import back_to_lobby
from app.game.said import say
from app.game.seat import MAX_BANK_MS
from app.game.table_settings import SECOND_MS

CORRECTED_MS = 10_000
"""A change that undoes one of the same hand within this long counts net."""


def attacker_of(game: Game) -> int | None:
    """Who is credited: the top interrupter, else the active seat, also while others respond."""
    return game.stack[-1] if game.stack else game.active


def count_damage(draft: Draft, victim: int, life: int) -> list[list[int]]:
    """A seat changes its own life to ``life``: what that makes of everybody's damage.

    Only life down to 0 counts, and only of a seat that is in. Returns what was credited, as
    [attacker, victim, amount] with amounts below 0 for corrections. How much of it counts at
    most is decided where points are (``campaign``).
    """
    game = draft.game
    seat = game.seats[victim]
    if not seat.is_in:
        return []
    lost = max(0, seat.life) - max(0, life)
    recent = [hit for hit in game.hits if draft.at - hit.at <= CORRECTED_MS]
    credited: list[list[int]] = []
    for place in range(len(recent) - 1, -1, -1):
        hit = recent[place]
        opposite = hit.attacker == 0 if lost > 0 else hit.attacker != 0
        if lost == 0 or not opposite or (hit.victim, hit.hand) != (victim, victim):
            continue
        netted = min(abs(lost), hit.amount)
        recent[place] = replace(hit, amount=hit.amount - netted)
        if lost < 0:
            _credit(draft, credited, hit.attacker, victim, -netted)
        lost += netted if lost < 0 else -netted
    if lost:
        attacker = (attacker_of(game) or 0) if lost > 0 else 0
        seq = game.version + 1
        recent.append(Hit(seq, draft.at, victim, victim, attacker, abs(lost)))
        if lost > 0:
            _credit(draft, credited, attacker, victim, lost)
    draft.put("hits", tuple(hit for hit in recent if hit.amount))
    return credited


def _credit(
    draft: Draft, credited: list[list[int]], attacker: int, victim: int, amount: int
) -> None:
    if attacker not in (0, victim):
        credit(draft, attacker, victim, amount)
        credited.append([attacker, victim, amount])


def credit(draft: Draft, attacker: int, victim: int, amount: int) -> None:
    """So much more (or less) damage of one seat to another in this round."""
    dealt = dict(draft.game.seats[attacker].dealt or {})
    dealt[victim] = dealt.get(victim, 0) + amount
    kept = {number: done for number, done in dealt.items() if done > 0}
    draft.put_seat(attacker, "dealt", kept or None)


def next_round(draft: Draft, command: NextRound, asked: Asked) -> None:
    """Book the finished round and open the next with the same people, names, colours, order.

    The seat after the last starter starts. A starting time of a seat's own stays as much more or
    less than everybody's as it was.
    """
    game = draft.game
    campaign = game.campaign
    if campaign is None:
        raise NotNow("no-campaign", say("This game is not a campaign."))
    if is_over(game):
        raise NotNow("campaign-over", say("The campaign is over."))
    booked = round_result(game)
    number = campaign.number + 1
    settings = round_settings(preset_of(campaign), number, game.settings)
    more_ms = settings.starting_ms - game.settings.starting_ms
    for seat in list(game.seats.values()):
        if seat.handicap_ms is not None:
            own_ms = max(SECOND_MS, min(MAX_BANK_MS, seat.handicap_ms + more_ms))
            draft.put_seat(seat.number, "handicap_ms", own_ms)
    draft.put("campaign", replace(campaign, number=number, booked=(*campaign.booked, booked)))
    draft.put("settings", settings)
    draft.put("starter", _after(game, game.first))
    back_to_lobby(draft)
    asked.facts |= {"round": booked.number, "winner": booked.winner, "points": booked.points}


def _after(game: Game, first: int | None) -> int | None:
    """The seat after this one in order, those out and set aside included: they are back."""
    if first is None or first not in game.order:
        return None
    return game.order[(game.order.index(first) + 1) % len(game.order)]
