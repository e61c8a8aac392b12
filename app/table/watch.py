"""What the process does every second and every few minutes: say it is alive, tidy up."""

from __future__ import annotations

import gevent
import structlog
from gevent.pool import Pool

from app.storage.contract import StorageDown
from app.table.play import Table
from app.table.timekeeper import AT_ONCE

log = structlog.get_logger(__name__)

ALIVE_EVERY_S = 0.8
"""A crash gives back at most 1.1 s (rules section 12): the rest is for a busy loop and disk."""

TIDY_EVERY_S = 600.0


def say_alive(table: Table) -> None:
    """Write the alive line every second at least, its own time included, until the process ends."""
    while True:
        began = table.now()
        if write_alive(table):
            # Beside this loop: a line that waits for many games would itself be an outage.
            gevent.spawn(hold_running, table)
        took_s = (table.now() - began) / 1000
        gevent.sleep(max(0, ALIVE_EVERY_S - took_s))


def beat(table: Table) -> None:
    """Write the alive line; after an outage, hold every running game for it."""
    if write_alive(table):
        hold_running(table)


def write_alive(table: Table) -> bool:
    """Write the alive line; True when an outage is over that games must be held for."""
    try:
        table.say_alive()
    except StorageDown as down:
        log.warning("the alive line could not be written", why=str(down))
        return False
    is_over, table.outages.are_games_behind = table.outages.are_games_behind, False
    return is_over


def hold_running(table: Table) -> None:
    """Hold every running game in memory for the outage that is over, many at a time."""
    back_at = table.outages.back_at()
    running = [hot.game.code for hot in table.shelf.all() if hot.game.status == "running"]
    Pool(AT_ONCE).map(lambda code: table.keep_time(code, back_at), running)


def last_words(table: Table) -> None:
    """A clean stop gives nobody anything back: the alive line reaches to its very end."""
    beat(table)
    table.storage.close()


def tidy(table: Table) -> None:
    """Forget what nobody uses any more: games in memory, and what storage keeps too long."""
    while True:
        gevent.sleep(TIDY_EVERY_S)
        table.shelf.clear_idle()
        try:
            gone = table.storage.sweep(table.now())
        except StorageDown as down:
            log.warning("the sweep has to wait", why=str(down))
            continue
        table.shelf.drop_swept()
        log.info("swept", games=gone)
