"""The icons in the repository are what the program beside them draws."""

import struct
import zlib

import pytest

from static.icons import draw


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and all its bytes, however they were packed."""
    width, height = struct.unpack(">II", png[16:24])
    size = struct.unpack(">I", png[33:37])[0]
    return width, height, zlib.decompress(png[41 : 41 + size])


@pytest.mark.parametrize("name", draw.SIZES)
def test_committed_icon_is_what_the_program_draws(name: str) -> None:
    """Otherwise a change of the drawing would never reach a home screen."""
    committed = (draw.FOLDER / name).read_bytes()
    drawn = draw.png(*draw.SIZES[name])

    assert pixels(drawn) == pixels(committed)


def test_committed_drawing_is_what_the_program_draws() -> None:
    """Likewise for launchers that take a drawing without a size."""
    assert draw.svg() == (draw.FOLDER / draw.VECTOR).read_text(encoding="utf-8")
