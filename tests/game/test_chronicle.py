"""What a ledger tells of an evening: who had how much time, and what became of it."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.game.chronicle import CHARGED, UNDONE, Chronicle, Stretch, stood_ms
from app.game.chronicle import Sitting as Told
from app.game.clock import settle
from app.game.ledger import Draft, apply, fold, unapply
from app.game.time_control import CONTROLS
from app.storage.codec import decode_entry, decode_game, encode_entry, encode_game
from app.storage.contract import CREATE, Save
from app.storage.sql import SqlStorage
from tests.game.cast import ADA, BEN, CLEO, HOUR, MINUTE, SECOND, T0, Sitting, lobby, running
from tests.game.played import evening


def chronicle_of(table: Sitting) -> Chronicle:
    """All of a table's ledger."""
    chronicle = Chronicle(table.beginning)
    chronicle.add_all(table.entries)
    return chronicle


def present(table: Sitting, at: int | None = None) -> Told:
    """The newest sitting of a table, up to an instant."""
    chronicle = chronicle_of(table)
    at = table.now if at is None else at
    sitting = chronicle.sitting(chronicle.sittings[-1].number, T0 + at)
    assert sitting is not None
    return sitting


def used(sitting: Told) -> Counter[int]:
    """What each seat was charged, by its stretches."""
    found: Counter[int] = Counter()
    for one in sitting.stretches:
        assert one.length_ms > 0
        if one.kind in CHARGED:
            found[one.seat] += one.length_ms
    return found


def drawn(sitting: Told, seat: int) -> list[tuple[str, int, int]]:
    """A seat's stretches in seconds since the start: (kind, from, to)."""
    began = sitting.started_at
    mine = [one for one in sitting.stretches if one.seat == seat]
    return [(one.kind, (one.since - began) // 1000, (one.until - began) // 1000) for one in mine]


# ---- the law


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40), st.integers(1, 150), st.sampled_from(list(CONTROLS)))
def test_what_a_seat_used_is_the_sum_of_its_stretches(seed: int, steps: int, control: str) -> None:
    """At every entry, whatever was undone: a table of figures that adds up wrong is believed."""
    table = evening(seed, steps, control)
    chronicle = Chronicle(table.beginning)
    for entry in table.entries:
        chronicle.add(entry)
        if chronicle.is_played:
            told = used(chronicle.sittings[-1])
            assert +told == +Counter({n: s.used_ms for n, s in chronicle.game.seats.items()})
    assert chronicle.game == table.game


@pytest.mark.parametrize("control", CONTROLS)
def test_the_same_evenings_for_every_control(control: str) -> None:
    """Chance alone would let a control through on some days; all sittings, and what runs now."""
    for seed in range(8):
        table = evening(seed, 200, control, may_end=seed % 2 == 0)
        chronicle = chronicle_of(table)
        for sitting in chronicle.sittings:
            at = table.game.last_at + 7 * SECOND
            seen = chronicle.sitting(sitting.number, at)
            assert seen is not None
            assert seen.end is not None
            for told in chronicle.told(seen):
                seat = seen.end.seats[told.number]
                assert (told.used_ms, told.overtime_ms) == (seat.used_ms, seat.overtime_ms)
                assert told.longest_ms >= told.mean_ms
                assert told.used_ms >= told.responses_ms + told.interrupts_ms


def test_looking_does_not_change_what_is_seen() -> None:
    """A page opened while clocks run must not write into what the next page reads."""
    table = running()
    chronicle = chronicle_of(table)
    before = used(chronicle.sittings[0])
    for at in (5, 9):
        sitting = chronicle.sitting(1, T0 + at * SECOND)
        assert sitting is not None
        assert used(sitting) == {1: at * SECOND}
    assert used(chronicle.sittings[0]) == before


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40))
def test_chapters_leave_no_entry_out(seed: int) -> None:
    """Every entry is told, in one chapter; sittings finished one after the other count up."""
    table = evening(seed, 150)
    chapters = chronicle_of(table).chapters()
    told = [seq for one in chapters for seq in range(one.first, one.last + 1)]
    assert told == [entry.seq for entry in table.entries]


# ---- stretches


def test_turns_interrupts_and_answers() -> None:
    """Every clock by the reason it ran for; parallel answers each in full."""
    table = running(bonus_seconds=0)
    table.play("interrupt", BEN, 10 * SECOND)
    table.play("pass-priority", BEN, 14 * SECOND)
    table.play("toggle-target", ADA, 20 * SECOND, seat=2)
    table.play("toggle-target", ADA, 20 * SECOND, seat=3)
    table.play("confirm-targets", ADA, 21 * SECOND)
    table.play("pass-target", CLEO, 24 * SECOND)
    table.play("pass-target", BEN, 30 * SECOND)
    table.play("pass-turn", ADA, 40 * SECOND)
    sitting = present(table)
    assert drawn(sitting, 1) == [("turn", 0, 10), ("turn", 14, 21), ("turn", 30, 40)]
    assert drawn(sitting, 2) == [("interrupt", 10, 14), ("response", 21, 30)]
    assert drawn(sitting, 3) == [("response", 21, 24)]
    told = {one.number: one for one in chronicle_of(table).told(sitting)}
    assert (told[1].turns, told[1].longest_ms, told[1].used_ms) == (1, 27_000, 27_000)
    assert (told[2].interrupts, told[2].interrupts_ms) == (1, 4_000)
    assert (told[2].responses, told[2].responses_ms) == (1, 9_000)
    assert (told[3].responses, told[3].responses_ms, told[3].turns) == (1, 3_000, 0)


def test_turns_longest_and_mean() -> None:
    """Two turns of 10 and 30 seconds are 20 on average; the running one counts as far as it is."""
    table = running(2, bonus_seconds=0)
    at = 0
    for client, seconds in ((ADA, 10), (BEN, 5), (ADA, 30), (BEN, 5)):
        at += seconds * SECOND
        table.play("pass-turn", client, at)
    chronicle = chronicle_of(table)
    told = chronicle.told(present(table))[0]
    assert (told.turns, told.longest_ms, told.mean_ms) == (3, 30_000, 40_000 // 3)
    told = chronicle.told(present(table, at + 20 * SECOND))[0]
    assert (told.turns, told.longest_ms, told.mean_ms) == (3, 30_000, 20_000)


def test_a_free_delay_comes_first() -> None:
    """What was free is drawn apart, counts as the turn's time and not as used."""
    table = running(time_control="delay", delay_seconds=10)
    table.play("pass-turn", ADA, 25 * SECOND)
    table.play("pass-turn", BEN, 30 * SECOND)
    sitting = present(table)
    assert drawn(sitting, 1) == [("delay", 0, 10), ("turn", 10, 25)]
    assert drawn(sitting, 2) == [("delay", 25, 30)]
    told = chronicle_of(table).told(sitting)
    assert (told[0].used_ms, told[0].free_ms, told[0].longest_ms) == (15_000, 10_000, 25_000)
    assert (told[1].used_ms, told[1].free_ms, told[1].longest_ms) == (0, 5_000, 5_000)


def test_pauses_and_outages_are_nobodys() -> None:
    """Gaps with their reasons, how often and how long; the one that lasts counts up to now."""
    table = running()
    table.play("pause", ADA, 10 * SECOND, reason="judge")
    table.play("resume", ADA, 70 * SECOND)
    table.play("pause", BEN, 80 * SECOND, reason="break")
    table.play("resume", BEN, 85 * SECOND)
    table.play("pause", BEN, 90 * SECOND, reason="judge")
    sitting = present(table)
    assert drawn(sitting, 1) == [("turn", 0, 10), ("turn", 70, 80), ("turn", 85, 90)]
    told = stood_ms(sitting, T0 + 100 * SECOND)
    assert told == {"judge": (2, 70_000), "break": (1, 5_000)}
    assert [gap.by for gap in sitting.gaps] == [1, 2, 2]


def test_the_grace_of_a_choice_is_free() -> None:
    """Whoever has to choose is not charged meanwhile, and time-outs are counted."""
    table = running(starting_seconds=60, bonus_seconds=0)
    table.wait(MINUTE)
    table.play("timeout-choice", ADA, 70 * SECOND, choice="drink")
    sitting = present(table)
    assert drawn(sitting, 1) == [("turn", 0, 60), ("grace", 60, 70)]
    told = chronicle_of(table).told(sitting)[0]
    assert (told.used_ms, told.free_ms, told.time_outs) == (60_000, 10_000, 1)


def test_overtime_is_told() -> None:
    """What ran below 0, all in all."""
    table = running(starting_seconds=60, bonus_seconds=0, on_timeout="overtime")
    table.play("pass-turn", ADA, 100 * SECOND)
    told = chronicle_of(table).told(present(table))[0]
    assert (told.used_ms, told.overtime_ms) == (100_000, 40_000)


def test_a_ribbon_ends_where_its_seat_went_out() -> None:
    """And goes on when it is brought back."""
    table = running()
    table.play("concede", CLEO, 10 * SECOND)
    assert present(table).out_at == {3: T0 + 10 * SECOND}
    table.play("revive", ADA, 20 * SECOND, seat=3)
    assert present(table).out_at == {}


# ---- undo


def test_a_mistaken_pass_is_hatched_and_charged_to_whom_it_belongs() -> None:
    """Ben never had those seven seconds; Ada's turn went on through them."""
    table = running(bonus_seconds=0)
    table.play("pass-turn", ADA, 10 * SECOND)
    table.play("undo", ADA, 17 * SECOND)
    table.play("pass-turn", ADA, 20 * SECOND)
    sitting = present(table)
    assert drawn(sitting, 2) == [(UNDONE, 10, 17)]
    assert drawn(sitting, 1) == [("turn", 0, 20)]
    told = {one.number: one for one in chronicle_of(table).told(sitting)}
    assert (told[1].used_ms, told[1].turns, told[1].longest_ms) == (20_000, 1, 20_000)
    assert (told[2].used_ms, told[2].turns) == (0, 1)
    assert sitting.turns == {1: 1, 2: 2}


def test_what_ran_long_ago_stays_where_it_ran() -> None:
    """The host takes back a pass of half an hour ago: only fifteen seconds of it move."""
    table = running(bonus_seconds=0, starting_minutes=60)
    table.play("pass-turn", ADA, 10 * SECOND)
    table.play("undo", ADA, 40 * SECOND)
    sitting = present(table)
    assert drawn(sitting, 2) == [("turn", 10, 25), (UNDONE, 25, 40)]
    assert used(sitting) == {1: 25_000, 2: 15_000}
    assert chronicle_of(table).told(sitting)[1].turns == 0


def test_an_undo_that_costs_nobody() -> None:
    """By setting the time since is nobody's: hatched at one seat, drawn at no other."""
    table = running(bonus_seconds=0, undo_charges="nobody")
    table.play("pass-turn", ADA, 10 * SECOND)
    table.play("undo", ADA, 15 * SECOND)
    assert drawn(present(table), 2) == [(UNDONE, 10, 15)]
    assert drawn(present(table), 1) == [("turn", 0, 10)]


def test_an_undone_interrupt_is_not_counted() -> None:
    """Nor is the question that was taken back."""
    table = running()
    table.play("interrupt", BEN, 10 * SECOND)
    table.play("undo", BEN, 12 * SECOND)
    table.play("toggle-target", ADA, 13 * SECOND, seat=3)
    table.play("confirm-targets", ADA, 14 * SECOND)
    table.play("undo", ADA, 15 * SECOND)
    told = chronicle_of(table).told(present(table))
    assert [(one.interrupts, one.responses) for one in told] == [(0, 0)] * 3


def test_a_game_that_was_over_and_is_not() -> None:
    """Time between a finish and its undo stands apart from pauses."""
    table = running()
    table.play("finish", ADA, 10 * SECOND, winner="draw", confirm="yes")
    assert present(table).ended_at == T0 + 10 * SECOND
    table.play("undo", ADA, 2 * MINUTE)
    sitting = present(table, 3 * MINUTE)
    assert sitting.ended_at is None
    assert stood_ms(sitting, T0 + HOUR) == {"over": (1, 110_000)}
    assert used(sitting) == {1: 70_000}


def test_a_reset_that_is_taken_back() -> None:
    """The sitting goes on as if nobody had touched it."""
    table = running()
    table.play("pass-turn", ADA, 10 * SECOND)
    table.play("reset", ADA, 20 * SECOND, confirm="yes")
    chronicle = chronicle_of(table)
    assert not chronicle.is_played
    assert [one.used_ms for one in chronicle.told(chronicle.sittings[0])] == [10_000, 10_000, 0]
    table.play("undo", ADA, 30 * SECOND)
    chronicle = chronicle_of(table)
    assert chronicle.is_played
    assert len(chronicle.sittings) == 1
    assert used(present(table, 35 * SECOND)) == {1: 10_000, 2: 15_000}


# ---- sittings


def test_sittings_one_after_the_other() -> None:
    """Each with its number, its entries and its own times; a lobby is no sitting yet."""
    table = running()
    table.play("pass-turn", ADA, 10 * SECOND)
    table.play("finish", ADA, 20 * SECOND, winner=1, confirm="yes")
    table.play("reset", BEN, MINUTE, confirm="yes")
    chronicle = chronicle_of(table)
    (first,) = chronicle.chapters()
    assert first.last == table.entries[-1].seq
    table.play("rename-seat", ADA, 70 * SECOND, name="Adelheid")
    table.play("start", ADA, 80 * SECOND)
    table.play("pass-turn", ADA, 83 * SECOND)
    chronicle = chronicle_of(table)
    first, second = chronicle.chapters()
    assert (first.sitting, second.sitting) == (chronicle.sittings[0], chronicle.sittings[1])
    assert (second.first, second.last) == (first.last + 1, table.entries[-1].seq)
    assert [one.number for one in chronicle.sittings] == [1, 2]
    assert used(chronicle.sittings[0]) == {1: 10_000, 2: 10_000}
    assert used(chronicle.sittings[1]) == {1: 3_000}
    assert chronicle.sitting(3, T0) is None
    assert chronicle.worn(1, first.last) == ("Ada", "lemon")
    assert chronicle.worn(1, second.last) == ("Adelheid", "lemon")
    assert chronicle.worn(7, 1) == ("Seat 7", "")


def test_a_lobby_alone_is_one_chapter() -> None:
    """Before anybody starts there is something to read, and no result."""
    chronicle = chronicle_of(lobby())
    (only,) = chronicle.chapters()
    assert (only.first, only.last, only.sitting) == (1, 3, None)
    assert chronicle.sitting(1, T0) is None
    assert Chronicle(lobby().beginning).chapters()[0].last == 0


# ---- the fold


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_commands_fold_to_the_stored_state(tmp_path: Path, seed: int) -> None:
    """What is on the disk is what its own ledger leads to, or no export could be trusted."""
    table = evening(seed, 6000, "delay")
    commands = [entry for entry in table.entries if entry.by != "clock"]
    assert len(commands) >= 500
    storage = SqlStorage(f"sqlite:///{tmp_path / 'tarp.sqlite3'}")
    storage.save(Save(table.beginning, CREATE, (), None))
    storage.save(Save(table.game, 0, tuple(table.entries), None))
    beginning, stored = storage.beginning(table.game.code), storage.load(table.game.code)
    assert beginning is not None
    assert fold(beginning, storage.ledger(table.game.code)) == stored
    storage.close()


def test_every_entry_can_be_taken_off_again() -> None:
    """From the end back to the beginning, as undo reads it: the same games, but for what ages."""
    table = evening(11, 300, "byo-yomi")
    games = [decode_game(encode_game(table.beginning))]
    for entry in table.entries:
        games.append(apply(games[-1], decode_entry(encode_entry(entry))))
    game = games.pop()
    for entry in reversed(table.entries):
        game, expected = unapply(game, entry), games.pop()
        for seat in expected.seats:
            assert expected.seats[seat] == game.seats[seat]
        assert (expected.status, expected.turn, expected.stack) == (
            game.status,
            game.turn,
            game.stack,
        )


def test_settling_is_what_the_newest_stretch_is_made_of() -> None:
    """The page of a running game agrees with what a tap at that instant would write."""
    table = running(time_control="delay", delay_seconds=10)
    at = T0 + 35 * SECOND
    draft = Draft(table.game, at)
    settle(draft)
    sitting = chronicle_of(table).sitting(1, at)
    assert sitting is not None
    assert sitting.end == draft.game
    assert sitting.stretches == [
        Stretch(1, T0, T0 + 10 * SECOND, "delay", "turn", 1),
        Stretch(1, T0 + 10 * SECOND, at, "turn", "turn", 1),
    ]
