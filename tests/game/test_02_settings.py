"""Rules, section 2: what the host may set, when, within which limits, and the defaults."""

import pytest

from app.game.commands import read_new_game
from app.game.presets import CLOCKS, ROUNDS, Preset, filled
from app.game.refusals import BadFields
from app.game.settings_form import as_typed
from app.game.table_settings import TableSettings
from app.game.time_control import CONTROLS
from app.game.wording import settings_words
from tests.game.cast import ADA, HOUR, MINUTE, SECOND, Sitting, created, form


def test_the_defaults_are_those_of_the_rules() -> None:
    """A setting, its default: the table of the rules, read aloud."""
    assert created().game.settings == TableSettings(
        starting_ms=20 * MINUTE,
        time_control="bonus",
        bonus_ms=30 * SECOND,
        starting_life=40,
        thresholds_ms=(5 * MINUTE, 1 * MINUTE, 30 * SECOND),
        on_timeout="choice",
        timeout_life=2,
        timeout_drinks=2,
        timeout_grace_ms=30 * SECOND,
        timeout_bonus_ms=60 * SECOND,
        auto_pause_ms=600 * SECOND,
        undo_charges="mistaken",
        round_ms=0,
        lag_credit=False,
    )


LIMITS = [
    ("starting_seconds", "starting_ms", "1", 1 * SECOND),
    ("starting_seconds", "starting_ms", "86400", 24 * HOUR),
    ("starting_minutes", "starting_ms", "1440", 24 * HOUR),
    ("bonus_seconds", "bonus_ms", "0", 0),
    ("bonus_seconds", "bonus_ms", "3600", HOUR),
    ("starting_life", "starting_life", "1", 1),
    ("starting_life", "starting_life", "999", 999),
    ("thresholds", "thresholds_ms", "24:00:00", (24 * HOUR,)),
    ("thresholds", "thresholds_ms", "1", (SECOND,)),
    ("thresholds", "thresholds_ms", "1,2,3,4,5,6,7,8,9,10", tuple(range(10_000, 0, -1_000))),
    ("thresholds", "thresholds_ms", "30, 5:00 ; 1:00, 5:00", (300_000, 60_000, 30_000)),
    ("on_timeout", "on_timeout", "choice", "choice"),
    ("on_timeout", "on_timeout", "out", "out"),
    ("on_timeout", "on_timeout", "overtime", "overtime"),
    ("on_timeout", "on_timeout", "skip", "skip"),
    ("timeout_life", "timeout_life", "0", 0),
    ("timeout_life", "timeout_life", "20", 20),
    ("timeout_drinks", "timeout_drinks", "0", 0),
    ("timeout_drinks", "timeout_drinks", "20", 20),
    ("timeout_grace_seconds", "timeout_grace_ms", "5", 5 * SECOND),
    ("timeout_grace_seconds", "timeout_grace_ms", "300", 300 * SECOND),
    ("timeout_bonus_seconds", "timeout_bonus_ms", "5", 5 * SECOND),
    ("timeout_bonus_seconds", "timeout_bonus_ms", "300", 300 * SECOND),
    ("auto_pause_seconds", "auto_pause_ms", "0", 0),
    ("auto_pause_seconds", "auto_pause_ms", "60", 60 * SECOND),
    ("auto_pause_seconds", "auto_pause_ms", "3600", 3600 * SECOND),
    ("undo_charges", "undo_charges", "mistaken", "mistaken"),
    ("undo_charges", "undo_charges", "nobody", "nobody"),
    *(("time_control", "time_control", name, name) for name in CONTROLS),
    ("increment_seconds", "increment_ms", "0", 0),
    ("increment_seconds", "increment_ms", "3600", HOUR),
    ("delay_seconds", "delay_ms", "0", 0),
    ("delay_seconds", "delay_ms", "3600", HOUR),
    ("delay_rearms", "delay_rearms", "yes", True),
    ("delay_rearms", "delay_rearms", "no", False),
    ("lag_credit", "lag_credit", "yes", True),
    ("lag_credit", "lag_credit", "no", False),
    ("periods", "periods", "1", 1),
    ("periods", "periods", "99", 99),
    ("period_seconds", "period_ms", "1", SECOND),
    ("period_seconds", "period_ms", "3600", HOUR),
    ("allowance_seconds", "allowance_ms", "1", SECOND),
    ("allowance_seconds", "allowance_ms", "86400", 24 * HOUR),
    ("round_minutes", "round_ms", "0", 0),
    ("round_minutes", "round_ms", "1440", 24 * HOUR),
    ("round_end", "round_end", "bell", "bell"),
    ("round_end", "round_end", "last-turn", "last-turn"),
    ("round_end", "round_end", "turns", "turns"),
    ("round_extra", "round_extra", "0", 0),
    ("round_extra", "round_extra", "60", 60),
    ("round_extra", "round_extra", "", None),
]


@pytest.mark.parametrize(("field", "setting", "typed", "stored"), LIMITS)
def test_each_setting_reaches_its_limits(
    field: str, setting: str, typed: str, stored: object
) -> None:
    """At creation and in the settings form alike."""
    assert getattr(created(**{field: typed}).game.settings, setting) == stored
    sitting = created()
    sitting.play("update-settings", ADA, **{field: typed})
    assert getattr(sitting.game.settings, setting) == stored


BEYOND = [
    ("starting_seconds", "0"),
    ("starting_seconds", "86401"),
    ("starting_minutes", "1441"),
    ("starting_minutes", "0"),
    ("starting_seconds", "1.5"),
    ("bonus_seconds", "-1"),
    ("bonus_seconds", "3601"),
    ("starting_life", "0"),
    ("starting_life", "1000"),
    ("starting_life", "forty"),
    ("thresholds", ""),
    ("thresholds", " , "),
    ("thresholds", "0"),
    ("thresholds", "24:00:01"),
    ("thresholds", "1,2,3,4,5,6,7,8,9,10,11"),
    ("thresholds", "soon"),
    ("on_timeout", "explode"),
    ("timeout_life", "-1"),
    ("timeout_life", "21"),
    ("timeout_drinks", "-1"),
    ("timeout_drinks", "21"),
    ("timeout_grace_seconds", "4"),
    ("timeout_grace_seconds", "301"),
    ("timeout_bonus_seconds", "4"),
    ("timeout_bonus_seconds", "301"),
    ("auto_pause_seconds", "1"),
    ("auto_pause_seconds", "59"),
    ("auto_pause_seconds", "3601"),
    ("auto_pause_seconds", "-60"),
    ("undo_charges", "everybody"),
    ("time_control", "egg-timer"),
    ("time_control", "Bonus"),
    ("time_control", ""),
    ("increment_seconds", "-1"),
    ("increment_seconds", "3601"),
    ("delay_seconds", "-1"),
    ("delay_seconds", "3601"),
    ("delay_seconds", "0:10"),
    ("delay_rearms", "maybe"),
    ("lag_credit", "300"),
    ("periods", "0"),
    ("periods", "100"),
    ("period_seconds", "0"),
    ("period_seconds", "3601"),
    ("allowance_seconds", "0"),
    ("allowance_seconds", "86401"),
    ("round_minutes", "-1"),
    ("round_minutes", "1441"),
    ("round_minutes", ""),
    ("round_end", "whistle"),
    ("round_extra", "61"),
    ("round_extra", "-1"),
    ("listed", "maybe"),
]


@pytest.mark.parametrize(("field", "typed"), BEYOND)
def test_beyond_the_limits_the_whole_form_is_refused(field: str, typed: str) -> None:
    """Nothing changes, not even the fields that were fine, and the complaint names the field."""
    sitting = created()
    before = sitting.game
    complaints = sitting.complaints(
        "update-settings", ADA, **{"starting_life": 30, "name": "Fine", field: typed}
    )
    assert complaints == {field}
    assert sitting.game is before
    with pytest.raises(BadFields) as bad:
        created(**{field: typed})
    assert set(bad.value.complaints) == {field}


def test_every_bad_field_has_its_own_complaint() -> None:
    """People mend a form once, not field by field."""
    assert created().complaints(
        "update-settings", ADA, starting_life=0, timeout_life=21, thresholds="", surprise="x"
    ) == {"starting_life", "timeout_life", "thresholds", "surprise"}


def test_minutes_and_seconds_add_up() -> None:
    """Whole seconds; one of the two may be left out or blank."""
    assert created(starting_minutes=1, starting_seconds=30).game.settings.starting_ms == 90_000
    assert created(starting_minutes=2, starting_seconds="").game.settings.starting_ms == 120_000
    assert created().complaints("update-settings", ADA, starting_minutes="") == {"starting_minutes"}


def test_in_create_a_missing_field_is_the_default_in_settings_it_stays() -> None:
    """The two forms share their fields, not what leaving one out means."""
    sitting = created(starting_life=25)
    sitting.play("update-settings", ADA, bonus_seconds=10)
    assert sitting.game.settings.starting_life == 25
    assert sitting.game.settings.bonus_ms == 10_000
    assert created(bonus_seconds=10).game.settings.starting_life == 40


def test_new_settings_fill_every_seat_while_waiting() -> None:
    """Banks and life are those one would start with."""
    sitting = created()
    sitting.play("update-settings", ADA, starting_minutes=7, starting_life=20)
    assert {seat.bank_ms for seat in sitting.game.seats.values()} == {7 * MINUTE}
    assert {seat.life for seat in sitting.game.seats.values()} == {20}


ALSO_PAUSED = [
    ("thresholds", "10"),
    ("timeout_life", "5"),
    ("timeout_drinks", "5"),
    ("timeout_bonus_seconds", "90"),
    ("auto_pause_seconds", "0"),
]
ONLY_BEFORE = [
    ("starting_minutes", "5"),
    ("time_control", "fischer"),
    ("bonus_seconds", "5"),
    ("increment_seconds", "5"),
    ("delay_seconds", "5"),
    ("delay_rearms", "no"),
    ("lag_credit", "yes"),
    ("periods", "3"),
    ("period_seconds", "10"),
    ("allowance_seconds", "30"),
    ("round_minutes", "50"),
    ("round_end", "turns"),
    ("round_extra", "3"),
    ("starting_life", "20"),
    ("on_timeout", "out"),
    ("timeout_grace_seconds", "60"),
    ("undo_charges", "nobody"),
]


@pytest.mark.parametrize(("field", "typed"), ALSO_PAUSED)
def test_what_has_a_star_may_change_while_paused(paused: Sitting, field: str, typed: str) -> None:
    """Amounts and warnings are the evening's course, not the game's terms."""
    before = paused.game.settings
    paused.play("update-settings", ADA, **{field: typed})
    assert paused.game.settings != before


@pytest.mark.parametrize(("field", "typed"), ONLY_BEFORE)
def test_the_other_settings_are_fixed_by_the_start(paused: Sitting, field: str, typed: str) -> None:
    """Nobody rewrites the terms under a game; sending the present value is no change."""
    assert paused.refusal("update-settings", ADA, **{field: typed}) == "settings-fixed"
    paused.play("update-settings", ADA, starting_minutes=20, bonus_seconds=30)


@pytest.mark.parametrize(("field", "typed"), ALSO_PAUSED + ONLY_BEFORE)
def test_no_setting_changes_while_running(running: Sitting, field: str, typed: str) -> None:
    """Settings are for before the start and for pauses."""
    assert running.refusal("update-settings", ADA, **{field: typed}) == "wrong-status"


def test_a_pause_changes_no_bank_by_its_settings(paused: Sitting) -> None:
    """New amounts count from the next time-out on."""
    banks = [seat.bank_ms for seat in paused.game.seats.values()]
    paused.play("update-settings", ADA, timeout_life=5, thresholds="10, 20")
    assert banks == [seat.bank_ms for seat in paused.game.seats.values()]


@pytest.mark.parametrize("control", CONTROLS)
def test_choosing_a_control_fills_every_clock_with_its_own_full_time(control: str) -> None:
    """Starting time, allowance or 0; byo-yomi with its periods; and back again."""
    sitting = created(starting_minutes=7)
    sitting.play("update-settings", ADA, time_control=control, periods=4, allowance_seconds=45)
    full_ms = {"per-turn": 45 * SECOND, "count-up": 0}.get(control, 7 * MINUTE)
    periods = 4 if control == "byo-yomi" else 0
    assert {(s.bank_ms, s.periods) for s in sitting.game.seats.values()} == {(full_ms, periods)}
    sitting.play("update-settings", ADA, time_control="bonus")
    assert {(s.bank_ms, s.periods) for s in sitting.game.seats.values()} == {(7 * MINUTE, 0)}


@pytest.mark.parametrize(
    ("players", "minutes"), [(2, 720), (3, 480), (4, 360), (5, 288), (6, 240), (7, 205), (8, 180)]
)
def test_an_hourglass_starts_with_at_most_24_h_in_all(players: int, minutes: int) -> None:
    """One minute more each is complained about beside the starting time, in create too."""
    wanted = {"players": players, "time_control": "hourglass"}
    assert created(**wanted, starting_minutes=minutes).game.settings.starting_ms == minutes * MINUTE
    with pytest.raises(BadFields) as bad:
        read_new_game(form(**wanted, starting_minutes=minutes + 1))
    assert list(bad.value.complaints) == ["starting_minutes"]
    assert "24 hours of sand" in bad.value.complaints["starting_minutes"]
    assert created(players=players, starting_minutes=1440).game.settings.starting_ms == 24 * HOUR


def test_a_settings_form_with_every_control_reads_back_the_same() -> None:
    """The amounts of the seven other controls wait in the form until theirs is chosen."""
    for preset in CLOCKS:
        sitting = created(**preset.fields, **ROUNDS[-1].fields)
        before = sitting.game.settings
        sitting.play("update-settings", ADA, **as_typed(before))
        assert sitting.game.settings == before


# ---- presets


@pytest.mark.parametrize("preset", [*CLOCKS, *ROUNDS], ids=lambda preset: preset.title)
def test_a_preset_fills_a_form_that_is_taken(preset: Preset) -> None:
    """As it stands, for any number of seats; and the form that results is known as that preset."""
    typed = {**as_typed(TableSettings()), **preset.fields}
    for players in (2, 8):
        wanted = read_new_game(form(**typed, players=players))
        assert preset.fits(as_typed(wanted.settings))


@pytest.mark.parametrize("presets", [CLOCKS, ROUNDS])
def test_presets_have_keys_and_titles_of_their_own(presets: tuple[Preset, ...]) -> None:
    """A link names one of them, and a form fits at most one."""
    assert len({preset.key for preset in presets}) == len(presets)
    assert len({preset.title for preset in presets}) == len(presets)
    for preset in presets:
        typed = {**as_typed(TableSettings()), **preset.fields}
        assert [one for one in presets if one.fits(typed)] == [preset]


def test_presets_are_named_as_players_name_them() -> None:
    """What one says across the table."""
    assert [preset.title for preset in CLOCKS] == [
        "Commander 20:00 +30 s per turn",
        "Fischer 10+5",
        "Delay 15:00, 10 s free each response",
        "Bronstein 15:00, 10 s back each turn",
        "Byo-yomi 10:00 + 5 x 0:30",
        "Hourglass 1:00",
        "60 s a turn",
        "Just count",
    ]
    assert [preset.title for preset in ROUNDS[1:]] == ["Commander 80 + 20", "60-card 50 + 5 turns"]


def test_there_is_a_preset_for_each_control() -> None:
    """Each of the eight can be played with one tap."""
    assert {preset.fields["time_control"] for preset in CLOCKS} == set(CONTROLS)


def test_an_untouched_form_is_the_commander_clock_without_a_round() -> None:
    """What a game nobody set up is called."""
    typed = as_typed(TableSettings())
    assert [preset.key for preset in (*CLOCKS, *ROUNDS) if preset.fits(typed)] == [
        "commander",
        "none",
    ]


def test_a_preset_leaves_alone_what_it_does_not_set() -> None:
    """Life and warnings that were typed stay; a key nobody knows fills nothing."""
    typed = {**as_typed(TableSettings()), "starting_life": "30"}
    assert filled(typed, CLOCKS, "fischer")["starting_life"] == "30"
    assert filled(typed, CLOCKS, "fischer")["increment_seconds"] == "5"
    for key in ("egg-timer", "", None):
        assert filled(typed, CLOCKS, key) == typed


def test_the_rounds_are_those_of_the_rules() -> None:
    """Commander 80 + 20: a last turn of 20 minutes at most; 60-card 50 + 5 turns."""
    settings = {preset.key: read_new_game(form(**preset.fields)).settings for preset in ROUNDS}
    told = {k: (s.round_ms, s.round_end, s.round_more) for k, s in settings.items()}
    assert told == {
        "none": (0, "bell", 0),
        "commander": (80 * MINUTE, "last-turn", 20),
        "60-card": (50 * MINUTE, "turns", 5),
    }


# ---- told in sentences

SENTENCES = [
    ({}, "20:00 each, +0:30 a turn."),
    ({"bonus_seconds": 0}, "20:00 each."),
    ({"time_control": "fischer"}, "20:00 each, +0:10 for each turn passed."),
    ({"time_control": "fischer", "increment_seconds": 0}, "20:00 each."),
    (
        {"time_control": "delay"},
        "20:00 each, the first 10 seconds of each turn and each response free.",
    ),
    (
        {"time_control": "delay", "delay_rearms": "no"},
        "20:00 each, the first 10 seconds of each turn free.",
    ),
    ({"time_control": "delay", "delay_seconds": 0}, "20:00 each."),
    (
        {"time_control": "bronstein"},
        "20:00 each, up to 10 seconds back for each turn passed.",
    ),
    ({"time_control": "hourglass"}, "Hourglass of 20:00 each: what one uses the others get."),
    ({"time_control": "byo-yomi"}, "20:00 each, then 5 periods of 0:30."),
    ({"time_control": "byo-yomi", "periods": 1}, "20:00 each, then 1 period of 0:30."),
    ({"time_control": "per-turn"}, "1:00 for each turn, nothing carries over."),
    ({"time_control": "count-up"}, "Clocks count up from 0:00, nobody runs out of time."),
    ({"round_minutes": 50}, "A round of 50 minutes, a bell at its end."),
    (
        {"round_minutes": 80, "round_end": "last-turn"},
        "A round of 1 hour 20 minutes, then the last turn, of 20 minutes at most.",
    ),
    (
        {"round_minutes": 50, "round_end": "turns"},
        "A round of 50 minutes, then 5 more turns, then a draw.",
    ),
    (
        {"round_minutes": 50, "round_end": "turns", "round_extra": 1},
        "A round of 50 minutes, then 1 more turn, then a draw.",
    ),
    (
        {"round_minutes": 50, "round_end": "turns", "round_extra": 0},
        "A round of 50 minutes, then a draw.",
    ),
    (
        {"round_minutes": 80, "round_end": "last-turn", "round_extra": 0},
        "A round of 1 hour 20 minutes, then a draw.",
    ),
    ({"lag_credit": "yes"}, "What a turn takes to reach its phone is given back."),
    ({"undo_charges": "nobody"}, "What is undone costs nobody time, once a turn."),
]


@pytest.mark.parametrize(("fields", "sentence"), SENTENCES)
def test_how_a_table_plays_is_told_in_sentences(fields: dict[str, object], sentence: str) -> None:
    """Everybody in the lobby reads what they agree to."""
    assert sentence in settings_words(created(**fields).game.settings)


def test_what_cannot_happen_is_not_told() -> None:
    """No warnings and no time-out where clocks count up, no round where there is none."""
    said = " ".join(settings_words(created(time_control="count-up").game.settings))
    assert "Warned" not in said
    assert "Out of time" not in said
    assert "round" not in said
