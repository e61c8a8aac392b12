"""Games in memory: loaded once, let go when nobody uses them, never two copies."""

from app.game.commands import Finish, PassTurn, Pause
from app.game.game import Game
from app.table.shelf import IDLE_MS
from tests.table.evening import BANK, HOST, MINUTE, ONLOOKER, SECOND, Evening


def in_memory(evening: Evening) -> set[str]:
    """The codes in memory."""
    return {hot.game.code for hot in evening.table.shelf.all()}


def idle(evening: Evening, by_ms: int) -> None:
    """Time passes, and the tidying comes along."""
    evening.later(by_ms)
    evening.table.shelf.clear_idle()


def test_idle_games_leave_memory(evening: Evening) -> None:
    """Twenty thousand stored games are no reason for twenty thousand in memory."""
    waiting, paused, finished = evening.sit(), evening.start(), evening.start()
    evening.play(paused, Pause(), HOST)
    evening.play(finished, Finish(winner="draw", confirm=True), HOST)
    before = {code: evening.stored(code) for code in (waiting, paused, finished)}
    idle(evening, IDLE_MS)
    assert set(before) == in_memory(evening)
    idle(evening, 1)
    assert set() == in_memory(evening)
    assert before == {code: evening.table.look(code) for code in before}


def test_a_game_somebody_asks_for_stays(evening: Evening) -> None:
    """Asking is using."""
    code = evening.sit()
    idle(evening, IDLE_MS - MINUTE)
    evening.request(code, ONLOOKER)
    idle(evening, IDLE_MS - MINUTE)
    assert {code} == in_memory(evening)


def test_a_game_somebody_listens_to_stays(evening: Evening) -> None:
    """Who has the lobby open is told at once when somebody sits down, hours later too."""
    code = evening.sit()
    evening.connect(code, ONLOOKER)
    idle(evening, 3 * IDLE_MS)
    assert {code} == in_memory(evening)
    evening.hang_up(code, ONLOOKER)
    idle(evening, IDLE_MS + SECOND)
    assert set() == in_memory(evening)


def test_a_running_game_stays_until_it_is_paused(evening: Evening) -> None:
    """Who was there is known only in memory, and the auto-pause counts from that."""
    long_ms = 10 * IDLE_MS
    code = evening.start(starting_ms=long_ms, auto_pause_ms=60 * MINUTE)
    hot = evening.hot(code)
    idle(evening, IDLE_MS + 5 * MINUTE)
    assert [hot] == evening.table.shelf.all()
    idle(evening, 6 * MINUTE)
    assert ("paused", 70 * MINUTE) == evening.story(code)[-1]


def test_a_running_game_without_auto_pause_may_leave_and_is_woken_in_time(
    evening: Evening,
) -> None:
    """Its deadline is in the heap; the game is loaded for it."""
    code = evening.start(starting_ms=2 * IDLE_MS, auto_pause_ms=0)
    idle(evening, IDLE_MS + SECOND)
    assert set() == in_memory(evening)
    evening.later(IDLE_MS)
    assert ("time-out", 2 * IDLE_MS) == evening.story(code)[-1]


def test_a_game_out_of_memory_is_held_for_what_it_slept_through(evening: Evening) -> None:
    """The machine was suspended meanwhile: loaded again, it knows of that too."""
    code = evening.start(starting_ms=10 * IDLE_MS, auto_pause_ms=0)
    idle(evening, IDLE_MS + SECOND)
    assert set() == in_memory(evening)
    evening.clock.at += 40 * SECOND
    evening.wait(SECOND)
    evening.go(10 * SECOND)
    evening.play(code, PassTurn(turn=1), HOST)
    charged = IDLE_MS + 11 * SECOND
    assert 10 * IDLE_MS - charged == evening.stored(code).seats[1].bank_ms


def test_what_is_in_memory_is_what_is_committed(evening: Evening) -> None:
    """Through a whole little game."""
    code = evening.start()

    def same() -> Game:
        assert evening.stored(code) == evening.hot(code).game
        return evening.hot(code).game

    for turn, client in ((1, HOST), (2, "ann"), (3, "ben")):
        evening.go(3 * SECOND)
        evening.play(code, PassTurn(turn=turn), client)
        same()
    assert [BANK - 3 * SECOND] * 3 == [
        seat.bank_ms - bonus
        for seat, bonus in zip(same().in_order(), (30_000, 30_000, 30_000), strict=True)
    ]
