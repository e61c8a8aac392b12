"""How one value of the environment is read; each reader says what it had expected."""

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

Reader = Callable[[str], object]
HOUSE = Path(__file__).resolve().parents[1]
HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
LEAST_SECRET_CHARACTERS = 16


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one sentence for whoever starts the server."""


class ExpectedError(ValueError):
    """What a reader had expected; the settings add the variable's name and its value."""


def whole_number(least: int, most: int) -> Reader:
    """Plain digits from `least` to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ExpectedError(f"a whole number from {least} to {most}")
        return int(text)

    return read


def seconds(least: float, most: float) -> Reader:
    """A number of seconds, with a decimal point where wanted."""

    def read(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or not least <= float(text) <= most:
            raise ExpectedError(f"a number of seconds from {least:g} to {most:g}")
        return float(text)

    return read


def one_of(*words: str) -> Reader:
    """One of a few words, however capitalised."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ExpectedError(f"{', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return read


def switch(text: str) -> bool:
    """`on` or `off`."""
    return one_of("on", "off")(text) == "on"


def host(text: str) -> str:
    """An address or name to listen on, without a port."""
    if not HOST_NAME.fullmatch(text):
        raise ExpectedError("an address or host name without a port, such as 0.0.0.0")
    return text


def label(text: str) -> str:
    """A short name that is safe in a log line, a header and a file name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9@._+-]{0,99}", text):
        raise ExpectedError(
            "1 to 100 letters, digits and @ . _ + -, beginning with one of the first two"
        )
    return text


def secret(text: str) -> str:
    """A secret long enough not to be guessed."""
    if len(text) < LEAST_SECRET_CHARACTERS:
        raise ExpectedError(f"at least {LEAST_SECRET_CHARACTERS} characters long")
    return text


def secrets(text: str) -> tuple[str, ...]:
    """Several secrets, with commas between."""
    found = tuple(each.strip() for each in text.split(","))
    if any(len(each) < LEAST_SECRET_CHARACTERS for each in found):
        raise ExpectedError(
            f"keys of at least {LEAST_SECRET_CHARACTERS} characters with commas between"
        )
    return found


def origins(text: str) -> tuple[str, ...]:
    """Several origins as browsers send them, with commas between.

    `https://*.example.org` stands for every host below example.org.
    """
    found = tuple(each.strip().lower().rstrip("/") for each in text.split(","))
    for each in found:
        if not re.fullmatch(r"https?://((\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", each):
            raise ExpectedError(
                "origins such as https://example.org or https://*.example.org, with commas between"
            )
    return found


def sentry_dsn(text: str) -> str:
    """Where Sentry wants its reports: `https://KEY@HOST/PROJECT`."""
    expected = "of the form https://KEY@HOST/PROJECT"
    parts = split(text, expected)
    reachable = parts.scheme in {"http", "https"} and parts.username and parts.hostname
    if not reachable or not re.fullmatch(r"(/[^/]+)*/[0-9]+", parts.path):
        raise ExpectedError(expected)
    return text


def redis_url(text: str) -> str:
    """A Redis server: `redis://HOST:PORT/0`, or `rediss://` with TLS."""
    parts = split(text, "of the form redis://HOST:PORT/0")
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ExpectedError("of the form redis://HOST:PORT/0")
    return text


def database_url(text: str) -> str:
    """A file of SQLite, made absolute from the house's own folder, or a PostgreSQL server."""
    expected = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
    parts = split(text, expected)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return f"sqlite:///{HOUSE / parts.path.removeprefix('/')}"
    if parts.scheme in {"postgres", "postgresql", "postgresql+psycopg"} and len(parts.path) > 1:
        if find_spec("psycopg") is None:
            raise ExpectedError("a SQLite file, because the postgres extra is not installed")
        return "postgresql+psycopg" + text.removeprefix(parts.scheme)
    raise ExpectedError(expected)


def split(text: str, expected: str) -> SplitResult:
    """An address in its parts; what cannot be taken apart was not what was expected."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise ExpectedError(expected) from None
    return parts
