"""A sitting under watch: random plays, and the laws asked after each entry.

What the clock should have charged is worked out once more in accounts.py, from the instants of
the ledger alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from random import Random
from typing import Any

from app.game import judge
from app.game.campaign import ignored_fields
from app.game.campaign_presets import PRESETS
from app.game.clock import running_seats, settle, stint_of
from app.game.commands import COMMANDS, Command, TakeOver
from app.game.entry import Entry
from app.game.game import MOMENT_MS, Game
from app.game.ledger import Draft, apply, unapply
from app.game.pieces import PIECES, piece_views
from app.game.refusals import BadFields, NotNow, Refusal, Stale
from app.game.rules.context import Surroundings
from app.game.seat import COLORS, COUNTERS, Seat
from app.game.steps import group_of, is_reversible, newest_of_each
from app.game.time_control import CONTROLS, control_of
from app.game.view import clock_view, is_live, moment_views, seat_key, seat_view
from app.game.wording import settings_words
from app.game.you import you_of
from app.storage.codec import decode_entry, decode_game, encode_entry, encode_game
from tests.game.accounts import Accounts, running_of
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
    *("pass-turn", "undo") * 12,
    *("interrupt", "pass-priority", "toggle-target", "confirm-targets", "pass-target") * 6,
    *("switch-turn", "extra-turn", "timeout-choice", "adjust-life") * 4,
    *("resume", "revive", "start", "next-round") * 3,
    *("pause", "add-time", "take-time", "commander-damage", "cancel-targets") * 2,
    *("claim-seat", "adjust-counter", "set-marker", "concede", "eliminate") * 2,
    *(name for name in COMMANDS if name != "close"),
    *("outage", "phone-back", "everybody-leaves", "take-over", "host-goes", "update-settings") * 2,
    *("just-due",) * 8,
)

#: What mostly comes next, so that clocks run for most of an evening.
NEXT = {"waiting": "start", "paused": "resume", "finished": "reset"}

#: Whose hand it mostly is.
OF_WHO_ACTS = frozenset({"interrupt", "pass-priority", "pass-target", "timeout-choice", "concede"})

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
    table = {
        "players": draw.randint(2, 8),
        "starting_seconds": draw.choice([1, 10, 60, 600, 10_800]),
        "time_control": draw.choice(list(CONTROLS)),
        "bonus_seconds": draw.choice([0, 1, 30]),
        "increment_seconds": draw.choice([0, 1, 10]),
        "delay_seconds": draw.choice([0, 1, 10]),
        "delay_rearms": draw.choice(["yes", "no"]),
        "periods": draw.choice([1, 3]),
        "period_seconds": draw.choice([1, 5, 30]),
        "allowance_seconds": draw.choice([1, 10, 60]),
        "on_timeout": draw.choice(["choice", "choice", "out", "overtime", "skip"]),
        "timeout_grace_seconds": draw.choice([5, 30]),
        "timeout_bonus_seconds": draw.choice([5, 60]),
        "timeout_life": draw.choice([0, 2, 20]),
        "auto_pause_seconds": draw.choice([0, 60, 600]),
        "starting_life": draw.choice([1, 40]),
        "undo_charges": draw.choice(["mistaken", "nobody"]),
        "round_minutes": draw.choice([0, 0, 1, 60]),
        "round_end": draw.choice(["bell", "last-turn", "turns"]),
        "empty_seats": draw.choice(["share", "remove", "none yet"]),
        "lag_credit": draw.choice(["yes", "no"]),
    }
    if draw.random() < CAMPAIGNS:
        table |= {"mode": "campaign", "campaign": draw.choice(list(PRESETS))}
    return table


CAMPAIGNS = 0.15
"""So many evenings are one."""


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
    accounts: Accounts = field(default_factory=Accounts)
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
            past=lambda: reversed(self.entries),
            lag_of=lambda game, number: (game.turn * 97 + number * 31) % 450,
        )

    def _roll(self, sides: int) -> int:
        self.rolled += 7
        return self.rolled % sides + 1

    def take(self, step: Step) -> None:
        """One step: time passes, what is due happens, somebody does something."""
        doing, who, gap, a, b = step
        due = judge.wakes_at(self.game, self.around.nobody_since)
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
        due = judge.wakes_at(after, around.nobody_since)
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
        client, acting = self._client(name, who, b)
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
            if entry.event == "undone":
                hand = "host" if client == before.host else entry.by
                offered = newest_of_each(before.steps).get(hand)
                assert offered is None or offered.seq in entry.facts["undid"]
            self._replace(after, [entry])
            if a % 4 < 2:  # at once, and some time later
                self._undo_restores(before, entry, client, (a % 4) * (b * 317 % 15_000))
        assert encode_game(before) == text

    def _client(self, name: str, who: int, b: int) -> tuple[str, int | None]:
        """Whose hand: mostly that of whoever has something to do, or the host's."""
        game = self.game
        if who == 0 and game.active is not None:
            seat = game.seats[game.active]
            acting = [game.seats[n] for n in running_of(game)]
            if name in OF_WHO_ACTS and acting:
                seat = (*acting, *game.in_order())[b % (len(acting) + 2 * (name == "interrupt"))]
            elif name == "undo":
                seat = game.in_order()[b % len(game.in_order())]
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
        if name.endswith("-time") or name == "extend-round":
            asked.add("seconds")
        if name == "update-settings":
            asked = {"timeout_drinks", "timeout_bonus_seconds", "auto_pause_seconds"}
            asked |= {"starting_life"} if b % 3 else set()
        chosen = {key: value for key, value in values.items() if key in asked}
        if acting is not None:
            chosen["as"] = acting
            if name not in ("switch-turn", "toggle-target"):
                chosen["seat"] = acting
            if "seat" not in asked:
                chosen.pop("seat", None)
        if b % 16 == 15:
            chosen["turn"] = self.game.turn + a % 2
            chosen["grant"] = self.game.grant - b % 2
        ignored = ignored_fields(self.game, name)
        return kind.read(form(**chosen), self.game.settings, ignored)

    # ---- the laws

    def _replace(self, after: Game, entries: list[Entry]) -> None:
        """The ledger is folded entry by entry; every law is asked at each of them."""
        before = self.folded
        for entry in entries:
            stored = decode_entry(encode_entry(entry))
            assert stored == entry
            then = apply(before, stored)
            self._follows(before, entry, then)
            self.accounts.add(before, entry, then)
            self._used_is_charged(before, entry, then)
            self._banks_agree(before, entry, then)
            self._keeps_the_sand(before, entry, then)
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
        ran = running_of(before) if before.status == "running" else ()
        runs = running_of(after) if after.status == "running" else ()
        renewed = entry.event == "undone" and (0, "grant") in entry.now
        assert after.grant == before.grant + (ran != runs or renewed)
        assert self.granted.setdefault(after.grant, runs) == runs
        assert running_seats(after) == runs
        assert set(entry.was) == {path for path in entry.now if path != (0, "moments")}
        assert all(entry.now[path] != old for path, old in entry.was.items())

    def _used_is_charged(self, before: Game, entry: Entry, after: Game) -> None:
        """What a seat used in this sitting is the sum of what it was charged."""
        anew = entry.event in ("reset", "next-round") or (
            entry.event == "undone" and entry.facts["event"] == "reset"
        )
        for number, seat in after.seats.items():
            if entry.event in ("reset", "next-round"):
                assert seat.used_ms == 0
            elif not anew and number in before.seats:
                used_ms = seat.used_ms - before.seats[number].used_ms
                assert used_ms == entry.charged.get(number, 0)
        for number, length_ms in entry.charged.items():
            assert length_ms >= 0 or entry.event == "undone"
            assert entry.event == "undone" or before.seats[number].is_in

    def _banks_agree(self, before: Game, entry: Entry, after: Game) -> None:
        """Every millisecond in a bank was there before, was given by a rule, or was charged."""
        control = before.settings.time_control
        if entry.event in ("undone", "next-round") or control in ("hourglass", "per-turn"):
            return  # these have laws of their own
        banks = {n: _drained(seat, entry, control) for n, seat in before.seats.items()}
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
            pending = after.seats[after.active].is_pending
            if control == "bonus" and _gives_the_bonus(entry) and not pending:
                given = min(DAY, banks[after.active] + before.settings.bonus_ms)
                banks[after.active] = given
        assert banks == {n: seat.bank_ms for n, seat in after.seats.items()}

    def _keeps_the_sand(self, before: Game, entry: Entry, after: Game) -> None:
        """Hourglass: the sum never changes; gifts, survivors and new seats apart."""
        control = before.settings.time_control
        if control != "hourglass" or before.settings != after.settings:
            return
        sand = sum(seat.bank_ms for seat in after.seats.values())
        was = sum(seat.bank_ms for seat in before.seats.values())
        event, facts = entry.event, entry.facts
        if event == "time-added":
            was += facts["ms"]
        elif event == "time-taken":
            was -= facts["ms"]
        elif event == "undone" and facts["event"] == "time-taken":
            was += self.accounts.entries[facts["undid"][0]].facts["ms"]
        elif event == "undone" and facts["event"] == "time-added":
            assert was - self.accounts.entries[facts["undid"][0]].facts["ms"] <= sand <= was
            return
        elif event in SAND_CHANGES or (event == "undone" and facts["event"] in SAND_CHANGES):
            return
        by_clock = event == "time-out" or (event == "undone" and len(facts["undid"]) > 1)
        if not by_clock or before.settings.on_timeout != "skip":  # which leaves a survivor's time
            assert sand == was

    def _can_be_put_back(self, before: Game, entry: Entry, after: Game) -> None:
        """What the entry overwrote, put back, is the earlier game."""
        earlier = unapply(after, entry)
        assert replace(earlier, **{name: getattr(before, name) for name in NOT_KEPT}) == before

    def _stays_within_limits(self, game: Game) -> None:
        assert 2 <= len(game.seats) <= 8
        assert sorted(game.order) == sorted(game.seats)
        assert len({seat.color for seat in game.seats.values()}) == len(game.seats)
        assert len(game.moments) <= 6
        assert len(game.steps) <= 10
        assert len(game.stack) <= 16
        holders = [seat.holder for seat in game.seats.values() if seat.holder]
        assert len(holders) == len(set(holders))
        assert not set(holders) & set(game.kicked)
        asked = game.targeting.targets if game.targeting else ()
        for number in (game.monarch, game.initiative, *game.stack, *asked):
            assert number is None or game.seats[number].is_in
        for seat in game.seats.values():
            assert seat.bank_ms <= DAY
            assert seat.bank_ms >= 0 or (seat.overtime and game.settings.on_timeout == "overtime")
            assert -999 <= seat.life <= 9999
            assert all(0 <= getattr(seat, counter) <= 999 for counter in COUNTERS)
            assert all(0 < amount <= 999 for amount in (seat.damage or {}).values())
            assert 0 <= seat.periods <= game.settings.periods
            assert 0 <= len(seat.name) <= 20
            assert min(seat.used_ms, seat.overtime_ms, seat.penalties) >= 0
            assert 0 <= seat.lag_ms <= min(300, seat.lag_quota_ms)
            assert seat.lag_quota_ms <= 2_000
            assert game.settings.lag_credit or (seat.lag_ms, seat.lag_quota_ms) == (0, 1_000)
            if game.settings.time_control != "per-turn":  # there a skip may leave more than all
                assert min(seat.spent_ms, seat.interrupts_ms, seat.response_ms) >= 0
            if seat.is_pending:
                assert seat.bank_ms == 0 or game.settings.time_control in HAS_MORE_THAN_A_BANK
                assert seat.is_in
                assert game.status in ("running", "paused", "closed")
                assert 0 <= (seat.grace_ms or 0) <= 300_000

    def _keeps_running(self, game: Game) -> None:
        """A running game has a running seat that is in; one seat left in has won."""
        if game.status == "running":
            assert running_seats(game)
            assert all(game.seats[number].is_in for number in running_seats(game))
            assert game.seats_in()[1:]
        assert (game.winner is not None) <= (game.status in ("finished", "closed"))
        assert (game.status == "finished") <= (game.winner is not None)
        assert (game.pause is not None) <= (game.status in ("paused", "closed"))
        assert (game.outage is not None) <= (game.status == "running")

    def _paints(self, game: Game) -> None:
        """Every picture can be drawn, and equal keys are equal pictures at one instant."""
        for at in (game.last_at, game.last_at + 17, game.last_at + HOUR):
            piece_views(game, at)
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
                    if game.seats[number].change is None:
                        assert is_live(game, number) == is_live(earlier, number)
            for piece in PIECES.values():
                if piece.key(game) == piece.key(earlier):
                    assert piece.view(game, at) == piece.view(earlier, at)
        self.seen.append(game)

    # ---- undo

    def fork(self) -> "Watched":
        """The same evening, to go on with separately."""
        other = replace(self, entries=list(self.entries), accounts=self.accounts.fork())
        other.beginning, other.folded = self.beginning, self.folded
        other.granted, other.seen = dict(self.granted), list(self.seen[-3:])
        return other

    def _undo_restores(self, before: Game, entry: Entry, client: str, later_ms: int) -> None:
        """Taken back at once, the table is exactly as before; later, apart from the clocks.

        Nothing is promised for the rest of a group, nor when a clock of somebody the entry did
        not concern has run out meanwhile.
        """
        if not is_reversible(entry) or group_of(entry) != entry.seq:
            return
        other = self.fork()
        other.now = entry.at + later_ms
        other._replace(*judge.advance(other.game, other.now, other.around))
        by_clock = [one.seq for one in other.entries if one.seq > entry.seq]
        acting = entry.by if isinstance(entry.by, int) and before.seats[entry.by].shared else None
        command = COMMANDS["undo"].read(form(**({"as": acting} if acting else {})), before.settings)
        try:
            after, undone = judge.decide(other.game, command, client, other.now, other.around)
        except NotNow as refusal:
            if refusal.code == "stood-upon" and by_clock and later_ms:
                return
            raise
        other._replace(after, [undone])
        assert entry.seq in undone.facts["undid"]
        if not set(by_clock) <= set(undone.facts["undid"]):
            return
        then = as_it_stands(before, entry.at)
        now = as_it_stands(after, after.last_at)
        if later_ms:
            then, now = (replace(game, outage=None, hits=()) for game in (then, now))
        if later_ms:
            then, now = without_clocks(then), without_clocks(now)
        elif entry.event == "reset":
            then, now = replace(then, hits=()), replace(now, hits=())
        assert now == then


NOT_KEPT = ("moments", "steps", "version", "last_at")
"""What no entry keeps, or what only counts them."""

SAND_CHANGES = frozenset(
    {"revived", "timeout-chosen", "seat-added", "seat-removed", "reset", "next-round"}
)
HAS_MORE_THAN_A_BANK = frozenset({"per-turn", "hourglass"})
"""An allowance is not used up for good; and sand of others flows while one chooses."""

CLOCK: dict[str, Any] = {
    "bank_ms": 0,
    "used_ms": 0,
    "overtime_ms": 0,
    "spent_ms": 0,
    "interrupts_ms": 0,
    "response_ms": 0,
    "periods": 0,
    "overtime": False,
    "grace_ms": None,
    "free_undo_turn": 0,
    "lag_ms": 0,
    "lag_quota_ms": 0,
}


def as_it_stands(game: Game, at: int) -> Game:
    """A table with its clocks settled, without what differs after an undo."""
    draft = Draft(game, at)
    settle(draft)
    settled = draft.game
    left_ms = settled.round_left_ms
    if left_ms is not None and settled.round_since is not None:
        left_ms -= at - settled.round_since
    seats = {}
    for number, seat in settled.seats.items():
        # Whoever has time left is not in overtime, also where nobody has said so yet.
        control, stint = control_of(settled.settings), stint_of(settled, number)
        over = seat.overtime and control.left_ms(seat, settled.settings, stint) <= 0
        seats[number] = replace(seat, change=None, overtime=over)
    return replace(
        settled,
        seats=seats,
        settled_at=None,
        going_since=None,
        round_left_ms=left_ms,
        round_since=0 if settled.round_since is not None else None,
        grant=0,
        **{name: getattr(EMPTY, name) for name in NOT_KEPT},
    )


def without_clocks(game: Game) -> Game:
    """A table in which no time has passed: clocks, and how the round clock counted on."""
    seats = {n: replace(seat, **CLOCK) for n, seat in game.seats.items()}
    return replace(game, seats=seats, round_left_ms=None)


EMPTY = created().game


def _starting_ms(game: Game, seat: Seat) -> int:
    if game.settings.time_control == "count-up":
        return 0
    return game.settings.starting_ms if seat.handicap_ms is None else seat.handicap_ms


def _drained(seat: Seat, entry: Entry, control: str) -> int:
    """A bank after what was charged for time that ran."""
    charged_ms = entry.charged.get(seat.number, 0)
    if control == "count-up":
        return min(DAY, seat.bank_ms + charged_ms)
    if control == "byo-yomi" and not seat.overtime:
        return seat.bank_ms - min(max(0, seat.bank_ms), charged_ms)
    return seat.bank_ms - charged_ms


def _time_out(banks: dict[int, int], before: Game, entry: Entry) -> None:
    for number in entry.facts["ran_out"]:
        assert banks[number] == 0
        if before.settings.on_timeout == "skip":
            banks[number] = before.settings.timeout_bonus_ms


def _give_and_take(banks: dict[int, int], before: Game, entry: Entry) -> None:
    """What each event does to the bank of the seat it is about; most do nothing."""
    facts = entry.facts
    settings = before.settings
    number: int = facts.get("seat") or 0
    if entry.event == "seat-added":
        banks[number] = 0 if settings.time_control == "count-up" else settings.starting_ms
    elif entry.event == "seat-removed":
        del banks[number]
    elif entry.event == "time-added":
        assert 0 <= facts["ms"] <= HOUR
        assert banks[number] + facts["ms"] == DAY or facts["ms"] >= SECOND
        banks[number] += facts["ms"]
    elif entry.event == "time-taken":
        banks[number] -= facts["ms"]
        assert facts["ms"] == 0 or SECOND <= banks[number] <= DAY - facts["ms"]
    elif entry.event == "turn-passed":
        _complete(banks, before, entry)
    elif settings.time_control != "count-up" and (
        (entry.event == "revived" and banks[number] <= 0)
        or (entry.event == "timeout-chosen" and facts["choice"] != "die")
    ):
        survivor_ms = 0 if settings.time_control == "byo-yomi" else settings.timeout_bonus_ms
        if settings.time_control == "byo-yomi" and before.seats[number].periods:
            survivor_ms = banks[number]
        banks[number] = max(survivor_ms, banks[number])


def _complete(banks: dict[int, int], before: Game, entry: Entry) -> None:
    """Passing gives the increment, or back what the delay covers of what the turn took."""
    assert isinstance(entry.by, int)
    seat, settings = before.seats[entry.by], before.settings
    if settings.time_control == "fischer" and seat.ran_out_turn != before.turn:
        banks[entry.by] = min(DAY, banks[entry.by] + settings.increment_ms)
    elif settings.time_control == "bronstein":
        took_ms = seat.spent_ms + entry.charged.get(entry.by, 0)
        banks[entry.by] += min(took_ms, settings.delay_ms)


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
