"""The hub hears of every change and wakes the screens that listen to that table."""

from __future__ import annotations

from dataclasses import dataclass, field

import gevent
import structlog

from app.channel.board import Board, Paint, event
from app.channel.mailbox import Mailbox
from app.game.game import Game
from app.game.permissions import HOST_AWAY_MS
from app.game.refusals import Kind, Refusal
from app.game.view import PresenceView, state_view
from app.game.you import you_of
from app.table.play import Table

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0
LOOK_FOR_MS = HOST_AWAY_MS + 10_000
"""After a channel closed, who is away is looked at again until all that may follow has."""


@dataclass
class Room:
    """One table's board and the screens that listen to it."""

    board: Board
    boxes: set[Mailbox] = field(default_factory=set)
    presence: PresenceView | None = None
    #: Looks again at who is away, until some time after the newest channel closed.
    look_until: int = 0
    looking: gevent.Greenlet | None = None


class Hub:
    """All rooms of this process that somebody listens to."""

    def __init__(self, table: Table, paint: Paint, max_streams: int) -> None:
        self._table = table
        self._paint = paint
        self._max_streams = max_streams
        self._rooms: dict[str, Room] = {}
        self._streams = 0
        self.draining = False

    def on_change(self, code: str, version: int) -> None:
        """A table has a new version: paint it once, wake its screens."""
        room = self._rooms.get(code)
        if room is None or version <= room.board.version:
            return
        hot = self._table.shelf.take(code)
        room.board.update(hot.game, self._table.now())
        for box in room.boxes:
            box.poke()

    def channels(self) -> int:
        """How many screens listen."""
        return self._streams

    def board(self, code: str) -> Board | None:
        """A listened-to table's pieces."""
        room = self._rooms.get(code)
        return room.board if room else None

    def enter(self, box: Mailbox) -> None:
        """A screen begins to listen. Refusal when the table is not there or the house is full."""
        if self._streams >= self._max_streams:
            sentence = "Too many screens are listening. Please try again later."
            raise Refusal("streams", sentence, Kind.UNAVAILABLE)
        at = self._table.now()
        code = box.code
        self._table.look(code)
        game = self._table.hear_of(code, box.client, at, lambda p: p.opened(box.client, at))
        room = self._rooms.get(code)
        if room is None:
            room = self._rooms[code] = Room(Board(self._paint))
        room.board.update(game, at)
        room.boxes.add(box)
        self._streams += 1
        self._show_presence(code)

    def leave(self, box: Mailbox) -> None:
        """A screen listens no more."""
        room = self._rooms.get(box.code)
        if room is None or box not in room.boxes:
            return
        room.boxes.discard(box)
        self._streams -= 1
        if not room.boxes:
            del self._rooms[box.code]
        at = self._table.now()
        try:
            self._table.hear_of(
                box.code, box.client, at, lambda p: p.closed(box.client, at), here=False
            )
        except Refusal:
            return
        room.look_until = at + LOOK_FOR_MS
        if room.boxes and not room.looking:
            room.looking = gevent.spawn(self._look_again, room, box.code)

    def first(self, box: Mailbox) -> bytes:
        """All that is newer than what a connecting screen has, and every counting clock."""
        return self._news(box, fresh=True)

    def next(self, box: Mailbox) -> bytes:
        """What is newer than what the screen has; empty when nothing is."""
        return self._news(box, fresh=False)

    def drain(self) -> None:
        """The process is about to end: tell every screen to come back."""
        self.draining = True
        for room in list(self._rooms.values()):
            for box in list(room.boxes):
                box.close()

    def _news(self, box: Mailbox, *, fresh: bool) -> bytes:
        room = self._rooms.get(box.code)
        if room is None:
            return b""
        at = self._table.now()
        try:
            game = self._table.shelf.take(box.code).game
        except Refusal:  # swept away while somebody still looked at it
            box.close()
            return b""
        room.board.update(game, at)
        news = b""
        if fresh or room.board.version > box.version:
            news = room.board.frame(min(box.version, room.board.version), at, fresh=fresh)
            box.version = room.board.version
        presence = room.presence
        if presence is not None and presence.number != box.presence_number:
            box.presence_number = presence.number
            news += event(self._with_state(game, "presence", presence=presence), None)
        you = you_of(game, box.client)
        if box.you is not None and box.you != you:
            news += event(self._with_state(game, "page_turn"), None)
        box.you = you
        return news

    def _with_state(self, game: Game, fragment: str, **given: PresenceView) -> list[str]:
        state = state_view(game, self._table.now())
        return [self._paint("state", state=state), self._paint(fragment, state=state, **given)]

    def _look_again(self, room: Room, code: str) -> None:
        while room.boxes and self._table.now() < room.look_until:
            gevent.sleep(LOOK_EVERY_S)
            self._show_presence(code)

    def _show_presence(self, code: str) -> None:
        """Tell the screens who is away, when that has changed."""
        room = self._rooms.get(code)
        if room is None:
            return
        view = self._table.presence_view(code)
        if room.presence is not None and room.presence.says_the_same(view):
            return
        room.presence = view
        for box in room.boxes:
            box.poke()
