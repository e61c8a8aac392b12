"""What a ledger tells of an evening: whose clock ran when, in which turn, and what came of it.

A chronicle is folded entry by entry and keeps, beside the game itself, every stretch of running
clock. Of a seat the lengths of its charged stretches together are its ``used_ms``, always and
exactly: what an undo gave back is marked as undone, what it charged to somebody is written where
that time ran.

Where the rules are silent: a turn's length is what its own player's clock ran for it, the free
delay included, interrupts of others, answers, grace and pauses not. An undone turn is no turn;
what ran in it longer ago than an undo gives back stays with whoever had the clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.game.clock import next_to_run, running_seats, settle, stint_of
from app.game.entry import Entry
from app.game.game import Game
from app.game.ledger import Draft, apply
from app.game.said import say
from app.game.seat import MAX_SEATS, Seat, called
from app.game.steps import group_of

CHARGED = frozenset({"turn", "interrupt", "response"})
"""Kinds of stretches that were taken from a bank; all others ran free."""

TAPPED = frozenset({"life-adjusted", "counter-adjusted", "commander-damaged"})
"""Numbers people tap on; several taps are one change."""

UNDONE = "undone"
OVER = "over"
"""Why clocks stood: the game had been finished, and went on after all."""


@dataclass
class Stretch:
    """A seat's clock ran from one instant to another.

    ``kind`` is turn, interrupt or response when it was charged; delay, grace or outage when it
    was free; undone when it was charged or free until an undo gave it back.
    """

    seat: int
    since: int
    until: int
    kind: str
    #: Why it ran, also where it was free or is undone: turn, interrupt or response.
    stint: str
    turn: int

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.until - self.since


@dataclass
class Gap:
    """No clock counted: a pause, an outage, or the game was over and then was not.

    ``until`` is None while it lasts. ``by`` is a seat number, "host" or "clock".
    """

    reason: str
    since: int
    until: int | None
    by: int | str


@dataclass
class Sitting:
    """One sitting from its start to its end, or as far as it has come."""

    #: As in the address of its result: so many sittings were finished when this one is.
    number: int
    started_at: int
    #: When it was finished or left; None while it goes on.
    ended_at: int | None = None
    stretches: list[Stretch] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    #: Whose turn each turn was.
    turns: dict[int, int] = field(default_factory=dict)
    #: When each seat that is out went.
    out_at: dict[int, int] = field(default_factory=dict)
    #: Interrupts, responses and time-outs: (entry, what, seat), undone ones too.
    acts: list[tuple[int, str, int]] = field(default_factory=list)
    #: The table as it was in the end; None while the sitting is the one that is played.
    end: Game | None = None
    #: When clocks counted, outages left out; an undo charges the newest of it.
    counted: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Chapter:
    """Entries ``first`` to ``last``: a lobby and the sitting that came of it, if one did."""

    first: int
    last: int
    sitting: Sitting | None


@dataclass
class Taps:
    """A group of rapid taps, told as one change."""

    #: What they changed together.
    total: int
    #: What the number was after the last of them.
    value: int


@dataclass(frozen=True)
class SeatTold:
    """What one sitting was for one seat. Milliseconds unless said otherwise."""

    number: int
    used_ms: int
    #: How many turns were its own.
    turns: int
    longest_ms: int
    mean_ms: int
    #: How often it was asked to respond, and what that took.
    responses: int
    responses_ms: int
    interrupts: int
    interrupts_ms: int
    #: What ran and cost nothing.
    free_ms: int
    time_outs: int
    overtime_ms: int
    penalties: int
    #: When it went out; None while it is in.
    out_at: int | None


class Chronicle:
    """The story of one game so far. Feed it every entry in order."""

    def __init__(self, beginning: Game) -> None:
        self.beginning = beginning
        self.game = beginning
        self.sittings: list[Sitting] = []
        #: Undone entries, each with the number of the undo.
        self.undone: dict[int, int] = {}
        #: Groups of rapid taps by the number of their first entry.
        self.taps: dict[int, Taps] = {}
        #: By whose hand each undo was.
        self.undoers: dict[int, int | str] = {}
        #: Entries that began a turn: (entry, turn, seat), undone ones too; (entry, 0, 0) where a
        #: sitting was left.
        self.turns: list[tuple[int, int, int]] = []
        self._worn: dict[int, list[tuple[int, str, str]]] = {
            number: [(0, seat.name, seat.color)] for number, seat in beginning.seats.items()
        }
        #: The numbers of the entries that left a sitting behind.
        self._left: list[int] = []

    # ---- what it tells

    def worn(self, number: int, seq: int) -> tuple[str, str]:
        """The name and the colour a seat had right after entry ``seq``."""
        worn = self._worn.get(number)
        if not worn:
            return say("Seat %(number)s", number=number), ""
        place = max(0, bisect_right(worn, seq, key=lambda one: one[0]) - 1)
        _, name, color = worn[place]
        return called(number, name), color

    def chapters(self) -> list[Chapter]:
        """The whole ledger, oldest chapter first."""
        found = []
        first = 1
        for sitting, last in zip(self.sittings, self._left, strict=False):
            found.append(Chapter(first, last, sitting))
            first = last + 1
        if first <= self.game.version or not found:
            played = self.sittings[len(self._left)] if self.is_played else None
            found.append(Chapter(first, self.game.version, played))
        return found

    @property
    def is_played(self) -> bool:
        """Whether the newest sitting is still the one on the table."""
        return len(self.sittings) > len(self._left)

    def sitting(self, number: int, at: int) -> Sitting | None:
        """The newest sitting with that number, up to ``at`` where it goes on; or None."""
        for place in range(len(self.sittings) - 1, -1, -1):
            sitting = self.sittings[place]
            if sitting.number == number:
                return sitting if place < len(self._left) else self._up_to(sitting, at)
        return None

    def told(self, sitting: Sitting) -> list[SeatTold]:
        """What a sitting was for each seat that played it, in turn order."""
        game = sitting.end or self.game
        counts = self._counts(sitting)
        by_seat: dict[int, list[Stretch]] = {number: [] for number in game.seats}
        for stretch in sitting.stretches:
            by_seat.setdefault(stretch.seat, []).append(stretch)
        return [_told(sitting, seat, by_seat[seat.number], counts) for seat in game.in_order()]

    def _counts(self, sitting: Sitting) -> dict[tuple[str, int], int]:
        counts: dict[tuple[str, int], int] = {}
        for seq, what, seat in sitting.acts:
            if seq not in self.undone:
                counts[what, seat] = counts.get((what, seat), 0) + 1
        return counts

    def _up_to(self, sitting: Sitting, at: int) -> Sitting:
        """The sitting on the table with what has run since the newest entry."""
        game = self.game
        # What is added may make each seat's newest stretch longer, so those are copied.
        old, fresh = sitting.stretches[:-MAX_SEATS], sitting.stretches[-MAX_SEATS:]
        stretches = [*old, *(replace(one) for one in fresh)]
        seen = replace(sitting, stretches=stretches, counted=list(sitting.counted), end=game)
        if running_seats(game):
            draft = Draft(game, max(at, game.last_at))
            settle(draft)
            _run(seen, game, draft.at, draft.charged, draft.free)
            seen.end = draft.game
        return seen

    def turn_at(self, seq: int) -> tuple[int, int]:
        """The turn entry ``seq`` was made in, and whose it was; (0, 0) in a lobby."""
        place = bisect_left(self.turns, seq, key=lambda one: one[0])
        return self.turns[place - 1][1:] if place else (0, 0)

    # ---- how it grows

    def add(self, entry: Entry) -> None:
        """One more entry, the next one."""
        before = self.game
        after = apply(before, entry)
        self.game = after
        self._note_names(entry, after)
        if after.started_at != before.started_at:
            self._change_sitting(before, entry, after)
        elif self.is_played:
            self._go_on(self.sittings[-1], before, entry, after)
        if entry.event == "undone":
            self.undone |= dict.fromkeys(entry.facts["undid"], entry.seq)
            self.undoers[entry.seq] = entry.by
        if entry.event in TAPPED:
            self._note_taps(entry, after)

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Several more."""
        for entry in entries:
            self.add(entry)

    def _note_names(self, entry: Entry, after: Game) -> None:
        for number, name in entry.now:
            if number and name in ("", "name", "color") and number in after.seats:
                seat = after.seats[number]
                worn = self._worn.setdefault(number, [])
                if not worn or worn[-1][1:] != (seat.name, seat.color):
                    worn.append((entry.seq, seat.name, seat.color))

    def _note_taps(self, entry: Entry, after: Game) -> None:
        facts = entry.facts
        taps = self.taps.setdefault(group_of(entry), Taps(0, 0))
        taps.total += facts["by"]
        seat = after.seats[facts["seat"]]
        if entry.event == "commander-damaged":
            taps.value = (seat.damage or {}).get(f"{facts['source']}.{facts['commander']}", 0)
        else:
            taps.value = getattr(seat, facts.get("counter", "life"))

    def _change_sitting(self, before: Game, entry: Entry, after: Game) -> None:
        """A start, a reset, the next round; or a reset that was taken back."""
        if entry.event == "undone" and after.started_at is not None and self._left:
            sitting = self.sittings[-1]
            self._left.pop()
            sitting.end = None
            if after.status != "finished":
                sitting.gaps.append(Gap(OVER, sitting.ended_at or entry.at, entry.at, entry.by))
                sitting.ended_at = None
            self._note_gaps(sitting, before, entry, after)
            self.turns.append((entry.seq, after.turn, after.active or 0))
            return
        if self.is_played:
            sitting = self.sittings[-1]
            draft = Draft(before, entry.at)
            settle(draft)
            _run(sitting, before, entry.at, draft.charged, draft.free)
            _close_gaps(sitting, entry.at)
            sitting.end = draft.game
            sitting.ended_at = sitting.ended_at or entry.at
            self._left.append(entry.seq)
            self.turns.append((entry.seq, 0, 0))
        if after.started_at is not None:
            sitting = Sitting(after.sitting + 1, entry.at)
            self.sittings.append(sitting)
            self._note_turn(sitting, entry, after)

    def _go_on(self, sitting: Sitting, before: Game, entry: Entry, after: Game) -> None:
        if entry.event == "undone":
            self._undo(sitting, before, entry, after)
        elif before.settled_at is not None and (0, "settled_at") in entry.now:
            _run(sitting, before, entry.at, entry.charged, entry.free)
        if (0, "turn") in entry.now or (0, "active") in entry.now:
            self._note_turn(sitting, entry, after)
        for number, name in entry.now:
            if number and name == "out":
                if after.seats[number].out:
                    sitting.out_at[number] = entry.at
                else:
                    sitting.out_at.pop(number, None)
        self._note_acts(sitting, before, entry)
        self._note_gaps(sitting, before, entry, after)
        if before.status != after.status:
            if after.status in ("finished", "closed"):
                sitting.ended_at = sitting.ended_at or entry.at
            elif before.status == "finished":
                sitting.gaps.append(Gap(OVER, sitting.ended_at or entry.at, entry.at, entry.by))
                sitting.ended_at = None

    def _note_turn(self, sitting: Sitting, entry: Entry, after: Game) -> None:
        if after.active is None:
            return
        for later in [turn for turn in sitting.turns if turn > after.turn]:
            del sitting.turns[later]
        if sitting.turns.get(after.turn) != after.active or entry.event == "undone":
            self.turns.append((entry.seq, after.turn, after.active))
        sitting.turns[after.turn] = after.active

    def _note_acts(self, sitting: Sitting, before: Game, entry: Entry) -> None:
        if entry.event == "interrupted":
            sitting.acts.append((entry.seq, "interrupt", entry.facts["seat"]))
        elif entry.event == "targets-confirmed" and before.targeting is not None:
            sitting.acts += [(entry.seq, "response", n) for n in before.targeting.targets]
        elif entry.event == "time-out":
            sitting.acts += [(entry.seq, "time-out", n) for n in entry.facts["ran_out"]]

    def _note_gaps(self, sitting: Sitting, before: Game, entry: Entry, after: Game) -> None:
        stood = (before.pause is not None, before.outage is not None)
        stands = (after.pause is not None, after.outage is not None)
        if before.pause != after.pause or stood != stands:
            _close_gaps(sitting, entry.at)
            if after.pause is not None:
                pause = after.pause
                sitting.gaps.append(Gap(pause.reason, entry.at, None, pause.by))
            elif after.outage is not None:
                sitting.gaps.append(Gap("outage", entry.at, None, "clock"))

    def _undo(self, sitting: Sitting, before: Game, entry: Entry, after: Game) -> None:
        """First what ran up to the undo; then what it gave back, and to whom it charged that."""
        draft = Draft(before, entry.at)
        settle(draft)
        _run(sitting, before, entry.at, draft.charged, draft.free)
        for number in after.seats:
            change_ms = {
                kind: of_seat.get(number, 0) - draft.free.get(kind, {}).get(number, 0)
                for kind, of_seat in entry.free.items()
                if kind != "undo"
            }
            change_ms[""] = entry.charged.get(number, 0) - draft.charged.get(number, 0)
            _give_back(sitting, number, {k: -ms for k, ms in change_ms.items() if ms < 0})
            paid_ms = {kind: ms for kind, ms in change_ms.items() if ms > 0}
            if paid_ms:
                _pay(sitting, after, number, paid_ms)


def _close_gaps(sitting: Sitting, at: int) -> None:
    for gap in sitting.gaps:
        if gap.until is None:
            gap.until = at


def _run(
    sitting: Sitting,
    game: Game,
    at: int,
    charged: Mapping[int, int],
    free: Mapping[str, Mapping[int, int]],
) -> None:
    """The clocks that run in ``game`` ran up to ``at``: what is free comes first."""
    since = game.settled_at
    if since is None or at <= since:
        return
    if game.outage is None:
        known = sitting.counted
        goes_on = known and known[-1][1] == since
        known[-1:] = [(known[-1][0], at)] if goes_on else [*known[-1:], (since, at)]
    for number in running_seats(game):
        stint = stint_of(game, number) or "turn"
        lengths_ms = {kind: of_seat[number] for kind, of_seat in free.items() if number in of_seat}
        lengths_ms[""] = charged.get(number, 0)
        like = Stretch(number, since, at, stint, stint, game.turn)
        _write(sitting, like, [(since, at)], lengths_ms)


def _write(
    sitting: Sitting, like: Stretch, when: list[tuple[int, int]], lengths_ms: Mapping[str, int]
) -> None:
    """Lay lengths of several kinds one after the other into spans of time, charged ones last.

    A kind of "" is charged, and named as in ``like``.
    """
    spans = iter(when)
    since, until = next(spans)
    for kind, length_ms in sorted(lengths_ms.items(), key=lambda one: not one[0]):
        left_ms = length_ms
        while left_ms > 0:
            if since >= until:
                since, until = next(spans, (until, until + left_ms))
            laid_ms = min(left_ms, until - since)
            piece = replace(like, since=since, until=since + laid_ms, kind=kind or like.kind)
            _append(sitting, piece)
            since += laid_ms
            left_ms -= laid_ms


def _append(sitting: Sitting, stretch: Stretch) -> None:
    """Add it, or make the seat's newest one longer when it only goes on."""
    for last in reversed(sitting.stretches[-MAX_SEATS:]):
        if last.seat == stretch.seat:
            same = (last.kind, last.stint, last.turn) == (stretch.kind, stretch.stint, stretch.turn)
            if same and last.until == stretch.since:
                last.until = stretch.until
                return
            break
    sitting.stretches.append(stretch)


def _give_back(sitting: Sitting, number: int, lengths_ms: dict[str, int]) -> None:
    """The newest so many milliseconds of a seat, by kind, are undone."""
    place = len(sitting.stretches)
    while place and any(lengths_ms.values()):
        place -= 1
        stretch = sitting.stretches[place]
        kind = "" if stretch.kind in CHARGED else stretch.kind
        back_ms = min(lengths_ms.get(kind, 0), stretch.length_ms)
        if stretch.seat != number or back_ms == 0:
            continue
        lengths_ms[kind] -= back_ms
        if back_ms == stretch.length_ms:
            stretch.kind = UNDONE
        else:
            stretch.until -= back_ms
            sitting.stretches.insert(
                place + 1,
                replace(stretch, since=stretch.until, until=stretch.until + back_ms, kind=UNDONE),
            )


def _pay(sitting: Sitting, game: Game, number: int, lengths_ms: dict[str, int]) -> None:
    """A seat is charged for the newest time that counted, whoever's clock ran in it."""
    room_ms = sum(lengths_ms.values())
    when: list[tuple[int, int]] = []
    for since, until in reversed(sitting.counted):
        if room_ms <= 0:
            break
        when.insert(0, (max(since, until - room_ms), until))
        room_ms -= until - when[0][0]
    stint = (stint_of(game, number) if number in next_to_run(game) else None) or "turn"
    like = Stretch(number, 0, 0, stint, stint, game.turn)
    _write(sitting, like, when or [(game.last_at, game.last_at)], lengths_ms)


def _told(
    sitting: Sitting, seat: Seat, stretches: list[Stretch], counts: Mapping[tuple[str, int], int]
) -> SeatTold:
    number = seat.number
    used_ms = {"turn": 0, "interrupt": 0, "response": 0}
    free_ms = 0
    ran_ms = {turn: 0 for turn, seat in sitting.turns.items() if seat == number}
    for stretch in stretches:
        if stretch.kind == UNDONE:
            continue
        if stretch.kind in CHARGED:
            used_ms[stretch.kind] += stretch.length_ms
        else:
            free_ms += stretch.length_ms
        is_free_turn = stretch.kind in ("delay", "lag") and stretch.stint == "turn"
        is_turn = stretch.kind == "turn" or is_free_turn
        if is_turn and stretch.turn in ran_ms:
            ran_ms[stretch.turn] += stretch.length_ms
    return SeatTold(
        number=number,
        used_ms=sum(used_ms.values()),
        turns=len(ran_ms),
        longest_ms=max(ran_ms.values(), default=0),
        mean_ms=sum(ran_ms.values()) // len(ran_ms) if ran_ms else 0,
        responses=counts.get(("response", number), 0),
        responses_ms=used_ms["response"],
        interrupts=counts.get(("interrupt", number), 0),
        interrupts_ms=used_ms["interrupt"],
        free_ms=free_ms,
        time_outs=counts.get(("time-out", number), 0),
        overtime_ms=seat.overtime_ms,
        penalties=seat.penalties,
        out_at=sitting.out_at.get(number),
    )


def stood_ms(sitting: Sitting, at: int) -> dict[str, tuple[int, int]]:
    """Why clocks stood: reason -> (how often, how long together), up to ``at``."""
    found: dict[str, tuple[int, int]] = {}
    for gap in sitting.gaps:
        times, length_ms = found.get(gap.reason, (0, 0))
        lasted_ms = max(0, (at if gap.until is None else gap.until) - gap.since)
        found[gap.reason] = (times + 1, length_ms + lasted_ms)
    return found
