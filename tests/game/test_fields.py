"""Whatever a form holds, it becomes a command or a complaint beside the field, nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.game.commands import COMMANDS, read_new_game
from app.game.fields import clock_ms
from app.game.judge import decide
from app.game.refusals import BadFields, Refusal, Stale
from app.game.seat import COLORS
from app.game.settings_form import as_typed
from app.game.table_settings import TableSettings
from tests.game.cast import ADA, BEN, DORA, SECOND, created, form, running

SETTINGS: dict[str, object] = {
    "name": "Friday",
    "listed": "yes",
    "starting_minutes": 20,
    "starting_seconds": 30,
    "time_control": "bonus",
    "bonus_seconds": 30,
    "starting_life": 40,
    "thresholds": "5:00, 1:00, 30",
    "on_timeout": "choice",
    "timeout_life": 2,
    "timeout_drinks": 2,
    "timeout_grace_seconds": 30,
    "timeout_bonus_seconds": 60,
    "auto_pause_seconds": 600,
    "undo_charges": "mistaken",
    "increment_seconds": 10,
    "delay_seconds": 10,
    "delay_rearms": "yes",
    "periods": 5,
    "period_seconds": 30,
    "allowance_seconds": 60,
    "round_minutes": 80,
    "round_end": "last-turn",
    "round_extra": 20,
    "lag_credit": "yes",
}
EVERY: dict[str, object] = {"turn": 1, "grant": 1, "as": 1}

#: Every field of every command, with a good value.
GOOD: dict[str, dict[str, object]] = {
    "start": {"empty_seats": "share"},
    "pause": {"reason": "judge"},
    "resume": {},
    "reset": {"confirm": "yes"},
    "finish": {"winner": "draw", "confirm": "yes"},
    "close": {"confirm": "yes"},
    "pass-turn": {},
    "switch-turn": {"seat": 2},
    "extra-turn": {},
    "ending-turn": {},
    "interrupt": {},
    "pass-priority": {"seat": 2},
    "toggle-target": {"seat": 2},
    "confirm-targets": {},
    "cancel-targets": {},
    "pass-target": {"seat": 2},
    "undo": {},
    "extend-round": {"minutes": 5, "seconds": 30, "reason": "judge"},
    "next-round": {},
    "timeout-choice": {"seat": 2, "choice": "die"},
    "adjust-life": {"seat": 2, "by": -1},
    "adjust-counter": {"seat": 2, "counter": "star", "by": 1},
    "commander-damage": {"seat": 2, "source": 1, "commander": 2, "by": 1},
    "set-marker": {"marker": "monarch", "value": 2},
    "roll-dice": {"sides": 20},
    "claim-seat": {"seat": 2, "name": "Ben"},
    "leave-seat": {},
    "rename-seat": {"seat": 2, "name": "Ben"},
    "recolor-seat": {"seat": 2, "color": "magenta"},
    "concede": {},
    "move-seat": {"seat": 2, "by": -1},
    "add-seat": {},
    "remove-seat": {"seat": 2},
    "eliminate": {"seat": 2},
    "penalty": {"seat": 2},
    "revive": {"seat": 2},
    "kick": {"seat": 2},
    "free-seat": {"seat": 2},
    "share-seat": {"seat": 2},
    "add-time": {"seat": 2, "minutes": 1, "seconds": 30},
    "take-time": {"seat": 2, "minutes": 1, "seconds": 30},
    "rename-game": {"name": "Friday"},
    "update-settings": SETTINGS,
    "roll-order": {"order": "all"},
    "random-start": {},
    "transfer-host": {"seat": 2},
    "take-host": {},
}

#: Fields without which the command cannot be understood.
NEEDED: dict[str, set[str]] = {
    "reset": {"confirm"},
    "close": {"confirm"},
    "finish": {"winner", "confirm"},
    "timeout-choice": {"choice"},
    "adjust-life": {"by"},
    "adjust-counter": {"counter", "by"},
    "commander-damage": {"source", "by"},
    "set-marker": {"marker"},
    "roll-dice": {"sides"},
    "rename-seat": {"name"},
    "recolor-seat": {"color"},
    "move-seat": {"seat", "by"},
    "rename-game": {"name"},
    "switch-turn": {"seat"},
    "toggle-target": {"seat"},
    "claim-seat": {"seat"},
    "remove-seat": {"seat"},
    "eliminate": {"seat"},
    "penalty": {"seat"},
    "revive": {"seat"},
    "kick": {"seat"},
    "free-seat": {"seat"},
    "share-seat": {"seat"},
    "transfer-host": {"seat"},
    "add-time": {"seat"},
    "take-time": {"seat"},
}

NO_NUMBERS = [
    "x",
    "1.5",
    "1e3",
    "0x10",
    "1_0",
    "--1",
    "+-1",
    "1 2",
    "1,",
    "9" * 10,
    "9" * 5_000,
    "-" + "9" * 400,
    "99999999",
    "-99999999",
    "\u0663",  # an Arabic three
    "\uff11",  # a full-width one
    "\u00b2",  # a superscript two
    "\u2460",  # a circled one
    "\u09e7",  # a Bengali one
    "1\x00",
    "\x001",
    "1\u20282",
    "1\u200b",
    "\u22121",  # a minus sign of typographers
    "NaN",
    "Infinity",
    "None",
    "true",
    "[1]",
    '{"a": 1}',
    "\U0001f409",
    "\ud800",
    "' OR 1=1 --",
    "<script>",
]
NO_WORDS = ["Yes", "yes ", "DIE", "jud\u0261e", "\x00", "yes\x00", "a\u2028b", "\ud800"]
NO_WORDS += ["x" * 10_000]
NO_LINES = [f"a{inside}b" for inside in "\x00\n\r\x1b\x7f\x9f\u2028\u2029\ud800"]
NO_LINES += ["x" * 51, "\udfff", "x" * 100_000]

#: Who writes like this would write over the neighbours' names, or nothing at all.
TURNED = [f"B{one}n" for one in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
NO_LETTERS = [f"B{one}n" for one in "\ue101\uf8ff\U000f0000\ufffe\uffff\ufdd0\ufff9\u206a"]
UNSEEN = [
    "\u200b", "\u200d\u200c", "\u2060", "\ufeff", "\u00ad", "\u061c\u200e\u200f", "\u180e",
    "\u3164", "\u115f\u1160", "\uffa0", "\u2800\u2800", "\u0301", "\u034f\ufe0f",
    "\u200b \u200b", "\U000e0041\U000e0042", "\u20dd",
]  # fmt: skip
PILED = [
    "Z" + "\u0336" * 5, "a" + "\u0301" * 19, "Z\u0336\u0337\u0338\u0321\u0322algo",
    "e\u0301\u0301\u0301\u0301\u200b\u0301", "x" + "\u20dd" * 5, "\u0f40" + "\u0fb1" * 9,
]  # fmt: skip
NO_LINES += [*TURNED, *NO_LETTERS, *UNSEEN, *PILED]

#: How people really write, however far from ASCII.
NAMES = [
    "Zoë", "Zoe\u0308", "Nguyễn Ánh", "Nguye\u0302\u0303n A\u0301nh", "אילה בת דוד", "محمد",
    "שָׁ֑לוֹם", "مُحَمَّدٌ", "\u200fאב\u200e", "王小明", "ရွှေရည်ညှို့", "བསྒྲུབས", "ที่นี่", "क्ष्मि",
    "नमस्\u200dते", "می\u200cخواهم", "🐙", "👩‍👩‍👧‍👦", "🧙🏽‍♀️", "❤️‍🔥", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇺🇦",
    "﷽", "\u00b4\u00b4", "<b>&\"'</b>", "{{7*7}}", "...", "-", "0", "null",
]  # fmt: skip

BLANK_IS_FINE = {"turn", "grant", "as", "name", "minutes", "seconds", "empty_seats", "value"}
BLANK_IS_FINE |= {"starting_minutes", "starting_seconds", "round_extra"}
YES_OR_NO = {"listed", "delay_rearms", "lag_credit"}
BIG_IS_FINE = {"turn", "grant"}


def bad_values(name: str, field: str) -> list[str]:
    """What no form may say in this field."""
    if field == "name":
        return NO_LINES
    bad = [*NO_NUMBERS, *NO_WORDS]
    if field in BIG_IS_FINE:
        bad.remove("99999999")
    blank_is_fine = field in BLANK_IS_FINE or (
        field == "seat" and field not in NEEDED.get(name, set())
    )
    if field == "thresholds":
        bad.remove("1,")
    return bad if blank_is_fine else ["", " ", *bad]


def cases() -> Iterator[tuple[str, str]]:
    """Every field of every command."""
    for name, fields in GOOD.items():
        for field in {**EVERY, **fields}:
            yield name, field


def read(name: str, fields: dict[str, list[str]]) -> dict[str, str]:
    """The complaints about a form; empty when it was understood."""
    try:
        COMMANDS[name].read(fields, TableSettings())
    except BadFields as bad:
        return bad.complaints
    return {}


def test_every_command_has_its_fields() -> None:
    """A new command's fields are tried here too."""
    assert set(GOOD) == set(COMMANDS)


@pytest.mark.parametrize("name", GOOD)
def test_a_form_with_every_field_is_understood(name: str) -> None:
    """Else the tests below would prove nothing."""
    assert read(name, form(**EVERY, **GOOD[name])) == {}


@pytest.mark.parametrize(("name", "field"), list(cases()))
def test_a_bad_value_is_complained_about_beside_its_field(name: str, field: str) -> None:
    """Mistyped, huge, negative, odd digits, control characters: a sentence, and only there."""
    good = form(**EVERY, **GOOD[name])
    for value in bad_values(name, field):
        complaints = read(name, {**good, field: [value]})
        assert list(complaints) == [field], value
        assert complaints[field].endswith(".")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (TURNED, "Without marks that turn the writing round, please."),
        (NO_LETTERS, "Plain characters only, please."),
        (UNSEEN, "Something that can be seen, please."),
        (PILED, "Fewer marks on one letter, please."),
    ],
)
def test_whoever_cannot_have_a_name_is_told_why(names: list[str], sentence: str) -> None:
    """Else one guesses at an error that cannot even be seen in the field."""
    for name in names:
        assert {"name": sentence} == read("rename-seat", form(name=name)), ascii(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_as_it_was_typed(name: str) -> None:
    """Every script, accents either way, emoji of many parts: nobody is called something else."""
    sitting = created(name=name)
    sitting.play("claim-seat", BEN, seat=2, name=name)
    assert (name, name) == (sitting.game.name, sitting.seat(2).name)


@pytest.mark.parametrize(("name", "field"), list(cases()))
def test_a_repeated_field_is_complained_about(name: str, field: str) -> None:
    """Once is enough; only yes/no fields come twice, with the hidden no before the box."""
    good = form(**EVERY, **GOOD[name])
    complaints = read(name, {**good, field: good[field] * 2})
    assert list(complaints) == ([] if field in YES_OR_NO else [field])


@pytest.mark.parametrize(("name", "field"), list(cases()))
def test_a_missing_field_is_complained_about_where_it_is_needed(name: str, field: str) -> None:
    """And has its default otherwise. An empty list of values is a missing field."""
    good = form(**EVERY, **GOOD[name])
    expected = [field] if field in NEEDED.get(name, set()) else []
    assert list(read(name, {k: v for k, v in good.items() if k != field})) == expected
    assert list(read(name, {**good, field: []})) == expected


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("odd", ["surprise", "", "Turn", "turn ", "__class__", "\x00", "seat[]"])
def test_an_unknown_field_is_complained_about(name: str, odd: str) -> None:
    """Whoever sends it expects something of it."""
    assert list(read(name, {**form(**GOOD[name]), odd: ["1"]})) == [odd]


def test_the_last_of_a_repeated_yes_or_no_counts() -> None:
    """A hidden no before each box."""
    sitting = created(listed=["no", "yes"])
    assert sitting.game.listed
    sitting.play("update-settings", ADA, listed=["yes", "no"])
    assert not sitting.game.listed


@pytest.mark.parametrize(
    ("text", "length_s"),
    [("0", 0), ("30", 30), ("5:00", 300), (" 1:30 ", 90), ("90:00", 5400), ("1:00:00", 3600)],
)
def test_lengths_are_typed_like_clocks(text: str, length_s: int) -> None:
    """As people write them beside a board."""
    assert clock_ms(text) == length_s * SECOND


@pytest.mark.parametrize("text", ["1:60", ":30", "1:", "1:2:3:4", "-1:00", "1:00.5", "", "a:b"])
def test_other_lengths_are_complained_about(text: str) -> None:
    """In a sentence with an example."""
    complaints = read("update-settings", {"thresholds": [text]})
    assert list(complaints) == ["thresholds"]


def test_the_painted_settings_form_reads_back_the_same() -> None:
    """Saving a form nobody touched changes nothing."""
    for fields in (
        {},
        {"thresholds": "24:00:00, 1", "starting_minutes": 1440},
        {"bonus_seconds": 0},
    ):
        sitting = created(**fields)
        before = sitting.game.settings
        sitting.play("update-settings", ADA, **as_typed(before))
        assert sitting.game.settings == before


@pytest.mark.parametrize("color", COLORS)
def test_every_colour_can_be_chosen(color: str) -> None:
    """The twelve, by name."""
    assert read("recolor-seat", form(color=color)) == {}


# ---- any form at all

TABLE = running(4)
FIELD_NAMES = sorted({field for fields in GOOD.values() for field in fields} | {*EVERY, "players"})
WORDS = sorted(
    {str(value) for fields in GOOD.values() for value in fields.values()}
    | {"1", "2", "3", "4", "8", "coin", "lose-life", "drink", "break", "remove", "none", "yes"}
)
VALUES = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(NO_NUMBERS), st.text(), st.integers().map(str)
)
FORMS = st.dictionaries(
    st.one_of(st.sampled_from(FIELD_NAMES), st.text(max_size=8)),
    st.lists(VALUES, max_size=2),
    max_size=8,
)


@given(st.sampled_from(sorted(COMMANDS)), FORMS, st.sampled_from([ADA, BEN, DORA]))
def test_any_form_is_done_refused_or_complained_about(
    name: str, fields: dict[str, list[str]], client: str
) -> None:
    """Strangers send anything; not one other exception, and no complaint without a sentence."""
    before = TABLE.game
    complaints: dict[str, str] | None = None
    try:
        command = COMMANDS[name].read(fields, before.settings)
        after, _ = decide(before, command, client, before.last_at + 1_000, TABLE.around)
        assert after.version == before.version + 1
    except BadFields as bad:
        complaints = bad.complaints
    except (Refusal, Stale):
        pass
    assert complaints != {}
    assert all(text.endswith((".", "?")) for text in (complaints or {}).values())


@given(st.sampled_from(sorted(COMMANDS)), st.data())
def test_any_text_in_any_field(name: str, data: Any) -> None:
    """One field of a good form holds whatever a keyboard, or no keyboard, can produce."""
    good = form(**EVERY, **GOOD[name])
    field = data.draw(st.sampled_from(sorted(good)))
    complaints = read(name, {**good, field: [data.draw(st.text())]})
    assert set(complaints) <= {field, "minutes", "seconds", "starting_minutes", "starting_seconds"}


@given(FORMS)
def test_any_create_form(fields: dict[str, list[str]]) -> None:
    """The first form a stranger meets."""
    try:
        wanted = read_new_game(fields)
    except BadFields as bad:
        assert bad.complaints  # noqa: PT017 - most forms do not get here
    else:
        assert 2 <= wanted.players <= 8
        assert SECOND <= wanted.settings.starting_ms <= 24 * 3600 * SECOND


@pytest.mark.parametrize(
    ("field", "value"),
    [("mode", "chess"), ("mode", ""), ("players", "1"), ("players", "x"), ("campaign", "chess")],
)
def test_create_complains_like_every_form(field: str, value: str) -> None:
    """The same words beside the same fields."""
    with pytest.raises(BadFields) as bad:
        read_new_game(form(**{field: value}))
    assert list(bad.value.complaints) == [field]
