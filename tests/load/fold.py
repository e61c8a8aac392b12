"""How long a ledger takes to read: `python -m tests.load.fold [--entries 500]`.

A random game of so many entries, decoded from the text it is stored as and folded to its newest
state; and the same with its chronicle. The best and the middle of several runs, in milliseconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from statistics import median

from app.game.chronicle import Chronicle
from app.game.entry import Entry
from app.game.ledger import fold
from app.storage.codec import decode_entry, encode_entry
from tests.game.cast import Sitting
from tests.game.played import evening

RUNS = 15
AIM_MS = 50.0
"""For 500 entries, decoding included."""


def game_of(entries: int) -> Sitting:
    """A random game with at least so many entries."""
    steps = entries
    while len((table := evening(7, steps, "delay", may_end=False)).entries) < entries:
        steps *= 2
    return table


def timed_ms(act: Callable[[], object]) -> tuple[float, float]:
    """The best and the middle of several runs."""
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return min(found), median(found)


def main() -> None:
    """Measure and say."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=500)
    wanted: int = options.parse_args().entries
    table = game_of(wanted)
    texts = [encode_entry(entry) for entry in table.entries[:wanted]]
    entries: list[Entry] = [decode_entry(text) for text in texts]

    def chronicled() -> None:
        chronicle = Chronicle(table.beginning)
        chronicle.add_all(entries)

    figures = {
        "decode and fold": lambda: fold(table.beginning, map(decode_entry, texts)),
        "fold alone": lambda: fold(table.beginning, entries),
        "chronicle, decoded": chronicled,
    }
    lines = [f"{wanted} entries, {sum(map(len, texts)) // 1024} KiB"]
    for name, act in figures.items():
        best_ms, middle_ms = timed_ms(act)
        lines.append(f"{name:>20}: best {best_ms:6.1f} ms, middle {middle_ms:6.1f} ms")
    lines.append(f"{'aim':>20}: {AIM_MS * wanted / 500:11.1f} ms to decode and fold")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
