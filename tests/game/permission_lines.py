"""The permission table of rules section 10, line by line: who may, where it is asked, with what.

The columns are those of the rules: the host, the seat's own holder, another seat's holder, an
onlooker. Seat 2 is the seat in question and, while running, the active one; the host sits on 1.
Two tests ask every cell: one at the judge, one at the front door.
"""

from typing import NamedTuple

from tests.game.cast import ADA, BEN, CLEO, DORA

COLUMNS = {"host": ADA, "own": BEN, "other": CLEO, "onlooker": DORA}


class Line(NamedTuple):
    """A line of the table: who may, where it is asked, with which fields."""

    allowed: str
    scene: str
    fields: dict[str, object]


SEAT: dict[str, object] = {"seat": 2}
SURE: dict[str, object] = {"confirm": "yes"}
EVERYBODY = "host own other onlooker"
SEATED = "host own other"

TABLE: dict[str, Line] = {
    "start": Line(SEATED, "waiting", {}),
    "pause": Line(SEATED, "running", {}),
    "resume": Line(SEATED, "paused", {}),
    "pass-turn": Line("own", "running", {}),
    "switch-turn": Line("host own", "running", {"seat": 3}),
    "extra-turn": Line("host own", "running", {}),
    "ending-turn": Line("own", "running", {}),
    # Everybody's own: the host's seat and the other's are asked to respond, seat 2 waits.
    "interrupt": Line(SEATED, "answering", {}),
    "pass-priority": Line("host own", "interrupted", SEAT),
    "toggle-target": Line("own", "running", {"seat": 3}),
    "confirm-targets": Line("own", "selecting", {}),
    "cancel-targets": Line("host own", "selecting", {}),
    "pass-target": Line("host own", "asked", SEAT),
    "undo": Line("host own", "changed", {}),
    "extend-round": Line("host", "running", {"minutes": 5, "reason": "judge"}),
    "next-round": Line(SEATED, "round over", {}),
    "timeout-choice": Line("host own", "choosing", {"seat": 2, "choice": "drink"}),
    "adjust-life": Line("host own", "running", {"seat": 2, "by": -1}),
    "adjust-counter": Line("host own", "running", {"seat": 2, "counter": "star", "by": 1}),
    "commander-damage": Line("host own", "running", {"seat": 2, "source": 1, "by": 1}),
    "rename-seat": Line("host own", "running", {"seat": 2, "name": "B"}),
    "recolor-seat": Line("host own", "running", {"seat": 2, "color": "magenta"}),
    "set-marker": Line(SEATED, "running", {"marker": "monarch", "value": 2}),
    "roll-dice": Line(SEATED, "running", {"sides": 20}),
    # Without a field for the seat it is everybody's own seat: the host's, the other's.
    "concede": Line(SEATED, "running", {}),
    "leave-seat": Line(SEATED, "running", {}),
    "eliminate": Line("host", "running", SEAT),
    "penalty": Line("host", "running", SEAT),
    "revive": Line("host", "out", SEAT),
    "kick": Line("host", "running", SEAT),
    "free-seat": Line("host", "running", SEAT),
    "share-seat": Line("host", "running", SEAT),
    "add-time": Line("host", "running", {"seat": 2, "minutes": 1}),
    "take-time": Line("host", "running", {"seat": 2, "minutes": 1}),
    "update-settings": Line("host", "waiting", {"bonus_seconds": 5}),
    "rename-game": Line("host", "running", {"name": "Late"}),
    "move-seat": Line("host", "waiting", {"seat": 2, "by": 1}),
    "add-seat": Line("host", "waiting", {}),
    "remove-seat": Line("host", "free seat", {"seat": 4}),
    "close": Line("host", "running", SURE),
    "finish": Line("host", "running", {"winner": "draw", **SURE}),
    "roll-order": Line("host", "waiting", {}),
    "random-start": Line("host", "waiting", {}),
    "transfer-host": Line("host", "running", SEAT),
    "reset": Line("host", "running", SURE),
    "take-host": Line("own other", "host away", {}),
    "claim-seat": Line("onlooker", "free seat, running", {"seat": 4}),
}

SECOND_LINES: list[tuple[str, Line]] = [
    ("reset", Line(SEATED, "finished", SURE)),
    ("take-host", Line("", "running", {})),
    ("claim-seat", Line(EVERYBODY, "free seat", {"seat": 4})),
    ("roll-dice", Line(SEATED, "finished", {"sides": 20})),
    ("rename-seat", Line("host own", "finished", {"seat": 2, "name": "B"})),
    ("transfer-host", Line("host", "finished", SEAT)),
    ("cancel-targets", Line("host own", "answering", {})),
    ("extend-round", Line("host", "paused", {"seconds": 1})),
]


SELECTING: list[tuple[str, str, dict[str, object]]] = [
    ("toggle-target", BEN, {"seat": 1}),
    ("toggle-target", BEN, {"seat": 3}),
]

#: What is played, in turn 2, before a line is asked.
PLAYED: dict[str, list[tuple[str, str, dict[str, object]]]] = {
    "running": [],
    "choosing": [],
    "host away": [],
    "paused": [("pause", ADA, {})],
    "free seat, running": [("pause", ADA, {}), ("add-seat", ADA, {})],
    "out": [("eliminate", ADA, SEAT)],
    "changed": [("adjust-life", BEN, {"by": -1})],
    "selecting": SELECTING,
    "answering": [*SELECTING, ("confirm-targets", BEN, {})],
    "asked": [
        ("pass-turn", BEN, {}),
        ("toggle-target", CLEO, SEAT),
        ("confirm-targets", CLEO, {}),
    ],
    "interrupted": [("interrupt", ADA, {}), ("interrupt", BEN, {})],
}

LINES = [*TABLE.items(), *SECOND_LINES]


def refused_for(name: str, column: str) -> str:
    """The code of the refusal in a cell that says no.

    Whoever has a seat and claims another after the start is not forbidden but must leave first.
    """
    if name == "claim-seat":
        return "seated"
    if (name, column) == ("take-host", "host"):
        return "host-already"
    if (name, column) == ("undo", "other"):
        return "nothing-to-undo"
    return "not-yours"
