"""The lock file serves uv and pip alike, and agrees with pyproject.toml."""

import re
import tomllib
from importlib.metadata import distributions

from app.settings import HOUSE
from tests.house.pinned import pinned, plain


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
    here = {f"{plain(each.metadata['Name'])}=={each.version}" for each in distributions()}
    assert {each for each in here if not each.startswith(("pip==", "setuptools=="))} == set(
        pinned(dev=True)
    )


def test_what_serves_needs_no_tools() -> None:
    """A test runner or a type checker in the image is weight, and more to be broken into."""
    serving, all_of_it = set(pinned(dev=False)), set(pinned(dev=True))
    assert serving < all_of_it
    names = {each.partition("==")[0] for each in serving}
    assert {"flask", "gevent", "gunicorn", "psycopg-binary"} <= names
    tools = {"fonttools", "hypothesis", "import-linter", "mypy", "playwright", "pytest", "ruff"}
    assert set() == names & tools
