"""Game codes and reconnect tokens, dealt from the system's secure source."""

from __future__ import annotations

import hashlib
import secrets

from app.game.game import CODE_LENGTH, CODE_LETTERS

TOKEN_BYTES = 32


def deal_code() -> str:
    """Six letters people can say aloud, no vowels so no words."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def normal_code(typed: str) -> str:
    """A typed code upper-cased, without spaces and dashes; not yet known to be one."""
    return "".join(c for c in typed.upper() if not c.isspace() and c != "-")


def is_code(text: str) -> bool:
    """Whether this could be a code at all."""
    return len(text) == CODE_LENGTH and all(c in CODE_LETTERS for c in text)


def chance(sides: int) -> int:
    """A uniform whole number from 1 to ``sides``."""
    return secrets.randbelow(sides) + 1


def mint_token() -> tuple[str, bytes]:
    """A new token as it travels, and the hash under which it rests."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_token(token)


def hash_token(token: str) -> bytes:
    """What is stored of a token: 256 random bits need no salt, only a one-way street."""
    return hashlib.sha256(token.encode()).digest()
