"""The capitals; small letters are the same glyphs."""

from __future__ import annotations

from static.fonts.tarp.cut import TOP, Drawing


def draw_capitals(drawing: Drawing) -> None:  # noqa: PLR0915 - one drawing, glyph by glyph
    """Draw them all; each is a few strokes of the same skeleton."""
    cut, new = drawing.cut, drawing.new
    w = cut.width
    v = cut.stem
    h = cut.bar
    ox = cut.outer_x
    oy = cut.outer_y
    ix = cut.inner_x
    iy = cut.inner_y
    notch = cut.notch
    reach = cut.reach
    mid = 0.525 * TOP
    beam = h * 0.92
    slant = v * 1.06
    wide = w * 1.10

    glyph = new("A", wide)
    apex = v * 0.74
    glyph.path(
        (0, 0),
        (wide / 2 - apex, TOP),
        (wide / 2 + apex, TOP),
        (wide, 0),
        (wide - slant, 0),
        (wide - slant - 0.052 * wide, 0.20 * TOP),
        (slant + 0.052 * wide, 0.20 * TOP),
        (slant, 0),
    )
    glyph.path(
        (slant + 0.052 * wide + 0.24 * h * 0.6, 0.20 * TOP + h * 0.82),
        (wide - slant - 0.052 * wide - 0.24 * h * 0.6, 0.20 * TOP + h * 0.82),
        (wide / 2, TOP - 0.21 * TOP),
        hole=True,
    )

    glyph = new("B", w)
    glyph.path(
        (0, 0),
        (0, TOP),
        (w * 0.95 - ox, TOP),
        (w * 0.95, TOP, w * 0.95, TOP - oy),
        (w * 0.95, mid + notch),
        ("q", w * 0.95, mid + notch * 0.35, w * 0.95 - notch * 0.5, mid),
        ("q", w, mid - notch * 0.35, w, mid - notch),
        (w, oy),
        (w, 0, w - ox, 0),
    )
    glyph.rounded((v, h, w - v, mid - beam / 2), ix, iy, hole=True, corners="tr br")
    glyph.rounded((v, mid + beam / 2, w * 0.95 - v, TOP - h), ix, iy, hole=True, corners="tr br")

    glyph = new("C", w)
    glyph.path(
        (w, TOP - reach),
        (w, TOP - oy),
        (w, TOP, w - ox, TOP),
        (ox, TOP),
        (0, TOP, 0, TOP - oy),
        (0, oy),
        (0, 0, ox, 0),
        (w - ox, 0),
        (w, 0, w, oy),
        (w, reach),
        (w - v, reach),
        (w - v, h + iy),
        (w - v, h, w - v - ix, h),
        (v + ix, h),
        (v, h, v, h + iy),
        (v, TOP - h - iy),
        (v, TOP - h, v + ix, TOP - h),
        (w - v - ix, TOP - h),
        (w - v, TOP - h, w - v, TOP - h - iy),
        (w - v, TOP - reach),
    )

    glyph = new("D", w)
    glyph.rounded((0, 0, w, TOP), ox, oy, corners="tr br")
    glyph.rounded((v, h, w - v, TOP - h), ix, iy, hole=True, corners="tr br")
    arms = w * 0.86

    glyph = new("E", arms)
    glyph.rect(0, 0, v, TOP)
    glyph.rect(0, 0, arms, h)
    glyph.rect(0, TOP - h, arms, TOP)
    glyph.rect(0, mid - beam / 2, arms * 0.93, mid + beam / 2)

    glyph = new("F", arms)
    glyph.rect(0, 0, v, TOP)
    glyph.rect(0, TOP - h, arms, TOP)
    glyph.rect(0, mid - beam / 2 - 0.02 * TOP, arms * 0.93, mid + beam / 2 - 0.02 * TOP)

    glyph = new("G", w)
    glyph.path(
        (w, TOP - reach * 0.95),
        (w, TOP - oy),
        (w, TOP, w - ox, TOP),
        (ox, TOP),
        (0, TOP, 0, TOP - oy),
        (0, oy),
        (0, 0, ox, 0),
        (w - ox, 0),
        (w, 0, w, oy),
        (w, 0.53 * TOP),
        (w * 0.50, 0.53 * TOP),
        (w * 0.50, 0.53 * TOP - h * 0.86),
        (w - v, 0.53 * TOP - h * 0.86),
        (w - v, h + iy),
        (w - v, h, w - v - ix, h),
        (v + ix, h),
        (v, h, v, h + iy),
        (v, TOP - h - iy),
        (v, TOP - h, v + ix, TOP - h),
        (w - v - ix, TOP - h),
        (w - v, TOP - h, w - v, TOP - h - iy),
        (w - v, TOP - reach * 0.95),
    )

    glyph = new("H", w)
    glyph.rect(0, 0, v, TOP)
    glyph.rect(w - v, 0, w - v + v, TOP)
    glyph.rect(0, mid - beam / 2, w, mid + beam / 2)

    glyph = new("I", v)
    glyph.rect(0, 0, v, TOP)
    wj = w * 0.88

    glyph = new("J", wj)
    glyph.path(
        (wj - v, TOP),
        (wj, TOP),
        (wj, oy),
        (wj, 0, wj - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
        (0, reach * 0.95),
        (v, reach * 0.95),
        (v, h + iy),
        (v, h, v + ix * 0.9, h),
        (wj - v - ix * 0.9, h),
        (wj - v, h, wj - v, h + iy),
    )
    wk = w * 1.06

    glyph = new("K", wk)
    glyph.rect(0, 0, v, TOP)
    glyph.path((v, 0.30 * TOP), (v, 0.58 * TOP), (wk - slant * 1.12, TOP), (wk, TOP))
    glyph.path(
        (0.40 * wk, 0.56 * TOP),
        (0.40 * wk + slant * 0.92, 0.72 * TOP),
        (wk + 0.02 * wk, 0),
        (wk - slant * 1.12, 0),
    )
    wl = w * 0.82

    glyph = new("L", wl)
    glyph.rect(0, 0, v, TOP)
    glyph.rect(0, 0, wl, h)
    wm = w * 1.34
    post = v * 0.94

    glyph = new("M", wm)
    glyph.rect(0, 0, 0 + post, TOP)
    glyph.rect(wm - post, 0, wm - post + post, TOP)
    glyph.path(
        (0, TOP),
        (post * 1.10, TOP),
        (wm / 2 + post * 0.46, 0.14 * TOP),
        (wm / 2 - post * 0.46, 0.14 * TOP),
    )
    glyph.path(
        (wm, TOP),
        (wm - post * 1.10, TOP),
        (wm / 2 - post * 0.46, 0.14 * TOP),
        (wm / 2 + post * 0.46, 0.14 * TOP),
    )
    wn = w * 1.06

    glyph = new("N", wn)
    glyph.rect(0, 0, 0 + post, TOP)
    glyph.rect(wn - post, 0, wn - post + post, TOP)
    glyph.path((0, TOP), (post * 1.12, TOP), (wn, 0), (wn - post * 1.12, 0))

    glyph = new("O", w)
    glyph.rounded((0, 0, w, TOP), ox, oy)
    glyph.rounded((v, h, w - v, TOP - h), ix, iy, hole=True)
    waist = 0.42 * TOP

    glyph = new("P", w)
    glyph.path(
        (0, 0),
        (0, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, waist + oy),
        (w, waist, w - ox, waist),
        (v, waist),
        (v, 0),
    )
    glyph.rounded((v, waist + h, w - v, TOP - h), ix, iy, hole=True, corners="tr br")

    glyph = new("Q", w)
    glyph.rounded((0, 0, w, TOP), ox, oy)
    glyph.rounded((v, h, w - v, TOP - h), ix, iy, hole=True)
    glyph.path(
        (w * 0.48, 0.26 * TOP),
        (w * 0.48 + slant * 0.92, 0.26 * TOP),
        (w * 1.07, 0),
        (w * 1.07 - slant, 0),
    )

    glyph = new("R", w * 1.01)
    waist = 0.42 * TOP
    glyph.path(
        (0, 0),
        (0, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, waist + oy * 0.92),
        ("q", w, waist + 0.06 * TOP, w - 0.14 * w, waist + 0.03 * TOP),
        ("q", w - 0.01 * w, waist - 0.02 * TOP, w, waist - 0.12 * TOP),
        (w * 1.02, 0),
        (w * 1.02 - v, 0),
        (w - v - 0.01 * w, waist - 0.14 * TOP),
        ("q", w - v - 0.02 * w, waist, w - v - 0.14 * w, waist),
        (v, waist),
        (v, 0),
    )
    glyph.rounded((v, waist + h * 0.96, w - v, TOP - h), ix, iy, hole=True, corners="tr br")

    glyph = new("S", w)
    glyph.path(
        (0, TOP - oy),
        (0, TOP, ox, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, TOP - reach * 0.95),
        (w - v, TOP - reach * 0.95),
        (w - v, TOP - h - iy),
        (w - v, TOP - h, w - v - ix, TOP - h),
        (v + ix, TOP - h),
        (v, TOP - h, v, TOP - h - iy),
        (v, 0.745 * TOP),
        ("q", v, 0.665 * TOP, v + (w - v) * 0.38, 0.605 * TOP),
        ("q", w, 0.50 * TOP, w, 0.335 * TOP),
        (w, oy),
        (w, 0, w - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
        (0, reach * 0.95),
        (v, reach * 0.95),
        (v, h + iy),
        (v, h, v + ix, h),
        (w - v - ix, h),
        (w - v, h, w - v, h + iy),
        (w - v, 0.265 * TOP),
        ("q", w - v, 0.345 * TOP, (w - v) * 0.62, 0.405 * TOP),
        ("q", 0, 0.51 * TOP, 0, 0.67 * TOP),
    )
    wt = w * 0.94

    glyph = new("T", wt)
    glyph.rect(0, TOP - h, wt, TOP)
    glyph.rect((wt - v) / 2, 0, (wt - v) / 2 + v, TOP)

    glyph = new("U", w)
    glyph.path(
        (0, TOP),
        (v, TOP),
        (v, h + iy),
        (v, h, v + ix, h),
        (w - v - ix, h),
        (w - v, h, w - v, h + iy),
        (w - v, TOP),
        (w, TOP),
        (w, oy),
        (w, 0, w - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
    )
    wv = w * 1.08

    glyph = new("V", wv)
    glyph.path(
        (0, TOP),
        (slant, TOP),
        (wv / 2, 0.24 * TOP),
        (wv - slant, TOP),
        (wv, TOP),
        (wv / 2 + apex, 0),
        (wv / 2 - apex, 0),
    )
    wx = w * 1.08

    glyph = new("X", wx)
    glyph.path((0, TOP), (slant * 1.1, TOP), (wx, 0), (wx - slant * 1.1, 0))
    glyph.path((wx, TOP), (wx - slant * 1.1, TOP), (0, 0), (slant * 1.1, 0))

    glyph = new("Y", wv)
    glyph.path(
        (0, TOP),
        (slant * 1.06, TOP),
        (wv / 2, 0.62 * TOP),
        (wv - slant * 1.06, TOP),
        (wv, TOP),
        (wv / 2 + v / 2, 0.40 * TOP),
        (wv / 2 + v / 2, 0),
        (wv / 2 - v / 2, 0),
        (wv / 2 - v / 2, 0.40 * TOP),
    )
    span = w * 1.56
    arm = v * 0.96
    foot = v * 0.60

    glyph = new("W", span)
    glyph.path(
        (0, TOP),
        (arm, TOP),
        (span * 0.27 + 0.01 * span, 0.26 * TOP),
        (span * 0.5 - foot * 0.86, TOP),
        (span * 0.5 + foot * 0.86, TOP),
        (span * 0.73 - 0.01 * span, 0.26 * TOP),
        (span - arm, TOP),
        (span, TOP),
        (span * 0.73 + foot, 0),
        (span * 0.73 - foot, 0),
        (span * 0.5, 0.72 * TOP),
        (span * 0.27 + foot, 0),
        (span * 0.27 - foot, 0),
    )
    wz = w * 0.94

    glyph = new("Z", wz)
    glyph.path(
        (0, TOP),
        (wz, TOP),
        (wz, TOP - h * 1.12),
        (v * 1.22, h),
        (wz, h),
        (wz, 0),
        (0, 0),
        (0, h * 1.12),
        (wz - v * 1.22, TOP - h),
        (0, TOP - h),
    )
