"""The hub hears of every change and wakes the screens that listen to that table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gevent
import structlog

from app.bus.contract import Bus
from app.channel import counts
from app.channel.board import Board, Paint
from app.channel.frame import Frame
from app.channel.mailbox import Mailbox
from app.game.game import Game
from app.game.permissions import HOST_AWAY_MS
from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.game.view import PresenceView, state_view
from app.game.you import you_key, you_of
from app.table.play import Table
from app.table.presence import Presence
from app.words.languages import SOURCE

log = structlog.get_logger(__name__)

MAX_CHANNELS_PER_CLIENT = 6
"""Channels one browser may have open at one table: as many tabs as HTTP/1.1 lets it load."""

MAX_CHANNELS_PER_GAME = 200
"""Onlookers beyond so many channels are refused; who plays always fits in."""

CHECK_EVERY_MS = 20_000
"""How often it is asked again whether a screen may listen; whoever waits longest, within 30 s."""

HEAR_AGAIN_S = 0.5
"""A change that could not be read from storage is looked at again so soon."""

LOOK_EVERY_S = 2.0
LOOK_FOR_MS = HOST_AWAY_MS + 10_000
"""After a channel closed, who is away is looked at again until all that may follow has."""


@dataclass
class Room:
    """One table's boards, one for each language that is read there, and who listens to it."""

    boards: dict[str, Board] = field(default_factory=dict)
    boxes: set[Mailbox] = field(default_factory=set)
    presence: PresenceView | None = None
    #: Looks again at who is away, until some time after the newest channel closed.
    look_until: int = 0
    looking: gevent.Greenlet | None = None
    #: A change was announced that could not be read yet.
    is_behind: bool = False


class Hub:
    """All rooms of this process that somebody listens to."""

    def __init__(
        self, table: Table, bus: Bus, painter: Callable[[str], Paint], max_streams: int
    ) -> None:
        self._table = table
        self._bus = bus
        self._painter = painter
        self._max_streams = max_streams
        self._rooms: dict[str, Room] = {}
        self._streams = 0
        self.draining = False

    def on_change(self, code: str, version: int) -> None:
        """A table has a new version: paint it once, wake its screens."""
        room = self._rooms.get(code)
        if room is None:
            return
        try:
            hot = self._table.shelf.take(code)
            if hot.game.version < version:
                self._table.renew(code)  # it was another process that moved it on
            at = self._table.now()
            for board in tuple(room.boards.values()):
                board.update(hot.game, at)
            self._tell_all(room, hot.game, at)
        except Refusal as refusal:
            if refusal.code != "storage":
                raise
            self._hear_again(room, code, version)
        finally:  # a table that cannot be painted: each screen finds out by itself, and comes back
            # Not "is it news to the board": one screen that looked by itself has painted it.
            for box in room.boxes:
                if box.version < version:
                    box.poke()

    def _tell_all(self, room: Room, game: Game, at: int) -> None:
        """Write the news to every screen that takes it at once; the others wake by themselves."""
        people = you_key(game)
        for box in tuple(room.boxes):
            outlet, board = box.outlet, room.boards.get(box.language)
            is_checked = at - box.checked_at < CHECK_EVERY_MS  # asking may wait
            if not box.is_idle or not is_checked or board is None or not outlet.is_free():
                continue
            try:
                if news := self._pieces(box, room, board, game, at, people):
                    outlet.write(news)
                    box.wrote()
            except OSError:
                box.close()
            except Exception:
                # Half told is not told, and nobody else would find out: the screen comes back.
                log.exception("a screen could not be told", game=box.code)
                box.close()
            if outlet.rest:
                box.poke()

    def channels(self) -> int:
        """How many screens listen."""
        return self._streams

    def board(self, code: str, language: str = SOURCE) -> Board | None:
        """A listened-to table's pieces in one language."""
        room = self._rooms.get(code)
        return room.boards.get(language) if room else None

    def refuse_if_full(self, code: str, client: str) -> Game:
        """Refusal when the table is not there, or no further screen of this client fits in."""
        if self._streams >= self._max_streams:
            sentence = say("Too many screens are listening. Please try again later.")
            raise Refusal("streams", sentence, Kind.UNAVAILABLE)
        game = self._table.look(code)
        room = self._rooms.get(code)
        if room is None:
            return game
        if sum(box.client == client for box in room.boxes) >= MAX_CHANNELS_PER_CLIENT:
            sentence = say("This game is open in too many tabs here. Please close one.")
            raise Refusal("client-streams", sentence, Kind.TOO_MUCH)
        if len(room.boxes) >= MAX_CHANNELS_PER_GAME and not plays(game, client):
            sentence = say("So many are watching this game that no more fit in.")
            raise Refusal("game-streams", sentence, Kind.TOO_MUCH)
        return game

    def enter(self, box: Mailbox) -> None:
        """A screen begins to listen. Refusals are those of ``refuse_if_full``."""
        code = box.code
        self.refuse_if_full(code, box.client)
        # In before anything waits: whoever comes or goes meanwhile finds it in the same room.
        room = self._rooms.get(code)
        is_first = room is None
        if room is None:
            room = self._rooms[code] = Room()
        room.boxes.add(box)
        self._streams += 1
        box.opened_s = time.monotonic()
        at = box.checked_at = self._table.now()
        try:
            game = self._table.hear_of(code, box.client, at, lambda p: _came(p, box, at))
        except BaseException:
            self._take_out(room, box)
            raise
        log.info("stream opened", transport=box.transport)
        counts.OPEN.labels(box.transport).inc()
        counts.LISTENED_TO.set(len(self._rooms))
        if box.again:
            counts.RECONNECTS.labels(box.transport).inc()
        try:
            self._bus.listen(code)
            if is_first:
                game = self._table.look(code)
            self._board(room, box).update(game, at)
            self._show_presence(code)
        except BaseException:
            self.leave(box)  # or its seat would count as there, and never be paused for
            raise
        if self.draining:
            box.close()  # it waited at the door while all others were told to come back

    def leave(self, box: Mailbox) -> None:
        """A screen listens no more."""
        room = self._rooms.get(box.code)
        if room is None or box not in room.boxes:
            return
        self._take_out(room, box)
        lasted_s = round(time.monotonic() - box.opened_s, 1)
        log.info("stream closed", transport=box.transport, seconds=lasted_s)
        counts.OPEN.labels(box.transport).dec()
        counts.LISTENED_TO.set(len(self._rooms))
        at = self._table.now()
        try:
            self._table.hear_of(box.code, box.client, at, lambda p: _went(p, box, at), here=False)
        except Refusal:
            return
        room.look_until = at + LOOK_FOR_MS
        if room.boxes and not room.looking:
            room.looking = gevent.spawn(self._look_again, room, box.code)

    def _board(self, room: Room, box: Mailbox) -> Board:
        """The pieces of the table in the language of this screen."""
        board = room.boards.get(box.language)
        if board is None:
            board = room.boards[box.language] = Board(self._painter(box.language))
        return board

    def _take_out(self, room: Room, box: Mailbox) -> None:
        room.boxes.discard(box)
        self._streams -= 1
        if all(other.language != box.language for other in room.boxes):
            room.boards.pop(box.language, None)  # nobody reads it any more
        if not room.boxes:
            del self._rooms[box.code]
            self._bus.ignore(box.code)

    def first(self, box: Mailbox) -> bytes:
        """All that is newer than what a connecting screen has, and every counting clock."""
        return self._news(box, fresh=True)

    def next(self, box: Mailbox, replies: Sequence[tuple[str, ...]] = ()) -> bytes:
        """What is newer than what the screen has; empty when nothing is.

        ``replies`` is what this screen alone is told: behind the news, since a reply shows the
        newest state and nothing may be skipped on the way, but before the page is told to turn,
        for what comes after that is never read.
        """
        return self._news(box, replies=replies)

    def _reply(self, box: Mailbox, pieces: tuple[str, ...]) -> bytes:
        """What one screen alone is told, behind the present state of its table."""
        try:
            game = self._table.shelf.take(box.code).game
        except Refusal:
            return box.encode(Frame(pieces, None))
        paint = self._painter(box.language)
        state = paint("state", state=state_view(game, self._table.now()))
        return box.encode(Frame((state, *pieces), None))

    def now(self) -> int:
        """The present instant, in epoch milliseconds."""
        return self._table.now()

    def drain(self) -> None:
        """The process is about to end: tell every screen to come back."""
        self.draining = True
        for room in list(self._rooms.values()):
            for box in list(room.boxes):
                box.close()

    def _news(
        self, box: Mailbox, *, fresh: bool = False, replies: Sequence[tuple[str, ...]] = ()
    ) -> bytes:
        told = b"".join([self._reply(box, pieces) for pieces in replies])
        room = self._rooms.get(box.code)
        if room is None:
            return told
        at = self._table.now()
        try:
            game = self._game(box, at)
        except Refusal as refusal:  # swept away or closed while somebody still looked at it
            box.close(turned_away=refusal.sentence)
            if not self._table.shelf.holds(box.code):
                return told
            game = self._table.shelf.take(box.code).game  # it is told how it ended all the same
        board = self._board(room, box)
        board.update(game, at)
        return self._pieces(box, room, board, game, at, you_key(game), told, fresh=fresh)

    def _pieces(  # noqa: PLR0913, PLR0917 - what is the same for all screens of a table is found once
        self,
        box: Mailbox,
        room: Room,
        board: Board,
        game: Game,
        at: int,
        people: tuple[Any, ...],
        told: bytes = b"",
        *,
        fresh: bool = False,
    ) -> bytes:
        """What this screen has not been told yet."""
        news = b""
        if fresh or board.version > box.version:
            if not fresh and board.version - box.version > 1:
                counts.SKIPPED.inc(board.version - box.version - 1)
            news = box.encode(board.frame(min(box.version, board.version), at, fresh=fresh))
            box.version = board.version
        presence = room.presence
        if presence is not None and presence.number != box.presence_number:
            box.presence_number = presence.number
            news += box.encode(self._with_state(box, game, "presence", presence=presence))
        news += told
        if box.people != people:
            box.people = people
            you = you_of(game, box.client)
            if box.you is not None and box.you != you:
                box.checked_at = 0  # seats have changed hands: ask at once
                news += box.encode(self._with_state(box, game, "page_turn"))
            box.you = you
        return news

    def _game(self, box: Mailbox, at: int) -> Game:
        """The table; now and then it is asked anew whether this screen may listen. Refusal."""
        hot = self._table.shelf.take(box.code)
        if at - box.checked_at >= CHECK_EVERY_MS:
            box.checked_at = at
            try:
                return self._table.look(box.code)
            except Refusal as refusal:
                if refusal.code != "storage":  # which did not answer: that is no "no"
                    raise
        return hot.game

    def _with_state(self, box: Mailbox, game: Game, fragment: str, **given: PresenceView) -> Frame:
        state, paint = state_view(game, self._table.now()), self._painter(box.language)
        first = paint("state", state=state)
        return Frame((first, paint(fragment, state=state, **given)), None)

    def _hear_again(self, room: Room, code: str, version: int) -> None:
        """Storage did not answer: the screens would stay behind until the next change."""
        if room.is_behind:
            return

        def again() -> None:
            room.is_behind = False
            self.on_change(code, version)

        room.is_behind = True
        gevent.spawn_later(HEAR_AGAIN_S, again)

    def _look_again(self, room: Room, code: str) -> None:
        while room.boxes and self._table.now() < room.look_until:
            gevent.sleep(LOOK_EVERY_S)
            self._show_presence(code)

    def _show_presence(self, code: str) -> None:
        """Tell the screens who is away, when that has changed."""
        room = self._rooms.get(code)
        if room is None:
            return
        game = self._table.shelf.take(code).game
        speakers = {box.client for box in room.boxes if box.speaks}
        may_speak = not speakers.isdisjoint((game.host, game.device()))
        view = replace(self._table.presence_view(code), speaks=may_speak)
        if room.presence is not None and room.presence.says_the_same(view):
            return
        room.presence = view
        for box in room.boxes:
            box.poke()


def _came(presence: Presence, box: Mailbox, at: int) -> None:
    presence.opened(box.client, at)
    if box.socket is not None:
        presence.plugged_in(box.client, box.socket)


def _went(presence: Presence, box: Mailbox, at: int) -> None:
    presence.closed(box.client, at)
    if box.socket is not None:
        presence.unplugged(box.client, box.socket)


def plays(game: Game, client: str) -> bool:
    """Whether this client holds a seat, is the host, or is the device in the middle."""
    return client in (game.host, game.device()) or game.seat_of(client) is not None
