"""Rules, section 1: what a game and a seat are, their defaults and limits."""

from dataclasses import replace

import pytest

from app.game.game import CODE_LENGTH, CODE_LETTERS
from app.game.judge import MOST_ENTRIES
from app.game.refusals import BadFields
from app.game.seat import COLORS
from tests.game.cast import ADA, BEN, CLEO, CODE, HOUR, MINUTE, Sitting, created, order_of
from tests.game.cast import lobby as lobby_table
from tests.game.cast import paused as paused_table
from tests.game.cast import running as running_table


def test_a_new_game_has_the_defaults_of_the_rules() -> None:
    """People who fill in nothing get exactly this table."""
    game = created().game
    assert game.name == "Game"
    assert game.mode == "casual"
    assert not game.listed
    assert game.status == "waiting"
    assert list(game.order) == [1, 2, 3, 4]
    assert game.version == 0
    assert game.turn == 0
    assert game.grant == 0
    assert (game.host, game.creator) == (ADA, ADA)


def test_a_new_seat_has_the_defaults_of_the_rules() -> None:
    """A seat nobody touched: free, full bank, full life, nothing counted."""
    for number, seat in created().game.seats.items():
        assert seat.number == number
        assert seat.name == f"Player {number}"
        assert seat.holder is None
        assert seat.bank_ms == 20 * MINUTE
        assert seat.handicap_ms is None
        assert seat.life == 40
        assert (seat.poison, seat.energy, seat.experience, seat.drinks, seat.star) == (0,) * 5
        assert seat.damage is None
        assert seat.penalties == 0
        assert seat.is_in
        assert seat.grace_ms is None


def test_codes_have_six_letters_and_no_vowel() -> None:
    """No vowels: no words."""
    assert CODE_LENGTH == 6
    assert CODE_LETTERS == "BCDFGHJKLMNPQRSTVWXZ23456789"
    assert created().game.code == CODE


def test_there_are_twelve_colours_and_seats_differ() -> None:
    """Seats are told apart by colour from across the table."""
    assert len(COLORS) == 12
    assert len(set(COLORS)) == 12
    assert len({seat.color for seat in created(players=8).game.seats.values()}) == 8


@pytest.mark.parametrize("players", [2, 3, 8])
def test_a_table_has_two_to_eight_seats(players: int) -> None:
    """As many as were asked for, in turn order."""
    assert list(created(players=players).game.order) == list(range(1, players + 1))


@pytest.mark.parametrize("players", ["1", "9", "0", "-2", "two"])
def test_no_fewer_than_two_and_no_more_than_eight(players: str) -> None:
    """A chess clock for one is a stopwatch."""
    with pytest.raises(BadFields) as bad:
        created(players=players)
    assert set(bad.value.complaints) == {"players"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", "Game"),
        ("   ", "Game"),
        ("  Friday night ", "Friday night"),
        ("x" * 50, "x" * 50),
        (" " + "x" * 50 + " ", "x" * 50),
        ("<b>&amp;", "<b>&amp;"),
        ("Zoë \U0001f409", "Zoë \U0001f409"),
    ],
)
def test_a_game_name_is_kept_as_typed_but_trimmed(typed: str, stored: str) -> None:
    """Escaped only when shown; blank means the default."""
    assert created(name=typed).game.name == stored
    sitting = created(name="Before")
    sitting.play("rename-game", ADA, name=typed)
    assert sitting.game.name == stored


def test_a_game_name_has_at_most_50_characters() -> None:
    """The first limit a stranger tries."""
    assert created().complaints("rename-game", ADA, name="x" * 51) == {"name"}
    with pytest.raises(BadFields):
        created(name="x" * 51)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", "Player 2"),
        ("  ", "Player 2"),
        (" Ben ", "Ben"),
        ("x" * 20, "x" * 20),
        ("<script>alert(1)", "<script>alert(1)"),
    ],
)
def test_a_seat_name_is_kept_as_typed_but_trimmed(lobby: Sitting, typed: str, stored: str) -> None:
    """1 to 20 characters; blank brings the default back."""
    lobby.play("rename-seat", BEN, name=typed)
    assert lobby.seat(2).name == stored


def test_a_seat_name_has_at_most_20_characters(lobby: Sitting) -> None:
    """At claim and at renaming."""
    assert lobby.complaints("rename-seat", BEN, name="x" * 21) == {"name"}
    sitting = created()
    assert sitting.complaints("claim-seat", BEN, seat=2, name="x" * 21) == {"name"}


@pytest.mark.parametrize(
    "inside", ["\x00", "\n", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"]
)
def test_control_characters_are_refused_in_names(lobby: Sitting, inside: str) -> None:
    """They would break lines, logs and event streams."""
    assert lobby.complaints("rename-seat", BEN, name=f"B{inside}n") == {"name"}
    assert lobby.complaints("rename-game", ADA, name=f"B{inside}n") == {"name"}


def test_a_game_is_listed_only_when_asked(lobby: Sitting) -> None:
    """An unlisted game is joinable by code or link only."""
    assert created(listed="yes").game.listed
    assert not created(listed="no").game.listed
    lobby.play("update-settings", ADA, listed=["no", "yes"])
    assert lobby.game.listed


def test_the_mode_is_fixed_at_creation(lobby: Sitting) -> None:
    """A casual evening cannot become a campaign under way."""
    assert lobby.complaints("update-settings", ADA, mode="casual") == {"mode"}


def test_every_entry_counts_the_version_up_by_one_the_clocks_too() -> None:
    """Screens prove freshness by this number."""
    sitting = running_table(starting_seconds=10, on_timeout="skip")
    before = sitting.game.version
    sitting.play("adjust-life", BEN, 1_000, by=-1)
    assert sitting.game.version == before + 1
    assert len(sitting.wait(10_000)) == 1
    assert sitting.game.version == before + 2
    assert [entry.seq for entry in sitting.entries] == list(range(1, before + 3))


def test_the_host_reorders_seats_while_waiting(lobby: Sitting) -> None:
    """Seats keep their numbers; only the order of play changes."""
    lobby.play("move-seat", ADA, seat=3, by=-1)
    assert order_of(lobby.game.in_order()) == [1, 3, 2]
    lobby.play("move-seat", ADA, seat=1, by=7)
    assert order_of(lobby.game.in_order()) == [3, 2, 1]
    lobby.play("move-seat", ADA, seat=2, by=-7)
    assert order_of(lobby.game.in_order()) == [2, 3, 1]
    lobby.play("start", ADA)
    assert lobby.game.active == 2
    assert lobby.refusal("move-seat", ADA, seat=3, by=1) == "wrong-status"


def test_the_host_adds_seats_waiting_or_paused(lobby: Sitting) -> None:
    """A late friend gets a free seat, last in order, with a full bank; eight are the most."""
    lobby.play("add-seat", ADA)
    assert list(lobby.game.order) == [1, 2, 3, 4]
    assert not lobby.seat(4).is_taken
    lobby.play("start", ADA, empty_seats="share")
    assert lobby.refusal("add-seat", ADA, 1_000) == "wrong-status"
    lobby.play("pause", ADA)
    lobby.play("add-seat", ADA)
    assert lobby.seat(5).bank_ms == 20 * MINUTE
    assert lobby.seat(5).is_in
    for _ in range(3):
        lobby.play("add-seat", ADA)
    assert list(lobby.game.order) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len({seat.color for seat in lobby.game.seats.values()}) == 8
    assert lobby.refusal("add-seat", ADA) == "table-full"


def test_the_host_removes_free_seats_while_waiting(lobby: Sitting) -> None:
    """Nobody loses their chair by it, and two seats stay."""
    lobby.play("add-seat", ADA)
    assert lobby.refusal("remove-seat", ADA, seat=2) == "taken"
    lobby.play("remove-seat", ADA, seat=4)
    assert list(lobby.game.order) == [1, 2, 3]
    lobby.play("leave-seat", CLEO)
    lobby.play("remove-seat", ADA, seat=3)
    lobby.play("leave-seat", BEN)
    assert lobby.refusal("remove-seat", ADA, seat=2) == "too-few"
    assert paused_table().refusal("remove-seat", ADA, seat=2) == "wrong-status"


def test_a_shared_seat_is_not_free_to_be_removed(lobby: Sitting) -> None:
    """Somebody plays it on the table device; freed first, it may go."""
    lobby.play("add-seat", ADA)
    lobby.play("share-seat", ADA, seat=4)
    assert lobby.refusal("remove-seat", ADA, seat=4) == "shared"
    lobby.play("free-seat", ADA, seat=4)
    lobby.play("remove-seat", ADA, seat=4)
    assert list(lobby.game.order) == [1, 2, 3]


def test_a_removed_seat_keeps_no_marker(lobby: Sitting) -> None:
    """Handing on the monarch of a seat that no longer exists once broke the first concession."""
    lobby.play("add-seat", ADA)
    lobby.play("set-marker", ADA, marker="monarch", value=4)
    lobby.play("set-marker", ADA, marker="initiative", value=4)
    lobby.play("remove-seat", ADA, seat=4)
    assert lobby.game.monarch is None
    assert lobby.game.initiative is None
    lobby.play("start", ADA)
    lobby.play("concede", BEN)
    assert lobby.game.status == "running"


def test_a_seat_set_aside_at_the_start_keeps_no_marker() -> None:
    """Nobody could ever take it from there, and no screen shows that seat."""
    sitting = lobby_table()
    sitting.play("add-seat", ADA)
    sitting.play("set-marker", ADA, marker="monarch", value=4)
    sitting.play("start", ADA, empty_seats="remove")
    assert sitting.game.monarch is None


def test_a_taken_colour_swaps_while_waiting_and_is_refused_later(lobby: Sitting) -> None:
    """Before the start nobody minds; later a colour is somebody's face."""
    ada, ben = lobby.seat(1).color, lobby.seat(2).color
    lobby.play("recolor-seat", BEN, color=ada)
    assert (lobby.seat(1).color, lobby.seat(2).color) == (ben, ada)
    lobby.play("start", ADA)
    assert lobby.refusal("recolor-seat", BEN, color=ben) == "color-taken"
    lobby.play("recolor-seat", BEN, color="magenta")
    assert lobby.seat(2).color == "magenta"
    assert lobby.complaints("recolor-seat", BEN, color="beige") == {"color"}


def test_a_handicap_is_a_starting_time_of_ones_own(lobby: Sitting) -> None:
    """The host gives or takes it while waiting; it survives reset and a change of settings."""
    lobby.play("add-time", ADA, seat=2, minutes=5)
    lobby.play("take-time", ADA, seat=3, minutes=5, seconds=30)
    lobby.play("update-settings", ADA, starting_minutes=10)
    assert [lobby.seat(n).bank_ms for n in (1, 2, 3)] == [600_000, 1_500_000, 870_000]
    lobby.play("start", ADA)
    lobby.play("finish", ADA, 7_000, winner="draw", confirm="yes")
    lobby.play("reset", ADA, confirm="yes")
    assert [lobby.seat(n).bank_ms for n in (1, 2, 3)] == [600_000, 1_500_000, 870_000]


@pytest.mark.parametrize("status", ["waiting", "running"])
def test_a_bank_never_exceeds_24_hours(status: str) -> None:
    """Neither by gifts nor by a bonus, and the ledger tells what was really given."""
    sitting = created(starting_minutes=24 * 60 - 30)
    for number, client in ((1, ADA), (2, BEN), (3, CLEO), (4, "fourth")):
        sitting.play("claim-seat", client, seat=number)
    if status == "running":
        sitting.play("start", ADA)
    gift = sitting.play("add-time", ADA, seat=2, minutes=60)
    assert sitting.seat(2).bank_ms == 24 * HOUR
    assert gift.facts["ms"] == 30 * MINUTE
    if status == "running":
        sitting.play("pass-turn", ADA)
        assert sitting.seat(2).bank_ms == 24 * HOUR


def test_life_stays_between_minus_999_and_9999(lobby: Sitting) -> None:
    """More than a screen can show is clamped, and the ledger tells the true difference."""
    assert lobby.play("adjust-life", ADA, seat=2, by=10_000).facts["by"] == 9959
    assert lobby.seat(2).life == 9999
    lobby.play("adjust-life", ADA, seat=2, by=-10_998)
    assert lobby.seat(2).life == -999
    assert lobby.play("adjust-life", ADA, seat=2, by=-1).facts["by"] == 0


@pytest.mark.parametrize("counter", ["energy", "experience", "drinks", "star", "poison"])
def test_counters_stay_between_0_and_999(lobby: Sitting, counter: str) -> None:
    """More is clamped, not refused: a thumb held down is no mistake."""
    lobby.play("adjust-counter", ADA, seat=2, counter=counter, by=999)
    assert lobby.play("adjust-counter", ADA, seat=2, counter=counter, by=5).facts["by"] == 0
    assert getattr(lobby.seat(2), counter) == 999
    lobby.play("adjust-counter", ADA, seat=2, counter=counter, by=-998)
    lobby.play("adjust-counter", ADA, seat=2, counter=counter, by=-5)
    assert getattr(lobby.seat(2), counter) == 0


def test_a_seat_outlives_the_person_in_it(running: Sitting) -> None:
    """Its clock, life and turn belong to the seat."""
    running.play("adjust-life", BEN, by=-7)
    running.play("pass-turn", ADA, 1_000)
    running.play("leave-seat", BEN, 5_000)
    assert running.game.active == 2
    running.play("claim-seat", "newcomer", 6_000, seat=2)
    assert running.seat(2).life == 33
    assert running.bank(2, 6_000) == 20 * MINUTE + 30_000 - 5_000


def test_a_ledger_of_20_000_entries_takes_only_what_ends_a_game() -> None:
    """What the clock does still happens; nobody fills a disk by tapping."""
    sitting = running_table(starting_seconds=60)
    sitting.game = replace(sitting.game, version=MOST_ENTRIES - 1)
    sitting.play("adjust-life", BEN, 1_000, by=-1)
    assert 20_000 == sitting.game.version
    for name, client in (("pass-turn", ADA), ("adjust-life", BEN), ("undo", BEN)):
        fields = {"by": -1} if name == "adjust-life" else {}
        assert sitting.refusal(name, client, 2_000, **fields) == "too-long"
    sitting.wait(2 * MINUTE)
    assert sitting.seat(1).out == "time"
    sitting.play("finish", ADA, 3 * MINUTE, winner="draw", confirm="yes")
    sitting.play("leave-seat", BEN, 4 * MINUTE)
    assert sitting.refusal("reset", ADA, 5 * MINUTE, confirm="yes") == "too-long"


def test_a_running_game_reaches_every_status() -> None:
    """waiting, running, paused, running, finished, waiting again, closed for good."""
    sitting = running_table()
    seen = [sitting.game.status]
    for name, fields in (
        ("pause", {}),
        ("resume", {}),
        ("finish", {"winner": 3, "confirm": "yes"}),
        ("reset", {"confirm": "yes"}),
        ("close", {"confirm": "yes"}),
    ):
        sitting.play(name, ADA, **fields)
        seen.append(sitting.game.status)
    assert seen == ["running", "paused", "running", "finished", "waiting", "closed"]
