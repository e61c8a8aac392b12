"""The last second of a worker: who wants to know that it is going, and whether it is.

The factory registers what ends the open streams; the gunicorn worker says when.
"""

from collections.abc import Callable
from typing import Any

import structlog

log: Any = structlog.get_logger(__name__)

_callbacks: list[Callable[[], object]] = []
_state = {"draining": False}


def on_drain(callback: Callable[[], object]) -> None:
    """Call `callback` once, when this worker begins to go."""
    _callbacks.append(callback)


def is_draining() -> bool:
    """Whether this worker takes no new work and ends its streams."""
    return _state["draining"]


def drain() -> None:
    """Begin to go: every callback is called once, even when another one failed."""
    if _state["draining"]:
        return
    _state["draining"] = True
    log.info("draining", callbacks=len(_callbacks))
    for callback in _callbacks:
        try:
            callback()
        except Exception:
            log.exception("drain callback failed")
