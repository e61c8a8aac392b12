"""Random evenings at a table of the cast: everything a ledger can hold, in no time.

No law is asked here; tests/game/watched.py does that. What is refused leaves no trace.
"""

from random import Random
from typing import Any

from app.game import judge
from app.game.refusals import BadFields, Refusal, Stale
from app.game.time_control import CONTROLS
from tests.game.cast import ADA, BEN, CLEO, MINUTE, SECOND, T0, Sitting, running

GAPS_MS = (*(0, 40, 700, 1_900) * 8, *(4_000, 9_999, 12_345) * 9, *(31_000, 61_000) * 2, 5 * MINUTE)

DOINGS = (
    *("pass-turn",) * 14,
    *("interrupt", "pass-priority", "undo", "adjust-life") * 6,
    *("toggle-target", "confirm-targets", "pass-target", "pass-target") * 7,
    *("timeout-choice", "resume", "revive") * 4,
    *("pause", "commander-damage", "adjust-counter", "add-time", "switch-turn") * 2,
    *("cancel-targets", "take-time", "extra-turn", "set-marker", "roll-dice", "penalty") * 2,
    *("concede", "eliminate", "finish", "reset", "start", "ending-turn"),
    *("rename-seat", "recolor-seat", "leave-seat", "claim-seat", "outage", "phone-back"),
    *("extend-round", "roll-order", "random-start", "kick", "share-seat", "wait", "wait"),
)


def opening(seed: int, control: str) -> dict[str, Any]:
    """A random kind of table with this time control."""
    draw = Random(~seed)
    return {
        "players": draw.randint(2, 6),
        "time_control": control,
        "starting_seconds": draw.choice([20, 600, 3600, 3600]),
        "period_seconds": 10,
        "allowance_seconds": draw.choice([10, 60]),
        "on_timeout": draw.choice(["choice", "choice", "out", "overtime", "skip"]),
        "undo_charges": draw.choice(["mistaken", "mistaken", "nobody"]),
        "delay_rearms": draw.choice(["yes", "no"]),
        "round_minutes": draw.choice([1, 10, 50]) if draw.random() < 0.3 else 0,
        "round_end": draw.choice(["bell", "last-turn", "turns"]),
        "auto_pause_seconds": 0,
        "lag_credit": draw.choice(["yes", "no"]),
    }


def evening(seed: int, steps: int, control: str = "", *, may_end: bool = True) -> Sitting:
    """A table on which ``steps`` random things were tried; without ``may_end`` nobody ends it."""
    draw = Random(seed)
    table = running(**opening(seed, control or draw.choice(list(CONTROLS))))
    at = 0
    for _ in range(steps):
        at = max(at, table.now) + draw.choice(GAPS_MS)
        doing = draw.choice(DOINGS)
        if not may_end and doing in ("finish", "reset", "concede", "eliminate"):
            doing = "pass-turn"
        if table.game.status == "paused" and draw.random() < 0.5:
            doing = "resume"
        if table.game.targeting and draw.random() < 0.4:
            stage = table.game.targeting.stage
            doing = {"selecting": "confirm-targets", "resolving": "pass-target"}[stage]
        if table.game.status in ("waiting", "finished") and draw.random() < 0.3:
            doing = {"waiting": "start", "finished": "reset"}[table.game.status]
        try:
            _do(table, draw, doing, at)
        except (Refusal, BadFields, Stale):
            continue
    return table


def _do(table: Sitting, draw: Random, doing: str, at: int) -> None:
    game = table.game
    if doing == "wait":
        table.wait(at + draw.choice((0, SECOND, MINUTE)))
    elif doing == "outage":
        until = T0 + at + draw.choice((0, 10 * SECOND))
        table.game, entries = judge.hold(
            game,
            T0 + max(table.now, at - draw.choice((2, 90)) * SECOND),
            until,
            T0 + at,
            table.around,
        )
        table.entries += entries
    elif doing == "phone-back":
        table.wait(at)
        table.game, entries = judge.end_outage(table.game, T0 + at)
        table.entries += entries
    else:
        seat = _who(table, draw, doing)
        client = {1: ADA, 2: BEN, 3: CLEO}.get(seat, ADA)
        if doing in _HOSTS and draw.random() < 0.8:
            client, seat = ADA, 1
        fields = _fields(table, draw, doing)
        if seat > 3:
            fields["as"] = seat
        table.play(doing, client, at, **fields)


_HOSTS = frozenset(
    {"finish", "revive", "add-time", "take-time", "penalty", "eliminate", "kick", "share-seat"}
    | {"extend-round", "roll-order", "random-start", "reset", "start", "resume"}
)


def _who(table: Sitting, draw: Random, doing: str) -> int:
    """Mostly somebody who may."""
    game = table.game
    asked = game.targeting.waiting if game.targeting else ()
    pending = [seat.number for seat in game.seats.values() if seat.is_pending]
    able = {
        "pass-priority": game.stack,
        "pass-target": asked,
        "timeout-choice": pending,
        "interrupt": [seat.number for seat in game.seats_in()],
        "undo": [table.entries[-1].by] if isinstance(table.entries[-1].by, int) else [],
    }.get(doing) or [game.active or 1]
    return draw.choice([*able, *able, *able, *game.seats])


def _fields(table: Sitting, draw: Random, doing: str) -> dict[str, Any]:
    seats = list(table.game.seats)
    seat = draw.choice(seats)
    few: dict[str, dict[str, Any]] = {
        "pause": {"reason": draw.choice(["break", "rules", "judge", "other"])},
        "adjust-life": {"by": draw.choice([1, 1, -1, -5])},
        "adjust-counter": {"counter": "poison", "by": draw.choice([1, 2, -1])},
        "commander-damage": {"source": seat, "commander": 1, "by": draw.choice([3, 5])},
        "timeout-choice": {"choice": draw.choice(["lose-life", "drink", "drink", "die"])},
        "set-marker": {"marker": "monarch", "value": seat},
        "roll-dice": {"sides": draw.choice([20, "coin"])},
        "finish": {"winner": draw.choice([seat, "draw"]), "confirm": "yes"},
        "reset": {"confirm": "yes"},
        "start": {"empty_seats": draw.choice(["share", "share", "remove"])},
        "rename-seat": {"name": draw.choice(["Zoë", "<b>", "אילה", "🐙"])},
        "recolor-seat": {"color": draw.choice(["chalk", "magenta"])},
        "extend-round": {"minutes": 5, "reason": "a judge call"},
        "roll-order": {"order": "all"},
    }
    named = ("switch-turn", "toggle-target", "eliminate", "penalty", "revive", "add-time")
    if doing in (*named, "take-time", "claim-seat", "kick", "share-seat"):
        few[doing] = {"seat": seat}
    if doing.endswith("-time"):
        few[doing]["seconds"] = draw.choice([1, 30, 120])
    return dict(few.get(doing, {}))
