"""What people may ask for: one frozen dataclass per command, read from form fields.

The address of a command is its name in kebab-case. Each field says how its text is read; what
every tap may carry (turn, grant, as) is read once, here. Form fields are those of the README.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

from app.game.campaign import FIXED_FIELDS, NO_FIELDS, preset_of, round_settings
from app.game.campaign_presets import DEFAULT_PRESET, PRESETS
from app.game.fields import (
    Form,
    FormReader,
    Parser,
    blank_or,
    choice,
    confirmed,
    dice_sides,
    line,
    seat_or,
    whole,
    without,
    yes_no,
)
from app.game.game import DEFAULT_NAME, Campaign
from app.game.refusals import BadFields
from app.game.seat import COLORS, COUNTERS, MAX_COUNTER, MAX_LIFE, MIN_LIFE
from app.game.settings_form import read_settings, sand_complaint
from app.game.table_settings import MINUTE_MS, SECOND_MS, TableSettings
from app.game.time_control import control_of

PAUSE_REASONS = ("break", "rules", "judge", "other")
MARKERS = ("monarch", "initiative", "day-night")
LONGEST_SEAT_NAME = 20
LONGEST_GAME_NAME = 50
LONGEST_GIFT_MS = 60 * MINUTE_MS

_SEAT = whole(1, 8)
_LIFE_CHANGE = whole(MIN_LIFE - MAX_LIFE, MAX_LIFE - MIN_LIFE)
_COUNTER_CHANGE = whole(-MAX_COUNTER, MAX_COUNTER)


def _typed(parse: Parser, *, default: Any = ..., name: str = "") -> Any:
    """A form field: how it is read; required unless it has a default."""
    metadata = {"parse": parse, "name": name}
    if default is ...:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Command:
    """What every command may carry: the turn and grant of its form, and which shared seat acts."""

    name: ClassVar[str] = ""
    turn: int | None = _typed(whole(0, 10**9 - 1), default=None)
    grant: int | None = _typed(whole(0, 10**9 - 1), default=None)
    acting: int | None = _typed(_SEAT, default=None, name="as")

    @classmethod
    def read(
        cls, form: Form, settings: TableSettings, ignored: frozenset[str] = NO_FIELDS
    ) -> Command:
        """The command a form asks for; BadFields with a complaint beside each bad field.

        ``ignored`` fields are not looked at (``campaign.ignored_fields``).
        """
        reader = FormReader(without(form, ignored))
        values = cls._values(reader, settings)
        reader.finish()
        if reader.complaints:
            raise BadFields(reader.complaints)
        return cls(**values)

    @classmethod
    def _values(cls, reader: FormReader, _settings: TableSettings) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for spec in fields(cls):
            if "parse" not in spec.metadata:
                continue
            name = spec.metadata["name"] or spec.name
            required = spec.default is MISSING
            default = None if required else spec.default
            blank = name in ("turn", "grant", "as", "seat") and not required
            parse = blank_or(spec.metadata["parse"]) if blank else spec.metadata["parse"]
            values[spec.name] = reader.take(name, parse, default, required=required)
        return values


C = TypeVar("C", bound=type[Command])

#: Every command by its name in addresses.
COMMANDS: dict[str, type[Command]] = {}


def command(cls: C) -> C:
    """Enter a command under its kebab-case name."""
    words = "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__).strip("-")
    cls.name = words
    COMMANDS[words] = cls
    return cls


@dataclass(frozen=True, kw_only=True)
class _OnSeat(Command):
    """A command about one seat; the asker's own when left out."""

    seat: int | None = _typed(_SEAT, default=None)


@dataclass(frozen=True, kw_only=True)
class _OnNamedSeat(Command):
    """A command about one seat that must be named."""

    seat: int = _typed(_SEAT)


# ---- the sitting


@command
@dataclass(frozen=True, kw_only=True)
class Start(Command):
    """Begin turn 1. ``empty_seats`` (host): remove or share what nobody claimed."""

    empty_seats: str = _typed(choice("", "remove", "share"), default="")


@command
@dataclass(frozen=True, kw_only=True)
class Pause(Command):
    """Stop every clock."""

    reason: str = _typed(choice(*PAUSE_REASONS), default="break")


@command
@dataclass(frozen=True, kw_only=True)
class Resume(Command):
    """Go on exactly where the pause began."""


@command
@dataclass(frozen=True, kw_only=True)
class Reset(Command):
    """Back to waiting with full banks and life."""

    confirm: bool = _typed(confirmed)


@command
@dataclass(frozen=True, kw_only=True)
class Finish(Command):
    """End by word: a winner or a draw."""

    winner: int | str = _typed(seat_or("draw"))
    confirm: bool = _typed(confirmed)


@command
@dataclass(frozen=True, kw_only=True)
class NextRound(Command):
    """Book the finished round of a campaign and open the next."""


@command
@dataclass(frozen=True, kw_only=True)
class Undo(Command):
    """Take my newest reversible step back; the host the table's."""


@command
@dataclass(frozen=True, kw_only=True)
class Close(Command):
    """Send everybody home."""

    confirm: bool = _typed(confirmed)


# ---- turns


@command
@dataclass(frozen=True, kw_only=True)
class PassTurn(Command):
    """My turn is over."""


@command
@dataclass(frozen=True, kw_only=True)
class SwitchTurn(_OnNamedSeat):
    """The turn goes to a chosen seat."""


@command
@dataclass(frozen=True, kw_only=True)
class ExtraTurn(Command):
    """A new turn of the same seat."""


@command
@dataclass(frozen=True, kw_only=True)
class EndingTurn(Command):
    """Say that the turn is about to end."""


# ---- interrupts and targets


@command
@dataclass(frozen=True, kw_only=True)
class Interrupt(Command):
    """Act out of turn: my clock runs."""


@command
@dataclass(frozen=True, kw_only=True)
class PassPriority(_OnSeat):
    """Give priority back; the host for any seat."""


@command
@dataclass(frozen=True, kw_only=True)
class ToggleTarget(_OnNamedSeat):
    """Choose a seat that is to respond, or no longer."""


@command
@dataclass(frozen=True, kw_only=True)
class ConfirmTargets(Command):
    """Ask those chosen: their clocks run until they have answered."""


@command
@dataclass(frozen=True, kw_only=True)
class CancelTargets(Command):
    """Nobody needs to respond any more."""


@command
@dataclass(frozen=True, kw_only=True)
class PassTarget(_OnSeat):
    """I have answered; the host for any seat."""


# ---- time that ran out


@command
@dataclass(frozen=True, kw_only=True)
class TimeoutChoice(_OnSeat):
    """What becomes of a seat whose time ran out."""

    choice: str = _typed(choice("lose-life", "drink", "die"))


# ---- the table


@command
@dataclass(frozen=True, kw_only=True)
class AdjustLife(_OnSeat):
    """Life up or down."""

    by: int = _typed(_LIFE_CHANGE)


@command
@dataclass(frozen=True, kw_only=True)
class AdjustCounter(_OnSeat):
    """Poison, energy, experience, drinks or star up or down."""

    counter: str = _typed(choice(*COUNTERS))
    by: int = _typed(_COUNTER_CHANGE)


@command
@dataclass(frozen=True, kw_only=True)
class CommanderDamage(_OnSeat):
    """Damage taken from a commander of seat ``source``; lowers life by the same amount."""

    source: int = _typed(_SEAT)
    commander: int = _typed(whole(1, 2), default=1)
    by: int = _typed(_COUNTER_CHANGE)


@command
@dataclass(frozen=True, kw_only=True)
class SetMarker(Command):
    """Monarch and initiative belong to a seat or nobody; day-night is day, night or neither."""

    marker: str = _typed(choice(*MARKERS))
    value: int | str = _typed(seat_or("", "none", "nobody", "day", "night"), default="")


@command
@dataclass(frozen=True, kw_only=True)
class RollDice(Command):
    """A die of 2 to 999 sides, or a coin."""

    sides: int = _typed(dice_sides)


# ---- seats


@command
@dataclass(frozen=True, kw_only=True)
class ClaimSeat(_OnNamedSeat):
    """Sit down; optionally under a name and in a colour."""

    player: str = _typed(line(LONGEST_SEAT_NAME, blank=True), default="", name="name")
    color: str = _typed(choice("", *COLORS), default="")


@command
@dataclass(frozen=True, kw_only=True)
class LeaveSeat(Command):
    """Get up; the seat stays in, free for somebody else."""


@command
@dataclass(frozen=True, kw_only=True)
class RenameSeat(_OnSeat):
    """A seat's name; blank brings the default back."""

    player: str = _typed(line(LONGEST_SEAT_NAME, blank=True), name="name")


@command
@dataclass(frozen=True, kw_only=True)
class RecolorSeat(_OnSeat):
    """A seat's colour."""

    color: str = _typed(choice(*COLORS))


@command
@dataclass(frozen=True, kw_only=True)
class Concede(Command):
    """Give up the own seat."""


@command
@dataclass(frozen=True, kw_only=True)
class MoveSeat(_OnNamedSeat):
    """Earlier (negative) or later in turn order by so many places."""

    by: int = _typed(whole(-7, 7))


@command
@dataclass(frozen=True, kw_only=True)
class AddSeat(Command):
    """One more free seat, last in order."""


@command
@dataclass(frozen=True, kw_only=True)
class RemoveSeat(_OnNamedSeat):
    """Take a free seat away."""


@command
@dataclass(frozen=True, kw_only=True)
class Eliminate(_OnNamedSeat):
    """Put a seat out."""


@command
@dataclass(frozen=True, kw_only=True)
class Penalty(_OnNamedSeat):
    """Count a penalty, nothing more."""


@command
@dataclass(frozen=True, kw_only=True)
class Revive(_OnNamedSeat):
    """Bring a seat back that is out."""


@command
@dataclass(frozen=True, kw_only=True)
class Kick(_OnNamedSeat):
    """Show the holder out for good; the seat stays in."""


@command
@dataclass(frozen=True, kw_only=True)
class FreeSeat(_OnNamedSeat):
    """Make a holder's seat claimable; it stays in with its clock."""


@command
@dataclass(frozen=True, kw_only=True)
class ShareSeat(_OnNamedSeat):
    """Play this seat on the table device."""


@dataclass(frozen=True, kw_only=True)
class _Gift(_OnNamedSeat):
    """An amount of time for one seat."""

    length_ms: int = 0

    @classmethod
    def _values(cls, reader: FormReader, settings: TableSettings) -> dict[str, Any]:
        values = super()._values(reader, settings)
        length_ms = reader.take_length_ms("minutes", "seconds", SECOND_MS, LONGEST_GIFT_MS)
        return {**values, "length_ms": length_ms}


@command
@dataclass(frozen=True, kw_only=True)
class AddTime(_Gift):
    """Give a seat 1 s to 60 min; while waiting: its own starting time rises."""


@command
@dataclass(frozen=True, kw_only=True)
class TakeTime(_Gift):
    """Take 1 s to 60 min from a seat, never below 1 s."""


@command
@dataclass(frozen=True, kw_only=True)
class ExtendRound(Command):
    """More time for the round, 1 s to 60 min, with a reason."""

    reason: str = _typed(choice(*PAUSE_REASONS), default="other")
    length_ms: int = 0

    @classmethod
    def _values(cls, reader: FormReader, settings: TableSettings) -> dict[str, Any]:
        values = super()._values(reader, settings)
        length_ms = reader.take_length_ms("minutes", "seconds", SECOND_MS, LONGEST_GIFT_MS)
        return {**values, "length_ms": length_ms}


# ---- the host


@command
@dataclass(frozen=True, kw_only=True)
class RenameGame(Command):
    """The game's name; blank brings the default back."""

    title: str = _typed(line(LONGEST_GAME_NAME, blank=True), name="name")


@command
@dataclass(frozen=True, kw_only=True)
class UpdateSettings(Command):
    """New settings; a field left out stays as it is."""

    settings: TableSettings | None = None
    title: str | None = None
    listed: bool | None = None

    @classmethod
    def _values(cls, reader: FormReader, settings: TableSettings) -> dict[str, Any]:
        values = super()._values(reader, settings)
        values["settings"] = read_settings(reader, settings)
        values |= read_front(reader)
        return values


def read_front(reader: FormReader) -> dict[str, Any]:
    """Name and listing, which create and settings share; None where they were left out."""
    return {
        "title": reader.take("name", line(LONGEST_GAME_NAME, blank=True)),
        "listed": reader.take("listed", yes_no),
    }


@command
@dataclass(frozen=True, kw_only=True)
class RollOrder(Command):
    """A d20 each: who is first, or the whole order."""

    order: str = _typed(choice("first", "all"), default="first")


@command
@dataclass(frozen=True, kw_only=True)
class RandomStart(Command):
    """A uniform pick of who begins."""


@command
@dataclass(frozen=True, kw_only=True)
class TransferHost(_OnNamedSeat):
    """Hand the host's place to a seat's holder."""


@command
@dataclass(frozen=True, kw_only=True)
class TakeHost(Command):
    """Take the place of a host who is away."""


@dataclass(frozen=True, kw_only=True)
class TakeOver(Command):
    """A good reconnect token was shown: its seat (0: the table device) moves to this browser.

    It has no address of its own, so it is not among COMMANDS.
    """

    name: ClassVar[str] = "take-over"
    place: int = 0


@dataclass(frozen=True)
class NewGame:
    """What the create form asks for."""

    title: str
    players: int
    listed: bool
    settings: TableSettings
    #: In which campaign it is the first round; None: a casual game.
    campaign: Campaign | None = None

    @property
    def default_title(self) -> str:
        """What it is called when nobody names it."""
        return str(preset_of(self.campaign).name if self.campaign else DEFAULT_NAME)


def read_new_game(form: Form) -> NewGame:
    """The create form; a missing field is the default. BadFields with complaints.

    A campaign has its own clock and life: those fields are not looked at. A casual game does not
    mind which campaign is ticked below it.
    """
    in_campaign = (form.get("mode") or ("",))[-1] == "campaign"
    reader = FormReader(without(form, FIXED_FIELDS) if in_campaign else form)
    reader.take("mode", choice("casual", "campaign"), "casual")
    preset = reader.take("campaign", blank_or(choice(*PRESETS)), None) or DEFAULT_PRESET
    players = reader.take("players", whole(2, 8), 4)
    settings = read_settings(reader, TableSettings())
    front = read_front(reader)
    reader.finish()
    campaign = Campaign(preset) if in_campaign else None
    if campaign is not None:
        settings = round_settings(preset_of(campaign), campaign.number, settings)
    full_ms = control_of(settings).full_ms(settings, None)
    too_much_sand = sand_complaint(settings, [full_ms] * players)
    if too_much_sand:
        reader.complaints.setdefault("starting_minutes", too_much_sand)
    if reader.complaints:
        raise BadFields(reader.complaints)
    return NewGame(front["title"] or "", players, bool(front["listed"]), settings, campaign)
