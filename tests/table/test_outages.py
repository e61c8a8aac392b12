"""Time in which the server was away is charged to nobody, to the millisecond (rules section 12)."""

from functools import partial

import gevent
import pytest

from app.game.commands import (
    AddTime,
    AdjustLife,
    Finish,
    PassTurn,
    Pause,
    ShareSeat,
    Start,
    TimeoutChoice,
)
from app.table.outages import RETURN_MS, Outages, Window
from tests.asked import statements
from tests.table.evening import (
    ANN,
    BANK,
    BONUS,
    HOST,
    MINUTE,
    NOON,
    ONLOOKER,
    SECOND,
    Evening,
    together,
)


def story(evening: Evening, code: str, since: int) -> list[tuple[str, int]]:
    """Events and instants after a version."""
    return evening.story(code, since)


# ---- the server was not running


def test_a_crash_keeps_thought_up_to_the_last_alive_line(evening: Evening) -> None:
    """What was thought before it is thought; what may have been thought after it is given back."""
    code = evening.start()
    version = evening.stored(code).version
    evening.go(7 * SECOND)
    evening.clock.at += 643  # thought since the last alive line: nobody can know of it
    evening.restart(20 * SECOND)
    evening.clock.at += 1234
    game = evening.request(code, HOST)

    back = 7 * SECOND + 643 + 20 * SECOND + 1234
    assert [("outage-began", 7 * SECOND), ("outage-ended", back)] == story(evening, code, version)
    assert BANK - 7 * SECOND == game.seats[1].bank_ms
    evening.go(3 * SECOND)
    assert BANK - 10 * SECOND == evening.bank(code, 1)


def test_the_ledger_says_how_long_and_for_whom(evening: Evening) -> None:
    """Charged and free add up to what went by: conservation, also through a crash."""
    code = evening.start()
    version = evening.stored(code).version
    evening.go(7 * SECOND)
    evening.restart(20 * SECOND)
    evening.clock.at += 1234
    evening.request(code, HOST)
    began, ended = [e for e in evening.storage.ledger(code) if e.seq > version]
    assert ("clock", {1: 7 * SECOND}, {}) == (began.by, began.charged, began.free)
    assert ("clock", {}, {"outage": {1: 21_234}}) == (ended.by, ended.charged, ended.free)
    assert {"lasted_ms": 21_234} == ended.facts


def test_the_last_entry_counts_when_it_is_newer(evening: Evening) -> None:
    """A tap acknowledged after the last alive line is not undone by it."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.clock.at += 400
    evening.play(code, PassTurn(turn=1), HOST)
    version = evening.stored(code).version
    evening.restart(5 * SECOND)
    evening.clock.at += 700
    evening.request(code, ANN)
    assert [("outage-began", 7400), ("outage-ended", 7400 + 5700)] == story(evening, code, version)
    game = evening.stored(code)
    assert [BANK - 7400, BANK + BONUS] == [game.seats[n].bank_ms for n in (1, 2)]


def test_without_a_phone_the_clock_goes_on_after_ten_seconds(evening: Evening) -> None:
    """Whoever lets the phone lie does not gain a turn of thought by it."""
    code = evening.start(auto_pause_ms=0)
    evening.go(7 * SECOND)
    evening.restart(20 * SECOND)
    version = evening.stored(code).version
    evening.go(15 * SECOND)
    evening.request(code, ONLOOKER)
    assert [
        ("outage-began", 7 * SECOND),
        ("outage-ended", 27 * SECOND + 10 * SECOND),
    ] == story(evening, code, version)
    assert BANK - 7 * SECOND - 5 * SECOND == evening.bank(code, 1)


def test_only_the_running_seats_phone_ends_the_wait(evening: Evening) -> None:
    """The others are back first as a rule: they must not start a clock nobody looks at."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(20 * SECOND)
    for client in (ONLOOKER, ANN):
        evening.clock.at += SECOND
        assert evening.request(code, client).outage is not None
        evening.connect(code, client)
    evening.clock.at += SECOND
    evening.hang_up(code, HOST)  # a channel that closes is nobody who comes
    assert evening.stored(code).outage is not None
    evening.clock.at += SECOND
    evening.connect(code, HOST)
    game = evening.stored(code)
    assert (None, BANK - 7 * SECOND) == (game.outage, game.seats[1].bank_ms)
    assert ("outage-ended", 31 * SECOND) == evening.story(code)[-1]


def test_a_shared_seat_waits_for_the_table_device(evening: Evening) -> None:
    """The phone that plays it is the one in the middle."""
    code = evening.create(2)
    evening.play(code, ShareSeat(seat=1), HOST)
    evening.play(code, ShareSeat(seat=2), HOST)
    evening.play(code, Start(), HOST)
    evening.go(7 * SECOND)
    evening.restart(3 * SECOND)
    assert evening.request(code, ANN).outage is not None
    assert evening.request(code, HOST).outage is None


def test_a_tap_is_a_phone_that_is_back(evening: Evening) -> None:
    """The first thing a returning player does may be the pass itself."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(20 * SECOND)
    evening.clock.at += 2 * SECOND
    evening.table.play(code, PassTurn(turn=1), HOST, evening.clock.at)
    game = evening.stored(code)
    assert (2, None, BANK - 7 * SECOND) == (game.turn, game.outage, game.seats[1].bank_ms)
    evening.go(SECOND)
    assert BANK + BONUS - SECOND == evening.bank(code, 2)


def test_somebody_elses_command_does_not_end_it(evening: Evening) -> None:
    """The host gives time while the clock waits for Ann: it waits on."""
    code = evening.start()
    evening.play(code, PassTurn(turn=1), HOST)
    evening.go(7 * SECOND)
    evening.restart(20 * SECOND)
    evening.clock.at += 2 * SECOND
    evening.play(code, AddTime(seat=2, length_ms=60_000), HOST)
    evening.clock.at += 2 * SECOND
    game = evening.request(code, ANN)
    assert BANK + BONUS - 7 * SECOND + 60_000 == game.seats[2].bank_ms


@pytest.mark.parametrize(("away_ms", "status"), [(MINUTE, "running"), (MINUTE + 1, "paused")])
def test_a_long_outage_comes_back_paused(evening: Evening, away_ms: int, status: str) -> None:
    """People who left for a minute must find each other before a clock runs."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(away_ms)
    game = evening.request(code, HOST)
    assert (status, BANK - 7 * SECOND) == (game.status, game.seats[1].bank_ms)
    if status == "paused":
        assert game.pause is not None
        assert ("outage", "clock") == (game.pause.reason, game.pause.by)
        assert ("paused", 7 * SECOND) == evening.story(code)[-1]


def test_a_long_outage_pauses_with_nobody_there(evening: Evening) -> None:
    """The timekeeper finds it too, before the bank is gone."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(60 * MINUTE)
    evening.later(11 * MINUTE)
    assert ("paused", 7 * SECOND) == evening.story(code)[-1]
    assert BANK - 7 * SECOND == evening.stored(code).seats[1].bank_ms


def test_nothing_falls_due_in_an_outage(evening: Evening) -> None:
    """Two seconds were left; they are still left when the phone is back 40 s later."""
    code = evening.start(starting_ms=9 * SECOND)
    evening.go(7 * SECOND)
    evening.restart(30 * SECOND)
    evening.go(9 * SECOND)
    game = evening.request(code, HOST)
    assert (2 * SECOND, None) == (game.seats[1].bank_ms, game.seats[1].grace_ms)
    evening.go(3 * SECOND)
    back = 7 * SECOND + 30 * SECOND + 9 * SECOND
    assert ("time-out", back + 2 * SECOND) == evening.story(code)[-1]


def test_a_grace_is_frozen_by_an_outage(evening: Evening) -> None:
    """Nobody dies of a choice the server could not take."""
    code = evening.start(starting_ms=5 * SECOND, timeout_grace_ms=7 * SECOND)
    evening.go(8 * SECOND)  # three seconds of the grace are gone
    evening.restart(30 * SECOND)
    game = evening.request(code, HOST)
    assert 4 * SECOND == game.seats[1].grace_ms
    evening.go(4 * SECOND - 1)
    evening.play(code, TimeoutChoice(choice="drink"), HOST)
    assert "" == evening.stored(code).seats[1].out


def test_what_was_due_before_the_crash_still_happens(evening: Evening) -> None:
    """The bank ended while the server lived; dying before it said so is no reprieve."""
    code = evening.start(starting_ms=5 * SECOND)
    for _ in range(5):
        evening.wait(1020)  # 5.1 s, and the timekeeper would act at 5.15
    version = evening.stored(code).version
    evening.restart(20 * SECOND)
    evening.clock.at += SECOND
    game = evening.request(code, HOST)
    assert [("time-out", 5 * SECOND), ("outage-began", 5100)] == story(evening, code, version)[:2]
    assert 30 * SECOND - 100 == game.seats[1].grace_ms


def test_games_without_a_running_clock_are_as_they_were(evening: Evening) -> None:
    """A restart writes nothing into a game that nobody's time runs in."""
    waiting, paused, finished = evening.sit(), evening.start(), evening.start()
    evening.play(paused, Pause(), HOST)
    evening.play(finished, Finish(winner="draw", confirm=True), HOST)
    before = [evening.stored(code) for code in (waiting, paused, finished)]
    evening.restart(20 * MINUTE)
    evening.go(11 * SECOND)
    for code in (waiting, paused, finished):
        evening.request(code, HOST)
    assert before == [evening.stored(code) for code in (waiting, paused, finished)]


def test_a_game_begun_after_the_restart_knows_no_outage(evening: Evening) -> None:
    """The window is older than the game."""
    evening.go(7 * SECOND)
    evening.restart(20 * SECOND)
    code = evening.start()
    evening.go(SECOND)
    assert "outage-began" not in dict(evening.story(code))
    assert BANK - SECOND == evening.bank(code, 1)


def test_a_second_crash_during_the_wait_is_one_outage(evening: Evening) -> None:
    """A server that comes up and dies again must not charge the time in between."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(5 * SECOND)
    evening.request(code, ONLOOKER)
    evening.go(3 * SECOND)
    evening.restart(20 * SECOND)
    evening.clock.at += 2 * SECOND
    game = evening.request(code, HOST)
    assert BANK - 7 * SECOND == game.seats[1].bank_ms
    evening.go(SECOND)
    assert BANK - 8 * SECOND == evening.bank(code, 1)


def test_many_crashes_in_a_row_charge_nothing(evening: Evening) -> None:
    """A server that cannot stay up for ten seconds: whether anybody looked in or not."""
    looked_at, left_alone = evening.start(), evening.start()
    timeless = evening.start(on_timeout="overtime", starting_ms=SECOND, auto_pause_ms=0)
    evening.go(7 * SECOND)
    for _ in range(4):
        evening.restart(4 * SECOND)
        evening.request(looked_at, ONLOOKER)
        evening.go(3 * SECOND)
    for code in (looked_at, left_alone, timeless):
        evening.request(code, HOST)
    assert [BANK - 7 * SECOND, BANK - 7 * SECOND, SECOND - 7 * SECOND] == [
        evening.bank(code, 1) for code in (looked_at, left_alone, timeless)
    ]


def test_a_phone_that_was_back_is_charged_until_the_next_crash(evening: Evening) -> None:
    """Two crashes with thought between them: exactly that thought counts."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(5 * SECOND)
    evening.request(code, HOST)
    evening.go(3 * SECOND)
    evening.restart(20 * SECOND)
    evening.request(code, HOST)
    assert BANK - 10 * SECOND == evening.bank(code, 1)


def test_a_clock_set_back_between_two_lives_harms_nobody(evening: Evening) -> None:
    """The machine's clock was wrong and was corrected while the server was down."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.restart(-5 * SECOND)
    evening.clock.at += SECOND
    assert BANK - 7 * SECOND <= evening.request(code, HOST).seats[1].bank_ms <= BANK
    evening.go(12 * SECOND)
    assert evening.bank(code, 1) <= BANK - 7 * SECOND


# ---- the machine was suspended


def test_a_hole_between_alive_lines_is_an_outage(evening: Evening) -> None:
    """A laptop that slept under the table: its sleep is nobody's thought."""
    code = evening.start()
    version = evening.stored(code).version
    evening.go(7 * SECOND)
    evening.clock.at += 40 * SECOND
    evening.go(SECOND)  # the first beat after it
    assert [("outage-began", 7 * SECOND), ("outage-ended", 48 * SECOND)] == story(
        evening, code, version
    )
    evening.go(2 * SECOND)
    assert BANK - 9 * SECOND == evening.bank(code, 1)


@pytest.mark.parametrize(("hole_ms", "entries"), [(5000, 0), (5001, 2)])
def test_a_short_hole_is_only_a_busy_moment(evening: Evening, hole_ms: int, entries: int) -> None:
    """Up to five seconds a late line means load, and load is no time-out from thinking."""
    code = evening.start()
    version = evening.stored(code).version
    evening.wait(hole_ms)
    evening.wait(SECOND)
    evening.play(code, PassTurn(turn=1), HOST)
    assert entries == len(story(evening, code, version)) - 1
    charged = SECOND + (0 if entries else hole_ms)
    assert BANK - charged == evening.stored(code).seats[1].bank_ms


def test_a_long_hole_comes_back_paused(evening: Evening) -> None:
    """The same minute as after a restart."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.clock.at += 2 * MINUTE
    evening.wait(0)
    assert ("paused", 7 * SECOND) == evening.story(code)[-1]


def test_a_tap_that_wakes_the_machine_is_not_charged_for_its_sleep(evening: Evening) -> None:
    """Requests wait in the socket; the first may be judged before the first alive line."""
    code = evening.start()
    evening.go(7 * SECOND)
    evening.clock.at += 40 * SECOND
    evening.table.play(code, PassTurn(turn=1), HOST, evening.clock.at)
    game = evening.stored(code)
    assert (2, BANK - 7 * SECOND) == (game.turn, game.seats[1].bank_ms)
    evening.go(SECOND)
    assert BANK + BONUS - SECOND == evening.bank(code, 2)


def test_a_deadline_slept_over_does_not_fall_due(evening: Evening) -> None:
    """The timekeeper wakes up first as often as not: it must know that it has slept."""
    code = evening.start(starting_ms=9 * SECOND)
    evening.go(7 * SECOND)
    evening.clock.at += 40 * SECOND
    evening.tick()
    assert not evening.stored(code).seats[1].is_pending
    evening.go(SECOND)
    assert 2 * SECOND >= evening.bank(code, 1) >= SECOND


def test_every_game_in_memory_is_held_for_a_hole(evening: Evening) -> None:
    """Not only the one somebody pressed in."""
    codes = [evening.start() for _ in range(5)]
    evening.go(7 * SECOND)
    evening.clock.at += 40 * SECOND
    evening.table.play(codes[0], PassTurn(turn=1), HOST, evening.clock.at)
    evening.wait(SECOND)
    for code in codes[1:]:
        evening.play(code, PassTurn(turn=1), HOST)
    assert {BANK - 7 * SECOND, BANK - 8 * SECOND} >= {
        evening.stored(code).seats[1].bank_ms for code in codes
    }


def test_all_who_wake_the_machine_share_one_question(evening: Evening) -> None:
    """A thousand taps waited in the socket: one alive line answers them all."""
    codes = [evening.start() for _ in range(20)]
    evening.go(7 * SECOND)
    evening.clock.at += 40 * SECOND
    at = evening.clock.at
    with statements() as asked:
        together(*(partial(evening.table.play, c, PassTurn(turn=1), HOST, at) for c in codes))
    assert 1 == sum(one.startswith("UPDATE alive") for one in asked)
    assert {BANK - 7 * SECOND} == {evening.stored(code).seats[1].bank_ms for code in codes}


def test_an_outage_that_ends_during_a_save_is_not_forgotten(evening: Evening) -> None:
    """The tap was judged before the window was known; its game must still be held for it."""
    code = evening.start()
    evening.go(7 * SECOND)
    tap = partial(evening.table.play, code, AdjustLife(by=-1), HOST, evening.clock.at)
    saving = gevent.spawn(tap)
    gevent.sleep(0)  # it waits for its commit
    assert not saving.dead
    evening.table.outages.refused(evening.clock.at)
    evening.clock.at += 3 * SECOND
    evening.table.outages.answered(evening.clock.at, evening.clock.at)
    saving.join()
    evening.go(SECOND)
    assert BANK - 8 * SECOND == evening.bank(code, 1)


def test_a_game_is_held_for_a_window_once(evening: Evening) -> None:
    """Looked at again with every request, a server up for months would only look at windows."""
    running, waiting = evening.start(), evening.sit()
    evening.go(7 * SECOND)
    evening.restart(3 * SECOND)
    for code in (running, waiting):
        assert 0 == evening.hot(code).windows_seen
        evening.request(code, HOST)
        assert 1 == evening.hot(code).windows_seen
    evening.clock.at += 7 * SECOND
    evening.wait(0)
    for code in (running, waiting):
        evening.request(code, HOST)
        assert 2 == evening.hot(code).windows_seen


# ---- the windows themselves


def test_windows_of_a_start() -> None:
    """None for a database that never lived; else from its last line, and ten seconds to return."""
    assert [] == Outages(None, NOON).windows
    assert [Window(NOON - 7, NOON, NOON + RETURN_MS)] == Outages(NOON - 7, NOON).windows
    # A clock set back while the server was down: no window from the future.
    assert [Window(NOON, NOON, NOON + RETURN_MS)] == Outages(NOON + 99, NOON).windows
