"""The ribbons of a sitting as one SVG text: who had the clock when, on one axis for all.

Drawn by itself: it works as a picture, opened alone and standing in a page. All colours are
attributes and the ground is part of it, since our policy lets no style into a picture; the face
of the house is used where the page has it. Names are cut to fit, and only text of it.

The axis is the time that was played: where the clocks stood for long, it is cut to a short gap.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from app.game.chronicle import OVER, UNDONE, Sitting, Stretch
from app.game.letters import clusters, is_mark
from app.game.said import say, say_many
from app.game.wording import clock_text
from app.web.axis import GUTTER, RIBBON, SLANT, WIDTH, Axis
from app.web.glyphs import GLYPHS, HUES
from app.words.languages import in_words

_ROW, _RIBBON_TOP, _TOP, _FOOT = 82, 38, 18, 52
_THINNEST = 0.8
_NAME_EM = 9.5
_NAME_SIZE = 17

_INK, _INK_3, _BONE, _ASH = "#0b0b0d", "#2c2c32", "#f6f2e7", "#a3a099"

_PEOPLE = "'Inter Display', system-ui, sans-serif"
_APP = "Tarp, 'Arial Narrow', 'Roboto Condensed', sans-serif"

_FLAG_HALVES = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_WIDEST = frozenset(("\ufdfd", *map(chr, range(0x12000, 0x12550))))
"""One sign for a whole sentence, and cuneiform."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Ribbon:
    """One seat's row: its name as typed, why it is where it is, and what it used, in words."""

    seat: int
    name: str
    color: str
    words: str
    total: str


@dataclass(frozen=True)
class _Type:
    """How words of the house are set: in which size, which colour, and what they are."""

    size: int
    color: str
    kind: str


_SMALL, _TOTAL = _Type(16, _ASH, "quiet"), _Type(24, _BONE, "total")


def timeline(sitting: Sitting, until: int, ribbons: Iterable[Ribbon], title: str) -> str:
    """The picture of a sitting up to ``until``, a row for each ribbon in the order given."""
    rows = list(ribbons)
    axis = Axis(sitting, until)
    height = _TOP + _ROW * len(rows) + _FOOT
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label={_quoted(title)} '
        f'class="timeline"><title>{_text(title)}</title>'
        '<defs><pattern id="undone" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(-45)">'
        f'<path d="M0 1H5" stroke="{_BONE}" stroke-width="1.6" opacity=".75"/></pattern></defs>'
        f'<path class="ground" d="M0 0H{WIDTH}V{height}H0Z" fill="{_INK}"/>'
    )
    parts = [opening]
    for place, ribbon in enumerate(rows):
        parts.append(_row(axis, sitting, ribbon, _TOP + place * _ROW))
    low = _TOP + _ROW * len(rows) + 18
    parts.append(_words((GUTTER, low), "start", clock_text(0), _SMALL))
    parts.append(_words((WIDTH - GUTTER, low), "end", clock_text(axis.played_ms), _SMALL))
    if axis.stood_ms:
        parts.append(_words((WIDTH / 2, low), "middle", _stood(sitting, axis), _SMALL))
    return "".join([*parts, "</svg>\n"])


def _stood(sitting: Sitting, axis: Axis) -> str:
    times = sum(gap.reason not in (OVER, "outage") for gap in sitting.gaps)
    length = clock_text(axis.stood_ms)
    if not times:
        return in_words(say("stood %(length)s", length=length))
    return in_words(
        say_many("%(count)s pause %(length)s", "%(count)s pauses %(length)s", times, length=length)
    )


def _row(axis: Axis, sitting: Sitting, ribbon: Ribbon, top: int) -> str:
    hue = HUES.get(ribbon.color, _ASH)
    name, em = _cut(ribbon.name)
    low = top + _RIBBON_TOP - 12
    end = axis.place(sitting.out_at.get(ribbon.seat, 2**62))
    mine = [stretch for stretch in sitting.stretches if stretch.seat == ribbon.seat]
    bottom = top + _RIBBON_TOP + RIBBON
    cells = [
        _glyph(low, ribbon.color),
        _name(low, name),
        _words((GUTTER + 36 + em * _NAME_SIZE, low), "start", ribbon.words, _SMALL),
        _words((WIDTH - GUTTER, low), "end", ribbon.total, _TOTAL),
        f'<path class="track" fill="{_INK_3}" d="{_bands([(0, end)], bottom)}"/>',
    ]
    for kinds, since, until, shape in _LAYERS:
        spans = _spans(axis, (one for one in mine if one.kind in kinds))
        if spans:
            d = _bands(spans, bottom, since, until)
            cells.append(f'<path {shape.format(hue=hue)} d="{d}"/>')
    cells += [
        f'<path class="gap" fill="{_INK}" d="{_bands(gaps, bottom)}"/>'
        for gaps in [axis.gaps(end)]
        if gaps
    ]
    return "<g>" + "".join(cells) + "</g>"


#: Which stretches, from which part of the ribbon's height up to which, and how they are painted:
#: a turn fills the ribbon, an interrupt its upper half, a response its lower; what was free is
#: faint, what was undone is hatched.
_LAYERS: tuple[tuple[frozenset[str], float, float, str], ...] = (
    (frozenset({"delay", "grace", "lag"}), 0.0, 1.0, 'class="free" fill="{hue}" opacity=".4"'),
    (frozenset({"turn"}), 0.0, 1.0, 'class="turn" fill="{hue}"'),
    (frozenset({"interrupt"}), 0.0, 0.55, 'class="interrupt" fill="{hue}"'),
    (frozenset({"response"}), 0.45, 1.0, 'class="response" fill="{hue}"'),
    (frozenset({UNDONE}), 0.0, 1.0, 'class="undone" fill="url(#undone)"'),
)


def _spans(axis: Axis, stretches: Iterable[Stretch]) -> list[tuple[float, float]]:
    """Places of stretches, what touches drawn as one; the shortest still to be seen."""
    spans: list[tuple[float, float]] = []
    for one in sorted(stretches, key=lambda stretch: stretch.since):
        begin, end = axis.place(one.since), axis.place(one.until)
        end = max(end, begin + _THINNEST)
        if spans and begin <= spans[-1][1] + 0.05:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return spans


def _bands(
    spans: Iterable[tuple[float, float]], bottom: int, since: float = 0.0, until: float = 1.0
) -> str:
    """Slanted pieces of a ribbon, between two parts of its height counted from its upper edge."""
    high, low = bottom - RIBBON * (1 - since), bottom - RIBBON * (1 - until)
    lean_high, lean_low = (bottom - high) * SLANT, (bottom - low) * SLANT
    return "".join(
        f"M{_n(GUTTER + begin + lean_low)} {_n(low)}L{_n(GUTTER + begin + lean_high)} {_n(high)}"
        f"H{_n(GUTTER + end + lean_high)}L{_n(GUTTER + end + lean_low)} {_n(low)}Z"
        for begin, end in spans
    )


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _words(where: tuple[float, int], anchor: str, words: str, kind: _Type) -> str:
    return (
        f'<text x="{_n(where[0])}" y="{where[1]}" text-anchor="{anchor}" font-family="{_APP}" '
        f'font-size="{kind.size}" fill="{kind.color}" class="{kind.kind}">'
        f"{_text(words.upper())}</text>"
    )


def _glyph(low: int, color: str) -> str:
    return (
        f'<path class="glyph" transform="translate({GUTTER} {low - 14}) scale(.16)" '
        f'fill="{HUES.get(color, _ASH)}" d="{GLYPHS.get(color, GLYPHS["ember"])}"/>'
    )


def _name(low: int, name: str) -> str:
    return (
        f'<text x="{GUTTER + 26}" y="{low}" font-family="{_PEOPLE}" font-size="{_NAME_SIZE}" '
        f'font-weight="650" fill="{_BONE}" class="name" unicode-bidi="plaintext">'
        f"{_text(name)}</text>"
    )


def _text(words: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", words))


def _quoted(words: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", words))


def _cut(name: str) -> tuple[str, float]:
    """A name short enough for its place, cut between letters, and about how wide it is."""
    em, kept = 0.0, ""
    for letter in clusters(name):
        width = _em(letter)
        if em + width > _NAME_EM:
            return kept.rstrip() + "\u2026", em + 0.6
        em += width
        kept += letter
    return name, em


def _em(letter: str) -> float:
    """About how wide one letter is, with all that stands on it."""
    first, as_emoji = letter[0], letter[1:2] == "\ufe0f" or letter[0] in _FLAG_HALVES
    if first in _WIDEST:
        return 4.0
    if is_mark(first) or unicodedata.category(first) == "Cf":
        return 0.0
    if as_emoji or unicodedata.east_asian_width(first) in ("W", "F"):
        return 1.15
    if first in "MWmw@%":
        return 1.1
    return 0.82 if first.isupper() else 0.62
