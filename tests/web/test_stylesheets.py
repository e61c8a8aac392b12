"""Stylesheets as they go over the wire: whole, and no heavier than they must be."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import brotli
import pytest

from app.settings import HOUSE
from app.web import packing
from app.web.lobby_sheet import lobby_sheet
from app.web.static_files import StaticFiles

WORDS = b'@layer tokens { :root { --word-host: "Host"; --word-next: "Next"; } }'
SHEETS = sorted(path.name for path in (HOUSE / "static/css").glob("*.css"))

#: What every page of a game loads, in KB over the wire; and a lobby that nobody has touched.
AT_MOST_KB = 21
LOBBY_AT_MOST_KB = 6


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> StaticFiles:
    """All static files, with one language's words, packed anew."""
    return StaticFiles(
        HOUSE / "static", {"css/words.en.css": WORDS}, tmp_path_factory.mktemp("packed")
    )


def sheet(files: StaticFiles, name: str) -> str:
    """A stylesheet as a phone gets it."""
    found = files.get(f"css/{name}")
    assert found is not None
    assert brotli.decompress(found.packed["br"]) == found.body
    return found.body.decode()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_one_request_and_whole(files: StaticFiles, name: str) -> None:
    """An import would cost a round trip; a rule lost in packing would be seen by nobody here."""
    served = sheet(files, name.replace("game-page", "game-page.en"))
    written = (HOUSE / "static/css" / name).read_text(encoding="utf-8")
    assert "@import" not in served
    assert "/*" not in served
    assert served.count("{") == served.count("}")
    assert served.count("{") >= written.count("{") - written.count("/*")


def test_the_page_of_a_game_has_every_sheet_in_order(files: StaticFiles) -> None:
    """Later sheets overrule earlier ones of their layer."""
    whole = sheet(files, "game-page.en.css")
    page = (HOUSE / "static/css/game-page.css").read_text()
    named = re.findall(r'@import "([a-z]+)\.css"', page)
    places = [whole.index(sheet(files, f"{one}.css")) for one in named if one != "words"]
    assert len(places) == 7
    assert places == sorted(places)
    assert places[1] < whole.index('--word-next:"Next"') < places[2]


def test_what_stands_in_quotes_is_kept(files: StaticFiles) -> None:
    """Spaces between words, and the space that ends an escape, are text."""
    assert '":root' not in sheet(files, "game.css")
    assert "9\\A 8\\A 7" in sheet(files, "clock.css")


def test_the_house_brings_the_tokens(files: StaticFiles) -> None:
    """Every page has them, whatever else it loads."""
    assert "--ink:#0b0b0d" in sheet(files, "house.css")
    assert '[data-color="lemon"]' in sheet(files, "house.css")


def test_a_game_is_not_heavier_than_it_was(files: StaticFiles) -> None:
    """Views of their own bring sheets of their own; a phone at a table does not pay for them."""
    sizes = [files.get(f"css/{name}.en.css") for name in ("game-page", "lobby")]
    whole, lobby = (len(one.packed["br"]) if one else 0 for one in sizes)
    assert 0 < whole <= AT_MOST_KB * 1024, whole
    assert 0 < lobby <= LOBBY_AT_MOST_KB * 1024, lobby


@pytest.mark.parametrize(
    ("rule", "stays"),
    [
        ("main{color:red}", True),
        ('#state[data-status="waiting"] ~ main{color:red}', True),
        ('#state[data-status="running"] ~ main{color:red}', False),
        ('#state[data-status="running"] ~ main,main{color:red}', True),
        ('#state:is([data-status="running"],[data-status="paused"]) ~ main{color:red}', False),
        ('#state:not([data-status="running"]) ~ main{color:red}', True),
        ("main:has(.clk){color:red}", False),
        ("main:has(:not(.clk)){color:red}", True),
        ("main > :is(.clk,.grace){color:red}", False),
        ("main > :is(.clk,.code){color:red}", True),
        (".interrupt{color:red}", False),
        (".interrupt{display:none}", True),
        ("@layer a{.clk{color:red}}", False),
        ("@layer a{.clk{color:red}main{color:red}}", True),
        ("@keyframes roll-10{to{color:red}}", False),
        ("main{--asked-by-nobody:1}", False),
        ("main{--asked:1;color:var(--asked)}", True),
    ],
)
def test_what_an_untouched_lobby_needs(rule: str, stays: bool) -> None:
    """Only what cannot be seen there is left out, and nothing that keeps something from sight."""
    assert stays == bool(lobby_sheet(rule))


def test_what_was_packed_is_kept(tmp_path: Path) -> None:
    """The best packing takes a second; a server starts a hundred times a day where one develops."""
    folder, kept = tmp_path / "static", tmp_path / "kept"
    folder.mkdir()
    (folder / "a.css").write_text("main { color: red; }")
    StaticFiles(folder, {}, kept)
    [one] = kept.iterdir()
    one.write_bytes(brotli.compress(b"kept"))
    again = StaticFiles(folder, {}, kept).get("a.css")
    assert again is not None
    assert b"kept" == brotli.decompress(again.packed["br"])


def test_what_was_packed_for_a_release_that_is_gone_is_not_kept(tmp_path: Path) -> None:
    """Every release packs its own sheets; a server that starts for years would keep them all."""
    folder, kept = tmp_path / "static", tmp_path / "kept"
    folder.mkdir()
    for text in ("main { color: red; }", "main { color: blue; }"):
        (folder / "a.css").write_text(text)
        StaticFiles(folder, {}, kept)
    long_ago_s = time.time() - packing.UNUSED_S - 60
    for place in kept.iterdir():
        os.utime(place, (long_ago_s, long_ago_s))
    StaticFiles(folder, {}, kept)  # what is used is young again
    packing.clear_unused(kept)
    [left] = kept.iterdir()
    assert b"blue" in brotli.decompress(left.read_bytes())
