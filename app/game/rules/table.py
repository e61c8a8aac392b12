"""Life, counters, commander damage, markers, dice, and the host's hand. Rules section 8."""

from __future__ import annotations

from app.game.clock import settle, stint_of
from app.game.commands import (
    AddTime,
    AdjustCounter,
    AdjustLife,
    CommanderDamage,
    Concede,
    Eliminate,
    Penalty,
    Revive,
    RollDice,
    SetMarker,
    TakeTime,
)
from app.game.ledger import Draft
from app.game.refusals import BadFields, NotNow
from app.game.rules.campaigns import count_damage
from app.game.rules.context import Asked, known_seat, must_be_in
from app.game.rules.outs import (
    hand_on_turn,
    is_played,
    mortal_reason,
    put_out,
    set_clock,
    settle_outs,
)
from app.game.rules.sitting import stop
from app.game.said import say
from app.game.seat import (
    GROUP_MS,
    MAX_BANK_MS,
    MAX_COUNTER,
    MAX_LIFE,
    MIN_LIFE,
    Change,
    Seat,
)
from app.game.time_control import control_of

SHORTEST_BANK_MS = 1000


def _out_if_mortal(draft: Draft, number: int) -> None:
    """A change that leaves a seat at a deadly value puts it out while the game is played."""
    seat = draft.game.seats[number]
    reason = mortal_reason(seat)
    if reason and seat.is_in and is_played(draft.game):
        put_out(draft, number, reason)
        settle_outs(draft)


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def _group(draft: Draft, seat: Seat, name: str, by: int, asked: Asked) -> None:
    """Taps of one hand on one number within three seconds are one change (rules section 9)."""
    known = seat.change
    entry = draft.game.version + 1
    joins = (
        known is not None
        and (known.name, known.hand, known.out) == (name, asked.hand, bool(seat.out))
        and draft.at - known.at <= GROUP_MS
    )
    group = known.group if joins and known else entry
    total = known.total + by if joins and known else by
    change = Change(name, asked.hand, draft.at, total, group, bool(seat.out))
    draft.put_seat(seat.number, "change", change)
    if group != entry:
        asked.facts["group"] = group


def _count_damage(draft: Draft, seat: Seat, life: int, asked: Asked) -> None:
    """Campaigns: life lost by the own hand is damage of whoever had the clock (section 11)."""
    if draft.game.campaign is not None and is_played(draft.game) and asked.hand == seat.number:
        credited = count_damage(draft, seat.number, life)
        if credited:
            asked.facts["credits"] = credited


def adjust_life(draft: Draft, command: AdjustLife, asked: Asked) -> None:
    """Life stays within -999 and 9999."""
    seat = asked.subject(draft.game.seats, command.seat)
    life = _clamp(seat.life + command.by, MIN_LIFE, MAX_LIFE)
    asked.facts |= {"seat": seat.number, "by": life - seat.life}
    _group(draft, seat, "life", life - seat.life, asked)
    _count_damage(draft, seat, life, asked)
    draft.put_seat(seat.number, "life", life)
    if life != seat.life:
        _out_if_mortal(draft, seat.number)


def adjust_counter(draft: Draft, command: AdjustCounter, asked: Asked) -> None:
    """Counters stay within 0 and 999."""
    seat = asked.subject(draft.game.seats, command.seat)
    before = getattr(seat, command.counter)
    after = _clamp(before + command.by, 0, MAX_COUNTER)
    asked.facts |= {"seat": seat.number, "counter": command.counter, "by": after - before}
    _group(draft, seat, command.counter, after - before, asked)
    draft.put_seat(seat.number, command.counter, after)
    if after != before:
        _out_if_mortal(draft, seat.number)


def commander_damage(draft: Draft, command: CommanderDamage, asked: Asked) -> None:
    """Damage from one of a seat's two commanders; life falls by the same amount."""
    seat = asked.subject(draft.game.seats, command.seat)
    source = known_seat(draft.game.seats, command.source, "source")
    if source.number == seat.number:
        raise BadFields({"source": say("A commander of another seat, please.")})
    key = f"{source.number}.{command.commander}"
    damage = dict(seat.damage or {})
    before = damage.get(key, 0)
    after = _clamp(before + command.by, 0, MAX_COUNTER)
    by = after - before
    damage[key] = after
    life = _clamp(seat.life - by, MIN_LIFE, MAX_LIFE)
    _group(draft, seat, f"damage.{key}", by, asked)
    _count_damage(draft, seat, life, asked)
    draft.put_seat(seat.number, "damage", {k: v for k, v in damage.items() if v} or None)
    draft.put_seat(seat.number, "life", life)
    asked.facts |= {
        "seat": seat.number,
        "source": source.number,
        "commander": command.commander,
        "by": by,
    }
    if by:
        _out_if_mortal(draft, seat.number)


def set_marker(draft: Draft, command: SetMarker, asked: Asked) -> None:
    """Monarch and initiative: a seat that is in, or nobody. Day-night: day, night or neither."""
    asked.facts |= {"marker": command.marker, "value": command.value}
    if command.marker == "day-night":
        if command.value not in ("day", "night", "", "none"):
            raise BadFields({"value": say("Day, night or none, please.")})
        draft.put("day_night", "" if command.value == "none" else command.value)
        return
    if isinstance(command.value, int):
        owner = must_be_in(known_seat(draft.game.seats, command.value, "value")).number
        draft.put(command.marker, owner)
    elif command.value in ("", "none", "nobody"):
        draft.put(command.marker, None)
    else:
        raise BadFields({"value": say("A seat or nobody, please.")})


def roll_dice(draft: Draft, command: RollDice, asked: Asked) -> None:
    """One uniform roll that every screen shows."""
    rolled = asked.around.chance(command.sides)
    asked.facts |= {"sides": command.sides, "rolled": rolled}
    draft.moment("dice", by=asked.hand, sides=command.sides, rolled=rolled)


def concede(draft: Draft, command: Concede, asked: Asked) -> None:
    """Give up the own seat."""
    seat = must_be_in(asked.own)
    put_out(draft, seat.number, "conceded")
    settle_outs(draft)
    asked.facts["seat"] = seat.number


def eliminate(draft: Draft, command: Eliminate, asked: Asked) -> None:
    """The host puts a seat out."""
    seat = must_be_in(known_seat(draft.game.seats, command.seat))
    put_out(draft, seat.number, "eliminated")
    settle_outs(draft)
    asked.facts["seat"] = seat.number


def penalty(draft: Draft, command: Penalty, asked: Asked) -> None:
    """Counts, nothing more."""
    seat = known_seat(draft.game.seats, command.seat)
    draft.put_seat(seat.number, "penalties", seat.penalties + 1)
    asked.facts["seat"] = seat.number


def revive(draft: Draft, command: Revive, asked: Asked) -> None:
    """Back in: clock restored if it was at or below 0, life if it was; a finished game pauses."""
    settle(draft)
    game = draft.game
    seat = known_seat(game.seats, command.seat)
    asked.facts["seat"] = seat.number
    if seat.is_in and game.status != "finished":
        raise NotNow("still-in", say("%(name)s is still in.", name=seat.called))
    draft.put_seat(seat.number, "out", "")
    draft.put_seat(seat.number, "out_turn", 0)
    draft.put_seat(seat.number, "change", None)
    set_clock(draft, seat.number, control_of(game.settings).revived(seat, game.settings))
    if seat.life <= 0:
        draft.put_seat(seat.number, "life", game.settings.starting_life)
    if game.status == "finished":
        draft.put("winner", None)
        draft.put("finished_by", "")
        draft.put("finished_at", None)
        draft.put("sitting", game.sitting - 1)
        if game.last_turn is not None or game.round_called:
            # The round is over; whoever is brought back plays on without its end.
            draft.put("last_turn", None)
        stop(draft, "other", asked.hand)
        hand_on_turn(draft)


def add_time(draft: Draft, command: AddTime, asked: Asked) -> None:
    """A gift; it ends a pending choice. While waiting it is the seat's own starting time."""
    seat = _clock_to_change(draft, command.seat)
    if seat.is_pending:
        asked.facts["ended_choice"] = True
        draft.put_seat(seat.number, "grace_ms", None)
    room_ms = MAX_BANK_MS - seat.bank_ms
    if control_of(draft.game.settings).shares:
        # All the sand may end up in one bank.
        room_ms = MAX_BANK_MS - sum(s.bank_ms for s in draft.game.in_order())
    given_ms = max(0, min(command.length_ms, room_ms))
    _give(draft, seat, given_ms)
    asked.facts |= {"seat": seat.number, "ms": given_ms}


def take_time(draft: Draft, command: TakeTime, asked: Asked) -> None:
    """Never below one second; a clock that is already there stays."""
    seat = _clock_to_change(draft, command.seat)
    settings = draft.game.settings
    left_ms = control_of(settings).left_ms(seat, settings, stint_of(draft.game, seat.number))
    # Byo-yomi in its periods: nothing is left of the bank to take.
    left_ms = min(left_ms, seat.bank_ms)
    taken_ms = max(0, min(command.length_ms, left_ms - SHORTEST_BANK_MS))
    _give(draft, seat, -taken_ms)
    asked.facts |= {"seat": seat.number, "ms": taken_ms}


def _clock_to_change(draft: Draft, number: int) -> Seat:
    settle(draft)
    if control_of(draft.game.settings).counts_up:
        raise NotNow(
            "counts-up", say("These clocks only count up; there is no time to give or take.")
        )
    return known_seat(draft.game.seats, number)


def _give(draft: Draft, seat: Seat, ms: int) -> None:
    game = draft.game
    control = control_of(game.settings)
    stint = stint_of(game, seat.number)
    set_clock(draft, seat.number, control.given(seat, game.settings, stint, ms))
    if game.status == "waiting":
        draft.put_seat(seat.number, "handicap_ms", game.seats[seat.number].bank_ms)
