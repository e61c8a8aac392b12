"""The pieces of one table: each rendered once per change, joined once per listener group.

A piece knows at which version it last changed, so a listener gets only what is newer than what
it has. The picture of a counting clock ages, and that of a moment, which is shown once or not at
all; they are drawn again for whoever comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from app.channel.frame import Frame
from app.game.game import Game
from app.game.pieces import PIECES
from app.game.seat import MAX_SEATS, Seat
from app.game.view import clocked_seats, is_live, seat_key, seat_view, seats_key

OTHERS = {name: piece for name, piece in PIECES.items() if name != "state"}

UNSEEN: tuple[Any, frozenset[int], dict[int, Seat]] = (None, frozenset(), {})
"""No seat is painted yet."""

AGES_MS = 50
"""A live piece's picture is drawn again for a frame this much later."""


class Paint(Protocol):
    """Renders one fragment by name."""

    def __call__(self, fragment: str, **given: Any) -> str:
        """The fragment as HTML, with its one input."""


@dataclass
class Painted:
    """One fragment as it was last rendered."""

    key: Any
    version: int
    html: str
    painted_at: int
    live: bool


class Board:
    """One table's pieces. ``paintings`` counts renderings of a change, ``painted`` of pieces."""

    def __init__(self, paint: Paint) -> None:
        self._paint = paint
        self._pieces: dict[str, Painted] = {}
        self._joined: dict[int, tuple[int, Frame]] = {}
        #: The version before the newest change (-1: unknown), and what was painted for that one.
        self._before = -1
        self._newest: list[tuple[str, Painted]] = []
        self._game: Game | None = None
        #: What all seats were painted by last; whose clocks counted; and the seats.
        self._seats = UNSEEN
        self.version = -1
        self.paintings = 0
        self.painted = 0

    def update(self, game: Game, at: int) -> None:
        """Paint what differs from before; nothing when this version is known."""
        if game.version <= self.version:
            return
        self._game = game
        self._before, self.version = self.version, game.version
        self._newest = []
        self._joined.clear()
        self.paintings += 1
        try:
            self._paint_all(game, at)
        except BaseException:
            self.version = -1  # half painted is not painted: whoever asks next paints anew
            self._seats = UNSEEN
            raise

    def frame(self, since: int, at: int, *, fresh: bool = False) -> Frame:
        """The frame with every piece newer than ``since``; the state comes first.

        ``fresh``: also every live piece, for a screen that may have slept.
        """
        if not fresh:
            joined = self._joined.get(since)
            if joined is not None and at - joined[0] <= AGES_MS:
                return joined[1]
        if not fresh and 0 <= self._before <= since < self.version:
            chosen = self._newest  # as nearly every screen asks
        else:
            chosen = [
                (name, piece)
                for name, piece in self._pieces.items()
                if piece.version > since or name == "state" or (fresh and piece.live)
            ]
        frame = Frame(tuple(self._current(name, piece, at) for name, piece in chosen), self.version)
        if not fresh:
            # As old as the oldest picture in it, or ageing would begin anew with the joining.
            oldest = min((piece.painted_at for _, piece in chosen if piece.live), default=at)
            self._joined[since] = (oldest, frame)
        return frame

    def _paint_all(self, game: Game, at: int) -> None:
        self._put("state", self.version, at)
        self._paint_seats(game, at)
        pieces = self._pieces
        for name, piece in OTHERS.items():
            key = piece.key(game)
            if name not in pieces or pieces[name].key != key:
                self._put(name, key, at, live=piece.live(game))

    def _paint_seats(self, game: Game, at: int) -> None:
        """Those that may look otherwise: of a tap, mostly two."""
        of_all, clocked = seats_key(game), frozenset(clocked_seats(game))
        before, was_clocked, seats = self._seats
        may_stay = of_all == before
        # Which seats there are is in the key.
        for number in game.seats if may_stay else range(1, MAX_SEATS + 1):
            seat = game.seats.get(number)
            is_same = seat is seats.get(number)
            counts = number in clocked or number in was_clocked
            if may_stay and is_same and not counts:
                continue
            name = f"seat-{number}"
            key = None if seat is None else seat_key(game, number)
            known = self._pieces.get(name)
            # What counts and is another seat differs: comparing the keys would only cost.
            if (counts and not is_same) or known is None or known.key != key:
                self._put(name, key, at, live=seat is not None and is_live(game, number))
        self._seats = (of_all, clocked, game.seats)

    def _current(self, name: str, piece: Painted, at: int) -> str:
        if piece.live and at - piece.painted_at > AGES_MS:
            piece.html = self._render(name, at)
            piece.painted_at = at
        return piece.html

    def _put(self, name: str, key: object, at: int, *, live: bool = False) -> None:
        piece = self._pieces[name] = Painted(key, self.version, self._render(name, at), at, live)
        self._newest.append((name, piece))

    def _render(self, name: str, at: int) -> str:
        game = self._game
        if game is None:
            message = "nothing to paint yet"
            raise RuntimeError(message)
        self.painted += 1
        if name in PIECES:
            return self._paint(name, **{name: PIECES[name].view(game, at)})
        number = int(name.removeprefix("seat-"))
        if number in game.seats:
            return self._paint("seat", seat=seat_view(game, number, at))
        return self._paint("absent_seat", number=number)
