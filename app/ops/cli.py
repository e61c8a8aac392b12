"""What an operator types: `flask --app wsgi COMMAND`. None of it keeps time.

Looking reads the database; what changes a game asks the running server, which holds it in memory.
"""

from __future__ import annotations

import html
import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.game.chronicle import Chronicle
from app.game.clock import remaining_ms
from app.game.commands import Close
from app.game.game import Game
from app.game.ledger import fold
from app.game.refusals import Refusal
from app.game.story import Line, Name, parts
from app.game.wording import clock_text
from app.settings import Settings
from app.storage import backup as copies
from app.storage.contract import Storage
from app.storage.engine import address
from app.storage.moving import move
from app.storage.redis import RedisStorage
from app.storage.sql import SqlStorage
from app.table.codes import normal_code
from app.table.play import Table

RUNS_WITHIN_MS = 15_000
"""A server that runs has written its alive line so lately."""


def install(app: Flask) -> None:
    """Add the commands."""
    for command in (games, show, replay, stats, close, forget, backup, restore, move_games):
        app.cli.add_command(command)


@click.command()
@click.option("--most", default=50, show_default=True, help="So many at the most.")
@with_appcontext
def games(most: int) -> None:
    """List the stored games, newest activity first."""
    for game in _storage().newest_games(most):
        taken = sum(seat.is_taken for seat in game.seats.values())
        click.echo(
            f"{game.code}  {game.status:<8}  {taken} of {len(game.seats)} seats  "
            f"turn {game.turn:<4} {_when(game.last_at)}  {game.name}"
        )


@click.command()
@click.argument("code")
@with_appcontext
def show(code: str) -> None:
    """Show one game: status, seats, clocks as they are at this moment."""
    game = _look(code)
    click.echo(f"{game.code}  {game.name}")
    click.echo(f"{game.status}, turn {game.turn}, {game.version} entries, {_when(game.last_at)}")
    at = _table().now()
    for number in game.order:
        seat = game.seats[number]
        marks = [
            "turn" if game.active == number else "",
            "taken" if seat.holder else "shared" if seat.shared else "free",
            f"out: {seat.out}" if seat.out else "",
            "choosing" if seat.is_pending else "",
        ]
        click.echo(
            f"  {number}  {seat.name:<20}  {clock_text(remaining_ms(game, number, at)):>8}  "
            f"life {seat.life:<4}  {', '.join(filter(None, marks))}"
        )


@click.command()
@click.argument("code")
@click.option("--quiet", is_flag=True, help="Only whether the ledger leads to the stored game.")
@with_appcontext
def replay(code: str, *, quiet: bool) -> None:
    """Tell a game's story from its ledger, and whether that folds to the game as it is stored."""
    code = normal_code(code)
    storage = _storage()
    beginning = storage.beginning(code)
    if beginning is None:
        raise click.ClickException(f"There is no ledger of {code}.")
    entries = storage.ledger(code)
    chronicle = Chronicle(beginning)
    for entry in entries:
        chronicle.add(entry)
    if not quiet:
        for part in parts(chronicle, entries):
            click.echo(f"Turn {part.turn}" if part.turn else "Lobby")
            for line in part.lines:
                click.echo(f"  {_when(line.at)}  {_told(line)}")
    stored = storage.load(code)
    folded = fold(beginning, entries)
    if stored is None:
        click.echo(f"{len(entries)} entries; the game itself is gone.")
    elif folded == stored:
        click.echo(f"{len(entries)} entries lead to the stored game.")
    else:
        raise click.ClickException(f"{len(entries)} entries do not lead to the stored game.")


@click.command()
@with_appcontext
def stats() -> None:
    """Count what is stored, and say whether a server runs."""
    for words, number in _storage().figures().items():
        click.echo(f"{number:>10}  {words}")
    click.echo("A server runs." if _server_runs() else "No server runs on this database.")


@click.command()
@click.argument("code")
@click.confirmation_option(prompt="Send everybody at this table home?")
@with_appcontext
def close(code: str) -> None:
    """Close a game as its host would; a running server does it, so that all screens hear of it."""
    code = _look(code).code
    if not _server_runs():
        table = _table()
        table.play(code, Close(confirm=True), table.look(code).host, table.now())
    else:
        _ask_server(f"close/{code}")
    click.echo(f"{code} is closed.")


@click.command()
@click.option("--client", help="Forget this browser's list of games and its feedback, too.")
@with_appcontext
def forget(client: str | None) -> None:
    """Remove now what is kept no longer: old games, their tokens, ledgers of 30 days ago."""
    storage = _storage()
    gone = storage.sweep(_table().now())
    click.echo(f"{gone} game{'' if gone == 1 else 's'} removed.")
    if client:
        storage.forget(client)
        click.echo("The browser is forgotten.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy all games to a new FILE, as they are at one instant; the server may go on."""
    try:
        size = copies.copy_to(address(_settings().database_url), file.resolve())
    except copies.NoBackupError as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{size} bytes in {file}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.confirmation_option(prompt="Put this copy in the place of all present games?")
@with_appcontext
def restore(file: Path) -> None:
    """Put a backup in the place of all present games. Refused while a server runs."""
    if _server_runs():
        raise click.ClickException(
            "A server runs on this database, or did a moment ago: stop it first."
        )
    _storage().close()
    try:
        former = copies.put_back(address(_settings().database_url), file.resolve())
    except copies.NoBackupError as no:
        raise click.ClickException(str(no)) from no
    click.echo("The games are those of the backup.")
    if former is not None:
        click.echo(f"The former ones lie in {former}.")


@click.command("move-games")
@click.option("--to", "where", type=click.Choice(["redis", "sql"]), required=True)
@click.confirmation_option(prompt="Move all games?")
@with_appcontext
def move_games(where: str) -> None:
    """Move all games between the database and Redis. Refused while a server runs."""
    settings = _settings()
    if settings.redis_url is None:
        raise click.ClickException("Set REDIS_URL to say where Redis is.")
    if _server_runs():
        raise click.ClickException("A server runs, or did a moment ago: stop it first.")
    _storage().close()
    sql = SqlStorage(settings.database_url)
    redis = RedisStorage(settings.redis_url, SqlStorage(settings.database_url))
    try:
        moved = move(sql, redis) if where == "redis" else move(redis, sql)
    finally:
        redis.close()
        sql.close()
    click.echo(f"{moved.games} games and {moved.ledgers} ledgers of games that are gone moved.")
    for code in moved.stayed:
        click.echo(f"{code} stayed: its code is taken there, or it cannot be read.")


def _ask_server(what: str) -> None:
    """Send a command to this machine's server."""
    settings = _settings()
    if not settings.operator_token:
        raise click.ClickException("Set OPERATOR_TOKEN, here and for the server, to do that.")
    asked = urllib.request.Request(
        f"http://127.0.0.1:{settings.port}/operator/{what}",
        method="POST",
        headers={"Authorization": f"Bearer {settings.operator_token}", "HX-Request": "true"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own address
            json.load(answer)
    except urllib.error.HTTPError as no:
        text = html.unescape(no.read().decode().partition("<p>")[2].partition("</p>")[0])
        raise click.ClickException(text or f"The server answered {no.code}.") from no
    except OSError as away:
        raise click.ClickException(
            f"A server uses this database, but not on port {settings.port}: {away}."
        ) from away


def _server_runs() -> bool:
    alive_at = _storage().last_alive()
    return alive_at is not None and time.time() * 1000 - alive_at < RUNS_WITHIN_MS


def _look(code: str) -> Game:
    try:
        return _table().look(normal_code(code))
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal


def _told(line: Line) -> str:
    words = "".join(word.name if isinstance(word, Name) else word for word in line.words)
    who = line.seat.name if line.seat else line.hand
    undone = "  (taken back)" if line.undone_by else ""
    return " ".join(filter(None, (who, words, line.amount, line.value))) + undone


def _when(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def _table() -> Table:
    table: Table = current_app.extensions["table"]
    return table


def _storage() -> Storage:
    return _table().storage


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
