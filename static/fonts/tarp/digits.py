"""The ten digits, all of one width, so that a clock never jumps."""

from __future__ import annotations

from static.fonts.tarp.cut import TOP, Drawing


def draw_digits(drawing: Drawing) -> None:
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
    bowl = 0.60 * TOP

    glyph = new("0", w)
    glyph.rounded((0, 0, w, TOP), ox, oy)
    glyph.rounded((v, h, w - v, TOP - h), ix, iy, hole=True)

    glyph = new("1", w)
    spine = cut.one_x if cut.one_x is not None else (w - v) / 2 + 0.10 * w
    flag = 0.22 * TOP
    glyph.path(
        (spine + v, 0),
        (spine, 0),
        (spine, TOP - flag),
        (max(0, spine - 0.34 * w), TOP - flag - 0.07 * TOP),
        (max(0, spine - 0.34 * w), TOP - flag + h * 0.62 - 0.07 * TOP),
        (spine + 0.06 * w, TOP),
        (spine + v, TOP),
    )

    glyph = new("2", w)
    glyph.path(
        (0, TOP - reach),
        (0, TOP - oy),
        (0, TOP, ox, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, 0.66 * TOP),
        ("q", w, 0.53 * TOP, w - 0.16 * w, 0.42 * TOP),
        (v * 1.14, h),
        (w, h),
        (w, 0),
        (0, 0),
        (0, h * 0.92),
        ("q", 0, h * 1.15, 0.07 * w, h * 1.55),
        (w - v - 0.05 * w, 0.50 * TOP),
        ("q", w - v, 0.56 * TOP, w - v, 0.655 * TOP),
        (w - v, TOP - h - iy),
        (w - v, TOP - h, w - v - ix, TOP - h),
        (v + ix, TOP - h),
        (v, TOP - h, v, TOP - h - iy),
        (v, TOP - reach),
    )

    glyph = new("3", w)
    beam = h * 0.92
    glyph.path(
        (0, TOP - reach),
        (0, TOP - oy),
        (0, TOP, ox, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, mid + notch),
        ("q", w, mid + notch * 0.35, w - notch * 0.62, mid),
        ("q", w, mid - notch * 0.35, w, mid - notch),
        (w, oy),
        (w, 0, w - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
        (0, reach),
        (v, reach),
        (v, h + iy),
        (v, h, v + ix, h),
        (w - v - ix, h),
        (w - v, h, w - v, h + iy),
        (w - v, mid - beam / 2 - iy * 0.7),
        (w - v, mid - beam / 2, w - v - ix * 0.7, mid - beam / 2),
        (0.34 * w, mid - beam / 2),
        (0.34 * w, mid + beam / 2),
        (w - v - ix * 0.7, mid + beam / 2),
        (w - v, mid + beam / 2, w - v, mid + beam / 2 + iy * 0.7),
        (w - v, TOP - h - iy),
        (w - v, TOP - h, w - v - ix, TOP - h),
        (v + ix, TOP - h),
        (v, TOP - h, v, TOP - h - iy),
        (v, TOP - reach),
    )

    glyph = new("4", w)
    spine = w - v - 0.10 * w
    shelf = 0.205 * TOP
    glyph.path(
        (spine, 0),
        (spine, shelf),
        (0, shelf),
        (0, shelf + h * 0.95),
        (spine - 0.06 * w, TOP),
        (spine + v, TOP),
        (spine + v, shelf + h * 0.95),
        (w, shelf + h * 0.95),
        (w, shelf),
        (spine + v, shelf),
        (spine + v, 0),
    )
    glyph.path(
        (spine, shelf + h * 0.95),
        (v * 0.92, shelf + h * 0.95),
        (spine, TOP - 0.20 * TOP),
        hole=True,
    )

    glyph = new("5", w)
    glyph.path(
        (0, TOP),
        (w * 0.95, TOP),
        (w * 0.95, TOP - h),
        (v, TOP - h),
        (v, bowl),
        (w - ox, bowl),
        (w, bowl, w, bowl - oy),
        (w, oy),
        (w, 0, w - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
        (0, reach * 0.92),
        (v, reach * 0.92),
        (v, h + iy),
        (v, h, v + ix, h),
        (w - v - ix, h),
        (w - v, h, w - v, h + iy),
        (w - v, bowl - h - iy),
        (w - v, bowl - h, w - v - ix, bowl - h),
        (v + ix, bowl - h),
        (v, bowl - h, v, bowl - h),
        (0, bowl - h),
    )

    glyph = new("6", w)
    glyph.path(
        (w, TOP - reach * 0.92),
        (w, TOP - oy),
        (w, TOP, w - ox, TOP),
        (ox, TOP),
        (0, TOP, 0, TOP - oy),
        (0, oy),
        (0, 0, ox, 0),
        (w - ox, 0),
        (w, 0, w, oy),
        (w, bowl - oy),
        (w, bowl, w - ox, bowl),
        (v, bowl),
        (v, TOP - h - iy),
        (v, TOP - h, v + ix, TOP - h),
        (w - v - ix, TOP - h),
        (w - v, TOP - h, w - v, TOP - h - iy),
        (w - v, TOP - reach * 0.92),
    )
    glyph.rounded((v, h, w - v, bowl - h), ix, iy, hole=True)
    nine = new("9", w)
    nine.contours = glyph.contours
    nine.half_turned(w, TOP)

    glyph = new("7", w)
    glyph.path(
        (0, TOP),
        (w, TOP),
        (w, TOP - h * 1.12),
        (0.15 * w + v * 1.08, 0),
        (0.15 * w, 0),
        (w - v * 1.10, TOP - h),
        (0, TOP - h),
    )

    glyph = new("8", w)
    glyph.path(
        (0, TOP - oy),
        (0, TOP, ox, TOP),
        (w - ox, TOP),
        (w, TOP, w, TOP - oy),
        (w, mid + notch),
        ("q", w, mid + notch * 0.35, w - notch * 0.62, mid),
        ("q", w, mid - notch * 0.35, w, mid - notch),
        (w, oy),
        (w, 0, w - ox, 0),
        (ox, 0),
        (0, 0, 0, oy),
        (0, mid - notch),
        ("q", 0, mid - notch * 0.35, notch * 0.62, mid),
        ("q", 0, mid + notch * 0.35, 0, mid + notch),
    )
    glyph.rounded((v, h, w - v, mid - beam / 2), ix, iy, hole=True)
    glyph.rounded((v, mid + beam / 2, w - v, TOP - h), ix, iy, hole=True)
