"""One command at a time: lock, load, let fall due, decide, save, publish.

This is the only road by which a game changes. Forms, channels, the timekeeper and the command
line all come through here. Nothing is announced or acknowledged before it is committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from types import TracebackType
from typing import Any, TypeVar

import structlog
from gevent.event import AsyncResult
from gevent.lock import RLock

from app.bus.contract import Bus
from app.game.clock import running_seats
from app.game.commands import Command, NewGame, TakeOver
from app.game.entry import Entry
from app.game.game import Game, new_game
from app.game.judge import (
    advance,
    decide,
    end_outage,
    hold,
    may_auto_pause,
    refuse_closed,
    wakes_at,
)
from app.game.refusals import Kind, Refusal, Stale
from app.game.rules.context import Chance, Surroundings
from app.game.said import say
from app.game.view import PresenceView
from app.storage.contract import (
    CREATE,
    HOLE_MS,
    CodeTaken,
    LostRace,
    Save,
    Storage,
    StorageDown,
    Token,
    UnreadableGame,
    shared,
)
from app.table import counts
from app.table.around import Around
from app.table.codes import chance as fair_chance
from app.table.codes import deal_code, mint_token
from app.table.elsewhere import REQUESTS_SAID_EVERY_MS, Elsewhere
from app.table.instant import Now
from app.table.outages import Outages, Window
from app.table.presence import Presence, view_presence
from app.table.shelf import Hot, Shelf, no_such_game, unreadable_game
from app.table.timekeeper import LATENESS_MS, RETRY_MS, Timekeeper

log = structlog.get_logger(__name__)

T = TypeVar("T")

CLOSED_ANSWERS_MS = 24 * 60 * 60 * 1000
"""A closed game's code answers "closed" this long, then it is unknown."""

ENTRIES_AT_ONCE = 32
"""Undo reads the ledger back in portions of so many entries."""

RACES = 5
DEALS = 20


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the newest table; whether it counted; a token minted by it."""

    game: Game
    stale: bool = False
    token: str | None = None


class StorageFaults:
    """A storage that does not answer is a polite refusal."""

    def __enter__(self) -> None:
        """Nothing is begun: one serves all."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(fault, StorageDown):
            log.warning("storage refused", why=str(fault))
            sentence = say(
                "The table could not be saved, so nothing was changed. Please try again."
            )
            raise Refusal("storage", sentence, Kind.UNAVAILABLE) from fault
        if isinstance(fault, UnreadableGame):
            log.error("a stored game cannot be read", exc_info=fault)
            raise unreadable_game() from fault


_STORAGE_FAULTS = StorageFaults()


class Table:
    """All games of this process."""

    def __init__(
        self, storage: Storage, bus: Bus, now: Now, *, max_games: int, chance: Chance = fair_chance
    ) -> None:
        self.storage = storage
        self.now = now
        self._bus = bus
        self._chance = chance
        self._max_games = max_games
        self._creating = RLock()
        self._waking: AsyncResult | None = None
        #: When somebody gave a command last (monotonic seconds).
        self.tapped_at = 0.0
        #: The alive line could not be written: a hole in it is not this process' sleep.
        self._is_storage_away = False
        started_at = now()
        self.shelf = Shelf(storage, now, started_at)
        self.outages = Outages(storage.last_alive(), started_at)
        self.timekeeper = Timekeeper(now, self.keep_time)
        self.elsewhere: Elsewhere | None = None
        self._shared = shared(storage)
        if self._shared is not None:
            self.elsewhere = Elsewhere(self._shared, self.shelf, now)
            if self.elsewhere.others_serve():
                self.outages.forget_start()  # the games were served meanwhile
        restored = list(storage.deadlines())
        counts.GAMES_RESTORED.set(len(restored))
        for code, due in restored:
            # Each running game is held at once, or a second crash would forget the first outage.
            self.timekeeper.schedule(code, started_at if self.outages.windows else due)

    def look(self, code: str) -> Game:
        """The newest committed table. Refusal: no such game, closed, unreadable."""
        self.renew(code)
        return self.glance(code)

    def renew(self, code: str) -> bool:
        """Catch up with other processes at this table; whether there was anything new."""
        if self.elsewhere is None:
            return False
        with self.storage_faults():
            hot = self.shelf.take(code)
            if not self.shelf.renew(hot):
                return False
        self.reschedule(hot)
        return True

    def glance(self, code: str) -> Game:
        """The table as this process knows it: enough for whoever compares before setting.

        Refusal like ``look``; one that rests on an old table is taken back by ``renew``.
        """
        with self.storage_faults():
            game = self.shelf.take(code).game
        if game.status == "closed" and self.now() - game.last_at > CLOSED_ANSWERS_MS:
            raise no_such_game()
        refuse_closed(game)
        return game

    def create(self, wanted: NewGame, client: str) -> Game:
        """A new waiting game under a fresh code, its creator the host."""
        at = self.now()
        # One at a time, or many who come at once would all still find room.
        with self._creating, self.storage_faults():
            if self.storage.count_games() >= self._max_games:
                raise Refusal("full", say("This server carries all the games it can."))
            for _ in range(DEALS):
                game = new_game(
                    deal_code(),
                    host=client,
                    at=at,
                    name=wanted.title or wanted.default_title,
                    players=wanted.players,
                    settings=wanted.settings,
                    listed=wanted.listed,
                    campaign=wanted.campaign,
                )
                try:
                    self.storage.save(Save(game, CREATE, (), None, joined=(client,)))
                except CodeTaken:
                    continue
                self.shelf.put(game)
                counts.GAMES_CREATED.inc()
                return game
        raise Refusal("full", say("No code is free. Please try again."))

    def play(self, code: str, command: Command, client: str, at: int) -> Outcome:
        """Judge a command of instant ``at`` and commit what it does.

        Raises Refusal (changes nothing beyond what fell due) or BadFields; an outcome is stale
        when the form was painted for another turn.
        """
        self.glance(code)
        hot = self.shelf.take(code)
        self.tapped_at = time.monotonic()
        outcome = self.alone(hot, at, lambda: self._play_once(hot, command, client, at))
        if not outcome.stale:
            counts.TAP_TO_ANNOUNCE.observe((self.now() - at) / 1000)
        return outcome

    def keep_time(self, code: str, upto: int) -> None:
        """Let everything happen that is due up to ``upto``; the timekeeper's errand."""
        try:
            hot = self.shelf.take(code)
            version = hot.game.version
            self.alone(hot, upto, lambda: self._commit(hot, *self._catch_up(hot, upto)))
            self.reschedule(hot)
            if self.elsewhere is not None and hot.game.version == version:
                self._look_later(hot)
        except Refusal as refusal:
            log.warning("a deadline waits", game=code, why=refusal.code)
            if refusal.kind is Kind.UNAVAILABLE and refusal.code != "unreadable":
                self.timekeeper.schedule(code, self.now() + RETRY_MS)

    def hear_of(
        self,
        code: str,
        client: str,
        at: int,
        note: Callable[[Presence], None],
        *,
        here: bool = True,
    ) -> Game:
        """A browser asked for something, or its channel opened (or closed: not ``here``).

        When its seat's clock waits for it after an outage, the clock counts again.
        """
        hot = self.shelf.take(code)
        if here:
            self._catch_up_before(hot, at)
            if self._awaited(hot.game, client, at):
                self.alone(hot, at, lambda: self._return(hot, at))
        # Only now: who was turned away is not there, and nobody arrives before what fell due.
        presence = hot.presence
        channels, had_channel = presence.channels(), presence.has_channel(client)
        note(presence)
        has_moved = presence.channels() != channels
        if self.elsewhere is not None:
            self.elsewhere.say(hot, at_most_every_ms=0 if has_moved else REQUESTS_SAID_EVERY_MS)
        if presence.is_crowded():
            presence.forget_onlookers({hot.game.device(), *_people(hot.game)})
        if has_moved or not had_channel:  # else whoever was here still is: nothing is due sooner
            self.reschedule(hot)
        return hot.game

    def presence_view(self, code: str) -> PresenceView:
        """Who is not there, as the screens show it."""
        hot = self.shelf.take(code)
        self._ask_elsewhere(hot)
        at = self.now()
        hot.presence.number += 1
        return view_presence(hot.presence, hot.game, at)

    def presence(self, code: str) -> Presence:
        """Who is there at this table."""
        return self.shelf.take(code).presence

    def due(self, hot: Hot) -> int | None:
        """When something next happens by itself at this table."""
        due = self._wakes_at(hot, hot.game)
        return min((one for one in (due, hot.retry_at) if one is not None), default=None)

    def stored_due(self, hot: Hot, game: Game) -> int | None:
        """When to look at this game if the process is gone by then; never None while it runs."""
        due = self._wakes_at(hot, game, nobody_since=game.last_at)
        return game.last_at if due is None and game.status == "running" else due

    def _wakes_at(self, hot: Hot, game: Game, nobody_since: int | None = None) -> int | None:
        """The next instant at which something happens by itself in this state of a game."""
        if nobody_since is None and may_auto_pause(game):
            self._ask_elsewhere(hot)
            nobody_since = hot.presence.nobody_since(game)
        return wakes_at(game, nobody_since, hot.next_due)

    def reschedule(self, hot: Hot) -> None:
        """Tell the timekeeper; who is there has a say in what is due."""
        self.timekeeper.schedule(hot.game.code, self.due(hot))

    def alone(self, hot: Hot, at: int, act: Callable[[], T]) -> T:
        """Do it under the game's lock. After a lost race the game is reloaded and judged again."""
        with self.storage_faults():
            try:
                self._be_awake()
                with hot.lock:
                    for _ in range(RACES):
                        try:
                            return act()
                        except LostRace:
                            self._reload(hot, at)
            except StorageDown:
                # From the first command refused for storage until storage answers is an outage.
                self.outages.refused(at)
                raise
        raise Refusal("busy", say("The table is busy. Please tap again."), Kind.UNAVAILABLE)

    def _reload(self, hot: Hot, at: int) -> None:
        try:
            self.shelf.reload(hot)
        except Refusal:
            if hot.game.code in self.shelf.unreadable:
                # An outage of this table alone, which ends when its row can be written again.
                hot.unreadable_since = hot.unreadable_since or at
                hot.retry_at = self.now() + RETRY_MS
                self.reschedule(hot)
            raise

    def storage_faults(self) -> StorageFaults:
        """A storage that does not answer is a polite refusal."""
        return _STORAGE_FAULTS

    def say_alive(self) -> None:
        """Write the alive line, which ends an outage when there was one. StorageDown."""
        at = self.now()
        try:
            slept = self._shared is not None and not self._is_storage_away
            away_ms = at - self.outages.alive_at
            if slept and self._shared is not None and self._shared.others_alive(HOLE_MS, away_ms):
                self.outages.was_served(at)  # only this process slept
            self.storage.say_alive(at)
        except StorageDown:
            self._is_storage_away = True
            raise
        self._is_storage_away = False
        if self.outages.answered(at, self.now()):
            over = self.outages.windows[-1]
            log.warning("an outage is over", lasted_ms=over.until - over.since)

    def _be_awake(self) -> None:
        """Before anything is judged after a sleep or a storage fault: the alive line must succeed.

        All who ask meanwhile wait for the same answer. StorageDown.
        """
        if not self.outages.is_suspected(self.now()):
            return
        if self._waking is not None:
            self._waking.get()
            return
        waking = self._waking = AsyncResult()
        try:
            self.say_alive()
        except BaseException as fault:
            waking.set_exception(fault)
            raise
        else:
            waking.set(None)
        finally:
            self._waking = None

    def _catch_up_before(self, hot: Hot, at: int) -> None:
        """Commit the outage windows the game was not held for yet, and what fell due."""
        due = self.due(hot)
        is_behind = hot.windows_seen < len(self.outages.windows)
        upto = at
        falls_due = hot.next_due(hot.game)
        if falls_due is not None and falls_due <= at:
            # Not up to the present: a tap that was at the door in time may still be waiting.
            upto = min(at, self.now() - LATENESS_MS)
        if is_behind or (due is not None and due <= upto):
            self.keep_time(hot.game.code, max(upto, hot.game.last_at))

    def _ask_elsewhere(self, hot: Hot) -> None:
        """Who is at this table in other processes, as far as storage answers."""
        if self.elsewhere is not None:
            with suppress(StorageDown):
                self.elsewhere.ask(hot)

    def _look_later(self, hot: Hot) -> None:
        """Nothing was due after all: others need not look at this game again before it may be.

        Somebody may be there now whose process is killed a moment later: so a running game is
        looked at again even when nothing is due in it.
        """
        if self._shared is not None:
            due, wait_ms = self.due(hot), hot.game.settings.auto_pause_ms
            if hot.game.status == "running" and wait_ms:
                at_latest = self.now() + wait_ms
                due = at_latest if due is None else min(due, at_latest)
            with suppress(StorageDown):
                self._shared.postpone(hot.game.code, hot.game.version, due)

    def _return(self, hot: Hot, at: int) -> None:
        """The phone is back for which the clock waited."""
        game, entries = self._catch_up(hot, at)
        game, ended = end_outage(game, at)
        self._commit(hot, game, [*entries, *ended])

    def _awaited(self, game: Game, client: str, at: int) -> bool:
        """Whether the clock waits, after an outage, for this very browser.

        A tap that was at the door before storage answered changes nothing about the outage.
        """
        if game.outage is None or at < self.outages.back_at():
            return False
        waited_for = [game.seats[number] for number in running_seats(game)]
        return any(
            seat.holder == client or (seat.shared and client == game.device())
            for seat in waited_for
        )

    def _play_once(self, hot: Hot, command: Command, client: str, at: int) -> Outcome:
        game, entries = self._catch_up(hot, at)
        if self._awaited(game, client, at):
            game, ended = end_outage(game, at)
            entries += ended
        try:
            around = self._around(hot, game, at, past=partial(self._past, hot, entries))
            after, entry = decide(game, command, client, at, around)
        except Stale:
            self._commit(hot, game, entries)
            return Outcome(hot.game, stale=True)
        except Refusal:
            self._commit(hot, game, entries)
            raise
        token = self._commit(hot, after, [*entries, entry], command, client)
        return Outcome(hot.game, token=token)

    def _catch_up(self, hot: Hot, at: int) -> tuple[Game, list[Entry]]:
        """What happened by itself: windows of outage, then everything due up to ``at``."""
        game = hot.game
        entries: list[Entry] = []
        windows = self.outages.unseen(hot.windows_seen)
        if hot.unreadable_since is not None and hot.unreadable_since < at:
            windows.append(Window(hot.unreadable_since, at, at))
        if not windows:
            wakes = self._wakes_at(hot, game)
            if wakes is None or wakes > at:
                return game, entries
        for window in windows:
            if window.concerns(game):
                around = self._around(hot, game, window.since)
                game, before = advance(game, window.since, around)
                # Still held for an earlier one: the new one goes on where that is cut short.
                game, cut_short = end_outage(game, window.since)
                game, held = hold(game, window.since, window.until, window.back_at, around)
                entries += [*before, *cut_short, *held]
        game, due = advance(game, at, self._around(hot, game, at))
        return game, [*entries, *due]

    def _commit(
        self,
        hot: Hot,
        game: Game,
        entries: list[Entry],
        command: Command | None = None,
        client: str = "",
    ) -> str | None:
        """Save, then speak. Returns the plain reconnect token when the client sat down by it."""
        before = hot.game
        windows = len(self.outages.windows)
        hot.retry_at = None
        if not entries:
            hot.windows_seen = windows
            return None
        save = Save(game, before.version, tuple(entries), self.stored_due(hot, game))
        plain = None
        used = (command.place,) if isinstance(command, TakeOver) else ()
        if used or _who_sits(before) != _who_sits(game):
            tokens, plain = _claimed(before, game, client)
            save = replace(
                save,
                joined=tuple(_people(game) - _people(before)),
                left=tuple(_people(before) - _people(game)),
                tokens=tokens,
                void_seats=(*used, *_voided(before, game)),
            )
        self.storage.save(save)
        self.shelf.unreadable.discard(game.code)
        hot.unreadable_since = None
        hot.game = game
        hot.windows_seen = windows
        self._bus.publish(game.code, game.version)
        self.reschedule(hot)
        return plain

    def _around(
        self,
        hot: Hot,
        game: Game,
        at: int,
        past: Callable[[], Iterable[Entry]] = tuple,
    ) -> Surroundings:
        self._ask_elsewhere(hot)
        return Around(self._chance, hot.presence, game, at, past)

    def _past(self, hot: Hot, unsaved: list[Entry]) -> Iterator[Entry]:
        """The ledger from its newest entry back, read from storage only as far as it must be."""
        yield from reversed(unsaved)
        upto = hot.game.version
        while upto > 0:
            entries = self.storage.ledger_back(hot.game.code, upto, ENTRIES_AT_ONCE)
            yield from entries
            upto = entries[-1].seq - 1 if entries else 0


_SITS = attrgetter("number", "holder")


def _who_sits(game: Game) -> tuple[Any, ...]:
    """Everything that tokens and "my games" depend on; of a tap, mostly the same."""
    return (game.host, game.status, *map(_SITS, game.seats.values()))


def _people(game: Game) -> set[str]:
    """Everybody whose "my games" should list this game."""
    if game.status == "closed":
        return set()
    return {game.host, *(s.holder for s in game.seats.values() if s.holder is not None)}


def _claimed(before: Game, after: Game, client: str) -> tuple[tuple[Token, ...], str | None]:
    """A fresh reconnect token when the client holds a seat now that it did not hold before."""
    seat, former = after.seat_of(client), before.seat_of(client)
    if seat is None or (former is not None and former.number == seat.number):
        return (), None
    plain, hash_ = mint_token()
    return (Token(hash_, after.code, seat.number, after.last_at),), plain


def _voided(before: Game, after: Game) -> tuple[int, ...]:
    """Places whose tokens are void now: the holder changed, or the game is over."""
    if after.status in ("finished", "closed"):
        return (0, *after.seats) if before.status != after.status else ()
    return tuple(
        number
        for number, seat in before.seats.items()
        if seat.holder is not None
        and (number not in after.seats or after.seats[number].holder != seat.holder)
    )
