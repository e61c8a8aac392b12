"""The house has a plan: what stands at the top level is on purpose."""

import subprocess
from pathlib import Path

import pytest

from app.settings import HOUSE

ROOMS = {"wsgi.py", "app", "templates", "static", "instance", "tests"}
PAPERS = {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "uv.lock", "Makefile"}
SHIPPING = {"Dockerfile", ".dockerignore", "fly.toml", ".env.example"}
CARE = {".ci", ".github", ".gitignore"}


def files() -> list[str]:
    """Every file of the project: what git keeps, and what it would if asked to add everything."""
    if not (HOUSE / ".git").exists():
        pytest.skip("this is a copy without its history")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (HOUSE / name).exists()]


def test_the_top_level_is_the_plan() -> None:
    """A stray file at the top is the first thing a newcomer trips over."""
    assert ROOMS | PAPERS | SHIPPING | CARE == {Path(name).parts[0] for name in files()}


def test_the_instance_folder_is_empty() -> None:
    """A database or a secret key in the history would be everybody's."""
    assert ["instance/.gitkeep"] == [name for name in files() if name.startswith("instance/")]


def test_app_does_nothing_when_imported() -> None:
    """Gunicorn's master reads app.ops.gunicorn through it, before anything is patched."""
    assert (HOUSE / "app/__init__.py").read_bytes() == b""
    assert (HOUSE / "app/ops/__init__.py").read_bytes() == b""


def test_nothing_is_left_for_later() -> None:
    """What is not done is an issue, not a note that nobody reads."""
    later = ("TO" + "DO", "FIX" + "ME", "X" + "XX")
    found = [
        f"{name}: {word}"
        for name in files()
        if not name.startswith("static/vendor/") and name != "uv.lock"
        for word in later
        if word in (HOUSE / name).read_bytes().decode("utf-8", "ignore").split()
    ]
    assert [] == found
