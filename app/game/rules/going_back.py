"""Going back to before a turn, an interrupt, a target or an out. Rules section 9.

Every value such an entry and the clock because of it overwrote gets its old value back, unless
something else has changed it since. Clocks are worked out anew from the ledger: where they stood,
what ran since, and what was given and taken beside the undone entries. Of the time since, the
last fifteen seconds that clocks counted change hands:

- A seat whose clock would have run just the same keeps what it used.
- All others get theirs back, and the seat whose entry is undone pays for it, if without that
  entry its clock had been running; or nobody does, by setting.
- Otherwise the time stays where it ran: with an interrupter who should not have, or, after an
  entry by the host's hand, with whoever had the clock. A time-out it led to stays then, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from app.game.clock import (
    next_to_run,
    round_remaining_ms,
    run,
    running_seats,
    settle,
    spend,
    stint_of,
)
from app.game.entry import Entry
from app.game.game import Game
from app.game.ledger import Draft, unapply
from app.game.refusals import NotNow
from app.game.rules.lag import LARGEST_QUOTA_MS, MOST_MS
from app.game.rules.outs import hand_on_turn, is_played, settle_targets, withdraw
from app.game.rules.taking_back import COUNTS, put_out_if_mortal, take_back_counts
from app.game.said import say
from app.game.seat import Seat
from app.game.steps import UNDO_MS, stands
from app.game.time_control import control_of

_CLOCK = (
    "bank_ms",
    "used_ms",
    "overtime_ms",
    "spent_ms",
    "interrupts_ms",
    "response_ms",
    "periods",
    "ran_out_turn",
    "lag_ms",
    "lag_quota_ms",
)
"""What a seat's clock is made of; each a number that goes up and down."""

_WORKED_OUT = frozenset({*_CLOCK, *COUNTS, "damage", ""})
"""Values of a seat that are not simply put back, and whole seats."""

_GOES_ON = frozenset(
    {"settled_at", "grant", "moments", "outage", "hits", "going_since"}
    | {"round_left_ms", "round_since"}
)
"""Values of the game to which there is no way back, or that are worked out."""


def go_back(
    draft: Draft, target: Entry, newer: Iterable[Entry], undone: Collection[int]
) -> list[Entry]:
    """Back to before ``target``; returns what the clock did because of it.

    ``newer`` are the entries since, newest first, and ``undone`` the numbers of those already
    taken back. NotNow when the clock has put out or moved on somebody regardless of it.
    """
    way = _WayBack(draft, target, newer, undone)
    way.restore_clocks()
    way.restore_table()
    way.set_going()
    way.charge_time_since()
    way.put_out_the_mortal()
    way.book()
    if running_seats(draft.before) == running_seats(draft.game):
        # Turns may be counted twice, grants never: a form painted meanwhile has to be late.
        draft.put("grant", draft.game.grant + 1)
    return way.caused


@dataclass
class _Stretch:
    """From one entry to the next: a table, the same when the next entry came, and after it."""

    before: Game
    #: ``before`` with its clocks settled, if that entry settled them.
    settled: Game
    #: None for the stretch from the newest entry to now.
    entry: Entry | None
    after: Game
    #: What that settling let free, by kind and seat.
    free: dict[str, dict[int, int]] = field(default_factory=dict)
    #: How much of the time that ran in it lies within the last fifteen seconds.
    recent_ms: int = 0

    @property
    def ran_ms(self) -> int:
        """How long clocks counted in it."""
        if self.before.settled_at is None or self.before.outage is not None:
            return 0
        return (self.settled.settled_at or 0) - self.before.settled_at


class _WayBack:
    """One entry, the table before it, and everything that happened since."""

    def __init__(
        self, draft: Draft, target: Entry, newer: Iterable[Entry], undone: Collection[int]
    ) -> None:
        self.draft = draft
        self.target = target
        first, *self.since = _stretches(draft, target, newer)
        self.origin = first.settled
        #: The table as the target left it.
        self.moved = first.after
        self.since_ms = self._measure_recent()
        self.unmoved = frozenset(
            number
            for number in {*next_to_run(self.origin)}.intersection(next_to_run(self.moved))
            if self.origin.seats[number].is_pending == self.moved.seats[number].is_pending
        )
        self.is_free = self._charges_nobody()
        #: Whether those whose clocks ran because of the target get their time back.
        self.returns = self.is_free or self._ran_without_target()
        self.caused = self._caused(undone)
        self.undone = [target, *self.caused]
        #: Entries that leave nothing behind: the undone ones, and after ``_forget`` others.
        self.gone = {entry.seq for entry in self.undone}
        #: Stretches in which an earlier undo has put every clock right.
        self.put_right: list[_Stretch] = []
        if self.returns:
            self._heed_earlier_undos()

    # ---- what happened

    def _measure_recent(self) -> int:
        room_ms = UNDO_MS
        for stretch in reversed(self.since):
            stretch.recent_ms = min(room_ms, stretch.ran_ms)
            room_ms -= stretch.recent_ms
        return UNDO_MS - room_ms

    def _ran_without_target(self) -> bool:
        """Whether the seat whose entry it is would have been on the clock, and was not."""
        return self.target.by in next_to_run(self.origin) and self.target.by not in self.unmoved

    def _charges_nobody(self) -> bool:
        """By setting, and at most once a turn for each seat; only where there is a charge.

        Turns are counted again after an undo, so a free undo in a later one counts as well.
        """
        by = self.target.by
        if self.draft.game.settings.undo_charges != "nobody" or not isinstance(by, int):
            return False
        moved = any(stretch.recent_ms and self._displaced(stretch) for stretch in self.since)
        paid = self.since_ms > 0 and self._ran_without_target()
        return (moved or paid) and self.draft.game.seats[by].free_undo_turn < self.origin.turn

    def _displaced(self, stretch: _Stretch) -> set[int]:
        """The seats that ran in a stretch because of the target."""
        return {*running_seats(stretch.before)} - self.unmoved

    def _caused(self, undone: Collection[int]) -> list[Entry]:
        caused = []
        ran_ms = 0
        for stretch in self.since:
            entry = stretch.entry
            ran_ms += stretch.ran_ms
            if entry is None or entry.by != "clock" or entry.seq in undone:
                continue
            if self._is_caused(entry, ran_ms):
                caused.append(entry)
            elif stands(entry):
                raise NotNow("stood-upon", say("The clock has moved on since."))
        return caused

    def _is_caused(self, entry: Entry, ran_ms: int) -> bool:
        """Whether it befell only seats whose time would not have run out without the target.

        Nor did the time run out that somebody used because of the own entry, and keeps.
        """
        if entry.event not in ("time-out", "period-began"):
            return False
        hit = {*entry.facts.get("ran_out", ()), *entry.facts.get("died", ())}
        hit |= {int(number) for number in entry.facts.get("periods", ())}
        regardless = {n for n, seat in self.moved.seats.items() if seat.is_pending} | self.unmoved
        if isinstance(self.target.by, int) and ran_ms and not self.returns:
            regardless |= {self.target.by}
        if self.target.event == "time-taken":
            regardless -= {self.target.facts["seat"]}
        return not hit & regardless

    def _heed_earlier_undos(self) -> None:
        """An undo since has moved some of the time already; none is moved twice.

        Where one seat's clock was to run, that undo is forgotten: the seat of this one pays for
        everything. Where several respond side by side, each for itself, its work is left alone.
        """
        entries = {stretch.entry.seq: stretch.entry for stretch in self.since if stretch.entry}
        for place, stretch in enumerate(self.since):
            if stretch.entry is None or stretch.entry.event != "undone":
                continue
            undid = stretch.entry.facts["undid"]
            stood = [seq for seq in undid if seq in entries and stands(entries[seq])]
            if not stood:
                continue
            upto = self.since[: place + 1]
            put_right = [s for s in upto if s.entry and s.entry.seq > min(stood)]
            if not any(one.recent_ms for one in put_right):
                continue
            if self.unmoved:
                self.put_right += put_right
            else:
                self._forget(stretch, stretch.entry)

    def _forget(self, stretch: _Stretch, undo: Entry) -> None:
        self.gone |= {undo.seq, *undo.facts["undid"]}
        for kind, by_seat in undo.free.items():
            for number, free_ms in by_seat.items():
                moved_ms = free_ms - stretch.free.get(kind, {}).get(number, 0)
                self.draft.let_free(kind, number, -moved_ms)

    # ---- clocks

    def restore_clocks(self) -> None:
        """Every clock as it was, and what happened to it since beside the undone entries."""
        begun = {n: seat for s in reversed(self.since) for n, seat in s.after.seats.items()}
        begun |= self.origin.seats
        changes = {number: dict.fromkeys(_CLOCK, 0) for number in self.draft.game.seats}
        for stretch in self.since:
            _add(changes, stretch.before, stretch.settled)
            if stretch.entry is not None and stretch.entry.seq not in self.gone:
                _add(changes, stretch.settled, stretch.after)
            if self.returns and stretch.recent_ms and stretch not in self.put_right:
                self._give_back(changes, stretch)
        for number, change in changes.items():
            clock = {name: getattr(begun[number], name) + change[name] for name in _CLOCK}
            # A bonus that flows back may be used up already; only overtime goes below 0.
            least_ms = min(0, begun[number].bank_ms) - max(0, change["overtime_ms"])
            clock["bank_ms"] = max(least_ms, clock["bank_ms"])
            clock["periods"] = max(0, clock["periods"])
            # A credit of longer ago stays given; what it was taken from may be gone.
            quota_ms = min(LARGEST_QUOTA_MS, max(0, clock["lag_quota_ms"]))
            clock["lag_quota_ms"] = quota_ms
            clock["lag_ms"] = min(quota_ms, MOST_MS, max(0, clock["lag_ms"]))
            self.draft.put_seat_all(number, clock)

    def _give_back(self, changes: dict[int, dict[str, int]], stretch: _Stretch) -> None:
        """The recent part of a stretch never ran for those displaced."""
        replay = Draft(stretch.before, self.draft.at)
        run(replay, running_seats(stretch.before), stretch.ran_ms - stretch.recent_ms)
        then = _copy(replay.game)
        replay.free.clear()
        run(replay, self._displaced(stretch), stretch.recent_ms)
        _add(changes, replay.game, then)
        for kind, by_seat in replay.free.items():
            for number, free_ms in by_seat.items():
                self.draft.let_free(kind, number, -free_ms)

    def charge_time_since(self) -> None:
        """The seat whose entry is undone pays, as far as its time goes; then it runs out."""
        by = self.target.by
        if not isinstance(by, int) or not self.returns or not self.since_ms:
            return
        draft = self.draft
        seat = draft.game.seats[by]
        if self.is_free:
            draft.put_seat(by, "free_undo_turn", max(seat.free_undo_turn, self.origin.turn))
            draft.let_free("undo", by, self.since_ms)
        elif seat.grace_ms is not None:
            draft.let_free("grace", by, self.since_ms)
            draft.put_seat(by, "grace_ms", max(0, seat.grace_ms - self.since_ms))
        else:
            settings = draft.game.settings
            stint = stint_of(draft.game, by) or "turn"
            lasts_ms = control_of(settings).lasts_ms(seat, settings, stint)
            endless = lasts_ms is None or seat.overtime
            paid_ms = self.since_ms if endless else min(self.since_ms, lasts_ms or 0)
            # Also in an outage: what ran before it ran.
            spend(draft, by, paid_ms)
            if paid_ms < self.since_ms:
                draft.let_free("undo", by, self.since_ms - paid_ms)

    def book(self) -> None:
        """The entry says what is charged to whom, or (below 0) given back.

        What a reset had forgotten is known again; it was charged when it ran.
        """
        draft = self.draft
        for number, seat in draft.game.seats.items():
            charged_ms = seat.used_ms - draft.before.seats[number].used_ms
            if number in self.origin.seats:
                known = self.origin.seats[number], self.moved.seats[number]
                charged_ms -= known[0].used_ms - known[1].used_ms
            if charged_ms or number in draft.charged:
                draft.charged[number] = charged_ms

    # ---- the table

    def restore_table(self) -> None:
        """All other values: counts as differences, the rest as it was unless changed since."""
        draft = self.draft
        newest: dict[tuple[int, str], Any] = {}
        for entry in self.undone:
            newest |= entry.now
        for entry in reversed(self.undone):
            take_back_counts(draft, entry)
        for (number, name), after in newest.items():
            if number == 0:
                if name not in _GOES_ON and getattr(draft.game, name) == after:
                    draft.put(name, getattr(self.origin, name))
            elif number in draft.game.seats and number in self.origin.seats:
                self._restore_of_seat(draft.game.seats[number], name, after)
        for number, seat in draft.game.seats.items():
            if seat.bank_ms < 0:
                draft.put_seat(number, "overtime", True)

    def _restore_of_seat(self, seat: Seat, name: str, after: Any) -> None:
        begun = self.origin.seats[seat.number]
        is_reset = self.target.event == "reset"
        if name in _WORKED_OUT or (name == "dealt" and not is_reset):
            return
        if name == "change":
            self.draft.put_seat(seat.number, name, None)
        elif name == "aside" and seat.is_taken and is_reset:
            return  # somebody sat down there since
        elif name == "grace_ms":
            # One that was running all the time goes on; a later one is not that one.
            if self.moved.seats[seat.number].grace_ms is None or begun.grace_ms is None:
                self.draft.put_seat(seat.number, name, begun.grace_ms)
        elif getattr(seat, name) == after:
            self.draft.put_seat(seat.number, name, getattr(begun, name))

    def set_going(self) -> None:
        """What depends on whether the game runs; and nobody who got up comes back by undo."""
        draft, origin = self.draft, self.origin
        game = draft.game
        running = game.status == "running"
        draft.put("settled_at", draft.at if running else None)
        if running and draft.before.status != "running":
            draft.put("going_since", draft.at)
            if origin.outage is not None and origin.outage.until > draft.at:
                draft.put("outage", origin.outage)
        if game.last_turn is not None and game.round_called and not origin.round_called:
            # The round ran out meanwhile, in a turn that is taken back: it does not last longer.
            turns_back = draft.before.turn - game.turn
            draft.put("last_turn", game.last_turn - turns_back)
        if any((0, "status") in entry.now for entry in self.undone):
            draft.put("round_left_ms", round_remaining_ms(origin, self.target.at))
            draft.put("round_since", draft.at if origin.round_since is not None else None)
        if not is_played(game):
            return
        for seat in game.in_order():
            begun = origin.seats.get(seat.number)
            if begun is not None and begun.is_taken and not seat.is_taken:
                withdraw(draft, seat.number)
        settle_targets(draft)
        hand_on_turn(draft)

    def put_out_the_mortal(self) -> None:
        """Who would be back in with a life that others have made deadly meanwhile is not."""
        for number in {number for entry in self.undone for number, name in entry.was if name}:
            if number in self.origin.seats and number in self.draft.game.seats:
                put_out_if_mortal(self.draft, self.origin.seats[number])


def _stretches(draft: Draft, target: Entry, newer: Iterable[Entry]) -> list[_Stretch]:
    """From the target to now; the first stretch is the one that ended with the target."""
    game = draft.before
    present = _copy(draft.game)
    stretches = [_Stretch(game, present, None, present)]
    for entry in newer:
        if entry.seq < target.seq:
            break
        before = unapply(game, entry)
        stretch = _Stretch(before, before, entry, game)
        if (0, "settled_at") in entry.now:
            settling = Draft(before, entry.at)
            settle(settling)
            stretch.settled, stretch.free = settling.game, settling.free
        stretches.append(stretch)
        game = before
    return stretches[::-1]


def _copy(game: Game) -> Game:
    """A game that a draft which goes on will not change."""
    return replace(game, seats={number: replace(seat) for number, seat in game.seats.items()})


def _add(changes: dict[int, dict[str, int]], before: Game, after: Game) -> None:
    """What changed of every clock from one table to the next."""
    for number, change in changes.items():
        old, new = before.seats.get(number), after.seats.get(number)
        if old is None or new is None or old is new:
            continue
        for name in _CLOCK:
            change[name] += getattr(new, name) - getattr(old, name)
