"""Deadlines hold by themselves, at their own instants, and cost nothing while none is due."""

import gevent
import pytest

from app.game.commands import AdjustLife, PassTurn, Pause, Resume, TimeoutChoice
from app.game.refusals import Refusal
from app.table.instant import steady_now
from app.table.timekeeper import LATENESS_MS, RETRY_MS, Timekeeper
from tests.table.evening import ANN, BANK, BONUS, HOST, NOON, SECOND, Clock, Evening


class Desk:
    """A timekeeper alone, and what it did: (code, upto)."""

    def __init__(self) -> None:
        self.clock = Clock(0)
        self.done: list[tuple[str, int]] = []
        self.keeper = Timekeeper(self.clock, lambda code, upto: self.done.append((code, upto)))

    def at(self, instant: int) -> list[tuple[str, int]]:
        """What it does when it is that late."""
        self.clock.at = instant
        self.done.clear()
        while self.keeper._wait_s() == 0:
            self.keeper.run()
        return list(self.done)


@pytest.fixture
def desk() -> Desk:
    """A timekeeper with nothing to do."""
    return Desk()


def test_it_acts_a_little_late_with_the_instant_itself(desk: Desk) -> None:
    """150 ms are what a tap may wait in the server and still be in time."""
    desk.keeper.schedule("A", 1000)
    assert [] == desk.at(1000)
    assert [] == desk.at(1149)
    assert [("A", 1000)] == desk.at(1150)
    assert [] == desk.at(9999)
    assert 0 == desk.keeper.scheduled()


def test_moving_later_is_only_noted(desk: Desk) -> None:
    """Every tap moves its game's instant; the heap must not grow with every tap."""
    for instant in range(1000, 11_000):
        desk.keeper.schedule("A", instant)
    assert 1 == len(desk.keeper._heap)
    assert [] == desk.at(1150)
    assert [] == desk.at(11_148)
    assert [("A", 10_999)] == desk.at(11_149)


def test_moving_earlier_is_kept(desk: Desk) -> None:
    """A time control with less left than thought may not wait for the old instant."""
    desk.keeper.schedule("A", 5000)
    desk.keeper.schedule("A", 1000)
    assert [("A", 1000)] == desk.at(1150)
    assert [] == desk.at(6000)


def test_back_and_forth_ends_at_the_last_word(desk: Desk) -> None:
    """Earlier, later, never, and on again: only the newest wish counts, once."""
    for instant in (5000, 1000, 3000, None, 4000, 2000, 6000):
        desk.keeper.schedule("A", instant)
    assert [] == desk.at(6149)
    assert [("A", 6000)] == desk.at(6150)
    assert [] == desk.at(99_999)


def test_never_is_never(desk: Desk) -> None:
    """A paused game has no deadline."""
    desk.keeper.schedule("A", 1000)
    desk.keeper.schedule("A", None)
    desk.keeper.schedule("B", None)
    assert [] == desk.at(99_999)


def test_many_games_are_kept_in_order(desk: Desk) -> None:
    """The one that has waited longest comes first."""
    for code, instant in (("C", 3000), ("A", 1000), ("D", 9000), ("B", 2000)):
        desk.keeper.schedule(code, instant)
    assert [("A", 4000), ("B", 4000), ("C", 4000)] == desk.at(4150)
    assert 1 == desk.keeper.scheduled()


def test_a_deadline_that_fails_is_tried_again_and_stops_nobody() -> None:
    """One game's trouble is not the others'."""
    clock, done = Clock(0), list[str]()

    def act(code: str, _upto: int) -> None:
        done.append(code)
        if code == "A" and done.count("A") == 1:
            raise RuntimeError("once")

    keeper = Timekeeper(clock, act)
    for code in "ABC":
        keeper.schedule(code, 1000)
    clock.at = 1150
    keeper.run()
    assert ["A", "B", "C"] == done
    clock.at += RETRY_MS + LATENESS_MS
    keeper.run()
    assert ["A", "B", "C", "A"] == done
    assert 0 == keeper.scheduled()


def test_an_earlier_instant_wakes_it() -> None:
    """It sleeps until the next instant it knew of; a new, nearer one must not wait for that."""
    now, done = steady_now(), list[int]()
    keeper = Timekeeper(now, lambda _code, _upto: done.append(now()))

    def forever() -> None:
        while True:
            keeper.run()

    running = gevent.spawn(forever)
    keeper.schedule("A", now() + 60_000)
    gevent.sleep(0.05)
    instant = now() + 50
    keeper.schedule("B", instant)
    with gevent.Timeout(5):
        while not done:
            gevent.sleep(0.01)
    running.kill()
    assert done[0] >= instant + LATENESS_MS


def test_a_game_with_nobody_there_runs_out_and_dies_in_time(evening: Evening) -> None:
    """Deadlines hold with no phone connected: the table in the ledger is the true one."""
    code = evening.start(starting_ms=10 * SECOND, timeout_grace_ms=7 * SECOND)
    started = evening.stored(code).version
    evening.go(80 * SECOND)
    host, ann = 10 * SECOND, 10 * SECOND + BONUS
    assert [
        ("time-out", host),
        ("time-out", host + 7 * SECOND),  # no choice in time: dead, and Ann's turn
        ("time-out", host + 7 * SECOND + ann),
        ("time-out", host + 7 * SECOND + ann + 7 * SECOND),  # one seat is left: it has won
    ] == evening.story(code, started)
    game = evening.stored(code)
    assert ("finished", 3) == (game.status, game.winner)
    assert 0 == evening.table.timekeeper.scheduled()


def test_it_finds_the_true_instants_however_late_it_comes(evening: Evening) -> None:
    """A busy server may act seconds late; nobody's time is different for it."""
    code = evening.start(starting_ms=10 * SECOND, timeout_grace_ms=7 * SECOND)
    for _ in range(10):
        evening.wait(1432)
    evening.tick()
    assert ("time-out", 10 * SECOND) == evening.story(code)[-1]
    assert 7 * SECOND == evening.stored(code).seats[1].grace_ms


def test_a_tap_at_the_door_in_time_wins_whatever_waited(evening: Evening) -> None:
    """Order of things: 1 ms before the instant is in time, though it is judged after it."""
    code = evening.start(starting_ms=10 * SECOND)
    evening.go(9 * SECOND)
    at_the_door = NOON + 10 * SECOND - 1
    evening.clock.at = NOON + 10 * SECOND + LATENESS_MS - 1
    evening.tick()  # not yet: somebody may still be waiting
    evening.play(code, PassTurn(turn=1), HOST, at_the_door)
    game = evening.stored(code)
    assert (2, False, 1) == (game.turn, game.seats[1].is_pending, game.seats[1].bank_ms)


def test_a_tap_at_the_very_instant_is_too_late(evening: Evening) -> None:
    """What falls due at an instant happens before a command of that instant."""
    code = evening.start(starting_ms=10 * SECOND)
    evening.go(9 * SECOND)
    evening.clock.at = NOON + 10 * SECOND + 1
    before = evening.stored(code).turn
    with pytest.raises(Refusal, match="choose first"):
        evening.play(code, PassTurn(turn=1), HOST, NOON + 10 * SECOND)
    assert before == evening.stored(code).turn


def test_a_choice_in_time_wins_too(evening: Evening) -> None:
    """The same law for the grace: the last millisecond counts for the player."""
    code = evening.start(starting_ms=10 * SECOND, timeout_grace_ms=7 * SECOND)
    evening.go(16 * SECOND)
    evening.clock.at = NOON + 17 * SECOND + LATENESS_MS - 1
    evening.tick()
    evening.play(code, TimeoutChoice(choice="drink"), HOST, NOON + 17 * SECOND - 1)
    game = evening.stored(code)
    assert ("", 2, 1) == (game.seats[1].out, game.seats[1].drinks, game.turn)


def test_a_tap_moves_the_deadline(evening: Evening) -> None:
    """Passed in the last second: the old deadline must not fire on the next player."""
    code = evening.start(starting_ms=10 * SECOND)
    evening.go(9 * SECOND)
    evening.play(code, PassTurn(turn=1), HOST)
    version = evening.stored(code).version
    evening.go(10 * SECOND + BONUS)
    assert [] == evening.story(code, version)
    evening.go(SECOND)
    assert [("time-out", 19 * SECOND + BONUS)] == evening.story(code, version)


def test_only_running_games_are_waited_for(evening: Evening) -> None:
    """An idle game costs nothing: no interval, no place in the heap."""
    evening.create()
    evening.sit()
    paused, running = evening.start(), evening.start()
    evening.play(paused, Pause(), HOST)
    assert 1 == evening.table.timekeeper.scheduled()
    evening.play(paused, Resume(), HOST)
    assert 2 == evening.table.timekeeper.scheduled()
    for code in (paused, running):
        evening.play(code, Pause(), HOST)
    assert 0 == evening.table.timekeeper.scheduled()


def test_a_due_moment_is_announced_like_any_change(evening: Evening) -> None:
    """The phones must hear of a time-out that nobody pressed."""
    code = evening.start(starting_ms=10 * SECOND)
    evening.heard.clear()
    evening.go(11 * SECOND)
    assert [(code, evening.stored(code).version)] == evening.heard


def test_a_deadline_the_storage_refused_is_kept_later(evening: Evening) -> None:
    """Nobody presses for the clock: it must try again by itself, with the true instant."""
    code = evening.start(starting_ms=10 * SECOND)
    evening.go(9500)
    version = evening.stored(code).version
    with evening.broken():
        evening.go(3 * SECOND)
        assert not evening.table.look(code).seats[1].is_pending
    evening.go(2 * SECOND)
    assert ("time-out", 10 * SECOND) == evening.story(code, version)[0]


def test_an_unreadable_game_is_set_aside(evening: Evening) -> None:
    """Reported once; tried again every second it would fill the logs all night."""
    bad, good = (evening.start(starting_ms=5 * SECOND) for _ in range(2))
    evening.sql("update games set state = '{' where code = ?", bad)
    evening.restart(SECOND)
    assert 2 == evening.table.timekeeper.scheduled()
    evening.go(11 * SECOND)
    assert [good] == [hot.game.code for hot in evening.table.shelf.all()]
    assert 1 == evening.table.timekeeper.scheduled()


def test_banks_are_the_same_with_and_without_the_timekeeper(evening: Evening) -> None:
    """It only brings forward what is true anyway: looked at or not, the milliseconds agree."""
    watched, left_alone = evening.start(), evening.start()
    for _ in range(5):
        evening.go(3 * SECOND)
        evening.play(watched, AdjustLife(by=1, seat=2), HOST)
        evening.table.keep_time(watched, evening.clock.at)
    for code in (watched, left_alone):
        evening.play(code, PassTurn(turn=1), HOST)
        evening.play(code, PassTurn(turn=2), ANN)
    banks = [[evening.bank(code, n) for n in (1, 2, 3)] for code in (watched, left_alone)]
    assert [[BANK - 15 * SECOND, BANK + BONUS, BANK + BONUS]] * 2 == banks
