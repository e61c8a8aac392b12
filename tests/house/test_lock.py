"""The lock file serves uv and pip alike, and agrees with pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions

from app.settings import HOUSE


def plain(name: str) -> str:
    """A package's name as lock files spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_knows_every_dependency() -> None:
    """A dependency added without locking it would be missing on everybody else's machine."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    lock = tomllib.loads((HOUSE / "uv.lock").read_text(encoding="utf-8"))
    (root,) = (each for each in lock["package"] if "virtual" in each["source"])
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
    ]
    locked = [
        *root["metadata"]["requires-dist"],
        *(each for group in root["metadata"]["requires-dev"].values() for each in group),
    ]
    assert sorted(re.split(r"[\[<>=~!]", each)[0] for each in asked) == sorted(
        each["name"] for each in locked
    )
    assert {plain(re.split(r"[\[<>=~!]", each)[0]) for each in asked} <= {
        each["name"] for each in lock["package"]
    }


def test_pip_alone_installs_the_same() -> None:
    """Without uv, the same packages at the same versions, each with hashes to check them by."""
    told = subprocess.run(
        [sys.executable, "-c", LISTED], cwd=HOUSE, check=True, capture_output=True, text=True
    ).stdout.split()
    here = {f"{plain(each.metadata['Name'])}=={each.version}" for each in distributions()}
    assert {each for each in here if not each.startswith(("pip==", "setuptools=="))} == set(told)


# The markers are judged by pip's own copy of `packaging`; uv's environments carry no pip, so the
# same module is lent from the one that a test environment always has.
LISTED = """
import sys, tomllib, types
import packaging.markers
for name in ("pip", "pip._vendor", "pip._vendor.packaging"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["pip._vendor.packaging.markers"] = packaging.markers
from app.ops.lock import needed, requirement
lines = [requirement(each) for each in needed(tomllib.load(open("uv.lock", "rb")))]
assert all(" --hash=sha256:" in line for line in lines)
sys.stdout.write("\\n".join(line.split()[0] for line in lines))
"""
