"""What a screen shows of a game: numbers arrive ready, templates do no arithmetic.

Viewer-neutral: nothing here knows who looks. "Mine" is decided by attributes of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from app.game.campaign import champions, points_of
from app.game.campaign_view import StandingsView, points_words, standings_view, theme_of
from app.game.clock import (
    next_to_run,
    remaining_free_ms,
    remaining_grace_ms,
    remaining_lag_ms,
    remaining_ms,
    round_remaining_ms,
    running_seats,
    sand_rate,
    stint_of,
)
from app.game.game import Game, Moment, Step
from app.game.letters import isolated
from app.game.said import joined, say, say_many
from app.game.seat import COUNTERS, GROUP_MS, MIN_LIFE, Seat
from app.game.shows import COIN_SIDES, Show, show_of
from app.game.steps import UNDO_MS, newest_of_each
from app.game.table_settings import SECOND_MS
from app.game.time_control import control_of
from app.game.wording import (
    COUNTER_NAMES,
    OUT_WORDS,
    OUTS_WITHIN,
    PAUSE_HEADLINES,
    clock_text,
    gift_text,
    given_back_text,
    spoken,
    spoken_length,
    step_within,
    step_words,
    still_text,
    used_text,
)

_DIGIT = {
    (place, digit): f' data-{place}="{digit}"' if digit != "0" else ""
    for place in (*"abcdefg", "s0", "s1", "s2", "s3", "s4")
    for digit in "0123456789"
}


def digit_attributes(length_ms: int) -> str:
    """A length (its absolute value) as the page counts with it, ready to stand in a tag.

    ``data-a`` to ``data-g`` are its decimal digits at 10,000 s, 1,000 s, 100 s, 10 s, 1 s, 0.1 s
    and 0.01 s; those that are 0 are left out.
    """
    digits = f"{abs(length_ms) // 10:07}"[-7:]
    return "".join([_DIGIT[pair] for pair in zip("abcdefg", digits, strict=True)])


@lru_cache(maxsize=1024)
def _whole_attributes(length_ms: int) -> str:
    """Likewise ``data-s0`` to ``data-s4``: the digits at 10,000 s down to 1 s."""
    digits = f"{length_ms // SECOND_MS:05}"[-5:]
    places = ("s0", "s1", "s2", "s3", "s4")
    return "".join([_DIGIT[pair] for pair in zip(places, digits, strict=True)])


def _age_attributes(age_ms: int, places: str) -> str:
    """How long ago something was, by the digits of these places alone."""
    return _tenths_attributes(min(max(age_ms, 0), 99_999) // 100, places)


@lru_cache(maxsize=2048)
def _tenths_attributes(tenths: int, places: str) -> str:
    digits = f"{tenths:03}"
    return "".join([_DIGIT[pair] for pair in zip("def", digits, strict=True) if pair[0] in places])


class ClockView(NamedTuple):
    """One clock face: what the page counts down from."""

    remaining_ms: int
    running: bool
    #: It would be running, were it not for an outage; shown as large as a running one.
    held: bool
    #: What the whole colour stands for: it says how much of it is still uncovered.
    whole_ms: int
    #: hms (an hour and more), ms, s (under a minute), tenths (under 10 s), over (below 0), period
    #: (byo-yomi, the main bank is used up), up (count-up).
    phase: str
    #: "4:59", "1:02:05", "-0:12"
    text: str
    #: "4 minutes 59 seconds left", "12 seconds over", "7 seconds left, last period"
    spoken: str
    #: What is still free of the running stint (delay); 0 where nothing is. While it lasts the
    #: bank stands still.
    delay_ms: int
    #: Byo-yomi: periods left, the running one among them; else None.
    periods: int | None
    #: Byo-yomi: the face shows a period, no longer the main bank.
    in_period: bool
    #: "\u00d7 3", "last" in a period; else empty.
    periods_text: str
    counts_up: bool
    #: Hourglass: so many ms gained (or, below 0, lost) in ``pace`` ms; (0, 1) elsewhere.
    gains: int
    pace: int
    #: What is left to choose in after a time-out, or None.
    grace_ms: int | None
    #: Whether the grace counts down right now.
    grace_running: bool

    @property
    def attributes(self) -> str:
        """What is left and the whole, as digits that stand in the tag."""
        return digit_attributes(self.remaining_ms) + _whole_attributes(self.whole_ms)

    @property
    def still_text(self) -> str:
        """What a clock that stands says."""
        return still_text(self.text)

    @property
    def rises(self) -> bool:
        """Hourglass: it does not run, but what others use comes to it.

        Not shown of a bank below 0: it stands still, to be right again at the next frame.
        """
        return self.gains > 0 and not self.on and self.remaining_ms >= 0

    @property
    def pace_attributes(self) -> str:
        """Hourglass: the bank changes by ``gains`` ms in ``pace`` ms; nothing elsewhere."""
        if not self.gains or not (self.on or self.rises):
            return ""
        return f' data-gains="{abs(self.gains)}" data-pace="{self.pace}"'

    @property
    def grace_attributes(self) -> str:
        """The grace's digits likewise."""
        return "" if self.grace_ms is None else digit_attributes(self.grace_ms)

    @property
    def delay_attributes(self) -> str:
        """The delay's digits likewise."""
        return digit_attributes(self.delay_ms)

    @property
    def on(self) -> bool:
        """Whether this is the clock everybody looks at."""
        return self.running or self.held


@dataclass(frozen=True)
class CounterView:
    """A counter that is not 0: ("poison", 3, "3 poison")."""

    name: str
    value: int
    words: str


@dataclass(frozen=True)
class DamageView:
    """Commander damage this seat has taken from one commander of one seat."""

    source: int
    source_name: str
    commander: int
    amount: int


class SeatView(NamedTuple):
    """One seat as everybody sees it."""

    number: int
    #: Place in turn order from 1; 0 for a seat set aside.
    order: int
    name: str
    color: str
    #: yes, no or shared
    holder: str
    out: bool
    #: "0 life", "out of time", "21 damage" ...; empty while in.
    out_words: str
    pending: bool
    life: int
    counters: tuple[CounterView, ...]
    damage: tuple[DamageView, ...]
    penalties: int
    #: Campaigns: points so far, and the same in words, "15 points · level 2"; else empty.
    points: str
    points_words: str
    monarch: bool
    initiative: bool
    is_host: bool
    #: What was just changed, "+5"; empty when nothing was.
    change_text: str
    #: "life", a counter or "damage"
    change_of: str
    #: how long ago, digits of ms as for a moment
    change_age_ms: int
    clock: ClockView
    #: What choosing to lose life would do, "40 → 38"; empty unless that is to be chosen.
    fate: str = ""
    #: The name somebody gave it; empty while nobody did.
    given_name: str = ""

    @property
    def change_attributes(self) -> str:
        """The digits of the change's age, so that a late screen shows only the rest of it."""
        return digit_attributes(self.change_age_ms)


@dataclass(frozen=True)
class TallyView:
    """What the counters sheet shows of one seat: amounts by row, those of 0 left out.

    A row is a counter ("poison") or a commander ("3.1": seat 3's first).
    """

    number: int
    amounts: tuple[tuple[str, int], ...]


class OfferView(NamedTuple):
    """Somebody may take something back: ``by`` is a seat number or "host"."""

    by: str
    #: Whose step it is: a seat number or "host".
    of: str
    color: str
    #: Something stands on such a step; a mere number (life, a counter, a marker) is soon put right.
    stands: bool
    #: "Passed"; of somebody else's, for the host, "Bruno: passed"
    words: str
    age_ms: int

    @property
    def age_attributes(self) -> str:
        """How long ago, as digits from tens of seconds to tenths, ready to stand in a tag."""
        return _age_attributes(self.age_ms, "def")


@dataclass(frozen=True)
class PileRow:
    """One line of what lies on the turn: who, why, and what their clock says."""

    number: int
    name: str
    color: str
    #: interrupt, to-answer, answered, chosen or turn
    kind: str
    #: this clock runs (or will, when the pause is over)
    on_top: bool
    #: what the clock stands at, "20:00"; empty where it does not stand still
    text: str


@dataclass(frozen=True)
class RoundView:
    """The round clock of an event."""

    left_ms: int
    counts: bool
    phase: str
    text: str
    spoken: str
    called: bool
    #: bell, last-turn or turns
    end: str
    #: "", "Time", "Last turn", "3 more turns"
    words: str

    @property
    def attributes(self) -> str:
        """What is left, as digits that stand in the tag."""
        return digit_attributes(self.left_ms)

    @property
    def still_text(self) -> str:
        """What a clock that stands says."""
        return still_text(self.text)


class StateView(NamedTuple):
    """The head of every frame: where the game is."""

    code: str
    name: str
    version: int
    status: str
    turn: int
    grant: int
    #: "" or a number
    active_seat: str
    #: "1 3"
    running_seats: str
    #: who comes after the active seat; "" when nobody
    next_seat: str
    #: who begins, while waiting
    starter: str
    #: every seat number at the table, "1 2 3 4"
    seats: str
    #: "3" taken of
    taken: int
    #: "4" in play
    places: int
    #: who holds the host's place, as a seat number, or ""
    host_seat: str
    pending_seats: str
    pause_reason: str
    winner: str
    day_night: str
    #: yes while an outage stops the clocks
    outage: bool
    #: who interrupted, the first below: "2 3"
    stack: str
    #: "", selecting, resolving
    targeting: str
    #: those chosen or still to answer, and those who have answered
    targets: str
    answered: str
    #: yes when the active player has announced the end of the turn
    ending: bool
    #: "Turn 17", "Paused · turn 17", "Lobby"
    title: str
    #: campaigns: the preset's name, the round's number, the page's colours; else "" and 0
    campaign: str = ""
    round: int = 0
    theme: str = ""
    #: whose campaign it is, "1 3"; "" while it goes on
    champions: str = ""


@dataclass(frozen=True)
class NoticeView:
    """The poster over the table: a pause or the end. ``kind`` is "", "paused" or "finished"."""

    kind: str
    #: "Rules question", "Break", ... / the winner's name
    headline: str
    #: "Chloé stopped the clocks" / "wins", "Nobody wins"
    sentence: str
    seat: str
    color: str
    #: how long the pause lasts so far; counts up on the phone
    elapsed_ms: int
    rows: tuple[ResultRow, ...]
    #: Campaigns, once the round is finished.
    standings: StandingsView | None = None

    @property
    def attributes(self) -> str:
        """How long the pause lasts so far, as digits that stand in the tag."""
        return digit_attributes(self.elapsed_ms)


@dataclass(frozen=True)
class ResultRow:
    """One seat on the result: who, why it went, how much time it used."""

    number: int
    name: str
    color: str
    words: str
    used_text: str


class MomentView(NamedTuple):
    """Something shown once: dice, a bonus, a winner, an order roll."""

    seq: int
    kind: str
    #: how long ago, so that a late screen does not replay it
    age_ms: int
    seat: str
    #: "Ada rolled 17 on a d20", "+0:30"
    words: str
    data: dict[str, Any]
    #: whose it is, as a large name in its colour; empty for a host without a seat
    name: str
    color: str
    #: how a roll unfolds; None for what is said in a word
    show: Show | None

    @property
    def age_attributes(self) -> str:
        """How long ago, as digits of seconds and tenths that stand in the tag."""
        return _age_attributes(self.age_ms, "ef")


@dataclass(frozen=True)
class PresenceView:
    """Who is not there; travels on its own, with its own number."""

    number: int
    #: "2 4"
    away: str
    host_away: bool
    #: "", or the announcement that the host's place may soon be taken
    words: str
    #: yes when any holder may take the host's place now
    may_take: bool
    #: A device of the host's (or the one in the middle) sounds for all: phones stay silent.
    speaks: bool = False

    def says_the_same(self, other: PresenceView) -> bool:
        """Whether a screen that shows one need not be sent the other."""
        return replace(self, number=0) == replace(other, number=0)


_HOUR_MS, _MINUTE_MS, _LOW_MS = 3_600_000, 60_000, 10_000


def _phase(left_ms: int) -> str:
    if left_ms < 0:
        return "over"
    if left_ms > _HOUR_MS:
        return "hms"
    if left_ms > _MINUTE_MS:
        return "ms"
    return "s" if left_ms > _LOW_MS else "tenths"


def seat_key(game: Game, number: int) -> tuple[Any, ...]:
    """All that a seat's picture depends on, the passing of time apart."""
    seat = game.seats[number]
    playing = game.places()
    shares = control_of(game.settings).shares
    running = running_seats(game)
    counts = number in running or seat.is_pending or shares
    names = (
        tuple(game.seats[int(k[0])].name for k in seat.damage if int(k[0]) in game.seats)
        if (seat.damage)
        else ()
    )
    return (
        seat,
        playing,
        (game.settled_at, game.outage, game.status, running) if counts else None,
        _sand_key(game) if shares else None,
        stint_of(game, number),
        game.settings.starting_ms,
        game.settings.timeout_life if seat.is_pending else None,
        seat.holder is not None and seat.holder == game.host,
        game.monarch == number,
        game.initiative == number,
        names,
        points_words(game, number),
    )


_PLACED = attrgetter("aside", "name")


def seats_key(game: Game) -> tuple[Any, ...]:
    """What the pictures of all seats depend on besides their own seat and the clocks."""
    seats = game.seats.values()
    return (
        game.order,
        [*map(_PLACED, seats)],
        game.settings,
        game.host,
        game.monarch,
        game.initiative,
        game.stack,
        game.targeting,
    )


def clocked_seats(game: Game) -> Iterable[int]:
    """The seats whose pictures depend on more: their clock counts, others' sand, the points."""
    if game.campaign is not None or control_of(game.settings).shares:
        return game.seats
    pending = [seat.number for seat in game.seats.values() if seat.grace_ms is not None]
    return (*next_to_run(game), *pending)


def _sand_key(game: Game) -> tuple[Any, ...]:
    """Hourglass: who gives to whom, and from where it is counted."""
    heirs = tuple(seat.number for seat in game.seats_in())
    return (heirs, tuple(game.seats[number] for number in running_seats(game)))


def is_live(game: Game, number: int) -> bool:
    """Whether this seat's picture ages: its clock or grace counts, or it was just changed."""
    seat = game.seats[number]
    if seat.change is not None and game.last_at - seat.change.at <= GROUP_MS:
        return True
    if not is_counting(game):
        return False
    if control_of(game.settings).shares and seat.is_in:
        return True
    return number in running_seats(game) or seat.is_pending


def clock_view(game: Game, seat: Seat, at: int) -> ClockView:
    """The face of one seat's clock as it stands at ``at``."""
    control = control_of(game.settings)
    left_ms = remaining_ms(game, seat.number, at)
    if not seat.overtime and game.settings.on_timeout != "overtime":
        left_ms = max(0, left_ms)  # nobody has less: the time-out of this instant is on its way
    grace_ms = remaining_grace_ms(game, seat.number, at)
    on = seat.number in running_seats(game) and grace_ms is None
    delay_ms = remaining_free_ms(game, seat.number, at) if on else 0
    # The turn is still on its way: the face counts that too, and so is right when it runs out.
    way_ms = remaining_lag_ms(game, seat.number, at) if on and not control.counts_up else 0
    delay_ms, left_ms = (delay_ms + way_ms, left_ms) if delay_ms else (0, left_ms + way_ms)
    gains, pace = (
        sand_rate(game, seat.number)
        if control.shares and is_counting(game) and grace_ms is None
        else (0, 1)
    )
    periods = seat.periods if control.full_periods(game.settings) else None
    in_period = bool(seat.periods) and seat.bank_ms <= 0
    periods_text = _periods_text(seat.periods) if in_period else ""
    periods_spoken = _periods_spoken(seat.periods) if in_period else ""
    return ClockView(
        remaining_ms=left_ms,
        delay_ms=delay_ms,
        periods=periods,
        in_period=in_period,
        periods_text=periods_text,
        counts_up=control.counts_up,
        gains=gains,
        pace=pace,
        running=on and not game.outage,
        held=on and game.outage is not None,
        whole_ms=_whole_ms(game, seat),
        phase="up" if control.counts_up else "period" if in_period else _phase(left_ms),
        text=used_text(left_ms) if control.counts_up else clock_text(left_ms),
        spoken=_clock_spoken(left_ms, delay_ms, periods_spoken, counts_up=control.counts_up),
        grace_ms=grace_ms,
        grace_running=grace_ms is not None and game.status == "running" and not game.outage,
    )


def _periods_text(periods: int) -> str:
    return say("last") if periods == 1 else f"\u00d7 {periods}"


def _periods_spoken(periods: int) -> str:
    return say("last period") if periods == 1 else say("periods: %(count)s", count=periods)


def _clock_spoken(left_ms: int, delay_ms: int, periods: str, *, counts_up: bool) -> str:
    if counts_up:
        return say("%(length)s used", length=spoken_length(left_ms // SECOND_MS * SECOND_MS))
    if delay_ms:
        free = spoken_length(delay_ms)
        return say("%(free)s free, then %(left)s", free=free, left=spoken(left_ms))
    return joined(", ", [spoken(left_ms), periods]) if periods else spoken(left_ms)


def _whole_ms(game: Game, seat: Seat) -> int:
    """What the whole colour of a screen stands for: the starting time, or one period."""
    if seat.periods and seat.bank_ms <= 0:
        return game.settings.period_ms
    return game.starting_ms_of(seat)


def is_counting(game: Game) -> bool:
    """Whether clocks count right now."""
    return game.status == "running" and game.outage is None


def seat_view(game: Game, number: int, at: int) -> SeatView:
    """One seat as it stands at ``at``."""
    seat = game.seats[number]
    playing = game.places()
    change = seat.change
    if change is not None and (at - change.at > GROUP_MS or not change.total):
        change = None
    return SeatView(
        number=number,
        order=playing.index(number) + 1 if number in playing else 0,
        name=seat.called,
        color=seat.color,
        holder="shared" if seat.shared else "yes" if seat.holder else "no",
        out=bool(seat.out),
        out_words=OUT_WORDS.get(seat.out, ""),
        pending=seat.is_pending,
        fate=_fate(game, seat),
        given_name="" if seat.is_unnamed else seat.name,
        life=seat.life,
        counters=_counters_of(seat) if any(_COUNTED(seat)) else (),
        damage=_damage_views(game, seat) if seat.damage else (),
        penalties=seat.penalties,
        points=str(points_of(game, number)) if game.campaign else "",
        points_words=points_words(game, number),
        monarch=game.monarch == number,
        initiative=game.initiative == number,
        is_host=seat.holder is not None and seat.holder == game.host,
        change_text=f"{change.total:+d}".replace("-", "\u2212") if change else "",
        change_of=change.name.partition(".")[0] if change else "",
        change_age_ms=at - change.at if change else 0,
        clock=clock_view(game, seat, at),
    )


_COUNTED = attrgetter(*COUNTERS)


def _counters_of(seat: Seat) -> tuple[CounterView, ...]:
    return tuple(
        CounterView(name, value, joined(" ", [str(value), COUNTER_NAMES[name]]))
        for name in COUNTERS
        if (value := getattr(seat, name))
    )


def _damage_views(game: Game, seat: Seat) -> tuple[DamageView, ...]:
    return tuple(
        DamageView(source, game.seats[source].called, commander, amount)
        for source, commander, amount in _damage_of(seat)
        if source in game.seats
    )


def _fate(game: Game, seat: Seat) -> str:
    lost = game.settings.timeout_life
    if not seat.is_pending or not lost:
        return ""
    return f"{seat.life} \u2192 {max(MIN_LIFE, seat.life - lost)}"


def _damage_of(seat: Seat) -> list[tuple[int, int, int]]:
    taken = []
    for key, amount in sorted((seat.damage or {}).items()):
        source, commander = key.split(".")
        taken.append((int(source), int(commander), amount))
    return taken


def tally_views(game: Game) -> list[TallyView]:
    """Every seat that has counted anything, seat by seat."""
    views = []
    for number, seat in sorted(game.seats.items()):
        counted = [(name, getattr(seat, name)) for name in COUNTERS]
        taken = [
            (f"{source}.{commander}", amount) for source, commander, amount in _damage_of(seat)
        ]
        amounts = tuple((row, amount) for row, amount in counted + taken if amount)
        if amounts:
            views.append(TallyView(number, amounts))
    return views


def offer_views(game: Game, at: int) -> tuple[OfferView, ...]:
    """Every seat that may take something back now; and the host, who always may."""
    offers = []
    newest = newest_of_each(game.steps)
    for hand in sorted(hand for hand in newest if isinstance(hand, int)):
        step = newest[hand]
        if step is not None and at - step.at < UNDO_MS and hand in game.seats:
            offers.append(_offer(game, str(hand), step, at))
    step = newest.get("host")
    if step is not None:
        offers.append(_offer(game, "host", step, at))
    return tuple(offers)


def _offer(game: Game, by: str, step: Step, at: int) -> OfferView:
    words = step_words(step.event)
    host_seat = game.seat_of(game.host)
    hosts = ("host", host_seat.number) if host_seat else ("host",)
    if by == "host" and step.hand not in hosts:
        who = isolated(_who(game, step.hand))
        words = say("%(name)s: %(what)s", name=who, what=step_within(step.event))
    seat = game.seats.get(step.hand) if isinstance(step.hand, int) else None
    color = seat.color if seat else ""
    return OfferView(by, str(step.hand), color, step.stands, words, at - step.at)


def pile_view(game: Game, at: int) -> tuple[PileRow, ...]:
    """Whose clock runs and who is still to act, in the order in which it will come to them.

    Empty unless somebody interrupted or targets are chosen.
    """
    if game.status not in ("running", "paused") or not (game.stack or game.targeting):
        return ()
    targeting = game.targeting
    asked = targeting.targets if targeting else ()
    answered = targeting.answered if targeting else ()
    resolving = targeting is not None and targeting.stage == "resolving"
    told = [(number, "interrupt") for number in reversed(game.stack)]
    told += [
        (number, "answered" if number in answered else "to-answer" if resolving else "chosen")
        for number in asked
    ]
    if game.active is not None:
        told.append((game.active, "turn"))
    running = next_to_run(game)
    rows = []
    for place, (number, kind) in enumerate(told):
        seat = game.seats[number]
        on_top = (
            number in running and kind == _running_kind(game) and (place == 0 or not game.stack)
        )
        moves = number in running or (control_of(game.settings).shares and seat.is_in)
        text = "" if moves else clock_view(game, seat, at).text
        rows.append(PileRow(number, seat.called, seat.color, kind, on_top, text))
    return tuple(rows)


def _running_kind(game: Game) -> str:
    if game.stack:
        return "interrupt"
    resolving = game.targeting is not None and game.targeting.stage == "resolving"
    return "to-answer" if resolving else "turn"


def round_view(game: Game, at: int) -> RoundView | None:
    """The round clock, or None where there is none."""
    left_ms = round_remaining_ms(game, at)
    if left_ms is None:
        return None
    ends = game.settings.round_end
    words = ""
    if game.round_called and game.last_turn is not None:
        more = game.last_turn - game.turn
        words = say("Last turn") if more <= 0 else _more_turns(more)
    elif game.round_called:
        words = say("Time")
    return RoundView(
        left_ms=left_ms,
        counts=game.round_since is not None,
        phase=_phase(left_ms),
        text=clock_text(left_ms),
        spoken=spoken(left_ms),
        called=game.round_called,
        end=ends,
        words=words,
    )


def _more_turns(count: int) -> str:
    return say_many("%(count)s more turn", "%(count)s more turns", count)


def state_view(game: Game, _at: int) -> StateView:
    """Where the game is. Nothing in it ages."""
    targeting = game.targeting
    playing = game.in_order()
    following = game.next_in(game.active) if game.active is not None else None
    host_seat = game.seat_of(game.host)
    return StateView(
        code=game.code,
        name=game.called,
        version=game.version,
        status=game.status,
        turn=game.turn,
        grant=game.grant,
        active_seat=_number(game.active),
        running_seats=_numbers(running_seats(game)),
        next_seat=_number(following if following != game.active else None),
        starter=_number(game.starter),
        seats=_numbers([seat.number for seat in playing]),
        taken=len([seat for seat in playing if seat.is_taken]),
        places=len(playing),
        host_seat=_number(host_seat.number if host_seat else None),
        pending_seats=_numbers([s.number for s in playing if s.grace_ms is not None]),
        pause_reason=game.pause.reason if game.pause else "",
        winner="draw" if game.winner == 0 else _number(game.winner),
        day_night=game.day_night,
        outage=game.outage is not None,
        stack=_numbers(game.stack),
        targeting=targeting.stage if targeting else "",
        targets=_numbers(targeting.waiting) if targeting else "",
        answered=_numbers(targeting.answered) if targeting else "",
        ending=game.ending_turn is not None and game.ending_turn == game.turn,
        title=_title(game),
        campaign=game.campaign.preset if game.campaign else "",
        round=game.campaign.number if game.campaign else 0,
        theme=theme_of(game),
        champions=_numbers(champions(game)),
    )


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _numbers(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


@lru_cache(maxsize=2048)
def _turn_words(number: int) -> str:
    return say("Turn %(number)s", number=number)


def _title(game: Game) -> str:
    sky = {"day": say("day"), "night": say("night")}.get(game.day_night)
    if game.status == "running":
        turn = _turn_words(game.turn)
    elif game.status == "paused":
        turn = say("Paused \u00b7 turn %(number)s", number=game.turn)
    else:
        return {"waiting": say("Lobby"), "finished": say("Result")}.get(game.status, say("Closed"))
    return joined(" \u00b7 ", [turn, sky]) if sky else turn


def _who(game: Game, by: int | str) -> str:
    if isinstance(by, int) and by in game.seats:
        return game.seats[by].called
    return hand_words(str(by))


def hand_words(by: str) -> str:
    """Who did it where no seat did."""
    return {"host": say("The host"), "clock": say("The clock")}.get(by, say("Somebody"))


def notice_view(game: Game, at: int) -> NoticeView:
    """The poster over the table: why it is paused, or how it ended."""
    if game.status == "paused" and game.pause is not None:
        pause = game.pause
        seat = game.seats.get(pause.by) if isinstance(pause.by, int) else None
        elapsed_ms = max(0, at - pause.at)
        return NoticeView(
            kind="paused",
            headline=PAUSE_HEADLINES[pause.reason],
            sentence=say("%(name)s stopped the clocks", name=isolated(_who(game, pause.by))),
            seat=_number(seat.number if seat else None),
            color=seat.color if seat else "",
            elapsed_ms=elapsed_ms,
            rows=(),
        )
    if game.status == "finished":
        winner = game.seats.get(game.winner or 0)
        table = standings_view(game)
        if table is not None and table.over:
            return _champion_notice(game, table, at)
        return NoticeView(
            kind="finished",
            headline=winner.called if winner else say("A draw"),
            sentence=say("wins") if winner else say("Nobody wins"),
            seat=_number(winner.number if winner else None),
            color=winner.color if winner else "",
            elapsed_ms=max(0, (game.finished_at or at) - (game.started_at or at)),
            rows=tuple(_result_row(game, s) for s in _result_order(game)),
            standings=table,
        )
    return NoticeView("", "", "", "", "", 0, ())


def _champion_notice(game: Game, table: StandingsView, at: int) -> NoticeView:
    return NoticeView(
        kind="finished",
        headline=table.champion,
        sentence=table.title,
        seat=table.seat,
        color=table.color,
        elapsed_ms=max(0, (game.finished_at or at) - (game.started_at or at)),
        rows=tuple(_result_row(game, s) for s in _result_order(game)),
        standings=table,
    )


def _result_order(game: Game) -> list[Seat]:
    """The winner first, then whoever lasted longest."""
    return sorted(
        game.in_order(),
        key=lambda s: (
            s.number != game.winner,
            bool(s.out),
            -s.out_turn,
            game.order.index(s.number),
        ),
    )


def _result_row(game: Game, seat: Seat) -> ResultRow:
    turn = say("Turn %(number)s", number=game.turn)
    words = OUT_WORDS.get(seat.out, "") if seat.out else turn
    return ResultRow(seat.number, seat.called, seat.color, words, clock_text(seat.used_ms))


def moment_views(game: Game, at: int) -> list[MomentView]:
    """What is shown once, as long as it is fresh."""
    return [_moment(game, m, at) for m in game.moments if at - m.at < m.shown_ms]


def _moment(game: Game, moment: Moment, at: int) -> MomentView:
    data = moment.data
    seat = data.get("seat") or data.get("winner") or data.get("by")
    number = seat if isinstance(seat, int) and seat in game.seats else None
    name = _who(game, number if number is not None else data.get("by", ""))
    who = isolated(name)
    return MomentView(
        seq=moment.seq,
        kind=moment.kind,
        age_ms=at - moment.at,
        seat=_number(number),
        words=_MOMENT_WORDS[moment.kind](game, who, data),
        data=data,
        name=name,
        color=game.seats[number].color if number is not None else "",
        show=show_of(game, moment),
    )


def _finished_words(who: str, data: dict[str, Any]) -> str:
    return say("%(name)s wins", name=who) if data["winner"] else say("Nobody wins")


def _dice_words(who: str, data: dict[str, Any]) -> str:
    rolled, sides = data["rolled"], data["sides"]
    if sides != COIN_SIDES:
        return say(
            "%(name)s rolled %(rolled)s on a d%(sides)s", name=who, rolled=rolled, sides=sides
        )
    if rolled == 1:
        return say("%(name)s flipped heads", name=who)
    return say("%(name)s flipped tails", name=who)


def _gift_words(data: dict[str, Any]) -> str:
    gift = [gift_text(data["ms"])] if data["ms"] else []
    lag = [given_back_text(data["lag_ms"])] if "lag_ms" in data else []
    return joined(" \u00b7 ", gift + lag)


def _round_words(data: dict[str, Any]) -> str:
    if data["end"] == "bell":
        return say("Time! The round is over")
    if data["end"] == "last-turn":
        return say("Time! This is the last turn")
    return say("Time! %(more)s", more=_more_turns(data["more"]))


def _order_words(game: Game, data: dict[str, Any]) -> str:
    rolls = [
        say("%(name)s %(rolled)s", name=isolated(game.seats[roll["seat"]].called), rolled=thrown)
        for roll in data["rolls"]
        if roll["seat"] in game.seats
        for thrown in [throws_words(roll["rolled"])]
    ]
    first = game.seats.get(data["rolls"][0]["seat"])
    told = say("%(name)s begins", name=isolated(first.called)) if first else say("Rolled")
    listed = joined(", ", rolls)
    if data["order"] == "all":
        return say("%(told)s. New order: %(rolls)s", told=told, rolls=listed)
    return say("%(told)s. Rolls: %(rolls)s", told=told, rolls=listed)


def throws_words(thrown: list[int]) -> str:
    """A throw, and those that followed because it was tied: "17 then 4"."""
    told: str = str(thrown[0])
    for again in thrown[1:]:
        told = say("%(first)s then %(again)s", first=told, again=again)
    return told


#: What a moment says, by its kind: of the game, whoever it is about, and its data.
_MOMENT_WORDS: dict[str, Callable[[Game, str, dict[str, Any]], str]] = {
    "gift": lambda _g, _who, data: _gift_words(data),
    "out": lambda _g, who, data: say(
        "%(name)s is out: %(why)s", name=who, why=OUTS_WITHIN[data["reason"]]
    ),
    "time-out": lambda _g, who, _data: say("%(name)s: time\u2019s up", name=who),
    "finished": lambda _g, who, data: _finished_words(who, data),
    "dice": lambda _g, who, data: _dice_words(who, data),
    "undone": lambda _g, who, data: say(
        "%(name)s takes back: %(what)s", name=who, what=step_within(data["event"])
    ),
    "ending-turn": lambda _g, who, _data: say("%(name)s is ending the turn", name=who),
    "round": lambda _g, _who, data: _round_words(data),
    "round-extended": lambda _g, _who, data: say(
        "The round goes on: %(gift)s", gift=gift_text(data["ms"])
    ),
    "joined": lambda _g, who, _data: say("%(name)s sits down", name=who),
    "random-start": lambda _g, who, _data: say("%(name)s begins", name=who),
    "order-roll": lambda game, _who, data: _order_words(game, data),
}
