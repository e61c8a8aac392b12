"""The twelve seat glyphs and the icons, all on a square of 1000."""

from __future__ import annotations

from math import cos, radians, sin

from static.fonts.tarp.glyph import ROUND, Glyph, Point

MIDDLE = 500


def _star(points: int, outer: float, inner: float, y: float) -> list[Point]:
    corners = []
    for step in range(2 * points):
        angle = radians(90 + step * 180 / points)
        reach = outer if step % 2 == 0 else inner
        corners.append((MIDDLE + reach * cos(angle), y + reach * sin(angle)))
    return corners


def _regular(sides: int, reach: float) -> list[Point]:
    angles = [radians(step * 360 / sides) for step in range(sides)]
    return [(MIDDLE + reach * cos(angle), MIDDLE + reach * sin(angle)) for angle in angles]


def _square() -> Glyph:
    return Glyph(1000)


def _hook() -> Glyph:
    return _square().path(
        (40, 600), (400, 960), (400, 720), (640, 720),
        (930, 720, 930, 430), (930, 430), (930, 130, 640, 130), (300, 130), (300, 310), (620, 310),
        (740, 310, 740, 425), (740, 540, 620, 540), (400, 540), (400, 240),
    )  # fmt: skip


def _die() -> Glyph:
    die = _square().rect(90, 90, 910, 910)
    for x, y in ((270, 270), (730, 730), (500, 500), (270, 730), (730, 270)):
        die.disc(x, y, 75, hole=True)
    return die


def _bars() -> Glyph:
    bars = _square()
    for left in (90, 390, 690):
        bars.rect(left, 90, left + 220, 910)
    return bars


def _menu() -> Glyph:
    menu = _square()
    for bottom in (175, 425, 675):
        menu.rect(100, bottom, 900, bottom + 150)
    return menu


def _speaker() -> Glyph:
    return _square().path((40, 340), (40, 660), (240, 660), (520, 910), (520, 90), (240, 340))


def _eye() -> Glyph:
    lid: list[Point] = [(20, 500), (250, 730), (500, 800), (750, 730), (980, 500)]
    lid += [(750, 270), (500, 200), (250, 270)]
    return (
        _square()
        .path(lid[0], *lid[1:])
        .disc(MIDDLE, MIDDLE, 210, hole=True)
        .disc(MIDDLE, MIDDLE, 120)
    )


def seats() -> dict[str, Glyph]:
    """A glyph for each seat colour, so that no colour ever stands alone."""
    star, nut, hole = _star(5, 520, 215, 460), _regular(6, 500), _regular(6, 210)
    cross = [(350, 930), (650, 930), (650, 650), (930, 650), (930, 350), (650, 350)]
    cross += [(650, 70), (350, 70), (350, 350), (70, 350), (70, 650), (350, 650)]
    chevron = [(60, 700), (500, 940), (940, 700), (940, 330), (500, 570), (60, 330)]
    bow = [(90, 910), (910, 910), (500, 500), (910, 90), (90, 90), (500, 500)]
    return {
        "\ue001": _square().disc(MIDDLE, MIDDLE, 430),
        "\ue002": _square().path((500, 900), (960, 80), (40, 80)),
        "\ue003": _square().rect(110, 110, 890, 890),
        "\ue004": _square().path(cross[0], *cross[1:]),
        "\ue005": _square().disc(MIDDLE, MIDDLE, 450).disc(MIDDLE, MIDDLE, 210, hole=True),
        "\ue006": _square().path((500, 970), (970, 500), (500, 30), (30, 500)),
        "\ue007": _square().path(chevron[0], *chevron[1:]).shifted(0, -135),
        "\ue008": _square().path(star[0], *star[1:]),
        "\ue009": _bars(),
        "\ue00a": _square().path(
            (30, 260), (30, 720, 500, 720), (970, 720, 970, 260), square=ROUND
        ),
        "\ue00b": _square().path(nut[0], *nut[1:]).path(hole[0], *hole[1:], hole=True),
        "\ue00c": _square().path(bow[0], *bow[1:]),
    }


def signs() -> dict[str, Glyph]:
    """What buttons say without a word."""
    arrow: list[Point] = [(40, 420), (40, 580), (560, 580), (400, 740), (400, 930), (420, 930)]
    arrow += [(940, 500), (420, 70), (400, 70), (400, 260), (560, 420)]
    up: list[Point] = [(80, 440), (500, 860), (920, 440), (800, 320), (580, 540), (580, 90)]
    up += [(420, 90), (420, 540), (200, 320)]
    heart: list[Point] = [(500, 80), (40, 540), (40, 760), (200, 900), (370, 900), (500, 780)]
    heart += [(630, 900), (800, 900), (960, 760), (960, 540)]
    crown: list[Point] = [(40, 820), (280, 520), (500, 880), (720, 520), (960, 820)]
    crown += [(860, 150), (140, 150)]
    tick: list[Point] = [(60, 500), (190, 640), (390, 430), (810, 880), (940, 750), (390, 170)]
    bolt: list[Point] = [(560, 980), (160, 430), (430, 430), (380, 20), (840, 600), (540, 600)]
    down: list[Point] = [(500, 150), (80, 570), (210, 700), (500, 410), (790, 700), (920, 570)]
    hand: list[Point] = [(400, 760), (520, 760), (520, 520), (700, 420), (640, 320), (400, 450)]
    right = _square().path(arrow[0], *arrow[1:])
    return {
        "\ue101": _square().rect(200, 120, 420, 880).rect(580, 120, 800, 880),
        "\ue102": _square().path((220, 920), (880, 500), (220, 80)),
        "\ue103": _menu(),
        "\ue104": _square().path(tick[0], *tick[1:]),
        "\ue105": _square().path(heart[0], *heart[1:]),
        "\ue106": _hook(),
        "\ue107": _square().path(crown[0], *crown[1:]),
        "\ue108": _square()
        .path((120, 880), (880, 880), (760, 80), (240, 80))
        .path((260, 740), (740, 740), (715, 560), (285, 560), hole=True),
        "\ue109": _square()
        .path((100, 240), (240, 100), (900, 760), (760, 900))
        .path((100, 760), (240, 900), (900, 240), (760, 100)),
        "\ue10a": _square()
        .disc(MIDDLE, MIDDLE, 440)
        .disc(MIDDLE, MIDDLE, 300, hole=True)
        .path(hand[0], *hand[1:]),
        "\ue10b": _square().path(bolt[0], *bolt[1:]),
        "\ue10c": _square().path(up[0], *up[1:]),
        "\ue10d": _square().path(down[0], *down[1:]),
        "\ue10e": _die(),
        "\ue10f": _square().disc(MIDDLE, MIDDLE, 460).disc(MIDDLE, MIDDLE, 240, hole=True),
        "\ue110": _square()
        .path((100, 500), (100, 900), (500, 900), (900, 500), (500, 100))
        .disc(300, 700, 80, hole=True),
        "\ue111": right,
        "\ue112": right.mirrored(980),
        "\ue113": _speaker().path(
            (600, 660), (690, 740), (870, 500), (690, 260), (600, 340), (720, 500)
        ),
        "\ue114": _speaker()
        .path((600, 620), (680, 700), (960, 380), (880, 300))
        .path((600, 380), (880, 700), (960, 620), (680, 300)),
        "\ue115": _eye(),
    }
