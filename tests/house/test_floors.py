"""Imports go down only, and the rules know nothing but the standard library."""

import ast
import subprocess
import sys
from pathlib import Path

from app.settings import HOUSE

# Chance and instants come in as arguments; the rules read nothing and write nothing.
NOT_FOR_RULES = {
    "asyncio", "builtins", "contextvars", "ctypes", "datetime", "glob", "http", "io", "logging",
    "multiprocessing", "os", "pathlib", "pickle", "random", "secrets", "select", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
NOT_CALLED = {"breakpoint", "eval", "exec", "input", "open", "print", "__import__"}


def trees(folder: str) -> list[tuple[Path, ast.Module]]:
    """Every module beneath a folder of the house, as its syntax tree."""
    return [
        (file.relative_to(HOUSE), ast.parse(file.read_text(encoding="utf-8")))
        for file in sorted((HOUSE / folder).rglob("*.py"))
    ]


def imported(tree: ast.Module) -> set[str]:
    """The full names of the modules that a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def calls(tree: ast.Module) -> set[str]:
    """The plain names that a module calls."""
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_imports_go_down_only() -> None:
    """A floor that looks up can no longer be understood, or tested, by itself."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=HOUSE,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_are_pure() -> None:
    """A rule that reads a clock or rolls a die cannot be replayed, and undo would lie."""
    wrong = [
        f"{file} imports {name}"
        for file, tree in trees("app/game")
        for name in imported(tree)
        if name.split(".")[0] not in sys.stdlib_module_names - NOT_FOR_RULES
        and not f"{name}.".startswith(("app.game.", "."))
    ]
    wrong += [
        f"{file} calls {name}"
        for file, tree in trees("app/game")
        for name in calls(tree) & NOT_CALLED
    ]
    assert [] == wrong


def test_nothing_is_printed() -> None:
    """Every line goes through the log, or a log reader chokes on it."""
    assert [] == [str(file) for file, tree in trees("app") if "print" in calls(tree)]
