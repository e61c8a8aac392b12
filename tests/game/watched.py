"""A sitting under watch: random plays, and the laws asked after each entry.

What the clock should have charged is worked out here once more, from the instants of the ledger
alone; nothing of app.game.clock is asked for it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from random import Random
from typing import Any

from app.game import judge
from app.game.clock import running_seats
from app.game.commands import COMMANDS, Command, TakeOver
from app.game.game import MOMENT_MS, Game
from app.game.entry import Entry
from app.game.ledger import apply
from app.game.refusals import BadFields, Refusal, Stale
from app.game.rules.context import Surroundings
from app.game.seat import COLORS, COUNTERS, Seat
from app.game.view import (
    clock_view,
    is_live,
    moment_views,
    notice_view,
    seat_key,
    seat_view,
    state_view,
    tally_views,
)
from app.game.wording import settings_words
from app.game.you import you_of
from app.storage.codec import decode_entry, decode_game, encode_entry, encode_game
from tests.game.cast import ADA, BEN, CLEO, DORA, HOUR, SECOND, T0, TABLET, created, form

DAY = 24 * HOUR
CLIENTS = (ADA, BEN, CLEO, DORA, TABLET)
GAPS_MS = (
    *(0, 0, 1, 150, 999, 2_500) * 4,
    *(4_999, 5_000, 29_999, 30_000) * 2,
    *(60_001, 600_000, 3 * HOUR),
)

#: What happens how often. The last ones come from outside the table.
DOINGS = (
    *("pass-turn",) * 16,
    *("switch-turn", "timeout-choice", "adjust-life", "resume", "revive", "start") * 4,
    *("pause", "add-time", "take-time", "commander-damage") * 2,
    *("claim-seat", "adjust-counter", "set-marker", "extra-turn") * 2,
    *(name for name in COMMANDS if name != "close"),
    *("outage", "phone-back", "everybody-leaves", "take-over", "host-goes", "update-settings") * 2,
    *("just-due",) * 8,
)

#: What mostly comes next, so that clocks run for most of an evening.
NEXT = {"waiting": "start", "paused": "resume", "finished": "reset"}

Step = tuple[str, int, int, int, int]
"""What is done, by whom, how long after the last, and two numbers its fields come from."""


def evening(seed: int, length: int) -> Iterator[Step]:
    """So many random steps: a seed's shorter evening is the beginning of its longer one."""
    draw = Random(seed)
    for _ in range(length):
        yield (
            draw.choice(DOINGS),
            draw.choice((0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6)),
            draw.choice(GAPS_MS),
            draw.randrange(64),
            draw.randrange(64),
        )


def opening(seed: int) -> dict[str, Any]:
    """A random kind of table."""
    draw = Random(~seed)
    return {
        "players": draw.randint(2, 6),
        "starting_seconds": draw.choice([1, 10, 60, 600, 86_400]),
        "bonus_seconds": draw.choice([0, 1, 30]),
        "on_timeout": draw.choice(["choice", "choice", "out", "overtime", "skip"]),
        "timeout_grace_seconds": draw.choice([5, 30]),
        "timeout_bonus_seconds": draw.choice([5, 60]),
        "timeout_life": draw.choice([0, 2, 20]),
        "auto_pause_seconds": draw.choice([0, 60, 600]),
        "starting_life": draw.choice([1, 40]),
        "empty_seats": draw.choice(["share", "remove", "none yet"]),
    }


@dataclass
class Watched:
    """A game, its ledger so far, and what the laws remember of it."""

    game: Game
    beginning: Game = field(init=False)
    folded: Game = field(init=False)
    entries: list[Entry] = field(default_factory=list)
    now: int = T0
    nobody_since: int | None = None
    host_away_ms: int | None = None
    rolled: int = 0
    #: Milliseconds that ran, by seat and kind: from the instants alone, and as the ledger says.
    ran: Counter[tuple[int, str]] = field(default_factory=Counter)
    recorded: Counter[tuple[int, str]] = field(default_factory=Counter)
    #: What each seat was charged in this sitting.
    used: Counter[int] = field(default_factory=Counter)
    granted: dict[int, tuple[int, ...]] = field(default_factory=dict)
    seen: list[Game] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.beginning = self.folded = self.game

    # ---- playing

    @property
    def around(self) -> Surroundings:
        """Seats 1 and 2 are there; chance walks through its numbers."""
        return Surroundings(
            chance=self._roll,
            seats_there=frozenset({1, 2}),
            host_away_ms=self.host_away_ms,
            nobody_since=self.nobody_since,
        )

    def _roll(self, sides: int) -> int:
        self.rolled += 7
        return self.rolled % sides + 1

    def take(self, step: Step) -> None:
        """One step: time passes, what is due happens, somebody does something."""
        doing, who, gap, a, b = step
        due = judge.wakes_at(self.game, self.around)
        if doing == "just-due" and due is not None:
            gap = max(0, due - self.now + who % 3 - 1)
        elif self.game.settings.on_timeout == "skip":
            gap = min(gap, 30 * SECOND)  # hours of skipped turns would only take time
        elif gap == 3 * HOUR and self.game.settings.starting_ms == DAY:
            gap *= 9
        self.now += gap
        if doing == "outage":
            self._hold(a, b)
            return
        self._pass_time((a, b, who))
        if doing == "everybody-leaves":
            self.nobody_since = self.now
        elif doing == "host-goes":
            self.host_away_ms = None if self.host_away_ms else 300_000
        elif doing == "phone-back":
            self._replace(*judge.end_outage(self.game, self.now))
        elif doing != "just-due":
            self._ask(doing, who, a, b)

    def do(self, name: str, client: str, **given: object) -> None:
        """Exactly this command; it must be carried out."""
        command = COMMANDS[name].read(form(**given), self.game.settings)
        after, entry = judge.decide(self.game, command, client, self.now, self.around)
        self._replace(after, [entry])

    def _pass_time(self, cuts: tuple[int, ...]) -> None:
        """In one big step and in many small ones: the same entries, the same game."""
        before = encode_game(self.game)
        around = self.around
        after, entries = judge.advance(self.game, self.now, around)
        assert encode_game(self.game) == before
        span = max(0, self.now - self.game.last_at)
        game, gathered = self.game, []
        for cut in sorted({span * c // 64 for c in cuts}):
            game, some = judge.advance(game, self.game.last_at + cut, around)
            gathered += some
        game, some = judge.advance(game, self.now, around)
        assert [*gathered, *some] == entries
        assert game == after
        due = judge.wakes_at(after, around)
        assert due is None or due > self.now
        self._replace(after, entries)

    def _hold(self, a: int, b: int) -> None:
        since = self.now - (self.now - self.game.last_at) * a // 64
        until = self.now + (10 * SECOND if b % 2 else 0)
        self._replace(*judge.hold(self.game, since, until, self.now, self.around))

    def _ask(self, name: str, who: int, a: int, b: int) -> None:
        before = self.game
        if a % 2 and before.status in NEXT:
            name, who = NEXT[before.status], 1
        elif b % 2 and any(seat.is_pending for seat in before.seats.values()):
            name, who = "timeout-choice", a % 2
        client, acting = self._client(who)
        text = encode_game(before)
        try:
            command = self._command(name, acting, a, b)
            # Some taps were at the door before others that are judged already.
            at = self.now - 200 * (b % 8 == 7)
            after, entry = judge.decide(before, command, client, at, self.around)
        except (Refusal, BadFields, Stale):
            assert self.game is before
        else:
            if before.seat_of(client):
                self.nobody_since = None
            self._replace(after, [entry])
        assert encode_game(before) == text

    def _client(self, who: int) -> tuple[str, int | None]:
        """Whose hand: mostly that of the active seat or the host."""
        game = self.game
        if who == 0 and game.active is not None:
            seat = game.seats[game.active]
            return (game.device(), seat.number) if seat.shared else (seat.holder or game.host, None)
        return (game.host if who < 2 else CLIENTS[who - 2], None)

    def _command(self, name: str, acting: int | None, a: int, b: int) -> Command:
        if name == "take-over":
            return TakeOver(place=a % 4)
        numbers = list(self.game.seats)
        pending = [seat.number for seat in self.game.seats.values() if seat.is_pending]
        seat = numbers[a % len(numbers)]
        values: dict[str, object] = {
            "seat": (pending or [seat])[0] if name in ("timeout-choice", "switch-turn") else seat,
            "choice": ("lose-life", "drink", "die")[b % 3],
            "by": (-1, 1, -7, 40, -40, 999, 3, -5, 2, 1, -3, -2, 5, 1, -1, 2)[b % 16],
            "counter": COUNTERS[a % 5],
            "source": numbers[b % len(numbers)],
            "commander": a % 2 + 1,
            "marker": ("monarch", "initiative", "day-night")[a % 3],
            "value": ("", "night", *map(str, numbers))[b % (2 + len(numbers))],
            "sides": (2, 6, 20, 999)[a % 4],
            "name": ("", "Zoë", "x" * 20)[a % 3],
            "color": COLORS[b % 12],
            "confirm": "yes",
            "winner": ("draw", *map(str, numbers))[b % (1 + len(numbers))],
            "empty_seats": ("share", "remove", "share", "")[b % 4],
            "reason": ("break", "judge")[b % 2],
            "order": ("first", "all")[b % 2],
            "seconds": (1, 30, 600, 3600)[b % 4],
            "starting_life": (1, 40)[b % 2],
            "timeout_bonus_seconds": (5, 60)[a % 2],
            "timeout_drinks": (0, 2)[a % 2],
            "auto_pause_seconds": (0, 60, 600)[b % 3],
        }
        kind = COMMANDS[name]
        asked = {one.metadata.get("name") or one.name for one in fields(kind)}
        if name.endswith("-time"):
            asked.add("seconds")
        if name == "update-settings":
            asked = {"timeout_drinks", "timeout_bonus_seconds", "auto_pause_seconds"}
            asked |= {"starting_life"} if b % 3 else set()
        chosen = {key: value for key, value in values.items() if key in asked}
        if acting is not None:
            chosen["as"] = acting
            if name != "switch-turn":
                chosen["seat"] = acting
            if "seat" not in asked:
                chosen.pop("seat", None)
        if b % 16 == 15:
            chosen["turn"] = self.game.turn + a % 2
            chosen["grant"] = self.game.grant - b % 2
        return kind.read(form(**chosen), self.game.settings)

    # ---- the laws

    def _replace(self, after: Game, entries: list[Entry]) -> None:
        """The ledger is folded entry by entry; every law is asked at each of them."""
        before = self.folded
        for entry in entries:
            stored = decode_entry(encode_entry(entry))
            assert stored == entry
            then = apply(before, stored)
            self._follows(before, entry, then)
            self._conserves(before, entry, then)
            self._banks_agree(before, entry, then)
            self._can_be_put_back(before, entry, then)
            self._stays_within_limits(then)
            self._keeps_running(then)
            before = then
        assert before == after
        assert decode_game(encode_game(after)) == after
        self.folded = before
        self.game = after
        self.entries += entries
        if entries:
            self._paints(after)

    def _follows(self, before: Game, entry: Entry, after: Game) -> None:
        """Versions count by one, instants never go back, no grant serves two running groups."""
        assert entry.seq == after.version == before.version + 1
        assert entry.at == after.last_at >= before.last_at
        running = (before.active,) if before.status == "running" else ()
        runs = (after.active,) if after.status == "running" else ()
        assert after.grant == before.grant + (running != runs)
        assert self.granted.setdefault(after.grant, running_seats(after)) == runs
        assert set(entry.was) == {path for path in entry.now if path != (0, "moments")}
        assert all(entry.now[path] != old for path, old in entry.was.items())

    def _conserves(self, before: Game, entry: Entry, after: Game) -> None:
        """Charged and free are the time that passed while running, for the seats that ran."""
        if before.status == "running":
            assert before.active is not None
            self.ran[before.active, _kind(before)] += entry.at - before.last_at
        for number, length_ms in entry.charged.items():
            assert length_ms >= 0
            assert before.seats[number].is_in
            self.recorded[number, "charged"] += length_ms
            self.used[number] += length_ms
        for kind, lengths_ms in entry.free.items():
            assert kind in ("grace", "outage")
            for number, length_ms in lengths_ms.items():
                self.recorded[number, kind] += length_ms
        booked = Counter(self.recorded)
        if after.settled_at is not None:
            assert after.active is not None
            booked[after.active, _kind(after)] += after.last_at - after.settled_at
        else:
            assert after.status != "running"
        assert +booked == +self.ran
        if entry.event == "reset":
            self.used.clear()
        assert {n: seat.used_ms for n, seat in after.seats.items() if seat.used_ms} == +self.used

    def _banks_agree(self, before: Game, entry: Entry, after: Game) -> None:
        """Every millisecond in a bank was there before, was given by a rule, or was charged."""
        banks = {n: seat.bank_ms - entry.charged.get(n, 0) for n, seat in before.seats.items()}
        event = entry.event
        if event == "reset" or (event == "settings-updated" and before.status == "waiting"):
            banks = {n: _starting_ms(after, seat) for n, seat in after.seats.items()}
        elif event == "time-out":
            _time_out(banks, before, entry)
        else:
            _give_and_take(banks, before, entry)
        if after.turn != before.turn and event not in ("started", "reset"):
            assert after.turn == before.turn + 1
            assert after.active is not None
            if _gives_the_bonus(entry) and not after.seats[after.active].is_pending:
                given = min(DAY, banks[after.active] + before.settings.bonus_ms)
                banks[after.active] = given
        assert banks == {n: seat.bank_ms for n, seat in after.seats.items()}

    def _can_be_put_back(self, before: Game, entry: Entry, after: Game) -> None:
        """What the entry overwrote, put back, is the earlier game."""
        seats = {n: replace(seat) for n, seat in after.seats.items()}
        whole: dict[str, Any] = {}
        for (number, name), old in entry.was.items():
            if number == 0:
                whole[name] = old
            elif name:
                setattr(seats[number], name, old)
            elif old is None:
                del seats[number]
            else:
                seats[number] = old
        earlier = replace(
            after,
            seats=seats,
            moments=before.moments,
            version=before.version,
            last_at=before.last_at,
            **whole,
        )
        assert earlier == before

    def _stays_within_limits(self, game: Game) -> None:
        assert 2 <= len(game.seats) <= 8
        assert sorted(game.order) == sorted(game.seats)
        assert len({seat.color for seat in game.seats.values()}) == len(game.seats)
        assert len(game.moments) <= 6
        holders = [seat.holder for seat in game.seats.values() if seat.holder]
        assert len(holders) == len(set(holders))
        assert not set(holders) & set(game.kicked)
        for number in (game.monarch, game.initiative):
            assert number is None or game.seats[number].is_in
        for seat in game.seats.values():
            assert seat.bank_ms <= DAY
            assert seat.bank_ms >= 0 or (seat.overtime and game.settings.on_timeout == "overtime")
            assert -999 <= seat.life <= 9999
            assert all(0 <= getattr(seat, counter) <= 999 for counter in COUNTERS)
            assert all(0 < amount <= 999 for amount in (seat.damage or {}).values())
            assert 0 <= len(seat.name) <= 20
            if seat.is_pending:
                assert seat.bank_ms == 0
                assert seat.is_in
                assert game.status in ("running", "paused", "closed")
                assert 0 < (seat.grace_ms or 0) <= 300_000

    def _keeps_running(self, game: Game) -> None:
        """A running game has a running seat that is in; one seat left in has won."""
        if game.status == "running":
            (number,) = running_seats(game)
            assert game.seats[number].is_in
        assert (game.winner is not None) <= (game.status in ("finished", "closed"))
        assert (game.status == "finished") <= (game.winner is not None)
        assert (game.pause is not None) <= (game.status in ("paused", "closed"))
        assert (game.outage is not None) <= (game.status == "running")

    def _paints(self, game: Game) -> None:
        """Every picture can be drawn, and equal keys are equal pictures at one instant."""
        for at in (game.last_at, game.last_at + 17, game.last_at + HOUR):
            state_view(game, at)
            tally_views(game)
            notice_view(game, at)
            assert all(0 <= view.age_ms < MOMENT_MS for view in moment_views(game, at))
            for number, seat in game.seats.items():
                assert clock_view(game, seat, at).running <= is_live(game, number)
        assert settings_words(game.settings)
        assert all(you_of(game, client) for client in CLIENTS)
        at = game.last_at + 23
        for earlier in self.seen[-6:]:
            for number in game.seats.keys() & earlier.seats.keys():
                if seat_key(game, number) == seat_key(earlier, number):
                    assert seat_view(game, number, at) == seat_view(earlier, number, at)
                    assert is_live(game, number) == is_live(earlier, number)
        self.seen.append(game)


def _kind(game: Game) -> str:
    """What a millisecond of the running clock is, now."""
    assert game.active is not None
    if game.outage:
        return "outage"
    return "grace" if game.seats[game.active].grace_ms is not None else "charged"


def _starting_ms(game: Game, seat: Seat) -> int:
    return game.settings.starting_ms if seat.handicap_ms is None else seat.handicap_ms


def _time_out(banks: dict[int, int], before: Game, entry: Entry) -> None:
    for number in entry.facts["ran_out"]:
        assert banks[number] == 0
        if before.settings.on_timeout == "skip":
            banks[number] = before.settings.timeout_bonus_ms


def _give_and_take(banks: dict[int, int], before: Game, entry: Entry) -> None:
    """What each event does to the bank of the seat it is about; most do nothing."""
    facts = entry.facts
    number: int = facts.get("seat") or 0
    if entry.event == "seat-added":
        banks[number] = before.settings.starting_ms
    elif entry.event == "seat-removed":
        del banks[number]
    elif entry.event == "time-added":
        assert 0 <= facts["ms"] <= HOUR
        assert banks[number] + facts["ms"] == DAY or facts["ms"] >= SECOND
        banks[number] += facts["ms"]
    elif entry.event == "time-taken":
        banks[number] -= facts["ms"]
        assert facts["ms"] == 0 or SECOND <= banks[number] <= DAY - facts["ms"]
    elif (entry.event == "revived" and banks[number] <= 0) or (
        entry.event == "timeout-chosen" and facts["choice"] != "die"
    ):
        banks[number] = before.settings.timeout_bonus_ms


def _gives_the_bonus(entry: Entry) -> bool:
    if entry.event == "turn-switched":
        return entry.by == "host"
    return entry.event != "extra-turn-taken"


def opened(seed: int) -> Watched:
    """A table of a random kind: three sit down, and mostly it starts."""
    wanted = opening(seed)
    empty_seats = wanted.pop("empty_seats")
    watched = Watched(created(**wanted).game)
    for number, client in list(enumerate((ADA, BEN, CLEO), 1))[: wanted["players"]]:
        watched.do("claim-seat", client, seat=number)
    if empty_seats != "none yet":
        watched.do("start", ADA, empty_seats=empty_seats)
    return watched
