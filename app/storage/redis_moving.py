"""Taking whole games out of Redis and putting them in, as ``moving`` asks."""

from __future__ import annotations

from app.storage.codec import decode_game
from app.storage.contract import CREATE, CodeTaken, UnreadableGame
from app.storage.moving import Stored
from app.storage.redis_facts import Change, Facts, gone, look
from app.storage.redis_index import Index
from app.storage.redis_keys import (
    KEEP,
    client_key,
    game_key,
    has_result,
    keys_of,
    ledger_key,
    members_key,
    tokens_key,
)
from app.storage.redis_line import Line
from app.storage.redis_saving import Sheet, token_of, write
from app.storage.redis_sweeping import games


def codes(line: Line) -> list[str]:
    """Of all games."""
    return sorted({code for batch in games(line) for code in batch})


def take_out(line: Line, code: str) -> Stored | None:
    """All of one game; None also when nothing can be made of what is there."""
    fields, values, ledger, tokens, clients = line.pipe(
        [
            ("HMGET", game_key(code), "state", "created_at"),
            look(code),
            ("LRANGE", ledger_key(code), 0, -1),
            ("HGETALL", tokens_key(code)),
            ("SMEMBERS", members_key(code)),
        ],
        lenient=True,
    )
    facts = Facts.read(values)
    if facts is None or any(isinstance(one, Exception) for one in (ledger, tokens, clients)):
        return None
    state, created_at = fields
    return Stored(
        code,
        state.decode(),
        facts.version,
        facts.status,
        facts.listed,
        facts.next_due,
        int(created_at),
        facts.updated_at,
        tuple(text.decode() for text in ledger),
        frozenset(token_of(code, seat, value) for seat, value in tokens.items()),
        frozenset(client.decode() for client in clients),
    )


def put_in(line: Line, index: Index, stored: Stored) -> bool:
    """Keep it, by the same script as any save; False when the code is taken."""
    facts = Facts(
        stored.version,
        stored.status,
        stored.listed,
        stored.next_due,
        stored.updated_at,
        _keeps(stored),
    )
    sheet = Sheet(
        stored.code,
        CREATE,
        stored.state,
        facts,
        stored.created_at,
        stored.ledger,
        tokens=tuple(stored.tokens),
        joined=tuple(stored.clients),
    )
    try:
        write(line, sheet)
    except CodeTaken:
        return False
    index.note(stored.code, Change.unsure())
    return True


def take_away(line: Line, code: str) -> None:
    """Remove a game with all that is its own, also from the lists."""
    (clients,) = line.pipe([("SMEMBERS", members_key(code))])
    commands = [*gone(code), ("ZREM", KEEP, code)]
    commands += [("SREM", client_key(client.decode()), code) for client in clients]
    line.pipe([("DEL", *keys_of(code)), *commands])


def _keeps(stored: Stored) -> bool:
    try:
        return has_result(decode_game(stored.state))
    except UnreadableGame:
        return stored.status in ("waiting", "finished")
