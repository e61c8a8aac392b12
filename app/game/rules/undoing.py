"""Undo: back to where the table was before an entry, going forward. Rules section 9.

What is taken back is the entry, its group, and what the clock did because of it. Numbers are
taken back as differences, everything else by its old value, so what happened beside it stays.

The time since is worked out anew from the ledger: clocks that counted before the entry and after
it are left alone; of the others, what ran within the last fifteen seconds goes to the seat whose
entry it was (or to nobody), and what ran earlier stays where it ran.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
from app.game.commands import Undo
from app.game.entry import Entry
from app.game.game import Game
from app.game.ledger import Draft, unapply
from app.game.refusals import NotNow
from app.game.rules.campaigns import credit
from app.game.rules.context import Asked
from app.game.rules.outs import (
    hand_on_turn,
    is_played,
    mortal_reason,
    put_out,
    settle_outs,
    settle_targets,
    withdraw,
)
from app.game.seat import COUNTERS, Seat
from app.game.steps import BARRIERS, REARRANGED, UNDO_MS, group_of, is_reversible, stands
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
)
_COUNTS = ("life", *COUNTERS, "penalties")
_NUMBERS = (*_CLOCK, *_COUNTS)

_WITHOUT_BEFORE = frozenset(
    {
        *("settled_at", "grant", "moments", "outage", "hits", "going_since"),
        *("round_left_ms", "round_since"),
    }
)
"""Values of the game that go on: there is nothing to go back to, or it is worked out."""


@dataclass
class _Found:
    """What is to be undone, and everything in the ledger that is newer than it."""

    target: Entry
    #: The target and its group, oldest first.
    group: list[Entry]
    #: The oldest of the group and every entry after it, newest first.
    since: list[Entry]
    #: Entries among those that an earlier undo has taken back, and that undo's own number.
    undone: dict[int, int]


def undo(draft: Draft, command: Undo, asked: Asked) -> None:
    """Take back my newest reversible entry, or as the host the table's."""
    settle(draft)
    hand: int | str = "host" if asked.actor.is_host else asked.hand
    found = _find(draft.game, hand, draft.at, asked.around.past())
    target = found.target
    undid = list(found.group)
    standing = [entry for entry in found.group if stands(entry)]
    _take_back(draft, [entry for entry in found.group if entry not in standing])
    for entry in standing:
        undid += _go_back(draft, entry, found)
    asked.facts |= {
        "undid": sorted(entry.seq for entry in undid),
        "event": target.event,
        "of": target.by,
        "seat": target.facts.get("seat", 0),
        "change": sum(entry.facts.get("by", 0) for entry in found.group),
    }
    draft.moment("undone", by=target.by, event=target.event)


# ---- which entry


def _find(game: Game, hand: int | str, at: int, past: Iterable[Entry]) -> _Found:
    """The newest reversible entry of this hand; NotNow when there is none or one stands on it."""
    newer: list[Entry] = []
    undone: dict[int, int] = {}
    upon: Entry | None = None
    markers: set[str] = set()
    rearranged = False
    target: Entry | None = None
    for entry in past:
        if target is not None:
            if entry.seq < group_of(target):
                break
            newer.append(entry)
            continue
        if entry.event in BARRIERS:
            break
        newer.append(entry)
        if entry.event == "undone":
            undone |= dict.fromkeys(entry.facts["undid"], entry.seq)
            continue
        if entry.seq in undone or entry.by == "clock":
            continue
        if hand != "host" and at - entry.at > UNDO_MS:
            break
        if is_reversible(entry) and hand in ("host", entry.by):
            target = entry
            if group_of(entry) == entry.seq:
                break
            continue
        if stands(entry):
            upon = upon or entry
        if entry.event == "marker-set":
            markers.add(entry.facts["marker"])
        rearranged = rearranged or entry.event in REARRANGED
        if entry.event == "reset":
            break
    if target is None:
        late = "" if hand == "host" else f" within {UNDO_MS // 1000} seconds"
        raise NotNow("nothing-to-undo", f"There is nothing of yours to take back{late}.")
    group = [
        entry
        for entry in reversed(newer)
        if entry.seq not in undone and group_of(entry) == group_of(target) and is_reversible(entry)
    ]
    stood = any(stands(entry) for entry in group) and upon is not None
    if stood or target.facts.get("marker") in markers:
        who = upon.by if upon is not None else ""
        name = game.seats[who].name if isinstance(who, int) and who in game.seats else "The table"
        raise NotNow("stood-upon", f"{name} has moved on since.")
    if target.event == "reset" and rearranged:
        raise NotNow("stood-upon", "The table has been rearranged since.")
    return _Found(target, group, newer, undone)


# ---- numbers and markers


def _take_back(draft: Draft, group: list[Entry]) -> None:
    """Changes on which nothing stands: differences of numbers, a marker's old owner."""
    for entry in group:
        number = entry.facts.get("seat", 0)
        for path, before in entry.was.items():
            if path[0] == number and number and path[1] in (*_NUMBERS, "damage", "handicap_ms"):
                _by_difference(draft, number, path[1], before, entry.now[path])
            elif path[0] == 0 and entry.event == "marker-set" and path[1] not in _WITHOUT_BEFORE:
                draft.put(path[1], before)
        if entry.event in ("time-added", "time-taken"):
            _give_back_time(draft, entry, number)
        _uncount_damage(draft, entry)
        if number:
            draft.put_seat(number, "change", None)
    for number in {entry.facts.get("seat", 0) for entry in group} - {0}:
        seat = draft.game.seats.get(number)
        reason = mortal_reason(seat) if seat else ""
        if reason and seat and seat.is_in and is_played(draft.game):
            put_out(draft, number, reason)
            settle_outs(draft)


def _by_difference(draft: Draft, number: int, name: str, before: Any, after: Any) -> None:
    seat = draft.game.seats.get(number)
    if seat is None:
        return
    present = getattr(seat, name)
    if name in _COUNTS:
        draft.put_seat(number, name, present - (after - before))
    elif name == "damage":
        damage = dict(present or {})
        for key in {*(before or {}), *(after or {})}:
            change = (after or {}).get(key, 0) - (before or {}).get(key, 0)
            damage[key] = damage.get(key, 0) - change
        draft.put_seat(number, name, {k: v for k, v in damage.items() if v > 0} or None)
    elif name == "handicap_ms" and draft.game.status == "waiting":
        draft.put_seat(number, name, before)


def _give_back_time(draft: Draft, entry: Entry, number: int) -> None:
    seat = draft.game.seats[number]
    ms = entry.facts["ms"] * (-1 if entry.event == "time-added" else 1)
    draft.put_seat(number, "bank_ms", max(min(seat.bank_ms, 0), seat.bank_ms + ms))


def _uncount_damage(draft: Draft, entry: Entry) -> None:
    for attacker, victim, amount in entry.facts.get("credits", ()):
        credit(draft, attacker, victim, -amount)
    if (0, "hits") in entry.now:
        same = draft.game.hits == entry.now[0, "hits"]
        kept = tuple(hit for hit in draft.game.hits if hit.seq != entry.seq)
        draft.put("hits", entry.was[0, "hits"] if same else kept)


# ---- turns, interrupts, targets, outs


@dataclass
class _Stretch:
    """A stretch of the ledger: a table, the same when the next entry came, and after it."""

    before: Game
    #: ``before`` with its clocks settled, if that entry settled them.
    settled: Game
    #: None for the stretch from the newest entry to now.
    entry: Entry | None
    after: Game

    @property
    def ran_ms(self) -> int:
        """How long clocks counted in it."""
        if self.before.settled_at is None or self.before.outage is not None:
            return 0
        return (self.settled.settled_at or 0) - self.before.settled_at


def _go_back(draft: Draft, target: Entry, found: _Found) -> list[Entry]:
    """Back to before a turn, interrupt, target or out; returns what the clock did because of it."""
    first, *later = _history(draft, target, found)
    continuing = set(running_seats(first.settled)) & set(running_seats(first.after))
    undone = [target]
    for stretch in later:
        entry = stretch.entry
        if entry is None or entry.by != "clock" or entry.seq in found.undone:
            continue
        if _is_caused(entry, continuing):
            undone.append(entry)
        elif stands(entry):
            raise NotNow("stood-upon", "The clock has moved on since.")
    _restore_clocks(draft, target, first.settled, later, undone, continuing)
    _restore_table(draft, first.settled, undone)
    _set_going(draft, first.settled, undone)
    _charge_time_since(draft, target, first.settled, later, continuing)
    for number, seat in draft.game.seats.items():
        change_ms = seat.used_ms - draft.before.seats[number].used_ms
        if change_ms or number in draft.charged:
            draft.charged[number] = change_ms
    if running_seats(draft.before) == running_seats(draft.game):
        # Turns may be counted twice, grants never: a form painted meanwhile has to be late.
        draft.put("grant", draft.game.grant + 1)
    return undone[1:]


def _history(draft: Draft, target: Entry, found: _Found) -> list[_Stretch]:
    """From the target to now; the first stretch is the one that ended with the target."""
    game = draft.before
    stretches = [_Stretch(game, draft.game, None, draft.game)]
    for entry in found.since:
        if entry.seq < target.seq:
            break
        before = unapply(game, entry)
        settled = _settled(before, entry.at) if (0, "settled_at") in entry.now else before
        stretches.append(_Stretch(before, settled, entry, game))
        game = before
    # The draft goes on changing its own game, so the present is copied.
    stretches[0].settled = stretches[0].after = replace(draft.game, seats=dict(draft.game.seats))
    for number, seat in draft.game.seats.items():
        stretches[0].settled.seats[number] = replace(seat)
    return stretches[::-1]


def _settled(game: Game, at: int) -> Game:
    draft = Draft(game, at)
    settle(draft)
    return draft.game


def _is_caused(entry: Entry, continuing: set[int]) -> bool:
    """Whether the clock did it because of the undone entry: to clocks that ran only since."""
    if entry.event not in ("time-out", "period-began"):
        return False
    hit = {*entry.facts.get("ran_out", ()), *entry.facts.get("died", ())}
    hit |= {int(number) for number in entry.facts.get("periods", ())}
    return not hit & continuing


def _restore_clocks(  # noqa: PLR0913 - the parts of one history
    draft: Draft,
    target: Entry,
    origin: Game,
    later: list[_Stretch],
    undone: list[Entry],
    continuing: set[int],
) -> None:
    """Every clock as it was, and what happened to it since beside the undone entries."""
    windows = _windows(later)
    gone = {entry.seq for entry in undone}
    for stretch, window_ms in zip(later, windows, strict=True):
        # What an undo has taken back within the window has left nothing behind.
        if window_ms and stretch.entry is not None and stretch.entry.event == "undone":
            gone |= {stretch.entry.seq, *stretch.entry.facts["undid"]}
    totals = {number: dict.fromkeys(_CLOCK, 0) for number in draft.game.seats}
    for stretch, window_ms in zip(later, windows, strict=True):
        _add(totals, stretch.before, stretch.settled)
        if stretch.entry is not None and stretch.entry.seq not in gone:
            _add(totals, stretch.settled, stretch.after)
        if window_ms and _returns(draft, target, origin, continuing):
            runners = set(running_seats(stretch.before))
            _give_back(draft, totals, stretch, runners - continuing, window_ms)
    for number, seat in list(draft.game.seats.items()):
        if number not in origin.seats:
            continue
        begun = origin.seats[number]
        for name in _CLOCK:
            draft.put_seat(number, name, getattr(begun, name) + totals[number][name])
        if begun.bank_ms >= 0 and not seat.overtime:
            # A bonus that flows back may have been used up already.
            draft.put_seat(number, "bank_ms", max(0, draft.game.seats[number].bank_ms))


def _windows(later: list[_Stretch]) -> list[int]:
    """How much of each stretch lies within the last fifteen seconds that clocks counted."""
    room_ms = UNDO_MS
    windows = []
    for stretch in reversed(later):
        windows.append(min(room_ms, stretch.ran_ms))
        room_ms -= windows[-1]
    return windows[::-1]


def _returns(draft: Draft, target: Entry, origin: Game, continuing: set[int]) -> bool:
    """Whether those who ran since get the time back."""
    return _is_free(draft, target, origin) or _pays(target, origin, continuing)


def _pays(target: Entry, origin: Game, continuing: set[int]) -> bool:
    """Whether the seat whose entry is undone runs again, and did not in the meantime.

    Otherwise the time stays where it ran: with an interrupter who should not have, or, after an
    entry by the host's hand, with whoever had the clock.
    """
    return target.by in next_to_run(origin) and target.by not in continuing


def _is_free(draft: Draft, target: Entry, origin: Game) -> bool:
    """Charged to nobody, by setting; at most once a turn for each seat."""
    if draft.game.settings.undo_charges != "nobody" or not isinstance(target.by, int):
        return False
    return origin.seats[target.by].free_undo_turn != origin.turn


def _give_back(
    draft: Draft,
    totals: dict[int, dict[str, int]],
    stretch: _Stretch,
    numbers: set[int],
    window_ms: int,
) -> None:
    """The last ``window_ms`` of a stretch never ran for these seats."""
    replay = Draft(stretch.before, draft.at)
    run(replay, running_seats(stretch.before), stretch.ran_ms - window_ms)
    was = replace(replay.game, seats={n: replace(s) for n, s in replay.game.seats.items()})
    replay.free.clear()
    run(replay, numbers, window_ms)
    _add(totals, replay.game, was)
    for kind, by_seat in replay.free.items():
        for number, free_ms in by_seat.items():
            draft.let_free(kind, number, -free_ms)


def _add(totals: dict[int, dict[str, int]], before: Game, after: Game) -> None:
    """What changed of every clock from one table to the next."""
    for number, total in totals.items():
        old, new = before.seats.get(number), after.seats.get(number)
        if old is None or new is None or old is new:
            continue
        for name in _CLOCK:
            total[name] += getattr(new, name) - getattr(old, name)


def _restore_table(draft: Draft, origin: Game, undone: list[Entry]) -> None:
    """All other values: counts as differences, the rest as it was unless changed since."""
    newest: dict[tuple[int, str], Any] = {}
    for entry in undone:
        newest |= entry.now
        for (number, name), before in entry.was.items():
            if number and (name in _COUNTS or name == "damage"):
                _by_difference(draft, number, name, before, entry.now[number, name])
        _uncount_damage(draft, entry)
    for (number, name), after in newest.items():
        if number == 0:
            if name not in _WITHOUT_BEFORE and getattr(draft.game, name) == after:
                draft.put(name, getattr(origin, name))
        elif number in draft.game.seats and number in origin.seats:
            _restore_of_seat(draft, origin.seats[number], name, after, undone[0].event)


def _restore_of_seat(draft: Draft, begun: Seat, name: str, after: Any, event: str) -> None:
    if name in (*_NUMBERS, "damage", "") or (name == "dealt" and event != "reset"):
        return
    seat = draft.game.seats[begun.number]
    if name == "change":
        draft.put_seat(seat.number, name, None)
    elif name == "aside" and seat.is_taken and event == "reset":
        return  # somebody sat down there since
    elif name == "grace_ms":
        if after is None or begun.grace_ms is None:
            draft.put_seat(seat.number, name, begun.grace_ms)
    elif getattr(seat, name) == after:
        draft.put_seat(seat.number, name, getattr(begun, name))


def _set_going(draft: Draft, origin: Game, undone: list[Entry]) -> None:
    """What depends on whether the game runs; and nobody who got up comes back by undo."""
    game = draft.game
    running = game.status == "running"
    draft.put("settled_at", draft.at if running else None)
    if running and draft.before.status != "running":
        draft.put("going_since", draft.at)
    if any((0, "status") in entry.now for entry in undone):
        draft.put("round_left_ms", round_remaining_ms(origin, undone[0].at))
        draft.put("round_since", draft.at if origin.round_since is not None else None)
    if not is_played(game):
        return
    for seat in game.in_order():
        if not seat.is_taken:
            withdraw(draft, seat.number)
    settle_targets(draft)
    hand_on_turn(draft)


def _charge_time_since(
    draft: Draft, target: Entry, origin: Game, later: list[_Stretch], continuing: set[int]
) -> None:
    """The seat whose entry is undone pays for the last fifteen seconds, as far as it can."""
    number = target.by
    since_ms = sum(_windows(later))
    if not since_ms or not isinstance(number, int):
        return
    game = draft.game
    seat = game.seats[number]
    if _is_free(draft, target, origin):
        draft.put_seat(number, "free_undo_turn", origin.turn)
        draft.let_free("undo", number, since_ms)
        return
    if not _pays(target, origin, continuing):
        return
    if seat.grace_ms is not None:
        draft.let_free("grace", number, since_ms)
        draft.put_seat(number, "grace_ms", max(0, seat.grace_ms - since_ms))
        return
    control = control_of(game.settings)
    due_ms = control.due_ms(seat, game.settings, stint_of(game, number) or "turn")
    paid_ms = since_ms if due_ms is None or seat.overtime else min(since_ms, due_ms)
    # Also in an outage: what ran before it ran.
    spend(draft, number, paid_ms)
    if paid_ms < since_ms:
        draft.let_free("undo", number, since_ms - paid_ms)
