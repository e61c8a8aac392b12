"""Signs; their dots are square, as if cut from the cloth."""

from __future__ import annotations

from static.fonts.tarp.cut import TOP, Drawing


def draw_punctuation(drawing: Drawing) -> None:  # noqa: PLR0915 - one drawing, glyph by glyph
    """Draw them all; each is a few strokes of the same skeleton."""
    cut, new = drawing.cut, drawing.new
    w = cut.width
    v = cut.stem
    h = cut.bar
    ox = cut.outer_x
    oy = cut.outer_y
    ix = cut.inner_x
    iy = cut.inner_y
    reach = cut.reach
    side = cut.side
    mid = 0.525 * TOP
    adv = cut.advance
    dot_size = v * 0.96
    slant = v * 1.06

    glyph = new(".", dot_size, dot_size + 2 * side)
    glyph.rect(0, 0, dot_size, dot_size)

    glyph = new(",", dot_size, dot_size + 2 * side)
    glyph.path(
        (0, dot_size),
        (dot_size, dot_size),
        (dot_size, dot_size * 0.1),
        (dot_size * 0.55, -dot_size * 0.62),
        (dot_size * 0.06, -dot_size * 0.62),
        (dot_size * 0.30, 0),
        (0, 0),
    )

    glyph = new(":", dot_size, dot_size + 2 * side)
    glyph.rect(0, 0.17 * TOP, dot_size, 0.17 * TOP + dot_size)
    glyph.rect(0, 0.83 * TOP - dot_size, dot_size, 0.83 * TOP)

    glyph = new("-", w * 0.62)
    glyph.rect(0, mid - h * 0.5 - 0.02 * TOP, w * 0.62, mid + h * 0.5 - 0.02 * TOP)

    glyph = new("\u2212", w * 0.74, adv)
    glyph.rect(0.13 * w, 0.5 * TOP - h * 0.5, 0.87 * w, 0.5 * TOP + h * 0.5)

    glyph = new("+", w, adv)
    glyph.rect(0.06 * w, 0.5 * TOP - h * 0.46, 0.94 * w, 0.5 * TOP + h * 0.46)
    cross = 0.44 * w
    glyph.rect(w / 2 - v * 0.46, 0.5 * TOP - cross, w / 2 + v * 0.46, 0.5 * TOP + cross)

    glyph = new("!", v)
    glyph.path((0, TOP), (v, TOP), (v * 0.86, 0.34 * TOP), (v * 0.14, 0.34 * TOP))
    glyph.rect(0, 0, v, dot_size)

    glyph = new("?", w)
    glyph.path(
        (0, TOP - reach),
        (0, TOP - oy),
        (0, TOP, ox, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, 0.66 * TOP),
        ("q", w, 0.55 * TOP, w - 0.10 * w, 0.48 * TOP),
        ("q", 0.5 * w + v / 2, 0.41 * TOP, 0.5 * w + v / 2, 0.32 * TOP),
        (0.5 * w - v / 2, 0.32 * TOP),
        ("q", 0.5 * w - v / 2, 0.44 * TOP, w - v - 0.08 * w, 0.53 * TOP),
        ("q", w - v, 0.57 * TOP, w - v, 0.66 * TOP),
        (w - v, TOP - h - iy),
        (w - v, TOP - h, w - v - ix, TOP - h),
        (v + ix, TOP - h),
        (v, TOP - h, v, TOP - h - iy),
        (v, TOP - reach),
    )
    glyph.rect(0.5 * w - v / 2, 0, 0.5 * w + v / 2, dot_size)
    lean = 0.12 * TOP + v * 0.9

    glyph = new("/", lean + 0.1 * TOP)
    glyph.path((0, 0), (v * 0.95, 0), (lean + 0.1 * TOP, TOP), (lean + 0.1 * TOP - v * 0.95, TOP))

    glyph = new("'", v * 0.8)
    glyph.path((0, TOP), (v * 0.8, TOP), (v * 0.62, TOP - 0.30 * TOP), (v * 0.18, TOP - 0.30 * TOP))

    glyph = new("\u00b7", dot_size)
    glyph.rect(0, 0.5 * TOP - dot_size / 2, dot_size, 0.5 * TOP - dot_size / 2 + dot_size)

    glyph = new("\u00d7", w, adv)
    half = 0.36 * w
    pen = v * 0.62
    cx = w / 2
    cy = 0.5 * TOP
    glyph.path(
        (cx - half - pen / 2, cy + half),
        (cx - half + pen / 2, cy + half),
        (cx + half + pen / 2, cy - half),
        (cx + half - pen / 2, cy - half),
    )
    glyph.path(
        (cx + half + pen / 2, cy + half),
        (cx + half - pen / 2, cy + half),
        (cx - half - pen / 2, cy - half),
        (cx - half + pen / 2, cy - half),
    )

    glyph = new("%", w * 1.2)
    glyph.rounded((0, 0.52 * TOP, 0.5 * w, TOP), 0.25 * w)
    glyph.rounded((0.17 * w, 0.62 * TOP, 0.33 * w, 0.90 * TOP), 0.08 * w, hole=True)
    glyph.rounded((0.7 * w, 0, 1.2 * w, 0.48 * TOP), 0.25 * w)
    glyph.rounded((0.87 * w, 0.10 * TOP, 1.03 * w, 0.38 * TOP), 0.08 * w, hole=True)
    glyph.path((0.15 * w, 0), (0.38 * w, 0), (1.05 * w, TOP), (0.82 * w, TOP))

    glyph = new("\u2192", 0.95 * TOP)
    glyph.path(
        (0, 0.5 * TOP - h * 0.5),
        (0, 0.5 * TOP + h * 0.5),
        (0.46 * TOP, 0.5 * TOP + h * 0.5),
        (0.28 * TOP, 0.5 * TOP + h * 0.5 + 0.22 * TOP),
        (0.28 * TOP + h * 1.35, 0.5 * TOP + h * 0.5 + 0.22 * TOP),
        (0.95 * TOP, 0.5 * TOP),
        (0.28 * TOP + h * 1.35, 0.28 * TOP - h * 0.5),
        (0.28 * TOP, 0.28 * TOP - h * 0.5),
        (0.46 * TOP, 0.5 * TOP - h * 0.5),
    )
    drawing.glyphs["\u2190"] = glyph.mirrored(0.95 * TOP)

    glyph = new("#", w * 1.1)
    for x in (0.20 * w, 0.62 * w):
        glyph.path((x, 0), (x + v * 0.62, 0), (x + v * 0.62 + 0.10 * w, TOP), (x + 0.10 * w, TOP))
    for y in (0.26 * TOP, 0.58 * TOP):
        glyph.rect(0, y, 1.1 * w, y + h * 0.8)

    glyph = new("&", w * 1.1)
    glyph.rounded((0.1 * w, 0.5 * TOP, 0.9 * w, TOP), ox * 0.8, oy * 0.8)
    glyph.rounded(
        (0.1 * w + v * 0.9, 0.5 * TOP + h * 0.8, 0.9 * w - v * 0.9, TOP - h * 0.9),
        ix * 0.8,
        iy * 0.8,
        hole=True,
    )
    glyph.rounded((0, 0, 0.92 * w, 0.56 * TOP), ox, oy)
    glyph.rounded((v, h, 0.92 * w - v, 0.56 * TOP - h * 0.8), ix, iy, hole=True)
    glyph.path(
        (w * 1.12, 0),
        (w * 1.12 - slant * 1.1, 0),
        (0.5 * w, 0.40 * TOP),
        (w * 1.12, 0.40 * TOP),
        (w * 1.12, 0.30 * TOP),
        (w * 0.8, 0.26 * TOP),
    )
    new(" ", 0, int(adv * 0.42))
    new("\u00a0", 0, int(adv * 0.42))
    new("\u2009", 0, int(adv * 0.18))
