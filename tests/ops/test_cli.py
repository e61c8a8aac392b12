"""What an operator types, in a shell of its own beside the running server."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.ops import cli
from app.ops.backups import DailyBackups
from app.settings import HOUSE
from app.storage.engine import address
from app.storage.sql import SqlStorage
from tests.conftest import Server, environment_in
from tests.house.test_readme_tables import rows
from tests.person import Person, sit_down, start
from tests.storage.games import created, creation

WEEK_MS = 7 * 24 * 3600 * 1000
TOKEN = "the operator's own word"


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Type a command."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=HOUSE,
        env=os.environ | environment_in(folder) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def flask(folder: Path, *words: str, **environment: str) -> str:
    """What a command prints; it must end well."""
    done = run(folder, *words, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(folder: Path, *words: str, **environment: str) -> str:
    """Why a command was not carried out, in its last line."""
    done = run(folder, *words, **environment)
    assert done.returncode == 1, done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_every_command_has_its_row() -> None:
    """README lists them all, in the order in which --help does."""
    told = [re.findall(r"`flask --app wsgi ([\w-]+)", row[0]) for row in rows("### Commands")]
    known = [cli.games, cli.show, cli.replay, cli.stats, cli.close, cli.forget, cli.backup]
    assert [[one.name] for one in (*known, cli.restore, cli.move_games)] == told


def test_looking_beside_the_server(server: Server, tmp_path: Path) -> None:
    """List, show, replay and count; the server and its clocks notice nothing."""
    code, (host, guest) = start(server.url, 2, name="Friday")
    guest.post(f"/games/{code}/adjust-life", by=-5)
    host.post(f"/games/{code}/pass-turn", turn=1)
    before = host.get(f"/games/{code}").state
    listed = flask(tmp_path, "games")
    assert re.search(rf"^{code}  running   2 of 2 seats  turn 2 .*  Friday$", listed, re.MULTILINE)
    shown = flask(tmp_path, "show", code.lower())
    assert re.search(r"^  2  Player 2 +20:\d\d  life 35 +turn, taken$", shown, re.MULTILINE)
    told = flask(tmp_path, "replay", code)
    assert "Turn 1\n" in told
    assert "5 entries lead to the stored game." in told
    assert flask(tmp_path, "replay", code, "--quiet") == "5 entries lead to the stored game.\n"
    counted = flask(tmp_path, "stats")
    assert re.search(r"^ +1  running games$", counted, re.MULTILINE)
    assert counted.endswith("A server runs.\n")
    assert host.get(f"/games/{code}").state == before


@pytest.mark.usefixtures("server")
def test_what_is_not_there(tmp_path: Path) -> None:
    """A mistyped code is a sentence, not a stack."""
    assert refused(tmp_path, "show", "ZZZZZZ") == "Error: There is no game with this code."
    assert refused(tmp_path, "replay", "ZZZZZZ") == "Error: There is no ledger of ZZZZZZ."


def test_close_goes_through_the_running_server(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    """Whoever sits at the table hears of it at once; without the token nobody closes anything."""
    server = serve(OPERATOR_TOKEN=TOKEN)
    code, (host, _) = start(server.url, 2)
    ear = host.listen(code)
    ear.next()
    port = {"PORT": str(server.port)}
    assert refused(tmp_path, "close", code, "--yes", **port).startswith("Error: Set OPERATOR_TOKEN")
    wrong = {"OPERATOR_TOKEN": "somebody else's word", **port}
    told = refused(tmp_path, "close", code, "--yes", **wrong)
    assert told == "Error: That needs the operator's token."
    assert host.get(f"/games/{code}").status == 200
    done = flask(tmp_path, "close", code, "--yes", OPERATOR_TOKEN=TOKEN, **port)
    assert done == f"{code} is closed.\n"
    while ear.next().state["status"] != "closed":
        pass
    assert host.get(f"/games/{code}").status == 410
    ear.close()


def test_close_without_a_server(server: Server, tmp_path: Path) -> None:
    """The night after, with everything off."""
    code, (host, _) = sit_down(server.url, 2)
    assert server.stop() == 0
    _wait_until_silent(tmp_path)
    assert flask(tmp_path, "close", code, "--yes") == f"{code} is closed.\n"
    server.start()
    assert host.get(f"/games/{code}").status == 410


def _wait_until_silent(folder: Path) -> None:
    """Make the last alive line old enough, instead of waiting for it."""
    with closing(sqlite3.connect(folder / "tarp.sqlite3")) as other, other:
        other.execute("update alive set at = at - ?", (cli.RUNS_WITHIN_MS,))


def test_the_operators_address_is_the_operators(serve: Callable[..., Server]) -> None:
    """Neither a player nor a guess at the token closes somebody's game."""
    server = serve(OPERATOR_TOKEN=TOKEN)
    code, (host, _) = sit_down(server.url, 2)
    for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": TOKEN + "x"}):
        assert host.send(f"/operator/close/{code}", {}, headers).status == 403
    assert host.get(f"/games/{code}").status == 200


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


# ---- backup and restore


def test_a_backup_while_everybody_taps_and_its_way_back(server: Server, tmp_path: Path) -> None:
    """The copy is one instant of a busy evening, complete in itself, and it can be played on."""
    code, (host, guest) = start(server.url, 2)
    for turn in range(1, 9):
        (host, guest)[(turn - 1) % 2].post(f"/games/{code}/pass-turn", turn=turn)
    copy = tmp_path / "copy.sqlite3"
    assert re.fullmatch(r"\d+ bytes in .*\n", flask(tmp_path, "backup", str(copy)))
    assert refused(tmp_path, "backup", str(copy)).endswith("copy.sqlite3 exists already.")
    host.post(f"/games/{code}/pass-turn", turn=9)
    later, _ = sit_down(server.url, 2)
    told = refused(tmp_path, "restore", str(copy), "--yes")
    assert told == "Error: A server runs on this database, or did a moment ago: stop it first."
    assert host.get(f"/games/{code}").state["turn"] == "10"

    assert server.stop() == 0
    _wait_until_silent(tmp_path)
    done = flask(tmp_path, "restore", str(copy), "--yes")
    assert done.startswith("The games are those of the backup.\nThe former ones lie in ")
    former = Path(done.strip().rsplit(" in ", 1)[1].rstrip("."))
    with closing(sqlite3.connect(former)) as other:
        kept = other.execute("select count(*) from games").fetchone()
    assert kept == (2,)
    server.start()
    assert host.get(f"/games/{code}").state["turn"] == "9"
    assert host.get(f"/games/{later}").status == 404
    assert host.post(f"/games/{code}/pass-turn", turn=9).status == 303


def test_a_file_that_is_no_backup(server: Server, tmp_path: Path) -> None:
    """A letter, a broken copy, one of a newer version: the games stay as they are."""
    code, (host, _) = sit_down(server.url, 2)
    copy = tmp_path / "copy.sqlite3"
    flask(tmp_path, "backup", str(copy))
    assert server.stop() == 0
    _wait_until_silent(tmp_path)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear operator, " * 1000)
    assert "is no database of ours" in refused(tmp_path, "restore", str(letter), "--yes")
    assert "is not there." in refused(tmp_path, "restore", str(tmp_path / "none"), "--yes")
    with closing(sqlite3.connect(copy)) as other, other:
        other.execute("update schema_version set number = 99")
    told = refused(tmp_path, "restore", str(copy), "--yes")
    assert told.endswith("was written by a newer version (schema 99).")
    server.start()
    assert host.get(f"/games/{code}").status == 200


def test_daily_copies_take_turns(tmp_path: Path) -> None:
    """One a day, the newest three kept; what somebody else put there is not touched."""
    storage = SqlStorage(f"sqlite:///{tmp_path / 'tarp.sqlite3'}")
    storage.save(creation(created()))
    daily = DailyBackups(address(f"sqlite:///{tmp_path / 'tarp.sqlite3'}"), kept=3)
    day = datetime(2026, 11, 27, 3, tzinfo=UTC)
    for hours in (0, 1, 24, 48, 72, 96):
        daily.see_to(day + timedelta(hours=hours))
        if not hours:
            (daily.folder / "precious.sqlite3").write_text("mine")
    assert [file.name for file in daily.copies()] == [
        f"games-2026-{date}.sqlite3" for date in ("11-29", "11-30", "12-01")
    ]
    assert (daily.folder / "precious.sqlite3").exists()
    with closing(sqlite3.connect(daily.copies()[-1])) as copy:
        assert copy.execute("select code from games").fetchall() == [("K7QF2M",)]
    storage.close()


def test_a_server_with_the_setting_makes_its_copy(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    """Nobody has to remember anything."""
    server = serve(BACKUPS_KEPT="2")
    Person(server.url).post("/games")
    folder = tmp_path / "backups"
    deadline = datetime.now(UTC) + timedelta(seconds=10)
    while not list(folder.glob("games-*.sqlite3")):
        assert datetime.now(UTC) < deadline
    assert server.stop() == 0


def test_the_version_is_told(serve: Callable[..., Server]) -> None:
    """Whoever reports a fault can say of which build."""
    server = serve(COMMIT="abc1234")
    for path in ("/", "/health"):
        text = Person(server.url).get(path).text
        assert "0.1.0" in text, path
        assert "abc1234" in text, path
