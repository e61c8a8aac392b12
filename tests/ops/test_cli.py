"""What an operator types, in a shell of its own beside the running server."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from app.settings import HOUSE
from tests.conftest import Server, environment_in
from tests.person import sit_down, start

WEEK_MS = 7 * 24 * 3600 * 1000


def flask(folder: Path, *words: str) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=HOUSE,
        env=os.environ | environment_in(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_forget_removes_what_is_kept_no_longer(server: Server, tmp_path: Path) -> None:
    """A lobby of last week goes; the game that is played goes on, and no clock is touched."""
    old, _ = sit_down(server.url, 2)
    code, (host, guest) = start(server.url, 2)
    with closing(sqlite3.connect(tmp_path / "tarp.sqlite3")) as other, other:
        other.execute("update games set updated_at = updated_at - ? where code = ?", (WEEK_MS, old))
    before = host.get(f"/games/{code}").state
    assert flask(tmp_path, "forget") == "1 game removed.\n"
    assert host.get(f"/games/{code}").state == before
    with closing(sqlite3.connect(tmp_path / "tarp.sqlite3")) as other:
        left = other.execute("select code from games").fetchall()
    assert left == [(code,)]
    assert guest.post(f"/games/{code}/roll-dice", sides=6).status == 303


def test_forget_a_browser(server: Server, tmp_path: Path) -> None:
    """Somebody asks by mail: the list and the feedback of that browser go."""
    code, (host, guest) = sit_down(server.url, 2)
    guest.post("/feedback", text="Mine")
    with closing(sqlite3.connect(tmp_path / "tarp.sqlite3")) as other:
        (client,) = other.execute("select client from feedback").fetchone()
    told = flask(tmp_path, "forget", "--client", client)
    assert told == "0 games removed.\nThe browser is forgotten.\n"
    assert code not in guest.get("/").text
    assert code in host.get("/").text
    with closing(sqlite3.connect(tmp_path / "tarp.sqlite3")) as other:
        assert other.execute("select * from feedback").fetchall() == []
