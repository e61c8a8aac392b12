"""Only newer pieces travel: whoever missed whatever must still end up with the whole table."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from jinja2.compiler import CodeGenerator

from app.channel.board import AGES_MS, Board
from app.factory import create_app, painters
from app.game import judge
from app.game.clock import remaining_grace_ms, remaining_ms, round_remaining_ms
from app.game.commands import COMMANDS
from app.game.game import MOMENT_MS, Game, new_game
from app.game.pieces import piece_views
from app.game.refusals import BadFields, Refusal, Stale
from app.game.rules.context import Surroundings
from app.game.table_settings import TableSettings
from app.game.view import seat_view
from app.settings import Settings
from tests.channel.pieces import (
    IDS,
    ages_ms,
    changed_ms,
    events,
    moments,
    offered_ms,
    offers,
    pieces,
    resting,
)

Paint = Callable[..., str]
HOST, GUEST, THIRD = "the-host", "the-guest", "the-third"
T0 = 1_760_000_000_000

NUMBER = st.integers(1, 4)
BY = st.sampled_from([-60, -7, -1, 1, 5])

#: Commands that show on a screen, with fields that mostly make sense.
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "claim-seat": {"seat": NUMBER, "name": st.sampled_from(["Ada", "Chloé", "<b>", ""])},
    "leave-seat": {},
    "start": {"empty_seats": st.sampled_from(["remove", "share"])},
    "pass-turn": {},
    "switch-turn": {"seat": NUMBER},
    "extra-turn": {},
    "ending-turn": {},
    "interrupt": {},
    "pass-priority": {"seat": NUMBER},
    "toggle-target": {"seat": NUMBER},
    "confirm-targets": {},
    "cancel-targets": {},
    "pass-target": {"seat": NUMBER},
    "undo": {},
    "extend-round": {"minutes": st.just(1), "reason": st.just("judge")},
    "pause": {"reason": st.sampled_from(["break", "rules"])},
    "resume": {},
    "finish": {"winner": st.sampled_from(["1", "2", "draw"]), "confirm": st.just("yes")},
    "reset": {"confirm": st.just("yes")},
    "adjust-life": {"seat": NUMBER, "by": BY},
    "adjust-counter": {"seat": NUMBER, "counter": st.just("poison"), "by": BY},
    "commander-damage": {"seat": NUMBER, "source": NUMBER, "by": BY},
    "set-marker": {"marker": st.sampled_from(["monarch", "initiative"]), "value": NUMBER},
    "roll-dice": {"sides": st.sampled_from(["20", "coin"])},
    "rename-seat": {"seat": NUMBER, "name": st.sampled_from(["Bo", "Zoë", "a & b"])},
    "recolor-seat": {"seat": NUMBER, "color": st.sampled_from(["lemon", "sky", "ember"])},
    "move-seat": {"seat": NUMBER, "by": st.sampled_from([-1, 1])},
    "add-seat": {},
    "remove-seat": {"seat": NUMBER},
    "eliminate": {"seat": NUMBER},
    "revive": {"seat": NUMBER},
    "penalty": {"seat": NUMBER},
    "kick": {"seat": NUMBER},
    "free-seat": {"seat": NUMBER},
    "share-seat": {"seat": NUMBER},
    "add-time": {"seat": NUMBER, "seconds": st.just(90)},
    "timeout-choice": {"seat": NUMBER, "choice": st.sampled_from(["drink", "die", "lose-life"])},
    "transfer-host": {"seat": NUMBER},
    "roll-order": {"order": st.sampled_from(["first", "all"])},
    "random-start": {},
    "rename-game": {"name": st.sampled_from(["Friday", "Game"])},
}
CLOCKS = ("bonus", "bonus", "delay", "hourglass", "byo-yomi", "count-up")
OFTEN = ("pass-turn", "pass-turn", "rename-seat", "rename-seat", "pause", "pause", "start")

COMMAND = st.sampled_from([*FIELDS, *OFTEN]).flatmap(
    lambda name: st.tuples(
        st.just(name), st.fixed_dictionaries(FIELDS[name]), st.sampled_from([HOST, GUEST, THIRD])
    )
)
STEP = st.one_of(
    COMMAND,
    COMMAND,
    COMMAND,
    st.tuples(st.just("wait"), st.sampled_from([20, 400, 3_000, 12_000, 70_000])),
    st.tuples(st.just("look"), st.integers(0, 2), st.booleans()),
)


@dataclass
class Screen:
    """A page somewhere: what it shows, and up to which version it was told."""

    version: int
    shown: dict[str, str]


@dataclass
class Evening:
    """A game that is played by drawn steps, its board, and three screens that look now and then."""

    paint: Paint
    #: As a page is painted, by Jinja as it comes; what is sent is compiled otherwise.
    plain: Paint
    game: Game
    at: int = T0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    screens: list[Screen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.board = Board(self.paint)
        self.board.update(self.game, self.at)
        self.screens = [Screen(self.game.version, self.fresh()) for _ in range(3)]

    def fresh(self) -> dict[str, str]:
        """Every piece as a page painted at this moment shows it."""
        game, paint = self.game, self.plain
        seats = {
            f"seat-{n}": paint("seat", seat=seat_view(game, n, self.at))
            if n in game.seats
            else paint("absent_seat", number=n)
            for n in range(1, 9)
        }
        return {
            **seats,
            **{name: paint(name, **{name: v}) for name, v in piece_views(game, self.at).items()},
        }

    def around(self) -> Surroundings:
        """Fair dice, everybody there."""
        return Surroundings(
            chance=lambda sides: self.chance.randint(1, sides),
            seats_there=frozenset(self.game.seats),
        )

    def play(self, name: str, fields: dict[str, Any], client: str) -> None:
        """A command, if the rules have it; the board hears of what came of it."""
        self.fall_due()
        try:
            form = {field: [str(value)] for field, value in fields.items()}
            command = COMMANDS[name].read(form, self.game.settings)
            self.game, _ = judge.decide(self.game, command, client, self.at, self.around())
        except (Refusal, BadFields, Stale):
            return
        self.board.update(self.game, self.at)

    def fall_due(self) -> None:
        """What happens by itself up to now."""
        self.game, _ = judge.advance(self.game, self.at, self.around())
        self.board.update(self.game, self.at)

    def look(self, number: int, *, fresh: bool) -> list[str]:
        """A screen is sent what is newer than what it has; ``fresh``: it comes back from sleep."""
        screen = self.screens[number]
        frame = self.board.frame(screen.version, self.at, fresh=fresh).event
        (html,) = events(frame)
        assert frame.startswith(f"id: {self.game.version}\nevent: table\ndata: <".encode())
        found = pieces(html)
        screen.shown |= found
        screen.version = self.game.version
        return [*found.values()]


@pytest.fixture(scope="module")
def paint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Paint, Paint]]:
    """The real painter with the real templates, and Jinja's own with the same ones."""
    folder = tmp_path_factory.mktemp("board")
    given_ = {"DATABASE_URL": f"sqlite:///{folder / 'board.sqlite3'}"}
    app = create_app(Settings.from_environment(given_, instance=folder))
    plain = app.jinja_env.overlay(cache_size=100)
    plain.code_generator_class = CodeGenerator

    def render(fragment: str, **given: Any) -> str:
        return plain.get_template(f"fragments/{fragment}.html").render(**given)

    yield painters(app)("en"), render
    app.extensions["table"].storage.close()


def evening(paint: tuple[Paint, Paint], control: str = "bonus") -> Evening:
    """Three people at a table of four with little time."""
    game = new_game(
        "K7QF2M",
        host=HOST,
        at=T0,
        name="",
        players=4,
        settings=TableSettings(time_control=control, starting_ms=100_000, round_ms=240_000),
        listed=False,
    )
    found = Evening(*paint, game)
    for number, client in enumerate((HOST, GUEST, THIRD), 1):
        found.play("claim-seat", {"seat": number}, client)
    found.play("start", {"empty_seats": "share"}, HOST)
    assert found.game.status == "running"
    return found


@given(st.lists(STEP, min_size=5, max_size=60), st.sampled_from(CLOCKS))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_any_screen_ends_up_with_the_whole_table(
    paint: tuple[Paint, Paint], steps: list[Any], control: str
) -> None:
    """However much a phone slept through: after one frame it shows what a fresh page shows."""
    table = evening(paint, control)
    for step in steps:
        note(str(step))
        if step[0] == "wait":
            table.at += step[1]
            table.fall_due()
        elif step[0] == "look":
            look(table, step[1], fresh=step[2])
        else:
            table.play(*step)
    for number in range(3):
        look(table, number, fresh=False)


def look(table: Evening, number: int, *, fresh: bool) -> None:
    """A screen looks, and shows what a page painted at this moment does."""
    sent = table.look(number, fresh=fresh)
    painted = {name: resting(html) for name, html in table.fresh().items()}
    shown = {name: resting(html) for name, html in table.screens[number].shown.items()}
    assert set(IDS) == set(shown)
    # A moment that is over may still stand there, spent; none that is fresh may be missing.
    happened = moments(painted.pop("moments"))
    assert happened.items() <= moments(shown.pop("moments")).items()
    assert offers(painted.pop("offers")) <= offers(shown.pop("offers"))
    assert painted == shown
    check_times(table, sent)


def check_times(table: Evening, sent: list[str]) -> None:
    """What a frame says of time must hold at the moment it is sent, not when it was painted."""
    game, at = table.game, table.at
    ages = {m.seq: at - m.at for m in game.moments if at - m.at < MOMENT_MS}
    for html in sent:
        for seq, age in ages_ms(html).items():
            assert seq in ages, f"moment {seq} is over and was sent as {age} ms old"
            assert 0 <= ages[seq] - age <= AGES_MS + 100
        round_ms = re.search(r'data-round-ms="(-?\d+)"', html)
        if round_ms:
            assert abs((round_remaining_ms(game, at) or 0) - int(round_ms[1])) <= AGES_MS
        for age in offered_ms(html):
            assert any(0 <= at - step.at - age <= AGES_MS + 100 for step in game.steps)
        found = re.match(r'<div id="seat-(\d)"', html)
        if not found or int(found[1]) not in game.seats:
            continue
        number = int(found[1])
        changed = changed_ms(html)
        if changed is not None:
            change = game.seats[number].change
            assert change is not None
            assert 0 <= at - change.at - changed <= AGES_MS + 100
        left = re.search(r'data-remaining-ms="(-?\d+)"', html)
        assert left
        assert abs(remaining_ms(game, number, at) - int(left[1])) <= AGES_MS
        grace = re.search(r'data-grace-ms="(\d+)"', html)
        expected = remaining_grace_ms(game, number, at)
        assert (expected is None) == (grace is None)
        if grace and expected is not None:
            assert abs(expected - int(grace[1])) <= AGES_MS


def test_a_name_that_changes_under_a_poster(paint: tuple[Paint, Paint]) -> None:
    """Whoever stopped the clocks may be renamed meanwhile: the poster must follow."""
    table = evening(paint)
    table.play("pause", {"reason": "rules"}, GUEST)
    look(table, 0, fresh=False)
    table.at += MOMENT_MS
    table.play("rename-seat", {"seat": 2, "name": "Zoë"}, HOST)
    look(table, 0, fresh=False)
    assert "Zoë stopped the clocks" in table.screens[0].shown["notice"]


def test_a_moment_is_shown_once_or_not_at_all(paint: tuple[Paint, Paint]) -> None:
    """A phone taken out of the pocket a minute later must not announce an old roll as news."""
    table = evening(paint)
    look(table, 0, fresh=False)
    table.play("roll-dice", {"sides": "20"}, HOST)
    table.at += 4_000
    rolled = table.game.moments[-1].seq
    look(table, 1, fresh=True)
    assert ages_ms(table.screens[1].shown["moments"])[rolled] == 4_000
    table.at += 60_000
    look(table, 0, fresh=True)
    assert "rolled" not in table.screens[0].shown["moments"]
