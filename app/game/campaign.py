"""A campaign: settings of its rounds, points, the table of results, the champion. Rules section 11.

All of it follows from the game: what is booked and the round that is played. So the champion
comes and goes with the last round's end, and undo, revive and reset need not know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from app.game.campaign_presets import PRESETS, DamageScoring, Preset
from app.game.game import DEFAULT_NAME, Campaign, Game, RoundResult
from app.game.seat import Seat
from app.game.settings_form import FIELDS
from app.game.table_settings import TableSettings

FIXED = frozenset(
    {
        *("starting_ms", "time_control", "bonus_ms", "increment_ms", "delay_ms", "delay_rearms"),
        *("periods", "period_ms", "allowance_ms", "starting_life"),
    }
)
"""The clock and life settings: a campaign has its own, whatever a form says."""

FIXED_FIELDS = frozenset(
    {"starting_minutes", "starting_seconds"} | {f.name for f in FIELDS if f.setting in FIXED}
)
"""The form fields of these, which a campaign ignores."""

NO_FIELDS: frozenset[str] = frozenset()


def ignored_fields(game: Game, command: str) -> frozenset[str]:
    """The fields of a command's form that are not even read in this game."""
    return FIXED_FIELDS if game.campaign and command == "update-settings" else NO_FIELDS


def preset_of(campaign: Campaign) -> Preset:
    """What is played."""
    return PRESETS[campaign.preset]


def starting_ms(preset: Preset, number: int) -> int:
    """The starting time of a round: less each round, but not below the least."""
    return max(preset.least_ms, preset.starting_ms - preset.less_ms * (number - 1))


def round_settings(preset: Preset, number: int, settings: TableSettings) -> TableSettings:
    """``settings`` with the clock and life of a round: the preset's, else the defaults."""
    defaults = TableSettings()
    fixed = {f.name: getattr(defaults, f.name) for f in fields(settings) if f.name in FIXED}
    return replace(
        settings, **{**fixed, **preset.settings, "starting_ms": starting_ms(preset, number)}
    )


def hand_size(preset: Preset, number: int) -> int:
    """Cards of the opening hand in a round; 0: as usual."""
    return _nth(preset.hands, number) if preset.hands else 0


def chapter(preset: Preset, number: int) -> str:
    """The story of a round."""
    return preset.chapters[min(number, len(preset.chapters)) - 1]


def default_title(game: Game) -> str:
    """What a game is called that nobody named."""
    return str(preset_of(game.campaign).name if game.campaign else DEFAULT_NAME)


# ---- a round


def damage_of(game: Game, seat: Seat) -> dict[int, int]:
    """The damage that counts of this round, by victim: at most the starting life of each."""
    most = game.settings.starting_life
    dealt = seat.dealt or {}
    return {victim: min(most, done) for victim, done in dealt.items() if done > 0}


def damage_points(scoring: DamageScoring, damage: dict[int, int], number: int) -> int:
    """floor(damage x breadth x round) of one seat in one round."""
    victims = min(len(damage), len(scoring.breadth_percent) - 1)
    breadth = scoring.breadth_percent[victims]
    return sum(damage.values()) * breadth * _nth(scoring.round_percent, number) // 10_000


def round_result(game: Game) -> RoundResult:
    """The round that is played, as it stands; booked by next-round once it is finished."""
    campaign = game.campaign
    if campaign is None:
        message = "a casual game has no rounds"
        raise ValueError(message)
    scoring = preset_of(campaign).scoring
    winner = game.winner or 0
    damage = {n: damage_of(game, seat) for n, seat in game.seats.items() if not seat.aside}
    points = {
        n: damage_points(scoring, done, campaign.number) if scoring else int(n == winner)
        for n, done in damage.items()
    }
    return RoundResult(
        number=campaign.number,
        winner=winner,
        points=points,
        damage={n: sum(done.values()) for n, done in damage.items()},
        used_ms={n: game.seats[n].used_ms for n in damage},
        survived=tuple(n for n in damage if game.seats[n].is_in),
    )


def results(game: Game) -> tuple[RoundResult, ...]:
    """Every round so far, the one that is played among them."""
    campaign = game.campaign
    return (*campaign.booked, round_result(game)) if campaign else ()


def points_of(game: Game, number: int) -> int:
    """A seat's points so far, booked and this round's."""
    return sum(result.points.get(number, 0) for result in results(game))


def level_of(preset: Preset, points: int) -> int:
    """1 and one more for each threshold reached; 0 where there are no levels."""
    return 1 + sum(points >= threshold for threshold in preset.levels) if preset.levels else 0


# ---- the whole


@dataclass(frozen=True)
class Standing:
    """One seat of a campaign so far."""

    number: int
    #: 1 for the first; equals share a rank.
    rank: int
    rounds: int
    points: int
    damage: int
    #: Time used in rounds survived; None when it survived none.
    survived_ms: int | None
    level: int
    #: Points by round, from the first; None where the seat was not at the table.
    by_round: tuple[int | None, ...]


MEASURES: dict[str, Callable[[Standing], int]] = {
    "rounds": lambda standing: standing.rounds,
    "points": lambda standing: standing.points,
    "damage": lambda standing: standing.damage,
    "time": lambda standing: -(_NEVER_MS if (ms := standing.survived_ms) is None else ms),
}
"""What a preset's ranking may name; more is better."""

_NEVER_MS = 10**15
"""Longer than any campaign: whoever survived no round comes after all who did."""


def standings(game: Game) -> tuple[Standing, ...]:
    """Who is ahead, the first first; equal by every measure is equal, in seat order."""
    campaign = game.campaign
    if campaign is None:
        return ()
    preset = preset_of(campaign)
    rounds = results(game)
    finished = rounds if game.status == "finished" else rounds[:-1]
    known = [
        n for n in game.order if not game.seats[n].aside or any(n in r.points for r in finished)
    ]
    unranked = [_standing(preset, number, rounds, finished) for number in known]
    keys = {s.number: tuple(MEASURES[name](s) for name in preset.ranking) for s in unranked}
    ordered = sorted(keys.values(), reverse=True)
    ranked = [replace(s, rank=1 + ordered.index(keys[s.number])) for s in unranked]
    return tuple(sorted(ranked, key=lambda standing: standing.rank))


def _standing(
    preset: Preset, number: int, rounds: tuple[RoundResult, ...], finished: tuple[RoundResult, ...]
) -> Standing:
    points = sum(result.points.get(number, 0) for result in rounds)
    survived = [result.used_ms[number] for result in finished if number in result.survived]
    return Standing(
        number=number,
        rank=0,
        rounds=sum(result.winner == number for result in finished),
        points=points,
        damage=sum(result.damage.get(number, 0) for result in rounds),
        survived_ms=sum(survived) if survived else None,
        level=level_of(preset, points),
        by_round=tuple(result.points.get(number) for result in rounds),
    )


def is_over(game: Game) -> bool:
    """Whether the last round is finished, or the target reached."""
    campaign = game.campaign
    if campaign is None or game.status != "finished":
        return False
    preset = preset_of(campaign)
    if campaign.number >= preset.rounds:
        return True
    return bool(preset.target) and any(s.rounds >= preset.target for s in standings(game))


def champions(game: Game) -> tuple[int, ...]:
    """Whose campaign it is, several where it is shared; nobody while it goes on."""
    if not is_over(game):
        return ()
    return tuple(standing.number for standing in standings(game) if standing.rank == 1)


def _nth(values: tuple[int, ...], number: int) -> int:
    return values[min(number, len(values)) - 1]
