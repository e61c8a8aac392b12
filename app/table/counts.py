"""What the tables count for the operator. Known labels stand at 0 from the start."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from app.game.commands import COMMANDS

GAMES_ACTIVE = Gauge(
    "game_sessions_active",
    "Games that wait, run or are paused.",
    multiprocess_mode="mostrecent",
)
GAMES_CREATED = Counter("game_sessions_created", "Games created.")
GAMES_RESTORED = Gauge(
    "tarp_restored_games",
    "Games found at the start in which something will happen by itself.",
    multiprocess_mode="mostrecent",
)
TICK = Histogram(
    "game_tick_duration_seconds",
    "How long the timekeeper took for what fell due in one game.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
)
TICK_LATENESS = Histogram(
    "tarp_tick_lateness_seconds",
    "How long after its time the timekeeper came to a game.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)
COMMANDS_JUDGED = Counter(
    "tarp_commands", "Commands by name and by what became of them.", ["command", "outcome"]
)
TAP_TO_ANNOUNCE = Histogram(
    "tarp_tap_to_announce_seconds",
    "From a command's instant at the door until its screens are woken.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0),
)

OUTCOMES = ("done", "stale", "refused", "invalid")

_JUDGED = {
    (name, outcome): COMMANDS_JUDGED.labels(name, outcome)
    for name in COMMANDS
    for outcome in OUTCOMES
}


def judged(command: str, outcome: str) -> None:
    """Count a command: done, stale (came too late to matter), refused or invalid (its fields)."""
    _JUDGED[command, outcome].inc()
