"""Ä, Ö and Ü, as high as every capital: the em has no room above, so the letter makes room itself.

O and U stand lower under their dots; the A has room on either side of its tip.
"""

from __future__ import annotations

from static.fonts.tarp.cut import TOP, Drawing
from static.fonts.tarp.glyph import Glyph

LOWERED = 0.855 * TOP
DOT = 0.1 * TOP


def draw_umlauts(drawing: Drawing) -> None:
    """Draw them from the skeleton of the letters beneath."""
    cut, new = drawing.cut, drawing.new
    w = cut.width
    v = cut.stem
    h = cut.bar * 0.94
    ox = cut.outer_x
    oy = cut.outer_y
    ix = cut.inner_x
    iy = cut.inner_y

    tip = drawing.glyphs["A"]
    glyph = new("\u00c4", w * 1.10)
    glyph.contours = [list(contour) for contour in tip.contours]
    room = w * 1.10 / 2 - v * 0.74  # from the edge to the tip
    wide = min(v * 0.9, room * 0.66)
    out = min(cut.side * 0.8, room * 0.14)
    glyph.rect(-out, TOP - DOT, wide - out, TOP)
    glyph.rect(w * 1.10 - wide + out, TOP - DOT, w * 1.10 + out, TOP)

    glyph = new("\u00d6", w)
    glyph.rounded((0, 0, w, LOWERED), ox, oy)
    glyph.rounded((v, h, w - v, LOWERED - h), ix, iy, hole=True)
    _dots(glyph, w, v)

    glyph = new("\u00dc", w)
    glyph.path(
        (0, LOWERED),
        (v, LOWERED),
        (v, h + iy),
        (v, h, v + ix, h),
        (w - v - ix, h),
        (w - v, h, w - v, h + iy),
        (w - v, LOWERED),
        (w, LOWERED),
        (w, oy),
        (w, 0, w - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
    )
    _dots(glyph, w, v)


def _dots(glyph: Glyph, w: float, v: float) -> None:
    wide = min(v * 0.96, w * 0.36)
    glyph.rect(0.03 * w, TOP - DOT, 0.03 * w + wide, TOP)
    glyph.rect(0.97 * w - wide, TOP - DOT, 0.97 * w, TOP)
