"""What the storage counts for the operator."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

SAVE = Histogram(
    "tarp_storage_save_seconds",
    "From asking for a save until it is committed, waiting for its group included.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)
ERRORS = Counter("tarp_storage_errors", "Saves the storage refused or did not answer.")
UNREADABLE = Counter("tarp_unreadable_rows", "Rows set aside: rubbish, or of a newer format.")
