"""The disk fails under a real server during play: a polite no, nobody else hears, all recovers."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.person import Ear, Person, start
from tests.socket_line import SocketEar

BANK_MS = 20 * 60 * 1000
FAULT_SECONDS = 3.0
#: How much of a fault may be charged: a tap's way to the door on a busy machine.
SLACK_MS = 700

NOT_SAVED = "The table could not be saved, so nothing was changed."
NOT_READ = "This game cannot be read. Its keeper has been told."


@dataclass
class Hall:
    """Two tables on one server, everybody listening; at one people tap, at one they think."""

    server: Server
    database: Path
    code: str
    people: list[Person]
    other_code: str
    other_people: list[Person]
    #: A phone on a stream, one on a socket, and the host's own socket; one at the other table.
    stream: Ear
    socket: SocketEar
    own: SocketEar
    other: Ear
    began: float

    def health(self) -> dict[str, object]:
        """What /health says."""
        told: dict[str, object] = json.loads(self.people[0].get("/health").text)
        return told

    def ready(self) -> tuple[int, list[str]]:
        """What /ready says."""
        answer = self.people[0].get("/ready")
        return answer.status, json.loads(answer.text)["reasons"]

    def refuses(self, sentence: str) -> None:
        """Both roads say it, and no other phone hears anything."""
        pressed = self.people[0].post(f"/games/{self.code}/pass-turn", turn=1)
        assert (503, True) == (pressed.status, sentence in pressed.text), pressed.text
        self.own.say("pass-turn", turn="1")
        assert sentence in self.own.told(15)
        assert self.stream.frames.empty()
        assert self.socket.frames.empty()
        # Who only looks is not sent away.
        assert "1" == self.people[1].get(f"/games/{self.code}").state["turn"]

    def plays_on(self) -> None:
        """A tap is carried out, and both phones hear of it."""
        assert 303 == self.people[0].post(f"/games/{self.code}/pass-turn", turn=1).status
        for ear in (self.stream, self.socket):
            while ear.next(10).state["turn"] != "2":
                continue

    def settle(self) -> None:
        """Until everybody has heard all that there is to hear."""
        quiet_at = time.monotonic() + 0.5
        while time.monotonic() < quiet_at:
            for ear in (self.stream, self.socket, self.own, self.other):
                while not ear.frames.empty():
                    ear.next()
                    quiet_at = time.monotonic() + 0.5
            time.sleep(0.02)


@pytest.fixture
def hall(serve: Callable[..., Server], database: Path) -> Iterator[Hall]:
    """Two running tables whose first player thinks."""
    server = serve(DATABASE_URL=f"sqlite:///{database}")
    other_code, other_people = start(server.url, 2, bonus_seconds=0)
    code, people = start(server.url, 2, bonus_seconds=0)
    began = time.monotonic()
    with ExitStack() as open_ears:
        stream, other = Person(server.url).listen(code), other_people[1].listen(other_code)
        socket, own = people[1].plug_in(code), people[0].plug_in(code)
        for ear in (stream, other, socket, own):
            open_ears.callback(ear.close)
            ear.next()
        yield Hall(
            server, database, code, people, other_code, other_people,
            stream, socket, own, other, began,
        )  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where this server keeps its games."""
    return tmp_path / "games" / "tarp.sqlite3"


@contextmanager
def read_only(database: Path) -> Iterator[None]:
    """The files may be changed by nobody: root is not asked for permission, so a flag says it."""
    # Not the shared memory beside them: the kernel would end whoever has it mapped (SIGBUS).
    files = [str(database), f"{database}-wal"]
    probe = database.parent / "probe"
    with probe.open("wb", buffering=0) as writing, immutable([str(probe)]):
        try:
            writing.write(b"x")
        except OSError:
            pass
        else:
            pytest.skip("this file system lets open files of an immutable kind be written")
    with immutable(files):
        yield


@contextmanager
def immutable(files: list[str]) -> Iterator[None]:
    """Set the flag, and take it away."""
    chattr = shutil.which("chattr")
    set_it = [chattr or "", "+i", *files]
    if chattr is None or subprocess.run(set_it, check=False, capture_output=True).returncode:
        pytest.skip("files cannot be made immutable here")
    try:
        yield
    finally:
        subprocess.run([chattr, "-i", *files], check=True)


@contextmanager
def full(database: Path) -> Iterator[None]:
    """Somebody else's file takes all the room there is."""
    filler = database.parent / "filler"
    with filler.open("wb", buffering=0) as file:
        for portion in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * portion)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another process holds the write lock, for longer than anybody waits."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            foreign.execute("ROLLBACK")


@pytest.fixture
def small_disk(database: Path) -> Iterator[None]:
    """A file system of a few megabytes for the database alone."""
    mount = shutil.which("mount")
    words = [mount or "", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(database.parent)]
    if mount is None or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield
    subprocess.run(["umount", "--lazy", str(database.parent)], check=True)


@pytest.fixture(autouse=True)
def folder(database: Path) -> None:
    """The folder of the database, before anything is mounted on it."""
    database.parent.mkdir()


Fault = Callable[[Path], AbstractContextManager[None]]


@pytest.mark.parametrize("fault", [read_only, locked])
def test_storage_fails_during_play(hall: Hall, fault: Fault) -> None:
    """Whatever it is: refused in words, known to operators, charged to nobody, over by itself."""
    fails_and_recovers(hall, fault)


@pytest.mark.usefixtures("small_disk")
def test_the_disk_fills_during_play(hall: Hall) -> None:
    """The same, on a disk that somebody else has filled."""
    fails_and_recovers(hall, full)


def fails_and_recovers(hall: Hall, fault: Fault) -> None:
    """From a fault's first refused tap to the first tap after it."""
    hall.settle()
    with fault(hall.database):
        asked = time.monotonic()
        hall.refuses(NOT_SAVED)
        assert "failing" == hall.health()["storage"]
        assert (503, ["storage is failing"]) == hall.ready()
        time.sleep(max(0.0, asked + FAULT_SECONDS - time.monotonic()))
        hall.refuses(NOT_SAVED)
        failed_s = time.monotonic() - asked
    wait_until(lambda: hall.ready() == (200, []))
    assert "ok" == hall.health()["storage"]
    hall.plays_on()
    assert 303 == hall.other_people[0].post(f"/games/{hall.other_code}/pass-turn", turn=1).status
    thought_ms = (time.monotonic() - hall.began - failed_s) * 1000
    for code, people in ((hall.code, hall.people), (hall.other_code, hall.other_people)):
        charged_ms = BANK_MS - int(people[0].get(f"/games/{code}").seat(1)["remaining-ms"])
        assert 0 < charged_ms <= thought_ms + SLACK_MS


@pytest.mark.parametrize("state", ["rubbish", '{"format": 99, "game": "of a newer version"}'])
def test_a_row_is_spoilt_during_play(hall: Hall, state: str) -> None:
    """Another program wrote one game: that table waits, all others play, nobody pays for it."""
    hall.settle()
    good = rewrite(hall, state, 1)
    asked = time.monotonic()
    hall.refuses(NOT_READ)
    assert {"storage": "ok", "unreadable_games": 1}.items() <= hall.health().items()
    assert (200, []) == hall.ready()
    version = int(hall.other_people[0].get(f"/games/{hall.other_code}").state["version"])
    assert 303 == hall.other_people[0].post(f"/games/{hall.other_code}/pass-turn", turn=1).status
    assert "2" == hall.other.until(version + 1, 10).state["turn"]
    time.sleep(max(0.0, asked + FAULT_SECONDS - time.monotonic()))
    hall.refuses(NOT_READ)
    failed_s = time.monotonic() - asked
    assert state == rewrite(hall, good, -1)
    # Nobody has to press for it: it is tried again and again.
    wait_until(lambda: hall.health()["unreadable_games"] == 0)
    hall.plays_on()
    thought_ms = (time.monotonic() - hall.began - failed_s) * 1000
    page = hall.people[0].get(f"/games/{hall.code}")
    charged_ms = BANK_MS - int(page.seat(1)["remaining-ms"])
    assert 0 < charged_ms <= thought_ms + SLACK_MS
    lines = [json.loads(line) for line in hall.server.log.read_text().splitlines()]
    told = [line["game"] for line in lines if line["event"] == "a stored game cannot be read"]
    assert [hall.code] == told


def test_a_spoilt_row_after_a_restart(hall: Hall) -> None:
    """The server starts with it, says whose it is, and serves it as soon as it is put back."""
    good = rewrite(hall, "rubbish", 0)
    hall.server.kill()
    hall.server.start()
    page = hall.people[0].get(f"/games/{hall.code}")
    assert (503, True) == (page.status, NOT_READ in page.text)
    assert 503 == hall.people[0].post(f"/games/{hall.code}/pass-turn", turn=1).status
    assert 1 == hall.health()["unreadable_games"]
    assert 303 == hall.other_people[0].post(f"/games/{hall.other_code}/pass-turn", turn=1).status
    rewrite(hall, good, 0)
    assert 303 == hall.people[0].post(f"/games/{hall.code}/pass-turn", turn=1).status
    assert 0 == hall.health()["unreadable_games"]


def rewrite(hall: Hall, state: str, by: int) -> str:
    """Write a game's row beside the server, as a newer version of its own; what was there."""
    with closing(sqlite3.connect(hall.database, timeout=10)) as other, other:
        asked = "select state from games where code = ?"
        before: str = other.execute(asked, (hall.code,)).fetchone()[0]
        change = "update games set state = ?, version = version + ? where code = ?"
        other.execute(change, (state, by, hall.code))
    return before


def wait_until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Look again and again, not for ever."""
    latest = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < latest
        time.sleep(0.05)
