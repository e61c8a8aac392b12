"""Undo: back to where the table was before an entry, going forward. Rules section 9.

Which entry that is stands here. Mere numbers and markers are taken back as differences
(``taking_back``), a turn, an interrupt, a target or an out by going back to before it, clocks
included (``going_back``); what happened beside it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.game.clock import settle
from app.game.commands import Undo
from app.game.entry import Entry
from app.game.game import Game
from app.game.ledger import Draft
from app.game.refusals import NotNow
from app.game.rules.context import Asked
from app.game.rules.going_back import go_back
from app.game.rules.taking_back import take_back
from app.game.said import say, seconds
from app.game.steps import BARRIERS, REARRANGED, UNDO_MS, group_of, is_reversible, rests_on, stands


def undo(draft: Draft, command: Undo, asked: Asked) -> None:
    """Take back my newest reversible entry, or as the host the table's.

    With it goes its group, and what the clock did because of it.
    """
    settle(draft)
    search = _Search("host" if asked.actor.is_host else asked.hand, draft.at)
    target = search.find(asked.around.past())
    search.refuse_if_stood_upon(draft.game)
    undid = list(search.group)
    far = [entry for entry in search.group if stands(entry) or search.made_time_run_out(entry)]
    take_back(draft, [entry for entry in search.group if entry not in far])
    for entry in far:
        undid += go_back(draft, entry, search.newer, search.undone)
    asked.facts |= {
        "undid": sorted(entry.seq for entry in undid),
        "event": target.event,
        "of": target.by,
        "seat": target.facts.get("seat", 0),
        "change": sum(entry.facts.get("by", 0) for entry in search.group),
    }
    draft.moment("undone", by=target.by, event=target.event)


class _Search:
    """Reads the ledger back from now, as far as it takes to find what a hand may take back."""

    def __init__(self, hand: int | str, at: int) -> None:
        self.hand = hand
        self.at = at
        #: Every entry read, newest first.
        self.newer: list[Entry] = []
        #: The numbers of those that an undo has taken back already.
        self.undone: set[int] = set()
        #: The entry to take back with the rest of its group, oldest first.
        self.group: list[Entry] = []

    def find(self, past: Iterable[Entry]) -> Entry:
        """The newest reversible entry of this hand. NotNow when there is none."""
        entries = self._read(past)
        target = self._newest(entries)
        if target is None:
            raise NotNow("nothing-to-undo", _nothing(self.hand))
        self._read_group(target, entries)
        return target

    def _read(self, past: Iterable[Entry]) -> Iterator[Entry]:
        for entry in past:
            if entry.event in BARRIERS:
                return
            self.newer.append(entry)
            if entry.event == "undone":
                self.undone.update(entry.facts["undid"])
            yield entry

    def _newest(self, entries: Iterator[Entry]) -> Entry | None:
        for entry in entries:
            if entry.seq in self.undone or entry.by == "clock":
                continue
            if self.hand != "host" and self.at - entry.at > UNDO_MS:
                return None
            if is_reversible(entry) and self.hand in ("host", entry.by):
                return entry
            if entry.event == "reset":
                return None
        return None

    def _read_group(self, target: Entry, entries: Iterator[Entry]) -> None:
        oldest = group_of(target)
        while self.newer[-1].seq > oldest and next(entries, None):
            pass
        self.group = [
            entry
            for entry in reversed(self.newer)
            if entry.seq not in self.undone and group_of(entry) == oldest
        ]

    def refuse_if_stood_upon(self, game: Game) -> None:
        """NotNow when a later entry by somebody's hand keeps one of the group where it is."""
        for later in self._by_hand():
            if later not in self.group and any(
                later.seq > entry.seq and rests_on(later, entry) for entry in self.group
            ):
                raise NotNow("stood-upon", _has_moved_on(game, later))

    def made_time_run_out(self, entry: Entry) -> bool:
        """Whether a clock from which time was taken has run out since, and play waits for it."""
        if entry.event != "time-taken":
            return False
        if any(later.seq > entry.seq and stands(later) for later in self._by_hand()):
            return False
        return any(
            one.event == "time-out" and entry.facts["seat"] in one.facts["ran_out"]
            for one in self.newer
            if one.seq > entry.seq and one.seq not in self.undone
        )

    def _by_hand(self) -> Iterator[Entry]:
        """The entries read that somebody made, except undos and what they took back."""
        for entry in self.newer:
            if entry.by != "clock" and entry.event != "undone" and entry.seq not in self.undone:
                yield entry


def _nothing(hand: int | str) -> str:
    if hand == "host":
        return say("There is nothing of yours to take back.")
    return say(
        "There is nothing of yours to take back within %(within)s.",
        within=seconds(UNDO_MS // 1000),
    )


def _has_moved_on(game: Game, later: Entry) -> str:
    if later.event in REARRANGED:
        return say("The table has been rearranged since.")
    seat = game.seats.get(later.by) if isinstance(later.by, int) else None
    if seat is None:
        return say("The table has moved on since.")
    return say("%(name)s has moved on since.", name=seat.called)
