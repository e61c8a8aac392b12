"""The palette, read from the tokens: legible, and told apart by eyes that see fewer colours.

Contrast is that of WCAG 2.2; colour blindness is simulated after Machado, Oliveira and Fernandes
(2009, severity 1.0, on linear light), distances are Euclidean in OKLab (Ottosson, 2020).
"""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from app.game.seat import COLORS
from app.settings import HOUSE

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

TOKENS = (HOUSE / "static/css/tokens.css").read_text(encoding="utf-8")
SEATS = dict(re.findall(r'\[data-color="(\w+)"\]\) \{ --hue: (#[0-9a-f]{6});', TOKENS))

EYES: dict[str, Matrix] = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_CONES: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)

#: A theme is a ground and what is written on it, by the meanings in :root.
WRITTEN = (
    ("text", "ground"),
    ("text", "raised"),
    ("quiet", "ground"),
    ("notice-text", "notice"),
    ("notice-quiet", "notice"),
    ("over", "ground"),
)


def values(block: str) -> dict[str, str]:
    """The custom properties that a block sets."""
    return {name: text.strip() for name, text in re.findall(r"--([a-z0-9-]+): ([^;]+);", block)}


def block_after(start: str) -> dict[str, str]:
    """What the first rule behind these words sets."""
    body = TOKENS.partition(start)[2].partition("{")[2].partition("}")[0]
    assert body, start
    return values(body)


def by(time: str) -> dict[str, str]:
    """What the tokens are by day or by night: most say both, each behind its own switch."""
    said = block_after("--by-night: ; }\n\n  :root")
    found = {
        name: re.search(rf"var\(--by-{time}, (var\(--[a-z0-9-]+\))\)", said[name]) for name in said
    }
    return {name: here[1] if (here := found[name]) else text for name, text in said.items()}


DARK = by("night")
LIGHT = by("day")
WASTELANDS = block_after(':root:has(> [data-theme="wastelands"])')
MORE = block_after(':root:root[data-contrast="more"]')
THEMES = {
    "dark": DARK,
    "light": LIGHT,
    "wastelands": DARK | WASTELANDS,
    "wastelands, light": LIGHT | WASTELANDS,
    "more contrast": DARK | MORE,
    "more contrast, light": LIGHT | MORE,
    "more contrast, wastelands": DARK | WASTELANDS | MORE,
    "more contrast, wastelands, light": LIGHT | WASTELANDS | MORE,
}


def colour(theme: dict[str, str], name: str) -> str:
    """A token's colour, through the meanings that lead to it."""
    text = theme[name]
    while found := re.fullmatch(r"var\(--([a-z0-9-]+)\)", text):
        text = theme[found[1]]
    return text


def linear(hue: str) -> Triple:
    """A colour of the screen as amounts of light."""
    parts = [int(hue[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return red, green, blue


def through(matrix: Matrix, light: Triple) -> Triple:
    """A matrix times a vector."""
    one, two, three = (sum(a * b for a, b in zip(row, light, strict=True)) for row in matrix)
    return one, two, three


def contrast(one: str, other: str) -> float:
    """Between 1 and 21."""
    weights = (0.2126, 0.7152, 0.0722)
    lights = [
        sum(w * part for w, part in zip(weights, linear(hue), strict=True)) for hue in (one, other)
    ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def seen(hue: str, eye: Matrix) -> Triple:
    """Where in OKLab an eye sees a colour."""
    light = through(eye, linear(hue))
    red, green, blue = (min(1.0, max(0.0, part)) for part in light)
    cones = through(TO_CONES, (red, green, blue))
    first, second, third = (part ** (1 / 3) for part in cones)
    return through(TO_LAB, (first, second, third))


def nearest(names: tuple[str, ...]) -> tuple[float, str]:
    """The two that are hardest to tell apart, over all eyes."""
    return min(
        (
            sum((a - b) ** 2 for a, b in zip(seen(SEATS[x], eye), seen(SEATS[y], eye), strict=True))
            ** 0.5,
            f"{x} and {y}, {kind}",
        )
        for kind, eye in EYES.items()
        for x, y in combinations(names, 2)
    )


def test_every_colour_of_a_seat_is_a_token() -> None:
    """In the order in which seats get them."""
    assert tuple(SEATS) == tuple(COLORS)


@pytest.mark.parametrize("theme", THEMES)
def test_ink_is_legible_on_every_seat(theme: str) -> None:
    """All that is written on a person's colour is ink, both ways round on the tarp."""
    ink = colour(THEMES[theme], "ink")
    worst = min((contrast(ink, hue), name) for name, hue in SEATS.items())
    assert worst[0] >= 5.0, worst


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), WRITTEN)
def test_text_is_legible(theme: str, text: str, ground: str) -> None:
    """Quiet text is still text."""
    told = contrast(colour(THEMES[theme], text), colour(THEMES[theme], ground))
    assert told >= 4.5, told


@pytest.mark.parametrize("theme", [name for name in THEMES if name.startswith("more")])
def test_more_contrast_is_more(theme: str) -> None:
    """Whoever asks their system for it gets quiet text at 7:1 and lines that are seen, 3:1."""
    tokens = THEMES[theme]
    assert contrast(colour(tokens, "quiet"), colour(tokens, "ground")) >= 7
    assert contrast(colour(tokens, "line"), colour(tokens, "ground")) >= 3


@pytest.mark.parametrize(("first", "apart"), [(4, 0.19), (8, 0.055), (12, 0.035)])
def test_seats_are_told_apart_by_every_eye(first: int, apart: float) -> None:
    """The fewer play, the further apart; and no colour is ever without its glyph."""
    distance, which = nearest(COLORS[:first])
    assert distance >= apart, which


def test_every_seat_has_a_glyph_of_its_own() -> None:
    """In grey several colours are equal."""
    glyphs = re.findall(r'--glyph: "(\\e0\w\w)"', TOKENS)
    assert len(set(glyphs)) == len(glyphs) == len(COLORS)


def test_more_contrast_is_the_same_for_whoever_asks() -> None:
    """The system or the device's own settings: one set of values."""
    assert block_after("@media (prefers-contrast: more) {\n    :root") == MORE


def test_values_have_one_place() -> None:
    """A theme is made of tokens alone: no other stylesheet sets a named value of the palette."""
    named = {name for name, text in DARK.items() if text.startswith("#")}
    elsewhere = {
        f"{path.name}: --{name}"
        for path in (HOUSE / "static/css").glob("*.css")
        if path.name != "tokens.css"
        for name in values(path.read_text(encoding="utf-8"))
        if name in named
    }
    assert elsewhere == set()


def test_by_day_nothing_but_colours_differs() -> None:
    """Whoever has looked at the shapes of a screen by night has seen them by day, too."""
    colours = {"background", "color", "color-scheme", "stroke"}
    for path in (HOUSE / "static/css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        told = re.findall(r"([\w-]+):[^;{}]*var\(--by-(?:day|night)\b", text)
        tokens = {name.removeprefix("--") for name in told if name.startswith("--")}
        assert tokens <= DARK.keys(), path.name
        assert {name for name in told if not name.startswith("--")} <= colours, path.name
        schemes = re.findall(r"[^{}]*(?:prefers-color-scheme|data-scheme)[^{}]*", text)
        assert bool(schemes) == (path.name == "tokens.css"), path.name
    meant = {name for name in DARK if DARK[name] != LIGHT[name]}
    shown = [colour(theme | {"nothing": ""}, name) for theme in (DARK, LIGHT) for name in meant]
    assert all(re.fullmatch(r"(#[0-9a-f]{6})?", hue) for hue in shown)
