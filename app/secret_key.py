"""The key that signs the session cookie, when nobody gave one: made once, kept on this machine."""

import os
import secrets
from pathlib import Path

from app.environment import LEAST_SECRET_CHARACTERS, SettingsError


def kept_secret_key(instance: Path) -> str:
    """The key in `instance/secret_key` (mode 0600), made at the first start.

    The whole file appears under its name in one step, and only if none is there, so two servers
    starting at once end up with the same key.
    """
    file = instance / "secret_key"
    try:
        if not file.exists():
            make(file)
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not plain text"
        raise SettingsError(
            f"SECRET_KEY is not set, and {file} cannot keep one: {reason}."
        ) from problem
    if len(key) < LEAST_SECRET_CHARACTERS:
        raise SettingsError(f"SECRET_KEY is not set, and the one in {file} is too short to use.")
    return key


def make(file: Path) -> None:
    """Write a new key aside, then link it to its name unless somebody was faster."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".secret_key.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as new:
            new.write(secrets.token_hex(32) + "\n")
            new.flush()
            os.fsync(new.fileno())
        try:
            os.link(aside, file)
        except FileExistsError:
            return
    finally:
        aside.unlink(missing_ok=True)
