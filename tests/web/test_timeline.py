"""The ribbons: one picture that works everywhere, whatever people call themselves."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.game.chronicle import Chronicle
from app.game.chronicle import Sitting as Told
from app.game.seat import COLORS
from app.settings import HOUSE
from app.web.axis import GUTTER, WIDTH, Axis
from app.web.glyphs import GLYPHS, HUES
from app.web.result_page import picture
from app.web.timeline import Ribbon, timeline
from tests.game.cast import ADA, BEN, CLEO, HOUR, MINUTE, SECOND, T0, Sitting, running
from tests.game.played import evening

SVG = "{http://www.w3.org/2000/svg}"
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=x>',
    "&lt;&amp;",
    "אילה בת דוד",
    "\u202egnp.exe",
    "🐙🧙‍♀️👩‍👩‍👧",
    "\ufffe\uffff",
    "]]>",
    "王小明王小明王小明王小明王小明王小明王小",
    "Z̸a̷l̶g̵o̴",
)


def drawn(table: Sitting, at: int | None = None) -> ET.Element:
    """The picture of a table's newest sitting, read as a browser reads it."""
    chronicle = Chronicle(table.beginning)
    chronicle.add_all(table.entries)
    at = T0 + (table.now if at is None else at)
    sitting = chronicle.sitting(chronicle.sittings[-1].number, at)
    assert sitting is not None
    return ET.fromstring(picture(chronicle, sitting, at))


def rows(svg: ET.Element) -> list[ET.Element]:
    """One for each seat."""
    return svg.findall(f"{SVG}g")


def words(element: ET.Element) -> list[str]:
    """All texts in it."""
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def bands(row: ET.Element, kind: str) -> list[tuple[float, float]]:
    """Where pieces of a kind begin and end at their lower edge, from the ribbon's corner."""
    found = []
    for path in row.findall(f"{SVG}path[@class='{kind}']"):
        for piece in (path.get("d") or "").split("M")[1:]:
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", piece)]
            found.append((numbers[0] - GUTTER, numbers[5] - GUTTER))
    return found


# ---- what it shows


def test_a_row_for_each_seat_the_winner_first() -> None:
    """Names, why each is where it is, totals, and the axis from 0:00 to the whole."""
    table = running(bonus_seconds=0)
    table.play("pass-turn", ADA, 60 * SECOND)
    table.play("concede", CLEO, 70 * SECOND)
    table.play("pass-turn", BEN, 100 * SECOND)
    table.play("finish", ADA, 120 * SECOND, winner=2, confirm="yes")
    svg = drawn(table)
    ben, ada, cleo = rows(svg)
    assert words(ben) == ["Ben", "TURN 3", "0:40"]
    assert words(ada) == ["Ada", "TURN 3", "1:20"]
    assert words(cleo) == ["Cleo", "CONCEDED", "0:00"]
    assert words(svg)[-2:] == ["0:00", "2:00"]
    length = bands(ada, "track")[0][1]

    def seconds(row: ET.Element, kind: str) -> list[tuple[int, int]]:
        return [(round(a * 120 / length), round(b * 120 / length)) for a, b in bands(row, kind)]

    assert seconds(ada, "turn") == [(0, 60), (100, 120)]
    assert seconds(ben, "turn") == [(60, 100)]
    assert seconds(cleo, "track") == [(0, 70)]  # it ends where she went out


def test_interrupts_answers_and_undone_pieces_differ() -> None:
    """By shape, not by colour alone: upper half, lower half, hatched."""
    table = running(bonus_seconds=0)
    table.play("interrupt", BEN, 10 * SECOND)
    table.play("pass-priority", BEN, 20 * SECOND)
    table.play("toggle-target", ADA, 30 * SECOND, seat=3)
    table.play("confirm-targets", ADA, 30 * SECOND)
    table.play("pass-target", CLEO, 40 * SECOND)
    table.play("pass-turn", ADA, 50 * SECOND)
    table.play("undo", ADA, 55 * SECOND)
    ada, ben, cleo = rows(drawn(table))
    assert [len(bands(row, "interrupt")) for row in (ada, ben, cleo)] == [0, 1, 0]
    assert [len(bands(row, "response")) for row in (ada, ben, cleo)] == [0, 0, 1]
    assert [len(bands(row, "undone")) for row in (ada, ben, cleo)] == [0, 1, 0]
    (path,) = ben.findall(f"{SVG}path[@class='undone']")
    assert path.get("fill") == "url(#undone)"


def test_a_long_pause_is_a_short_gap() -> None:
    """Dinner may not squeeze the evening; what was played keeps its scale."""
    table = running(bonus_seconds=0)
    table.play("pause", ADA, MINUTE)
    table.play("resume", ADA, 3 * HOUR)
    svg = drawn(table, 3 * HOUR + MINUTE)
    ada = rows(svg)[0]
    ((begin, end),) = bands(ada, "gap")
    (track,) = bands(ada, "track")
    assert 3 < end - begin <= 10
    assert begin == pytest.approx((track[1] - (end - begin)) / 2, abs=0.1)
    assert words(svg)[-3:] == ["0:00", "2:00", "1 PAUSE 2:59:00"]


def test_the_present_pause_is_no_gap() -> None:
    """A picture taken in a pause ends where the clocks stopped."""
    table = running()
    table.play("pause", ADA, MINUTE)
    svg = drawn(table, HOUR)
    assert bands(rows(svg)[0], "gap") == []
    assert words(svg)[-2:] == ["0:00", "1:00"]


def test_the_shortest_answer_can_be_seen() -> None:
    """Four hours on a phone: a second is a hundredth of a pixel, and still there."""
    table = running(starting_minutes=600, bonus_seconds=0)
    table.play("interrupt", BEN, HOUR)
    table.play("pass-priority", BEN, HOUR + 400)
    ((begin, end),) = bands(rows(drawn(table, 4 * HOUR))[1], "interrupt")
    assert end - begin >= 0.7


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40))
def test_every_evening_can_be_drawn(seed: int) -> None:
    """Nothing leaves the picture, and pieces of a kind do not lie on each other."""
    svg = drawn(evening(seed, 120))
    for row in rows(svg):
        for kind in ("track", "turn", "interrupt", "response", "undone", "free"):
            found = bands(row, kind)
            assert all(-0.01 <= begin <= end <= WIDTH for begin, end in found)
            assert all(one[1] <= two[0] for one, two in pairwise(found))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**40))
def test_the_axis_never_goes_back(seed: int) -> None:
    """Later is further to the right, whatever stood still in between."""
    table = evening(seed, 120)
    chronicle = Chronicle(table.beginning)
    chronicle.add_all(table.entries)
    sitting = chronicle.sittings[0]
    until = sitting.ended_at or table.game.last_at
    axis = Axis(sitting, until)
    places = [axis.place(at) for at in sorted({e.at for e in table.entries if e.at <= until})]
    assert places == sorted(places)
    assert axis.played_ms + axis.stood_ms == max(until, sitting.started_at + 1) - sitting.started_at


# ---- the picture itself


@pytest.mark.parametrize("name", NASTY)
def test_names_are_text(name: str) -> None:
    """Markup, right-to-left, emoji, what XML forbids: a name is a name."""
    table = running(2)
    sitting = _sitting(table)
    ribbon = Ribbon(1, name, "lemon", "Turn 1", "0:00")
    text = timeline(sitting, T0 + MINUTE, [ribbon], f"{name}'s game")
    svg = ET.fromstring(text)
    shown = words(rows(svg)[0])[0]
    if shown.endswith("\u2026"):
        assert name.startswith(shown[:-1])
    else:
        assert shown == re.sub("[\ufffe\uffff]", "\ufffd", name)
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {
        *("svg", "title", "defs", "pattern", "path", "g", "text"),
    }
    named = rows(svg)[0].find(f"{SVG}text")
    assert named is not None
    assert named.get("unicode-bidi") == "plaintext"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("👩‍👩‍👧‍👦" * 2, "👩‍👩‍👧‍👦" * 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿🧙🏽‍♀️" * 2, "🏴󠁧󠁢󠁥󠁮󠁧󠁿🧙🏽‍♀️" * 2),
        ("🇺🇦" * 10, "🇺🇦" * 8 + "\u2026"),
        ("❤️" * 10, "❤️" * 8 + "\u2026"),
        ("e\u0301" * 10, "e\u0301" * 10),
        ("\ufdfd" * 20, "\ufdfd" * 2 + "\u2026"),
    ],
)
def test_a_name_is_cut_between_letters(name: str, shown: str) -> None:
    """Half a family is another family; marks and joiners take no room."""
    ribbon = Ribbon(1, name, "lemon", "Turn 1", "0:00")
    text = timeline(_sitting(running(2)), T0 + MINUTE, [ribbon], "Game")
    assert shown == words(rows(ET.fromstring(text))[0])[0]


def test_it_works_as_a_picture_and_opened_alone() -> None:
    """Its own size, its own ground, and nothing our policy would block or that comes from afar."""
    table = running()
    text = ET.tostring(drawn(table, MINUTE), encoding="unicode")
    assert "style" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    svg = drawn(table, MINUTE)
    width, height = svg.get("width"), svg.get("height")
    assert svg.get("viewBox") == f"0 0 {width} {height}"
    ground = svg.find(f"{SVG}path[@class='ground']")
    assert ground is not None
    assert ground.get("d") == f"M0 0H{width}V{height}H0Z"
    title = svg.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Game: who had the clock. Turn 1"


def test_every_colour_has_its_hue_and_glyph() -> None:
    """The same as on the screens."""
    css = (HOUSE / "static/css/tokens.css").read_text()
    assert tuple(HUES) == tuple(GLYPHS) == COLORS
    for color, hue in HUES.items():
        assert f'[data-color="{color}"]) {{ --hue: {hue}; --glyph: ' in css


def test_eight_seats_and_one_second() -> None:
    """The smallest and the fullest sitting."""
    table = running(8)
    svg = drawn(table, 1000)
    assert len(rows(svg)) == 8
    assert words(svg)[-1] == "0:01"
    assert len(rows(drawn(running(2), 0))) == 2


def _sitting(table: Sitting) -> Told:
    chronicle = Chronicle(table.beginning)
    chronicle.add_all(table.entries)
    sitting = chronicle.sitting(1, T0 + MINUTE)
    assert sitting is not None
    return sitting
