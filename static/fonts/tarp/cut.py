"""The four widths of the face: one skeleton, with stems that keep their weight when stretched."""

from __future__ import annotations

from dataclasses import dataclass

from static.fonts.tarp.glyph import Glyph

TOP = 1000
"""Height of a capital, and the em."""


@dataclass(frozen=True)
class Cut:
    """One width, in thousandths of the em."""

    name: str
    #: What CSS calls it: font-stretch in per cent.
    stretch: int
    #: Of the body of most letters.
    width: float
    #: Strokes: upright, and lying.
    stem: float
    bar: float
    #: Radii of the corners outside and inside.
    outer_x: float
    outer_y: float
    inner_x: float
    inner_y: float
    #: Air on either side.
    side: float
    #: The waist of 3, 8 and B.
    notch: float
    #: How far the ends of open bowls reach.
    reach: float
    #: Where the stem of the 1 begins, if not near the middle.
    one_x: float | None = None
    square: float = 0.735

    @property
    def advance(self) -> float:
        """From one digit to the next."""
        return self.width + 2 * self.side


CUTS = (
    Cut("Tall", 50, 312, 112, 92, 150, 118, 44, 40, side=13, notch=52, reach=300),
    Cut("Board", 100, 448, 158, 136, 205, 190, 66, 66, side=22, notch=72, reach=335),
    Cut("Wide", 150, 676, 222, 182, 284, 262, 112, 102, side=22, notch=86, reach=350),
    Cut("Ultra", 200, 1010, 262, 196, 330, 290, 128, 112, side=26, notch=92, reach=360, one_x=520),
)


class Drawing:
    """The glyphs of one width as they come into being."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        self.glyphs: dict[str, Glyph] = {}

    def new(self, char: str, width: float, advance: float | None = None) -> Glyph:
        """An empty glyph, as wide as its body and the air beside it unless told otherwise."""
        room = width + 2 * self.cut.side if advance is None else advance
        glyph = Glyph(room, self.cut.square)
        self.glyphs[char] = glyph
        return glyph
