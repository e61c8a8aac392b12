"""The main screens look as they did when somebody last looked at them.

The goldens beside this file are small on purpose, a quarter of the glass: they fail when a screen
falls apart; clocks stand still in them. `make test` compares a handful, `make soak` all.
To renew them, look at what changed and then at every new picture:

    GOLDENS=new .venv/bin/python -m pytest tests/browser/test_goldens.py -m "soak or not soak"
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.scenes import Scene, every_scene
from tests.conftest import serving

pytestmark = pytest.mark.browser

GOLDENS = Path(__file__).parent / "goldens"
SIZES = ((360, 640), (390, 844), (844, 390), (768, 1024), (1280, 800))
THEMES = ("dark", "light")
SCENES = {
    "home": "home",
    "lobby": "lobby, host",
    "my-turn": "my turn",
    "other-turn": "another's turn",
    "paused": "paused",
    "result": "result",
    "tablet": "tablet",
    "across-the-room": "across the room",
    "overlay": "overlay",
    "preferences": "preferences",
}
HANDFUL = (
    ("my-turn", (360, 640), "dark"),
    ("my-turn", (360, 640), "light"),
    ("lobby", (360, 640), "dark"),
    ("paused", (844, 390), "light"),
    ("tablet", (1280, 800), "dark"),
)

#: So much of a golden may look otherwise: letters that another machine draws another way.
MAY_DIFFER = 0.04

#: Clocks that run stand at an instant of their own, all else is over and done, the code is always
#: the same: whatever the server says and however long the painting took, so is the picture.
FREEZE = """() => {
  for (const code of document.querySelectorAll('.code')) {
    code.dataset.wide = 0;
    code.replaceChildren(...['BCD', 'FGH'].map(three => {
      return Object.assign(document.createElement('span'), { textContent: three });
    }));
  }
  for (const drawn of document.querySelectorAll('.qr > svg')) drawn.remove();
  for (const clock of document.querySelectorAll('.clk.on, #round > .clk')) {
    const digits = { a: 0, b: 0, c: 7, d: 6, e: 7, f: 5, g: 0 }; // 12:47.5
    for (const [name, digit] of Object.entries(digits)) clock.dataset[name] = digit;
  }
  for (const one of document.getAnimations()) {
    const isClock = one.effect.target.closest('.clk, .grace');
    const end = Number(one.effect.getComputedTiming().endTime);
    one.pause();
    one.currentTime = isClock || !Number.isFinite(end) ? 0 : end;
  }
}"""

#: A picture, a quarter as large.
SMALL = """async png => {
  const bytes = Uint8Array.from(atob(png), one => one.charCodeAt(0));
  const whole = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const paper = new OffscreenCanvas(Math.round(whole.width / 4), Math.round(whole.height / 4));
  const pen = paper.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(whole, 0, 0, paper.width, paper.height);
  const small = new Uint8Array(await (await paper.convertToBlob()).arrayBuffer());
  return btoa(Array.from(small, one => String.fromCharCode(one)).join(''));
}"""

#: Which part of two pictures differs much, in the worst of the three colours.
DIFFERENCE = """async pair => {
  const [one, other] = await Promise.all(pair.map(async png => {
    const bytes = Uint8Array.from(atob(png), one => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    pen.drawImage(picture, 0, 0);
    return pen.getImageData(0, 0, picture.width, picture.height);
  }));
  if (one.width !== other.width || one.height !== other.height) return 1;
  let far = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    far += [0, 1, 2].some(part => Math.abs(one.data[at + part] - other.data[at + part]) > 64);
  }
  return far / (one.width * one.height);
}"""


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Scene]]:
    """One server with every scene on it."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield every_scene(server.url)


def shot(page: Any, size: tuple[int, int], theme: str) -> str:
    """What the page shows now, a quarter as large, as base64."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)
    page.evaluate(FREEZE)
    picture = base64.b64encode(page.screenshot(animations="allow")).decode()
    small: str = page.evaluate(SMALL, picture)
    return small


def compare(chromium: Any, scenes: dict[str, Scene], chosen: list[Any]) -> dict[str, float]:
    """What differs too much from its golden; with GOLDENS=new the goldens are made instead."""
    context = chromium.new_context(reduced_motion="reduce", has_touch=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    shown = ""
    wrong = {}
    for name, size, theme in sorted(chosen):
        if name != shown:
            scenes[SCENES[name]].show(page)
            page.evaluate("() => document.fonts.ready.then(() => true)")
            shown = name
        small = shot(page, size, theme)
        golden = GOLDENS / f"{name}-{size[0]}x{size[1]}-{theme}.png"
        if os.environ.get("GOLDENS") == "new":
            GOLDENS.mkdir(exist_ok=True)
            golden.write_bytes(base64.b64decode(small))
            continue
        known = base64.b64encode(golden.read_bytes()).decode()
        far = page.evaluate(DIFFERENCE, [known, small])
        if far > MAY_DIFFER:
            wrong[golden.stem] = far
    context.close()
    return wrong


def test_a_handful_looks_as_it_did(chromium: Any, scenes: dict[str, Scene]) -> None:
    """The screens an evening is spent with."""
    assert compare(chromium, scenes, list(HANDFUL)) == {}


@pytest.mark.soak
def test_all_look_as_they_did(chromium: Any, scenes: dict[str, Scene]) -> None:
    """Every main screen at every size, dark and light."""
    every = [(name, size, theme) for name in SCENES for size in SIZES for theme in THEMES]
    assert compare(chromium, scenes, every) == {}


def test_another_screen_is_noticed(chromium: Any, scenes: dict[str, Scene]) -> None:
    """The comparison can fail: a lobby is no table, however coarse the eye."""
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    pictures = []
    for name in ("my turn", "lobby, host"):
        scenes[name].show(page)
        pictures.append(shot(page, (360, 640), "dark"))
    assert page.evaluate(DIFFERENCE, pictures) > 5 * MAY_DIFFER
    context.close()
