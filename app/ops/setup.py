"""`make setup`: a virtual environment that holds exactly what uv.lock names.

Runs before anything is installed, so it knows only the standard library. uv does the work where
it is found; otherwise pip alone does, from the same lock file and checking the same hashes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
VENV = HOUSE / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOCK = HOUSE / "uv.lock"
# A copy of the lock that was installed: the same bytes mean there is nothing to do.
INSTALLED = VENV / "installed.lock"


def run(*command: str | Path, **environment: str) -> None:
    """Run one step; its failure is the end of the setup."""
    subprocess.run(  # noqa: S603 - our own command lines
        [str(word) for word in command],
        check=True,
        cwd=HOUSE,
        env=os.environ | environment,
    )


def works(*command: str | Path) -> bool:
    """Whether a command can be run at all: a pyenv shim is found, yet may lead nowhere."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command lines
            [str(word) for word in command], check=False, capture_output=True
        )
    except OSError:
        return False
    return done.returncode == 0


def with_uv(uv: str) -> None:
    """Install with uv; never let it fetch a Python of its own."""
    run(
        *(uv, "sync", "--frozen", "--all-extras", "--quiet", "--python", sys.executable),
        UV_PROJECT_ENVIRONMENT=str(VENV),
        UV_PYTHON_DOWNLOADS="never",
    )


def with_pip() -> None:
    """Install with pip alone, every file checked against the lock's hashes."""
    if not works(sys.executable, "-c", "import ensurepip, venv"):
        sys.exit("make setup needs Python's venv module: install python3-venv, or uv.")
    run(sys.executable, "-m", "venv", "--clear", VENV)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        subprocess.run(  # noqa: S603 - our own command line
            [str(VENV_PYTHON), "-m", "app.ops.lock", str(LOCK)],
            check=True,
            cwd=HOUSE,
            stdout=requirements,
        )
        options = ("--require-hashes", "--no-deps", "--quiet", "--disable-pip-version-check")
        run(VENV_PYTHON, "-m", "pip", "install", *options, "-r", requirements.name)


def main() -> None:
    """Install, then remember which lock was installed."""
    INSTALLED.unlink(missing_ok=True)
    if VENV.exists() and not works(VENV_PYTHON, "-c", ""):
        shutil.rmtree(VENV)
    uv = shutil.which("uv")
    try:
        if uv and works(uv, "--version"):
            with_uv(uv)
        else:
            with_pip()
    except subprocess.CalledProcessError as failure:
        sys.exit(f"make setup stopped: {failure.cmd[0]} ended with {failure.returncode}.")
    shutil.copyfile(LOCK, INSTALLED)


if __name__ == "__main__":
    main()
