"""Many tables at once: phones that come back by themselves, and players who pass their turns."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from queue import Empty

from app.game.entry import Entry
from tests.person import Ear, Frame, Person, start
from tests.scale.house import House
from tests.socket_line import Refused, SocketEar

BACK_S = 0.5
"""A phone on the socket comes back so soon; one on the event stream when it is told to."""

SETTLED_S = 5.0
POLL_S = 0.1
SEATS = 4


class Phone:
    """One seat's screen: what it showed, in order, and for how long it heard nothing."""

    def __init__(self, person: Person, code: str, *, on_socket: bool) -> None:
        self._person = person
        self._code = code
        self._on_socket = on_socket
        self.shown: list[tuple[int, float]] = []
        self.state: dict[str, str] = {}
        #: Seconds from the end of a channel to the first frame of the next one.
        self.gaps: list[float] = []
        self.is_live = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    @property
    def version(self) -> int:
        """The newest version it shows."""
        return self.shown[-1][0] if self.shown else -1

    def shows(self, version: int) -> bool:
        """Whether it is on a channel and as new as that."""
        return self.is_live and self.version >= version

    def hang_up(self) -> None:
        """The evening is over."""
        self._ended.set()
        self._thread.join()

    def _live(self) -> None:
        lost_at: float | None = None
        while not self._ended.is_set():
            ear = self._open()
            while ear is not None and not self._ended.is_set():
                try:
                    frame = ear.frames.get(timeout=POLL_S)
                except Empty:
                    if ear.ended.is_set():
                        break
                    continue
                if not frame.state:
                    continue
                if lost_at is not None:
                    self.gaps.append(frame.at - lost_at)
                    lost_at = None
                self._take(frame)
            self.is_live = False
            lost_at = lost_at or time.monotonic()
            advice = ear.retry_ms if isinstance(ear, Ear) else None
            if ear is not None:
                ear.close()
            self._ended.wait(advice / 1000 if advice else BACK_S)

    def _open(self) -> Ear | SocketEar | None:
        try:
            if self._on_socket:
                return self._person.plug_in(self._code, since=self.version)
            return self._person.listen(self._code, since=self.version)
        except (OSError, Refused):
            return None

    def _take(self, frame: Frame) -> None:
        self.is_live = True
        self.state = frame.state
        self.shown.append((int(frame.state["version"]), frame.at))


class Game:
    """One table under way."""

    def __init__(self, url: str, number: int, every_s: float) -> None:
        self.code, self.people = start(url, SEATS)
        self.phones = [
            Phone(person, self.code, on_socket=(number + seat) % 2 == 0)
            for seat, person in enumerate(self.people)
        ]
        self._every_s = every_s
        #: Turns whose passing was acknowledged; what else was answered, or happened.
        self.acknowledged: list[int] = []
        self.others: Counter[str] = Counter()
        self.sent_at: dict[int, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def begin(self) -> None:
        """From now on whoever has the turn passes it."""
        self._thread.start()

    def stop(self) -> None:
        """The tap under way is the last."""
        self._ended.set()
        self._thread.join()

    def newest(self) -> dict[str, str]:
        """The state on the newest of its screens."""
        return max(self.phones, key=lambda phone: phone.version).state

    def _play(self) -> None:
        while not self._ended.wait(self._every_s):
            state = self.newest()
            turn = int(state.get("turn", 0))
            if not turn or turn in self.acknowledged:
                continue
            person = self.people[int(state["active-seat"]) - 1]
            self.sent_at[turn] = time.monotonic()
            try:
                answer = person.post(f"/games/{self.code}/pass-turn", turn=turn)
            except (OSError, http.client.HTTPException) as fault:
                self.others[type(fault).__name__] += 1
                continue
            if answer.status == 303:
                self.acknowledged.append(turn)
            else:
                self.others[str(answer.status)] += 1


class Evening:
    """So many tables."""

    def __init__(self, house: House, games: int, every_s: float) -> None:
        self.house = house
        self.games = [Game(house.url, number, every_s) for number in range(games)]
        self.phones = [phone for game in self.games for phone in game.phones]

    def until_all_live(self, seconds: float = SETTLED_S) -> None:
        """Every phone is on a channel and has heard from it."""
        latest = time.monotonic() + seconds
        while not all(phone.is_live for phone in self.phones):
            assert time.monotonic() < latest, "a phone did not come back"
            time.sleep(0.01)

    def begin(self) -> None:
        """Everybody plays."""
        self.until_all_live()
        for game in self.games:
            game.begin()

    def goes_on(self, seconds: float) -> float:
        """Seconds until every table had a tap acknowledged and on all its screens from now on."""
        began = time.monotonic()
        before = {game.code: max(game.acknowledged, default=0) for game in self.games}
        for game in self.games:
            while True:
                done = [turn for turn in game.acknowledged if turn > before[game.code]]
                shown = [int(phone.state.get("turn", 0)) for phone in game.phones]
                if done and min(shown) > done[0]:
                    break
                late_s = time.monotonic() - began
                assert late_s < seconds, (game.code, game.others, shown, game.acknowledged[-3:])
                time.sleep(0.01)
        return time.monotonic() - began

    def stop(self) -> None:
        """Everybody stops, and every screen shows the newest table."""
        for game in self.games:
            game.stop()
        latest = time.monotonic() + SETTLED_S
        with self.house.storage() as storage:
            newest = {game.code: storage.version(game.code) or 0 for game in self.games}
        for game in self.games:
            while not all(phone.shows(newest[game.code]) for phone in game.phones):
                shown = [(phone.version, phone.is_live) for phone in game.phones]
                assert time.monotonic() < latest, (game.code, newest[game.code], shown)
                time.sleep(0.01)

    def close(self) -> None:
        """Everybody goes home."""
        for game in self.games:
            game._ended.set()
        for phone in self.phones:
            phone._ended.set()
        for phone in self.phones:
            phone.hang_up()

    def check(self, *, outages: bool = False) -> int:
        """Nothing was lost, doubled or shown backwards, and no time is missing; turns passed."""
        passed = 0
        for game in self.games:
            _, entries = self.house.stored(game.code)
            turns = [one.was[(0, "turn")] for one in entries if one.event == "turn-passed"]
            assert list(range(1, len(turns) + 1)) == turns
            assert set(game.acknowledged) <= set(turns)
            check_time(entries, outages=outages)
            passed += len(turns)
            for phone in game.phones:
                shown = [version for version, _ in phone.shown]
                assert shown == sorted(shown), (game.code, shown)
        return passed

    def to_all_screens_ms(self) -> list[float]:
        """Of each tap, until the last phone showed what it made; where none had to come back."""
        found = []
        for game in self.games:
            _, entries = self.house.stored(game.code)
            made = {one.was[(0, "turn")]: one.seq for one in entries if one.event == "turn-passed"}
            for turn in game.acknowledged:
                firsts = [
                    next((at for version, at in phone.shown if version >= made[turn]), None)
                    for phone in game.phones
                ]
                if None not in firsts:
                    last = max(at for at in firsts if at is not None)
                    found.append((last - game.sent_at[turn]) * 1000)
        return sorted(found)


def check_time(entries: list[Entry], *, outages: bool) -> None:
    """Every millisecond since the start is charged to somebody, or said to be nobody's."""
    first = next(one.seq for one in entries if one.event == "started")
    told: Counter[str] = Counter()
    for before, one in pairwise(entries[first - 1 :]):
        charged = sum(one.charged.values())
        free = {kind: sum(its.values()) for kind, its in one.free.items()}
        told.update(free)
        assert one.at - before.at == charged + sum(free.values()), one
    if not outages:
        assert 0 == told["outage"]


@contextmanager
def evening(house: House, games: int, every_s: float) -> Iterator[Evening]:
    """Everybody sits and listens; all go home when the block is left."""
    made = Evening(house, games, every_s)
    try:
        yield made
    finally:
        made.close()
