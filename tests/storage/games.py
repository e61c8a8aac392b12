"""Games to store: one that was played, and the saves of its evening."""

from dataclasses import replace

from app.game.entry import Entry
from app.game.game import Game, new_game
from app.game.ledger import Draft
from app.game.table_settings import TableSettings
from app.storage.contract import CREATE, Save

AT = 1_763_900_000_000
"""The instant of creation in these tests."""
HOST, GUEST, ONLOOKER = "host-client", "guest-client", "onlooker-client"


def created(code: str = "K7QF2M", *, at: int = AT, listed: bool = False) -> Game:
    """A game of four as its host made it, holding seat 1."""
    game = new_game(
        code, host=HOST, at=at, name="Friday", players=4, settings=TableSettings(), listed=listed
    )
    game.seats[1] = replace(game.seats[1], holder=HOST)
    return game


def creation(game: Game, *, joined: tuple[str, ...] = (HOST,)) -> Save:
    """The save that makes a game."""
    return Save(game, CREATE, (), None, joined=joined)


def turn(game: Game, *, at: int | None = None, **fields: object) -> tuple[Game, Entry]:
    """The game after one more entry, which sets these fields of the game."""
    draft = Draft(game, game.last_at + 1000 if at is None else at)
    draft.put("turn", game.turn + 1)
    draft.put_seat(1, "bank_ms", game.seats[1].bank_ms - 1000)
    draft.charge(1, 1000)
    for name, value in fields.items():
        draft.put(name, value)
    entry = draft.entry(1, "turn-passed", {"to": 2})
    return draft.game, entry


def change(game: Game, *, at: int | None = None, due: int | None = None, **fields: object) -> Save:
    """The save of one more turn, or of whatever these fields make of the game."""
    after, entry = turn(game, at=at, **fields)
    return Save(after, game.version, (entry,), due)
