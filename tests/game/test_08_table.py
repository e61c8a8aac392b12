"""Rules, section 8: life, counters, markers, dice, outs, and the host's hand."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from app.game.commands import RandomStart
from app.game.judge import decide
from app.game.rules.context import Surroundings
from app.game.view import moment_views, state_view
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    HOUR,
    MINUTE,
    T0,
    TABLET,
    Sitting,
    created,
    order_of,
    without_host_seat,
)
from tests.game.cast import lobby as lobby_table
from tests.game.cast import paused as paused_table
from tests.game.cast import running as running_table

# ---- life and counters


def test_life_is_changed_by_its_holder_or_the_host(running: Sitting) -> None:
    """The seat left out is one's own."""
    assert running.play("adjust-life", BEN, by=-3).by == 2
    assert running.play("adjust-life", ADA, seat=2, by="+1").by == "host"
    assert running.seat(2).life == 38
    assert running.refusal("adjust-life", CLEO, seat=2, by=-1) == "not-yours"


@pytest.mark.parametrize("counter", ["poison", "energy", "experience", "drinks", "star"])
def test_there_are_five_counters(running: Sitting, counter: str) -> None:
    """And no others."""
    running.play("adjust-counter", BEN, counter=counter, by=4)
    running.play("adjust-counter", BEN, counter=counter, by=-1)
    assert getattr(running.seat(2), counter) == 3
    assert running.complaints("adjust-counter", BEN, counter="rage", by=1) == {"counter"}


def test_commander_damage_lowers_life_by_the_same_amount(running: Sitting) -> None:
    """Per source seat and commander; taken back it raises life again."""
    running.play("commander-damage", BEN, source=1, by=5)
    running.play("commander-damage", BEN, source=1, commander=2, by=7)
    running.play("commander-damage", BEN, source=3, by=1)
    assert running.seat(2).damage == {"1.1": 5, "1.2": 7, "3.1": 1}
    assert running.seat(2).life == 27
    assert running.play("commander-damage", BEN, source=1, by=-9).facts["by"] == -5
    assert running.seat(2).damage == {"1.2": 7, "3.1": 1}
    assert running.seat(2).life == 32


def test_a_seat_has_two_commanders_and_none_hits_itself(running: Sitting) -> None:
    """Everything else is a typing error."""
    assert running.complaints("commander-damage", BEN, source=1, commander=3, by=1) == {"commander"}
    assert running.complaints("commander-damage", BEN, source=1, commander=0, by=1) == {"commander"}
    assert running.complaints("commander-damage", BEN, source=2, by=1) == {"source"}
    assert running.complaints("commander-damage", BEN, source=7, by=1) == {"source"}
    assert running.complaints("commander-damage", BEN, by=1) == {"source"}


DEADLY: list[tuple[str, dict[str, object], str]] = [
    ("adjust-life", {"by": -40}, "life"),
    ("adjust-counter", {"counter": "poison", "by": 10}, "poison"),
    ("commander-damage", {"source": 1, "by": 21}, "commander"),
]
ALMOST: list[tuple[str, dict[str, object]]] = [
    ("adjust-life", {"by": -39}),
    ("adjust-counter", {"counter": "poison", "by": 9}),
    ("commander-damage", {"source": 1, "by": 20}),
    ("adjust-counter", {"counter": "energy", "by": 500}),
]


@pytest.mark.parametrize("table", [running_table, paused_table])
@pytest.mark.parametrize(("name", "fields", "reason"), DEADLY)
def test_0_life_10_poison_or_21_from_one_commander_is_out(
    table: Callable[[], Sitting], name: str, fields: dict[str, object], reason: str
) -> None:
    """At once, running or paused."""
    sitting = table()
    sitting.play(name, BEN, **fields)
    assert sitting.seat(2).out == reason
    assert ("out", {"seat": 2, "reason": reason}) in sitting.moments()


@pytest.mark.parametrize(("name", "fields"), ALMOST)
def test_one_less_is_not_out(running: Sitting, name: str, fields: dict[str, object]) -> None:
    """The limits are exact."""
    running.play(name, BEN, **fields)
    assert running.seat(2).is_in


def test_21_must_come_from_one_commander(running: Sitting) -> None:
    """Partners and opponents are counted apart."""
    running.play("commander-damage", BEN, source=1, by=13)
    running.play("commander-damage", BEN, source=1, commander=2, by=13)
    running.play("commander-damage", BEN, source=3, by=13)
    assert running.seat(2).is_in
    assert running.seat(2).life == 1


@pytest.mark.parametrize(("name", "fields", "reason"), DEADLY)
def test_while_waiting_nothing_puts_a_seat_out(
    lobby: Sitting, name: str, fields: dict[str, object], reason: str
) -> None:
    """The host sets the table up; after the start only a change counts."""
    subject = {"seat": 2, **fields}
    lobby.play(name, ADA, **subject)
    assert lobby.seat(2).is_in
    lobby.play("start", ADA)
    assert lobby.seat(2).is_in
    lobby.play("rename-seat", BEN, name="Still here")
    assert lobby.seat(2).is_in
    lobby.play(name, BEN, **{**fields, "by": 1})
    assert lobby.seat(2).out == ("" if reason == "life" else reason)


@pytest.mark.parametrize(
    ("name", "limit", "tap"),
    [
        ("adjust-life", {"by": -1_039}, {"by": -1}),
        ("adjust-counter", {"counter": "poison", "by": 999}, {"counter": "poison", "by": 1}),
        ("commander-damage", {"source": 1, "by": 999}, {"source": 1, "by": 1}),
    ],
)
def test_a_tap_at_the_limit_changes_nothing_and_kills_nobody(
    lobby: Sitting, name: str, limit: dict[str, object], tap: dict[str, object]
) -> None:
    """Only a change puts a seat out, and there was none: the number could not go further."""
    lobby.play(name, ADA, seat=2, **limit)
    lobby.play("start", ADA)
    assert lobby.play(name, BEN, **tap).facts["by"] == 0
    assert lobby.seat(2).is_in


def test_guests_change_nothing_of_the_table_while_waiting(lobby: Sitting) -> None:
    """Setting the table up is the host's."""
    assert lobby.refusal("adjust-life", BEN, by=-1) == "wrong-status"
    assert lobby.refusal("adjust-counter", BEN, counter="star", by=1) == "wrong-status"
    assert lobby.refusal("commander-damage", BEN, source=1, by=1) == "wrong-status"
    assert lobby.refusal("set-marker", BEN, marker="monarch", value=2) == "wrong-status"


# ---- markers


@pytest.mark.parametrize("marker", ["monarch", "initiative"])
def test_a_marker_belongs_to_a_seat_that_is_in_or_nobody(running: Sitting, marker: str) -> None:
    """Anybody seated moves it; onlookers do not."""
    running.play("set-marker", CLEO, marker=marker, value=2)
    assert getattr(running.game, marker) == 2
    running.play("set-marker", BEN, marker=marker, value="nobody")
    assert getattr(running.game, marker) is None
    running.play("set-marker", BEN, marker=marker, value=3)
    running.play("set-marker", BEN, marker=marker)
    assert getattr(running.game, marker) is None
    assert running.refusal("set-marker", DORA, marker=marker, value=2) == "not-yours"
    assert running.complaints("set-marker", BEN, marker=marker, value="night") == {"value"}
    assert running.complaints("set-marker", BEN, marker=marker, value=8) == {"value"}
    running.play("concede", CLEO)
    assert running.refusal("set-marker", BEN, marker=marker, value=3) == "seat-out"


@pytest.mark.parametrize("marker", ["monarch", "initiative"])
def test_a_marker_of_a_seat_that_goes_out_goes_to_the_active_seat(
    running: Sitting, marker: str
) -> None:
    """The next one's, when it was the active seat itself that went."""
    running.play("set-marker", ADA, marker=marker, value=3)
    running.play("concede", CLEO)
    assert getattr(running.game, marker) == 1
    sitting = running_table()
    sitting.play("set-marker", ADA, marker=marker, value=1)
    sitting.play("concede", ADA)
    assert getattr(sitting.game, marker) == 2


def test_it_is_day_night_or_neither(running: Sitting) -> None:
    """One card minds."""
    for typed, stored in (("night", "night"), ("day", "day"), ("none", ""), ("", "")):
        running.play("set-marker", BEN, marker="day-night", value=typed)
        assert running.game.day_night == stored
    assert running.complaints("set-marker", BEN, marker="day-night", value=2) == {"value"}


def test_day_and_night_stand_beside_the_turn(running: Sitting) -> None:
    """On every screen, running or paused; neither is not told."""
    assert title(running) == "Turn 1"
    running.play("set-marker", BEN, marker="day-night", value="night")
    assert title(running) == "Turn 1 \u00b7 night"
    running.play("pause", ADA)
    assert title(running) == "Paused \u00b7 turn 1 \u00b7 night"


def title(sitting: Sitting) -> str:
    """What the head of every screen says."""
    return state_view(sitting.game, sitting.game.last_at).title


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("adjust-life", {"by": -40}, "Ben is out: 0 life"),
        ("adjust-counter", {"counter": "poison", "by": 10}, "Ben is out: poisoned"),
        ("commander-damage", {"source": 1, "by": 21}, "Ben is out: 21 damage"),
        ("concede", {}, "Ben is out: conceded"),
    ],
)
def test_everybody_reads_who_is_out_and_why(
    running: Sitting, name: str, fields: dict[str, object], words: str
) -> None:
    """An out nobody pressed for would puzzle a table."""
    running.play(name, BEN, **fields)
    said = [view.words for view in moment_views(running.game, running.game.last_at)]
    assert words in said


# ---- outs by word, penalties, revival


def test_concede_is_ones_own(running: Sitting) -> None:
    """Nobody concedes for somebody else; twice is refused."""
    assert running.complaints("concede", ADA, seat=2) == {"seat"}
    running.play("concede", BEN)
    assert running.seat(2).out == "conceded"
    assert running.refusal("concede", BEN) == "seat-out"
    sitting = without_host_seat(running_table())
    assert sitting.refusal("concede", TABLET) == "not-yours"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("eliminate", {}),
        ("penalty", {}),
        ("kick", {}),
        ("free-seat", {}),
        ("share-seat", {}),
        ("add-time", {"seconds": 1}),
        ("take-time", {"seconds": 1}),
    ],
)
def test_the_hosts_hand_is_in_the_ledger(
    running: Sitting, name: str, fields: dict[str, object]
) -> None:
    """Everybody can read what the host did; nobody else may."""
    assert running.refusal(name, BEN, seat=2, **fields) == "not-yours"
    assert running.refusal(name, CLEO, seat=2, **fields) == "not-yours"
    entry = running.play(name, ADA, seat=2, **fields)
    assert entry.by == "host"
    assert entry.facts["seat"] == 2


def test_eliminate_puts_a_seat_out(running: Sitting) -> None:
    """Once; who is out cannot be put out."""
    running.play("eliminate", ADA, seat=2)
    assert running.seat(2).out == "eliminated"
    assert running.refusal("eliminate", ADA, seat=2) == "seat-out"


def test_a_penalty_counts_and_nothing_more(running: Sitting) -> None:
    """No time, no life, no turn."""
    before = running.seat(2)
    running.play("penalty", ADA, seat=2)
    running.play("penalty", ADA, seat=2)
    assert running.seat(2).penalties == 2
    assert (running.seat(2).bank_ms, running.seat(2).life) == (before.bank_ms, before.life)


def test_revive_brings_back_with_starting_life_when_it_was_gone(running: Sitting) -> None:
    """Counters and damage stay."""
    running.play("adjust-counter", BEN, counter="energy", by=3)
    running.play("commander-damage", BEN, source=1, by=21)
    running.play("revive", ADA, seat=2)
    assert running.seat(2).is_in
    assert running.seat(2).life == 19
    assert running.seat(2).damage == {"1.1": 21}
    assert running.seat(2).energy == 3
    for lost in (40, 45):
        running.play("adjust-life", CLEO, by=-lost)
        running.play("revive", ADA, seat=3)
        assert running.seat(3).life == 40


def test_revive_restores_a_clock_at_or_below_0() -> None:
    """To the time after surviving; a clock with time left stays as it was."""
    sitting = running_table(starting_seconds=60, on_timeout="out", timeout_bonus_seconds=77)
    sitting.wait(MINUTE)
    sitting.play("revive", ADA, seat=1)
    assert sitting.bank(1) == 77_000
    sitting.play("eliminate", ADA, seat=3)
    sitting.play("revive", ADA, seat=3)
    assert sitting.bank(3) == 60_000


def test_revive_from_overtime() -> None:
    """The clock is above 0 again, and may run out again."""
    sitting = running_table(starting_seconds=60, on_timeout="overtime")
    sitting.play("concede", ADA, 90_000)
    sitting.play("revive", ADA, 90_000, seat=1)
    assert sitting.bank(1) == 60_000
    assert not sitting.seat(1).overtime


def test_a_living_seat_is_not_revived(running: Sitting) -> None:
    """It is unaffected, and the host reads why."""
    assert running.refusal("revive", ADA, seat=2) == "still-in"


def test_reviving_in_a_finished_game_pauses_it(running: Sitting) -> None:
    """The winner is cleared, and nobody's clock starts by surprise."""
    running.play("concede", BEN, 1_000)
    running.play("concede", CLEO, 2_000)
    running.play("revive", ADA, 60_000, seat=3)
    assert running.game.status == "paused"
    assert running.game.winner is None
    assert running.game.finished_at is None
    assert running.bank(1, 90_000) == 20 * MINUTE - 2_000
    running.play("resume", CLEO, 90_000)
    assert running.bank(1, 91_000) == 20 * MINUTE - 3_000


def test_a_game_brought_back_goes_on_with_a_seat_that_is_in(running: Sitting) -> None:
    """The active seat went out as the last but one; it must not run as a ghost."""
    running.play("concede", ADA, 1_000)
    running.play("concede", BEN, 2_000)
    assert (running.game.winner, running.game.active) == (3, 2)
    running.play("revive", ADA, 3_000, seat=1)
    assert running.game.active == 3
    assert running.bank(3) == 20 * MINUTE + 30_000
    running.play("resume", CLEO, 4_000)
    assert running.bank(3, 5_000) == 20 * MINUTE + 29_000


# ---- time given and taken


@pytest.mark.parametrize(
    ("fields", "given"),
    [
        ({"seconds": 1}, 1_000),
        ({"minutes": 60}, HOUR),
        ({"seconds": 3600}, HOUR),
        ({"minutes": 1, "seconds": 30}, 90_000),
    ],
)
def test_add_time_gives_1_s_to_60_min(
    running: Sitting, fields: dict[str, object], given: int
) -> None:
    """To a running clock as to a resting one, to the millisecond."""
    for seat in (1, 2):
        before = running.bank(seat, 7_777)
        assert running.play("add-time", ADA, 7_777, seat=seat, **fields).facts["ms"] == given
        assert running.bank(seat) == before + given


@pytest.mark.parametrize("name", ["add-time", "take-time"])
@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "minutes"),
        ({"seconds": 0}, "seconds"),
        ({"minutes": 61}, "minutes"),
        ({"minutes": 60, "seconds": 1}, "minutes"),
        ({"seconds": 3601}, "seconds"),
        ({"seconds": -1}, "seconds"),
        ({"minutes": "1.5"}, "minutes"),
    ],
)
def test_less_or_more_is_refused(
    running: Sitting, name: str, fields: dict[str, object], complaint: str
) -> None:
    """With a complaint beside the field."""
    assert running.complaints(name, ADA, seat=2, **fields) == {complaint}


def test_take_time_never_below_1_s(running: Sitting) -> None:
    """A bank already below that stays."""
    assert running.play("take-time", ADA, seat=2, minutes=5).facts["ms"] == 5 * MINUTE
    assert running.play("take-time", ADA, seat=2, minutes=60).facts["ms"] == 15 * MINUTE - 1_000
    assert running.bank(2) == 1_000
    assert running.play("take-time", ADA, seat=2, minutes=60).facts["ms"] == 0
    running.play("take-time", ADA, seat=1, minutes=60)
    running.play("take-time", ADA, 300, seat=1, minutes=60)
    assert running.bank(1) == 700


def test_the_ledger_tells_what_was_taken_from_a_running_clock(running: Sitting) -> None:
    """Of a clock that had run since the last entry it once told 0."""
    entry = running.play("take-time", ADA, 7_000, seat=1, minutes=1)
    assert entry.facts["ms"] == MINUTE
    assert entry.charged == {1: 7_000}
    assert running.bank(1) == 19 * MINUTE - 7_000


def test_an_overdrawn_bank_is_not_lifted_by_taking() -> None:
    """Never below 1 s is a limit on taking, not a gift."""
    sitting = running_table(starting_seconds=60, on_timeout="overtime")
    sitting.play("take-time", ADA, 90_000, seat=1, minutes=1)
    assert sitting.bank(1) == -30_000


# ---- dice, who begins


@pytest.mark.parametrize("sides", [2, 6, 20, 999])
def test_dice_have_2_to_999_sides(running: Sitting, sides: int) -> None:
    """Who rolled and the result appear on every screen and in the ledger."""
    running.dice.coming = [1]
    entry = running.play("roll-dice", BEN, sides=sides)
    assert entry.facts == {"sides": sides, "rolled": 1}
    assert entry.by == 2
    assert running.moments()[-1:] == [("dice", {"by": 2, "sides": sides, "rolled": 1})]
    assert running.dice.asked == [sides]


def test_a_coin_has_two_sides(running: Sitting) -> None:
    """Under its own name."""
    assert running.play("roll-dice", BEN, sides="coin").facts["sides"] == 2


@pytest.mark.parametrize("sides", ["1", "0", "1000", "-6", "six", "Coin"])
def test_other_dice_do_not_exist(running: Sitting, sides: str) -> None:
    """Not even a d1."""
    assert running.complaints("roll-dice", BEN, sides=sides) == {"sides"}


def test_the_order_roll_by_default_picks_only_who_begins(lobby: Sitting) -> None:
    """People stay in their chairs; everyone sees all rolls."""
    lobby.dice.coming = [7, 19, 3]
    lobby.play("roll-order", ADA)
    assert lobby.dice.asked == [20, 20, 20]
    assert lobby.game.order == (1, 2, 3)
    assert lobby.game.starter == 2
    assert lobby.game.order_roll == {
        "order": "first",
        "rolls": [
            {"seat": 2, "rolled": [19]},
            {"seat": 1, "rolled": [7]},
            {"seat": 3, "rolled": [3]},
        ],
    }
    assert [kind for kind, _ in lobby.moments()][-1] == "order-roll"
    lobby.play("start", ADA)
    assert lobby.game.active == 2


def test_the_order_roll_may_seat_everybody_anew(lobby: Sitting) -> None:
    """The free seats stay at the end."""
    lobby.play("add-seat", ADA)
    lobby.play("move-seat", ADA, seat=4, by=-3)
    lobby.dice.coming = [7, 3, 19]
    lobby.play("roll-order", ADA, order="all")
    assert order_of(lobby.game.in_order()) == [3, 1, 2, 4]
    assert lobby.game.starter == 3


def test_ties_roll_again_only_among_the_tied_within_their_place(lobby: Sitting) -> None:
    """15, 15, 3 leaves the 3 last, whatever the two roll next."""
    lobby.dice.coming = [3, 15, 15, 1, 1, 1, 2]
    lobby.play("roll-order", ADA, order="all")
    assert order_of(lobby.game.in_order()) == [3, 2, 1]
    assert lobby.dice.asked == [20] * 7
    rolls = lobby.game.order_roll
    assert rolls is not None
    assert [(roll["seat"], roll["rolled"]) for roll in rolls["rolls"]] == [
        (3, [15, 1, 2]),
        (2, [15, 1, 1]),
        (1, [3]),
    ]


def test_the_order_roll_needs_two_taken_seats() -> None:
    """Claimed or shared; free ones do not roll."""
    sitting = created()
    sitting.play("claim-seat", ADA, seat=1)
    assert sitting.refusal("roll-order", ADA) == "too-few"
    sitting.play("share-seat", ADA, seat=3)
    sitting.play("roll-order", ADA)
    assert len(sitting.dice.asked) == 2


def test_who_begins_survives_the_reset(lobby: Sitting) -> None:
    """A rematch starts with the same seat unless somebody rolls again."""
    lobby.dice.coming = [1, 2, 20]
    lobby.play("roll-order", ADA)
    lobby.play("start", ADA)
    lobby.play("reset", ADA, confirm="yes")
    assert lobby.game.starter == 3
    assert lobby.game.order_roll is not None
    lobby.play("start", ADA)
    assert lobby.game.active == 3


def test_the_random_start_is_uniform_among_the_taken_seats() -> None:
    """Each of three about a third of 3,000 picks; a free seat never begins."""
    sitting = lobby_table()
    sitting.play("add-seat", ADA)
    draw = Random(8)
    around = Surroundings(chance=lambda sides: draw.randint(1, sides))
    picks = Counter(
        decide(sitting.game, RandomStart(), ADA, T0, around)[0].starter for _ in range(3_000)
    )
    assert set(picks) == {1, 2, 3}
    assert all(900 < count < 1_100 for count in picks.values())


def test_moments_are_kept_for_ten_seconds(running: Sitting) -> None:
    """A late screen shows them once or not at all."""
    running.play("roll-dice", BEN, 1_000, sides=6)
    running.play("roll-dice", BEN, 10_999, sides=6)
    assert len(running.game.moments) == 2
    running.play("roll-dice", BEN, 11_000, sides=6)
    assert [moment.at - T0 for moment in running.game.moments] == [10_999, 11_000]
    numbers = [moment.seq for moment in running.game.moments]
    assert numbers == sorted(set(numbers))


# ---- the host's place


def test_the_host_hands_the_place_to_a_holder(running: Sitting) -> None:
    """Not to an empty or shared chair; the old host keeps the seat and nothing else."""
    running.play("leave-seat", CLEO)
    assert running.refusal("transfer-host", ADA, seat=3) == "nobody-there"
    running.play("transfer-host", ADA, seat=2)
    assert running.game.host == BEN
    assert running.refusal("kick", ADA, seat=2) == "not-yours"
    running.play("pass-turn", ADA)
    running.play("penalty", BEN, seat=1)


def test_a_host_without_a_seat_is_fine() -> None:
    """Somebody who only runs the table."""
    sitting = created(players=2)
    sitting.play("claim-seat", BEN, seat=1)
    sitting.play("claim-seat", CLEO, seat=2)
    sitting.play("start", ADA)
    sitting.play("adjust-life", ADA, seat=1, by=-1)
    assert sitting.complaints("adjust-life", ADA, by=-1) == {"seat"}
    assert sitting.refusal("pass-turn", ADA) == "not-yours"


@pytest.mark.parametrize(
    ("away", "taken"), [(None, False), (0, False), (299_999, False), (300_000, True)]
)
def test_a_holder_takes_the_place_of_a_host_away_for_5_minutes(
    running: Sitting, away: int | None, taken: bool
) -> None:
    """Not a moment earlier, and no onlooker ever."""
    running.host_away_ms = away
    assert running.refusal("take-host", DORA) == "not-yours"
    if taken:
        running.play("take-host", BEN)
    else:
        assert running.refusal("take-host", BEN) == "not-yours"
    assert running.game.host == (BEN if taken else ADA)


def test_the_creator_takes_the_place_back(running: Sitting) -> None:
    """At any time, seated or not; a host already has it."""
    running.host_away_ms = 300_000
    running.play("take-host", BEN)
    running.host_away_ms = None
    running.play("take-host", ADA)
    assert running.game.host == ADA
    assert running.refusal("take-host", ADA) == "host-already"
    running.play("transfer-host", ADA, seat=3)
    running.play("leave-seat", ADA)
    running.play("take-host", ADA)
    assert running.game.host == ADA


def test_a_game_that_was_ended_by_mistake_goes_back_to_paused(running: Sitting) -> None:
    """The host said the wrong winner: nobody is out, and reviving anybody takes the end back."""
    running.play("finish", ADA, winner=2, confirm="yes")
    running.play("revive", ADA, seat=2)
    assert running.game.status == "paused"
    assert running.game.winner is None
