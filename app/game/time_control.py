"""Time controls: what a turn costs and gives (rules section 4). Pure, one entry per control.

A control answers questions about a seat and never writes: what it returns as ``changes`` are new
values of that seat's fields. ``CONTROLS`` is the table the settings form offers; a new control is
one class and one line there. How long a stint lasted is measured elsewhere (``clock``), and so
is how an hourglass shares out what was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.game.seat import MAX_BANK_MS, Seat
from app.game.table_settings import TableSettings

Stint = Literal["turn", "interrupt", "response"]
"""Why a clock runs. Each kind counts its own time: a turn all its slices, a seat's interrupts
everything within one turn number, a response from when it was asked for."""

SPENT: dict[Stint, str] = {
    "turn": "spent_ms",
    "interrupt": "interrupts_ms",
    "response": "response_ms",
}
"""The field of a seat that counts a stint."""

Beginning = Literal["fresh", "extra", "again"]
"""How a turn begins: like any other; as an extra turn of the same seat; or handed back by a
holder's switch within one chain of switches, which gives no second delay, period or allowance."""

Changes = dict[str, int]


@dataclass(frozen=True)
class Charge:
    """What some milliseconds did: the seat's new values, what was taken, what was free."""

    changes: Changes
    taken_ms: int
    free_ms: int = 0


class TimeControl:
    """What most controls do: a bank that runs down, and a time-out when it is used up."""

    #: What one seat uses the others get.
    shares = False
    #: The clock counts up and never runs out.
    counts_up = False
    #: The bank is for one turn: what seats have of their own is an allowance, no starting time.
    each_turn = False

    def full_ms(self, settings: TableSettings, handicap_ms: int | None) -> int:
        """The bank at the start; ``handicap_ms`` is the seat's own starting time, if any."""
        return settings.starting_ms if handicap_ms is None else handicap_ms

    def full_periods(self, settings: TableSettings) -> int:
        """Byo-yomi periods at the start."""
        return 0

    def gift_ms(self, seat: Seat, settings: TableSettings) -> int:
        """What a seat gets when its new turn begins."""
        return 0

    def begins(self, seat: Seat, settings: TableSettings, how: Beginning) -> Changes:
        """What is new with a new turn, the gift apart."""
        return {}

    def ends(self, seat: Seat, settings: TableSettings) -> Changes:
        """What is over when a seat's turn, or its chain of switched turns, is."""
        return {}

    def passed_ms(self, seat: Seat, settings: TableSettings, *, ran_out: bool) -> int:
        """What passing gives. ``ran_out``: the bank reached 0 in this turn."""
        return 0

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """What ``elapsed_ms`` of its running clock cost."""
        return Charge({"bank_ms": seat.bank_ms - elapsed_ms}, elapsed_ms)

    def left_ms(self, seat: Seat, settings: TableSettings, stint: Stint | None) -> int:
        """What the face shows: what is left before the next event; None: it has no stint now."""
        return seat.bank_ms

    def free_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int:
        """What is still free of a running stint."""
        return 0

    def due_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """How long its running clock may go on before the next event; None = for ever."""
        return max(0, seat.bank_ms)

    def lasts_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """How long its running clock may go on before its time is up; None = for ever."""
        return self.due_ms(seat, settings, stint)

    def is_spent(self, seat: Seat, settings: TableSettings, stint: Stint) -> bool:
        """Whether its time is up."""
        return seat.bank_ms <= 0

    def given(self, seat: Seat, settings: TableSettings, stint: Stint | None, ms: int) -> Changes:
        """The host adds (or takes, below 0) time; a bank never exceeds 24 h."""
        return {"bank_ms": min(MAX_BANK_MS, seat.bank_ms + ms)}

    def leaves(self, seat: Seat, settings: TableSettings, stint: Stint, ms: int) -> Changes:
        """``ms`` are left after a skipped time-out."""
        return {"bank_ms": ms}

    def survived(self, seat: Seat, settings: TableSettings, stint: Stint | None) -> Changes:
        """The bank after a survived time-out."""
        return {"bank_ms": max(settings.timeout_bonus_ms, seat.bank_ms)}

    def revived(self, seat: Seat, settings: TableSettings) -> Changes:
        """The clock after a revive, if it was at or below 0."""
        return self.survived(seat, settings, None) if seat.bank_ms <= 0 else {}


class Bonus(TimeControl):
    """The default: the seat whose new turn begins gets the bonus at once, once per turn."""

    def gift_ms(self, seat: Seat, settings: TableSettings) -> int:
        """The bonus, as far as the bank stays below 24 hours."""
        return max(0, min(settings.bonus_ms, MAX_BANK_MS - seat.bank_ms))


class Fischer(TimeControl):
    """Completing a turn by passing adds the increment: B - t + i."""

    def passed_ms(self, seat: Seat, settings: TableSettings, *, ran_out: bool) -> int:
        """The increment; none for a turn in which the bank reached 0."""
        return 0 if ran_out else max(0, min(settings.increment_ms, MAX_BANK_MS - seat.bank_ms))


class _Counting(TimeControl):
    """Controls that ask how much a turn, the interrupts, a response used so far."""

    def _spent(self, seat: Seat, stint: Stint | None) -> int:
        return getattr(seat, SPENT[stint]) if stint else 0

    def begins(self, seat: Seat, settings: TableSettings, how: Beginning) -> Changes:
        """The count begins anew; that of an extra turn goes on, as it brings no time."""
        return {"spent_ms": 0} if how == "fresh" else {}


class Delay(_Counting):
    """US, simple: the first d of each turn is free: B - max(0, t - d)."""

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """What the delay does not cover."""
        free_ms = min(elapsed_ms, self.free_ms(seat, settings, stint))
        taken_ms = elapsed_ms - free_ms
        spent_ms = self._spent(seat, stint) + elapsed_ms
        changes = {"bank_ms": seat.bank_ms - taken_ms, SPENT[stint]: spent_ms}
        return Charge(changes, taken_ms, free_ms)

    def free_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int:
        """What is left of the delay; a response has its own where the settings say so."""
        if stint == "response" and not settings.delay_rearms:
            return 0
        return max(0, settings.delay_ms - self._spent(seat, stint))

    def due_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """The bank and what is left of the delay: a time-out comes at t >= B + d."""
        return max(0, seat.bank_ms) + self.free_ms(seat, settings, stint)

    def is_spent(self, seat: Seat, settings: TableSettings, stint: Stint) -> bool:
        """Neither delay nor bank is left."""
        return seat.bank_ms <= 0 and not self.free_ms(seat, settings, stint)


class Bronstein(_Counting):
    """Counts at once; completing a turn gives back min(t, d), so B never ends above its start."""

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """All of it, and how much it is."""
        spent_ms = self._spent(seat, stint) + elapsed_ms
        changes = {"bank_ms": seat.bank_ms - elapsed_ms, SPENT[stint]: spent_ms}
        return Charge(changes, elapsed_ms)

    def passed_ms(self, seat: Seat, settings: TableSettings, *, ran_out: bool) -> int:
        """What the turn used, at most the delay."""
        return min(seat.spent_ms, settings.delay_ms)


class Hourglass(_Counting):
    """What I use is shared out to the other seats that are in (``clock.settle`` does that)."""

    shares = True

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """All of it, and how much it is: the remainder of sharing it out depends on that."""
        spent_ms = self._spent(seat, stint) + elapsed_ms
        changes = {"bank_ms": seat.bank_ms - elapsed_ms, SPENT[stint]: spent_ms}
        return Charge(changes, elapsed_ms)


class ByoYomi(_Counting):
    """A main bank, then n periods of p: a turn burns floor(t/p), the current one refills.

    What is counted of a stint is its time in periods only.
    """

    def full_periods(self, settings: TableSettings) -> int:
        """All of them."""
        return settings.periods

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """The main bank first, then periods, then (in overtime) below 0."""
        main_ms = elapsed_ms if seat.overtime else min(max(0, seat.bank_ms), elapsed_ms)
        before_ms = self._spent(seat, stint)
        after_ms = before_ms + elapsed_ms - main_ms
        burnt = after_ms // settings.period_ms - before_ms // settings.period_ms
        changes = {
            "bank_ms": seat.bank_ms - main_ms,
            SPENT[stint]: after_ms,
            "periods": max(0, seat.periods - burnt),
        }
        return Charge(changes, elapsed_ms)

    def left_ms(self, seat: Seat, settings: TableSettings, stint: Stint | None) -> int:
        """The main bank, or what is left of the current period."""
        if seat.bank_ms > 0 or not seat.periods:
            return seat.bank_ms
        return settings.period_ms - self._spent(seat, stint) % settings.period_ms

    def due_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """The end of the main bank, or of the current period."""
        return max(0, self.left_ms(seat, settings, stint))

    def lasts_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """The main bank and all periods, less what is used of the current one."""
        used_ms = self._spent(seat, stint) % settings.period_ms
        return max(0, seat.bank_ms) + max(0, seat.periods * settings.period_ms - used_ms)

    def is_spent(self, seat: Seat, settings: TableSettings, stint: Stint) -> bool:
        """No period is left."""
        return seat.bank_ms <= 0 and not seat.periods

    def survived(self, seat: Seat, settings: TableSettings, stint: Stint | None) -> Changes:
        """One period, whole."""
        return {"bank_ms": max(0, seat.bank_ms), "periods": 1, **_afresh(stint)}

    def revived(self, seat: Seat, settings: TableSettings) -> Changes:
        """All periods."""
        if seat.bank_ms > 0 or seat.periods:
            return {}
        return {"bank_ms": 0, "periods": settings.periods, **_AFRESH}


class PerTurn(_Counting):
    """A fresh allowance each turn, nothing carries over. The bank is the allowance itself.

    What the host adds or takes counts until the end of the turn it is for: of this one in the
    middle of it, else of the seat's next one.
    """

    each_turn = True

    def full_ms(self, settings: TableSettings, handicap_ms: int | None) -> int:
        """The allowance."""
        return settings.allowance_ms if handicap_ms is None else handicap_ms

    def begins(self, seat: Seat, settings: TableSettings, how: Beginning) -> Changes:
        """A fresh allowance, also for an extra turn: it is a turn like any other."""
        if how == "again":
            return {}
        return {"spent_ms": 0, **(self.ends(seat, settings) if how == "extra" else {})}

    def ends(self, seat: Seat, settings: TableSettings) -> Changes:
        """What was added to it or taken from it."""
        return {"bank_ms": self.full_ms(settings, seat.handicap_ms)}

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """It counts against the allowance of this stint."""
        return Charge({SPENT[stint]: self._spent(seat, stint) + elapsed_ms}, elapsed_ms)

    def left_ms(self, seat: Seat, settings: TableSettings, stint: Stint | None) -> int:
        """What is left of the allowance of this stint."""
        return seat.bank_ms - self._spent(seat, stint)

    def due_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """What is left of the allowance."""
        return max(0, self.left_ms(seat, settings, stint))

    def is_spent(self, seat: Seat, settings: TableSettings, stint: Stint) -> bool:
        """The allowance is used up."""
        return self.left_ms(seat, settings, stint) <= 0

    def leaves(self, seat: Seat, settings: TableSettings, stint: Stint, ms: int) -> Changes:
        """So much is left of the allowance of this stint."""
        return {SPENT[stint]: seat.bank_ms - ms}

    def survived(self, seat: Seat, settings: TableSettings, stint: Stint | None) -> Changes:
        """The allowance, whole."""
        return {**self.ends(seat, settings), **_afresh(stint)}

    def revived(self, seat: Seat, settings: TableSettings) -> Changes:
        """The allowance, whole, if any stint has used it up."""
        most_ms = max(self._spent(seat, stint) for stint in SPENT)
        return {**self.ends(seat, settings), **_AFRESH} if most_ms >= seat.bank_ms else {}


class CountUp(TimeControl):
    """Banks grow from 0, nobody times out."""

    counts_up = True

    def full_ms(self, settings: TableSettings, handicap_ms: int | None) -> int:
        """Nothing."""
        return 0

    def charge(self, seat: Seat, settings: TableSettings, stint: Stint, elapsed_ms: int) -> Charge:
        """The bank grows by it, up to 24 hours."""
        return Charge({"bank_ms": min(MAX_BANK_MS, seat.bank_ms + elapsed_ms)}, elapsed_ms)

    def due_ms(self, seat: Seat, settings: TableSettings, stint: Stint) -> int | None:
        """Never."""
        return None

    def is_spent(self, seat: Seat, settings: TableSettings, stint: Stint) -> bool:
        """Never."""
        return False

    def revived(self, seat: Seat, settings: TableSettings) -> Changes:
        """Nothing to restore."""
        return {}


_AFRESH: Changes = {"spent_ms": 0, "interrupts_ms": 0, "response_ms": 0}


def _afresh(stint: Stint | None) -> Changes:
    return _AFRESH if stint is None else {SPENT[stint]: 0}


CONTROLS: dict[str, TimeControl] = {
    "bonus": Bonus(),
    "fischer": Fischer(),
    "delay": Delay(),
    "bronstein": Bronstein(),
    "hourglass": Hourglass(),
    "byo-yomi": ByoYomi(),
    "per-turn": PerTurn(),
    "count-up": CountUp(),
}


def control_of(settings: TableSettings) -> TimeControl:
    """The control a game is played with."""
    return CONTROLS[settings.time_control]
