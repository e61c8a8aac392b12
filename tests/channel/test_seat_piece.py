"""A seat's piece travels to every screen at every tap: it stays small."""

from __future__ import annotations

from app.game.view import seat_view
from tests.browser.painted import paint
from tests.game.cast import T0, running

RESTING_BYTES, RUNNING_BYTES = 520, 700
FACES = ("data-delay-ms", "data-periods", "data-gains", "data-pace", "delayed", "<q>", "<ins")


def test_the_default_control_pays_for_no_other() -> None:
    """What other controls show is in the piece only where they are played."""
    sitting = running(4)
    pieces = [paint(seat_view(sitting.game, number, T0 + 12_340)) for number in (1, 2)]

    assert [len(piece.encode()) <= most for piece, most in zip(
        pieces, (RUNNING_BYTES, RESTING_BYTES), strict=True
    )] == [True, True]  # fmt: skip
    assert [word for word in FACES for piece in pieces if word in piece] == []


def test_the_largest_name_and_bank_stay_small_too() -> None:
    """Twenty characters and a day."""
    sitting = running(4, starting_minutes=1440)
    sitting.play("rename-seat", "ada-the-host", 0, name="W" * 20)

    assert len(paint(seat_view(sitting.game, 1, T0 + 12_340)).encode()) <= RUNNING_BYTES
