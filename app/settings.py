"""The environment, read once into one frozen, checked object; the table below is all there is."""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from app import environment as env
from app.environment import HOUSE, ExpectedError, Reader, SettingsError
from app.secret_key import kept_secret_key

VERSION = "0.1.0"
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Spec:
    """One variable: the text it has by default, what it means, and who reads it."""

    name: str
    default: str
    meaning: str
    read: Reader
    # Never quoted in a message: the value is, or may carry, a secret.
    hidden: bool = False


SPECS = (
    Spec("PORT", "8000", "The port to serve on.", env.whole_number(1, 65535)),
    Spec("HOST", "0.0.0.0", "The address to listen on; every one by default.", env.host),  # noqa: S104 - phones must reach it
    Spec(
        "SECRET_KEY",
        "",
        "Signs the session cookie. Without it one is made and kept in instance/secret_key; "
        "with REDIS_URL it is required.",
        env.secret,
        hidden=True,
    ),
    Spec(
        "SECRET_KEY_FALLBACKS",
        "",
        "Earlier keys, with commas between: cookies they signed stay valid.",
        env.secrets,
        hidden=True,
    ),
    Spec(
        "DATABASE_URL",
        "sqlite:///instance/tap-or-tarp.sqlite3",
        "Where games are kept: a SQLite file or postgresql://USER:PASSWORD@HOST/NAME.",
        env.database_url,
        hidden=True,
    ),
    Spec(
        "REDIS_URL",
        "",
        "Where several workers or instances share games: redis://HOST:PORT/0, AOF on, noeviction.",
        env.redis_url,
        hidden=True,
    ),
    Spec(
        "WEB_CONCURRENCY",
        "1",
        "Worker processes; more than 1 need REDIS_URL.",
        env.whole_number(1, 64),
    ),
    Spec(
        "ALLOWED_ORIGINS",
        "",
        "Further origins whose pages may send forms, with commas between; the site's own "
        "always may. https://*.example.org is every host below example.org.",
        env.origins,
    ),
    Spec(
        "TRUSTED_PROXIES",
        "0",
        "How many proxies stand in front and add themselves to X-Forwarded-For.",
        env.whole_number(0, 10),
    ),
    Spec(
        "HTTPS",
        "off",
        "`on` when phones reach the site through https: Secure cookie with the __Host- prefix, "
        "and HSTS.",
        env.switch,
    ),
    Spec(
        "LOG_LEVEL",
        "info",
        "The least that is logged: debug, info, warning, error or critical.",
        env.one_of("debug", "info", "warning", "error", "critical"),
    ),
    Spec(
        "LOG_FORMAT",
        "",
        "json or console; left empty, console on a terminal and json elsewhere.",
        env.one_of("json", "console"),
    ),
    Spec("SENTRY_DSN", "", "Where errors are reported.", env.sentry_dsn, hidden=True),
    Spec("SENTRY_ENVIRONMENT", "production", "The environment named in reports.", env.label),
    Spec(
        "SENTRY_RELEASE",
        "",
        "The release named in reports; left empty, tap-or-tarp and its version.",
        env.label,
    ),
    Spec(
        "BACKUPS_KEPT",
        "0",
        "Daily copies of the SQLite file kept in backups/ beside it; 0 makes none.",
        env.whole_number(0, 366),
    ),
    Spec(
        "COMMIT",
        "",
        "The commit this was built from; left empty, that of the checkout, where it is one.",
        env.label,
    ),
    Spec(
        "METRICS_TOKEN",
        "",
        "Lets a bearer read /metrics from elsewhere; without it only this machine may.",
        env.secret,
        hidden=True,
    ),
    Spec(
        "METRICS_PORT",
        "",
        "A port of its own for /metrics, open to whoever reaches it: keep it private.",
        env.whole_number(1, 65535),
    ),
    Spec(
        "OPERATOR_TOKEN",
        "",
        "Lets a bearer do what operators do; without it nobody can.",
        env.secret,
        hidden=True,
    ),
    Spec(
        "RATE_LIMITS",
        "on",
        "`off` lifts the limits on how often things may be done.",
        env.switch,
    ),
    Spec(
        "MAX_GAMES",
        "50000",
        "Games kept at one time; beyond that no new one is created.",
        env.whole_number(1, 1_000_000),
    ),
    Spec(
        "MAX_STREAMS",
        "16000",
        "Screens listening at one time; beyond that a new one is told to come back.",
        env.whole_number(1, 19_000),
    ),
    Spec(
        "INSTANCE_ID",
        "",
        "This instance's name in logs and /health; left empty, FLY_MACHINE_ID or the host's name.",
        env.label,
    ),
    Spec(
        "STICKY",
        "off",
        "`fly` leads a phone back to the instance that served it before, by Fly's replay header.",
        env.one_of("off", "fly"),
    ),
    Spec(
        "HEARTBEAT_SECONDS",
        "15",
        "How often a silent stream is given a sign of life.",
        env.seconds(0.1, 60),
    ),
)


@dataclass(frozen=True)
class Settings:
    """Every setting, checked. Made by `from_environment`; prints without its secrets."""

    port: int
    host: str
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    web_concurrency: int
    allowed_origins: tuple[str, ...]
    trusted_proxies: int
    https: bool
    log_level: str
    log_format: str
    sentry_dsn: str | None = field(repr=False)
    sentry_environment: str
    sentry_release: str
    backups_kept: int
    commit: str
    metrics_token: str | None = field(repr=False)
    metrics_port: int | None
    operator_token: str | None = field(repr=False)
    rate_limits: bool
    max_games: int
    max_streams: int
    instance_id: str
    sticky: str
    heartbeat_seconds: float

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, instance: Path = HOUSE / "instance"
    ) -> Self:
        """Read and check every variable; an empty one counts as not set.

        Raises SettingsError, whose message is one sentence, on the first value that cannot be used.
        """
        given = os.environ if environment is None else environment
        values: dict[str, Any] = {spec.name.lower(): value_of(spec, given) for spec in SPECS}
        refuse_what_does_not_fit(values)
        values["secret_key_fallbacks"] = values["secret_key_fallbacks"] or ()
        values["allowed_origins"] = values["allowed_origins"] or ()
        values["log_format"] = values["log_format"] or (
            "console" if sys.stderr.isatty() else "json"
        )
        values["sentry_release"] = values["sentry_release"] or f"tap-or-tarp@{VERSION}"
        values["instance_id"] = (
            values["instance_id"] or given.get("FLY_MACHINE_ID") or socket.gethostname()
        )
        values["commit"] = values["commit"] or commit_of(HOUSE)
        values["secret_key"] = values["secret_key"] or kept_secret_key(instance)
        return cls(**values)


def value_of(spec: Spec, given: Mapping[str, str]) -> object:
    """One variable's value; None when it is not set and has no default."""
    text = given.get(spec.name, "").strip() or spec.default
    if not text:
        return None
    try:
        return spec.read(text)
    except ExpectedError as expected:
        is_now = "" if spec.hidden else f" is {text[:SHOWN_CHARACTERS]!r}, but"
        raise SettingsError(f"{spec.name}{is_now} must be {expected}.") from None


def commit_of(house: Path) -> str:
    """The commit a checkout stands at, in short; empty where it is none."""
    try:
        head = (house / ".git/HEAD").read_text().strip()
        ref = head.removeprefix("ref: ")
        if ref == head:
            return head[:12]
        loose = house / ".git" / ref
        if loose.exists():
            return loose.read_text().strip()[:12]
        packed = (house / ".git/packed-refs").read_text().splitlines()
    except OSError:
        return ""
    return next((line[:12] for line in packed if line.endswith(f" {ref}")), "")


def refuse_what_does_not_fit(values: Mapping[str, Any]) -> None:
    """Raise SettingsError where single values are right, but not together or not yet."""
    if values["redis_url"] and not values["secret_key"]:
        raise SettingsError(
            "SECRET_KEY must be set when REDIS_URL is, so that every instance signs alike."
        )
    if values["web_concurrency"] != 1 and not values["redis_url"]:
        raise SettingsError(
            f"WEB_CONCURRENCY is '{values['web_concurrency']}', but must be 1 without REDIS_URL: "
            "workers share games through Redis."
        )
    if values["backups_kept"] and not values["database_url"].startswith("sqlite"):
        raise SettingsError("BACKUPS_KEPT must be 0, because games are not in a SQLite file.")
    if values["metrics_port"] == values["port"]:
        raise SettingsError(
            f"METRICS_PORT is '{values['port']}', but must be another port than PORT."
        )
