"""The ledger as people would tell it: a line for each entry, rapid taps as one.

A line's words are text and names in turn; names are what a seat was called at that moment.
Every event has its sentence here; one that has none is told by its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.game.chronicle import TAPPED, Chronicle
from app.game.entry import Entry
from app.game.shows import COIN_SIDES
from app.game.steps import group_of
from app.game.wording import OUT_WORDS, PAUSE_HEADLINES, clock_text, step_words


@dataclass(frozen=True)
class Name:
    """A seat in a sentence, or something people typed; its colour is empty when it has none."""

    number: int
    name: str
    color: str


Words = tuple[str | Name, ...]


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
    words: Words
    #: "+5" where a number changed, and what it was then.
    amount: str
    value: str
    #: Whose clocks it settled: (name, "1:23"); what an undo gives back is below 0.
    clocks: tuple[tuple[Name, str], ...]
    #: Who took it back; empty when it stands.
    undone_by: Words


@dataclass(frozen=True)
class Part:
    """Consecutive lines of one turn, or of a lobby when ``turn`` is 0."""

    turn: int
    seat: Name | None
    lines: tuple[Line, ...]


_SHORTEST_TOLD_MS = 1000


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
        words = _sentence(chronicle, entry) if amount else ()
    else:
        words = _sentence(chronicle, entry)
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
        words=words + after if words else _begun(after),
        amount=amount,
        value=value,
        clocks=tuple(
            (_name(chronicle, seat, entry.seq), _length(ms))
            for seat, ms in entry.charged.items()
            if abs(ms) >= _SHORTEST_TOLD_MS and entry.facts.get("event") != "reset"
        ),
        undone_by=() if undo is None else (_hand(chronicle, chronicle.undoers[undo], undo),),
    )


def _begun(words: Words) -> Words:
    """Words that went on after a sentence, as one of their own."""
    first = words[0] if words else ""
    return (first.removeprefix(". "), *words[1:]) if isinstance(first, str) else words


def _length(length_ms: int) -> str:
    return f"\u2212{clock_text(-length_ms)}" if length_ms < 0 else clock_text(length_ms)


def _name(chronicle: Chronicle, number: int, seq: int) -> Name:
    return Name(number, *chronicle.worn(number, seq))


def _hand(chronicle: Chronicle, by: int | str, seq: int) -> str | Name:
    if isinstance(by, int):
        return _name(chronicle, by, seq)
    return {"host": "The host", "clock": "The clock"}.get(by, "Somebody")


# ---- sentences

_PLACES = re.compile(r"\{(\w+)\}")


def _sentence(chronicle: Chronicle, entry: Entry) -> Words:
    """The sentence of an event with its places filled in."""
    tell = SENTENCES.get(entry.event)
    if tell is None:
        return (entry.event.replace("-", " "),)
    template = tell if isinstance(tell, str) else tell(entry)
    return _filled(chronicle, entry, template)


def _filled(chronicle: Chronicle, entry: Entry, template: str) -> Words:
    """``{by}`` is the hand; ``{n3}`` seat 3; ``{seat}``, ``{to}`` … the seat a fact names.

    ``{was}`` is the name a seat had before, ``{title}`` the game's name.
    """
    words: list[str | Name] = []
    for place, text in enumerate(_PLACES.split(template)):
        if place % 2 == 0:
            words += [text] if text else []
        else:
            words.append(_filling(chronicle, entry, text))
    return tuple(words)


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
    return _name(chronicle, number, seq) if isinstance(number, int) and number else "Nobody"


_GOT_UP = frozenset({"seat-left", "kicked", "seat-freed", "seat-removed"})


_OUTS = frozenset({"conceded", "eliminated"})
"""Their own sentence says who is out and why."""


def _aftermath(chronicle: Chronicle, entry: Entry) -> Words:
    """Who went out by it, and whether that was the end; goes on after a sentence."""
    words: Words = ()
    for (number, name), now in entry.now.items():
        if number and name == "out" and now and entry.event not in _OUTS:
            out = OUT_WORDS.get(now, now).lower()
            words += _filled(chronicle, entry, f". {{n{number}}} is out: {out}")
    if entry.now.get((0, "status")) == "finished" and entry.event != "finished":
        winner = entry.now.get((0, "winner"))
        words += _filled(chronicle, entry, f". {{n{winner}}} wins") if winner else (". A draw",)
    return words


def _by_host(entry: Entry, own: str, hosts: str) -> str:
    return hosts if entry.by == "host" else own


def _paused(entry: Entry) -> str:
    reason = entry.facts["reason"]
    why = PAUSE_HEADLINES.get(reason, reason).lower()
    told = {"away": "Nobody was there any more: paused", "outage": "The server was away: paused"}
    return told.get(reason, f"{{by}} stops the clocks: {why}")


def _resumed(entry: Entry) -> str:
    lasted_ms = entry.facts.get("lasted_ms")
    after = "" if lasted_ms is None else f" after {clock_text(lasted_ms)}"
    return f"{{by}} lets the clocks run again{after}"


def _undone(entry: Entry) -> str:
    facts = entry.facts
    change = f" {facts['change']:+d}".replace("-", "\u2212") if facts.get("change") else ""
    whose = "" if facts["of"] == entry.by else " by the host"
    if isinstance(facts["of"], int) and facts["of"] != entry.by:
        whose = " by {of}"
    return f"{{by}} takes back: {step_words(facts['event']).lower()}{change}{whose}"


def _round_called(entry: Entry) -> str:
    last = entry.facts.get("last_turn")
    told = "" if last is None else f", turn {last} is the last"
    return f"The round clock has run out{told}"


def _timed_out(entry: Entry) -> str:
    facts = entry.facts
    ran_out = [
        f"{{n{number}}} runs out of time"
        + {"choice": " and has to choose", "overtime": " and goes on below zero"}.get(
            facts["on_timeout"], ""
        )
        for number in facts["ran_out"]
    ]
    died = [f"{{n{number}}} did not choose in time" for number in facts["died"]]
    late = died if facts["on_timeout"] != "out" else []
    return ". ".join(ran_out + late)


def _period(entry: Entry) -> str:
    told = [
        f"{{n{number}}}: {left} period{'' if left == 1 else 's'} left"
        for number, left in entry.facts["periods"].items()
    ]
    # A main bank that was given in the midst of a period is used up: the rest of that period runs.
    told += [f"{{n{number}}}: back in the period" for number in entry.charged if not told]
    return ". ".join(told)


def _chosen(entry: Entry) -> str:
    facts = entry.facts
    did = {
        "lose-life": f"loses {-facts.get('life', 0)} life and plays on",
        "drink": f"drinks {facts.get('drinks', 0)} and plays on",
    }.get(facts["choice"], "chooses to die")
    return _by_host(entry, f"{{seat}} {did}", f"The host chooses: {{seat}} {did}")


def _life(entry: Entry) -> str:
    whose = {attacker for attacker, _, amount in entry.facts.get("credits", ()) if amount > 0}
    dealt = "".join(f", dealt by {{n{number}}}" for number in sorted(whose))
    return f"{{seat}}: life{_if_host(entry)}{dealt}"


def _if_host(entry: Entry) -> str:
    return " (the host)" if entry.by == "host" else ""


def _damage(entry: Entry) -> str:
    second = " (second commander)" if entry.facts["commander"] != 1 else ""
    return f"{{seat}}: damage from {{source}}{second}{_if_host(entry)}"


def _marker(entry: Entry) -> str:
    marker, value = entry.facts["marker"], entry.facts["value"]
    if marker == "day-night":
        return {"day": "It becomes day", "night": "It becomes night"}.get(
            value, "Neither day nor night"
        )
    who = "{value}" if isinstance(value, int) else "Nobody"
    return f"{who} is the monarch" if marker == "monarch" else f"{who} has the initiative"


def _rolled(entry: Entry) -> str:
    sides, rolled = entry.facts["sides"], entry.facts["rolled"]
    if sides == COIN_SIDES:
        return f"{{by}} flips {'heads' if rolled == 1 else 'tails'}"
    return f"{{by}} rolls {rolled} on a d{sides}"


def _claimed(entry: Entry) -> str:
    return "{seat} moves here" if "from" in entry.facts else "{seat} sits down"


def _order(entry: Entry) -> str:
    rolls = [
        f"{{n{roll['seat']}}} {' then '.join(str(one) for one in roll['rolled'])}"
        for roll in entry.facts["rolls"]
    ]
    return f"The order is rolled: {', '.join(rolls)}"


def _finished(entry: Entry) -> str:
    return "{by} ends the game: " + ("{winner} wins" if entry.facts["winner"] else "a draw")


def _given(entry: Entry) -> str:
    ended = ", nothing to choose any more" if entry.facts.get("ended_choice") else ""
    return f"{{by}} gives {{seat}} +{clock_text(entry.facts['ms'])}{ended}"


def _settings(entry: Entry) -> str:
    changed = [name.removesuffix("_ms").replace("_", " ") for name in entry.facts["changed"]]
    return f"{{by}} changes the settings{': ' if changed else ''}{', '.join(changed)}"


SENTENCES: dict[str, str | Callable[[Entry], str]] = {
    "started": "{by} starts the clocks. {first} begins",
    "paused": _paused,
    "resumed": _resumed,
    "reset": "{by} goes back to the lobby",
    "finished": _finished,
    "closed": "{by} closes the table",
    "next-round": lambda entry: f"{{by}} books round {entry.facts['round']} and opens the next",
    "turn-passed": "{by} passes to {to}",
    "turn-switched": "{by} gives the turn to {to}",
    "extra-turn-taken": lambda entry: _by_host(
        entry, "{seat} takes an extra turn", "The host gives {seat} an extra turn"
    ),
    "turn-ending": "{seat} announces the end of the turn",
    "interrupted": "{seat} interrupts",
    "priority-passed": lambda entry: _by_host(
        entry, "{seat} gives priority back", "The host takes {seat}\u2019s interrupt off"
    ),
    "target-toggled": lambda entry: (
        "{by} chooses {seat}" if entry.facts["on"] else "{by} no longer chooses {seat}"
    ),
    "targets-confirmed": lambda entry: (
        f"{{by}} asks {', '.join(f'{{n{n}}}' for n in entry.facts['targets'])} to respond"
    ),
    "targets-cancelled": "{by} asks nobody any more",
    "target-passed": lambda entry: _by_host(
        entry, "{seat} has answered", "The host: {seat} has answered"
    ),
    "undone": _undone,
    "round-called": _round_called,
    "round-ended": "The last turn has taken its time",
    "round-extended": lambda entry: (
        f"{{by}} gives the round +{clock_text(entry.facts['ms'])}: "
        f"{PAUSE_HEADLINES[entry.facts['reason']].lower()}"
    ),
    "time-out": _timed_out,
    "period-began": _period,
    "timeout-chosen": _chosen,
    "life-adjusted": _life,
    "counter-adjusted": lambda entry: f"{{seat}}: {entry.facts['counter']}{_if_host(entry)}",
    "commander-damaged": _damage,
    "marker-set": _marker,
    "dice-rolled": _rolled,
    "conceded": "{seat} concedes",
    "eliminated": "{by} puts {seat} out",
    "penalized": "{by} gives {seat} a penalty",
    "revived": "{by} brings {seat} back",
    "time-added": _given,
    "time-taken": lambda entry: f"{{by}} takes {clock_text(entry.facts['ms'])} from {{seat}}",
    "seat-claimed": _claimed,
    "seat-left": "{seat} gets up",
    "seat-renamed": "{was} is called {seat} now",
    "seat-recolored": lambda entry: f"{{seat}} is {entry.facts['color']} now",
    "seat-moved": "{by} moves {seat} in turn order",
    "seat-added": "{by} adds a seat: {seat}",
    "seat-removed": "{by} removes a seat: {seat}",
    "kicked": "{by} shows {seat} out",
    "seat-freed": "{by} frees the seat of {seat}",
    "seat-shared": "{seat} is played on the table device",
    "host-transferred": "{seat} is the host now",
    "host-taken": lambda entry: (
        "{seat} is the host now" if "seat" in entry.facts else "{by} is the host now"
    ),
    "game-renamed": "The game is called {title}",
    "settings-updated": _settings,
    "order-rolled": _order,
    "start-picked": "{seat} is picked to begin",
    "seat-taken-over": lambda entry: (
        "{seat} moves to another phone"
        if "seat" in entry.facts
        else "Another device lies in the middle of the table"
    ),
    "outage-began": "The server was away: nobody\u2019s clock counts",
    "outage-ended": lambda entry: (
        f"The clocks count again after {clock_text(entry.facts['lasted_ms'])}"
    ),
}
"""What each event is in words."""
