"""Draws the Tarp face and writes it as one variable web font: ``python -m static.fonts.tarp.draw``.

Four widths are drawn and become one family by font-stretch, 50 to 200 %, in one small file: no
width has to be fetched at the moment a clock changes its face.
"""

from __future__ import annotations

from array import array
from pathlib import Path

from fontTools import varLib
from fontTools.designspaceLib import AxisDescriptor, DesignSpaceDocument, SourceDescriptor
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph as Outline
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program

from static.fonts.tarp import icons
from static.fonts.tarp.capitals import draw_capitals
from static.fonts.tarp.cut import CUTS, TOP, Cut, Drawing
from static.fonts.tarp.digits import draw_digits
from static.fonts.tarp.glyph import Glyph
from static.fonts.tarp.punctuation import draw_punctuation
from static.fonts.tarp.umlauts import draw_umlauts

FILE = Path(__file__).parents[1] / "tarp.woff2"

KERNING = {
    "TA": -0.16, "AT": -0.12, "PA": -0.16, "AV": -0.12, "VA": -0.12, "LT": -0.16, "LY": -0.18,
    "AY": -0.14, "YA": -0.14, "RT": -0.04, "FA": -0.12, "YO": -0.06, "OY": -0.05, "TO": -0.03,
    "LV": -0.14, "KO": -0.05, "WA": -0.07, "AW": -0.07, "TJ": -0.12, "RY": -0.05, "UA": -0.02,
    "DA": -0.03, "OA": -0.03,
}  # fmt: skip
"""How much closer two capitals stand, in widths of a letter."""

UNIX_EPOCH = 2_082_844_800
"""In a font's own reckoning; drawing twice gives the same file."""

OVERLAPPING = 0x40
SMALL = ord("a") - ord("A")
UMLAUTS = "\u00c4\u00d6\u00dc"


def glyphs_of(cut: Cut) -> dict[str, Glyph]:
    """All glyphs of one width by their character."""
    drawing = Drawing(cut)
    draw_digits(drawing)
    draw_capitals(drawing)
    draw_punctuation(drawing)
    draw_umlauts(drawing)
    for glyph in drawing.glyphs.values():
        glyph.shifted(cut.side)
    drawing.glyphs["\u2019"] = drawing.glyphs["'"]
    return drawing.glyphs | icons.seats() | icons.signs()


def master(cut: Cut) -> TTFont:
    """One width as a font of its own."""
    drawn = glyphs_of(cut)
    missing = (
        Glyph(500)
        .rect(50, 0, 450, TOP)
        .path((120, 70), (120, 930), (380, 930), (380, 70), hole=True)
    )
    names = {char: f"u{ord(char):04X}" for char in sorted(drawn)}
    by_name = {".notdef": missing} | {names[char]: drawn[char] for char in names}
    capitals = [char for char in names if "A" <= char <= "Z" or char in UMLAUTS]
    letters = {ord(char) + SMALL: names[char] for char in capitals}
    builder = FontBuilder(TOP, isTTF=True)
    builder.setupGlyphOrder(list(by_name))
    builder.setupCharacterMap({ord(char): name for char, name in names.items()} | letters)
    builder.setupGlyf({name: outline(glyph) for name, glyph in by_name.items()})
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {
            name: (round(glyph.advance), table[name].xMin if glyph.contours else 0)
            for name, glyph in by_name.items()
        }
    )
    builder.setupHorizontalHeader(ascent=TOP, descent=0)
    builder.setupNameTable({"familyName": "Tarp", "styleName": "Regular"})
    builder.setupOS2(
        version=4,
        sTypoAscender=TOP,
        sTypoDescender=0,
        sTypoLineGap=0,
        usWinAscent=TOP,
        usWinDescent=0,
        sCapHeight=TOP,
        sxHeight=TOP,
        usWeightClass=900,
        fsSelection=0xC0,
    )
    builder.setupPost(keepGlyphNames=False)
    pairs = "".join(
        f"pos {names[pair[0]]} {names[pair[1]]} {round(share * cut.width)};"
        for pair, share in KERNING.items()
    )
    builder.addOpenTypeFeatures(f"feature kern {{ {pairs} }} kern;")
    return builder.font


def outline(glyph: Glyph) -> Outline:
    """A glyph's contours as the font file keeps them: whole units, ends of contours, flags."""
    result = Outline()
    result.numberOfContours = len(glyph.contours)
    if not glyph.contours:
        return result
    nodes = [node for contour in glyph.contours for node in contour]
    result.coordinates = GlyphCoordinates([(round(x), round(y)) for x, y, _ in nodes])
    result.flags = array("B", [on for _, _, on in nodes])
    result.flags[0] |= OVERLAPPING
    ends, last = [], -1
    for contour in glyph.contours:
        last += len(contour)
        ends.append(last)
    result.endPtsOfContours = ends
    result.program = Program()
    result.program.fromBytecode(b"")
    return result


def face() -> TTFont:
    """The variable font of all widths."""
    design = DesignSpaceDocument()
    axis = AxisDescriptor(tag="wdth", name="Width", minimum=50, default=100, maximum=200)
    design.addAxis(axis)
    for cut in CUTS:
        source = SourceDescriptor(name=cut.name, font=master(cut))
        source.location = {"Width": cut.stretch}
        design.addSource(source)
    font, _, _ = varLib.build(design, optimize=False)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = UNIX_EPOCH
    return font


if __name__ == "__main__":
    drawn_face = face()
    drawn_face.flavor = "woff2"
    drawn_face.save(FILE)
