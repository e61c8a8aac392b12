"""Who is there (rules section 12), and what follows when nobody is."""

from dataclasses import dataclass

import pytest

from app.game.commands import (
    ClaimSeat,
    LeaveSeat,
    PassTurn,
    ShareSeat,
    Start,
    TakeHost,
    TransferHost,
)
from app.game.refusals import Refusal
from app.table.presence import REMEMBERED, view_presence
from tests.table.evening import ANN, BANK, BEN, HOST, HOUR, MINUTE, ONLOOKER, SECOND, Evening

LONG = {"starting_ms": 2 * HOUR}


def there(evening: Evening, code: str) -> set[int]:
    """The seats that are there now."""
    hot = evening.hot(code)
    return set(hot.presence.seats_there(hot.game, evening.clock.at))


def test_a_request_counts_for_ten_minutes(evening: Evening) -> None:
    """A phone in the pocket between two turns is still at the table."""
    code = evening.start(**LONG)
    assert {1, 2, 3} == there(evening, code)
    evening.later(5 * MINUTE)
    evening.request(code, ANN)
    evening.later(5 * MINUTE - 1)
    assert {1, 2, 3} == there(evening, code)
    evening.go(1)
    assert {2} == there(evening, code)


def test_an_open_channel_counts_as_long_as_it_is_open(evening: Evening) -> None:
    """Watching the table is being at it, however long a turn takes."""
    code = evening.start(**LONG)
    evening.connect(code, BEN)
    evening.later(15 * MINUTE)
    assert {3} == there(evening, code)
    evening.hang_up(code, BEN)
    assert set() == there(evening, code)


def test_two_tabs_are_one_person(evening: Evening) -> None:
    """One of them closed: the person is still there."""
    code = evening.start(**LONG)
    evening.connect(code, BEN)
    evening.connect(code, BEN)
    evening.later(15 * MINUTE)
    evening.hang_up(code, BEN)
    assert {3} == there(evening, code)
    evening.hang_up(code, BEN)
    evening.hang_up(code, BEN)  # one too many must not count below none
    evening.connect(code, BEN)
    assert {3} == there(evening, code)


def test_the_game_pauses_when_nobody_is_left(evening: Evening) -> None:
    """From that instant, nothing back-dated: the forgotten clock ran, as everybody saw it."""
    code = evening.start(**LONG)
    version = evening.stored(code).version
    evening.later(30 * MINUTE)
    # The last request was at noon: there until 10 minutes past, gone for the 10 after that.
    assert [("paused", 20 * MINUTE)] == evening.story(code, version)
    game = evening.stored(code)
    assert ("paused", "away", "clock") == (game.status, game.pause.reason, game.pause.by)  # type: ignore[union-attr]
    assert [2 * HOUR - 20 * MINUTE, 2 * HOUR] == [game.seats[n].bank_ms for n in (1, 2)]


def test_the_last_channel_to_close_begins_the_wait(evening: Evening) -> None:
    """Not the last press: people watch longer than they press."""
    code = evening.start(**LONG)
    version = evening.stored(code).version
    evening.connect(code, ANN)
    evening.connect(code, BEN)
    evening.later(25 * MINUTE)
    evening.hang_up(code, ANN)
    evening.later(5 * MINUTE)
    evening.hang_up(code, BEN)
    evening.later(15 * MINUTE)
    assert [("paused", 40 * MINUTE)] == evening.story(code, version)


def test_somebody_who_comes_back_stops_the_wait(evening: Evening) -> None:
    """One of the players is enough, whoever's turn it is."""
    code = evening.start(**LONG)
    evening.later(19 * MINUTE)
    evening.request(code, BEN)
    evening.later(15 * MINUTE)
    assert "running" == evening.stored(code).status


def test_viewers_do_not_count(evening: Evening) -> None:
    """A screen on the wall would keep a forgotten game running all night."""
    code = evening.start(**LONG)
    version = evening.stored(code).version
    evening.connect(code, ONLOOKER)
    evening.later(25 * MINUTE)
    assert [("paused", 20 * MINUTE)] == evening.story(code, version)


def test_a_host_without_a_seat_is_a_viewer(evening: Evening) -> None:
    """Whoever only set the game up does not hold it open."""
    code = evening.create(2, **LONG)
    for number, client in ((1, ANN), (2, BEN)):
        evening.play(code, ClaimSeat(seat=number), client)
    evening.play(code, Start(), HOST)
    evening.connect(code, HOST)
    evening.later(25 * MINUTE)
    assert ("paused", 20 * MINUTE) == evening.story(code)[-1]


def test_shared_seats_are_there_with_the_table_device(evening: Evening) -> None:
    """One phone in the middle of the table plays for all who share it."""
    code = evening.create(3, **LONG)
    for number in (1, 2, 3):
        evening.play(code, ShareSeat(seat=number), HOST)
    evening.play(code, Start(), HOST)
    evening.connect(code, HOST)
    evening.later(25 * MINUTE)
    assert {1, 2, 3} == there(evening, code)
    assert "running" == evening.stored(code).status
    evening.hang_up(code, HOST)
    evening.later(15 * MINUTE)
    assert ("paused", 35 * MINUTE) == evening.story(code)[-1]


def test_the_wait_is_the_hosts_choice(evening: Evening) -> None:
    """Shorter, or off."""
    short = evening.start(**LONG, auto_pause_ms=MINUTE)
    off = evening.start(**LONG, auto_pause_ms=0)
    evening.later(40 * MINUTE)
    assert ("paused", 11 * MINUTE) == evening.story(short)[-1]
    assert "running" == evening.stored(off).status
    assert 2 * HOUR - 40 * MINUTE == evening.bank(off, 1)


def test_after_a_restart_presence_begins_anew(evening: Evening) -> None:
    """The server was away, not the people: they get the whole wait to come back."""
    code = evening.start(**LONG)
    evening.later(19 * MINUTE)
    evening.restart(20 * SECOND)
    version = evening.stored(code).version
    back = 19 * MINUTE + 20 * SECOND
    evening.later(15 * MINUTE)
    assert ("paused", back + 10 * MINUTE) == evening.story(code, version)[-1]


def test_a_phone_just_too_late_finds_the_game_paused(evening: Evening) -> None:
    """What fell due happens first, also when the timekeeper has not been there yet."""
    code = evening.start(**LONG)
    evening.later(20 * MINUTE - SECOND)
    evening.wait(SECOND + 100)
    game = evening.request(code, ANN)
    assert "paused" == game.status
    assert ("paused", 20 * MINUTE) == evening.story(code)[-1]


def test_a_phone_just_in_time_keeps_it_running(evening: Evening) -> None:
    """At the door a millisecond before the instant is in time."""
    code = evening.start(**LONG)
    evening.later(20 * MINUTE - SECOND)
    evening.wait(SECOND + 100)
    evening.request(code, ANN, evening.clock.at - 101)
    evening.later(5 * MINUTE)
    assert "running" == evening.stored(code).status


def test_the_hosts_place_can_be_taken_after_five_minutes(evening: Evening) -> None:
    """A table must not be stuck with a host who went home; one minute ahead all are told."""
    code = evening.start(**LONG)
    evening.connect(code, HOST)
    evening.connect(code, ANN)
    evening.later(20 * MINUTE)
    assert (False, False, "") == away(evening, code)
    evening.hang_up(code, HOST)
    evening.later(4 * MINUTE - 1)
    assert (False, False, "") == away(evening, code)
    evening.go(1)
    assert (True, False) == away(evening, code)[:2]
    evening.later(MINUTE - 1)
    with pytest.raises(Refusal, match="still here"):
        evening.play(code, TakeHost(), ANN)
    evening.go(1)
    assert (True, True) == away(evening, code)[:2]
    evening.play(code, TakeHost(), ANN)
    assert ANN == evening.stored(code).host


def test_a_host_who_is_back_stops_it(evening: Evening) -> None:
    """And the wait begins anew from then."""
    code = evening.start(**LONG)
    evening.later(5 * MINUTE - SECOND)
    evening.request(code, HOST)
    evening.later(4 * MINUTE)
    with pytest.raises(Refusal, match="still here"):
        evening.play(code, TakeHost(), ANN)


def test_the_creator_may_take_the_place_back(evening: Evening) -> None:
    """At any time, whoever is there."""
    code = evening.start(**LONG)
    evening.play(code, TransferHost(seat=2), HOST)
    evening.connect(code, ANN)
    evening.play(code, TakeHost(), HOST)
    assert HOST == evening.stored(code).host


def test_a_restart_does_not_make_the_host_absent(evening: Evening) -> None:
    """Five minutes of not being heard count from when the server could hear."""
    code = evening.start(**LONG)
    evening.restart(HOUR)
    evening.later(5 * MINUTE - SECOND)
    assert not away(evening, code)[1]
    evening.go(SECOND)
    assert away(evening, code)[1]


def test_screens_are_told_which_seats_are_silent(evening: Evening) -> None:
    """A tile turns hollow after 20 s without a channel or a request; a viewer has no tile."""
    code = evening.start(**LONG)
    evening.connect(code, ANN)
    evening.go(20 * SECOND)
    hot = evening.hot(code)
    assert "" == view_presence(hot.presence, hot.game, evening.clock.at).away
    evening.go(1)
    assert "1 3" == view_presence(hot.presence, hot.game, evening.clock.at).away


def test_onlookers_are_forgotten_before_memory_grows(evening: Evening) -> None:
    """They come and go all evening; whoever has a place is kept, however silent."""
    code = evening.start(**LONG)
    evening.connect(code, ANN)
    evening.later(11 * MINUTE)
    for number in range(3 * REMEMBERED):
        evening.connect(code, f"passer-by {number}")
        evening.hang_up(code, f"passer-by {number}")
    evening.later(11 * MINUTE)
    evening.connect(code, ONLOOKER)
    evening.hang_up(code, ONLOOKER)
    remembered = set(evening.hot(code).presence.clients)
    assert {ANN, BEN, HOST} <= remembered
    assert len(remembered) <= REMEMBERED + 1
    assert {2} == there(evening, code)


def test_a_channel_the_storage_refused_is_not_counted(evening: Evening) -> None:
    """Whoever was turned away never closes the channel: it would be there for ever."""
    code = evening.start(**LONG)
    evening.restart(3 * SECOND)
    evening.request(code, ONLOOKER)  # the game is held: the host's phone is waited for
    with evening.broken(), pytest.raises(Refusal):
        evening.connect(code, HOST)
    assert not evening.hot(code).presence.has_channel(HOST)


def test_leaving_the_last_seat_ends_the_presence_of_its_holder(evening: Evening) -> None:
    """A seat nobody holds is nobody's presence, whatever channels its old holder has."""
    code = evening.start(**LONG)
    for client in (HOST, ANN, BEN):
        evening.connect(code, client)
        evening.play(code, LeaveSeat(), client)
    assert set() == there(evening, code)
    version = evening.stored(code).version
    evening.later(11 * MINUTE)
    assert [("paused", 10 * MINUTE)] == evening.story(code, version)
    assert 2 * HOUR - 10 * MINUTE == evening.stored(code).seats[1].bank_ms


def test_passing_keeps_the_wait_where_it_belongs(evening: Evening) -> None:
    """A press is a sign of life of the one who pressed."""
    code = evening.start(**LONG)
    evening.later(15 * MINUTE)
    evening.play(code, PassTurn(turn=1), HOST)
    assert {1} == there(evening, code)
    evening.later(19 * MINUTE)
    assert "running" == evening.stored(code).status
    assert BANK < evening.bank(code, 2)


def away(evening: Evening, code: str) -> tuple[bool, bool, str]:
    """What the screens say of the host: announced, may be taken, the words."""
    view = evening.table.presence_view(code)
    return view.host_away, view.may_take, view.words


# ---- the way to the phones (rules section 14)


@dataclass
class Socket:
    """What is known of an open socket."""

    round_trip_ms: float | None
    ended: bool = False


def plug_in(evening: Evening, code: str, client: str, took_ms: float | None) -> Socket:
    """A browser's socket, measured."""
    evening.connect(code, client)
    socket = Socket(took_ms)
    evening.hot(code).presence.plugged_in(client, socket)
    return socket


def lags(evening: Evening, code: str) -> list[float]:
    """The round trips to the three seats, as the rules are told."""
    hot = evening.hot(code)
    return [hot.presence.lag_of(hot.game, number) for number in (1, 2, 3)]


def test_the_way_to_a_phone_is_known_once_all_have_a_socket(evening: Evening) -> None:
    """One that has gone, or hears server-sent events only, and nobody's way counts."""
    code = evening.start()
    plug_in(evening, code, HOST, 20.0)
    plug_in(evening, code, ANN, 180.5)
    evening.connect(code, BEN)
    assert [0, 0, 0] == lags(evening, code)
    bens = plug_in(evening, code, BEN, None)
    assert [20.0, 180.5, 0] == lags(evening, code)
    bens.ended = True
    assert [0, 0, 0] == lags(evening, code)
    plug_in(evening, code, BEN, 70.0)
    assert [20.0, 180.5, 70.0] == lags(evening, code)


def test_of_several_sockets_the_quickest_counts(evening: Evening) -> None:
    """A second one that answers late gains nothing."""
    code = evening.start()
    for client in (HOST, ANN, BEN):
        plug_in(evening, code, client, 90.0)
    slow = plug_in(evening, code, ANN, 290.0)
    quick = plug_in(evening, code, ANN, 10.0)
    assert 10.0 == lags(evening, code)[1]
    presence = evening.hot(code).presence
    presence.unplugged(ANN, quick)
    assert 90.0 == lags(evening, code)[1]
    presence.unplugged(ANN, slow)
    presence.unplugged(ANN, slow)
    assert 90.0 == lags(evening, code)[1]


def test_a_tap_gives_the_next_phone_its_way(evening: Evening) -> None:
    """From the sockets to the ledger."""
    code = evening.start(lag_credit=True, bonus_ms=0)
    for client, took_ms in ((HOST, 10.0), (ANN, 180.9), (BEN, 30.0)):
        plug_in(evening, code, client, took_ms)
    evening.go(SECOND)
    evening.play(code, PassTurn(), HOST)
    evening.go(2 * SECOND)
    evening.play(code, PassTurn(), ANN)
    assert BANK - 2 * SECOND + 180 == evening.bank(code, 2)
    assert {"lag": {2: 180}} == [*evening.storage.ledger(code)][-1].free
