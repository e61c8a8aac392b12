"""Rules, section 10: claiming, leaving, shared seats, moving to another phone, onlookers."""

from collections.abc import Callable

import pytest

from app.game.you import acts_as, you_of
from tests.game.cast import ADA, BEN, CLEO, DORA, MINUTE, TABLET, Sitting, choosing, created
from tests.game.cast import lobby as lobby_table
from tests.game.cast import running as running_table


def test_a_free_seat_is_claimed_under_a_name_or_not() -> None:
    """Anybody with the code sits down, and every screen says so."""
    sitting = created()
    sitting.play("claim-seat", BEN, seat=2)
    sitting.play("claim-seat", CLEO, seat=4, name=" Cleo ")
    assert (sitting.seat(2).holder, sitting.seat(2).name) == (BEN, "Player 2")
    assert (sitting.seat(4).holder, sitting.seat(4).name) == (CLEO, "Cleo")
    assert sitting.moments() == [("joined", {"seat": 2}), ("joined", {"seat": 4})]


def test_one_seat_per_client_claiming_another_while_waiting_moves_me(lobby: Sitting) -> None:
    """My name comes along; the old seat is free again under its own."""
    lobby.play("add-seat", ADA)
    lobby.play("claim-seat", BEN, seat=4)
    assert lobby.seat(2).holder is None
    assert lobby.seat(2).name == "Player 2"
    assert (lobby.seat(4).holder, lobby.seat(4).name) == (BEN, "Ben")
    lobby.play("leave-seat", BEN)
    lobby.play("claim-seat", BEN, seat=2)
    lobby.play("claim-seat", BEN, seat=4)
    assert lobby.seat(4).name == "Player 4"


def test_after_the_start_i_must_leave_my_seat_first(running: Sitting) -> None:
    """Nobody hops to the fuller clock by mistake."""
    running.play("leave-seat", CLEO)
    assert running.refusal("claim-seat", BEN, seat=3) == "seated"
    running.play("pause", ADA)
    assert running.refusal("claim-seat", BEN, seat=3) == "seated"
    assert running.seat(2).holder == BEN


def test_a_taken_seat_is_refused_with_the_reason(lobby: Sitting) -> None:
    """By name, so that people look up from their phones."""
    assert lobby.refusal("claim-seat", DORA, seat=2) == "taken"
    assert lobby.sentence("claim-seat", DORA, seat=2) == "Ben is sitting there."
    lobby.play("add-seat", ADA)
    lobby.play("share-seat", ADA, seat=4)
    assert lobby.refusal("claim-seat", DORA, seat=4) == "shared"
    assert lobby.complaints("claim-seat", DORA, seat=5) == {"seat"}


def test_claiming_my_own_seat_again_is_no_error(running: Sitting) -> None:
    """A double tap; with a name it renames."""
    running.play("claim-seat", BEN, seat=2)
    assert running.seat(2).name == "Ben"
    running.play("claim-seat", BEN, seat=2, name="Benno")
    assert (running.seat(2).holder, running.seat(2).name) == (BEN, "Benno")


def test_a_seat_is_claimed_running_and_paused_but_not_once_finished(running: Sitting) -> None:
    """A latecomer takes over a chair somebody left."""
    running.play("leave-seat", BEN)
    running.play("claim-seat", "late", seat=2)
    running.play("pause", ADA)
    running.play("leave-seat", CLEO)
    running.play("claim-seat", "later", seat=3)
    running.play("leave-seat", "later")
    running.play("finish", ADA, winner="draw", confirm="yes")
    assert running.refusal("claim-seat", "latest", seat=3) == "wrong-status"


@pytest.mark.parametrize("name", ["leave-seat", "kick", "free-seat"])
def test_a_seat_without_its_person_stays_in_with_its_clock(running: Sitting, name: str) -> None:
    """The evening goes on; while playing it keeps its name too."""
    running.play("pass-turn", ADA, 1_000)
    if name == "leave-seat":
        running.play(name, BEN, 2_000)
    else:
        running.play(name, ADA, 2_000, seat=2)
    seat = running.seat(2)
    assert seat.holder is None
    assert seat.is_in
    assert seat.name == "Ben"
    assert running.game.active == 2
    assert running.bank(2, 5_000) == 20 * MINUTE + 30_000 - 4_000


def test_who_was_kicked_does_not_come_back(running: Sitting) -> None:
    """In that game, by claim or by an old link."""
    running.play("kick", ADA, seat=2)
    assert running.refusal("claim-seat", BEN, seat=2) == "not-yours"
    assert running.refusal("pass-turn", BEN) == "not-yours"
    running.play("claim-seat", DORA, seat=2)
    running.play("reset", ADA, confirm="yes")
    running.play("leave-seat", DORA)
    assert running.refusal("claim-seat", BEN, seat=2) == "not-yours"
    with pytest.raises(Exception, match="shown you out"):
        running.take_over(1, BEN)


def test_kick_needs_somebody_and_never_the_host(running: Sitting) -> None:
    """An empty chair cannot be shown out, nor can the host."""
    running.play("leave-seat", CLEO)
    assert running.refusal("kick", ADA, seat=3) == "nobody-there"
    assert running.refusal("kick", ADA, seat=1) == "host"


def test_free_seat_makes_an_absent_holders_seat_claimable(running: Sitting) -> None:
    """Unlike kick, the holder may come back to it."""
    running.seats_there = frozenset({1, 2})
    running.play("free-seat", ADA, seat=3)
    assert running.refusal("free-seat", ADA, seat=3) == "free-already"
    running.play("claim-seat", CLEO, seat=3)
    assert running.seat(3).holder == CLEO


@pytest.mark.parametrize("table", [lobby_table, running_table])
def test_share_seat_works_on_free_or_absent_seats(table: Callable[[], Sitting]) -> None:
    """Before and during play; not under somebody who is there, and not twice."""
    sitting = table()
    sitting.seats_there = frozenset({1, 2})
    assert sitting.refusal("share-seat", ADA, seat=2) == "taken"
    sitting.play("share-seat", ADA, seat=3)
    assert (sitting.seat(3).shared, sitting.seat(3).holder) == (True, None)
    assert sitting.refusal("share-seat", ADA, seat=3) == "shared"
    sitting.play("leave-seat", BEN)
    sitting.play("share-seat", ADA, seat=2)
    sitting.play("free-seat", ADA, seat=2)
    sitting.play("claim-seat", BEN, seat=2)
    assert not sitting.seat(2).shared


def with_tablet() -> Sitting:
    """Four seats; 3 and 4 are played on a tablet in the middle."""
    sitting = lobby_table(4)
    sitting.play("leave-seat", CLEO)
    sitting.play("share-seat", ADA, seat=3)
    sitting.play("share-seat", ADA, seat=4)
    sitting.take_over(0, TABLET)
    sitting.play("start", ADA)
    return sitting


def test_shared_seats_are_played_by_the_host_until_a_table_device_is_there() -> None:
    """By default the host's own browser is the one in the middle."""
    sitting = running_table(4)
    assert acts_as(sitting.game, ADA) == [4]
    sitting.play("adjust-life", ADA, as_=4, by=-3)
    assert sitting.seat(4).life == 37
    assert acts_as(with_tablet().game, ADA) == []


def test_the_table_device_plays_the_shared_seats() -> None:
    """Turn, choice, life, concession: each for the seat it names."""
    sitting = with_tablet()
    assert acts_as(sitting.game, TABLET) == [3, 4]
    sitting.play("pass-turn", ADA)
    sitting.play("pass-turn", BEN)
    assert sitting.play("pass-turn", TABLET, as_=3).by == 3
    assert sitting.game.active == 4
    sitting.play("adjust-life", TABLET, as_=4, by=-2)
    assert sitting.seat(4).life == 38
    sitting.play("rename-seat", TABLET, as_=3, name="Guest")
    sitting.play("concede", TABLET, as_=4)
    assert sitting.seat(4).out == "conceded"


def test_the_table_device_has_no_powers_beyond_its_seats() -> None:
    """No host powers, and no other seat than the one it says, or the first one."""
    sitting = with_tablet()
    assert sitting.refusal("pass-turn", TABLET, as_=3) == "not-yours"
    assert sitting.refusal("adjust-life", TABLET, as_=3, seat=4, by=-1) == "not-yours"
    assert sitting.refusal("adjust-life", TABLET, as_=1, by=-1) == "not-yours"
    assert sitting.refusal("adjust-life", TABLET, seat=4, by=-1) == "not-yours"
    assert sitting.refusal("kick", TABLET, as_=3, seat=2) == "not-yours"
    assert sitting.refusal("add-time", TABLET, as_=3, seat=3, minutes=1) == "not-yours"
    assert sitting.refusal("leave-seat", TABLET, as_=3) == "shared"


def test_the_table_device_speaks_for_the_table() -> None:
    """The tablet in the middle stops the clocks and rolls dice without saying for which seat."""
    sitting = with_tablet()
    assert sitting.play("roll-dice", TABLET, sides=6).by == 3
    assert sitting.play("pause", TABLET, reason="judge").by == 3
    assert sitting.play("resume", TABLET).by == 3


@pytest.mark.parametrize("client", [ADA, BEN, DORA])
def test_nobody_else_plays_a_shared_seat(client: str) -> None:
    """Not even the host, unless the host's browser is the table device."""
    sitting = with_tablet()
    assert sitting.refusal("roll-dice", client, as_=3, sides=6) == "not-yours"
    assert sitting.refusal("pass-turn", client, as_=4) == "not-yours"


def test_as_ones_own_seat_is_oneself(running: Sitting) -> None:
    """A page that always says who acts."""
    assert running.play("adjust-life", BEN, as_=2, by=-1).by == 2
    assert running.refusal("adjust-life", BEN, as_=3, by=-1) == "not-yours"


def test_a_kicked_table_device_is_the_host_again() -> None:
    """Whoever was shown out does not keep playing from the middle."""
    sitting = lobby_table(4)
    sitting.play("share-seat", ADA, seat=4)
    sitting.take_over(0, BEN)
    sitting.play("kick", ADA, seat=2)
    assert acts_as(sitting.game, BEN) == []
    assert acts_as(sitting.game, ADA) == [4]


def test_a_seat_moves_to_another_phone_with_its_clock_and_choice() -> None:
    """By a good token; the old browser becomes an onlooker."""
    sitting = choosing(seat=2)
    sitting.take_over(2, "bens-new-phone")
    assert sitting.refusal("timeout-choice", BEN, choice="drink") == "not-yours"
    sitting.play("timeout-choice", "bens-new-phone", choice="drink")
    assert sitting.game.active == 2


def test_moving_a_hosts_seat_moves_the_hostship(running: Sitting) -> None:
    """And the right to take it back."""
    running.take_over(1, "adas-new-phone")
    assert running.game.host == "adas-new-phone"
    assert running.game.creator == "adas-new-phone"
    assert running.refusal("penalty", ADA, seat=2) == "not-yours"
    running.play("penalty", "adas-new-phone", seat=2)


def test_a_phone_has_one_seat_also_by_link(running: Sitting) -> None:
    """Opening a friend's link does not give a second seat."""
    with pytest.raises(Exception, match="Leave it first"):
        running.take_over(3, BEN)
    assert running.seat(3).holder == CLEO


def test_spectators_control_nothing(running: Sitting) -> None:
    """They see everything; the one thing they may do is sit down."""
    assert you_of(running.game, DORA).startswith("0-")
    for name, fields in (
        ("roll-dice", {"sides": 6}),
        ("set-marker", {"marker": "monarch", "value": 1}),
        ("pause", {}),
        ("adjust-life", {"seat": 1, "by": -1}),
        ("leave-seat", {}),
    ):
        assert running.refusal(name, DORA, **fields) == "not-yours"


def test_away_for_hours_nothing_is_lost(running: Sitting) -> None:
    """A phone that drops keeps its seat, and so does the host."""
    running.seats_there = frozenset()
    running.host_away_ms = 10 * 60 * MINUTE
    running.play("pause", ADA, 1_000)
    running.play("resume", BEN, 10 * 60 * MINUTE)
    assert [running.seat(n).holder for n in (1, 2, 3)] == [ADA, BEN, CLEO]
    assert running.game.host == ADA
