"""Rules, section 11: campaigns. Every number of that chapter stands in here once.

Six minutes of wastelands on three seats: Ada on 1, Ben on 2, Cleo on 3.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.game import campaign_presets
from app.game.campaign import (
    FIXED_FIELDS,
    champions,
    chapter,
    damage_points,
    hand_size,
    is_over,
    level_of,
    points_of,
    round_settings,
    standings,
    starting_ms,
)
from app.game.campaign_presets import PRESETS, DamageScoring, Preset
from app.game.campaign_view import (
    chapter_view,
    offered,
    points_words,
    round_words,
    standings_view,
    theme_of,
)
from app.game.commands import COMMANDS, read_new_game
from app.game.game import Campaign
from app.game.ledger import fold
from app.game.refusals import BadFields, Refusal, Stale
from app.game.settings_form import as_typed
from app.game.table_settings import TableSettings
from app.game.view import notice_view, seat_view, state_view
from app.storage.codec import decode_entry, decode_game, encode_entry, encode_game
from tests.game.cast import (
    ADA,
    BEN,
    CLEO,
    DORA,
    MINUTE,
    SECOND,
    T0,
    Sitting,
    created,
    form,
    lobby,
    running,
)

WASTELANDS: dict[str, Any] = {"mode": "campaign", "campaign": "wastelands"}
CLIENTS = {1: ADA, 2: BEN, 3: CLEO}


def wastelands(players: int = 3, **fields: Any) -> Sitting:
    """The first instant of round 1; seat 1 has the clock and the damage."""
    return running(players, **WASTELANDS, **fields)


def of_preset(name: str, players: int = 3, **fields: Any) -> Sitting:
    """The first instant of round 1 of a campaign."""
    return running(players, mode="campaign", campaign=name, **fields)


def win(sitting: Sitting, seat: int | str) -> None:
    """The round ends by word."""
    sitting.play("finish", ADA, winner=seat, confirm="yes")


def go_on(sitting: Sitting, winner: int | str = "draw") -> None:
    """The round ends, the next is opened and started."""
    win(sitting, winner)
    sitting.play("next-round", BEN)
    sitting.play("start", ADA)


def bleed(sitting: Sitting, seat: int, life: int, at: int | None = None) -> None:
    """A seat takes so much damage by its own hand."""
    sitting.tap(seat, "adjust-life", at, by=-life)


def points(sitting: Sitting) -> dict[int, int]:
    """Everybody's points so far."""
    return {number: points_of(sitting.game, number) for number in sitting.game.seats}


# ---- the presets


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("standard", [10, 9, 8, 7, 6]),
        ("blitz", [5, 4.5, 4, 3.5, 3, 2.5, 2]),
        ("endurance", [15] * 10),
        ("wastelands", [6] * 3),
    ],
)
def test_the_clock_of_each_round(name: str, minutes: list[float]) -> None:
    """Standard 5 rounds from 10:00, blitz 7 from 5:00, endurance 10 of 15:00, wastelands 3."""
    preset = PRESETS[name]
    assert preset.rounds == len(minutes)
    clocks = [starting_ms(preset, number) for number in range(1, preset.rounds + 1)]
    assert clocks == [m * MINUTE for m in minutes]


def test_the_clock_never_falls_below_the_least() -> None:
    """Not below 5:00 in standard, not below 2:00 in blitz, however many rounds there were."""
    assert starting_ms(PRESETS["standard"], 40) == 5 * MINUTE
    assert starting_ms(PRESETS["blitz"], 40) == 2 * MINUTE


def test_wastelands_fixes_the_bonus_life_and_hands() -> None:
    """Bonus 0:30, life 10, hand 5 / 6 / 7."""
    game = wastelands().game
    assert (game.settings.starting_ms, game.settings.bonus_ms) == (6 * MINUTE, 30 * SECOND)
    assert {seat.life for seat in game.seats.values()} == {10}
    assert [hand_size(PRESETS["wastelands"], n) for n in (1, 2, 3)] == [5, 6, 7]
    assert hand_size(PRESETS["standard"], 1) == 0


def test_what_a_preset_does_not_set_is_the_default() -> None:
    """Standard says nothing of bonus and life: 0:30 and 40."""
    assert of_preset("standard").game.settings == TableSettings(starting_ms=10 * MINUTE)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_every_round_has_its_story(preset: Preset) -> None:
    """A chapter for each round, all different, and an ending."""
    told = [chapter(preset, number) for number in range(1, preset.rounds + 1)]
    assert len(set(told)) == preset.rounds == len(preset.chapters)
    assert all(40 < len(text) < 180 for text in (*told, preset.ending))
    assert chapter(preset, preset.rounds + 1) == told[-1]


def test_a_new_campaign_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presets are data: no code knows their names."""
    sprint = Preset(
        name="Sprint",
        title="Downhill",
        goal="Most points.",
        rounds=2,
        starting_ms=MINUTE,
        less_ms=0,
        least_ms=MINUTE,
        ranking=("points",),
        story="Down.",
        chapters=("Down.", "Further down."),
        ending="There.",
        settings={"time_control": "per-turn", "allowance_ms": 20 * SECOND},
        scoring=DamageScoring(breadth_percent=(0, 300), round_percent=(100,)),
    )
    monkeypatch.setitem(campaign_presets.PRESETS, "sprint", sprint)
    sitting = of_preset("sprint")
    assert sitting.bank(1) == 20 * SECOND
    assert sitting.game.name == "Sprint"
    bleed(sitting, 2, 1)
    go_on(sitting)
    win(sitting, 3)
    assert champions(sitting.game) == (1,)
    assert [offer.key for offer in offered()][-1] == "sprint"


# ---- creating one


def test_creating_a_campaign() -> None:
    """Mode and campaign; its name is the game's unless somebody names it."""
    game = created(**WASTELANDS).game
    assert (game.mode, game.campaign, game.name) == (
        "campaign",
        Campaign("wastelands"),
        "Wastelands",
    )
    assert created(**WASTELANDS, name="Friday").game.name == "Friday"


def test_a_campaign_nobody_chose_is_the_standard_one() -> None:
    """In create a missing field is the default."""
    assert created(mode="campaign").game.campaign == Campaign("standard")
    assert created(mode="campaign", campaign="").game.campaign == Campaign("standard")


def test_a_casual_game_does_not_mind_the_campaign_ticked_below() -> None:
    """The form sends both fields, whatever is chosen."""
    game = created(mode="casual", campaign="blitz").game
    assert (game.mode, game.campaign, game.name) == ("casual", None, "Game")


@pytest.mark.parametrize("fields", [{"mode": "x"}, {"mode": "campaign", "campaign": "x"}])
def test_a_campaign_nobody_offers_is_complained_about(fields: dict[str, str]) -> None:
    """Like any other field."""
    with pytest.raises(BadFields):
        read_new_game(form(**fields))


def test_clock_and_life_fields_of_the_form_are_ignored() -> None:
    """Sensible or not: nobody complains about what nobody reads."""
    plain = created(**WASTELANDS).game.settings
    typed = dict.fromkeys(FIXED_FIELDS, "7") | {"time_control": "fischer", "delay_rearms": "no"}
    assert created(**WASTELANDS, **typed).game.settings == plain
    silly = dict.fromkeys(FIXED_FIELDS, "silly")
    assert created(**WASTELANDS, **silly).game.settings == plain
    assert len(FIXED_FIELDS) == 11


def test_other_settings_of_the_form_count() -> None:
    """Warnings, time-outs and the pause are the host's in a campaign too."""
    chosen = created(**WASTELANDS, on_timeout="out", thresholds="2:00", auto_pause_seconds=0).game
    assert chosen.settings.on_timeout == "out"
    assert chosen.settings.thresholds_ms == (2 * MINUTE,)
    assert chosen.settings.auto_pause_ms == 0


def test_update_settings_ignores_clock_and_life_too() -> None:
    """What the preset sets stays set."""
    sitting = lobby(**WASTELANDS)
    before = sitting.game.settings
    sitting.play("update-settings", ADA, starting_minutes=99, starting_life="x", on_timeout="out")
    assert sitting.game.settings == replace(before, on_timeout="out")
    sitting.play("update-settings", ADA, **as_typed(TableSettings()))
    assert sitting.game.settings == before


def test_a_blank_name_brings_the_campaigns_name_back() -> None:
    """Blank means the default, and that is the campaign's."""
    sitting = lobby(**WASTELANDS, name="Friday")
    sitting.play("rename-game", ADA, name=" ")
    assert sitting.game.name == "Wastelands"
    sitting.play("rename-game", ADA, name="Friday")
    sitting.play("update-settings", ADA, name="")
    assert sitting.game.name == "Wastelands"


def test_other_settings_last_from_round_to_round() -> None:
    """What the host chose is not forgotten by the next round."""
    sitting = of_preset("standard", on_timeout="skip")
    go_on(sitting)
    assert sitting.game.settings == TableSettings(starting_ms=9 * MINUTE, on_timeout="skip")


# ---- rounds


def test_the_next_round_keeps_people_names_colours_and_order() -> None:
    """A waiting lobby with full banks and life, and the same table."""
    sitting = lobby(**WASTELANDS)
    sitting.play("recolor-seat", BEN, color="magenta")
    sitting.play("move-seat", ADA, seat=3, by=-2)
    sitting.play("start", ADA)
    people = [(s.number, s.name, s.color, s.holder) for s in sitting.game.in_order()]
    bleed(sitting, 2, 10)
    sitting.play("concede", CLEO, 30 * SECOND)
    entry = sitting.play("next-round", CLEO)
    game = sitting.game
    assert (game.status, game.turn, game.winner, entry.event) == ("waiting", 0, None, "next-round")
    assert [(s.number, s.name, s.color, s.holder) for s in game.in_order()] == people
    assert all((s.life, s.bank_ms, s.out) == (10, 6 * MINUTE, "") for s in game.seats.values())
    assert game.campaign is not None
    assert (game.campaign.number, [r.number for r in game.campaign.booked]) == (2, [1])


def test_the_seat_after_the_last_starter_starts() -> None:
    """Round by round around the table, from wherever it began."""
    sitting = lobby(mode="campaign", campaign="endurance")
    sitting.dice.coming = [2]
    sitting.play("random-start", ADA)
    sitting.play("start", ADA)
    began = [sitting.game.active]
    for _ in range(4):
        go_on(sitting)
        began.append(sitting.game.active)
    assert began == [2, 3, 1, 2, 3]


def test_the_seat_after_an_empty_one_starts() -> None:
    """A starter who has left and is not replaced is skipped, not the round."""
    sitting = of_preset("standard")
    win(sitting, 1)
    sitting.play("next-round", ADA)
    assert sitting.game.starter == 2
    sitting.play("leave-seat", BEN)
    sitting.play("start", ADA, empty_seats="remove")
    assert sitting.game.active == 3


def test_a_handicap_stays_the_same_advantage() -> None:
    """Two minutes more than everybody in round 1 are two minutes more in round 2."""
    sitting = lobby(mode="campaign", campaign="standard")
    sitting.play("add-time", ADA, seat=3, minutes=2)
    assert sitting.bank(3) == 12 * MINUTE
    sitting.play("start", ADA)
    go_on(sitting)
    assert (sitting.bank(2), sitting.bank(3)) == (9 * MINUTE, 11 * MINUTE)


def test_a_handicap_leaves_a_second_at_least() -> None:
    """Half a minute in round 1, and every round has a minute less: still a clock to begin with."""
    sitting = lobby(mode="campaign", campaign="standard")
    sitting.play("take-time", ADA, seat=3, minutes=9, seconds=30)
    sitting.play("start", ADA)
    go_on(sitting)
    assert (sitting.bank(2), sitting.bank(3)) == (9 * MINUTE, SECOND)


@pytest.mark.parametrize("client", [ADA, BEN, CLEO])
def test_the_host_and_every_holder_may_open_the_next_round(client: str) -> None:
    """Also one who is out."""
    sitting = of_preset("standard")
    sitting.play("concede", BEN)
    win(sitting, 1)
    sitting.play("next-round", client)
    assert round_words(sitting.game) == "Round 2 of 5"


def test_next_round_is_refused_to_spectators_and_out_of_place() -> None:
    """Only between rounds, only in a campaign, never after the champion."""
    sitting = of_preset("standard")
    assert sitting.refusal("next-round", DORA) == "not-yours"
    assert sitting.refusal("next-round", ADA) == "wrong-status"
    casual = running()
    win(casual, 1)
    assert casual.refusal("next-round", ADA) == "no-campaign"
    for _ in range(2):
        go_on(sitting, 1)
    win(sitting, 1)
    assert sitting.refusal("next-round", ADA) == "campaign-over"


def test_two_thumbs_on_next_round_open_one() -> None:
    """The second form was painted for the finished round: it is late, not wrong."""
    sitting = of_preset("standard")
    win(sitting, 1)
    painted = {"turn": sitting.game.turn, "grant": sitting.game.grant}
    sitting.play("next-round", ADA, **painted)
    assert sitting.is_stale("next-round", BEN, **painted)
    assert round_words(sitting.game) == "Round 2 of 5"


def test_nothing_reaches_back_before_a_booked_round() -> None:
    """Not even the host's undo."""
    sitting = of_preset("standard")
    win(sitting, 1)
    sitting.play("next-round", ADA)
    assert sitting.refusal("undo", ADA) == "nothing-to-undo"


def test_undo_revive_and_reset_concern_the_round_until_it_is_booked() -> None:
    """A round ends like any game, and its end can be taken back like any."""
    sitting = of_preset("standard")
    win(sitting, 2)
    assert points(sitting) == {1: 0, 2: 1, 3: 0}
    sitting.play("undo", ADA)
    assert points(sitting) == {1: 0, 2: 0, 3: 0}
    win(sitting, 2)
    sitting.play("revive", ADA, seat=3)
    assert (sitting.game.status, points(sitting)[2]) == ("paused", 0)


def test_reset_restarts_the_round_and_drops_its_damage() -> None:
    """Booked rounds stay; the same seat begins again."""
    sitting = wastelands()
    bleed(sitting, 2, 4)
    go_on(sitting)
    assert (points(sitting)[1], sitting.game.first) == (4, 2)
    bleed(sitting, 1, 2)
    bleed(sitting, 3, 2)
    assert points(sitting)[2] == 9
    win(sitting, 2)
    sitting.play("reset", CLEO, confirm="yes")
    assert (sitting.game.status, round_words(sitting.game)) == ("waiting", "Round 2 of 3")
    assert points(sitting) == {1: 4, 2: 0, 3: 0}
    sitting.play("start", ADA)
    assert sitting.game.active == 2


def test_a_reset_taken_back_brings_the_damage_back() -> None:
    """Undoable until the next start."""
    sitting = wastelands()
    bleed(sitting, 2, 4)
    sitting.play("reset", ADA, confirm="yes")
    sitting.play("undo", ADA)
    assert points(sitting)[1] == 4


# ---- who wins


def test_standard_is_over_at_three_rounds_won() -> None:
    """Five rounds, most round wins; three decide it."""
    sitting = of_preset("standard")
    go_on(sitting, 2)
    go_on(sitting, 2)
    win(sitting, 2)
    assert champions(sitting.game) == (2,)


def test_standard_ends_with_its_fifth_round_in_any_case() -> None:
    """2 : 2 : 1 is decided by damage."""
    sitting = of_preset("standard")
    for winner in (1, 2, 1, 2):
        go_on(sitting, winner)
        assert not is_over(sitting.game)
    assert sitting.game.active == 2
    bleed(sitting, 1, 3)
    win(sitting, 3)
    assert champions(sitting.game) == (2,)


def test_blitz_is_won_by_the_first_with_four() -> None:
    """Seven rounds at most."""
    sitting = of_preset("blitz")
    for winner in (1, 3, 3, 1, 3):
        go_on(sitting, winner)
    win(sitting, 3)
    assert champions(sitting.game) == (3,)
    assert sitting.game.campaign == replace(sitting.game.campaign, number=6)  # type: ignore[type-var]


def test_endurance_counts_rounds_then_the_time_used_in_rounds_survived() -> None:
    """Ten rounds; 5 : 5 goes to who needed less time, whatever a lost round took."""
    sitting = of_preset("endurance", players=2)
    for number in range(1, 11):
        if number % 2:
            sitting.play("concede", BEN, sitting.now + 3 * SECOND)
        else:
            sitting.play("pass-turn", BEN, sitting.now + 5 * SECOND)
            sitting.play("concede", ADA, sitting.now + MINUTE)
        assert is_over(sitting.game) == (number == 10)
        if number < 10:
            sitting.play("next-round", ADA)
            sitting.play("start", ADA)
    told = [(s.number, s.rounds, s.survived_ms) for s in standings(sitting.game)]
    assert told == [(1, 5, 15 * SECOND), (2, 5, 25 * SECOND)]
    assert champions(sitting.game) == (1,)


def test_wastelands_is_won_by_points_not_by_rounds() -> None:
    """Three rounds lost can be a campaign won."""
    sitting = wastelands()
    bleed(sitting, 2, 5)
    go_on(sitting, 3)
    go_on(sitting, 3)
    win(sitting, 3)
    assert champions(sitting.game) == (1,)


def test_ties_go_to_rounds_won_then_damage_then_are_shared() -> None:
    """Most rounds won, then more total damage, then shared."""
    sitting = wastelands()
    go_on(sitting)
    go_on(sitting)
    win(sitting, "draw")
    assert champions(sitting.game) == (1, 2, 3)
    assert notice_view(sitting.game, T0).headline == "Ada & Ben & Cleo"
    sitting.play("undo", ADA)
    win(sitting, 3)
    assert champions(sitting.game) == (3,)
    standard = of_preset("standard")
    for winner in (1, 2, "draw", "draw"):
        go_on(standard, winner)
    win(standard, "draw")
    assert champions(standard.game) == (1, 2)


def test_the_champion_can_be_taken_back() -> None:
    """Derived, so whatever takes the end back takes the champion too."""
    sitting = of_preset("standard")
    go_on(sitting, 2)
    go_on(sitting, 2)
    win(sitting, 2)
    sitting.play("undo", ADA)
    assert champions(sitting.game) == ()
    win(sitting, 2)
    sitting.play("revive", ADA, seat=1)
    assert champions(sitting.game) == ()
    win(sitting, 2)
    sitting.play("reset", BEN, confirm="yes")
    assert (champions(sitting.game), round_words(sitting.game)) == ((), "Round 3 of 5")


def test_whoever_survived_no_round_is_behind_all_who_did() -> None:
    """No time used is not the least time used."""
    sitting = of_preset("endurance")
    for number in range(10):
        sitting.play("eliminate", ADA, sitting.now + SECOND, seat=3)
        win(sitting, "draw")
        if number < 9:
            sitting.play("next-round", ADA)
            sitting.play("start", ADA)
    assert [s.number for s in standings(sitting.game)][-1] == 3


# ---- wastelands: damage


def test_ten_on_one_victim_in_round_one_is_ten() -> None:
    """The first check of the rules."""
    sitting = wastelands()
    bleed(sitting, 2, 10)
    assert points(sitting) == {1: 10, 2: 0, 3: 0}


def test_five_and_five_on_two_is_fifteen() -> None:
    """The second check: breadth counts."""
    sitting = wastelands()
    bleed(sitting, 2, 5)
    bleed(sitting, 3, 5)
    assert points(sitting)[1] == 15


def test_ten_on_one_in_round_three_is_twenty() -> None:
    """The third check: later rounds weigh more."""
    sitting = wastelands()
    go_on(sitting)
    go_on(sitting)
    assert sitting.game.active == 3
    bleed(sitting, 1, 10)
    assert points(sitting)[3] == 20


@pytest.mark.parametrize(("victims", "per_ten"), [*enumerate([0, 10, 15, 20, 25, 30, 35, 40])])
def test_breadth_by_distinct_victims(victims: int, per_ten: int) -> None:
    """0, 1, 1.5, 2, 2.5, 3, 3.5, 4 for 0 to 7 victims."""
    scoring = PRESETS["wastelands"].scoring
    assert scoring is not None
    damage = dict.fromkeys(range(2, 2 + victims), 10)
    assert damage_points(scoring, damage, 1) == victims * per_ten


def test_a_round_weighs_one_one_and_a_half_and_two() -> None:
    """Rounded down at the end, not on the way."""
    scoring = PRESETS["wastelands"].scoring
    assert scoring is not None
    assert [damage_points(scoring, {2: 10}, n) for n in (1, 2, 3)] == [10, 15, 20]
    assert damage_points(scoring, {2: 1}, 2) == 1
    assert damage_points(scoring, {2: 1, 3: 2}, 2) == 6  # 3 x 1.5 x 1.5 = 6.75


def test_points_add_up_over_rounds() -> None:
    """Booked plus this round's, on each seat."""
    sitting = wastelands()
    bleed(sitting, 2, 5)
    go_on(sitting)
    bleed(sitting, 1, 2)
    sitting.play("pass-turn", BEN)
    sitting.play("pass-turn", CLEO)
    bleed(sitting, 3, 4)
    assert points(sitting) == {1: 5 + 6, 2: 3, 3: 0}
    assert seat_view(sitting.game, 1, T0).points == "11"
    assert points_words(sitting.game, 1) == "11 points \u00b7 level 2"


@pytest.mark.parametrize(
    ("total", "level"),
    [
        *((0, 1), (9, 1), (10, 2), (24, 2), (25, 3), (49, 3)),
        *((50, 4), (79, 4), (80, 5), (119, 5), (120, 6), (500, 6)),
    ],
)
def test_levels(total: int, level: int) -> None:
    """1 + thresholds reached of 10, 25, 50, 80, 120."""
    assert level_of(PRESETS["wastelands"], total) == level


def test_there_are_no_levels_without_thresholds() -> None:
    """Standard counts rounds."""
    assert level_of(PRESETS["standard"], 100) == 0
    assert points_words(of_preset("standard").game, 1) == "0 rounds"


def test_life_counts_down_to_nothing_and_no_further() -> None:
    """Overkill is worth what was left."""
    sitting = wastelands()
    bleed(sitting, 2, 25)
    assert sitting.seat(2).life == -15
    assert points(sitting)[1] == 10


def test_at_most_the_starting_life_of_each_victim_in_each_round() -> None:
    """Healing does not make anybody worth more."""
    sitting = wastelands()
    for _ in range(3):
        bleed(sitting, 2, 8, sitting.now + MINUTE // 4)
        sitting.play("adjust-life", BEN, sitting.now + MINUTE // 4, by=8)
    assert sitting.seat(1).dealt == {2: 24}
    assert points(sitting)[1] == 10


def test_damage_is_the_active_seats() -> None:
    """Whoever has the running clock."""
    sitting = wastelands()
    sitting.play("pass-turn", ADA)
    bleed(sitting, 3, 2)
    assert points(sitting) == {1: 0, 2: 2, 3: 0}


def test_damage_is_the_top_interrupters() -> None:
    """A trick in somebody's turn is the trickster's."""
    sitting = wastelands()
    sitting.play("interrupt", BEN)
    sitting.play("interrupt", CLEO)
    bleed(sitting, 1, 2)
    sitting.play("pass-priority", CLEO)
    bleed(sitting, 1, 3)
    assert points(sitting) == {1: 0, 2: 3, 3: 2}


def test_damage_while_others_respond_is_the_original_players() -> None:
    """The responders' clocks run, but it is not their attack."""
    sitting = wastelands()
    for seat in (2, 3):
        sitting.play("toggle-target", ADA, seat=seat)
    sitting.play("confirm-targets", ADA)
    bleed(sitting, 2, 3)
    assert points(sitting) == {1: 3, 2: 0, 3: 0}


def test_never_to_oneself() -> None:
    """What I pay is nobody's."""
    sitting = wastelands()
    bleed(sitting, 1, 5)
    assert points(sitting) == {1: 0, 2: 0, 3: 0}


def test_commander_damage_counts_for_whoever_has_the_clock() -> None:
    """It lowers life, whosever commander it was."""
    sitting = wastelands()
    sitting.play("commander-damage", BEN, source=3, by=4)
    assert points(sitting) == {1: 4, 2: 0, 3: 0}


def test_a_seat_that_is_out_can_no_longer_be_hit() -> None:
    """Only life lost while it was in."""
    sitting = wastelands()
    sitting.play("concede", BEN)
    bleed(sitting, 2, 5)
    assert points(sitting)[1] == 0


def test_time_out_losses_never_count() -> None:
    """Two life for thinking too long are nobody's damage."""
    sitting = wastelands()
    sitting.wait(6 * MINUTE)
    sitting.play("interrupt", BEN)
    sitting.play("timeout-choice", ADA, choice="lose-life")
    assert sitting.seat(1).life == 8
    assert points(sitting) == {1: 0, 2: 0, 3: 0}


def test_the_hosts_edit_of_anothers_seat_never_counts() -> None:
    """Only the own hand tells what a hit was."""
    sitting = wastelands()
    sitting.play("adjust-life", ADA, seat=2, by=-6)
    sitting.play("commander-damage", ADA, seat=3, source=1, by=6)
    assert points(sitting) == {1: 0, 2: 0, 3: 0}


@pytest.mark.parametrize("command", ["concede", "kick", "eliminate"])
def test_concessions_and_kicks_never_count(command: str) -> None:
    """Whoever gives up was not killed."""
    sitting = wastelands()
    if command == "concede":
        sitting.play("concede", BEN)
    else:
        sitting.play(command, ADA, seat=2)
    assert points(sitting) == {1: 0, 2: 0, 3: 0}


def test_a_correction_within_ten_seconds_counts_net() -> None:
    """-5, oh no, +2: three. After ten seconds it is healing."""
    sitting = wastelands()
    bleed(sitting, 2, 5, SECOND)
    sitting.play("adjust-life", BEN, 11 * SECOND, by=2)
    assert points(sitting)[1] == 3
    bleed(sitting, 3, 5, 20 * SECOND)
    sitting.play("adjust-life", CLEO, 30 * SECOND + 1, by=2)
    assert sitting.seat(1).dealt == {2: 3, 3: 5}


def test_a_gain_taken_back_is_no_damage() -> None:
    """+5, oh no, -5: nothing."""
    sitting = wastelands()
    sitting.play("adjust-life", BEN, SECOND, by=5)
    bleed(sitting, 2, 5, 2 * SECOND)
    assert points(sitting)[1] == 0
    bleed(sitting, 2, 5, 3 * SECOND)
    assert points(sitting)[1] == 5


def test_undone_damage_is_gone() -> None:
    """Taking back a change of life takes its points back."""
    sitting = wastelands()
    bleed(sitting, 2, 5)
    sitting.play("undo", BEN)
    assert points(sitting)[1] == 0
    bleed(sitting, 2, 10)
    sitting.play("undo", BEN)
    assert (sitting.seat(2).is_in, points(sitting)[1]) == (True, 0)


def test_a_casual_game_counts_no_damage() -> None:
    """Nothing of a campaign shows where there is none."""
    sitting = running()
    bleed(sitting, 2, 5)
    assert sitting.seat(1).dealt is None
    assert seat_view(sitting.game, 1, T0).points == ""
    assert points_words(sitting.game, 1) == theme_of(sitting.game) == ""
    assert chapter_view(sitting.game) is None
    assert standings_view(sitting.game) is None
    assert standings(sitting.game) == ()


# ---- what screens show


def test_the_lobby_of_a_round_tells_its_chapter() -> None:
    """Story, which round of how many, cards, clock, life."""
    sitting = wastelands()
    go_on(sitting)
    told = chapter_view(sitting.game)
    assert told is not None
    assert told.words == "Round 2 of 3"
    assert told.facts == ("6 cards", "6:00 +0:30", "10 life")
    assert told.story == chapter(PRESETS["wastelands"], 2)
    assert (told.theme, theme_of(sitting.game)) == ("wastelands", "wastelands")


def test_a_finished_round_shows_the_winner_and_the_table() -> None:
    """Points of this round beside those of the rounds before."""
    sitting = wastelands()
    bleed(sitting, 2, 5)
    go_on(sitting, 1)
    bleed(sitting, 3, 4)
    win(sitting, 3)
    notice = notice_view(sitting.game, T0)
    assert (notice.headline, notice.sentence) == ("Cleo", "wins")
    table = notice.standings
    assert table is not None
    assert (table.words, table.counted, table.over) == ("Round 2 of 3", "points", False)
    rows = [(r.rank, r.name, r.total, [c.text for c in r.rounds]) for r in table.rows]
    assert rows == [
        (1, "Ben", "6", ["0", "6"]),
        (2, "Ada", "5", ["5", "0"]),
        (3, "Cleo", "0", ["0", "0"]),
    ]
    assert table.rows[1].words == "Level 1 \u00b7 1 round won \u00b7 5 damage"


def test_the_champion_stays_on_screen_with_the_whole_table() -> None:
    """The poster is the champion's, not the last round's winner's."""
    sitting = of_preset("standard")
    for winner in (2, 1, 2):
        go_on(sitting, winner)
    win(sitting, 2)
    notice = notice_view(sitting.game, T0)
    assert (notice.headline, notice.sentence, notice.seat) == ("Ben", "Champion", "2")
    table = notice.standings
    assert table is not None
    assert table.ending == PRESETS["standard"].ending
    assert [len(row.rounds) for row in table.rows] == [4, 4, 4]
    assert state_view(sitting.game, T0).champions == "2"
    sitting.play("rename-seat", BEN, name="Benjamin")
    assert notice_view(sitting.game, T0).headline == "Benjamin"


def test_a_seat_that_came_later_has_no_result_in_earlier_rounds() -> None:
    """A blank is not a nought."""
    sitting = of_preset("standard")
    win(sitting, 1)
    sitting.play("next-round", ADA)
    sitting.play("add-seat", ADA)
    sitting.play("share-seat", ADA, seat=4)
    sitting.play("start", ADA)
    win(sitting, 4)
    table = standings_view(sitting.game)
    assert table is not None
    assert {row.number: [c.text for c in row.rounds] for row in table.rows}[4] == ["", "1"]


# ---- laws


OTHERS = sorted(
    set(COMMANDS)
    - {"adjust-life", "commander-damage", "undo", "reset", "next-round", "finish", "start", "close"}
)


@settings(max_examples=60)
@given(st.data())
def test_nothing_but_own_hands_on_own_life_makes_points(data: st.DataObject) -> None:
    """Host edits, time-outs, concessions, kicks, gifts: the points stay what they were."""
    sitting = wastelands()
    bleed(sitting, 2, 3)
    sitting.play("pass-turn", ADA, 20 * SECOND)
    before = points(sitting)
    for _ in range(data.draw(st.integers(1, 25))):
        sitting.wait(sitting.now + data.draw(st.sampled_from([0, 900, 40_000, 200_000])))
        command = data.draw(st.sampled_from([*OTHERS, "host-life", "host-commander"]))
        client = data.draw(st.sampled_from([ADA, BEN, CLEO, DORA]))
        fields: dict[str, Any] = {
            "seat": data.draw(st.integers(1, 3)),
            "by": data.draw(st.integers(-12, 12)),
            "choice": data.draw(st.sampled_from(["lose-life", "drink", "die"])),
            "counter": "poison",
            "seconds": 30,
        }
        if command.startswith("host-"):
            name = {"host-life": "adjust-life", "host-commander": "commander-damage"}[command]
            client, fields["seat"] = ADA, data.draw(st.integers(2, 3))
            fields = {k: fields[k] for k in ("seat", "by")}
            if name == "commander-damage":
                fields["source"] = 1
        else:
            name = command
            known = {*COMMANDS[name].__dataclass_fields__, "seconds"}
            fields = {k: v for k, v in fields.items() if k in known}
        with suppress(Refusal, BadFields, Stale):
            sitting.play(name, client, **fields)
    assert points(sitting) == before


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-9, 9), st.integers(0, 8)), max_size=40))
def test_a_whole_campaign_folds_to_what_is_stored(taps: list[tuple[int, int, int]]) -> None:
    """Rounds, bookings and damage among it; and every value survives the disk."""
    sitting = lobby(**WASTELANDS)
    for number in range(1, 4):
        sitting.play("start", ADA)
        for seat, by, seconds in taps[number::3]:
            if sitting.game.status == "running":
                sitting.tap(seat, "adjust-life", sitting.now + seconds * SECOND, by=by)
        if sitting.game.status == "running":
            win(sitting, "draw")
        if number < 3:
            sitting.play("next-round", ADA)
    stored = [decode_entry(encode_entry(entry)) for entry in sitting.entries]
    beginning = decode_game(encode_game(sitting.beginning))
    assert fold(beginning, stored) == sitting.game
    assert is_over(sitting.game)
    assert decode_game(encode_game(sitting.game)) == sitting.game


def test_settings_of_a_round_leave_the_rest_alone() -> None:
    """Only clock and life are the campaign's."""
    own = TableSettings(
        on_timeout="skip", thresholds_ms=(SECOND,), time_control="fischer", starting_life=3
    )
    assert round_settings(PRESETS["standard"], 2, own) == replace(
        TableSettings(starting_ms=9 * MINUTE), on_timeout="skip", thresholds_ms=(SECOND,)
    )
