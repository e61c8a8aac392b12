"""uv.lock as requirements for pip: `name==version --hash=…`, one a line, for this machine.

`python -m app.ops.lock [--no-dev] uv.lock`; with `--no-dev` only what serves, as in the image.

Runs in the new virtual environment, where there is nothing but pip: the markers that say which
package is meant for which Python are judged by the copy of `packaging` that pip itself carries.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pip._vendor.packaging.markers import Marker


def meant_for_us(edge: dict[str, Any]) -> bool:
    """Whether a dependency's marker holds on this machine."""
    return "marker" not in edge or Marker(edge["marker"]).evaluate()


def edges_of(package: dict[str, Any], extra: str) -> Iterator[dict[str, Any]]:
    """The dependencies of a package, or of one extra of it."""
    if extra:
        yield from package.get("optional-dependencies", {}).get(extra, ())
    else:
        yield from package.get("dependencies", ())


def needed(lock: dict[str, Any], *, dev: bool = True) -> Iterator[dict[str, Any]]:
    """Every package this machine needs, with all extras, once each; `dev`: to develop as well."""
    packages = {(each["name"], each["version"]): each for each in lock["package"]}
    versions: dict[str, list[str]] = {}
    for name, version in packages:
        versions.setdefault(name, []).append(version)
    (root,) = (each for each in lock["package"] if "virtual" in each["source"])
    groups = (
        root.get("dependencies", []),
        *root.get("optional-dependencies", {}).values(),
        *(root.get("dev-dependencies", {}).values() if dev else ()),
    )
    waiting = [edge for group in groups for edge in group]
    seen: set[tuple[str, str, str]] = set()
    told: set[tuple[str, str]] = set()
    while waiting:
        edge = waiting.pop()
        if not meant_for_us(edge):
            continue
        # An edge names its version only where the lock holds several of that package.
        version = edge.get("version") or versions[edge["name"]][0]
        for extra in ("", *edge.get("extra", ())):
            key = (edge["name"], version, extra)
            if key not in seen:
                seen.add(key)
                waiting.extend(edges_of(packages[key[:2]], extra))
        if (edge["name"], version) not in told:
            told.add((edge["name"], version))
            yield packages[edge["name"], version]


def requirement(package: dict[str, Any]) -> str:
    """One line for pip, with the hash of every file that may serve it."""
    files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
    hashes = "".join(f" --hash={file['hash']}" for file in files)
    return f"{package['name']}=={package['version']}{hashes}\n"


if __name__ == "__main__":
    with Path(sys.argv[-1]).open("rb") as file:
        packages = needed(tomllib.load(file), dev="--no-dev" not in sys.argv[1:-1])
        sys.stdout.writelines(sorted(map(requirement, packages)))
