"""What the process does every second and every few minutes: say it is alive, tidy up."""

from __future__ import annotations

import gevent
import structlog

from app.storage.contract import StorageDown
from app.table.play import Table

log = structlog.get_logger(__name__)

ALIVE_EVERY_S = 1.0
TIDY_EVERY_S = 600.0


def say_alive(table: Table) -> None:
    """Write the alive line every second, the time it takes included, while the process lives."""
    while True:
        began = table.now()
        beat(table)
        took_s = (table.now() - began) / 1000
        gevent.sleep(max(0, ALIVE_EVERY_S - took_s))


def beat(table: Table) -> None:
    """Write the alive line; after an outage, hold every running game for it."""
    try:
        table.say_alive()
    except StorageDown as down:
        log.warning("the alive line could not be written", why=str(down))
        return
    if table.outages.are_games_behind:
        table.outages.are_games_behind = False
        for hot in table.shelf.all():
            if hot.game.status == "running":
                table.keep_time(hot.game.code, table.outages.back_at())


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
        else:
            log.info("swept", games=gone)
