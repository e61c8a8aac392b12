"""A thumb on Chromium's glass that rests, which playwright's own tap does not."""

from __future__ import annotations

from typing import Any


def rest(page: Any, x: float, y: float, rests_ms: float, away: float = 0) -> None:
    """Put a thumb down for so long; ``away`` is how far it slides before it is lifted."""
    line = page.context.new_cdp_session(page)
    at = {"x": x, "y": y}
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    page.wait_for_timeout(rests_ms)
    if away:
        at = {"x": x + away, "y": y}
        line.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    line.detach()
