"""The bus inside one process: a function call."""

from __future__ import annotations

import structlog

from app.bus.contract import Hearer

log = structlog.get_logger(__name__)


class LocalBus:
    """Tells its hearers at once. One that fails is reported and does not stop the others."""

    def __init__(self) -> None:
        self._hearers: list[Hearer] = []

    def start(self) -> None:
        """Nothing happens elsewhere."""

    def hear(self, hearer: Hearer) -> None:  # noqa: D102 - the contract says it, here and below
        self._hearers.append(hearer)

    def publish(self, code: str, version: int) -> None:  # noqa: D102
        tell(self._hearers, code, version)

    def listen(self, code: str) -> None:
        """Nothing to do: everything that changes, changes here."""

    def ignore(self, code: str) -> None:
        """Nothing to do."""

    def is_well(self) -> bool:  # noqa: D102
        return True

    def close(self) -> None:  # noqa: D102
        self._hearers.clear()


def tell(hearers: list[Hearer], code: str, version: int) -> None:
    """Call each; one that fails is reported and does not stop the others."""
    for hearer in hearers:
        try:
            hearer(code, version)
        except Exception:
            log.exception("announcement failed", game=code, version=version)
