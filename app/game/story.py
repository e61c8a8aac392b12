"""The ledger as people would tell it: a line for each entry, rapid taps as one.

A line's words are a sentence in whose places seats stand; they are called what they were called at
that moment.
Every event has its sentence here; one that has none is told by its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.game.chronicle import TAPPED, Chronicle
from app.game.entry import Entry
from app.game.said import Said, joined, say
from app.game.shows import COIN_SIDES
from app.game.steps import group_of
from app.game.view import hand_words, throws_words
from app.game.wording import (
    COLOR_NAMES,
    COUNTER_NAMES,
    OUTS_WITHIN,
    PAUSES_WITHIN,
    SETTING_NAMES,
    clock_text,
    given_back_text,
    step_within,
)


@dataclass(frozen=True)
class Name:
    """A seat in a sentence, or something people typed; its colour is empty when it has none."""

    number: int
    name: str
    color: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Line:
    """One line of the story."""

    seq: int
    at: int
    event: str
    #: The seat whose tile stands before it; None for the host, the clock and onlookers.
    seat: Name | None
    #: "host", "clock" or "anyone" where no seat did it; else empty.
    hand: str
    #: Names stand in its places (``pieces``).
    words: str
    #: "+5" where a number changed, and what it was then.
    amount: str
    value: str
    #: Whose clocks it settled: (name, "1:23"); what an undo gives back is below 0.
    clocks: tuple[tuple[Name, str], ...]
    #: Who took it back, "taken back by Ada"; empty when it stands.
    undone_by: str


@dataclass(frozen=True)
class Part:
    """Consecutive lines of one turn, or of a lobby when ``turn`` is 0."""

    turn: int
    seat: Name | None
    lines: tuple[Line, ...]


_SHORTEST_TOLD_MS = 1000
SHORTEST_GIVEN_MS = 10
"""A lag credit is told in hundredths."""


def parts(chronicle: Chronicle, entries: Iterable[Entry]) -> list[Part]:
    """The story of consecutive entries, by turn."""
    told: list[tuple[tuple[int, int], list[Line]]] = []
    for entry in entries:
        line = _line(chronicle, entry)
        if line is None:
            continue
        key = chronicle.turn_at(entry.seq)
        if not told or told[-1][0] != key:
            told.append((key, []))
        told[-1][1].append(line)
    return [
        Part(turn, _name(chronicle, seat, lines[0].seq) if seat else None, tuple(lines))
        for (turn, seat), lines in told
    ]


def _line(chronicle: Chronicle, entry: Entry) -> Line | None:
    """None for a tap that has been told with the first of its group."""
    amount = value = ""
    after = _aftermath(chronicle, entry)
    if entry.event in TAPPED:
        if group_of(entry) != entry.seq and not after:
            return None
        if group_of(entry) == entry.seq:
            taps = chronicle.taps[entry.seq]
            amount, value = f"{taps.total:+d}".replace("-", "\u2212"), str(taps.value)
    told = [] if entry.event in TAPPED and not amount else _sentences(chronicle, entry)
    undo = chronicle.undone.get(entry.seq)
    by = entry.by
    subject = entry.facts.get("seat") if entry.event in TAPPED or by == "anyone" else None
    number = subject or (by if isinstance(by, int) else None)
    return Line(
        seq=entry.seq,
        at=entry.at,
        event=entry.event,
        seat=None if number is None else _name(chronicle, number, entry.seq),
        hand="" if isinstance(by, int) else by,
        words=joined(". ", told + after),
        amount=amount,
        value=value,
        clocks=tuple(
            (_name(chronicle, seat, entry.seq), _length(ms))
            for seat, ms in entry.charged.items()
            if abs(ms) >= _SHORTEST_TOLD_MS and entry.facts.get("event") != "reset"
        ),
        undone_by=""
        if undo is None
        else say("taken back by %(by)s", by=_hand(chronicle, chronicle.undoers[undo], undo)),
    )


def _length(length_ms: int) -> str:
    return f"\u2212{clock_text(-length_ms)}" if length_ms < 0 else clock_text(length_ms)


def _name(chronicle: Chronicle, number: int, seq: int) -> Name:
    return Name(number, *chronicle.worn(number, seq))


def _hand(chronicle: Chronicle, by: int | str, seq: int) -> str | Name:
    return _name(chronicle, by, seq) if isinstance(by, int) else hand_words(by)


# ---- sentences


@dataclass(frozen=True)
class Tale:
    """A sentence whose places are yet to be filled, but for those in ``values``.

    ``%(by)s`` is the hand; ``%(n3)s`` seat 3; ``%(seat)s``, ``%(to)s`` … the seat a fact names;
    ``%(was)s`` the name a seat had before, ``%(title)s`` the game's name.
    """

    message: str
    many: str = ""
    count: int = 0
    values: dict[str, Any] = field(default_factory=dict)


def tale(message: str, **values: Any) -> Tale:
    """A sentence of the story; a value may be a tale itself."""
    return Tale(message, values=values)


def tale_many(one: str, many: str, count: int, **values: Any) -> Tale:
    """Likewise about a number of things, ``%(count)s``."""
    return Tale(one, many, count, {"count": count, **values})


def _seat(number: int) -> Tale:
    return Tale(f"%(n{number})s")


_PLACES = re.compile(r"%\((\w+)\)s")


def _sentences(chronicle: Chronicle, entry: Entry) -> list[Any]:
    """What an event is in words, its places filled in."""
    told = SENTENCES.get(entry.event)
    if told is None:
        return [entry.event.replace("-", " ")]
    tales = told(entry) if callable(told) else told
    return [_filled(chronicle, entry, t) for t in (tales if isinstance(tales, list) else [tales])]


def _filled(chronicle: Chronicle, entry: Entry, tale: Tale) -> Said:
    filled = {}
    for place in _PLACES.findall(f"{tale.message} {tale.many}"):
        given = tale.values.get(place)
        if given is None:
            filled[place] = _filling(chronicle, entry, place)
        elif isinstance(given, list):
            filled[place] = joined(", ", [_filled(chronicle, entry, one) for one in given])
        else:
            filled[place] = _filled(chronicle, entry, given) if isinstance(given, Tale) else given
    return Said(tale.message, tale.many, tale.count, filled)


def _filling(chronicle: Chronicle, entry: Entry, place: str) -> str | Name:
    if place == "by":
        return _hand(chronicle, entry.by, entry.seq)
    if place == "title":
        return Name(0, str(entry.now.get((0, "name"), "")), "")
    # Who got up is called as before: an empty seat has its first name again.
    seq = entry.seq - 1 if place == "was" or entry.event in _GOT_UP else entry.seq
    if re.fullmatch(r"n\d", place):
        return _name(chronicle, int(place[1:]), seq)
    number = entry.facts.get("seat" if place == "was" else place)
    if isinstance(number, int) and number:
        return _name(chronicle, number, seq)
    return say("Nobody")


_GOT_UP = frozenset({"seat-left", "kicked", "seat-freed", "seat-removed"})


_OUTS = frozenset({"conceded", "eliminated"})
"""Their own sentence says who is out and why."""


def _aftermath(chronicle: Chronicle, entry: Entry) -> list[Any]:
    """Who went out by it, and whether that was the end; goes on after a sentence."""
    tales = [
        tale("%(seat)s is out: %(why)s", seat=_seat(number), why=OUTS_WITHIN.get(now, now))
        for (number, name), now in entry.now.items()
        if number and name == "out" and now and entry.event not in _OUTS
    ]
    if entry.now.get((0, "status")) == "finished" and entry.event != "finished":
        winner = entry.now.get((0, "winner"))
        tales.append(tale("%(seat)s wins", seat=_seat(winner)) if winner else tale("A draw"))
    tales += [
        tale("%(seat)s: %(back)s", seat=_seat(number), back=given_back_text(lag_ms))
        for number, lag_ms in entry.free.get("lag", {}).items()
        if lag_ms >= SHORTEST_GIVEN_MS
    ]
    return [_filled(chronicle, entry, tale) for tale in tales]


def _by_host(entry: Entry, own: Tale, hosts: Tale) -> Tale:
    return hosts if entry.by == "host" else own


def _paused(entry: Entry) -> Tale:
    reason = entry.facts["reason"]
    if reason == "away":
        return tale("Nobody was there any more: paused")
    if reason == "outage":
        return tale("The server was away: paused")
    return tale("%(by)s stops the clocks: %(why)s", why=PAUSES_WITHIN.get(reason, reason))


def _resumed(entry: Entry) -> Tale:
    lasted_ms = entry.facts.get("lasted_ms")
    if lasted_ms is None:
        return tale("%(by)s lets the clocks run again")
    return tale("%(by)s lets the clocks run again after %(time)s", time=clock_text(lasted_ms))


def _undone(entry: Entry) -> Tale:
    facts = entry.facts
    what: Any = step_within(facts["event"])
    if facts.get("change"):
        what = joined(" ", [what, f"{facts['change']:+d}".replace("-", "\u2212")])
    if facts["of"] == entry.by:
        return tale("%(by)s takes back: %(what)s", what=what)
    if isinstance(facts["of"], int):
        return tale("%(by)s takes back: %(what)s by %(of)s", what=what)
    return tale("%(by)s takes back: %(what)s by the host", what=what)


def _round_called(entry: Entry) -> Tale:
    last = entry.facts.get("last_turn")
    if last is None:
        return tale("The round clock has run out")
    return tale("The round clock has run out, turn %(last)s is the last", last=last)


def _timed_out(entry: Entry) -> list[Tale]:
    facts = entry.facts
    ran_out = [_ran_out(number, facts["on_timeout"]) for number in facts["ran_out"]]
    died = [tale("%(seat)s did not choose in time", seat=_seat(n)) for n in facts["died"]]
    return ran_out + (died if facts["on_timeout"] != "out" else [])


def _ran_out(number: int, on_timeout: str) -> Tale:
    seat = _seat(number)
    if on_timeout == "choice":
        return tale("%(seat)s runs out of time and has to choose", seat=seat)
    if on_timeout == "overtime":
        return tale("%(seat)s runs out of time and goes on below zero", seat=seat)
    return tale("%(seat)s runs out of time", seat=seat)


def _period(entry: Entry) -> list[Tale]:
    told = [
        tale_many(
            "%(seat)s: %(count)s period left",
            "%(seat)s: %(count)s periods left",
            left,
            seat=_seat(number),
        )
        for number, left in entry.facts["periods"].items()
    ]
    # A main bank that was given in the midst of a period is used up: the rest of that period runs.
    return told or [tale("%(seat)s: back in the period", seat=_seat(n)) for n in entry.charged]


def _chosen(entry: Entry) -> Tale:
    facts = entry.facts
    if facts["choice"] == "lose-life":
        told = tale("%(seat)s loses %(count)s life and plays on", count=-facts.get("life", 0))
    elif facts["choice"] == "drink":
        told = tale("%(seat)s drinks %(count)s and plays on", count=facts.get("drinks", 0))
    else:
        told = tale("%(seat)s chooses to die")
    return _by_host(entry, told, tale("The host chooses: %(what)s", what=told))


def _life(entry: Entry) -> Tale:
    whose = {attacker for attacker, _, amount in entry.facts.get("credits", ()) if amount > 0}
    told = _if_host(entry, tale("%(seat)s: life"))
    for number in sorted(whose):
        told = tale("%(told)s, dealt by %(name)s", told=told, name=_seat(number))
    return told


def _if_host(entry: Entry, told: Tale) -> Tale:
    return tale("%(told)s (the host)", told=told) if entry.by == "host" else told


def _counter(entry: Entry) -> Tale:
    counter = entry.facts["counter"]
    told = tale("%(seat)s: %(counter)s", counter=COUNTER_NAMES.get(counter, counter))
    return _if_host(entry, told)


def _damage(entry: Entry) -> Tale:
    if entry.facts["commander"] == 1:
        return _if_host(entry, tale("%(seat)s: damage from %(source)s"))
    return _if_host(entry, tale("%(seat)s: damage from %(source)s (second commander)"))


def _marker(entry: Entry) -> Tale:
    marker, value = entry.facts["marker"], entry.facts["value"]
    if marker == "day-night":
        days = {"day": tale("It becomes day"), "night": tale("It becomes night")}
        return days.get(value, tale("Neither day nor night"))
    if marker == "monarch":
        return tale("%(value)s is the monarch")
    return tale("%(value)s has the initiative")


def _rolled(entry: Entry) -> Tale:
    sides, rolled = entry.facts["sides"], entry.facts["rolled"]
    if sides != COIN_SIDES:
        return tale("%(by)s rolls %(rolled)s on a d%(sides)s", rolled=rolled, sides=sides)
    return tale("%(by)s flips heads") if rolled == 1 else tale("%(by)s flips tails")


def _claimed(entry: Entry) -> Tale:
    return tale("%(seat)s moves here") if "from" in entry.facts else tale("%(seat)s sits down")


def _order(entry: Entry) -> Tale:
    rolls = [
        tale("%(name)s %(rolled)s", name=_seat(roll["seat"]), rolled=throws_words(roll["rolled"]))
        for roll in entry.facts["rolls"]
    ]
    return tale("The order is rolled: %(rolls)s", rolls=rolls)


def _finished(entry: Entry) -> Tale:
    if entry.facts["winner"]:
        return tale("%(by)s ends the game: %(winner)s wins")
    return tale("%(by)s ends the game: a draw")


def _given(entry: Entry) -> Tale:
    gift = f"+{clock_text(entry.facts['ms'])}"
    if entry.facts.get("ended_choice"):
        return tale("%(by)s gives %(seat)s %(gift)s, nothing to choose any more", gift=gift)
    return tale("%(by)s gives %(seat)s %(gift)s", gift=gift)


def _settings(entry: Entry) -> Tale:
    changed = [SETTING_NAMES.get(name, name) for name in entry.facts["changed"]]
    if not changed:
        return tale("%(by)s changes the settings")
    return tale("%(by)s changes the settings: %(changed)s", changed=joined(", ", changed))


def _round_extended(entry: Entry) -> Tale:
    gift = f"+{clock_text(entry.facts['ms'])}"
    why = PAUSES_WITHIN[entry.facts["reason"]]
    return tale("%(by)s gives the round %(gift)s: %(why)s", gift=gift, why=why)


SENTENCES: dict[str, Tale | Callable[[Entry], Tale | list[Tale]]] = {
    "started": tale("%(by)s starts the clocks. %(first)s begins"),
    "paused": _paused,
    "resumed": _resumed,
    "reset": tale("%(by)s goes back to the lobby"),
    "finished": _finished,
    "closed": tale("%(by)s closes the table"),
    "next-round": lambda entry: tale(
        "%(by)s books round %(round)s and opens the next", round=entry.facts["round"]
    ),
    "turn-passed": tale("%(by)s passes to %(to)s"),
    "turn-switched": tale("%(by)s gives the turn to %(to)s"),
    "extra-turn-taken": lambda entry: _by_host(
        entry,
        tale("%(seat)s takes an extra turn"),
        tale("The host gives %(seat)s an extra turn"),
    ),
    "turn-ending": tale("%(seat)s announces the end of the turn"),
    "interrupted": tale("%(seat)s interrupts"),
    "priority-passed": lambda entry: _by_host(
        entry,
        tale("%(seat)s gives priority back"),
        tale("The host takes %(seat)s\u2019s interrupt off"),
    ),
    "target-toggled": lambda entry: (
        tale("%(by)s chooses %(seat)s")
        if entry.facts["on"]
        else tale("%(by)s no longer chooses %(seat)s")
    ),
    "targets-confirmed": lambda entry: tale(
        "%(by)s asks %(targets)s to respond",
        targets=[_seat(number) for number in entry.facts["targets"]],
    ),
    "targets-cancelled": tale("%(by)s asks nobody any more"),
    "target-passed": lambda entry: _by_host(
        entry, tale("%(seat)s has answered"), tale("The host: %(seat)s has answered")
    ),
    "undone": _undone,
    "round-called": _round_called,
    "round-ended": tale("The last turn has taken its time"),
    "round-extended": _round_extended,
    "time-out": _timed_out,
    "period-began": _period,
    "timeout-chosen": _chosen,
    "life-adjusted": _life,
    "counter-adjusted": _counter,
    "commander-damaged": _damage,
    "marker-set": _marker,
    "dice-rolled": _rolled,
    "conceded": tale("%(seat)s concedes"),
    "eliminated": tale("%(by)s puts %(seat)s out"),
    "penalized": tale("%(by)s gives %(seat)s a penalty"),
    "revived": tale("%(by)s brings %(seat)s back"),
    "time-added": _given,
    "time-taken": lambda entry: tale(
        "%(by)s takes %(time)s from %(seat)s", time=clock_text(entry.facts["ms"])
    ),
    "seat-claimed": _claimed,
    "seat-left": tale("%(seat)s gets up"),
    "seat-renamed": tale("%(was)s is called %(seat)s now"),
    "seat-recolored": lambda entry: tale(
        "%(seat)s is %(color)s now",
        color=COLOR_NAMES.get(entry.facts["color"], entry.facts["color"]),
    ),
    "seat-moved": tale("%(by)s moves %(seat)s in turn order"),
    "seat-added": tale("%(by)s adds a seat: %(seat)s"),
    "seat-removed": tale("%(by)s removes a seat: %(seat)s"),
    "kicked": tale("%(by)s shows %(seat)s out"),
    "seat-freed": tale("%(by)s frees the seat of %(seat)s"),
    "seat-shared": tale("%(seat)s is played on the table device"),
    "host-transferred": tale("%(seat)s is the host now"),
    "host-taken": lambda entry: (
        tale("%(seat)s is the host now")
        if "seat" in entry.facts
        else tale("%(by)s is the host now")
    ),
    "game-renamed": tale("The game is called %(title)s"),
    "settings-updated": _settings,
    "order-rolled": _order,
    "start-picked": tale("%(seat)s is picked to begin"),
    "seat-taken-over": lambda entry: (
        tale("%(seat)s moves to another phone")
        if "seat" in entry.facts
        else tale("Another device lies in the middle of the table")
    ),
    "outage-began": tale("The server was away: nobody\u2019s clock counts"),
    "outage-ended": lambda entry: tale(
        "The clocks count again after %(time)s", time=clock_text(entry.facts["lasted_ms"])
    ),
}
"""What each event is in words."""
