"""A page with one seat on it, painted from the real fragments, read back digit by digit."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.game.view import ClockView, SeatView, seat_view
from app.game.wording import clock_text, spoken
from app.settings import HOUSE
from app.web import painted_words
from app.words import templates as words
from tests.game.cast import T0
from tests.game.cast import running as begun

#: What one face shows: each strip's digit by how far it was moved, with the signs between them.
READ = r"""
face => {
  let text = getComputedStyle(face, '::before').content.replace(/"|none|normal/g, '');
  for (const strip of face.children) {
    if (strip.matches('span')) continue;
    if (strip.matches('small')) {
      if (strip.closest('u')) text += ' ' + strip.textContent;
      continue;
    }
    const size = parseFloat(getComputedStyle(strip).fontSize);
    if (!size || getComputedStyle(strip).display === 'none') continue;
    const column = getComputedStyle(strip, '::before');
    const digits = column.content.replace(/"/g, '').split(/\\a ?|\n/);
    const line = parseFloat(column.height) / digits.length; // engines round it, each in its own way
    const moved = -new DOMMatrix(column.transform).m42 / line;
    if (Math.abs(moved - Math.round(moved)) > .005) return `between digits: ${moved}`;
    text += digits[Math.round(moved)];
    const sign = getComputedStyle(strip, '::after').content;
    if (sign !== 'none') text += sign.replace(/"/g, '');
  }
  return text;
}
"""

#: Puts every movement of a clock at one age, and reads what lies on top at each age asked for.
READ_AT = f"""
ages => {{
  const clock = document.querySelector('[data-remaining-ms]');
  if (!clock.querySelector('u')) return ages.map(() => clock.textContent);
  const moving = clock.getAnimations({{ subtree: true }});
  moving.forEach(one => one.pause());
  const read = {READ};
  return ages.map(age => {{
    moving.forEach(one => (one.currentTime = age));
    const free = clock.querySelector('q');
    const covers = free && getComputedStyle(free).visibility === 'visible';
    return covers ? read(free) + ' free' : read(clock.querySelector('u'));
  }});
}}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Face:
    """A page with one seat, and the browser that shows it."""

    page: Any
    url: str
    folder: Path
    #: How often it was painted: two pages within one second look the same to a browser's cache.
    painted: int = 0

    def show(self, clock: ClockView, *, mine: bool = False) -> None:
        """Paint the seat with this clock, as a row's clock or as the field of my own turn."""
        self.show_seat(seat_with(clock), mine=mine)

    def show_seat(self, seat: SeatView, *, mine: bool = False, thresholds_ms: str = "") -> None:
        """Paint this seat; with thresholds the page also warns, by a clock the test moves."""
        hand = "place mine hand" if mine else "place"
        script = '<script type="module" src="static/js/warn.js"></script>' if thresholds_ms else ""
        if thresholds_ms:
            self.page.clock.install(time=0)
            self.page.clock.pause_at(1000)
        said = "|".join(spoken(int(ms)) for ms in thresholds_ms.split())
        (self.folder / "face.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Face</title>'
            '<link rel="stylesheet" href="static/css/house.css">'
            '<link rel="stylesheet" href="static/css/clock.css">'
            '<link rel="stylesheet" href="static/css/words.en.css">'
            f'<link rel="stylesheet" href="static/css/game.css">{script}'
            '<body class="game"><div id="state" data-status="running"></div>'
            f'<main><ol class="places"><li class="{hand}">{paint(seat)}</li></ol></main>'
            f'<div id="warning" data-thresholds="{thresholds_ms}" data-words="{said}"></div>'
            "</body></html>"
        )
        self.painted += 1
        self.page.goto(f"{self.url}/face.html?{self.painted}")

    def replace(self, seat: SeatView) -> None:
        """A frame brings the seat anew."""
        self.page.evaluate(
            "html => (document.querySelector('[data-seat]').outerHTML = html)", paint(seat)
        )

    def at(self, *ages_ms: int) -> list[str]:
        """What the face shows when it is that old."""
        shown: list[str] = self.page.evaluate(READ_AT, list(ages_ms))
        return shown


@functools.cache
def templates() -> Environment:
    """The templates of pages and frames."""
    made = Environment(
        loader=FileSystemLoader(HOUSE / "templates"), undefined=StrictUndefined, autoescape=True
    )
    words.install(made)
    return made


def paint(seat: SeatView) -> str:
    """The seat's piece, by the template of pages and frames."""
    return templates().get_template("fragments/seat.html").render(seat=seat)


def clock_of(left_ms: int, *, running: bool = True, phase: str = "ms") -> ClockView:
    """A clock with so much left, of a bank of 20 minutes."""
    return seat_view(begun().game, 1, T0).clock._replace(
        remaining_ms=left_ms,
        running=running,
        phase=phase,
        text=clock_text(left_ms),
        spoken=spoken(left_ms),
    )


def seat_with(clock: ClockView) -> SeatView:
    """Seat 1, with nothing of note but its clock."""
    return seat_view(begun().game, 1, T0)._replace(clock=clock)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server of this folder with all styles in it; gone when the block is left."""
    shutil.copytree(HOUSE / "static", folder / "static")
    for name, sheet in painted_words.sheets().items():
        (folder / "static" / name).write_bytes(sheet)
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def painting(chromium: Any, folder: Path, url: str) -> Iterator[Face]:
    """A page to paint clocks on, in a folder that is served; gone when the block is left."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield Face(context.new_page(), url, folder)
    context.close()
