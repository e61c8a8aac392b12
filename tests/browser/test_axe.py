"""Nobody is shut out: axe-core finds nothing on any screen, in any state, in either theme.

And every button, link and field of a phone is as large as a thumb needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.scenes import TABLET, Scene, every_scene
from tests.conftest import Server, serving
from tests.house.axe import axe

pytestmark = pytest.mark.browser

#: Every rule of these standards, and what axe itself recommends but for one: a game's title stands
#: in #state, in front of the page's landmarks, because its attributes decide what all after it
#: shows; a landmark of its own would travel to every phone with every tap.
RUN = """runOnly => axe.run(document, {
  runOnly,
  resultTypes: ['violations'],
  rules: { region: { enabled: false } },
}).then(found => found.violations.map(rule => [rule.id, ...rule.nodes.map(
  node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? node.failureSummary))]))"""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: Those of them that look at colours.
COLOURS = """standards => axe.getRules(['cat.color'])
  .filter(rule => rule.tags.some(tag => standards.includes(tag))).map(rule => rule.ruleId)"""

#: What folds shows its inside.
UNFOLD = """() => document.querySelectorAll('details').forEach(one => {
  one.removeAttribute('name');
  one.open = true;
})"""

#: What can be pressed and is smaller than a thumb needs, with what surrounds it as its label.
SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(one => one.type !== 'hidden' && !one.closest('.unseen, .shut, [aria-hidden="true"]'))
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length)
  .map(one => {
    const boxes = [one, one.closest('label'), ...(one.labels ?? [])].filter(Boolean)
      .map(box => box.getBoundingClientRect());
    const most = side => Math.max(...boxes.map(box => box[side]));
    return [Math.round(most('width')), Math.round(most('height')),
      one.outerHTML.slice(0, 120) + ' ' + one.parentElement.className];
  })
  .filter(([width, height]) => width && height && (width < 44 || height < 44))"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server with every scene on it."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@dataclass
class Seen:
    """What was wrong on the scenes: by axe, and for a thumb."""

    axe: dict[str, Any] = field(default_factory=dict)
    small: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(chromium: Any, server: Server) -> Seen:
    """Every scene is shown once, and all that there is to ask is asked of it."""
    script, scenes, seen = axe(), every_scene(server.url), Seen()
    page = looking(chromium, script)
    for name, scene in scenes.items():
        scene.show(page)
        page.evaluate(UNFOLD)
        if script is not None:
            seen.axe |= violations(page, name, scene)
        if scene.size != TABLET:
            page.set_viewport_size({"width": 360, "height": 640})
            if found := page.evaluate(SMALL):
                seen.small[name] = found
    page.context.close()
    if script is not None:
        german = looking(chromium, script, locale="de-DE")
        for name in ("home", "lobby, host", "my turn", "paused"):
            scenes[name].show(german)
            german.evaluate(UNFOLD)
            seen.axe |= violations(german, f"German {name}", scenes[name])
        german.context.close()
    return seen


def looking(chromium: Any, script: Path | None = None, **options: Any) -> Any:
    """A page that stands still."""
    context = chromium.new_context(reduced_motion="reduce", has_touch=True, **options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    if script is not None:
        page.add_init_script(script.read_text())
    return page


def violations(page: Any, name: str, scene: Scene) -> dict[str, Any]:
    """What axe finds on the present scene, by theme.

    By day nothing but colours differs (tests/house/test_palette.py): nothing else is asked again.
    """
    found = {}
    colours = page.evaluate(COLOURS, STANDARDS)
    assert "color-contrast" in colours
    for theme, rules in (("dark", STANDARDS), ("light", colours)):
        page.emulate_media(color_scheme=theme)
        wrong = [rule for rule in page.evaluate(RUN, rules) if not _is_meant(name, scene, rule)]
        if wrong:
            found[f"{name}, {theme}"] = wrong
    return found


def _is_meant(name: str, scene: Scene, rule: list[str]) -> bool:
    """What is as it should be, though axe names it.

    What waits beneath the last button of a sheet or of the create form until it is scrolled up;
    and what nobody works with comes again by itself: a wall, which shows what happens now (WCAG
    2.2.1, real-time event), and the page that waits for a line.
    """
    beneath = all("partially obscured" in node for node in rule[1:])
    scrolls = "#" in scene.path or scene.path == "/games/new"
    is_beneath = scrolls and rule[0] == "target-size" and beneath
    return is_beneath or (name in ("wall", "no line") and rule[0] == "meta-refresh")


def test_axe_finds_nothing(seen: Seen) -> None:
    """Home, lobby, turns, choices, sheets, pauses, results, big screens."""
    if axe() is None:
        pytest.skip("npm is not here, or cannot reach its registry: no axe-core")
    assert seen.axe == {}


def test_a_thumb_hits_everything(seen: Seen) -> None:
    """44 by 44 pixels at least, whatever can be pressed on a phone."""
    assert seen.small == {}


def test_everybody_may_zoom(chromium: Any, server: Server) -> None:
    """No screen keeps two fingers from making it larger."""
    page = looking(chromium)
    page.goto(server.url)
    says = page.locator('meta[name="viewport"]').get_attribute("content")
    page.context.close()
    assert "user-scalable" not in says
    assert "maximum-scale" not in says
