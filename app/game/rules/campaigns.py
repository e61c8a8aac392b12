"""Campaigns while they are played: whose damage it was, and the next round. Rules section 11."""

from __future__ import annotations

from dataclasses import replace

from app.game.game import Game, Hit
from app.game.ledger import Draft

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
