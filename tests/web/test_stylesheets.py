"""Stylesheets as they go over the wire: whole, and no heavier than they must be."""

from __future__ import annotations

import gzip

import pytest

from app.settings import HOUSE
from app.web.static_files import StaticFiles

FILES = StaticFiles(HOUSE / "static", {})
SHEETS = sorted(path.name for path in (HOUSE / "static/css").glob("*.css"))

#: What every page of a game loads, in KB over the wire.
OF_A_GAME = ("house", "clock", "game", "acting", "shows", "counters")
AT_MOST_KB = 30


def sheet(name: str) -> str:
    """A stylesheet as a phone gets it."""
    found = FILES.get(f"css/{name}")
    assert found is not None
    return found.body.decode()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_one_request_and_whole(name: str) -> None:
    """An import would cost a round trip; a rule lost in packing would be seen by nobody here."""
    served = sheet(name)
    written = (HOUSE / "static/css" / name).read_text(encoding="utf-8")
    assert "@import" not in served
    assert "/*" not in served
    assert served.count("{") == served.count("}")
    assert served.count("{") >= written.count("{") - written.count("/*")


def test_the_house_brings_the_tokens() -> None:
    """Every page has them, whatever else it loads."""
    assert "--ink: #0b0b0d" in sheet("house.css")
    assert '[data-color="lemon"]' in sheet("house.css")


def test_a_game_is_not_heavier_than_it_was() -> None:
    """Views of their own bring sheets of their own; a phone at a table does not pay for them."""
    size = sum(len(gzip.compress(sheet(f"{name}.css").encode(), 9)) for name in OF_A_GAME)
    assert size <= AT_MOST_KB * 1024, size
