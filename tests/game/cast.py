"""The same cast in every test: the host on seat 1, guests on seats 2 and 3, an onlooker.

Tests move time by handing over another instant. Instants here count from the moment the game
began, so that a test reads "at=5_000" for five seconds into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.game import judge
from app.game.campaign import ignored_fields
from app.game.clock import remaining_ms
from app.game.commands import COMMANDS, Command, TakeOver, read_new_game
from app.game.entry import Entry
from app.game.game import Game, new_game
from app.game.refusals import BadFields, Kind, NotYours, Refusal, Stale
from app.game.rules.context import Surroundings
from app.game.seat import Seat

ADA = "ada-the-host"
BEN = "ben-on-seat-2"
CLEO = "cleo-on-seat-3"
DORA = "dora-looks-on"
TABLET = "the-tablet-in-the-middle"

CODE = "K7QF2M"
T0 = 1_760_000_000_000
"""The instant the games of these tests were created, epoch milliseconds."""

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000


def form(**fields: object) -> dict[str, list[str]]:
    """Form fields as a browser sends them; ``as_`` is the field "as", a list is repeated."""
    return {
        name.removesuffix("_"): [str(v) for v in value] if isinstance(value, list) else [str(value)]
        for name, value in fields.items()
    }


@dataclass
class Dice:
    """Rolls what it was told to; after that it counts down from the highest, so ties end."""

    coming: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def __call__(self, sides: int) -> int:
        """A number from 1 to ``sides``."""
        self.asked.append(sides)
        return self.coming.pop(0) if self.coming else sides - (len(self.asked) - 1) % sides


@dataclass
class Sitting:
    """A game in a test, with its ledger, its dice and who is there."""

    game: Game
    dice: Dice = field(default_factory=Dice)
    entries: list[Entry] = field(default_factory=list)
    seats_there: frozenset[int] = frozenset()
    host_away_ms: int | None = None
    nobody_since: int | None = None
    #: Round trips to the phones, by seat.
    lags_ms: dict[int, float] = field(default_factory=dict)
    beginning: Game = field(init=False)

    def __post_init__(self) -> None:
        self.beginning = self.game

    @property
    def now(self) -> int:
        """The instant of the newest entry, counted from the beginning."""
        return self.game.last_at - T0

    @property
    def around(self) -> Surroundings:
        """What the rules may know from outside."""
        return Surroundings(
            chance=self.dice,
            seats_there=self.seats_there,
            host_away_ms=self.host_away_ms,
            nobody_since=None if self.nobody_since is None else T0 + self.nobody_since,
            past=lambda: reversed(self.entries),
            lag_of=lambda _game, number: self.lags_ms.get(number, 0),
        )

    def seat(self, number: int) -> Seat:
        """A seat as it is stored."""
        return self.game.seats[number]

    def bank(self, number: int, at: int | None = None) -> int:
        """What a seat has left at an instant."""
        return remaining_ms(self.game, number, T0 + (self.now if at is None else at))

    def wait(self, until: int) -> list[Entry]:
        """Let happen what falls due up to an instant."""
        self.game, entries = judge.advance(self.game, T0 + until, self.around)
        self.entries += entries
        return entries

    def play(self, command: str, client: str, at: int | None = None, /, **fields: object) -> Entry:
        """What is due happens, then the form is read and judged, as on the server."""
        at = self.now if at is None else at
        ignored = ignored_fields(self.game, command)
        asked = COMMANDS[command].read(form(**fields), self.game.settings, ignored)
        return self.give(asked, client, at)

    def give(self, command: Command, client: str, at: int) -> Entry:
        """Carry a command out, after what fell due before it."""
        self.wait(at)
        self.game, entry = judge.decide(self.game, command, client, T0 + at, self.around)
        self.entries.append(entry)
        return entry

    def tap(self, seat: int, command: str, at: int | None = None, /, **fields: object) -> Entry:
        """The same by the holder of a seat; those beyond the third sit at the host's device."""
        client = {1: ADA, 2: BEN, 3: CLEO}.get(seat)
        if client is None:
            return self.play(command, ADA, at, as_=seat, **fields)
        return self.play(command, client, at, **fields)

    def take_over(self, place: int, client: str) -> Entry:
        """A good reconnect token was shown."""
        return self.give(TakeOver(place=place), client, self.now)

    def refusal(self, command: str, client: str, at: int | None = None, /, **fields: object) -> str:
        """The code of the refusal this command meets; it must be one, in a sentence."""
        return self._refused(command, client, at, fields).code

    def sentence(
        self, command: str, client: str, at: int | None = None, /, **fields: object
    ) -> str:
        """What somebody refused reads."""
        return self._refused(command, client, at, fields).sentence

    def complaints(self, command: str, client: str, /, **fields: object) -> set[str]:
        """The fields that are complained about."""
        with pytest.raises(BadFields) as bad:
            self.play(command, client, **fields)
        assert all(text.strip() for text in bad.value.complaints.values())
        return set(bad.value.complaints)

    def is_stale(
        self, command: str, client: str, at: int | None = None, /, **fields: object
    ) -> bool:
        """Whether the form was painted for another turn; then nothing has changed."""
        self.wait(self.now if at is None else at)
        before = self.game
        try:
            self.play(command, client, at, **fields)
        except Stale:
            return self.game is before
        return False

    def _refused(
        self, command: str, client: str, at: int | None, fields: dict[str, object]
    ) -> Refusal:
        with pytest.raises(Refusal) as refused:
            self.play(command, client, at, **fields)
        refusal = refused.value
        assert refusal.sentence.endswith(".")
        assert isinstance(refusal, NotYours) == (refusal.kind is Kind.NOT_ALLOWED)
        return refusal

    def moments(self) -> list[tuple[str, dict[str, Any]]]:
        """What every screen shows once, oldest first."""
        return [(moment.kind, moment.data) for moment in self.game.moments]


def created(**fields: object) -> Sitting:
    """A game as the create form makes it, nobody seated, by the host."""
    wanted = read_new_game(form(**fields))
    game = new_game(
        CODE,
        host=ADA,
        at=T0,
        name=wanted.title or wanted.default_title,
        players=wanted.players,
        settings=wanted.settings,
        listed=wanted.listed,
        campaign=wanted.campaign,
    )
    return Sitting(game)


def lobby(players: int = 3, **fields: Any) -> Sitting:
    """Waiting: the host on seat 1, guests on 2 and 3 (a table of two has only the first)."""
    sitting = created(players=players, **fields)
    for number, client, name in ((1, ADA, "Ada"), (2, BEN, "Ben"), (3, CLEO, "Cleo"))[:players]:
        sitting.play("claim-seat", client, seat=number, name=name)
    return sitting


def running(players: int = 3, **fields: Any) -> Sitting:
    """The first instant of turn 1, seat 1 active; seats beyond the third are shared."""
    sitting = lobby(players, **fields)
    sitting.play("start", ADA, empty_seats="share")
    return sitting


def paused(players: int = 3, **fields: Any) -> Sitting:
    """Paused by the host at the first instant."""
    sitting = running(players, **fields)
    sitting.play("pause", ADA)
    return sitting


def finished(players: int = 3, **fields: object) -> Sitting:
    """Ended by word: a draw."""
    sitting = running(players, **fields)
    sitting.play("finish", ADA, winner="draw", confirm="yes")
    return sitting


def choosing(seat: int = 1, players: int = 3, **fields: object) -> Sitting:
    """Running, and the time of the active seat has just run out: it has to choose."""
    sitting = running(players, **{"starting_seconds": 60, "bonus_seconds": 0, **fields})
    clients = {1: ADA, 2: BEN, 3: CLEO}
    for number in range(1, seat):
        sitting.play("pass-turn", clients[number])
    sitting.wait(MINUTE)
    assert sitting.seat(seat).is_pending
    return sitting


def without_host_seat(sitting: Sitting) -> Sitting:
    """The same table with the host's place held by a browser without a seat."""
    sitting.game = replace(sitting.game, host=TABLET, creator=TABLET)
    sitting.beginning = sitting.game
    sitting.entries = []
    return sitting


def order_of(seats: Sequence[Seat]) -> list[int]:
    """Seat numbers in the order given."""
    return [seat.number for seat in seats]
