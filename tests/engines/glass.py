"""One person's glass, whatever engine is behind it: look, press, wait, take a picture."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, suppress
from typing import Any, Protocol

WIDTH, HEIGHT = 390, 844
WAIT_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 0.03

#: What the policy blocked and the page itself complained of, from now on.
WATCH = """
if (!window.complaints) {
  window.complaints = [];
  const complain = words => window.complaints.push(words);
  document.addEventListener('securitypolicyviolation',
    event => complain(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  addEventListener('error', event => complain(`error: ${event.message}`));
  addEventListener('unhandledrejection', event => complain(`rejected: ${event.reason}`));
  window.presses = [];
  for (const kind of ['pointerdown', 'pointercancel', 'click', 'contextmenu']) {
    const note = ({ target }) => presses.push(`${kind} ${target.className || target.nodeName}`);
    addEventListener(kind, note, true);
  }
}
"""

#: Where a thumb can press the one thing meant: it must be seen, and nothing may lie over it.
WHERE = """(selector, said) => {
  const seen = one => one.checkVisibility({ visibilityProperty: true })
    && one.getClientRects().length > 0;
  const words = one => one.getAttribute('aria-label') ?? one.textContent.trim();
  const found = [...document.querySelectorAll(selector)]
    .filter(one => seen(one) && (said === null || words(one) === said));
  if (found.length !== 1) return `${found.length} of them are seen`;
  const [meant] = found;
  const box = () => meant.getBoundingClientRect();
  const inside = () => box().top >= 0 && box().bottom <= innerHeight;
  if (!inside()) meant.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, right, bottom } = box();
  for (const across of [.5, .25, .75]) {
    for (const down of [.5, .3, .7]) {
      const x = left + (right - left) * across;
      const y = Math.max(top, 0) + (Math.min(bottom, innerHeight) - Math.max(top, 0)) * down;
      const hit = document.elementFromPoint(x, y);
      if (hit && (meant === hit || meant.contains(hit) || hit.control === meant)) return [x, y];
    }
  }
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return `covered by ${over?.outerHTML.slice(0, 120)}`;
}"""


def thumb(x: float, y: float, rests_ms: int) -> dict[str, Any]:
    """A thumb that is lifted again, in the words of WebDriver, which both its dialects share."""
    actions = [
        {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
        {"type": "pointerDown", "button": 0},
        {"type": "pause", "duration": rests_ms},
        {"type": "pointerUp", "button": 0},
    ]
    touch = {"pointerType": "touch"}
    return {"type": "pointer", "id": "thumb", "parameters": touch, "actions": actions}


class EngineError(Exception):
    """An engine did not do what it was told, or what should be seen is not."""


class Glass(ABC):
    """A page of phone size with cookies of its own."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Go to an address, and come back when it is loaded."""

    @abstractmethod
    def run(self, function: str, text: str) -> str:
        """Call an asynchronous function of one text; its answer is a text."""

    @abstractmethod
    def press(self, x: float, y: float, rests_ms: int) -> None:
        """A thumb, for so long; 0 is an instant."""

    @abstractmethod
    def picture(self) -> bytes:
        """What is on the glass, as a PNG."""

    @abstractmethod
    def cookie(self, name: str) -> str:
        """What this browser keeps under that name."""

    @abstractmethod
    def complaints(self) -> list[str]:
        """What the engine and the page complained of so far."""

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """Call a function of the page; arguments and answer travel as JSON."""
        whole = f"async text => JSON.stringify((await ({function})(...JSON.parse(text))) ?? null)"
        return json.loads(self.run(whole, json.dumps(arguments)))

    def until(self, function: str, *arguments: Any, seconds: float = WAIT_SECONDS) -> Any:
        """Ask again and again until the answer is no "no"; a page that is going away is none."""
        latest = time.monotonic() + seconds
        answer: object = None
        while time.monotonic() < latest:
            with suppress(EngineError):
                if answer := self.evaluate(function, *arguments):
                    return answer
            time.sleep(LOOK_AGAIN_SECONDS)
        msg = f"waited in vain for {function} {arguments or ''}"
        raise EngineError(msg)

    def tap(self, selector: str, said: str | None = None, *, rests_ms: int = 0) -> None:
        """Press what is seen of it: the only such thing, called so if a name is given."""
        latest = time.monotonic() + WAIT_SECONDS
        where: Any = "not looked yet"
        before: Any = None
        while time.monotonic() < latest:
            with suppress(EngineError):
                where = self.evaluate(WHERE, selector, said)
                if isinstance(where, list) and where == before:  # it moves no more
                    self.press(where[0], where[1], rests_ms)
                    return
                before = where
            time.sleep(LOOK_AGAIN_SECONDS)
        msg = f"cannot tap {selector} {said or ''}: {where}"
        raise EngineError(msg)

    def sees(self, selector: str) -> None:
        """Wait until such a thing is there."""
        self.until("selector => document.querySelector(selector) !== null", selector)


class Engine(Protocol):
    """A browser that hands out people."""

    version: str

    def person(self) -> Glass:
        """Somebody with a browser of their own."""


class Kind(Protocol):
    """What is known of an engine before it runs: one module each."""

    NAME: str
    PACKAGES: str

    def there(self) -> bool:
        """Whether this machine has it."""

    def running(self) -> AbstractContextManager[Engine]:
        """The engine, gone when the block is left."""
