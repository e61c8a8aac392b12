"""Nobody is shut out: axe-core finds nothing on any screen, in any state, in either theme.

And every button, link and field of a phone is as large as a thumb needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.scenes import TABLET, Scene, every_scene
from tests.conftest import Server, serving
from tests.house.axe import axe

pytestmark = pytest.mark.browser

#: Every rule of these standards, and what axe itself recommends but for one: a game's title stands
#: in #state, in front of the page's landmarks, because its attributes decide what all after it
#: shows; a landmark of its own would travel to every phone with every tap.
RUN = """() => axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  rules: { region: { enabled: false } },
}).then(found => found.violations.map(rule => [rule.id, ...rule.nodes.map(
  node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? node.failureSummary))]))"""

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
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Scene]]:
    """One server with every scene on it."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield every_scene(server.url)


def looking(chromium: Any, *scripts: str, **options: Any) -> Any:
    """A page that stands still."""
    context = chromium.new_context(reduced_motion="reduce", has_touch=True, **options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    for script in scripts:
        page.add_init_script(script)
    return page


def violations(page: Any, chosen: dict[str, Scene]) -> dict[str, Any]:
    """What axe finds, by scene and theme."""
    found = {}
    for name, scene in chosen.items():
        scene.show(page)
        page.evaluate(UNFOLD)
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme)
            wrong = [rule for rule in page.evaluate(RUN) if not _is_meant(name, scene, rule)]
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


def test_axe_finds_nothing(chromium: Any, scenes: dict[str, Scene]) -> None:
    """Home, lobby, turns, choices, sheets, pauses, results, big screens."""
    script = axe()
    if script is None:
        pytest.skip("npm is not here, or cannot reach its registry: no axe-core")
    page = looking(chromium, script.read_text())
    found = violations(page, scenes)
    page.context.close()
    german = looking(chromium, script.read_text(), locale="de-DE")
    chosen = {name: scenes[name] for name in ("home", "lobby, host", "my turn", "paused")}
    found |= {f"German {name}": wrong for name, wrong in violations(german, chosen).items()}
    german.context.close()
    assert found == {}


def test_a_thumb_hits_everything(chromium: Any, scenes: dict[str, Scene]) -> None:
    """44 by 44 pixels at least, whatever can be pressed on a phone."""
    page = looking(chromium)
    small = {}
    for name, scene in scenes.items():
        if scene.size == TABLET:
            continue
        scene.show(page)
        page.evaluate(UNFOLD)
        page.set_viewport_size({"width": 360, "height": 640})
        if found := page.evaluate(SMALL):
            small[name] = found
    page.context.close()
    assert small == {}


def test_everybody_may_zoom(chromium: Any, table_server: Server) -> None:
    """No screen keeps two fingers from making it larger."""
    page = looking(chromium)
    page.goto(table_server.url)
    says = page.locator('meta[name="viewport"]').get_attribute("content")
    page.context.close()
    assert "user-scalable" not in says
    assert "maximum-scale" not in says
