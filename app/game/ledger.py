"""The ledger: what happened, in order, append-only; and the draft that writes its entries.

An entry keeps for every value it set what was there before, so the newest state is the fold of
all entries, and undo can go forward by putting old values back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from app.game.entry import Entry, Path
from app.game.game import Game, Moment
from app.game.seat import Seat
from app.game.steps import follow

T = TypeVar("T")

LagOf = Callable[[Game, int], float]
"""The round trip to the phone of a seat in ms, as the server measured it; 0 when it did not."""


def no_lag(_game: Game, _number: int) -> float:
    """Where nobody measures."""
    return 0


_MOMENTS: Path = (0, "moments")
"""Shown once and gone: nothing ever puts old moments back, so no entry keeps them."""


class Draft:
    """A game being changed: copies what it touches and remembers what was overwritten."""

    def __init__(self, game: Game, at: int, lag_of: LagOf = no_lag) -> None:
        self.before = game
        self.at = at
        self.lag_of = lag_of
        self.game = twin(game)
        self._owned: set[int] = set()
        self._seats_owned = False
        self._was: dict[Path, Any] = {}
        self.charged: dict[int, int] = {}
        self.free: dict[str, dict[int, int]] = {}

    def put(self, name: str, value: Any) -> None:
        """Set a value of the game."""
        old = getattr(self.game, name)
        if old != value:
            self._was.setdefault((0, name), old)
            setattr(self.game, name, value)

    def put_seat(self, number: int, name: str, value: Any) -> None:
        """Set a value of a seat."""
        old = getattr(self.game.seats[number], name)
        if old != value:
            seat = self._own(number)
            self._was.setdefault((number, name), old)
            setattr(seat, name, value)

    def put_seat_all(self, number: int, values: Mapping[str, Any]) -> None:
        """Set several values of a seat."""
        for name, value in values.items():
            self.put_seat(number, name, value)

    def add_seat(self, seat: Seat) -> None:
        """Put a new seat at the table (not yet into the order)."""
        self._own_seats()
        self._was.setdefault((seat.number, ""), None)
        self.game.seats[seat.number] = seat
        self._owned.add(seat.number)

    def drop_seat(self, number: int) -> None:
        """Take a seat away (not yet out of the order)."""
        self._own_seats()
        self._was.setdefault((number, ""), self.before.seats[number])
        del self.game.seats[number]

    def moment(self, kind: str, **data: Any) -> None:
        """Show something once on every screen; those that are past are let go."""
        old = self.game.moments
        seq = old[-1].seq + 1 if old else self.game.version * 100 + 1
        kept = tuple(m for m in old if self.at - m.at < m.shown_ms)[-5:]
        self.put("moments", (*kept, Moment(seq, self.at, kind, data)))

    def charge(self, number: int, taken_ms: int) -> None:
        """Note milliseconds taken from a bank."""
        self.charged[number] = self.charged.get(number, 0) + taken_ms

    def let_free(self, kind: str, number: int, passed_ms: int) -> None:
        """Note milliseconds that ran and were charged to nobody."""
        of_kind = self.free.setdefault(kind, {})
        of_kind[number] = of_kind.get(number, 0) + passed_ms

    def entry(self, by: int | str, event: str, facts: dict[str, Any]) -> Entry:
        """Close the draft: the game gets its next version, the ledger its next entry."""
        game = self.game
        game.version = self.before.version + 1
        game.last_at = self.at
        was: dict[Path, Any] = {}
        now: dict[Path, Any] = {}
        for path, old in self._was.items():
            new = _read(game, path)
            if new != old:
                now[path] = new
                if path != _MOMENTS:
                    was[path] = old
        entry = Entry(game.version, self.at, by, event, facts, was, now, self.charged, self.free)
        game.steps = follow(game.steps, entry)
        return entry

    def _own_seats(self) -> None:
        if not self._seats_owned:
            self.game.seats = dict(self.game.seats)
            self._seats_owned = True

    def _own(self, number: int) -> Seat:
        if number not in self._owned:
            self._own_seats()
            self.game.seats[number] = twin(self.game.seats[number])
            self._owned.add(number)
        return self.game.seats[number]


def twin(thing: T) -> T:
    """A shallow copy without the cost of copy.copy (a third of a tap's rules otherwise)."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


def _read(game: Game, path: Path) -> Any:
    number, name = path
    if number == 0:
        return getattr(game, name)
    seat = game.seats.get(number)
    if not name:
        return seat
    return getattr(seat, name) if seat is not None else None


def _write(game: Game, values: dict[Path, Any]) -> None:
    # Whole seats first: a value of a seat that comes back has to find it there.
    for (number, name), value in values.items():
        if number and not name:
            if value is None:
                del game.seats[number]
            else:
                game.seats[number] = twin(value)
    for (number, name), value in values.items():
        if number == 0:
            setattr(game, name, value)
        elif name and number in game.seats:
            setattr(game.seats[number], name, value)


def apply(game: Game, entry: Entry) -> Game:
    """The game after one more entry. The entry must be the next one."""
    if entry.seq != game.version + 1:
        message = f"entry {entry.seq} does not follow version {game.version}"
        raise ValueError(message)
    after = twin(game)
    after.seats = {n: twin(seat) for n, seat in game.seats.items()}
    _write(after, entry.now)
    after.version = entry.seq
    after.last_at = entry.at
    after.steps = follow(game.steps, entry)
    return after


def unapply(game: Game, entry: Entry) -> Game:
    """The game before its newest entry, as far as entries keep it: moments and steps are gone."""
    before = twin(game)
    before.seats = {n: twin(seat) for n, seat in game.seats.items()}
    _write(before, entry.was)
    before.version = entry.seq - 1
    return before


def fold(beginning: Game, entries: Iterable[Entry]) -> Game:
    """The game as it is after all ``entries``, from how it was created."""
    game = beginning
    for entry in entries:
        game = apply(game, entry)
    return game
