"""The image, as far as it can be built without a container: its files, another user, its packages.

The fast part runs what the Dockerfile copies out of a folder nobody may write into; the soak
installs the packages exactly as the first stage does.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest

from app.ops.ready import address
from app.settings import HOUSE
from tests.conftest import Server, free_port
from tests.house.pinned import pinned, plain
from tests.person import start

DOCKERFILE = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
STEPS = [
    " ".join(step.split())
    for step in re.sub(r"\\\n", " ", DOCKERFILE).splitlines()
    if step and not step.startswith("#")
]
LAST_STAGE = STEPS[[step.partition(" ")[0] for step in STEPS].index("FROM", 1) :]
WRITABLE = "instance"
MOST_BYTES = 100_000_000


def copied() -> list[str]:
    """The names the last stage copies from the house."""
    steps = [step.split()[1:] for step in LAST_STAGE if step.startswith("COPY ")]
    return [name for *names, _ in steps for name in names if not names[0].startswith("--")]


def command() -> list[str]:
    """What the container runs."""
    (step,) = (step for step in LAST_STAGE if step.startswith("CMD "))
    words: list[str] = json.loads(step.removeprefix("CMD "))
    return words


def interpreter() -> Path:
    """A Python of this version that another user may run; skips where there is none."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(sys.executable).resolve()]
    found += [Path(folder, version) for folder in ("/usr/local/bin", "/usr/bin")]
    for path in found:
        if path.exists() and all(each.stat().st_mode & 0o001 for each in (path, *path.parents)):
            return path
    pytest.skip(f"no {version} here that other users may run")


@dataclass
class Container(Server):
    """The same server out of the image's folder, as `nobody`, a direct child of ours."""

    house: Path = HOUSE
    python: Path = HOUSE

    def start(self) -> Container:
        """Start what CMD says, as USER does: no other name, no other variables."""
        nobody = pwd.getpwnam("nobody")
        (self.house / WRITABLE).mkdir()
        os.chown(self.house / WRITABLE, nobody.pw_uid, nobody.pw_gid)
        _, *words = command()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.python, *words],
                cwd=self.house,
                env=self.environment | {"PORT": str(self.port), "HOME": "/nonexistent"},
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=nobody.pw_uid,
                group=nobody.pw_gid,
                extra_groups=[],
            )
        latest = time.monotonic() + 30
        while time.monotonic() < latest and self.process.poll() is None:
            if self.is_healthy():
                return self
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"The container did not start:\n{self.log.read_text()}")

    def is_healthy(self) -> bool:
        """Whether HEALTHCHECK would say so."""
        (check,) = (step for step in LAST_STAGE if step.startswith("HEALTHCHECK "))
        _, *words = json.loads(check.partition(" CMD ")[2])
        given = {"PORT": str(self.port), "PYTHONDONTWRITEBYTECODE": "1"}
        asked = [str(self.python), *words]
        done = subprocess.run(asked, cwd=self.house, env=given, check=False, capture_output=True)
        return done.returncode == 0


@pytest.fixture
def image(tmp_path: Path) -> Iterator[Path]:
    """What the last stage copies, owned by root and read-only, where other users can reach it."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    # pytest's own folder is closed to other users.
    house = Path("/var/tmp", f"tarp-image-{os.getpid()}-{tmp_path.name}", "app")
    house.mkdir(parents=True)
    ignore = shutil.ignore_patterns("__pycache__")
    for name in copied():
        if (HOUSE / name).is_dir():
            shutil.copytree(HOUSE / name, house / name, ignore=ignore)
        else:
            shutil.copy(HOUSE / name, house / name)
    for path in (house.parent, *house.parent.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield house
    shutil.rmtree(house.parent)


def packages_that_serve(folder: Path) -> None:
    """Only what is installed without the development group, by links."""
    folder.mkdir()
    # The other user's Python may be Debian's 3.11.2, for which redis needs one package more.
    for pin in (*pinned(dev=False), "async-timeout"):
        installed = distribution(pin.partition("==")[0])
        for name in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
            link = folder / name
            if not link.exists():
                link.symlink_to(Path(str(installed.locate_file(name))).resolve())


def serves_and_goes(container: Container) -> None:
    """A game is played in it, it is healthy, writes only where it may, and goes gently."""
    code, people = start(container.url, 2)
    ear = people[1].listen(code)
    ear.next()
    assert people[0].post(f"/games/{code}/pass-turn").status == 303
    assert "2" == ear.until(int(people[0].get(f"/games/{code}").state["version"])).state["turn"]
    assert {"secret_key", "tap-or-tarp.sqlite3"} <= {
        path.name for path in (container.house / WRITABLE).iterdir()
    }
    assert [] == list((container.house / "app").rglob("__pycache__"))
    assert people[0].get("/static/css/house.css").status == 200
    assert people[0].get("/health").text.count('"commit":"0123abc"') == 1
    assert 0 == container.stop()
    assert ear.ended.wait(5)
    ear.close()
    assert not container.is_healthy()
    assert '"level": "error"' not in container.log.read_text()


def in_the_image(python: Path, house: Path, log: Path, **environment: str) -> Container:
    """A container to be: the variables that ENV sets, and nothing of our own."""
    told = " ".join(step.removeprefix("ENV ") for step in LAST_STAGE if step.startswith("ENV "))
    env = dict(pair.split("=", 1) for pair in told.split())
    env |= {"COMMIT": "0123abc", "PATH": os.environ["PATH"], "HOST": "127.0.0.1"}
    return Container(free_port(), env | environment, log, house=house, python=python)


def test_it_serves_from_a_folder_it_may_not_write_into(image: Path, tmp_path: Path) -> None:
    """A read-only image, a user without a home and without rights, one volume: a game is played."""
    python = interpreter()
    packages = image.parent / "packages"
    image.parent.chmod(0o755)
    packages_that_serve(packages)
    if not all(each.stat().st_mode & 0o001 for each in next(packages.iterdir()).resolve().parents):
        pytest.skip("the packages are closed to other users")
    log = tmp_path / "container.log"
    container = in_the_image(python, image, log, PYTHONPATH=str(packages))
    try:
        serves_and_goes(container.start())
    finally:
        container.kill()


def test_what_is_copied_is_what_is_let_in() -> None:
    """A file that .dockerignore holds back breaks the build; one let in for nothing is weight."""
    lines = (HOUSE / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert "*" == rules[0]
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    first = {name for step in STEPS if step.startswith("COPY py") for name in step.split()[1:-1]}
    assert let_in == {*copied(), *first}
    assert ["**/__pycache__"] == [rule for rule in rules[1:] if not rule.startswith("!")]


def test_the_dockerfile_keeps_the_rules_that_matter() -> None:
    """Pinned, not root, stopped by a signal: each is lost by one careless line."""
    assert all(":" in step for step in STEPS if step.startswith("FROM "))
    assert all("latest" not in step for step in STEPS if step.startswith("FROM "))
    (installed,) = re.findall(r"pip install --no-cache-dir (\S+)", DOCKERFILE)
    assert re.fullmatch(r"uv==\d+\.\d+\.\d+", installed)
    assert "--no-dev" in DOCKERFILE
    assert "--frozen" in DOCKERFILE
    assert ["USER 10001:10001"] == [step for step in LAST_STAGE if step.startswith("USER ")]
    assert not any(step.startswith(("ADD ", "ENTRYPOINT ")) for step in STEPS)
    assert "apt-get" not in DOCKERFILE
    assert ["python", "-m", "gunicorn", "-c", "python:app.ops.gunicorn", "wsgi:app"] == command()


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, "http://127.0.0.1:8000/ready"),
        ({"HOST": "0.0.0.0", "PORT": "9000"}, "http://127.0.0.1:9000/ready"),
        ({"HOST": "::"}, "http://127.0.0.1:8000/ready"),
        ({"HOST": "10.0.0.5"}, "http://10.0.0.5:8000/ready"),
        ({"HOST": "fd00::1"}, "http://[fd00::1]:8000/ready"),
    ],
)
def test_health_is_asked_where_the_server_listens(given: dict[str, str], asked: str) -> None:
    """A health check at the wrong door restarts a healthy server for ever."""
    assert asked == address(given)


@pytest.mark.soak
def test_the_first_stage_installs_little_and_enough(image: Path, tmp_path: Path) -> None:
    """The very steps of the first stage, with the very uv: under 100 MB, and a game is played."""
    python = interpreter()
    (uv,) = re.findall(r"uv==\S+", DOCKERFILE)
    tools = tmp_path / "tools"
    subprocess.run([sys.executable, "-m", "venv", tools], check=True)
    subprocess.run([tools / "bin/pip", "install", "-q", "--no-cache-dir", uv], check=True)
    (install,) = (step.removeprefix("RUN ") for step in STEPS if step.startswith("RUN uv sync"))
    image.chmod(0o755)
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(HOUSE / name, image / name)
    path = f"{tools / 'bin'}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "UV_PYTHON": str(python), "UV_LINK_MODE": "copy"}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run(["sh", "-c", install], cwd=image, env=environment, check=True)

    listed = {
        f"{plain(each.metadata['Name'])}=={each.version}"
        for each in distributions(
            path=[str(next((image / ".venv/lib").glob("python*/site-packages")))]
        )
    }
    assert set(pinned(dev=False, python=image / ".venv/bin/python")) == listed
    assert [] == [path for path in image.rglob("*") if path.name in ("tests", "gcc", "pip")]
    files = [path for path in image.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    print(f"installed application: {size / 1e6:.1f} MB in {len(files)} files")  # noqa: T201 - a figure
    assert size < MOST_BYTES

    container = in_the_image(image / ".venv/bin/python", image, tmp_path / "container.log")
    try:
        serves_and_goes(container.start())
    finally:
        container.kill()
