"""What one save sends to Redis, and what its answer means."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from app.storage import counts
from app.storage.codec import encode_entry, encode_game
from app.storage.contract import CREATE, CodeTaken, LostRace, Save, StorageDown, Token
from app.storage.redis_facts import Change, Facts
from app.storage.redis_faults import Unanswered
from app.storage.redis_keys import KEPT_MS, has_result, keys_of, ledger_ms, news_channel
from app.storage.redis_line import Line

#: Instants and versions up to here are exact in a sorted set's score.
EXACT = 2**53
TRIES = 3


@dataclass(frozen=True)
class Sheet:
    """All of a game that one script writes."""

    code: str
    expected: int
    state: str
    facts: Facts
    created_at: int
    entries: tuple[str, ...]
    tokens: tuple[Token, ...] = ()
    void_seats: tuple[int, ...] = ()
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def sheet_of(save: Save) -> Sheet:
    """Check and encode a save.

    ValueError when its entries do not lead from the expected version to the game's, or a number
    is beyond 2**53: scores would round it.
    """
    save.require_numbers()
    game = save.game
    if max(abs(game.last_at), abs(save.next_due or 0), game.version) > EXACT:
        raise ValueError(f"an instant of {game.code} is beyond 2**53")
    state = encode_game(game)
    entries = (state,) if save.expected == CREATE else tuple(map(encode_entry, save.entries))
    return Sheet(
        game.code,
        save.expected,
        state,
        Facts(
            version=game.version,
            status=game.status,
            listed=game.listed,
            next_due=save.next_due,
            updated_at=game.last_at,
            keeps=has_result(game),
        ),
        game.created_at,
        entries,
        save.tokens,
        save.void_seats,
        save.joined,
        save.left,
    )


def write(line: Line, sheet: Sheet) -> Change:
    """Save it, or nothing of it; what the lists beside it have to learn from that.

    LostRace, CodeTaken, StorageDown. An answer that was lost is asked for once more, and a save
    that arrives after its sender gave up does nothing.
    """
    began_s = time.perf_counter()
    try:
        answer = _send(line, sheet)
    except StorageDown:
        counts.ERRORS.inc()
        raise
    counts.SAVE.observe(time.perf_counter() - began_s)
    verdict, *rest = (part.decode() for part in answer)
    if verdict == "LOST":
        raise LostRace(sheet.code)
    if verdict == "TAKEN":
        raise CodeTaken(sheet.code)
    if verdict == "SAME":
        return Change.unsure()
    status, listed, due, *sent_home = rest
    places = dict.fromkeys(sheet.left, False) | dict.fromkeys(sheet.joined, True)
    return Change.of(
        sheet.facts,
        status=status or None,
        listed=listed == "1",
        due=due,
        places=places | dict.fromkeys(sent_home, False),
    )


def _send(line: Line, sheet: Sheet) -> list[bytes]:
    keys, values = keys_of(sheet.code), _values(sheet)
    resent = late = False
    while True:
        try:
            not_after = line.patience_ends_ms()
            answer: list[bytes] = line.run("save", keys, int(resent), not_after, *values)
        except Unanswered:
            if resent:
                raise
            resent = True
            continue
        if answer != [b"LATE"]:
            return answer
        if late:
            raise StorageDown("Redis: it answers too late")
        # Or one of the clocks was set: somebody slept, or another server took over.
        late = True
        line.measure_offset()


def _values(sheet: Sheet) -> list[Any]:
    facts = sheet.facts
    minted: list[Any] = []
    for token in {token.seat: token for token in sheet.tokens}.values():
        minted += [token.seat, b"%d:%s" % (token.minted_at, token.hash)]
    void, left, joined = sheet.void_seats, sheet.left, sheet.joined
    return [
        *(sheet.expected, news_channel(sheet.code)),
        *(KEPT_MS[facts.status], ledger_ms(facts.status, keeps=facts.keeps)),
        *(facts.version, sheet.state, *facts.fields(), sheet.created_at),
        *(facts.updated_at, int(facts.keeps)),
        *(len(sheet.entries), *sheet.entries),
        *(len(void), *void),
        *(len(minted), *minted),
        *(len(left), *left),
        *(len(joined), *joined),
    ]


def token_of(code: str, seat: bytes, value: bytes) -> Token:
    """The token that was stored for a seat."""
    minted_at, _, hash_ = value.partition(b":")
    return Token(hash_, code, int(seat), int(minted_at))
