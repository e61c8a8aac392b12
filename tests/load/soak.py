"""Long play: whether memory, latency and descriptors stay where they are."""

import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from tests.load import machine
from tests.load.figures import spread
from tests.load.options import Options
from tests.load.progress import say
from tests.load.run import opened
from tests.load.tapping import Tally

#: Fewer samples have no beginning and no end.
LEAST_SAMPLES = 4
#: How much more the last third may show than the first one: a share, and as much as noise.
MORE = {"rss_mb": (0.05, 2.0), "p99_ms": (0.5, 3.0), "descriptors": (0.01, 8.0)}


def play(options: Options, core: int) -> dict[str, Any]:
    """One sample after the other, and what they say together."""
    samples: list[dict[str, Any]] = []
    with opened(options, core) as hall:
        pid = hall.server.worker
        hall.tap(options, options.warm_up_s, Tally())
        hall.settle()
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < options.seconds - options.sample_s / 2:
            tally, used, mine = Tally(), machine.cpu_seconds(pid), time.process_time()
            hall.tap(options, options.sample_s, tally)
            seconds = time.perf_counter() - began - passed
            hall.settle()
            taps = spread(tally.to_all_s) or {}
            samples.append(
                {
                    "second": round(passed + seconds),
                    "rss_mb": round(machine.rss_bytes(pid) / 2**20, 1),
                    "descriptors": machine.descriptors(pid),
                    "median_ms": taps.get("median"),
                    "p99_ms": taps.get("p99"),
                    "max_ms": taps.get("max"),
                    "acknowledged": tally.acknowledged,
                    "missing_frames": tally.acknowledged * options.phones - tally.screens,
                    "late": tally.late,
                    "lost": tally.lost,
                    "refused": dict(tally.refused),
                    "server_core": round((machine.cpu_seconds(pid) - used) / seconds, 4),
                    "driver_core": round((time.process_time() - mine) / seconds, 4),
                }
            )
            say(f"{samples[-1]}")
        return {
            "seconds": round(time.perf_counter() - began, 1),
            "server_core": round(median(one["server_core"] for one in samples), 4),
            "samples": samples,
            "growth": growth(samples),
            "streams_ended": sum(not stream.is_open for stream in hall.streams),
            "complaints": hall.server.complaints(),
        }


def growth(samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The middle of the first third and of the last, of each figure, and whether it is flat.

    The very first sample is left out: it is when caches fill.
    """
    if len(samples) < LEAST_SAMPLES:
        return {"flat": None, "told": f"{len(samples)} samples are too few to tell."}
    counted = samples[1:]
    third = max(1, len(counted) // 3)
    found: dict[str, Any] = {}
    grown = []
    for name, (share, noise) in MORE.items():
        first, last = (
            median(one[name] or 0.0 for one in part) for part in (counted[:third], counted[-third:])
        )
        found[name] = {"first": first, "last": last}
        if last > first * (1 + share) + noise:
            grown.append(f"{name} grew from {first:g} to {last:g}")
    return found | {"flat": not grown, "told": "; ".join(grown) or "Flat."}
