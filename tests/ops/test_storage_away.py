"""What the real app says of itself while its storage is away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.factory import create_app
from app.settings import HOUSE, Settings
from tests.conftest import environment_in, free_port


def test_health_answers_while_storage_does_not(settings: Settings) -> None:
    """A probe that gets a 500 tells an operator nothing at three in the morning."""
    app = create_app(settings)
    app.extensions["table"].storage.close()
    health = app.test_client().get("/health")
    assert (200, "failing", None) == (
        health.status_code,
        health.get_json()["storage"],
        health.get_json()["games"],
    )
    assert app.test_client().get("/ready").status_code == 503
    assert "\ntarp_ready 0.0\n" in app.test_client().get("/metrics").text


def test_a_database_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    """A folder that is not there, said so, instead of a page of traceback."""
    environment = environment_in(tmp_path) | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/tarp.sqlite3",
        "PORT": str(free_port()),
    }
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:app.ops.gunicorn", "wsgi:app"],
        cwd=HOUSE,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode != 0
    assert "The database cannot be used: unable to open database file." in done.stderr
    assert "Traceback" not in done.stderr
