"""What a screen shows of a campaign: the chapter of its round, and who is ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.game.campaign import (
    Standing,
    champions,
    chapter,
    hand_size,
    is_over,
    level_of,
    points_of,
    preset_of,
    standings,
)
from app.game.campaign_presets import PRESETS, Preset
from app.game.game import Game
from app.game.letters import isolated
from app.game.said import joined, say, say_many
from app.game.wording import clock_text, gift_text


@dataclass(frozen=True)
class ChapterView:
    """What a round is about, told in its lobby."""

    number: int
    #: "One well"
    title: str
    #: "Round 2 of 3"
    words: str
    story: str
    #: "6 cards", "6:00 +0:30", "10 life"
    facts: tuple[str, ...]
    #: The page's colours; "" for the house's own.
    theme: str


@dataclass(frozen=True)
class RoundCell:
    """What one round brought a seat."""

    #: "Round 2"
    label: str
    #: "15", "0"; empty where the seat was not at the table
    text: str


@dataclass(frozen=True)
class StandingRow:
    """One seat in the table of results."""

    number: int
    rank: int
    name: str
    color: str
    #: What decides first: points or rounds won.
    total: str
    #: What else decides, "Level 2 · 1 round won · 34 damage".
    words: str
    rounds: tuple[RoundCell, ...]


@dataclass(frozen=True)
class StandingsView:
    """The table of results after a round, or after the last one."""

    #: "Round 2 of 3"; when it is over the campaign's name
    words: str
    #: "points" or "rounds won"
    counted: str
    rows: tuple[StandingRow, ...]
    over: bool
    #: The champion's name, or those who share it; empty while it goes on.
    champion: str
    #: Their colour, when it is one.
    color: str
    seat: str
    #: "Champion", "Champions"
    title: str
    ending: str


@dataclass(frozen=True)
class Offered:
    """A campaign as the create form offers it."""

    key: str
    name: str
    story: str
    #: "5 rounds · 10:00, 1:00 less each round, not below 5:00 · Most rounds won; three decide it."
    words: str


def round_words(game: Game) -> str:
    """Which round of how many; empty outside campaigns."""
    campaign = game.campaign
    if campaign is None:
        return ""
    rounds = preset_of(campaign).rounds
    return say("Round %(number)s of %(rounds)s", number=campaign.number, rounds=rounds)


def theme_of(game: Game) -> str:
    """The page's colours; empty for the house's own."""
    return preset_of(game.campaign).theme if game.campaign else ""


def chapter_view(game: Game, _at: int = 0) -> ChapterView | None:
    """The chapter of the round; None outside campaigns."""
    campaign = game.campaign
    if campaign is None:
        return None
    preset = preset_of(campaign)
    settings = game.settings
    cards = hand_size(preset, campaign.number)
    clock = f"{clock_text(settings.starting_ms)} {gift_text(settings.bonus_ms)}"
    facts = (
        say("%(count)s cards", count=cards) if cards else "",
        clock,
        say("%(count)s life", count=settings.starting_life),
    )
    return ChapterView(
        number=campaign.number,
        title=preset.title,
        words=round_words(game),
        story=chapter(preset, campaign.number),
        facts=tuple(fact for fact in facts if fact),
        theme=preset.theme,
    )


def points_words(game: Game, number: int) -> str:
    """What a row says of a seat: "15 points · level 2", "1 round"; empty outside campaigns."""
    if game.campaign is None:
        return ""
    preset = preset_of(game.campaign)
    points = points_of(game, number)
    if preset.scoring is None:
        return _rounds(points)
    level = level_of(preset, points)
    told = _points(points)
    return _dotted([told, say("level %(number)s", number=level)]) if level else told


def standings_view(game: Game) -> StandingsView | None:
    """The table of results once a round is finished; None before and outside campaigns."""
    campaign = game.campaign
    if campaign is None or game.status != "finished":
        return None
    preset = preset_of(campaign)
    over = is_over(game)
    first = [game.seats[number] for number in champions(game)]
    alone = first[0] if len(first) == 1 else None
    return StandingsView(
        words=preset.title if over else round_words(game),
        counted=say("points") if preset.scoring else say("rounds won"),
        rows=tuple(_row(game, preset, standing) for standing in standings(game)),
        over=over,
        champion=joined(" & ", [isolated(seat.called) for seat in first]),
        color=alone.color if alone else "",
        seat=str(alone.number) if alone else "",
        title=say("Champion") if alone else say("Champions"),
        ending=preset.ending,
    )


def offered() -> list[Offered]:
    """The campaigns to choose from."""
    return [
        Offered(key, preset.name, preset.story, _offer_words(preset))
        for key, preset in PRESETS.items()
    ]


def _offer_words(preset: Preset) -> str:
    clock = clock_text(preset.starting_ms)
    if preset.less_ms:
        less, least = clock_text(preset.less_ms), clock_text(preset.least_ms)
        clock = say(
            "%(time)s, %(less)s less each round, not below %(least)s",
            time=clock,
            less=less,
            least=least,
        )
    life = preset.settings.get("starting_life")
    hands = " / ".join(str(cards) for cards in preset.hands)
    parts = (
        _rounds(preset.rounds),
        clock,
        say("%(count)s life", count=life) if life else "",
        say("hands of %(cards)s", cards=hands) if hands else "",
    )
    return joined(". ", [_dotted(parts), preset.goal])


def _row(game: Game, preset: Preset, standing: Standing) -> StandingRow:
    seat = game.seats[standing.number]
    told = {
        "points": _points(standing.points),
        "rounds": say_many("%(count)s round won", "%(count)s rounds won", standing.rounds),
        "damage": say("%(count)s damage", count=standing.damage),
        "time": ""
        if standing.survived_ms is None
        else say("%(length)s used", length=clock_text(standing.survived_ms)),
    }
    level = say("Level %(number)s", number=standing.level) if standing.level else ""
    words = (level, *(told[name] for name in preset.ranking[1:]))
    return StandingRow(
        number=seat.number,
        rank=standing.rank,
        name=seat.called,
        color=seat.color,
        total=str(standing.points if preset.scoring else standing.rounds),
        words=_dotted(words),
        rounds=tuple(
            RoundCell(say("Round %(number)s", number=number), "" if points is None else str(points))
            for number, points in enumerate(standing.by_round, 1)
        ),
    )


def _rounds(count: int) -> str:
    return say_many("%(count)s round", "%(count)s rounds", count)


def _points(count: int) -> str:
    return say_many("%(count)s point", "%(count)s points", count)


def _dotted(parts: Iterable[str]) -> str:
    return joined(" \u00b7 ", [part for part in parts if part])
