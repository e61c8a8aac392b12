"""The beginning and the end of a game's life under its code."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.game.commands import Close, NewGame, RollDice
from app.game.refusals import Kind, Refusal
from app.game.table_settings import TableSettings
from app.table import play
from tests.table.evening import ANN, BANK, HOST, HOUR, NOON, Evening, together

DAY = 24 * HOUR


def test_a_new_game_waits_for_people(evening: Evening) -> None:
    """Rules section 1: the defaults, its creator the host, and on the host's own list."""
    code = evening.create(players=4)
    game = evening.stored(code)
    assert ("Game", "waiting", HOST, HOST, NOON, 0, False) == (
        game.name, game.status, game.host, game.creator, game.created_at, game.version,
        game.listed,
    )  # fmt: skip
    assert [(BANK, 40, None)] * 4 == [(s.bank_ms, s.life, s.holder) for s in game.in_order()]
    assert [code] == [mine.code for mine in evening.storage.games_of(HOST, 10)]
    assert [] == evening.storage.open_games(10)
    assert game == evening.table.look(code)


def test_what_was_asked_for_is_what_is_made(evening: Evening) -> None:
    """Name, listing and settings come from the form."""
    settings = TableSettings(starting_ms=5000, starting_life=20)
    game = evening.table.create(NewGame("Friday", 2, listed=True, settings=settings), ANN)
    stored = evening.stored(game.code)
    assert ("Friday", True, ANN, settings) == (
        stored.name, stored.listed, stored.host, stored.settings,
    )  # fmt: skip
    assert [(5000, 20)] * 2 == [(seat.bank_ms, seat.life) for seat in stored.in_order()]
    assert [game.code] == [one.code for one in evening.storage.open_games(10)]


def test_a_full_house_says_so(tmp_path: Path) -> None:
    """Beyond MAX_GAMES nobody's running game may suffer for one more."""
    evening = Evening(tmp_path, max_games=2)
    first, _ = evening.create(), evening.create()
    with pytest.raises(Refusal, match="all the games it can") as refused:
        evening.create()
    assert Kind.NOT_NOW is refused.value.kind
    evening.play(first, RollDice(sides=6), HOST)
    evening.play(first, Close(confirm=True), HOST)
    evening.create()  # a closed one makes room
    evening.close()


def test_many_at_once_do_not_overfill_the_house(tmp_path: Path) -> None:
    """The limit is there for the moment when everybody comes at once."""
    evening = Evening(tmp_path, max_games=3)
    together(*[evening.create] * 20)
    assert 3 == evening.storage.count_games()
    evening.close()


def test_a_closed_code_says_closed_for_a_day(evening: Evening) -> None:
    """People with the link learn that the evening is over, not that they mistyped."""
    code = evening.start()
    evening.play(code, Close(confirm=True), HOST)
    ask = partial(evening.table.look, code)
    tap = partial(evening.table.play, code, RollDice(sides=6), HOST, evening.clock.at)
    assert [Kind.CLOSED] * 2 == kinds(ask, tap)
    evening.clock.at += DAY
    assert [Kind.CLOSED] * 2 == kinds(ask, tap)
    evening.clock.at += 1
    assert [Kind.NOT_FOUND] * 2 == kinds(ask, tap)
    evening.restart(HOUR)
    assert [Kind.NOT_FOUND] == kinds(partial(evening.table.look, code))


def test_a_closed_code_is_not_dealt_again_for_thirty_days(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old link must not lead to strangers."""
    code = evening.start()
    evening.play(code, Close(confirm=True), HOST)
    evening.clock.at += 30 * DAY
    evening.storage.sweep(evening.clock.at)
    dealt = iter([code, "ZZZZZZ"])
    monkeypatch.setattr(play, "deal_code", lambda: next(dealt))
    assert "ZZZZZZ" == evening.create()
    assert [] == evening.storage.games_of(ANN, 10)


def test_an_unknown_code_is_not_found(evening: Evening) -> None:
    """And asking for many of them leaves nothing behind in memory."""
    for last in "BCDFGH":
        assert [Kind.NOT_FOUND] == kinds(partial(evening.table.look, f"ZZZZZ{last}"))
    assert [] == evening.table.shelf.all()
    assert {} == evening.table.shelf._loading


def kinds(*asked: Callable[[], object]) -> list[Kind | None]:
    """How each was refused."""
    return [one.kind if isinstance(one, Refusal) else None for one in together(*asked)]
