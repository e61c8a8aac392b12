"""The last second of a worker: who wants to know that it is going, and whether it is.

The factory registers what ends the open streams; the gunicorn worker says when.
"""

from collections.abc import Callable
from typing import Any

import structlog

log: Any = structlog.get_logger(__name__)

_callbacks: list[Callable[[], object]] = []
_last_words: list[Callable[[], object]] = []
_state = {"draining": False}


def on_drain(callback: Callable[[], object]) -> None:
    """Call `callback` once, when this worker begins to go."""
    _callbacks.append(callback)


def on_exit(callback: Callable[[], object]) -> None:
    """Call `callback` when the last request is answered and the process is about to end."""
    _last_words.append(callback)


def is_draining() -> bool:
    """Whether this worker takes no new work and ends its streams."""
    return _state["draining"]


def drain() -> None:
    """Begin to go: every callback is called once, even when another one failed."""
    if _state["draining"]:
        return
    _state["draining"] = True
    log.info("draining", callbacks=len(_callbacks))
    _call(_callbacks)


def finish() -> None:
    """Nothing more will be asked: say what has to be said last."""
    _call(_last_words)


def _call(callbacks: list[Callable[[], object]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception("a callback of the end failed")
