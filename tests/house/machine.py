"""What the tests need from the machine: a browser, the servers games may be kept in, two proxies.

And what checks Prometheus' files, and what sets one process' clock.

`python -m tests.house.machine` installs what is missing where the user may, and otherwise says in
one sentence what to install. Tests that need a missing thing are skipped, except in CI.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.axe import axe

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
POLICY = Path("/usr/sbin/policy-rc.d")
# Debian keeps PostgreSQL's server programs off the PATH, in a folder for each version.
POSTGRES_FOLDERS = ("/usr/lib/postgresql", "/usr/local/lib/postgresql")


def chromium() -> str | None:
    """The browser, if there is one."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def nginx() -> str | None:
    """The proxy most people have; Debian keeps it off the PATH of ordinary users."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def caddy() -> str | None:
    """The proxy that fetches its own certificates."""
    return shutil.which("caddy")


def promtool() -> str | None:
    """What checks Prometheus' configuration, rules and metrics; no Prometheus runs for it."""
    return shutil.which("promtool")


def faketime() -> str | None:
    """A library that shows one process another wall clock."""
    folders = (Path("/usr/lib"), Path("/usr/local/lib"))
    found = (file for one in folders for file in one.glob("**/faketime/libfaketime.so.1"))
    return next(map(str, found), None)


def redis_server() -> str | None:
    """The Redis server's program, if there is one."""
    return shutil.which("redis-server")


def postgres(program: str) -> str | None:
    """One of PostgreSQL's server programs (`initdb`, `postgres`), the newest version's."""
    if found := shutil.which(program):
        return found
    programs = [
        file for folder in POSTGRES_FOLDERS for file in Path(folder).glob(f"*/bin/{program}")
    ]
    return str(max(programs, key=lambda file: float(file.parts[-3]))) if programs else None


def missing() -> list[str]:
    """The Debian packages whose programs are not here."""
    wanted = {
        "chromium": chromium(),
        "redis-server": redis_server(),
        "faketime": faketime(),
        "postgresql": postgres("initdb") and postgres("postgres"),
        "nginx-light": nginx(),
        "openssl": shutil.which("openssl"),
        "caddy": caddy(),
        "prometheus": promtool(),
    }
    return [package for package, found in wanted.items() if found is None]


def apt() -> list[str] | None:
    """How apt-get is run here, or None where the user may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False).returncode
    return ["sudo", "-n", "apt-get"] if may == 0 else None


def install(packages: list[str], command: list[str]) -> None:
    """Install the packages without starting any of their servers, and without questions."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # Debian asks this file whether a server may start: one on port 80 would be in somebody's way.
    ours = not POLICY.exists()
    as_root = command[:-1]
    if ours:
        write = f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}"
        subprocess.run([*as_root, "sh", "-c", write], check=False)
    try:
        for words in (
            ["update", "-q"],
            ["install", "-q", "-y", "--no-install-recommends", *packages],
        ):
            subprocess.run(
                [*command, *words], check=False, env=os.environ | quiet, stdout=subprocess.DEVNULL
            )
    finally:
        if ours:
            subprocess.run([*as_root, "rm", "-f", str(POLICY)], check=False)


def main() -> None:
    """Install what is missing, or say what to install."""
    packages = missing()
    if packages and (command := apt()):
        sys.stderr.write(f"Installing {', '.join(packages)} for the tests.\n")
        install(packages, command)
        packages = missing()
    if axe() is None:
        packages.append("npm (and let it reach its registry)")
    if packages:
        sentence = f"Please install {', '.join(packages)}: tests that need them are skipped.\n"
        sys.exit(sentence) if os.environ.get("CI") else sys.stderr.write(sentence)


if __name__ == "__main__":
    main()
