"""Rules, section 2: what the host may set, when, within which limits, and the defaults."""

import pytest

from app.game.refusals import BadFields
from app.game.table_settings import TableSettings
from tests.game.cast import ADA, HOUR, MINUTE, SECOND, Sitting, created


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
    )


LIMITS = [
    ("starting_seconds", "starting_ms", "1", 1 * SECOND),
    ("starting_seconds", "starting_ms", "86400", 24 * HOUR),
    ("starting_minutes", "starting_ms", "1440", 24 * HOUR),
    ("bonus_seconds", "bonus_ms", "0", 0),
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
    ("time_control", "time_control", "bonus", "bonus"),
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
    ("bonus_seconds", "5"),
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
