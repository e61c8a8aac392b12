"""The state of one game. Everything a restart needs, nothing that can be derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import filterfalse
from operator import attrgetter
from typing import Any, Literal

from app.game.campaign_presets import PRESETS
from app.game.said import say
from app.game.seat import COLORS, Seat, default_name
from app.game.table_settings import TableSettings
from app.game.time_control import control_of

Status = Literal["waiting", "running", "paused", "finished", "closed"]

_NUMBER, _IS_ASIDE = attrgetter("number"), attrgetter("aside")

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
CODE_LENGTH = 6
DEFAULT_NAME = say("Game")


@dataclass(frozen=True)
class Moment:
    """Something every screen shows once, for ten seconds: dice, a bonus, the winner."""

    seq: int
    at: int
    kind: str
    data: dict[str, Any]

    @property
    def shown_ms(self) -> int:
        """How long it is shown: a gift rides by at every pass, and is past soon."""
        return GIFT_MS if self.kind == "gift" else MOMENT_MS


MOMENT_MS = 10_000
GIFT_MS = 2_000


@dataclass(frozen=True)
class Pause:
    """Who stopped the clocks, why and when. ``by`` is a seat number, "host" or "clock"."""

    reason: str
    by: int | str
    at: int


@dataclass(frozen=True)
class Outage:
    """Time that is charged to nobody has begun at ``since`` and ends at ``until`` at the latest."""

    since: int
    until: int


@dataclass(frozen=True)
class Targeting:
    """The active player asks others to respond (rules section 7).

    ``stage`` is "selecting" (its own clock runs on) or "resolving" (those still to answer run).
    """

    stage: Literal["selecting", "resolving"]
    targets: tuple[int, ...]
    answered: tuple[int, ...] = ()

    @property
    def waiting(self) -> tuple[int, ...]:
        """The targets that have not answered."""
        return tuple(n for n in self.targets if n not in self.answered)


MOST_INTERRUPTS = 16
"""So many entries the interrupt stack holds."""


@dataclass(frozen=True)
class Step:
    """An entry that can be taken back, or on which nothing earlier can be taken back.

    Only the newest few are kept with the game, for the screens; undo itself reads the ledger.
    """

    seq: int
    at: int
    hand: int | str
    event: str
    #: The seat it is about, 0 when none.
    seat: int
    #: What it changed by, where it is told as a difference ("+5").
    by: int
    #: Entry number that names its group, its own number when it is alone.
    group: int
    #: Turns, interrupts, targets and outs: a later one of these stands on it.
    stands: bool
    reversible: bool = True


STEPS_KEPT = 10


@dataclass(frozen=True)
class Hit:
    """A change of a victim's life that may still be corrected (campaigns, rules section 11)."""

    seq: int
    at: int
    hand: int | str
    victim: int
    #: 0 for life gained, which a loss within ten seconds takes back.
    attacker: int
    amount: int


@dataclass(frozen=True)
class RoundResult:
    """A booked round of a campaign, by seat number."""

    number: int
    #: 0 when nobody won.
    winner: int
    points: dict[int, int]
    damage: dict[int, int]
    used_ms: dict[int, int]
    survived: tuple[int, ...]


@dataclass(frozen=True)
class Campaign:
    """Several rounds with the same people: which preset, which round, what is booked."""

    preset: str
    #: The round that is played, from 1.
    number: int = 1
    booked: tuple[RoundResult, ...] = ()


@dataclass
class Game:
    """One sitting at one table. Instants are epoch milliseconds, durations milliseconds.

    Treat it as immutable: rules write into a draft (``ledger.Draft``), which copies what it
    touches, so a refused or unsaved command leaves the game as it was.
    """

    code: str
    name: str
    host: str
    creator: str
    created_at: int
    settings: TableSettings
    seats: dict[int, Seat]
    #: All seat numbers in turn order, those out or set aside included.
    order: tuple[int, ...]
    mode: str = "casual"
    listed: bool = False
    status: Status = "waiting"
    version: int = 0
    #: Instant of the newest entry; no later entry is earlier.
    last_at: int = 0
    turn: int = 0
    grant: int = 0
    active: int | None = None
    #: Up to here the banks are settled; None while no clock counts.
    settled_at: int | None = None
    outage: Outage | None = None
    pause: Pause | None = None
    #: The seat that begins, by random start or order roll.
    starter: int | None = None
    order_roll: dict[str, Any] | None = None
    #: The browser in the middle of the table; None = the host's own browser.
    table_device: str | None = None
    kicked: tuple[str, ...] = ()
    #: A seat number, 0 for "nobody won", None while it is open.
    winner: int | None = None
    finished_by: str = ""
    #: How many sittings were finished under this code.
    sitting: int = 0
    started_at: int | None = None
    #: Instant of the start or the newest resume; nobody's absence counts from earlier.
    going_since: int | None = None
    finished_at: int | None = None
    monarch: int | None = None
    initiative: int | None = None
    #: "", "day" or "night".
    day_night: str = ""
    moments: tuple[Moment, ...] = field(default=())
    #: Seats that interrupted, the first below; the last one's clock runs alone.
    stack: tuple[int, ...] = ()
    targeting: Targeting | None = None
    #: The seat of turn 1.
    first: int | None = None
    #: Seats whose turns followed each other by a holder's switch or an extra turn: within such
    #: a chain no seat has its delay, period or allowance twice.
    chain: tuple[int, ...] = ()
    #: The turn whose player has announced its end.
    ending_turn: int | None = None
    #: The round clock: what is left when it was last stopped or set going, and since when it
    #: counts (None: it does not). Below 0 once it has been called.
    round_left_ms: int | None = None
    round_since: int | None = None
    round_called: bool = False
    #: The last turn there will be, once the round clock has run out.
    last_turn: int | None = None
    #: The newest steps that can be taken back; follows from the ledger.
    steps: tuple[Step, ...] = ()
    campaign: Campaign | None = None
    #: Campaigns: changes of life within the last ten seconds, newest last.
    hits: tuple[Hit, ...] = ()

    def in_order(self) -> list[Seat]:
        """The seats in play, in turn order (those out included, those set aside not)."""
        return list(filterfalse(_IS_ASIDE, map(self.seats.__getitem__, self.order)))

    def places(self) -> tuple[int, ...]:
        """The numbers of the seats in play, in turn order."""
        return tuple(map(_NUMBER, self.in_order()))

    def seats_in(self) -> list[Seat]:
        """The seats still in, in turn order."""
        return [self.seats[n] for n in self.order if self.seats[n].is_in]

    def seat_of(self, client: str) -> Seat | None:
        """The seat this client holds, if any (one per client and game)."""
        for seat in self.seats.values():
            if seat.holder == client:
                return seat
        return None

    def starting_ms_of(self, seat: Seat) -> int:
        """The bank this seat begins with."""
        return control_of(self.settings).full_ms(self.settings, seat.handicap_ms)

    def device(self) -> str:
        """The client that plays the shared seats."""
        return self.table_device or self.host

    @property
    def called(self) -> str:
        """Its name as people read it: in their own language until somebody gives it one."""
        unnamed = PRESETS[self.campaign.preset].name if self.campaign else DEFAULT_NAME
        return unnamed if self.name == unnamed else self.name

    def next_in(self, after: int) -> int | None:
        """The next seat in turn order after ``after`` that is in; itself when alone; or None."""
        position = self.order.index(after)
        for number in (*self.order[position + 1 :], *self.order[: position + 1]):
            if self.seats[number].is_in:
                return number
        return None


def new_seat(number: int, color: str, settings: TableSettings) -> Seat:
    """A free seat with a full bank and full life."""
    return Seat(
        number=number,
        name=default_name(number),
        color=color,
        bank_ms=control_of(settings).full_ms(settings, None),
        life=settings.starting_life,
        periods=control_of(settings).full_periods(settings),
    )


def new_game(  # noqa: PLR0913 - what a game begins with, each by name
    code: str,
    *,
    host: str,
    at: int,
    name: str,
    players: int,
    settings: TableSettings,
    listed: bool,
    campaign: Campaign | None = None,
) -> Game:
    """A waiting game with ``players`` free seats in the default colours.

    Of a campaign it is the first round.
    """
    seats = {n: new_seat(n, COLORS[n - 1], settings) for n in range(1, players + 1)}
    return Game(
        code=code,
        name=name or str(DEFAULT_NAME),
        host=host,
        creator=host,
        created_at=at,
        last_at=at,
        settings=settings,
        seats=seats,
        order=tuple(seats),
        mode="campaign" if campaign else "casual",
        campaign=campaign,
        listed=listed,
    )
