"""Rules, section 5: passing, switching, another turn, and taps that come late."""

import pytest

from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    TABLET,
    Sitting,
    choosing,
    without_host_seat,
)
from tests.game.cast import running as running_table


def test_the_next_seat_in_order_that_is_in_becomes_active(running: Sitting) -> None:
    """Round and round; who is out is passed over."""
    order = []
    for client in (ADA, BEN, CLEO, ADA):
        order.append(running.game.active)
        running.play("pass-turn", client)
    assert order == [1, 2, 3, 1]
    assert running.game.turn == 5
    running.play("eliminate", ADA, seat=3)
    running.play("pass-turn", BEN)
    assert running.game.active == 1


def test_only_the_active_seats_holder_passes(running: Sitting) -> None:
    """Not the host either: the host switches the turn, which is logged as such."""
    assert running.refusal("pass-turn", BEN) == "not-yours"
    assert running.refusal("pass-turn", DORA) == "not-yours"
    running.play("pass-turn", ADA)
    assert running.refusal("pass-turn", ADA) == "not-yours"


def test_the_holder_gives_the_turn_away_without_bonus(running: Sitting) -> None:
    """Else two friends would switch to and fro and never run out."""
    entry = running.play("switch-turn", ADA, 4_000, seat=3)
    assert entry.by == 1
    assert running.game.active == 3
    assert running.game.turn == 2
    assert running.bank(3) == 20 * MINUTE


def test_the_host_switches_for_an_absent_player_with_the_bonus(running: Sitting) -> None:
    """It is a new turn like any other, and the ledger says whose hand it was."""
    running.play("pass-turn", ADA)
    entry = running.play("switch-turn", ADA, seat=3)
    assert entry.by == "host"
    assert running.bank(3) == 20 * MINUTE + 30_000


def test_a_host_without_a_seat_switches(running: Sitting) -> None:
    """A host who only watches over the table."""
    sitting = without_host_seat(running)
    sitting.play("switch-turn", TABLET, seat=2)
    assert sitting.bank(2) == 20 * MINUTE + 30_000


def test_who_may_not_switch_and_where_to(running: Sitting) -> None:
    """Not out of turn, not to the seat already active, not to one that is out or not there."""
    assert running.refusal("switch-turn", BEN, seat=2) == "not-yours"
    assert running.sentence("switch-turn", BEN, seat=3) == "It is not your turn."
    assert running.refusal("switch-turn", DORA, seat=3) == "not-yours"
    assert running.refusal("switch-turn", ADA, seat=1) == "already-active"
    running.play("concede", CLEO)
    assert running.refusal("switch-turn", ADA, seat=3) == "seat-out"
    assert running.complaints("switch-turn", ADA, seat=7) == {"seat"}
    assert running.complaints("switch-turn", ADA) == {"seat"}


@pytest.mark.parametrize("client", [BEN, ADA])
def test_an_extra_turn_is_a_new_turn_without_bonus(running: Sitting, client: str) -> None:
    """Of the active holder or by the host; the same seat goes on."""
    running.play("pass-turn", ADA)
    running.play("extra-turn", client, 1_000)
    assert (running.game.turn, running.game.active) == (3, 2)
    assert running.bank(2) == 20 * MINUTE + 30_000 - 1_000
    assert running.refusal("extra-turn", CLEO) == "not-yours"


@pytest.mark.parametrize("name", ["pass-turn", "switch-turn", "extra-turn", "pause", "resume"])
@pytest.mark.parametrize("late", ["turn", "grant", "both", "ahead"])
def test_a_late_tap_changes_nothing_and_is_no_error(name: str, late: str) -> None:
    """A thumb that bounced, two phones racing: the present table comes back."""
    sitting = running_table()
    turn, grant = sitting.game.turn, sitting.game.grant
    sitting.play("pass-turn", ADA)
    if name == "resume":
        sitting.play("pause", BEN)
    fields: dict[str, object] = {"seat": 3} if name == "switch-turn" else {}
    paintings: dict[str, dict[str, object]] = {
        "turn": {"turn": turn},
        "grant": {"grant": grant},
        "both": {"turn": turn, "grant": grant},
        "ahead": {"turn": sitting.game.turn + 1, "grant": sitting.game.grant + 1},
    }
    painted = paintings[late]
    for client in (ADA, BEN, CLEO):
        assert sitting.is_stale(name, client, **fields, **painted)
    sitting.play(name, BEN, **fields, turn=sitting.game.turn, grant=sitting.game.grant)


def test_a_bounced_thumb_passes_once(running: Sitting) -> None:
    """The second tap carries the numbers of the first."""
    painted = {"turn": running.game.turn, "grant": running.game.grant}
    running.play("pass-turn", ADA, 1_000, **painted)
    assert running.is_stale("pass-turn", ADA, 1_080, **painted)
    assert running.game.active == 2


def test_left_out_or_blank_numbers_mean_the_present_ones(running: Sitting) -> None:
    """A form without them still works."""
    running.play("pass-turn", ADA)
    running.play("pass-turn", BEN, turn="", grant="")
    assert running.game.active == 3


def test_an_onlooker_is_refused_even_with_a_stale_form(running: Sitting) -> None:
    """Who you are comes before how late you are."""
    assert running.refusal("pass-turn", DORA, turn=0, grant=0) == "not-yours"


def test_the_grant_counts_up_each_time_other_seats_run(running: Sitting) -> None:
    """Never used twice, also not after a reset."""
    seen = [running.game.grant]
    for name, client, fields in (
        ("pass-turn", ADA, {}),
        ("pause", BEN, {}),
        ("resume", BEN, {}),
        ("concede", BEN, {}),
        ("reset", ADA, {"confirm": "yes"}),
        ("start", ADA, {}),
    ):
        running.play(name, client, **fields)
        seen.append(running.game.grant)
    assert seen == list(range(seen[0], seen[0] + 7))


def test_life_does_not_change_the_grant(running: Sitting) -> None:
    """Else every tap on life would spoil the active player's button."""
    grant = running.game.grant
    running.play("adjust-life", BEN, by=-1)
    running.play("extra-turn", ADA)
    assert running.game.grant == grant


def test_an_active_seat_that_goes_out_hands_the_turn_on_with_the_bonus(running: Sitting) -> None:
    """That is a new turn, whatever the cause."""
    running.play("concede", ADA, 2_000)
    assert (running.game.turn, running.game.active) == (2, 2)
    assert running.bank(2) == 20 * MINUTE + 30_000


@pytest.mark.parametrize("cause", ["life", "poison", "commander", "eliminated", "time"])
def test_every_cause_hands_the_turn_on(cause: str) -> None:
    """Life, poison, damage, the host's word, time."""
    sitting = running_table(starting_seconds=60, on_timeout="out")
    if cause == "life":
        sitting.play("adjust-life", ADA, by=-40)
    elif cause == "poison":
        sitting.play("adjust-counter", ADA, counter="poison", by=10)
    elif cause == "commander":
        sitting.play("commander-damage", ADA, source=2, by=21)
    elif cause == "eliminated":
        sitting.play("eliminate", ADA, seat=1)
    else:
        sitting.wait(MINUTE)
    assert sitting.seat(1).out == cause
    assert (sitting.game.turn, sitting.game.active) == (2, 2)
    assert sitting.seat(2).bank_ms == 90_000


def test_a_freed_active_seat_keeps_its_turn(running: Sitting) -> None:
    """By leaving, kicking or freeing: its clock goes on."""
    running.play("pass-turn", ADA)
    running.play("free-seat", ADA, 3_000, seat=2)
    assert running.game.active == 2
    assert running.bank(2, 4_000) == 20 * MINUTE + 30_000 - 4_000


def test_a_waiting_choice_bars_the_turn_commands() -> None:
    """Choose first; then the turn goes on."""
    sitting = choosing()
    for name, fields in (("pass-turn", {}), ("switch-turn", {"seat": 2}), ("extra-turn", {})):
        assert sitting.refusal(name, ADA, **fields) == "choose-first"
    sitting.play("timeout-choice", ADA, choice="drink")
    sitting.play("pass-turn", ADA)


def test_a_turn_that_begins_while_its_seat_must_choose_brings_no_bonus() -> None:
    """Until it has chosen the bank stays at 0."""
    sitting = without_host_seat(choosing(bonus_seconds=30))
    sitting.play("switch-turn", TABLET, seat=2)
    sitting.play("switch-turn", TABLET, seat=1)
    assert sitting.seat(1).bank_ms == 0
    assert sitting.seat(1).is_pending


def test_any_form_that_carries_a_stale_number_changes_nothing(running: Sitting) -> None:
    """Whatever was painted for another turn was meant for another turn."""
    assert running.is_stale("adjust-life", BEN, 1_000, by=-1, turn=99)
    assert running.is_stale("concede", BEN, 1_100, grant=99)


# ---- interrupts and targets in the way


@pytest.mark.parametrize("knot", ["selecting", "resolving", "interrupt"])
@pytest.mark.parametrize(
    ("name", "fields"), [("pass-turn", {}), ("switch-turn", {"seat": 3}), ("extra-turn", {})]
)
def test_passing_is_refused_while_others_are_asked_or_act(
    knot: str, name: str, fields: dict[str, object]
) -> None:
    """Refused during selecting and resolving and while an interrupt is open; so is switching."""
    sitting = knotted(knot)
    reason = "interrupted" if knot == "interrupt" else "targeting"
    assert sitting.refusal(name, BEN, **fields) == reason
    assert sitting.game.turn == 2


@pytest.mark.parametrize("knot", ["selecting", "resolving", "interrupt"])
@pytest.mark.parametrize(
    ("name", "fields", "active"), [("switch-turn", {"seat": 3}, 3), ("extra-turn", {}, 2)]
)
def test_the_hosts_switch_and_extra_turn_end_interrupts_and_targeting(
    knot: str, name: str, fields: dict[str, object], active: int
) -> None:
    """For an absent player, logged; and what ran until then is charged to whom it ran for."""
    sitting = knotted(knot)
    ran = {"selecting": 2, "resolving": 1, "interrupt": 3}[knot]
    before_ms = sitting.bank(ran)
    entry = sitting.play(name, ADA, 4_000, **fields)
    assert entry.by == "host"
    assert entry.charged == {ran: 4_000}
    assert (sitting.game.stack, sitting.game.targeting) == ((), None)
    assert (sitting.game.active, sitting.game.turn) == (active, 3)
    bonus_ms = 30_000 if (name, ran) == ("switch-turn", 3) else 0
    assert sitting.seat(ran).bank_ms == before_ms - 4_000 + bonus_ms


def knotted(knot: str) -> Sitting:
    """Turn 2 of seat 2, and somebody else is in the way."""
    sitting = running_table()
    sitting.play("pass-turn", ADA)
    if knot == "interrupt":
        sitting.play("interrupt", CLEO)
        return sitting
    sitting.play("toggle-target", BEN, seat=1)
    if knot == "resolving":
        sitting.play("confirm-targets", BEN)
    return sitting


def test_an_extra_turn_brings_no_increment() -> None:
    """Fischer pays for passing; who goes on has not passed."""
    sitting = running_table(time_control="fischer", increment_seconds=10)
    sitting.play("extra-turn", ADA, 4_000)
    assert sitting.bank(1) == 20 * MINUTE - 4_000
    sitting.play("pass-turn", ADA, 6_000)
    assert sitting.bank(1) == 20 * MINUTE - 6_000 + 10_000


@pytest.mark.parametrize("name", ["kick", "free-seat", "leave-seat"])
def test_however_it_is_freed_the_active_seat_keeps_its_turn(name: str) -> None:
    """The clock goes on until somebody sits down there, or the host moves the turn on."""
    sitting = running_table()
    sitting.play("pass-turn", ADA)
    if name == "leave-seat":
        sitting.play(name, BEN, 3_000)
    else:
        sitting.play(name, ADA, 3_000, seat=2)
    assert (sitting.game.active, sitting.game.turn) == (2, 2)
    assert sitting.bank(2, 4_000) == 20 * MINUTE + 30_000 - 4_000
    sitting.play("claim-seat", DORA, 5_000, seat=2)
    sitting.play("pass-turn", DORA, 6_000)
    assert (sitting.game.active, sitting.game.turn) == (3, 3)


def test_grants_are_never_used_twice_also_after_undo(running: Sitting) -> None:
    """Turns may be counted twice; a form painted for the one taken back must come late."""
    seen = [running.game.grant]
    painted: dict[str, object] = {"turn": 2, "grant": running.game.grant + 1}
    plays: list[tuple[str, str, dict[str, object]]] = [
        ("pass-turn", ADA, {}),
        ("undo", ADA, {}),
        ("extra-turn", ADA, {}),
        ("undo", ADA, {}),
        ("interrupt", CLEO, {}),
        ("undo", CLEO, {}),
        ("toggle-target", ADA, {"seat": 2}),
        ("confirm-targets", ADA, {}),
        ("undo", ADA, {}),
        ("cancel-targets", ADA, {}),
        ("pass-turn", ADA, {}),
    ]
    for name, client, fields in plays:
        running.play(name, client, running.now + 1_000, **fields)
        if running.game.grant != seen[-1]:
            seen.append(running.game.grant)
    assert (running.game.turn, running.game.active) == (2, 2)
    assert seen == sorted(set(seen))
    assert running.is_stale("pass-turn", BEN, running.now, **painted)


# ---- announcing the end


def test_the_active_holder_announces_the_end_of_the_turn(running: Sitting) -> None:
    """Whoever wants to respond does it now; every screen says so, and no clock changes."""
    grant = running.game.grant
    entry = running.play("ending-turn", ADA, 5_000)
    assert (entry.event, entry.by, entry.facts) == ("turn-ending", 1, {"seat": 1})
    assert running.game.ending_turn == 1
    assert ("ending-turn", {"seat": 1}) in running.moments()
    assert (running.game.grant, running.game.active) == (grant, 1)
    assert running.bank(1, 6_000) == 20 * MINUTE - 6_000
    running.play("interrupt", CLEO)


def test_the_end_of_a_turn_is_announced_once_and_by_its_player_alone(running: Sitting) -> None:
    """In each turn anew."""
    for client in (BEN, DORA):
        assert running.refusal("ending-turn", client) == "not-yours"
    running.play("ending-turn", ADA)
    assert running.refusal("ending-turn", ADA) == "announced"
    running.play("pass-turn", ADA)
    assert running.refusal("ending-turn", ADA) == "not-yours"
    running.play("ending-turn", BEN)
    assert running.game.ending_turn == 2


def test_who_must_choose_announces_nothing() -> None:
    """Choose first."""
    assert choosing().refusal("ending-turn", ADA) == "choose-first"
