"""The laws of the rules, on random evenings: whatever is tapped, whenever, by whomever.

Each step of an evening lets time pass (nothing to hours, or exactly up to what is due), then
somebody does something, allowed or not; watched.py asks every law at every entry.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.game.ledger import fold
from app.storage.codec import decode_entry, decode_game, encode_entry, encode_game
from tests.game.watched import evening, opened

QUICK = 50
SOAK = 20 * QUICK

SEEDS = st.integers(0, 2**40)
LENGTHS = st.integers(0, 120)
"""Hypothesis shortens a failing evening to the step that breaks a law."""


def live_through(seed: int, length: int) -> None:
    """An evening under every law, and in the end the whole ledger once more."""
    watched = opened(seed)
    for step in evening(seed, length):
        watched.take(step)
    stored = [decode_entry(encode_entry(entry)) for entry in watched.entries]
    beginning = decode_game(encode_game(watched.beginning))
    assert fold(beginning, stored) == watched.game


@settings(max_examples=QUICK, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, LENGTHS)
def test_the_laws_hold_on_random_evenings(seed: int, length: int) -> None:
    """Conservation, a running seat, the fold, refusals without a trace, what is due first."""
    live_through(seed, length)


@pytest.mark.parametrize("seed", range(30))
def test_the_laws_hold_on_the_same_evenings_every_time(seed: int) -> None:
    """Chance alone would let a broken law through on some days."""
    live_through(seed, 150)


@pytest.mark.soak
@settings(max_examples=SOAK, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, st.integers(0, 400))
def test_the_laws_hold_on_very_many_evenings(seed: int, length: int) -> None:
    """The same, twenty times deeper."""
    live_through(seed, length)
