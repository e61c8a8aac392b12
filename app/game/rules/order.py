"""Settings, the game's name, who begins: what the host arranges. Rules sections 2 and 8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from app.game.campaign import default_title
from app.game.commands import RandomStart, RenameGame, RollOrder, UpdateSettings
from app.game.ledger import Draft
from app.game.refusals import BadFields, NotNow
from app.game.rules.context import Asked, Chance
from app.game.said import say
from app.game.settings_form import sand_complaint
from app.game.table_settings import ALSO_WHILE_PAUSED, TableSettings
from app.game.time_control import control_of

ORDER_DIE = 20
FEWEST_ROLLERS = 2


def update_settings(draft: Draft, command: UpdateSettings, asked: Asked) -> None:
    """Before the start all of them; while paused only those of the table's course."""
    game = draft.game
    settings = command.settings or game.settings
    changed = [
        f.name
        for f in fields(settings)
        if getattr(settings, f.name) != getattr(game.settings, f.name)
    ]
    if game.status == "paused" and not ALSO_WHILE_PAUSED.issuperset(changed):
        raise NotNow("settings-fixed", say("That can only be changed before the start."))
    control = control_of(settings)
    # An allowance of its own is no starting time of its own, nor the other way round.
    kept = control.each_turn == control_of(game.settings).each_turn
    own_ms = {n: seat.handicap_ms if kept else None for n, seat in game.seats.items()}
    if game.status == "waiting":
        refuse_too_much_sand(settings, [control.full_ms(settings, ms) for ms in own_ms.values()])
    asked.facts["changed"] = sorted(changed)
    draft.put("settings", settings)
    if command.title is not None:
        draft.put("name", command.title or default_title(game))
    if command.listed is not None:
        draft.put("listed", command.listed)
    if game.status != "waiting":
        return
    for number, handicap_ms in own_ms.items():
        if CLOCK_SETTINGS.intersection(changed):
            draft.put_seat(number, "handicap_ms", handicap_ms)
            draft.put_seat(number, "bank_ms", control.full_ms(settings, handicap_ms))
            draft.put_seat(number, "periods", control.full_periods(settings))
        if "starting_life" in changed:
            draft.put_seat(number, "life", settings.starting_life)


CLOCK_SETTINGS = frozenset({"starting_ms", "time_control", "allowance_ms", "periods"})
"""After a change of these, everybody's clock is set anew."""


def refuse_too_much_sand(settings: TableSettings, banks_ms: Sequence[int]) -> None:
    """An hourglass pours everything into one bank, which never exceeds 24 h (rules section 4)."""
    complaint = sand_complaint(settings, banks_ms)
    if complaint:
        raise BadFields({"starting_minutes": complaint})


def rename_game(draft: Draft, command: RenameGame, asked: Asked) -> None:
    """Blank brings the default name back."""
    draft.put("name", command.title or default_title(draft.game))


def random_start(draft: Draft, command: RandomStart, asked: Asked) -> None:
    """A uniform pick among the seats that are taken; among all while none is."""
    game = draft.game
    choices = [s.number for s in game.in_order() if s.is_taken] or list(game.places())
    picked = choices[asked.around.chance(len(choices)) - 1]
    draft.put("starter", picked)
    draft.put("order_roll", None)
    draft.moment("random-start", seat=picked, among=choices)
    asked.facts["seat"] = picked


def roll_order(draft: Draft, command: RollOrder, asked: Asked) -> None:
    """A d20 for each taken seat, highest first; ties roll again only among themselves."""
    game = draft.game
    rolling = [s.number for s in game.in_order() if s.is_taken]
    if len(rolling) < FEWEST_ROLLERS:
        raise NotNow("too-few", say("At least two seats must be taken to roll for order."))
    rolls: dict[int, list[int]] = {number: [] for number in rolling}
    ranked = _rank(rolling, rolls, asked.around.chance)
    draft.put("starter", ranked[0])
    if command.order == "all":
        draft.put("order", (*ranked, *(n for n in game.order if n not in rolls)))
    result = {
        "order": command.order,
        "rolls": [{"seat": number, "rolled": rolls[number]} for number in ranked],
    }
    draft.put("order_roll", result)
    draft.moment("order-roll", **result)
    asked.facts |= result


def _rank(tied: list[int], rolls: dict[int, list[int]], chance: Chance) -> list[int]:
    """Highest first; 15, 15, 3 leaves the 3 last whatever the two roll next."""
    if len(tied) == 1:
        return tied
    by_roll: dict[int, list[int]] = {}
    for number in tied:
        rolled = chance(ORDER_DIE)
        rolls[number].append(rolled)
        by_roll.setdefault(rolled, []).append(number)
    ranked: list[int] = []
    for rolled in sorted(by_roll, reverse=True):
        ranked += _rank(by_roll[rolled], rolls, chance)
    return ranked
