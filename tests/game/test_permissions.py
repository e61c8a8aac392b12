"""Rules, section 10: who may do what, every cell, asked at the door the server asks at."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.game.commands import COMMANDS
from app.game.game import Campaign
from app.game.permissions import PERMISSIONS, actor_of, refuse_stranger
from app.game.refusals import BadFields, NotYours
from tests.game.cast import ADA, BEN, CLEO, DORA, TABLET, Sitting, form, without_host_seat
from tests.game.cast import finished as finished_table
from tests.game.cast import lobby as lobby_table
from tests.game.cast import running as running_table
from tests.game.permission_lines import COLUMNS, LINES, PLAYED, SURE, TABLE, Line, refused_for

HOST_AWAY = 300_000


def scene(name: str) -> Sitting:
    """A table at which the line's command makes sense for whoever may."""
    if name in ("waiting", "free seat"):
        sitting = lobby_table()
        if name == "free seat":
            sitting.play("add-seat", ADA)
        return sitting
    if name == "finished":
        return finished_table()
    if name == "round over":
        sitting = in_campaign(running_table())
        sitting.play("finish", ADA, winner=1, confirm="yes")
        return sitting
    sitting = running_table(starting_seconds=60, round_minutes=80)
    sitting.play("pass-turn", ADA)
    for command, client, fields in PLAYED[name]:
        sitting.play(command, client, **fields)
    if name == "choosing":
        sitting.wait(90_000)
        assert sitting.seat(2).is_pending
    elif name == "host away":
        sitting.host_away_ms = HOST_AWAY
    return sitting


def in_campaign(sitting: Sitting) -> Sitting:
    """The same table in the first round of a campaign."""
    sitting.game = replace(sitting.game, mode="campaign", campaign=Campaign("standard"))
    return sitting


def test_every_command_has_its_line() -> None:
    """A command nobody wrote down here is refused by nobody."""
    assert set(TABLE) == set(COMMANDS)
    assert set(PERMISSIONS) == {*COMMANDS, "take-over"}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("name", "line"), LINES, ids=lambda part: getattr(part, "scene", part))
def test_a_cell_of_the_table(name: str, line: Line, column: str) -> None:
    """Allowed means it is done; refused means 403, in a sentence, and nothing has changed."""
    sitting = scene(line.scene)
    before = sitting.game
    if column in line.allowed.split():
        entry = sitting.play(name, COLUMNS[column], **line.fields)
        assert sitting.game.version == before.version + 1 == entry.seq
        return
    assert refused_for(name, column) == sitting.refusal(name, COLUMNS[column], **line.fields)
    assert sitting.game is before


@pytest.mark.parametrize(("name", "line"), LINES, ids=lambda part: getattr(part, "scene", part))
def test_a_host_without_a_seat_has_the_host_column_alone(name: str, line: Line) -> None:
    """What is done through a seat of one's own is closed to a host who only watches over it."""
    sitting = without_host_seat(scene(line.scene))
    sitting.host_away_ms = None
    if name == "undo":
        sitting.play("adjust-life", BEN, by=-1)
    through_a_seat = {
        *("pass-turn", "ending-turn", "interrupt", "toggle-target", "confirm-targets"),
        *("concede", "leave-seat", "take-host"),
    }
    if name in through_a_seat:
        assert sitting.refusal(name, TABLET, **line.fields) in ("not-yours", "host-already")
    else:
        sitting.play(name, TABLET, **line.fields)


RUBBISH: dict[str, object] = {"seat": "\u0663", "confirm": "perhaps", "by": "x", "surprise": "!"}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", COMMANDS)
def test_who_you_are_is_asked_before_the_fields(name: str, column: str) -> None:
    """An onlooker, or a guest at the host's buttons, learns nothing about fields.

    Whose turn it is, and whose seat, comes after them.
    """
    sitting = scene(TABLE[name].scene)
    client = COLUMNS[column]
    never = (name != "claim-seat" and column == "onlooker") or (
        TABLE[name].allowed == "host" and name != "reset" and column in ("own", "other")
    )
    try:
        refuse_stranger(sitting.game, name, actor_of(sitting.game, client, None))
    except NotYours:
        assert never
    else:
        assert not never
        with pytest.raises(BadFields):
            COMMANDS[name].read(form(**RUBBISH), sitting.game.settings)


@pytest.mark.parametrize("name", ["pause", "resume"])
def test_pause_and_resume_are_for_holders_who_are_in(name: str) -> None:
    """Out is out; the host may always."""
    sitting = scene(TABLE[name].scene)
    sitting.play("eliminate", ADA, seat=3)
    assert sitting.refusal(name, CLEO) == "not-yours"
    sitting.play(name, BEN)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("adjust-life", {"by": 1}),
        ("adjust-counter", {"counter": "star", "by": 1}),
        ("rename-seat", {"name": "Ghost"}),
        ("roll-dice", {"sides": 6}),
        ("set-marker", {"marker": "monarch", "value": 1}),
        ("leave-seat", {}),
    ],
)
def test_a_holder_who_is_out_keeps_what_needs_no_turn(name: str, fields: dict[str, object]) -> None:
    """They still sit there, with a name, a life total to correct and dice to roll."""
    sitting = scene("running")
    sitting.play("eliminate", ADA, seat=3)
    sitting.play(name, CLEO, **fields)


@pytest.mark.parametrize("name", [name for name in COMMANDS if TABLE[name].scene != "round over"])
def test_who_was_kicked_may_do_nothing(name: str) -> None:
    """Not even sit down again; from a finished game nobody is shown out."""
    sitting = scene(TABLE[name].scene)
    sitting.play("kick", ADA, seat=3)
    fields = {"seat": 3} if name == "claim-seat" else TABLE[name].fields
    assert sitting.refusal(name, CLEO, **fields) == "not-yours"


def tablet(own_seat: int | None = None) -> Sitting:
    """Seat 2 is shared and active; a tablet plays it."""
    sitting = lobby_table(4)
    sitting.play("leave-seat", BEN)
    sitting.play("share-seat", ADA, seat=2)
    if own_seat is None:
        sitting.play("share-seat", ADA, seat=4)
    else:
        sitting.play("claim-seat", TABLET, seat=own_seat)
    sitting.take_over(0, TABLET)
    sitting.play("start", ADA)
    sitting.play("pass-turn", ADA)
    return sitting


@pytest.mark.parametrize("own_seat", [None, 4])
@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if TABLE[name].scene in ("running", "host away")]
)
def test_the_table_device_is_the_shared_seats_holder_and_no_more(
    name: str, own_seat: int | None
) -> None:
    """With "as" it has the own-seat column, whether or not its browser has a seat too."""
    line = TABLE[name]
    sitting = tablet(own_seat)
    sitting.host_away_ms = HOST_AWAY
    if name == "leave-seat":
        assert sitting.refusal(name, TABLET, as_=2) == "shared"
    elif "own" in line.allowed.split():
        sitting.play(name, TABLET, as_=2, **line.fields)
    else:
        assert sitting.refusal(name, TABLET, as_=2, **line.fields) == "not-yours"


@pytest.mark.parametrize("client", [ADA, CLEO, DORA])
@pytest.mark.parametrize("name", COMMANDS)
def test_nobody_else_acts_as_a_shared_seat(name: str, client: str) -> None:
    """The host neither, while a table device is there."""
    fields: dict[str, object] = {**TABLE[name].fields, "as_": 2}
    assert tablet().refusal(name, client, **fields) == "not-yours"


def test_by_default_the_hosts_browser_acts_as_the_shared_seats() -> None:
    """And then as a player, not as the host: no bonus for a turn it gives away."""
    sitting = running_table(4)
    for client in (ADA, BEN, CLEO):
        sitting.play("pass-turn", client)
    assert sitting.play("switch-turn", ADA, as_=4, seat=2).by == 4


def test_a_host_playing_by_the_rules_is_logged_as_a_player() -> None:
    """The own seat's right is used before the host's."""
    sitting = scene("running")
    assert sitting.play("adjust-life", ADA, by=-1).by == 1
    assert sitting.play("adjust-life", ADA, seat=1, by=-1).by == 1
    assert sitting.play("adjust-life", ADA, seat=3, by=-1).by == "host"
    assert sitting.play("pause", ADA).by == 1


SENTENCES: list[tuple[str, str, dict[str, object], str]] = [
    ("pass-turn", DORA, {}, "You are watching. Take a seat to do that."),
    ("pass-turn", CLEO, {}, "It is not your turn."),
    ("switch-turn", CLEO, {"seat": 1}, "It is not your turn."),
    ("adjust-life", CLEO, {"seat": 2, "by": 1}, "That is somebody else's seat."),
    ("kick", BEN, {"seat": 3}, "Only the host can do that."),
    ("kick", DORA, {"seat": 3}, "Only the host can do that."),
    ("reset", BEN, SURE, "Only the host can do that during a game."),
    ("take-host", BEN, {}, "The host is still here."),
    ("interrupt", DORA, {}, "You are watching. Take a seat to do that."),
    ("toggle-target", CLEO, {"seat": 1}, "It is not your turn."),
    ("ending-turn", CLEO, {}, "It is not your turn."),
    ("pass-priority", CLEO, {"seat": 2}, "That is somebody else's seat."),
    ("pass-target", CLEO, {"seat": 2}, "That is somebody else's seat."),
    ("extend-round", BEN, {"minutes": 5}, "Only the host can do that."),
]


@pytest.mark.parametrize(("name", "client", "fields", "sentence"), SENTENCES)
def test_the_sentence_names_what_is_missing(
    name: str, client: str, fields: dict[str, object], sentence: str
) -> None:
    """People at a table need to know what to do next."""
    assert scene("running").sentence(name, client, **fields) == sentence


@pytest.mark.parametrize("table", [lobby_table, running_table, finished_table])
def test_asking_for_another_game_is_asking_as_a_stranger(table: Callable[[], Sitting]) -> None:
    """A client nobody has ever seen is an onlooker."""
    for name in COMMANDS:
        if name != "claim-seat":
            fields = TABLE[name].fields
            assert table().refusal(name, "never seen", **fields) == "not-yours"
