"""A glyph as closed contours of TrueType points, drawn with a few strokes.

Units are 1000 to the em; the em is the height of a capital and there is no descent, so in CSS
``font-size`` is the height of the letters and ``line-height: 1`` leaves no slack.
"""

from __future__ import annotations

from typing import Self

Point = tuple[float, float]
Node = tuple[float, float, int]
"""x, y and 1 on the curve, 0 for a control point."""

Line = tuple[float, float]
Corner = tuple[float, float, float, float]
Curve = tuple[str, float, float, float, float]
Segment = Line | Corner | Curve
"""To a point; round a corner (corner x, y, end x, y); ("q", control x, y, end x, y)."""

ROUND = 0.7071
"""How far the corner of a circle bulges."""


class Glyph:
    """One glyph. ``square``: how far a corner bulges; .5 cuts it straight, 1 leaves it whole."""

    def __init__(self, advance: float, square: float = 0.75) -> None:
        self.advance = advance
        self.square = square
        self.contours: list[list[Node]] = []

    def path(
        self, start: Point, *segments: Segment, hole: bool = False, square: float | None = None
    ) -> Self:
        """A closed contour; turned clockwise, a hole the other way, however it was given."""
        bulge = self.square if square is None else square
        nodes: list[Node] = [(*start, 1)]
        for segment in segments:
            match segment:
                case (x, y):
                    nodes.append((x, y, 1))
                case (_, control_x, control_y, x, y):
                    nodes += [(control_x, control_y, 0), (x, y, 1)]
                case corner:
                    nodes += _corner(nodes[-1], corner, bulge)
        if nodes[0][:2] == nodes[-1][:2] and len(nodes) > 1:
            nodes.pop()
        turned = nodes[1:] + nodes[:1]
        area = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(nodes, turned, strict=True))
        if (area > 0) != hole:
            nodes.reverse()
        self.contours.append(nodes)
        return self

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Self:
        """A bar."""
        return self.path((x0, y0), (x0, y1), (x1, y1), (x1, y0))

    def rounded(
        self,
        box: tuple[float, float, float, float],
        rx: float,
        ry: float | None = None,
        *,
        hole: bool = False,
        corners: str = "tl tr br bl",
    ) -> Self:
        """A box (x0, y0, x1, y1) whose named corners are round."""
        x0, y0, x1, y1 = box
        rx, ry = min(rx, (x1 - x0) / 2), min(ry or rx, (y1 - y0) / 2)
        round_ones = corners.split()
        segments: list[Segment] = []
        for name, square_end, before, corner in (
            ("tl", (x0, y1), (x0, y1 - ry), (x0, y1, x0 + rx, y1)),
            ("tr", (x1, y1), (x1 - rx, y1), (x1, y1, x1, y1 - ry)),
            ("br", (x1, y0), (x1, y0 + ry), (x1, y0, x1 - rx, y0)),
            ("bl", (x0, y0), (x0 + rx, y0), (x0, y0, x0, y0 + ry)),
        ):
            if name in round_ones:
                segments += [before, corner]
            elif name != "bl":
                segments.append(square_end)
        start = (x0, y0 + ry) if "bl" in round_ones else (x0, y0)
        return self.path(start, *segments, hole=hole)

    def disc(self, x: float, y: float, radius: float, *, hole: bool = False) -> Self:
        """A circle."""
        square, self.square = self.square, ROUND
        self.rounded((x - radius, y - radius, x + radius, y + radius), radius, hole=hole)
        self.square = square
        return self

    def shifted(self, dx: float, dy: float = 0) -> Self:
        """Moved."""
        self.contours = [[(x + dx, y + dy, on) for x, y, on in c] for c in self.contours]
        return self

    def half_turned(self, width: float, height: float) -> Self:
        """Upside down: a 6 becomes a 9."""
        self.contours = [[(width - x, height - y, on) for x, y, on in c] for c in self.contours]
        return self

    def mirrored(self, width: float) -> Glyph:
        """A copy seen from behind: an arrow to the other side."""
        other = Glyph(self.advance, self.square)
        other.contours = [
            [(width - x, y, on) for x, y, on in reversed(contour)] for contour in self.contours
        ]
        return other


def _corner(last: Node, corner: Corner, bulge: float) -> list[Node]:
    """Two quadratic curves from the last point round a corner, meeting at ``bulge`` of the way."""
    px, py, _ = last
    cx, cy, x, y = corner
    reach = 2 * bulge - 1
    ox, oy = px + x - cx, py + y - cy
    ax, ay, bx, by = px - ox, py - oy, x - ox, y - oy
    return [
        (px + reach * bx, py + reach * by, 0),
        (ox + (ax + bx) * bulge, oy + (ay + by) * bulge, 1),
        (x + reach * ax, y + reach * ay, 0),
        (x, y, 1),
    ]
