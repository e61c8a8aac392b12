"""The questions asked of Redis. What a list says is checked against the game itself."""

from __future__ import annotations

from typing import Any

from app.game.game import Game
from app.storage.codec import decode_game
from app.storage.contract import Token, UnreadableGame
from app.storage.reading import decode_list
from app.storage.redis_facts import FIELDS, Facts
from app.storage.redis_index import BATCH, Index
from app.storage.redis_keys import (
    ACTIVE,
    LISTED,
    STATUSES,
    client_key,
    due_keys,
    game_key,
    ledger_key,
    members_key,
    status_key,
    tokens_key,
)
from app.storage.redis_line import Line
from app.storage.redis_saving import token_of

KEPT = STATUSES[:-1]


def load(line: Line, code: str) -> Game | None:
    """The newest state. UnreadableGame also when its ledger does not reach to it."""
    length = ("LLEN", ledger_key(code))
    # The ledger may grow while its game is read.
    least, (state, number), most = line.pipe(
        [length, ("HMGET", game_key(code), "state", "version"), length]
    )
    if state is None and number is None:
        return None
    game = decode_game((state or b"").decode(errors="replace"))
    if number != b"%d" % game.version or not least <= game.version + 1 <= most:
        raise UnreadableGame(f"its number is {number!r:.20}, its ledger ends at {most - 1}")
    return game


def ledger_texts(line: Line, code: str, first: int = 0, last: int = -1) -> list[str]:
    """The texts from number ``first`` to ``last`` (-1: the end); none when there is no ledger."""
    (texts,) = line.pipe([("LRANGE", ledger_key(code), first, last)])
    return [text.decode(errors="replace") for text in texts]


def ledger_back(line: Line, code: str, upto: int, limit: int) -> list[str] | None:
    """At most ``limit`` texts from number ``upto`` back; None when there is no ledger."""
    if upto < 1 or limit < 1:
        return []
    (length,) = line.pipe([("LLEN", ledger_key(code))])
    last = min(upto, length - 1)
    if last < 1:
        return None if length == 0 else []
    return ledger_texts(line, code, max(1, last - limit + 1), last)[::-1]


def deadlines(line: Line) -> list[tuple[str, int]]:
    """(code, next_due) of all games that have one."""
    answers = line.pipe([("ZRANGE", key, 0, -1, "WITHSCORES") for key in due_keys()])
    return [
        (code.decode(), int(float(due)))
        for found in answers
        for code, due in zip(found[::2], found[1::2], strict=True)
    ]


def games_of(line: Line, index: Index, client: str, limit: int) -> list[Game]:
    """The games a client has a place in, newest activity first; closed ones left out."""
    (found,) = line.pipe([("SMEMBERS", client_key(client))])
    codes = [code.decode() for code in found]
    commands = [
        command
        for code in codes
        for command in (
            ("HMGET", game_key(code), *FIELDS),
            ("SISMEMBER", members_key(code), client),
        )
    ]
    answers = line.pipe(commands, lenient=True)
    mine, others = [], []
    for code, values, is_member in zip(codes, answers[::2], answers[1::2], strict=True):
        facts = Facts.read(values)
        if is_member != 1:
            others.append(code)
        elif facts is not None and facts.status != "closed":
            mine.append((-facts.updated_at, code))
    line.pipe([("SREM", client_key(client), code) for code in others])
    return _decoded(line, index, [code for _, code in sorted(mine)[:limit]])


def open_games(line: Line, index: Index, limit: int) -> list[Game]:
    """Listed games that are not over, newest activity first."""
    found: list[Game] = []
    first = 0
    while len(found) < limit:
        (codes,) = line.pipe([("ZREVRANGE", LISTED, first, first + limit - 1)])
        for game in _decoded(line, index, [code.decode() for code in codes]):
            if game.listed and game.status in ACTIVE:
                found.append(game)
            else:
                index.look_over(game.code)
        first += limit
        if len(codes) < limit:
            break
    return sorted(found, key=_newest_first)[:limit]


def newest_games(line: Line, index: Index, limit: int) -> list[Game]:
    """Games in any status but closed, newest activity first."""
    answers = line.pipe([("ZREVRANGE", status_key(one), 0, limit - 1) for one in KEPT])
    codes = {code.decode(): None for found in answers for code in found}
    games = [game for game in _decoded(line, index, list(codes)) if game.status in KEPT]
    return sorted(games, key=_newest_first)[:limit]


def count(line: Line, statuses: tuple[str, ...]) -> dict[str, int]:
    """How many games there are of each status."""
    answers = line.pipe([("ZCARD", status_key(status)) for status in statuses])
    return dict(zip(statuses, answers, strict=True))


def find_token(line: Line, code: str, hash_: bytes) -> Token | None:
    """The token of this game with this hash."""
    (found,) = line.pipe([("HGETALL", tokens_key(code))])
    pairs = found.items() if isinstance(found, dict) else zip(found[::2], found[1::2], strict=True)
    tokens = [token_of(code, seat, value) for seat, value in pairs]
    return next((token for token in tokens if token.hash == hash_), None)


def forget(line: Line, client: str) -> None:
    """Take a client out of every game's members; its own list goes."""
    (found,) = line.pipe([("SMEMBERS", client_key(client))])
    line.pipe([("SREM", members_key(code.decode()), client) for code in found])
    line.pipe([("DEL", client_key(client))])


def _decoded(line: Line, index: Index, codes: list[str]) -> list[Game]:
    """The games that are there and can be read; lists that named others are looked over."""
    rows: list[tuple[str, str]] = []
    for first in range(0, len(codes), BATCH):
        some = codes[first : first + BATCH]
        commands = [("HGET", game_key(code), "state") for code in some]
        states: list[Any] = line.pipe(commands, lenient=True)
        for code, state in zip(some, states, strict=True):
            if isinstance(state, bytes):
                rows.append((code, state.decode(errors="replace")))
            else:
                index.look_over(code)
    return decode_list(rows)


def _newest_first(game: Game) -> tuple[int, str]:
    return -game.last_at, game.code
