"""The one road by which a game changes: lock, load, decide, commit, then speak."""

import pytest

from app.game.commands import AdjustLife, PassTurn, RenameGame, Start
from app.game.refusals import BadFields, Kind, Refusal
from tests.table.evening import ANN, BANK, BEN, BONUS, HOST, NOON, ONLOOKER, SECOND, Evening


def test_a_command_is_committed_before_anybody_hears_of_it(evening: Evening) -> None:
    """A screen that shows what a power cut can still take back is a lie at the table."""
    seen: list[tuple[int, int]] = []

    def hearer(code: str, version: int) -> None:
        # Asked on another connection: only what is committed can be read there.
        rows = evening.sql("select version from games where code = ?", code)
        seen.append((version, rows[0][0]))

    evening.bus.hear(hearer)
    code = evening.start()
    evening.play(code, PassTurn(), HOST)
    evening.play(code, AdjustLife(by=-3), ANN)

    assert [(version, version) for version in range(1, 7)] == seen


def test_a_command_is_acknowledged_with_what_is_committed(evening: Evening) -> None:
    """Whoever presses is shown the table as it rests, not as it was meant to be."""
    code = evening.start()
    outcome = evening.play(code, PassTurn(turn=1), HOST)
    assert not outcome.stale
    assert evening.stored(code) == outcome.game == evening.table.look(code)


def test_each_version_is_announced_once(evening: Evening) -> None:
    """A change costs one rendering for all screens; announced twice it would cost two."""
    code = evening.start()
    evening.heard.clear()
    evening.play(code, PassTurn(), HOST)
    assert [(code, evening.stored(code).version)] == evening.heard


def test_a_refusal_changes_and_announces_nothing(evening: Evening) -> None:
    """A no is an answer to one person; the table must not blink for it."""
    code = evening.start()
    before = evening.stored(code)
    evening.heard.clear()
    for command, client in (
        (PassTurn(), ANN),
        (PassTurn(), ONLOOKER),
        (Start(), HOST),
        (RenameGame(title="Ours"), ANN),
    ):
        with pytest.raises(Refusal):
            evening.play(code, command, client)
    with pytest.raises(BadFields):
        evening.play(code, AdjustLife(by=1, seat=7), HOST)
    assert before == evening.stored(code)
    assert [] == evening.heard


def test_what_fell_due_is_kept_even_when_the_command_is_refused(evening: Evening) -> None:
    """Order of things: the time-out happened first, and the refusal cannot unmake it."""
    code = evening.start(starting_ms=10 * SECOND)
    for _ in range(4):
        evening.wait(2505)  # its instant is past, the timekeeper not yet there
    version = evening.stored(code).version
    with pytest.raises(Refusal) as refused:
        evening.table.play(code, PassTurn(), HOST, evening.clock.at)
    assert "choose-first" == refused.value.code
    assert [("time-out", 10 * SECOND)] == evening.story(code, version)
    assert (code, version + 1) == evening.heard[-1]


def test_a_late_form_changes_nothing_and_gets_the_present_table(evening: Evening) -> None:
    """A thumb that bounced must not pass two turns, nor be scolded for it."""
    code = evening.start()
    evening.play(code, PassTurn(turn=1), HOST)
    before = evening.stored(code)
    evening.heard.clear()

    outcome = evening.play(code, PassTurn(turn=1), HOST)

    assert outcome.stale
    assert before == outcome.game == evening.stored(code)
    assert [] == evening.heard


def test_a_late_form_still_lets_fall_due_what_is_due(evening: Evening) -> None:
    """The table a late tap gets back is the table of now, time-outs included."""
    code = evening.start(starting_ms=10 * SECOND)
    evening.play(code, PassTurn(turn=1), HOST)
    for _ in range(10):
        evening.wait((10 * SECOND + BONUS) // 10)
    outcome = evening.table.play(code, PassTurn(turn=1), HOST, evening.clock.at)
    assert outcome.stale
    assert outcome.game.seats[2].is_pending
    assert outcome.game == evening.stored(code)


def test_the_charge_is_from_the_instant_at_the_door(evening: Evening) -> None:
    """Waiting in the server's queue is nobody's thought."""
    code = evening.start()
    evening.go(4 * SECOND)
    at_the_door = evening.clock.at
    evening.clock.at += 700
    evening.play(code, PassTurn(turn=1), HOST, at_the_door)
    game = evening.stored(code)
    assert at_the_door == game.last_at
    assert BANK - 4 * SECOND == game.seats[1].bank_ms
    assert BANK + BONUS - 700 == evening.bank(code, 2)


def test_instants_never_go_backwards(evening: Evening) -> None:
    """Two taps may overtake each other on the way to the lock; the ledger stays in order."""
    code = evening.start()
    evening.go(4 * SECOND)
    evening.play(code, PassTurn(turn=1), HOST)
    evening.play(code, PassTurn(turn=2), ANN, evening.clock.at - 300)
    game = evening.stored(code)
    assert (4 * SECOND, 4 * SECOND) == tuple(at for _, at in evening.story(code)[-2:])
    assert [BANK - 4 * SECOND, BANK + BONUS] == [game.seats[n].bank_ms for n in (1, 2)]


def test_a_lost_race_is_judged_again_on_what_won(evening: Evening) -> None:
    """Two servers on one database: the second one must see the first one's turn, not bury it."""
    code = evening.start()
    evening.play(code, AdjustLife(by=-1), BEN)
    other = other_server(evening, code)
    # The first server still has the older table in its memory.
    outcome = evening.table.play(code, AdjustLife(by=-5), BEN, evening.clock.at)

    assert other + 1 == outcome.game.version
    assert 40 - 1 - 10 - 5 == evening.stored(code).seats[3].life


def test_a_lost_race_may_turn_a_tap_stale(evening: Evening) -> None:
    """The turn was passed elsewhere meanwhile: passing it once more would skip a player."""
    code = evening.start()
    other_server(evening, code, PassTurn(turn=1), HOST)
    outcome = evening.table.play(code, PassTurn(turn=1), HOST, evening.clock.at)
    assert outcome.stale
    assert (2, 2) == (evening.stored(code).turn, evening.table.look(code).turn)


def test_the_timekeeper_and_a_returning_phone_survive_a_lost_race(evening: Evening) -> None:
    """They have nobody to press again for them."""
    code = evening.start(starting_ms=10 * SECOND)
    other_server(evening, code)
    evening.go(11 * SECOND)
    assert ("time-out", 10 * SECOND) == evening.story(code)[-1]

    evening.restart(3 * SECOND)
    evening.request(code, ONLOOKER)
    other_server(evening, code)
    evening.clock.at += SECOND
    assert evening.request(code, HOST).outage is None
    assert evening.stored(code) == evening.table.look(code)


def test_an_unreadable_game_is_refused_and_the_others_go_on(evening: Evening) -> None:
    """One bad row costs one table, and its people are told so in words."""
    bad, good = evening.start(), evening.start()
    evening.sql("update games set state = '{' where code = ?", bad)
    evening.restart(SECOND)
    with pytest.raises(Refusal) as refused:
        evening.table.look(bad)
    assert ("unreadable", Kind.UNAVAILABLE) == (refused.value.code, refused.value.kind)
    evening.play(good, PassTurn(turn=1), HOST)
    assert 2 == evening.stored(good).turn


def test_nothing_is_judged_by_another_clock(evening: Evening) -> None:
    """Every instant in the ledger is one the caller handed over."""
    code = evening.start()
    assert {0} == {at for _, at in evening.story(code)}
    assert NOON == evening.stored(code).last_at


def other_server(
    evening: Evening,
    code: str,
    command: AdjustLife | PassTurn = AdjustLife(by=-10),  # noqa: B008 - frozen
    client: str = BEN,
) -> int:
    """Another server's Table on the same database plays one command; the version after it."""
    twin = evening.twin()
    version = twin.play(code, command, client, evening.clock.at).game.version
    twin.storage.close()
    return version
