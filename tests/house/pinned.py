"""What uv.lock pins for this machine, as app/ops/lock.py reads it: `name==version`."""

import re
import subprocess
import sys
from pathlib import Path

from app.settings import HOUSE

# The markers are judged by pip's own copy of `packaging`; uv's environments carry no pip, so the
# same module is lent from the one that a test environment always has.
LISTED = """
import runpy, sys, types
import packaging.markers
for name in ("pip", "pip._vendor", "pip._vendor.packaging"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["pip._vendor.packaging.markers"] = packaging.markers
runpy.run_module("app.ops.lock", run_name="__main__", alter_sys=True)
"""


def pinned(*, dev: bool, python: Path = Path(sys.executable)) -> list[str]:
    """Every package this Python needs, each with hashes to check it by."""
    words = ["uv.lock"] if dev else ["--no-dev", "uv.lock"]
    lines = subprocess.run(
        [python, "-c", LISTED, *words],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert all(" --hash=sha256:" in line for line in lines)
    return [line.split()[0] for line in lines]


def plain(name: str) -> str:
    """A package's name as lock files spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()
