"""Draws the house's sign for home screens: ``python -m static.icons.draw``.

A colour, a tarp over it, the hem between them with its eyelets: cut at the one angle of the house.
Everything is said in shares of the side, so that one drawing serves every size.
"""

from __future__ import annotations

import struct
import zlib
from itertools import chain
from math import cos, hypot, radians, sin
from pathlib import Path

FOLDER = Path(__file__).parent

LEMON, INK, BONE = (0xFB, 0xDF, 0x0A), (0x0B, 0x0B, 0x0D), (0xF6, 0xF2, 0xE7)
Color = tuple[int, int, int]

ANGLE = radians(12)
MIDDLE = (0.5, 0.54)
HEM = 0.11
"""Half of the hem's height."""
EYELETS = (-0.62, -0.31, 0.0, 0.31, 0.62)
"""Where they sit along the hem."""
RING, HOLE = 0.062, 0.034

SIZES = {"icon-192.png": (192, 1.0), "icon-512.png": (512, 1.0), "maskable-512.png": (512, 0.8)}
"""Side in pixels, and how large it is drawn: launchers cut a mask's outer tenth away."""

VECTOR = "icon.svg"


def shade(x: float, y: float, pixel: float) -> Color:
    """The colour at a place; edges are as soft as one pixel."""
    right, down = x - MIDDLE[0], y - MIDDLE[1]
    along = right * cos(ANGLE) - down * sin(ANGLE)
    below = right * sin(ANGLE) + down * cos(ANGLE)
    color = _over(LEMON, INK, below / pixel)
    color = _over(color, BONE, (HEM - abs(below)) / pixel)
    if abs(below) > RING + pixel:
        return color
    for place in EYELETS:
        away = hypot(along - place, below)
        color = _over(color, INK, (RING - away) / pixel)
        color = _over(color, LEMON, (HOLE - away) / pixel)
    return color


def _over(under: Color, color: Color, inside: float) -> Color:
    """``inside``: how many pixels the place lies within the shape."""
    covered = min(1.0, max(0.0, inside + 0.5))
    mixed = [round(u + (c - u) * covered) for u, c in zip(under, color, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def png(side: int, size: float) -> bytes:
    """The picture as a PNG file of three bytes a pixel."""
    pixel = 1 / (side * size)
    places = [((step + 0.5) / side - 0.5) / size + 0.5 for step in range(side)]
    rows = b"".join(
        b"\0" + bytes(chain.from_iterable(shade(x, y, pixel) for x in places)) for y in places
    )
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def svg() -> str:
    """The same as a drawing without a size."""
    x, y = MIDDLE
    eyelets = "".join(
        f'<circle cx="{place}" r="{RING}"/><circle cx="{place}" r="{HOLE}" fill="{_hex(LEMON)}"/>'
        for place in EYELETS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" fill="{_hex(INK)}">'
        f'<path fill="{_hex(LEMON)}" d="M0 0h1v1H0z"/>'
        f'<g transform="translate({x} {y}) rotate(-12)">'
        f'<path d="M-2 0h4v2h-4z"/><path fill="{_hex(BONE)}" d="M-2-{HEM}h4v{2 * HEM}h-4z"/>'
        f"{eyelets}</g></svg>\n"
    )


def _hex(color: Color) -> str:
    return "#" + "".join(f"{part:02x}" for part in color)


if __name__ == "__main__":
    for name, (side, size) in SIZES.items():
        (FOLDER / name).write_bytes(png(side, size))
    (FOLDER / VECTOR).write_text(svg(), encoding="utf-8")
