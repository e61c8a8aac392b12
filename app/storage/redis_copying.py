"""Copying the ledgers of finished games to SQL, where they outlive their games."""

from __future__ import annotations

from app.storage.redis_index import BATCH
from app.storage.redis_keys import KEEP, copied_key, game_key, keys_of
from app.storage.redis_line import Line
from app.storage.redis_reading import ledger_texts
from app.storage.retention import LEDGER_MS
from app.storage.sql import SqlStorage

# Not when it was noted anew meanwhile: somebody revived the game and finished it again.
_UNNOTE = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('ZREM', KEYS[1], ARGV[1]) end
"""


def copy_finished(line: Line, sql: SqlStorage) -> int:
    """Copy what is noted; how many ledgers. Whatever is interrupted is done again next time."""
    copied = 0
    (noted,) = line.pipe([("ZRANGE", KEEP, 0, -1, "WITHSCORES")])
    pairs = list(zip(noted[::2], noted[1::2], strict=True))
    for first in range(0, len(pairs), BATCH):
        some = pairs[first : first + BATCH]
        flags = line.pipe(
            [("HGET", game_key(code.decode()), "keeps") for code, _ in some], lenient=True
        )
        for (code, score), keeps in zip(some, flags, strict=True):
            # Played on since: it is noted again when it is finished again.
            is_done = keeps == b"0" or _copy(line, sql, code.decode())
            copied += is_done and keeps != b"0"
            if is_done:
                line.pipe([("EVAL", _UNNOTE, 1, KEEP, code, score)])
    return copied


def remember(line: Line, code: str, last: int) -> None:
    """The ledger of a game that is gone is in SQL: its code is taken as long as that is kept."""
    line.pipe([("SET", copied_key(code), last, "PX", LEDGER_MS)])


def count_noted(line: Line) -> int:
    """How many ledgers wait to be copied."""
    (number,) = line.pipe([("ZCARD", KEEP)])
    return int(number)


def _copy(line: Line, sql: SqlStorage, code: str) -> bool:
    texts = ledger_texts(line, code)
    if not texts:
        return True
    sql.keep_ledger(code, texts)
    return bool(line.run("copied", keys_of(code), len(texts) - 1, LEDGER_MS, again=True))
