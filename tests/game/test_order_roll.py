"""Rules, section 8: who begins is a matter of luck, and of nothing else; and how it is told."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.game.game import MOMENT_MS, Game, Moment
from app.game.rules import order
from app.game.shows import LONGEST_MS, Show, Throw, faces_of, show_of
from app.game.view import moment_views
from tests.game.cast import ADA, BEN, CLEO, T0, Dice, Sitting, created, lobby, order_of


class Scripted:
    """Dice that fall as written, and run out."""

    def __init__(self, falls: Sequence[int]) -> None:
        self.falls = list(falls)

    def __call__(self, _sides: int) -> int:
        """The next one; IndexError when none is left."""
        return self.falls.pop(0)


def rolled(*falls: int, players: int = 3, order: str = "first") -> Sitting:
    """A table that has just rolled so; no die is left over."""
    sitting = lobby(players) if players <= 3 else with_shared(players)
    sitting.dice = Dice(list(falls))
    sitting.play("roll-order", ADA, order=order)
    assert sitting.dice.coming == []
    assert len(sitting.dice.asked) == len(falls)
    return sitting


def with_shared(players: int) -> Sitting:
    """More than the cast: the others are played in the middle of the table."""
    sitting = lobby(3)
    for number in range(4, players + 1):
        sitting.play("add-seat", ADA)
        sitting.play("share-seat", ADA, seat=number)
    return sitting


def ranking(sitting: Sitting) -> list[tuple[int, list[int]]]:
    """Seats with their rolls, the highest first."""
    assert sitting.game.order_roll is not None
    return [(roll["seat"], roll["rolled"]) for roll in sitting.game.order_roll["rolls"]]


# ---- ties


def test_15_15_3_leaves_the_3_last() -> None:
    """However low the two roll when they roll again, and however often."""
    sitting = rolled(15, 15, 3, 1, 1, 2, 1)
    assert ranking(sitting) == [(1, [15, 1, 2]), (2, [15, 1, 1]), (3, [3])]


def test_a_tie_in_the_middle_stays_in_the_middle() -> None:
    """A 20 rolled again does not climb over the 18."""
    sitting = rolled(18, 9, 9, 2, 20, 19, players=4)
    assert ranking(sitting) == [(1, [18]), (2, [9, 20]), (3, [9, 19]), (4, [2])]


def test_two_ties_are_broken_each_for_itself() -> None:
    """Only the tied roll, and only against each other: the upper pair first."""
    sitting = rolled(7, 12, 7, 12, 3, 4, 5, 6, players=4, order="all")
    assert ranking(sitting) == [(4, [12, 4]), (2, [12, 3]), (3, [7, 6]), (1, [7, 5])]
    assert order_of(sitting.game.in_order()) == [4, 2, 3, 1]


def test_a_tie_among_the_tied() -> None:
    """Three roll again, two of them alike: those two roll once more, for the places they share."""
    sitting = rolled(11, 11, 11, 4, 17, 4, 8, 9)
    assert ranking(sitting) == [(2, [11, 17]), (3, [11, 4, 9]), (1, [11, 4, 8])]


# ---- nobody is favoured: all ways in which the dice can fall, counted


@pytest.mark.parametrize(("seats", "sides"), [(2, 20), (3, 20), (4, 6)])
def test_each_seat_is_first_with_equal_probability(
    seats: int, sides: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every way the dice can fall and be decided at once, and every way left tied is symmetrical.

    What is decided by the first throw is counted; a tie is a smaller roll of the tied, which this
    test counts for its own number of seats. By induction every order is equally likely.
    """
    monkeypatch.setattr(order, "ORDER_DIE", sides)
    chairs = list(range(1, seats + 1))
    decided: Counter[tuple[int, ...]] = Counter()
    tied: Counter[tuple[tuple[int, ...], ...]] = Counter()
    for falls in product(range(1, sides + 1), repeat=seats):
        if len(set(falls)) == seats:
            ranked = order._rank(chairs, {n: [] for n in chairs}, Scripted(falls))
            decided[tuple(ranked)] += 1
            continue
        places: dict[int, list[int]] = {}
        for number, fall in zip(chairs, falls, strict=True):
            places.setdefault(fall, []).append(number)
        tied[tuple(tuple(places[fall]) for fall in sorted(places, reverse=True))] += 1
    ways = sides**seats
    assert sum(decided.values()) + sum(tied.values()) == ways
    assert len(set(decided.values())) == 1
    assert set(Counter(ranked[0] for ranked in decided)) == set(chairs)
    first = dict.fromkeys(chairs, Fraction(0))
    for places_taken, count in decided.items():
        first[places_taken[0]] += Fraction(count, ways)
    for groups, count in tied.items():
        for number in groups[0]:
            first[number] += Fraction(count, ways * len(groups[0]))
    assert set(first.values()) == {Fraction(1, seats)}


@pytest.mark.parametrize("seats", [2, 3])
def test_the_same_with_the_ties_played_out(seats: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a three-sided die and every fall of the throws to come: all orders as often."""
    monkeypatch.setattr(order, "ORDER_DIE", 3)
    chairs = list(range(1, seats + 1))
    ended: Counter[tuple[int, ...]] = Counter()
    depth = 7
    for falls in product((1, 2, 3), repeat=depth):
        try:
            ranked = order._rank(chairs, {n: [] for n in chairs}, Scripted(falls))
        except IndexError:
            continue  # still tied when these dice were used up
        ended[tuple(ranked)] += 1
    assert len(ended) == {2: 2, 3: 6}[seats]
    assert len(set(ended.values())) == 1


# ---- first or all, and how long it holds


def test_first_leaves_people_in_their_chairs() -> None:
    """The turn order goes round from whoever begins."""
    sitting = rolled(3, 9, 15)
    assert order_of(sitting.game.in_order()) == [1, 2, 3]
    sitting.play("start", ADA)
    assert sitting.game.active == 3
    sitting.play("pass-turn", CLEO)
    assert sitting.game.active == 1


def test_all_seats_everybody_as_rolled() -> None:
    """The turns follow the rolls."""
    sitting = rolled(3, 9, 15, order="all")
    assert order_of(sitting.game.in_order()) == [3, 2, 1]
    sitting.play("start", ADA)
    sitting.play("pass-turn", CLEO)
    assert sitting.game.active == 2


@pytest.mark.parametrize("how", ["first", "all"])
def test_it_survives_the_reset(how: str) -> None:
    """Rolls, order and who begins; a second roll replaces them."""
    sitting = rolled(3, 15, 9, order=how)
    before = (sitting.game.order, sitting.game.starter, sitting.game.order_roll)
    sitting.play("start", ADA)
    sitting.play("finish", ADA, winner="draw", confirm="yes")
    sitting.play("reset", BEN, confirm="yes")
    assert (sitting.game.order, sitting.game.starter, sitting.game.order_roll) == before
    sitting.play("start", ADA)
    assert sitting.game.active == 2
    sitting.play("reset", ADA, confirm="yes")
    sitting.dice = Dice([20, 1, 2])
    sitting.play("roll-order", ADA)
    assert sitting.game.starter == sitting.game.order[0]


def test_a_random_start_forgets_the_rolls() -> None:
    """One of them says who begins, the later one."""
    sitting = rolled(3, 15, 9)
    sitting.dice = Dice([3])
    sitting.play("random-start", ADA)
    assert sitting.game.starter == 3
    assert sitting.game.order_roll is None
    assert sitting.dice.asked == [3]


def test_only_the_host_while_waiting() -> None:
    """Nobody else deals chairs out, and nobody once they are played in."""
    sitting = lobby()
    for name in ("roll-order", "random-start"):
        assert sitting.refusal(name, BEN) == "not-yours"
    sitting.play("start", ADA)
    for name in ("roll-order", "random-start"):
        assert sitting.refusal(name, ADA) == "wrong-status"


def test_a_free_seat_neither_rolls_nor_begins() -> None:
    """Unless nobody sits at all: then the pick is among all."""
    sitting = created(players=4)
    sitting.play("random-start", ADA)
    assert sitting.dice.asked == [4]
    sitting.play("claim-seat", ADA, seat=3)
    sitting.play("random-start", ADA)
    assert sitting.game.starter == 3
    assert sitting.refusal("roll-order", ADA) == "too-few"


# ---- how it is told


def shown(sitting: Sitting) -> Show:
    """How the newest moment unfolds."""
    show = show_of(sitting.game, sitting.game.moments[-1])
    assert show is not None
    return show


def tenths(since: tuple[int, int]) -> int:
    """Seconds and tenths as tenths."""
    return since[0] * 10 + since[1]


def test_the_roll_is_told_from_the_last_row_up() -> None:
    """Who begins is told at the very end, and that row comes first on the sheet."""
    show = shown(rolled(3, 9, 15))
    assert [row.number for row in show.rows] == [3, 2, 1]
    begins = [tenths(row.since) for row in show.rows]
    assert begins == sorted(begins, reverse=True)
    assert tenths(show.told) > max(begins)
    assert [row.first for row in show.rows] == [True, False, False]


def test_the_tied_throw_again_in_their_rows_before_the_tale_goes_on() -> None:
    """15 until the second throw, then 8: the row above waits for it."""
    show = shown(rolled(20, 15, 15, 8, 4))
    above, upper, lower = show.rows
    assert [[throw.faces[-1] for throw in row.throws] for row in (upper, lower)] == [
        [15, 8],
        [15, 4],
    ]
    again = {tenths(row.throws[1].since) for row in (upper, lower)}
    assert len(again) == 1
    assert {row.throws[0].until for row in (upper, lower)} == {upper.throws[1].since}
    assert max(tenths(row.throws[0].since) for row in (upper, lower)) < min(again)
    assert tenths(above.since) > min(again)


@given(st.integers(3, 8), st.integers(2, 20), st.integers(0, 10**6))
def test_any_roll_is_told_in_time(seats: int, sides: int, luck: int) -> None:
    """Eight seats and tie upon tie: there are seconds left to read it."""
    falls = Random(luck)
    chairs = list(range(1, seats + 1))
    rolls: dict[int, list[int]] = {number: [] for number in chairs}
    ranked = order._rank(chairs, rolls, lambda _die: falls.randint(1, sides))
    game = with_shared(seats).game
    data = {"order": "first", "rolls": [{"seat": n, "rolled": rolls[n]} for n in ranked]}
    show = show_of(game, Moment(1, T0, "order-roll", data))
    assert show is not None
    assert tenths(show.told) * 100 <= LONGEST_MS < MOMENT_MS - 3_000
    for row in show.rows:
        assert [throw.faces[-1] for throw in row.throws] == rolls[row.number]
        assert all(a.until == b.since for a, b in pairwise(row.throws))
        assert row.throws[-1].until is None


@given(st.integers(3, 999), st.data())
def test_a_die_shows_only_numbers_it_has(sides: int, data: st.DataObject) -> None:
    """No two alike in a row, so it is seen to turn; the last one is the roll."""
    roll = data.draw(st.integers(1, sides))
    faces = faces_of(roll, sides)
    assert faces[-1] == roll
    assert all(1 <= face <= sides for face in faces)
    assert all(a != b for a, b in pairwise(faces))


@pytest.mark.parametrize("players", [2, 3, 5, 8])
def test_the_light_stops_on_who_begins(players: int) -> None:
    """It passes every row, one after the other, ever more slowly, and the last time on the pick."""
    for pick in range(1, players + 1):
        sitting = lobby(2) if players == 2 else with_shared(players)
        sitting.dice = Dice([pick])
        sitting.play("random-start", ADA)
        show = shown(sitting)
        lit = sorted((tenths(at), row.number) for row in show.rows for at in row.lights)
        assert lit[-1] == (tenths(show.told), pick)
        assert tenths(show.told) * 100 <= LONGEST_MS
        assert [row.number for row in show.rows if row.first] == [pick]
        assert {number for _, number in lit} == set(range(1, players + 1))


def test_a_coin_and_a_word_have_no_numbers() -> None:
    """The coin is drawn as one; the others are only said."""
    sitting = lobby()
    sitting.play("roll-dice", BEN, sides="coin")
    assert show_of(sitting.game, sitting.game.moments[-1]) is None
    sitting.play("roll-dice", BEN, sides=6)
    throw = shown(sitting).throw
    assert isinstance(throw, Throw)
    assert throw.until is None


def test_it_is_said_in_words_too() -> None:
    """What the eyes see unfold, ears are told in a sentence."""
    sitting = rolled(15, 15, 3, 8, 4)
    assert words(sitting.game) == "Ada begins. Rolls: Ada 15 then 8, Ben 15 then 4, Cleo 3"
    sitting = rolled(3, 9, 15, order="all")
    assert words(sitting.game) == "Cleo begins. New order: Cleo 15, Ben 9, Ada 3"


def words(game: Game) -> str:
    """What the newest moment says."""
    return moment_views(game, game.last_at)[-1].words
