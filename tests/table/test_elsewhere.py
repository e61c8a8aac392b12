"""What one process believes of the others: who is at a table there, and for how long."""

from __future__ import annotations

import json

from app.table.elsewhere import BELIEVED_MS, merged
from app.table.presence import Client

NOON = 1_790_000_000_000


def told(said_at: int, **clients: list[int]) -> str:
    """What a process said: channels, newest request, newest end of a channel."""
    return json.dumps([said_at, clients])


def test_channels_count_over_all_processes() -> None:
    """A game is not paused because its phones happen to listen at other machines."""
    here = told(NOON, ann=[1, NOON - 9, 0], ben=[0, NOON - 5, NOON - 1])
    there = told(NOON - 1000, ann=[2, NOON - 7, NOON - 8])
    assert {
        "ann": Client(3, NOON - 7, NOON - 8),
        "ben": Client(0, NOON - 5, NOON - 1),
    } == merged([here, there], NOON)


def test_what_a_dead_process_said_is_over() -> None:
    """Its phones are gone since it last spoke, not since they first came and not for ever."""
    said = told(NOON, ann=[1, NOON - 600_000, 0], ben=[0, NOON - 5, NOON - 1])
    alive = merged([said], NOON + BELIEVED_MS)
    assert (1, 0) == (alive["ann"].channels, alive["ann"].closed_at)
    dead = merged([said], NOON + BELIEVED_MS + 1)
    assert Client(0, NOON - 600_000, NOON) == dead["ann"]
    assert Client(0, NOON - 5, NOON - 1) == dead["ben"]


def test_who_came_back_elsewhere_is_there() -> None:
    """The dead process still says it has the channel; the living one knows better."""
    dead = told(NOON, ann=[1, NOON, 0])
    living = told(NOON + 30_000, ann=[1, NOON + 2_000, 0])
    assert Client(1, NOON + 2_000, NOON) == merged([dead, living], NOON + 30_000)["ann"]
