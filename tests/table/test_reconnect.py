"""Reconnect tokens (rules section 10): a seat moves to another phone, and to nobody else's."""

from functools import partial

import pytest

from app.game.commands import (
    ClaimSeat,
    Close,
    Finish,
    FreeSeat,
    Kick,
    LeaveSeat,
    PassTurn,
    ShareSeat,
    Start,
    TransferHost,
)
from app.game.refusals import Kind, Refusal
from app.table import reconnect
from app.table.codes import hash_token
from app.table.play import Outcome
from tests.table.evening import (
    ANN,
    BEN,
    HOST,
    HOUR,
    MINUTE,
    ONLOOKER,
    SECOND,
    Evening,
    outcome_of,
    together,
)

NEW = "a new phone"


def take(evening: Evening, code: str, token: str, client: str = NEW) -> Outcome:
    """The new phone presses the button of the link."""
    return reconnect.take_over(evening.table, code, token, client, evening.clock.at)


def is_good(evening: Evening, code: str, token: str) -> bool:
    """Whether the link still opens."""
    opened = outcome_of(partial(reconnect.place_of, evening.table, code, token))
    assert isinstance(opened, int) or opened.code in ("bad-token", "closed")
    return isinstance(opened, int)


def claimed(evening: Evening, code: str, number: int, client: str) -> str:
    """Sit down; the token that is minted by it."""
    token = evening.play(code, ClaimSeat(seat=number), client).token
    assert token is not None
    return token


def test_the_seat_moves_and_the_old_phone_watches(evening: Evening) -> None:
    """An empty battery must not cost anybody the game."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    outcome = take(evening, code, token)
    game = evening.stored(code)
    assert (NEW, None) == (game.seats[2].holder, game.seat_of(ANN))
    assert game == outcome.game
    assert [code] == [mine.code for mine in evening.storage.games_of(NEW, 5)]
    assert [] == evening.storage.games_of(ANN, 5)
    evening.play(code, PassTurn(turn=1), HOST)
    with pytest.raises(Refusal, match="watching"):
        evening.play(code, PassTurn(turn=2), ANN)
    evening.play(code, PassTurn(turn=2), NEW)


def test_only_the_hash_rests(evening: Evening) -> None:
    """Whoever gets hold of a backup cannot take anybody's seat with it."""
    code = evening.create()
    tokens = [claimed(evening, code, 2, ANN), reconnect.mint(evening.table, code, 1)]
    resting = evening.tokens()
    assert {hash_token(token) for token in tokens} == {one.hash for one in resting}
    files = [file.read_bytes() for file in evening.database.parent.iterdir()]
    assert not any(token.encode() in content for token in tokens for content in files)


def test_sitting_down_mints_one(evening: Evening) -> None:
    """The page keeps it for the day its cookie is gone; pressing claim again mints no more."""
    code = evening.create()
    token = claimed(evening, code, 2, ANN)
    assert 2 == reconnect.place_of(evening.table, code, token)
    assert evening.play(code, ClaimSeat(seat=2), ANN).token is None
    moved = claimed(evening, code, 3, ANN)
    assert [False, True] == [is_good(evening, code, one) for one in (token, moved)]


def test_the_newest_counts(evening: Evening) -> None:
    """A link photographed earlier this evening is worth nothing once there is a newer one."""
    code = evening.create()
    tokens = [claimed(evening, code, 2, ANN)]
    tokens += [reconnect.mint(evening.table, code, 2) for _ in range(3)]
    assert [False, False, False, True] == [is_good(evening, code, token) for token in tokens]


def test_a_token_is_used_up(evening: Evening) -> None:
    """The seat's new phone gets one of its own instead."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    fresh = take(evening, code, token).token
    with pytest.raises(Refusal, match="no longer good") as refused:
        take(evening, code, token, "a thief")
    assert Kind.NOT_ALLOWED is refused.value.kind
    assert fresh is not None
    assert 2 == reconnect.place_of(evening.table, code, fresh)
    assert NEW == evening.stored(code).seats[2].holder


def test_two_phones_with_one_token(evening: Evening) -> None:
    """Scanned by two at once: one has the seat, the other a sentence."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    taken = together(*[partial(take, evening, code, token, f"phone {n}") for n in range(10)])
    assert 1 == sum(isinstance(one, Outcome) for one in taken)
    assert {"bad-token"} == {one.code for one in taken if isinstance(one, Refusal)}


@pytest.mark.parametrize(
    ("command", "client"),
    [
        (LeaveSeat(), ANN),
        (Kick(seat=2), HOST),
        (FreeSeat(seat=2), HOST),
        (Finish(winner="draw", confirm=True), HOST),
        (Close(confirm=True), HOST),
    ],
)
def test_it_is_void_when_the_seat_or_the_game_is_over(
    evening: Evening, command: LeaveSeat, client: str
) -> None:
    """Whoever was shown out does not come back through an old link."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    evening.play(code, command, client)
    assert not is_good(evening, code, token)
    assert hash_token(token) not in {one.hash for one in evening.tokens()}


def test_a_shared_seat_has_no_holder_to_move(evening: Evening) -> None:
    """An absent player's seat went to the table device; the old link must not take it back."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    evening.connect(code, HOST)
    evening.later(11 * MINUTE)
    evening.play(code, ShareSeat(seat=2), HOST)
    assert not is_good(evening, code, token)


def test_the_next_holder_is_safe_from_the_last_ones_token(evening: Evening) -> None:
    """The seat was left and claimed by somebody else."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    evening.play(code, LeaveSeat(), ANN)
    evening.play(code, ClaimSeat(seat=2), ONLOOKER)
    assert not is_good(evening, code, token)
    assert ONLOOKER == evening.stored(code).seats[2].holder


def test_it_is_good_for_an_hour_of_silence(evening: Evening) -> None:
    """From the holder's last activity, to the millisecond."""
    code = evening.sit()
    token = reconnect.mint(evening.table, code, 2)
    evening.later(HOUR)
    assert is_good(evening, code, token)
    evening.go(1)
    assert not is_good(evening, code, token)


def test_activity_of_the_holder_keeps_it_good(evening: Evening) -> None:
    """And nobody else's."""
    code = evening.sit()
    ann, ben = (reconnect.mint(evening.table, code, place) for place in (2, 3))
    evening.later(50 * MINUTE)
    evening.request(code, ANN)
    evening.later(50 * MINUTE)
    assert [True, False] == [is_good(evening, code, token) for token in (ann, ben)]


def test_an_open_channel_is_activity(evening: Evening) -> None:
    """Whoever watches a long game without pressing is as much there as anybody."""
    code = evening.sit()
    token = reconnect.mint(evening.table, code, 2)
    evening.connect(code, ANN)
    evening.later(2 * HOUR)
    assert is_good(evening, code, token)
    evening.hang_up(code, ANN)
    evening.later(HOUR + 1)
    assert not is_good(evening, code, token)


def test_a_game_that_left_memory_does_not_forget_the_hour(evening: Evening) -> None:
    """The pause for pizza is longer than an idle game stays in memory."""
    code = evening.sit()
    token = reconnect.mint(evening.table, code, 2)
    evening.later(50 * MINUTE)
    evening.request(code, ANN)
    for _ in range(5):
        evening.later(10 * MINUTE)
        evening.table.shelf.clear_idle()
    assert is_good(evening, code, token)


def test_a_token_survives_a_restart(evening: Evening) -> None:
    """The phone died with the server: the seat is still to be had."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    evening.restart(30 * SECOND)
    take(evening, code, token)
    assert NEW == evening.stored(code).seats[2].holder


def test_the_hosts_seat_moves_the_hosts_place(evening: Evening) -> None:
    """The host on a new phone is the host; the old phone is a spectator without rights."""
    code = evening.start()
    take(evening, code, reconnect.mint(evening.table, code, 1))
    game = evening.stored(code)
    assert (NEW, NEW, NEW) == (game.host, game.creator, game.seats[1].holder)
    with pytest.raises(Refusal):
        evening.play(code, Kick(seat=2), HOST)
    evening.play(code, Kick(seat=2), NEW)


def test_a_guests_seat_moves_no_rights(evening: Evening) -> None:
    """Neither the host's place nor the creator's."""
    code = evening.start()
    evening.play(code, TransferHost(seat=3), HOST)
    take(evening, code, reconnect.mint(evening.table, code, 2))
    game = evening.stored(code)
    assert (BEN, HOST) == (game.host, game.creator)


def test_the_table_device_is_named_by_a_token_too(evening: Evening) -> None:
    """The tablet in the middle opens the host's link and plays the shared seats from then on."""
    code = evening.create(2)
    for number in (1, 2):
        evening.play(code, ShareSeat(seat=number), HOST)
    evening.play(code, Start(), HOST)
    token = reconnect.mint(evening.table, code, reconnect.TABLE_DEVICE)
    take(evening, code, token, "the tablet")
    game = evening.stored(code)
    assert ("the tablet", HOST) == (game.device(), game.host)
    evening.play(code, PassTurn(turn=1, acting=1), "the tablet")
    with pytest.raises(Refusal, match="table device"):
        evening.play(code, PassTurn(turn=2, acting=2), HOST)
    with pytest.raises(Refusal):
        evening.play(code, Kick(seat=2), "the tablet")
    assert not is_good(evening, code, token)


def test_a_seat_of_ones_own_keeps_its_token_when_the_device_is_named(evening: Evening) -> None:
    """Place 0 is a place of its own."""
    code = evening.start()
    seat = reconnect.mint(evening.table, code, 2)
    device = reconnect.mint(evening.table, code, reconnect.TABLE_DEVICE)
    take(evening, code, device, "the tablet")
    assert is_good(evening, code, seat)


def test_it_opens_only_its_own_game(evening: Evening) -> None:
    """And rubbish opens none."""
    code, other = evening.start(), evening.start()
    token = reconnect.mint(evening.table, code, 2)
    assert not is_good(evening, other, token)
    for rubbish in ("", "x", token[:-1], token.upper(), "\u2603", "a" * 10_000):
        assert not is_good(evening, code, rubbish)
    with pytest.raises(Refusal):
        reconnect.place_of(evening.table, "ZZZZZZ", token)
    assert is_good(evening, code, token)


def test_whoever_has_a_seat_keeps_to_it(evening: Evening) -> None:
    """One seat per client: opening a friend's link by mistake costs neither a seat."""
    code = evening.start()
    token = reconnect.mint(evening.table, code, 2)
    with pytest.raises(Refusal, match="Leave it first"):
        take(evening, code, token, BEN)
    assert [ANN, BEN] == [evening.stored(code).seats[n].holder for n in (2, 3)]
    assert is_good(evening, code, token)


def test_whoever_was_shown_out_stays_out(evening: Evening) -> None:
    """Not even a friend's link lets them in again."""
    code = evening.start()
    evening.play(code, Kick(seat=3), HOST)
    token = reconnect.mint(evening.table, code, 2)
    with pytest.raises(Refusal, match="shown you out"):
        take(evening, code, token, BEN)
    assert ANN == evening.stored(code).seats[2].holder


def test_minting_changes_nothing_else(evening: Evening) -> None:
    """Opening the link's page is no entry, no announcement, and moves no deadline."""
    code = evening.start()
    before, heard = evening.stored(code), list(evening.heard)
    due = evening.sql("select next_due from games where code = ?", code)
    evening.connect(code, HOST)
    reconnect.mint(evening.table, code, 2)
    assert (before, heard) == (evening.stored(code), evening.heard)
    assert due == evening.sql("select next_due from games where code = ?", code)


def test_minting_survives_a_lost_race(evening: Evening) -> None:
    """Another server wrote meanwhile: the link is minted all the same."""
    code = evening.start()
    twin = evening.twin()
    twin.play(code, PassTurn(turn=1), HOST, evening.clock.at)
    twin.storage.close()
    assert is_good(evening, code, reconnect.mint(evening.table, code, 2))
    assert 2 == evening.table.look(code).turn
