"""Rules, section 12, as far as it is rules: nobody there, and time the server was away."""

import pytest

from app.game import judge
from app.game.clock import round_remaining_ms
from tests.game.cast import ADA, BEN, CLEO, MINUTE, T0, TABLET, Sitting, choosing, without_host_seat
from tests.game.cast import running as running_table


def hold(sitting: Sitting, since: int, until: int, at: int | None = None) -> None:
    """The server was away from ``since``; it answers again at ``at``."""
    sitting.game, entries = judge.hold(
        sitting.game, T0 + since, T0 + until, T0 + (until if at is None else at), sitting.around
    )
    sitting.entries += entries


def come_back(sitting: Sitting, at: int) -> None:
    """A running seat's phone is back."""
    sitting.game, entries = judge.end_outage(sitting.game, T0 + at)
    sitting.entries += entries


# ---- auto-pause


@pytest.mark.parametrize("seconds", [60, 600, 3600])
def test_a_game_nobody_is_at_pauses_after_the_set_time(seconds: int) -> None:
    """From that instant, nothing back-dated: what ran until then was charged."""
    sitting = running_table(auto_pause_seconds=seconds, starting_minutes=120)
    sitting.nobody_since = 5_000
    instant = 5_000 + seconds * 1_000
    assert judge.wakes_at(sitting.game, sitting.around.nobody_since) == T0 + instant
    assert sitting.wait(instant - 1) == []
    sitting.wait(instant + 99_000)
    assert sitting.game.status == "paused"
    assert sitting.now == instant
    assert sitting.bank(1) == 120 * MINUTE - instant
    assert sitting.game.pause is not None
    assert (sitting.game.pause.reason, sitting.game.pause.by) == ("away", "clock")


def test_the_default_is_600_seconds(running: Sitting) -> None:
    """Ten minutes."""
    running.nobody_since = 0
    running.wait(599_999)
    assert running.game.status == "running"
    running.wait(600_000)
    assert running.game.status == "paused"


def test_0_is_off() -> None:
    """A table that wants its clocks to run whatever happens."""
    sitting = running_table(auto_pause_seconds=0, starting_minutes=120)
    sitting.nobody_since = 0
    assert sitting.wait(100 * MINUTE) == []


def test_nobody_is_away_while_one_seat_is_there(running: Sitting) -> None:
    """One phone awake is enough."""
    assert running.nobody_since is None
    assert running.wait(19 * MINUTE) == []


def test_a_game_that_does_not_run_is_not_paused(lobby: Sitting, finished: Sitting) -> None:
    """Waiting and finished games have no clocks to save."""
    for sitting in (lobby, finished):
        sitting.nobody_since = sitting.now
        assert sitting.wait(sitting.now + 100 * MINUTE) == []


def test_the_wait_does_not_begin_before_the_start() -> None:
    """Phones may have slept in the lobby for an hour."""
    sitting = running_table()
    sitting.nobody_since = -60 * MINUTE
    sitting.wait(599_999)
    assert sitting.game.status == "running"


def test_the_wait_begins_anew_when_the_game_goes_on() -> None:
    """A host without a seat resumes for people whose phones sleep: not paused again at once."""
    sitting = without_host_seat(running_table())
    sitting.nobody_since = 0
    sitting.wait(600_000)
    sitting.play("resume", TABLET, 900_000)
    assert sitting.wait(900_000 + 599_999) == []
    sitting.wait(900_000 + 600_000)
    assert sitting.game.status == "paused"
    assert sitting.seat(1).used_ms == 1_200_000


def test_deadlines_hold_until_then() -> None:
    """Nobody is there, and time runs out all the same; together, the time-out is first."""
    sitting = running_table(starting_seconds=60, on_timeout="skip", bonus_seconds=0)
    sitting.nobody_since = 0
    sitting.wait(700_000)
    assert [entry.at - T0 for entry in sitting.entries if entry.event == "time-out"] == [
        60_000 * n for n in range(1, 11)
    ]
    assert (sitting.game.status, sitting.now) == ("paused", 600_000)


def test_the_auto_pause_freezes_a_choice() -> None:
    """Like every pause."""
    sitting = choosing(timeout_grace_seconds=300, auto_pause_seconds=60)
    sitting.nobody_since = 60_000
    sitting.wait(9 * MINUTE)
    assert sitting.game.status == "paused"
    assert sitting.seat(1).grace_ms == 240_000


# ---- outages


def test_an_outage_is_charged_to_nobody_and_stands_in_the_ledger(running: Sitting) -> None:
    """Up to its beginning thought counts; from its end on again."""
    hold(running, 20_000, 40_000, 30_000)
    assert running.bank(1, 39_000) == 20 * MINUTE - 20_000
    assert running.wait(39_999) == []
    (ended,) = running.wait(50_000)
    assert ended.event == "outage-ended"
    assert ended.free == {"outage": {1: 20_000}}
    assert ended.facts == {"lasted_ms": 20_000}
    assert running.bank(1, 50_000) == 20 * MINUTE - 30_000


def test_an_outage_ends_when_a_running_seats_phone_is_back(running: Sitting) -> None:
    """Not before, and not later than the ten seconds the table gives."""
    hold(running, 20_000, 40_000, 30_000)
    come_back(running, 33_000)
    assert running.game.outage is None
    assert running.bank(1, 40_000) == 20 * MINUTE - 27_000
    come_back(running, 35_000)
    assert running.entries[-1].at == T0 + 33_000


def test_nothing_falls_due_in_an_outage() -> None:
    """Neither a bank nor a grace nor the auto-pause."""
    sitting = running_table(starting_seconds=60, timeout_grace_seconds=30, auto_pause_seconds=60)
    hold(sitting, 55_000, 100_000)
    assert judge.wakes_at(sitting.game, sitting.around.nobody_since) == T0 + 100_000
    sitting.wait(104_999)
    assert not sitting.seat(1).is_pending
    sitting.wait(105_000)
    assert sitting.seat(1).is_pending
    hold(sitting, 110_000, 150_000)
    sitting.wait(174_999)
    assert sitting.seat(1).is_in
    assert sitting.seat(1).grace_ms == 25_000
    sitting.wait(175_000)
    assert sitting.seat(1).out == "time"

    sitting = running_table(auto_pause_seconds=60)
    sitting.nobody_since = 0
    hold(sitting, 50_000, 70_000)
    assert sitting.wait(69_999) == []
    sitting.wait(70_000)
    assert sitting.game.status == "paused"
    assert sitting.bank(1) == 20 * MINUTE - 50_000


def test_what_fell_due_before_an_outage_happens_before_it() -> None:
    """At its own instant, while the server was still well."""
    sitting = running_table(starting_seconds=60)
    hold(sitting, 70_000, 90_000)
    assert sitting.seat(1).is_pending
    assert sitting.seat(1).grace_ms == 20_000


@pytest.mark.parametrize(("lasted", "status"), [(60_000, "running"), (60_001, "paused")])
def test_an_outage_over_60_s_brings_the_game_back_paused(
    running: Sitting, lasted: int, status: str
) -> None:
    """People have gone to see what is wrong; they tap when they are back."""
    hold(running, 20_000, 20_000 + lasted + 10_000, 20_000 + lasted)
    assert running.game.status == status
    assert running.bank(1) == 20 * MINUTE - 20_000
    if status == "paused":
        assert running.game.pause is not None
        assert (running.game.pause.reason, running.game.pause.at) == ("outage", T0 + 20_000)
        running.play("resume", BEN, 500_000)
        assert running.bank(1, 501_000) == 20 * MINUTE - 21_000


def test_a_second_outage_within_the_first_goes_on_with_it(running: Sitting) -> None:
    """The server fell again before anybody's phone was back: still nobody's time."""
    hold(running, 20_000, 40_000, 30_000)
    hold(running, 35_000, 80_000, 70_000)
    running.wait(79_999)
    assert running.bank(1) == 20 * MINUTE - 20_000
    running.wait(90_000)
    assert running.bank(1, 90_000) == 20 * MINUTE - 30_000
    assert sum(sum(e.free.get("outage", {}).values()) for e in running.entries) == 60_000


@pytest.mark.parametrize(("lasted", "status"), [(60_000, "running"), (60_001, "paused")])
def test_outages_together_over_60_s_pause_the_game(
    running: Sitting, lasted: int, status: str
) -> None:
    """Counted from where the first one began."""
    hold(running, 20_000, 40_000, 30_000)
    hold(running, 35_000, 30_000 + lasted, 20_000 + lasted)
    assert running.game.status == status
    assert running.bank(1) == 20 * MINUTE - 20_000


def test_the_same_outage_twice_is_one(running: Sitting) -> None:
    """A game loaded again is asked about the same window."""
    hold(running, 20_000, 40_000, 30_000)
    version = running.game.version
    hold(running, 20_000, 40_000, 30_000)
    assert running.game.version == version


def test_an_outage_is_nobodys_time_for_all_who_respond_or_interrupt(running: Sitting) -> None:
    """Each of those whose clocks would have run, whatever runs; order and targets stay."""
    for seat in (2, 3):
        running.play("toggle-target", ADA, seat=seat)
    running.play("confirm-targets", ADA)
    hold(running, 20_000, 40_000, 30_000)
    running.wait(40_000)
    assert running.entries[-1].free == {"outage": {2: 20_000, 3: 20_000}}
    assert [running.bank(n) for n in (1, 2, 3)] == [20 * MINUTE, *[20 * MINUTE - 20_000] * 2]
    running.play("interrupt", ADA, 41_000)
    hold(running, 50_000, 70_000, 60_000)
    come_back(running, 65_000)
    assert running.entries[-1].free == {"outage": {1: 15_000}}
    assert running.game.stack == (1,)
    assert running.game.targeting is not None
    assert running.game.targeting.waiting == (2, 3)


@pytest.mark.parametrize("status", ["waiting", "paused", "finished"])
def test_an_outage_means_nothing_where_no_clock_runs(
    status: str, lobby: Sitting, paused: Sitting, finished: Sitting
) -> None:
    """No entry, no noise."""
    sitting = {"waiting": lobby, "paused": paused, "finished": finished}[status]
    before = sitting.game
    hold(sitting, sitting.now + 1_000, sitting.now + 500_000)
    assert sitting.game is before


def test_commands_during_an_outage_do_not_end_it(running: Sitting) -> None:
    """Another's life tap leaves the active player's time untouched; a turn begun waits too."""
    hold(running, 20_000, 40_000, 30_000)
    running.play("adjust-life", CLEO, 32_000, by=-1)
    running.play("switch-turn", ADA, 35_000, seat=2)
    assert running.game.outage is not None
    running.wait(40_000)
    assert running.bank(1) == 20 * MINUTE - 20_000
    assert running.bank(2) == 20 * MINUTE
    assert running.bank(2, 41_000) == 20 * MINUTE - 1_000


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("pause", {}),
        ("finish", {"winner": "draw", "confirm": "yes"}),
        ("reset", {"confirm": "yes"}),
    ],
)
def test_a_stop_ends_the_outage(running: Sitting, name: str, fields: dict[str, object]) -> None:
    """Nobody's clock runs, so nothing is left to hold."""
    hold(running, 20_000, 40_000, 30_000)
    running.play(name, ADA, 33_000, **fields)
    assert running.game.outage is None
    assert running.wait(100_000) == []


def test_a_round_clock_that_runs_through_a_pause_does_not_run_through_an_outage() -> None:
    """Rules, section 13: it runs through pauses, but not through outages."""
    sitting = running_table(round_minutes=80)
    sitting.play("pause", ADA, 10_000)
    hold(sitting, 20_000, 70_000, at=60_000)
    assert round_remaining_ms(sitting.game, T0 + 60_000) == 80 * MINUTE - 20_000
    assert sitting.entries[-1].event == "outage-ended"
    sitting.play("resume", ADA, 61_000)
    assert round_remaining_ms(sitting.game, T0 + 62_000) == 80 * MINUTE - 22_000
