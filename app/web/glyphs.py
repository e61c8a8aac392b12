"""The seats' colours and glyphs for pictures, where neither our styles nor our face reach."""

from __future__ import annotations

HUES = {
    "lemon": "#fbdf0a",
    "sky": "#56cdfa",
    "ember": "#f5333f",
    "violet": "#9763f2",
    "orange": "#f38a00",
    "aqua": "#68f3f2",
    "pink": "#ffaec9",
    "steel": "#869ab3",
    "green": "#2a9d54",
    "lime": "#a8f96d",
    "chalk": "#faf1dc",
    "magenta": "#e828be",
}

GLYPHS = {
    "lemon": "M7 50a43 43 0 1 0 86 0a43 43 0 1 0-86 0Z",
    "sky": "M50 10 96 92H4Z",
    "ember": "M11 89V11H89V89Z",
    "violet": "M35 7H65V35H93V65H65V93H35V65H7V35H35Z",
    "orange": "M50 3 97 50 50 97 3 50Z",
    "aqua": "M6 44 50 20 94 44V80L50 56 6 80Z",
    "pink": "M63 37 100 38 70 61 81 96 50 76 19 96 30 61 0 38 37 37 50 2Z",
    "steel": "M9 9H91L50 50 91 91H9L50 50Z",
    "green": "M9 91V9H31V91ZM39 91V9H61V91ZM69 91V9H91V91Z",
    "lime": "M5 50a45 45 0 1 0 90 0a45 45 0 1 0-90 0ZM29 50a21 21 0 1 1 42 0a21 21 0 1 1-42 0Z",
    "chalk": "M75 93H25L0 50 25 7H75L100 50ZM71 50 60 32H40L29 50 40 68H60Z",
    "magenta": "M3 74a47 46 0 0 1 94 0Z",
}
"""The seats' glyphs of our face, on a square of 100."""
