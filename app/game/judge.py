"""The one door into the rules: what fell due happens first, then a command is judged.

Nothing outside this module and the chapters under ``rules`` changes a game. Everything here is a
function of its arguments; a refusal leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.game import commands as c
from app.game.clock import (
    clock_due,
    go_on_with_round,
    next_due,
    round_due,
    round_remaining_ms,
    running_seats,
    settle,
    stop_round,
)
from app.game.entry import Entry
from app.game.game import Game, Outage
from app.game.ledger import Draft, LagOf, no_lag
from app.game.permissions import actor_of, hand_for, refuse_stranger
from app.game.refusals import Kind, NotNow, Refusal, Stale
from app.game.rules import (
    campaigns,
    order,
    priority,
    rounds,
    seats,
    sitting,
    table,
    timeouts,
    turns,
    undoing,
)
from app.game.rules.context import Asked, Surroundings
from app.game.rules.outs import set_clock
from app.game.said import say

Rule = Callable[[Draft, Any, Asked], None]

#: How each command is carried out, and the event its ledger entry tells.
RULES: dict[type[c.Command], tuple[Rule, str]] = {
    c.Start: (sitting.start, "started"),
    c.Pause: (sitting.pause, "paused"),
    c.Resume: (sitting.resume, "resumed"),
    c.Reset: (sitting.reset, "reset"),
    c.Finish: (sitting.finish, "finished"),
    c.Close: (sitting.close, "closed"),
    c.NextRound: (campaigns.next_round, "next-round"),
    c.PassTurn: (turns.pass_turn, "turn-passed"),
    c.SwitchTurn: (turns.switch_turn, "turn-switched"),
    c.ExtraTurn: (turns.extra_turn, "extra-turn-taken"),
    c.EndingTurn: (turns.ending_turn, "turn-ending"),
    c.Interrupt: (priority.interrupt, "interrupted"),
    c.PassPriority: (priority.pass_priority, "priority-passed"),
    c.ToggleTarget: (priority.toggle_target, "target-toggled"),
    c.ConfirmTargets: (priority.confirm_targets, "targets-confirmed"),
    c.CancelTargets: (priority.cancel_targets, "targets-cancelled"),
    c.PassTarget: (priority.pass_target, "target-passed"),
    c.Undo: (undoing.undo, "undone"),
    c.ExtendRound: (rounds.extend_round, "round-extended"),
    c.TimeoutChoice: (timeouts.timeout_choice, "timeout-chosen"),
    c.AdjustLife: (table.adjust_life, "life-adjusted"),
    c.AdjustCounter: (table.adjust_counter, "counter-adjusted"),
    c.CommanderDamage: (table.commander_damage, "commander-damaged"),
    c.SetMarker: (table.set_marker, "marker-set"),
    c.RollDice: (table.roll_dice, "dice-rolled"),
    c.Concede: (table.concede, "conceded"),
    c.Eliminate: (table.eliminate, "eliminated"),
    c.Penalty: (table.penalty, "penalized"),
    c.Revive: (table.revive, "revived"),
    c.AddTime: (table.add_time, "time-added"),
    c.TakeTime: (table.take_time, "time-taken"),
    c.ClaimSeat: (seats.claim_seat, "seat-claimed"),
    c.LeaveSeat: (seats.leave_seat, "seat-left"),
    c.RenameSeat: (seats.rename_seat, "seat-renamed"),
    c.RecolorSeat: (seats.recolor_seat, "seat-recolored"),
    c.MoveSeat: (seats.move_seat, "seat-moved"),
    c.AddSeat: (seats.add_seat, "seat-added"),
    c.RemoveSeat: (seats.remove_seat, "seat-removed"),
    c.Kick: (seats.kick, "kicked"),
    c.FreeSeat: (seats.free_seat, "seat-freed"),
    c.ShareSeat: (seats.share_seat, "seat-shared"),
    c.TransferHost: (seats.transfer_host, "host-transferred"),
    c.TakeHost: (seats.take_host, "host-taken"),
    c.RenameGame: (order.rename_game, "game-renamed"),
    c.UpdateSettings: (order.update_settings, "settings-updated"),
    c.RollOrder: (order.roll_order, "order-rolled"),
    c.RandomStart: (order.random_start, "start-picked"),
    c.TakeOver: (seats.take_over, "seat-taken-over"),
}

_ALWAYS = frozenset({"waiting", "running", "paused", "finished"})
_PLAYED = frozenset({"running", "paused"})

#: In which status a command makes sense (rules section 3); all others: any but closed.
STATUSES: dict[str, frozenset[str]] = {
    "start": frozenset({"waiting"}),
    "pause": frozenset({"running"}),
    "resume": frozenset({"paused"}),
    "reset": _ALWAYS,
    "finish": _PLAYED,
    "close": _ALWAYS,
    "next-round": frozenset({"finished"}),
    "pass-turn": frozenset({"running"}),
    "switch-turn": frozenset({"running"}),
    "extra-turn": frozenset({"running"}),
    "ending-turn": frozenset({"running"}),
    "interrupt": frozenset({"running"}),
    "pass-priority": frozenset({"running"}),
    "toggle-target": frozenset({"running"}),
    "confirm-targets": frozenset({"running"}),
    "cancel-targets": frozenset({"running"}),
    "pass-target": frozenset({"running"}),
    "undo": _ALWAYS,
    "extend-round": _PLAYED,
    "timeout-choice": _PLAYED,
    "adjust-life": frozenset({"waiting", "running", "paused"}),
    "adjust-counter": frozenset({"waiting", "running", "paused"}),
    "commander-damage": frozenset({"waiting", "running", "paused"}),
    "set-marker": frozenset({"waiting", "running", "paused"}),
    "roll-dice": _ALWAYS,
    "concede": _PLAYED,
    "eliminate": _PLAYED,
    "penalty": frozenset({"waiting", "running", "paused"}),
    "revive": frozenset({"running", "paused", "finished"}),
    "add-time": frozenset({"waiting", "running", "paused"}),
    "take-time": frozenset({"waiting", "running", "paused"}),
    "claim-seat": frozenset({"waiting", "running", "paused"}),
    "leave-seat": _ALWAYS,
    "rename-seat": _ALWAYS,
    "recolor-seat": _ALWAYS,
    "rename-game": _ALWAYS,
    "move-seat": frozenset({"waiting"}),
    "add-seat": frozenset({"waiting", "paused"}),
    "remove-seat": frozenset({"waiting"}),
    "kick": frozenset({"waiting", "running", "paused"}),
    "free-seat": frozenset({"waiting", "running", "paused"}),
    "share-seat": frozenset({"waiting", "running", "paused"}),
    "transfer-host": _ALWAYS,
    "take-host": _ALWAYS,
    "update-settings": frozenset({"waiting", "paused"}),
    "roll-order": frozenset({"waiting"}),
    "random-start": frozenset({"waiting"}),
    "take-over": _ALWAYS,
}

#: While waiting these are the host's alone: nobody else has a game to play yet.
HOST_ONLY_WAITING = frozenset({"adjust-life", "adjust-counter", "commander-damage", "set-marker"})

_WRONG_STATUS = {
    "waiting": say("The game has not started."),
    "running": say("Not while the game is running."),
    "paused": say("The game is paused."),
    "finished": say("The game is over."),
}


MOST_ENTRIES = 20_000
"""A ledger grows no further by people's hands; what the clock does still happens."""

ENDING = frozenset({"pause", "finish", "close", "leave-seat"})
"""What ends a game, or a part in it, is possible in the longest one."""


def advance(game: Game, upto: int, around: Surroundings) -> tuple[Game, list[Entry]]:
    """Everything that fell due up to and including ``upto``, in order, at its own instants."""
    entries: list[Entry] = []
    while True:
        due = next_due(game)
        quiet = auto_pause_due(game, around.nobody_since)
        if quiet is not None and (due is None or quiet < due):
            if quiet > upto:
                return game, entries
            game, entry = _by_clock(game, quiet, _auto_pause)
        elif due is not None and due <= upto:
            game, entry = _by_clock(game, due, _what_is_due(game, due), around.lag_of)
        else:
            return game, entries
        entries.append(entry)


def wakes_at(
    game: Game, nobody_since: int | None, due_of: Callable[[Game], int | None] = next_due
) -> int | None:
    """The next instant at which ``advance`` would do something, or None.

    ``nobody_since`` as in the surroundings; ``due_of`` answers as ``next_due`` does, for who knows
    the answer already.
    """
    due, quiet = due_of(game), auto_pause_due(game, nobody_since)
    return due if quiet is None or (due is not None and due <= quiet) else quiet


def decide(
    game: Game, command: c.Command, client: str, at: int, around: Surroundings
) -> tuple[Game, Entry]:
    """The game after a command of instant ``at``, and its entry. ``advance`` comes before.

    Refusal when the table says no, BadFields when it makes no sense here, Stale when the form
    was painted for another turn. The instant never goes backwards: max(at, last entry).
    """
    refuse_closed(game)
    name = command.name
    actor = actor_of(game, client, command.acting)
    refuse_stranger(game, name, actor)
    if _is_stale(game, command):
        raise Stale
    about = getattr(command, "seat", None)
    hand = hand_for(game, name, actor, about, around.host_away_ms)
    if game.status not in STATUSES[name]:
        raise NotNow("wrong-status", _WRONG_STATUS[game.status])
    if game.status == "waiting" and name in HOST_ONLY_WAITING and not actor.is_host:
        raise NotNow("wrong-status", _WRONG_STATUS["waiting"])
    if game.version >= MOST_ENTRIES and name not in ENDING:
        sentence = say(
            "This game has gone on for 20,000 steps. Please finish it and start another."
        )
        raise NotNow("too-long", sentence)
    rule, event = RULES[type(command)]
    draft = Draft(game, max(at, game.last_at), around.lag_of)
    asked = Asked(actor, hand, around)
    rule(draft, command, asked)
    return close_draft(draft, hand, event, asked.facts)


def refuse_closed(game: Game) -> None:
    """A closed game takes no command at all."""
    if game.status == "closed":
        raise Refusal("closed", say("This game has been closed by its host."), Kind.CLOSED)


def hold(
    game: Game, since: int, until: int, at: int, around: Surroundings
) -> tuple[Game, list[Entry]]:
    """The server or its storage was away: nothing counts from ``since`` to ``until`` at most.

    Up to ``since`` everything is charged and falls due as usual. An outage that at ``at`` is
    already over 60 s long brings the game back paused (rules section 12). One that begins before
    the last one is over goes on with it.
    """
    game, entries = advance(game, since, around)
    if game.status == "paused" and game.round_since is not None:
        game, entry = _by_clock(game, at, lambda draft: _leave_out_of_round(draft, since))
        return game, [*entries, entry]
    if game.status != "running" or (game.outage and until <= game.outage.until):
        return game, entries
    began = game.outage.since if game.outage else max(since, game.last_at)

    def begin(draft: Draft) -> tuple[str, dict[str, Any]]:
        settle(draft)
        stop_round(draft)
        draft.put("outage", Outage(began, max(until, began)))
        return "outage-began", {"since": began}

    act = _outage_pause if at - began > LONGEST_OUTAGE_MS else begin
    game, entry = _by_clock(game, since, act)
    return game, [*entries, entry]


LONGEST_OUTAGE_MS = 60_000


def end_outage(game: Game, at: int) -> tuple[Game, list[Entry]]:
    """A running seat's phone is back: the clocks count again from now."""
    if not game.outage or game.status != "running":
        return game, []
    resumed, entry = _by_clock(game, max(at, game.last_at), _end_outage)
    return resumed, [entry]


def close_draft(
    draft: Draft, by: int | str, event: str, facts: dict[str, Any]
) -> tuple[Game, Entry]:
    """The next version; the grant counts up when other seats run."""
    before, after = running_seats(draft.before), running_seats(draft.game)
    if before != after:
        draft.put("grant", draft.game.grant + 1)
        for number in set(after) ^ set(before):
            # Another stint may have an allowance of its own: no longer in overtime.
            if number in draft.game.seats:
                set_clock(draft, number, {})
        if draft.before.settled_at not in (None, draft.at) and draft.game.settled_at not in (
            None,
            draft.at,
        ):
            message = f"{event} changed whose clock runs without settling it"
            raise AssertionError(message)
    entry = draft.entry(by, event, facts)
    return draft.game, entry


def _is_stale(game: Game, command: c.Command) -> bool:
    return (command.turn is not None and command.turn != game.turn) or (
        command.grant is not None and command.grant != game.grant
    )


def _by_clock(
    game: Game,
    at: int,
    act: Callable[[Draft], tuple[str, dict[str, Any]]],
    lag_of: LagOf = no_lag,
) -> tuple[Game, Entry]:
    draft = Draft(game, max(at, game.last_at), lag_of)
    event, facts = act(draft)
    return close_draft(draft, "clock", event, facts)


def _what_is_due(game: Game, due: int) -> Callable[[Draft], tuple[str, dict[str, Any]]]:
    """Clocks before the round clock: who runs out of time at its end has run out of time."""
    if round_due(game) == due and (clock_due(game) or due + 1) > due:
        return rounds.round_falls_due
    return _end_outage if game.outage else timeouts.clock_falls_due


def _end_outage(draft: Draft) -> tuple[str, dict[str, Any]]:
    settle(draft)
    go_on_with_round(draft)
    outage = draft.game.outage
    draft.put("outage", None)
    lasted_ms = draft.at - outage.since if outage else 0
    return "outage-ended", {"lasted_ms": lasted_ms}


def _leave_out_of_round(draft: Draft, since: int) -> tuple[str, dict[str, Any]]:
    """Paused: only the round clock went on, and it does not count the outage either."""
    began = max(since, draft.before.last_at)
    draft.put("round_left_ms", round_remaining_ms(draft.game, began))
    draft.put("round_since", draft.at)
    return "outage-ended", {"lasted_ms": draft.at - began}


def _outage_pause(draft: Draft) -> tuple[str, dict[str, Any]]:
    sitting.stop(draft, "outage", "clock")
    return "paused", {"reason": "outage"}


def _auto_pause(draft: Draft) -> tuple[str, dict[str, Any]]:
    sitting.stop(draft, "away", "clock")
    return "paused", {"reason": "away"}


def may_auto_pause(game: Game) -> bool:
    """Whether it matters to this game that nobody is there."""
    return game.status == "running" and bool(game.settings.auto_pause_ms)


def auto_pause_due(game: Game, nobody_since: int | None) -> int | None:
    """When a running game is paused because no seat is there; None: not at all."""
    if nobody_since is None or not may_auto_pause(game):
        return None
    quiet = max(nobody_since, game.going_since or 0) + game.settings.auto_pause_ms
    # Nothing falls due in an outage; what would have, does when it is over.
    return max(quiet, game.outage.until) if game.outage else quiet
