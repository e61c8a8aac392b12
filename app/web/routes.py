"""Which view an address leads to, found once: the taps of a table all come to a few addresses.

Werkzeug's matcher walks its states by a function that calls itself, so each walk also leaves eight
objects in a cycle, which only the garbage collector finds, while every table stands still.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.matcher import StateMachineMatcher

MOST_KNOWN = 20_000


class RememberedRoutes(StateMachineMatcher):
    """Werkzeug's own, asked once for each address; what is found nowhere is asked again."""

    def __init__(self, merge_slashes: bool) -> None:
        super().__init__(merge_slashes)
        self._find = lru_cache(MOST_KNOWN)(super().match)

    def add(self, rule: Rule) -> None:
        """One more rule; what was found before may now be another's."""
        self._find.cache_clear()
        super().add(rule)

    def match(
        self, domain: str, path: str, method: str, websocket: bool
    ) -> tuple[Rule, MutableMapping[str, Any]]:
        """The rule, and the values in the address. Raises what werkzeug's raises."""
        rule, values = self._find(domain, path, method, websocket)
        return rule, {**values}


def install(app: Flask) -> None:
    """Before any rule is added; werkzeug has no setting for it."""
    routes = app.url_map
    routes._matcher = RememberedRoutes(routes.merge_slashes)  # noqa: SLF001
