"""The environment is read once, and a wrong value is told in one sentence that names it."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.secret_key import kept_secret_key
from app.settings import HOUSE, SPECS, Settings, SettingsError

KEY = "a key long enough to sign with"


def settings(instance: Path, **environment: str) -> Settings:
    """The settings of an environment with nothing else in it."""
    return Settings.from_environment(environment, instance=instance)


def test_nothing_set_just_works(tmp_path: Path) -> None:
    """The first command on a fresh machine must serve without any preparation."""
    found = settings(tmp_path)
    assert (8000, "0.0.0.0", 1, False, 15.0) == (
        found.port,
        found.host,
        found.web_concurrency,
        found.https,
        found.heartbeat_seconds,
    )
    assert Path(found.database_url.removeprefix("sqlite:///")).is_absolute()


def test_empty_means_default(tmp_path: Path) -> None:
    """Compose files and CI set variables to nothing; that is not a wrong value."""
    empty = settings(tmp_path, **{spec.name: "" for spec in SPECS})
    assert settings(tmp_path) == empty


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is 'eighty', but must be a whole number from 1 to 65535."),
        ("PORT", "70000", "PORT is '70000', but must be a whole number from 1 to 65535."),
        ("PORT", "８０", "PORT is '８０', but must be a whole number from 1 to 65535."),
        ("HTTPS", "yes", "HTTPS is 'yes', but must be on or off."),
        (
            "HOST",
            "a b",
            ("HOST is 'a b', but must be an address or host name without a port, such as 0.0.0.0."),
        ),
        (
            "LOG_LEVEL",
            "loud",
            ("LOG_LEVEL is 'loud', but must be debug, info, warning, error or critical."),
        ),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml', but must be json or console."),
        (
            "ALLOWED_ORIGINS",
            "*",
            (
                "ALLOWED_ORIGINS is '*', but must be origins such as "
                "https://example.org or https://*.example.org, with commas between."
            ),
        ),
        (
            "HEARTBEAT_SECONDS",
            "nan",
            ("HEARTBEAT_SECONDS is 'nan', but must be a number of seconds from 0.1 to 60."),
        ),
        (
            "WEB_CONCURRENCY",
            "2",
            (
                "WEB_CONCURRENCY is '2', but must be 1 without REDIS_URL: "
                "workers share games through Redis."
            ),
        ),
        ("METRICS_PORT", "8000", "METRICS_PORT is '8000', but must be another port than PORT."),
        ("SECRET_KEY", "short", "SECRET_KEY must be at least 16 characters long."),
        (
            "SECRET_KEY_FALLBACKS",
            f"{KEY},old",
            ("SECRET_KEY_FALLBACKS must be keys of at least 16 characters with commas between."),
        ),
        (
            "DATABASE_URL",
            "mysql://me:hush@db/x",
            ("DATABASE_URL must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME."),
        ),
        (
            "DATABASE_URL",
            "sqlite://",
            ("DATABASE_URL must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME."),
        ),
        ("SENTRY_DSN", "https://[x", "SENTRY_DSN must be of the form https://KEY@HOST/PROJECT."),
        ("REDIS_URL", "localhost", "REDIS_URL must be of the form redis://HOST:PORT/0."),
    ],
)
def test_a_wrong_value_is_told(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    """Whoever starts the server learns which variable to mend; secrets are never quoted."""
    with pytest.raises(SettingsError) as refusal:
        settings(tmp_path, **{name: value})
    assert sentence == str(refusal.value)


def test_redis_needs_a_shared_key(tmp_path: Path) -> None:
    """Instances that sign with keys of their own would log everybody out at every request."""
    with pytest.raises(SettingsError, match="^SECRET_KEY must be set when REDIS_URL is"):
        settings(tmp_path, REDIS_URL="redis://localhost")


def test_with_redis_workers_may_be_many(tmp_path: Path) -> None:
    """That is what it is for."""
    found = settings(
        tmp_path, REDIS_URL="redis://localhost", SECRET_KEY=KEY, WEB_CONCURRENCY="4", STICKY="fly"
    )
    assert (4, "redis://localhost", "fly") == (
        found.web_concurrency,
        found.redis_url,
        found.sticky,
    )


def test_postgres_by_either_name(tmp_path: Path) -> None:
    """Hosts hand out `postgres://` addresses; SQLAlchemy knows only the longer name."""
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        found = settings(tmp_path, DATABASE_URL=f"{scheme}://me:hush@db:5432/tarp?sslmode=require")
        assert found.database_url == "postgresql+psycopg://me:hush@db:5432/tarp?sslmode=require"


def test_origins_are_compared_as_browsers_send_them(tmp_path: Path) -> None:
    """A capital letter or a closing slash in the setting must not lock a site out."""
    found = settings(tmp_path, ALLOWED_ORIGINS="https://Example.org/, http://localhost:3000")
    assert found.allowed_origins == ("https://example.org", "http://localhost:3000")


def test_the_instance_is_named_by_fly(tmp_path: Path) -> None:
    """Logs of several machines are told apart without anybody setting a thing."""
    assert settings(tmp_path, FLY_MACHINE_ID="148e").instance_id == "148e"
    assert settings(tmp_path, FLY_MACHINE_ID="148e", INSTANCE_ID="a").instance_id == "a"


def test_secrets_are_not_printed(tmp_path: Path) -> None:
    """Settings land in tracebacks and reports; their secrets must not."""
    url = "postgresql://me:hush-hush-hush@db/x"
    assert KEY not in repr(settings(tmp_path, SECRET_KEY=KEY, OPERATOR_TOKEN=KEY))
    assert "hush" not in repr(settings(tmp_path, DATABASE_URL=url))


def test_the_key_is_kept(tmp_path: Path) -> None:
    """A restart must not log anybody out, and nobody else on the machine may read the key."""
    assert settings(tmp_path).secret_key == settings(tmp_path).secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_starts_agree_on_the_key(tmp_path: Path) -> None:
    """An old and a new server starting at once would otherwise sign with different keys."""
    with ThreadPoolExecutor(16) as starts:
        keys = set(starts.map(lambda _: kept_secret_key(tmp_path / "instance"), range(64)))
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "instance").iterdir()] == ["secret_key"]


def test_a_key_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """A read-only folder is a mistake of the set-up, told like any other."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="^SECRET_KEY is not set, and .* cannot keep one: "):
        settings(tmp_path / "file")


def test_a_broken_key_is_told(tmp_path: Path) -> None:
    """An emptied key file must not quietly become a key that anybody can guess."""
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(SettingsError, match="is too short to use.$"):
        settings(tmp_path)


def test_a_wrong_value_stops_the_start() -> None:
    """Nobody should have to read a traceback to learn that a port has to be a number."""
    started = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:app.ops.gunicorn", "wsgi:app"],
        cwd=HOUSE,
        env=os.environ | {"PORT": "eighty"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert started.stderr == "PORT is 'eighty', but must be a whole number from 1 to 65535.\n"
    assert started.returncode != 0
