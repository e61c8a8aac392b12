"""The settings are told in three places: README, .env.example and app/settings.py. They agree."""

import tomllib
from dataclasses import fields

from app.settings import SPECS, VERSION, Settings
from tests.house.settings_text import HOUSE, env_example, readme_rows


def rows_beneath(heading: str) -> list[str]:
    """The rows of README's table under a heading, without the two lines of its head."""
    text = (HOUSE / "README.md").read_text(encoding="utf-8")
    assert f"\n{heading}\n" in text, f"README.md has no heading {heading!r}"
    section = text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line.strip() for line in section.splitlines() if line.startswith("| `")]


def test_readme_tells_every_setting() -> None:
    """Who reads only the README must not miss a variable, nor set one that does nothing."""
    assert readme_rows() == rows_beneath("## Settings")


def test_env_example_tells_every_setting() -> None:
    """A copied .env.example must start the server exactly as no file would."""
    assert env_example() == (HOUSE / ".env.example").read_text(encoding="utf-8")


def test_every_variable_is_one_field() -> None:
    """A variable nobody can read, or a field nobody can set, would be a lie in the table."""
    assert [spec.name.lower() for spec in SPECS] == [field.name for field in fields(Settings)]


def test_one_version() -> None:
    """Reports and /health name the release; it has to be the one that pyproject.toml names."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
