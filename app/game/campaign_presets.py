"""The campaigns that are offered (rules section 11). Adding one is adding one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.game.said import say
from app.game.table_settings import MINUTE_MS, SECOND_MS


@dataclass(frozen=True)
class DamageScoring:
    """Points for damage: damage x breadth x round, rounded down. Factors in percent."""

    #: By how many seats were hit, from none.
    breadth_percent: tuple[int, ...]
    #: By round, from the first; the last one goes on.
    round_percent: tuple[int, ...]


@dataclass(frozen=True)
class Preset:
    """One campaign: how long, with which clock, who is ahead, and its story."""

    name: str
    #: What its story is called.
    title: str
    #: Who wins it, in a sentence.
    goal: str
    rounds: int
    #: The starting time of round 1, how much less it is each round, and where that ends.
    starting_ms: int
    less_ms: int
    least_ms: int
    #: What decides, most important first: measures of ``campaign.MEASURES``.
    ranking: tuple[str, ...]
    #: What it is about in a sentence, for whoever chooses.
    story: str
    #: A story for each round, and one for the end.
    chapters: tuple[str, ...]
    ending: str
    #: So many rounds won decide it; 0: all rounds are played.
    target: int = 0
    #: Further settings it fixes, by name; other clock and life settings are the defaults.
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: None: a round won is a point.
    scoring: DamageScoring | None = None
    #: Points that raise the level by one each; none: there are no levels.
    levels: tuple[int, ...] = ()
    #: Cards of the opening hand by round; none: as usual.
    hands: tuple[int, ...] = ()
    #: The page's colours (``data-theme``); none: the house's own.
    theme: str = ""


PRESETS: dict[str, Preset] = {
    "standard": Preset(
        name=say("Standard"),
        title=say("The long road"),
        goal=say("Most rounds won; three decide it."),
        rounds=5,
        target=3,
        starting_ms=10 * MINUTE_MS,
        less_ms=MINUTE_MS,
        least_ms=5 * MINUTE_MS,
        ranking=("rounds", "damage"),
        story=say("Five inns on one road, and each fire burns a little shorter than the last."),
        chapters=(
            say(
                "The first inn. Boots off, cards out, and a fire laid for a long evening. "
                "Nobody here knows yet how well you lie."
            ),
            say(
                "The second inn is smaller and its host counts the logs. "
                "You have seen one another\u2019s hands now, and the friendly part is over."
            ),
            say(
                "Half way. The road bends into the wood, and someone at this table "
                "already walks a step ahead of the rest."
            ),
            say(
                "The fourth inn has more shadow than roof. What you owe each other "
                "from the nights before is due here."
            ),
            say(
                "The last inn, the last log. Whoever is still awake when it falls "
                "is the one they will tell of on this road."
            ),
        ),
        ending=say(
            "The road is behind you. The last innkeeper carves a name into the beam above "
            "the fire, where the smoke cannot reach it."
        ),
    ),
    "blitz": Preset(
        name=say("Blitz"),
        title=say("Seven bells"),
        goal=say("First to win four rounds."),
        rounds=7,
        target=4,
        starting_ms=5 * MINUTE_MS,
        less_ms=30 * SECOND_MS,
        least_ms=2 * MINUTE_MS,
        ranking=("rounds", "damage"),
        story=say("A storm stands off the harbour. Seven bells until it is here, each quicker."),
        chapters=(
            say(
                "First bell. The harbour watch has seen the storm. "
                "There is time to tie things down, if nobody talks too much."
            ),
            say("Second bell. The gulls have gone inland. Decide quickly; regret later."),
            say("Third bell. Rain on the deck, cards under an elbow."),
            say(
                "Fourth bell. Half the lamps are out. Someone has a hand on the prize, "
                "and everybody has seen it."
            ),
            say("Fifth bell. The rope sings. There is no time left to be polite."),
            say("Sixth bell. The water is over the pier. Play what you hold."),
            say("Seventh bell, and the last. Two minutes of dry deck for whoever dares."),
        ),
        ending=say(
            "The storm goes over and leaves one boat at the pier. Its captain rings "
            "the bell once more, for no reason but joy."
        ),
    ),
    "endurance": Preset(
        name=say("Endurance"),
        title=say("The night watch"),
        goal=say("Most rounds won; between equals whoever survives with less time."),
        rounds=10,
        starting_ms=15 * MINUTE_MS,
        less_ms=0,
        least_ms=15 * MINUTE_MS,
        ranking=("rounds", "time", "damage"),
        story=say("Ten hours on the wall, from dusk to daylight. Strength matters; patience more."),
        chapters=(
            say(
                "Dusk. The gate is shut and ten hours lie before you. "
                "Do not spend tonight\u2019s strength on the first of them."
            ),
            say("The second hour. Torches along the wall, and laughter still. It will stop."),
            say("The third hour. Something moved in the field. It was nothing. It moved again."),
            say("The fourth hour. The soup is cold, the jokes are old."),
            say("Midnight. Half the watch is done, and the tired half begins."),
            say("The sixth hour. Those who think too long fall asleep thinking."),
            say("The seventh hour. Frost on the shields. Keep your hands moving."),
            say(
                "The eighth hour. The dark is never thicker than now. "
                "Count who is still on the wall."
            ),
            say("The ninth hour. A grey line in the east, or a wish."),
            say("The last hour. The sun will come up whatever you do. Be there to see it."),
        ),
        ending=say(
            "Daylight. The gate swings open, and the one who slept least and stood longest "
            "is carried down the stairs in honour."
        ),
    ),
    "wastelands": Preset(
        name=say("Wastelands"),
        title=say("One well"),
        goal=say("Most points: hit hard, hit many, hit late."),
        rounds=3,
        starting_ms=6 * MINUTE_MS,
        less_ms=0,
        least_ms=6 * MINUTE_MS,
        settings={"bonus_ms": 30 * SECOND_MS, "starting_life": 10},
        ranking=("points", "rounds", "damage"),
        scoring=DamageScoring(
            breadth_percent=(0, 100, 150, 200, 250, 300, 350, 400),
            round_percent=(100, 150, 200),
        ),
        levels=(10, 25, 50, 80, 120),
        hands=(5, 6, 7),
        theme="wastelands",
        story=say("The wells are dry and every convoy is prey. Ten life, three raids, one legend."),
        chapters=(
            say(
                "The salt flat. One well, and dust on every horizon. You wake with five cards "
                "and a rusted engine. Whoever bleeds today teaches you their name."
            ),
            say(
                "The bone yard. Hulls of old convoys, good for cover, better for parts. Six cards. "
                "The ones you spared are waiting behind the wrecks."
            ),
            say(
                "The glass sea. Here the sky once fell and the sand remembers it. Seven cards, "
                "the last fuel, and nothing left to save it for."
            ),
        ),
        ending=say(
            "The dust settles on one engine still running. Its driver takes the well, "
            "the road and the story."
        ),
    ),
}

DEFAULT_PRESET = "standard"
