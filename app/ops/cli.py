"""What an operator types: `flask --app wsgi COMMAND`. None of it keeps time."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.storage.contract import Storage


def install(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(forget)


@click.command()
@with_appcontext
@click.option("--client", help="Forget this browser's list of games and its feedback, too.")
def forget(client: str | None) -> None:
    """Remove now what is kept no longer: old games, their tokens, ledgers of 30 days ago."""
    storage: Storage = current_app.extensions["table"].storage
    gone = storage.sweep(current_app.extensions["table"].now())
    click.echo(f"{gone} game{'' if gone == 1 else 's'} removed.")
    if client:
        storage.forget(client)
        click.echo("The browser is forgotten.")
