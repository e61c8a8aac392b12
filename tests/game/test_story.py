"""The ledger as people tell it, and as it leaves the house."""

import json
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.game.chronicle import Chronicle
from app.game.export import (
    DERIVED_OF_GAME,
    PRIVATE_OF_GAME,
    PRIVATE_OF_SEAT,
    PUBLIC_OF_GAME,
    PUBLIC_OF_SEAT,
    public_entry,
    public_game,
    public_seat,
)
from app.game.game import Game
from app.game.judge import RULES
from app.game.said import pieces
from app.game.seat import Seat
from app.game.story import SENTENCES, Line, Name, Part, parts
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    SECOND,
    TABLET,
    Sitting,
    choosing,
    lobby,
    running,
)
from tests.game.played import evening

CLOCKS = {"time-out", "period-began", "round-called", "round-ended", "outage-began", "outage-ended"}


def told(table: Sitting) -> list[Part]:
    """A table's whole story."""
    chronicle = Chronicle(table.beginning)
    chronicle.add_all(table.entries)
    return parts(chronicle, table.entries)


def lines(table: Sitting) -> list[Line]:
    """All its lines."""
    return [line for part in told(table) for line in part.lines]


def text(words: str) -> str:
    """A sentence, with names in brackets."""
    told = pieces(words)
    return "".join(word if isinstance(word, str) else f"[{word.name}]" for word in told)


def last(table: Sitting) -> str:
    """The newest line's sentence."""
    return text(lines(table)[-1].words)


# ---- sentences


def test_every_event_has_a_sentence() -> None:
    """A ledger that says "marker-set" is a log, not a story."""
    assert {event for _, event in RULES.values()} | CLOCKS <= SENTENCES.keys()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40))
@example(seed=234)  # time given in the midst of a period: no new period begins
def test_every_entry_of_an_evening_is_told(seed: int) -> None:
    """Whatever happened: a sentence with no hole in it, a hand, and none lost but grouped taps."""
    table = evening(seed, 150)
    seen = lines(table)
    groups = [entry.seq for entry in table.entries if "group" in entry.facts]
    assert {entry.seq for entry in table.entries} - {line.seq for line in seen} <= set(groups)
    for line in seen:
        assert text(line.words).strip(" .")
        assert "{" not in text(line.words)
        assert (line.hand == "") <= (line.seat is not None)


def test_turns_and_who_did_what() -> None:
    """Under each turn what happened in it, and what it took."""
    table = running(bonus_seconds=0)
    table.play("pass-turn", ADA, 83 * SECOND)
    table.play("switch-turn", ADA, 90 * SECOND, seat=1)
    before, first, second = told(table)
    assert (before.turn, before.seat) == (0, None)
    assert text(before.lines[-1].words) == "[Ada] starts the clocks. [Ada] begins"
    assert (first.turn, first.seat) == (1, Name(1, "Ada", "lemon"))
    (passed,) = first.lines
    assert text(passed.words) == "[Ada] passes to [Ben]"
    assert [(name.name, length) for name, length in passed.clocks] == [("Ada", "1:23")]
    (switched,) = second.lines
    assert (switched.seat, switched.hand) == (None, "host")
    assert text(switched.words) == "The host gives the turn to [Ada]"


def test_rapid_taps_are_one_line() -> None:
    """Five taps on plus are one change, told with what came of it; undone they are one too."""
    table = running()
    for tap in range(5):
        table.play("adjust-life", BEN, SECOND + tap * 300, by=1)
    table.play("pass-turn", ADA, 3 * SECOND)
    table.play("adjust-life", BEN, 9 * SECOND, by=-2)
    five, two = [line for line in lines(table) if line.event == "life-adjusted"]
    assert (text(five.words), five.amount, five.value) == ("[Ben]: life", "+5", "45")
    assert (two.amount, two.value) == ("\u22122", "43")
    table.play("undo", BEN, 10 * SECOND)
    assert last(table) == "[Ben] takes back: life \u22122"
    (two,) = [line for line in lines(table) if line.amount == "\u22122"]
    assert text(two.undone_by) == "taken back by [Ben]"


def test_the_tap_that_kills_is_told() -> None:
    """Within a group of taps the one that put somebody out may not be swallowed."""
    table = running(2)
    for tap, by in enumerate((-5, -40)):
        table.play("adjust-life", BEN, SECOND + tap * 300, by=by)
    tapped, died = lines(table)[-2:]
    assert tapped.amount == "\u221245"
    assert text(died.words) == "[Ben] is out: 0 life. [Ada] wins"


def test_the_clocks_doings() -> None:
    """Time-outs, the choice, and what not choosing leads to."""
    table = choosing()
    assert last(table) == "[Ada] runs out of time and has to choose"
    assert lines(table)[-1].hand == "clock"
    table.play("timeout-choice", ADA, 70 * SECOND, choice="lose-life")
    assert last(table) == "[Ada] loses 2 life and plays on"
    table = choosing()
    table.wait(2 * MINUTE)
    assert "[Ada] did not choose in time. [Ada] is out: out of time" in map(
        text, (line.words for line in lines(table))
    )


def test_pauses_undos_and_names() -> None:
    """The reason and the length of a pause, whose entry was taken back, what one was called."""
    table = running()
    table.play("pause", BEN, SECOND, reason="judge")
    assert last(table) == "[Ben] stops the clocks: judge call"
    table.play("resume", BEN, 62 * SECOND)
    assert last(table) == "[Ben] lets the clocks run again after 1:01"
    table.play("rename-seat", BEN, name="Zoë")
    assert last(table) == "[Ben] is called [Zoë] now"
    table.play("interrupt", BEN, 63 * SECOND)
    table.play("undo", ADA, 64 * SECOND)
    assert last(table) == "[Ada] takes back: interrupted by [Zoë]"
    assert text(lines(table)[-2].undone_by) == "taken back by [Ada]"
    table.play("leave-seat", CLEO)
    assert last(table) == "[Cleo] gets up"


def test_a_lobby_after_a_sitting_is_a_lobby() -> None:
    """What happens after a reset belongs to no turn."""
    table = running()
    table.play("reset", ADA, MINUTE, confirm="yes")
    table.play("roll-dice", ADA, sides="coin")
    assert [part.turn for part in told(table)] == [0, 1, 0]
    assert last(table) == "[Ada] flips tails"


# ---- what leaves the house


def test_every_field_is_public_private_or_derived() -> None:
    """A field added tomorrow is shown to nobody until somebody has decided that it may be."""
    assert PUBLIC_OF_SEAT | PRIVATE_OF_SEAT == {one.name for one in fields(Seat)}
    assert not PUBLIC_OF_SEAT & PRIVATE_OF_SEAT
    lists = (PUBLIC_OF_GAME, PRIVATE_OF_GAME, DERIVED_OF_GAME)
    assert frozenset().union(*lists) == {one.name for one in fields(Game)}
    assert sum(map(len, lists)) == len(fields(Game))


@pytest.mark.parametrize("seed", range(10))
def test_nobodys_browser_is_in_an_export(seed: int) -> None:
    """Seats only: whoever reads a table's ledger learns nobody's identity."""
    table = evening(seed, 200)
    entries = [public_entry(entry, None) for entry in table.entries]
    seats = [public_seat(seat) for seat in table.game.seats.values()]
    written = json.dumps([entries, public_game(table.game), seats])
    for client in (ADA, BEN, CLEO, DORA, TABLET):
        assert client not in written
    for name in ("holder", '"host":', '"kicked":', '"field": "kicked', "table_device", "creator"):
        assert name not in written


def test_what_an_entry_says() -> None:
    """What was there before and what is now, who sits as yes or no, and what took it back."""
    table = lobby(2)
    entry = public_entry(table.entries[0], 7)
    assert (entry["seq"], entry["by"], entry["event"]) == (1, "host", "seat-claimed")
    assert entry["undone_by"] == 7
    assert entry["changes"] == [
        {"seat": 1, "field": "taken", "was": False, "now": True},
        {"seat": 1, "field": "name", "was": "Player 1", "now": "Ada"},
    ]
    table.play("add-seat", ADA)
    added = public_entry(table.entries[-1], None)["changes"]
    assert {"seat": 0, "field": "order", "was": [1, 2], "now": [1, 2, 3]} in added
    (whole,) = [one for one in added if one["field"] == ""]
    assert (whole["was"], whole["now"]["taken"], whole["now"]["life"]) == (None, False, 40)
