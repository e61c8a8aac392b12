"""The bus inside one process: a function call."""

from __future__ import annotations

import structlog

from app.bus.contract import Hearer

log = structlog.get_logger(__name__)


class LocalBus:
    """Tells its hearers at once. One that fails is reported and does not stop the others."""

    def __init__(self) -> None:
        self._hearers: list[Hearer] = []

    def hear(self, hearer: Hearer) -> None:
        """From now on tell ``hearer`` of every change."""
        self._hearers.append(hearer)

    def publish(self, code: str, version: int) -> None:
        """Say that a game has a new version."""
        for hearer in self._hearers:
            try:
                hearer(code, version)
            except Exception:
                log.exception("announcement failed", game=code, version=version)
