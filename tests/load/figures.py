"""From counters and instants to the figures of one run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.load import machine
from tests.load.channel import Channel
from tests.load.tapping import Tally

#: Above this share of its core the driver itself makes taps look slow.
DRIVER_LIMIT = 0.8
#: What all other programs may use of this machine before the figures are in doubt.
OTHERS_LIMIT = 0.2
#: A driver that wrote its taps this long after their instant was not in an even rhythm.
LAG_LIMIT_MS = 20.0


@dataclass(frozen=True)
class Reading:
    """All counters at one instant."""

    at: float
    server_s: float
    driver_s: float
    everybody_s: float
    bytes: int
    frames: int
    heartbeats: int


def read_counters(pid: int, streams: Sequence[Channel]) -> Reading:
    """What the server's worker `pid`, this driver and the phones have come to so far."""
    return Reading(
        time.perf_counter(),
        machine.cpu_seconds(pid),
        time.process_time(),
        machine.busy_seconds(),
        sum(stream.bytes for stream in streams),
        sum(stream.frames for stream in streams),
        sum(stream.heartbeats for stream in streams),
    )


def traffic_figures(start: Reading, end: Reading, phones: int) -> dict[str, Any]:
    """Cores and bytes between two readings; a core used whole is 1."""
    seconds = end.at - start.at
    server, driver = end.server_s - start.server_s, end.driver_s - start.driver_s
    others = end.everybody_s - start.everybody_s - server - driver
    figures: dict[str, Any] = {
        "seconds": round(seconds, 2),
        "server_core": round(server / seconds, 4),
        "driver_core": round(driver / seconds, 4),
        "others_cores": round(max(0.0, others) / seconds, 2),
    }
    if phones:
        each = (end.bytes - start.bytes) / phones
        figures["bytes_per_phone_minute"] = round(each / seconds * 60)
        figures["heartbeats_per_phone_minute"] = round(
            (end.heartbeats - start.heartbeats) / phones / seconds * 60, 2
        )
    return figures


def tap_figures(tally: Tally, phones: int, frames: int, server_s: float) -> dict[str, Any]:
    """What became of the taps. `frames` counts all that came with a version, doubled ones too."""
    per_tap_us = round(server_s / tally.acknowledged * 1e6) if tally.acknowledged else None
    return {
        "taps": {
            "due": tally.due,
            "sent": tally.sent,
            "acknowledged": tally.acknowledged,
            "late": tally.late,
            "lost": tally.lost,
            "refused": dict(tally.refused),
        },
        "frames": {
            "expected": tally.acknowledged * phones,
            "delivered": tally.screens,
            "received": frames,
        },
        "to_all_screens_ms": spread(tally.to_all_s),
        "to_answer_ms": spread(tally.to_answer_s),
        "driver_lag_ms": spread(tally.lag_s),
        "server_us_per_tap": per_tap_us,
    }


def spread(seconds: Sequence[float]) -> dict[str, float] | None:
    """Median, 99th percentile and worst, in milliseconds; None of nothing."""
    if not seconds:
        return None
    ranked = sorted(seconds)

    def at(share: float) -> float:
        return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))] * 1000, 2)

    return {"median": at(0.5), "p99": at(0.99), "max": at(1.0)}


def warnings(figures: dict[str, Any]) -> list[str]:
    """Why these figures may say more about the driver or the machine than about the server."""
    found = []
    if figures["driver_core"] > DRIVER_LIMIT:
        found.append("The driver's core was nearly full: the driver may be the bottleneck.")
    if figures["others_cores"] > OTHERS_LIMIT:
        found.append(f"Others used {figures['others_cores']} cores of this machine meanwhile.")
    if "taps" in figures:
        taps, frames = figures["taps"], figures["frames"]
        if taps["late"]:
            found.append(f"{taps['late']} taps left late: the one before was not done.")
        if taps["refused"]:
            found.append(f"Taps were refused: {taps['refused']}.")
        if frames["delivered"] != frames["expected"]:
            found.append(f"{frames['delivered']} of {frames['expected']} frames were delivered.")
        if figures["driver_lag_ms"] and figures["driver_lag_ms"]["p99"] > LAG_LIMIT_MS:
            found.append("The driver could not keep its rhythm.")
    if figures.get("streams_ended"):
        found.append(f"The server ended {figures['streams_ended']} streams.")
    if figures["complaints"]:
        found.append("The server complained; see complaints.")
    return found
