"""The face in the repository is the one the program beside it draws, in all four widths."""

import pytest
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from app.settings import HOUSE
from static.fonts.tarp import draw
from static.fonts.tarp.cut import CUTS, Cut

FONTS = HOUSE / "static" / "fonts"
ON_CURVE = 1
#: What the first page may cost at most together with everything else is 60 KB; fonts get a third.
LARGEST_FIRST_FONTS = 20_500


@pytest.fixture(params=CUTS, ids=lambda cut: cut.name)
def cut(request: pytest.FixtureRequest) -> Cut:
    """Each width in turn."""
    cut: Cut = request.param
    return cut


def outlines(font: TTFont) -> dict[int, object]:
    """Every character's points, ends of contours, kinds of points and width."""
    table, widths = font["glyf"], font["hmtx"]
    found: dict[int, object] = {}
    for char, name in font.getBestCmap().items():
        points, ends, flags = table[name].getCoordinates(table)
        kinds = [flag & ON_CURVE for flag in flags]
        found[char] = (list(points), list(ends), kinds, widths[name])
    return found


def test_committed_face_is_what_the_program_draws(cut: Cut) -> None:
    """Otherwise a change of the drawing would never reach a phone."""
    committed = instancer.instantiateVariableFont(
        TTFont(draw.FILE), {"wdth": cut.stretch}, inplace=True
    )

    assert outlines(draw.master(cut)) == outlines(committed)


def test_digits_share_one_width(cut: Cut) -> None:
    """A clock whose digits differ in width jumps every second."""
    glyphs = draw.glyphs_of(cut)

    assert {glyphs[digit].advance for digit in "0123456789"} == {cut.advance}


def test_fonts_of_a_first_page_are_small() -> None:
    """Tables stand in cellars: the first page has to come over one bar of signal."""
    first = [FONTS / "tarp.woff2", FONTS / "inter-display-latin.woff2"]

    assert sum(font.stat().st_size for font in first) <= LARGEST_FIRST_FONTS


def test_licence_lies_beside_the_borrowed_font() -> None:
    """The Open Font License asks for it."""
    licence = (FONTS / "inter-OFL.txt").read_text()

    assert "SIL Open Font License, Version 1.1" in licence
