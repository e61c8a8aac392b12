"""Sheets and scripts as they travel: whole with what they import, without comments and indents.

The sources stay apart, each small; a browser reads them unjoined as well, only in more requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

OF_A_LANGUAGE = re.compile(r"^css/words\.([\w-]+)\.css$")
WORDS = "words.css"
IMPORTED_SHEET = re.compile(r'^@import "([a-z-]+\.css)";$', re.MULTILINE)
IMPORTED_SCRIPT = re.compile(r'^import "(\.[\w./-]+\.js)";\n', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)
COMMENT_AFTER = re.compile(r"[ \t]+// [^\"'`\n]*$", re.MULTILINE)
INDENT = re.compile(r"^\s+", re.MULTILINE)
QUOTED = re.compile(r'("[^"]*")')
AROUND = re.compile(r"\s*([{};,>])\s*")
AFTER_COLON = re.compile(r": (?!;)")


def sheets(path: Path, made: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """A stylesheet by its name, or by one for each language where it imports ``words.css``."""
    written = path.read_text(encoding="utf-8")
    languages = [(found[1], made[name]) for name in made if (found := OF_A_LANGUAGE.match(name))]
    if f'@import "{WORDS}";' not in written:
        yield path.name, _tight(_with_imports(path, ""))
        return
    for language, words in languages:
        yield f"{path.stem}.{language}.css", _tight(_with_imports(path, words.decode()))


def script(path: Path) -> str:
    """A module in one with all it imports whole, each once, in the order in which they would run.

    What it imports by name (``import { one } from``) stays a request of its own.
    """
    return _joined(path.resolve(), set())


def _with_imports(path: Path, words: str) -> str:
    def imported(found: re.Match[str]) -> str:
        return words if found[1] == WORDS else _with_imports(path.parent / found[1], words)

    return IMPORTED_SHEET.sub(imported, path.read_text(encoding="utf-8"))


def _tight(sheet: str) -> str:
    """Without what only people read; what stands in quotes stays as it is."""
    parts = QUOTED.split(COMMENT.sub("", sheet))
    for number in range(0, len(parts), 2):
        spaced = " ".join(re.split(r"\s+", parts[number]))
        parts[number] = AFTER_COLON.sub(":", AROUND.sub(r"\1", spaced)).replace(";}", "}")
    return "".join(parts).strip()


def _joined(path: Path, seen: set[Path]) -> str:
    seen.add(path)
    written = path.read_text(encoding="utf-8")
    before = [(path.parent / found[1]).resolve() for found in IMPORTED_SCRIPT.finditer(written)]
    parts = [_joined(one, seen) for one in before if one not in seen]
    own = IMPORTED_SCRIPT.sub("", written)
    if ".min." not in path.name:
        own = INDENT.sub("", COMMENT_AFTER.sub("", COMMENT_LINE.sub("", own)))
    return "".join(part if part.endswith("\n") else part + "\n" for part in [*parts, own] if part)
