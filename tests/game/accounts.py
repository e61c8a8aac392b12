"""Whose every millisecond is: worked out from the instants of the ledger alone.

Nothing of app.game.clock or of the rules of undo is asked for it; rules sections 4 and 9 are
written down here a second time, with slices of time that change hands.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.game.entry import Entry
from app.game.game import Game
from app.game.steps import stands

MOVED_MS = 15_000


def running_of(game: Game) -> tuple[int, ...]:
    """Whose clocks count, or would if the game ran: interrupter, targets, active seat."""
    if game.stack:
        return game.stack[-1:]
    if game.targeting is not None and game.targeting.stage == "resolving":
        return tuple(n for n in game.targeting.targets if n not in game.targeting.answered)
    return () if game.active is None else (game.active,)


@dataclass(eq=False)
class Slice:
    """Some time in which the same clocks counted, and who is charged (or let free) for it."""

    #: The number of the entry that it followed.
    after: int
    ms: int
    ran: tuple[int, ...]
    outage: bool
    held: Counter[int] = field(default_factory=Counter)
    #: What each undo, by its number, changed of that.
    moved: dict[int, Counter[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.held:
            self.held = Counter(self.ran)

    def split(self, last_ms: int) -> tuple["Slice", "Slice"]:
        """Before its last milliseconds, and these."""
        return self.part(self.ms - last_ms), self.part(last_ms)

    def part(self, ms: int) -> "Slice":
        """So much of it."""
        return Slice(self.after, ms, self.ran, self.outage, Counter(self.held), dict(self.moved))


@dataclass
class Accounts:
    """All time that counted in a game, and what the ledger says of it."""

    slices: list[Slice] = field(default_factory=list)
    #: The table after each entry, by the entry's number; before the first it is at 0.
    tables: dict[int, Game] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    booked: Counter[int] = field(default_factory=Counter)
    outages: Counter[int] = field(default_factory=Counter)
    #: Undos that charged nobody: the sitting's start, the turn, the seat.
    free: set[tuple[int | None, int, int]] = field(default_factory=set)

    def fork(self) -> "Accounts":
        """The same, to go on with separately."""
        return Accounts(
            [one.part(one.ms) for one in self.slices],
            dict(self.tables),
            dict(self.entries),
            Counter(self.booked),
            Counter(self.outages),
            set(self.free),
        )

    def add(self, before: Game, entry: Entry, after: Game) -> None:
        """One more entry; then every seat's time has to agree."""
        self.tables[before.version] = before
        self.entries[entry.seq] = entry
        if before.status == "running" and entry.at > before.last_at:
            ran = running_of(before)
            outage = before.outage is not None
            self.slices.append(Slice(before.version, entry.at - before.last_at, ran, outage))
        if entry.event == "undone":
            self._undo(entry)
        for number, length_ms in entry.charged.items():
            self.booked[number] += length_ms
        for kind, lengths_ms in entry.free.items():
            assert kind in ("grace", "outage", "delay", "undo", "lag")
            for number, length_ms in lengths_ms.items():
                self.booked[number] += length_ms
                self.outages[number] += length_ms * (kind == "outage")
        self._agree(after)

    def _agree(self, after: Game) -> None:
        """Charged and free are the time that passed while running, for the seats that ran."""
        booked, outages = Counter(self.booked), Counter(self.outages)
        if after.status == "running":
            assert after.settled_at is not None
            for number in running_of(after):
                booked[number] += after.last_at - after.settled_at
                outages[number] += (after.last_at - after.settled_at) * bool(after.outage)
        else:
            assert after.settled_at is None
        held: Counter[int] = Counter()
        in_outages: Counter[int] = Counter()
        for one in self.slices:
            for number, times in one.held.items():
                held[number] += one.ms * times
                in_outages[number] += one.ms * times * one.outage
        assert +booked == +held
        assert min(booked.values(), default=0) >= 0
        assert +outages == +in_outages

    # ---- undo

    def _undo(self, undone: Entry) -> None:
        """The last fifteen seconds since go from whoever had them to whose entry it was."""
        target = self._target(undone)
        if target is None:
            assert not any(ms < 0 for ms in undone.charged.values())
            return
        by = target.by
        origin, moved = self.tables[target.seq - 1], self.tables_after(target)
        before, after = running_of(origin), running_of(moved)
        unmoved = {
            n
            for n in {*before} & {*after}
            if origin.seats[n].is_pending == moved.seats[n].is_pending
        }
        recent = self._recent(target.seq)
        free = target.event != "reset" and (by, "free_undo_turn") in undone.now
        if free and isinstance(by, int):
            assert moved.settings.undo_charges == "nobody"
            assert undone.free["undo"][by] > 0
            sitting = (origin.started_at, origin.turn, by)
            assert sitting not in self.free
            self.free.add(sitting)
        elif not isinstance(by, int) or by not in {*before} - unmoved:
            return
        was = {one: Counter(one.held) for one in self.slices}
        left_alone: list[Slice] = []
        for seq, covered in self._earlier(target, recent):
            if unmoved:
                left_alone += covered
                continue
            for one in covered:
                one.held.subtract(one.moved.get(seq, {}))
        for one in recent:
            if one not in left_alone:
                one.held = Counter({n: times for n, times in one.held.items() if n in unmoved})
            one.held[by] += 1
        for one in self.slices:
            one.moved[undone.seq] = Counter(one.held)
            one.moved[undone.seq].subtract(was[one])

    def tables_after(self, entry: Entry) -> Game:
        """The table as an entry left it."""
        return self.tables[entry.seq]

    def _target(self, undone: Entry) -> Entry | None:
        """The turn, interrupt, target or out that was taken back, by whosever hand."""
        known = [self.entries[seq] for seq in undone.facts["undid"]]
        standing = [entry for entry in known if entry.by != "clock" and stands(entry)]
        assert len(standing) <= 1
        return standing[0] if standing else None

    def _recent(self, since: int) -> list[Slice]:
        room_ms = MOVED_MS
        recent: list[Slice] = []
        for place in range(len(self.slices) - 1, -1, -1):
            one = self.slices[place]
            if one.after < since or not room_ms:
                break
            if one.outage:
                continue
            if one.ms > room_ms:
                early, one = one.split(room_ms)
                self.slices[place : place + 1] = [early, one]
            room_ms -= one.ms
            recent.append(one)
        return recent

    def _earlier(self, target: Entry, recent: list[Slice]) -> Iterable[tuple[int, list[Slice]]]:
        """Each undo since of something since, and the time it was about."""
        for seq, entry in self.entries.items():
            if seq <= target.seq or entry.event != "undone" or seq == max(self.entries):
                continue
            known = [self.entries[s] for s in entry.facts["undid"] if s > target.seq]
            stood = [one.seq for one in known if stands(one)]
            if not stood:
                continue
            covered = [s for s in self.slices if min(stood) <= s.after < seq and not s.outage]
            if any(one in recent for one in covered):
                yield seq, covered
