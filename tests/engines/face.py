"""The clock in CSS, in one engine: read back by its styles, and looked at while it runs."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

from tests.browser.painted import Face, clock_of
from tests.browser.test_clock_face import CASES, START_MS, bare_digits, unfolding
from tests.browser.test_goldens import DIFFERENCE
from tests.engines import styles
from tests.engines.glass import EngineError, Glass

#: Banks whose digits are looked at while they move: three lines of them, two, one.
MOVING_MS = (3_725_400, 767_400, 45_400)
MOVES_SECONDS = 2.3
#: So much of the glass may differ between a clock that moves and one that is stopped there: the
#: edge of the cloth goes on; a digit that turned is ten times that.
MAY_DIFFER = 0.004

TARP = """ages => {
  const cloth = document.querySelector('.clk > s');
  const copy = cloth.querySelector('u');
  const moving = cloth.closest('.clk').getAnimations({ subtree: true });
  moving.forEach(one => one.pause());
  const y = node => new DOMMatrix(getComputedStyle(node).transform).m42;
  return ages.map(age => {
    moving.forEach(one => (one.currentTime = age));
    return [y(cloth), y(copy)];
  });
}"""

AGE = """() => Math.max(...document.querySelector('[data-remaining-ms]')
  .getAnimations({ subtree: true }).map(one => one.currentTime))"""

STOP_AT = """age => {
  for (const one of document.getAnimations()) {
    one.pause();
    one.currentTime = age;
  }
  return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""


class Looking:
    """A glass, and the pages of one seat that are shown on it."""

    def __init__(self, glass: Glass, url: str, folder: Path) -> None:
        self.glass = glass
        self.face = Face(glass, url, folder)

    def styles_are_understood(self) -> str:
        """Nothing of the house is dropped without a word."""
        self.face.show(clock_of(START_MS))
        return styles.understood(self.glass)

    def digits_agree(self) -> str:
        """Every time control, in my field and in a row: at any age the server's time."""
        read = 0
        for name, case in CASES.items():
            clock, seen = unfolding(case)
            for mine in (True, False):
                self.face.show(clock, mine=mine)
                self._fonts_are_here()
                bare = bare_digits if mine else str
                shown = dict(zip(seen, self.face.at(*seen), strict=True))
                for age, said in seen.items():
                    read += 1
                    if bare(said) != bare(shown[age]):
                        msg = f"{name}, {'mine' if mine else 'a row'}, at {age} ms: {shown[age]}"
                        msg += f" instead of {said}"
                        raise EngineError(msg)
        return f"{read} instants of {len(CASES)} clocks"

    def tarp_agrees(self) -> str:
        """The cloth hangs as low as the bank is used, and the digits under it stand still."""
        self.face.show(clock_of(START_MS), mine=True)
        quarters = [START_MS * part // 4 for part in range(5)]
        stands: list[list[float]] = self.glass.evaluate(TARP, quarters)
        top, bottom = stands[0][0], stands[-1][0]
        if not bottom - top > 100:
            msg = f"the cloth does not fall: {top} to {bottom}"
            raise EngineError(msg)
        for part, (cloth, copy) in enumerate(stands):
            wanted = top + (bottom - top) * part / 4
            if abs(cloth - wanted) > 1 or abs(cloth + copy) > 0.2:
                msg = f"at {part}/4 the cloth is at {cloth:.1f}, its digits at {copy:.1f}"
                raise EngineError(f"{msg}, and {wanted:.1f} is right")
        return f"from {top:.0f} to {bottom:.0f} px in even steps"

    def counts_in_real_time(self) -> str:
        """By itself; the age of what moves is the time that passed."""
        self.face.show(clock_of(767_000))
        first = self.glass.evaluate(f"() => [({AGE})(), performance.now()]")
        time.sleep(1.5)
        second = self.glass.evaluate(f"() => [({AGE})(), performance.now()]")
        off = abs((second[0] - first[0]) - (second[1] - first[1]))
        if off > 100:
            msg = f"{off:.0f} ms off"
            raise EngineError(msg)
        return f"{off:.0f} ms off"

    def moves_as_it_stands(self) -> str:
        """What a compositor paints while the clock runs is what the styles say."""
        worst = 0.0
        for left_ms in MOVING_MS:
            worst = max(worst, self._moving(left_ms))
        if not worst <= MAY_DIFFER:
            msg = f"{worst:.4f} of the glass differs"
            raise EngineError(msg)
        return f"at most {worst:.4f} of the glass differs"

    def _moving(self, left_ms: int) -> float:
        """A picture takes a while, on a busy machine a second: it shows one of its instants."""
        self.face.show(clock_of(left_ms), mine=True)
        self._fonts_are_here()
        time.sleep(MOVES_SECONDS)
        before: float = self.glass.evaluate(AGE)
        moving = self.glass.picture()
        after: float = self.glass.evaluate(AGE)
        least = 1.0
        for age in (*range(int(before), int(after), 1000), after):
            self.glass.evaluate(STOP_AT, age)
            least = min(least, self._difference(moving, self.glass.picture()))
            if least <= MAY_DIFFER:
                break
        return least

    def a_turned_digit_is_noticed(self) -> str:
        """The comparison above can fail."""
        self.face.show(clock_of(767_400), mine=True)
        self._fonts_are_here()
        pictures = []
        for age in (100, 1_100):
            self.glass.evaluate(STOP_AT, age)
            pictures.append(self.glass.picture())
        far = self._difference(*pictures)
        if far < 4 * MAY_DIFFER:
            msg = f"only {far:.4f} of the glass differs"
            raise EngineError(msg)
        return f"{far:.4f} of the glass differs"

    def _difference(self, one: bytes, other: bytes) -> float:
        pair = [base64.b64encode(picture).decode() for picture in (one, other)]
        far: Any = self.glass.evaluate(DIFFERENCE, pair)
        return float(far)

    def _fonts_are_here(self) -> None:
        self.glass.evaluate("() => document.fonts.ready.then(() => true)")
