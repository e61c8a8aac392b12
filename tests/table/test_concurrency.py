"""Many thumbs at once: the order is the order at the lock, and nothing is lost or done twice."""

from functools import partial

import pytest

from app.game.commands import AdjustLife, ClaimSeat, PassTurn, RollDice
from app.game.refusals import Refusal
from app.table.play import Outcome
from tests.asked import statements
from tests.table.evening import ANN, HOST, Evening, together

CROWD = 50


def test_one_turn_is_passed_once(evening: Evening) -> None:
    """Fifty presses of the same turn's button are one pass and 49 late taps."""
    code = evening.start()
    tap = partial(evening.table.play, code, PassTurn(turn=1), HOST, evening.clock.at)
    outcomes = together(*[tap] * CROWD)
    assert CROWD - 1 == sum(outcome.stale for outcome in outcomes)
    game = evening.stored(code)
    assert (2, 2) == (game.turn, game.active)


def test_without_a_turn_number_only_the_active_player_passes(evening: Evening) -> None:
    """A client that sends no turn cannot pass for the players after it."""
    code = evening.start()
    tap = partial(evening.table.play, code, PassTurn(), HOST, evening.clock.at)
    outcomes = together(*[tap] * CROWD)
    assert 1 == sum(isinstance(outcome, Outcome) for outcome in outcomes)
    assert {"not-yours"} == {o.code for o in outcomes if isinstance(o, Refusal)}
    assert 2 == evening.stored(code).turn


def test_every_life_tap_counts(evening: Evening) -> None:
    """Read, add, write back without a lock would lose most of them."""
    code = evening.start()
    tap = partial(evening.table.play, code, AdjustLife(by=-1, seat=2), HOST, evening.clock.at)
    before = evening.stored(code).version
    versions = [outcome.game.version for outcome in together(*[tap] * 30)]
    game = evening.stored(code)
    assert (10, before + 30) == (game.seats[2].life, game.version)
    # Each was told the table as it was after its own tap or a later one, none an older one.
    assert set(range(before + 1, before + 31)) >= set(versions)
    assert max(versions) == game.version


def test_a_pass_among_many_life_taps(evening: Evening) -> None:
    """Different buttons of different people at once: all of them happen, in some order."""
    code = evening.start()
    at = evening.clock.at
    lives = [partial(evening.table.play, code, AdjustLife(by=-1), ANN, at)] * 20
    passes = [partial(evening.table.play, code, PassTurn(turn=1), HOST, at)] * 20
    together(*(job for pair in zip(lives, passes, strict=True) for job in pair))
    game = evening.stored(code)
    assert (20, 2) == (game.seats[2].life, game.turn)


def test_games_do_not_wait_for_each_other(evening: Evening) -> None:
    """The lock is per game: a table whose command is under way holds up nobody else."""
    busy, other = evening.start(), evening.start()
    with evening.hot(busy).lock:
        (outcome,) = together(
            partial(evening.table.play, other, PassTurn(turn=1), HOST, evening.clock.at)
        )
    assert 2 == outcome.game.turn


def test_a_group_commits_many_games_at_once(evening: Evening) -> None:
    """The lock is held until the commit, so games must be able to share one."""
    codes = [evening.start() for _ in range(8)]
    before = {code: evening.stored(code).version for code in codes}
    jobs = [
        partial(evening.table.play, code, RollDice(sides=6), HOST, evening.clock.at)
        for code in codes
        for _ in range(5)
    ]
    together(*jobs)
    assert {code: version + 5 for code, version in before.items()} == {
        code: evening.stored(code).version for code in codes
    }


def test_a_cold_game_is_loaded_once_for_all_who_ask(evening: Evening) -> None:
    """Fifty phones come back after a restart: two copies in memory would be two truths."""
    code = evening.start()
    evening.restart(1000)
    with statements() as asked:
        hot = together(*[partial(evening.table.shelf.take, code)] * CROWD)
    assert 1 == len({id(one) for one in hot})
    assert 1 == sum("games.state" in one for one in asked)


@pytest.mark.parametrize("crowd", [2, CROWD])
def test_a_seat_is_claimed_once(evening: Evening, crowd: int) -> None:
    """Two friends reach for one chair: one sits, the others are told who does."""
    code = evening.create()
    taken = together(
        *(
            partial(evening.table.play, code, ClaimSeat(seat=1), f"phone {n}", evening.clock.at)
            for n in range(crowd)
        )
    )
    assert 1 == sum(isinstance(one, Outcome) for one in taken)
    assert {"taken"} == {one.code for one in taken if isinstance(one, Refusal)}
