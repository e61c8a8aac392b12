"""What the one page of a game is painted from."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
from flask import render_template, request
from markupsafe import Markup

from app.game.game import Game
from app.game.pieces import piece_views
from app.game.seat import COLORS, MAX_SEATS
from app.game.settings_form import as_typed
from app.game.view import seat_view
from app.game.wording import gift_text, settings_words, spoken
from app.game.you import acts_as, you_of
from app.web.identity import the_table
from app.web.preferences import preferences
from app.web.shared_screen import shown_as


def render_game(game: Game, client: str, **refused: Any) -> str:
    """The page for this client. ``refused``, ``complaints`` and ``typed`` bring a form back."""
    screen = "table_view" if shown_as() else "game"
    return render_template(f"screens/{screen}.html", **context(game, client), **_form(refused))


def context(game: Game, client: str) -> dict[str, Any]:
    """Everything the page and its forms are painted from."""
    at = the_table().now()
    mine = game.seat_of(client)
    is_host = client == game.host
    shared = acts_as(game, client)
    counted = counted_seat(game, client)
    seen = seen_by_all(game, at)
    return {
        **seen,
        "at": {seat.number: seat for seat in seen["seats"]},
        "me": str(mine.number) if mine else "host" if is_host else "",
        "is_host": is_host,
        "is_creator": client == game.creator,
        "seat": seat_view(game, mine.number, at) if mine else None,
        "counted": seat_view(game, counted, at) if counted else None,
        "acts_as": shared,
        "game": game_words(game),
        "you": you_of(game, client),
        "shown_as": shown_as(),
        "channel": preferences()["channel"],
        "hand": preferences()["hand"],
        "colors": COLORS,
    }


def seen_by_all(game: Game, at: int) -> dict[str, Any]:
    """What every screen of a table is painted from, whoever looks."""
    return {
        **piece_views(game, at),
        "seats": [seat_view(game, number, at) for number in game.order],
        "absent": [n for n in range(1, MAX_SEATS + 1) if n not in game.seats],
        "presence": the_table().presence_view(game.code),
        "since": game.version,
    }


def counted_seat(game: Game, client: str) -> int | None:
    """Whose life, counters and damage the page has controls for.

    One's own; with ``?of=3`` another's, where this client may change them: a seat played on this
    device, and for the host any.
    """
    asked = request.args.get("of", "")
    open_to = list(game.places()) if client == game.host else acts_as(game, client)
    named = next((number for number in open_to if str(number) == asked), None)
    mine = game.seat_of(client)
    return named or (mine.number if mine else None)


def game_words(game: Game) -> dict[str, Any]:
    """The settings as typed and as told, and how to join."""
    url = join_url(game.code)
    return {
        "code_spoken": f"{game.code[:3]} {game.code[3:]}",
        "code_wide": max(wide_letters(game.code[:3]), wide_letters(game.code[3:])),
        "join_url": url,
        "qr_svg": qr_svg(url),
        "words": settings_words(game.settings),
        "thresholds_ms": " ".join(str(ms) for ms in game.settings.thresholds_ms),
        "thresholds_words": [spoken(ms) for ms in game.settings.thresholds_ms],
        "timeout_gain": gift_text(game.settings.timeout_bonus_ms),
        "settings_form": {
            **as_typed(game.settings),
            "name": "" if game.called is not game.name else game.name,
            "listed": "yes" if game.listed else "no",
        },
    }


def wide_letters(half: str) -> int:
    """How many letters are half as wide again as the others: the lobby sizes its code by it."""
    return sum(half.count(letter) for letter in "MW")


def join_url(code: str) -> str:
    """The link people share, absolute."""
    return f"{request.host_url}games/{code}"


def draw_qr(url: str) -> Markup:
    """A QR code drawn in place: no style attributes, so the policy of the page allows it.

    Empty where the link is too long for one: only a made-up Host header is.
    """
    try:
        code = segno.make(url, error="m")
    except segno.DataOverflowError:
        return Markup()
    return Markup(code.svg_inline(border=2, omitsize=True))  # noqa: S704 - segno's own markup, the url inside it is drawn as squares


#: Drawn once for each game; a link that carries a token is drawn with draw_qr and not kept.
qr_svg = lru_cache(maxsize=512)(draw_qr)


def _form(refused: dict[str, Any]) -> dict[str, Any]:
    return {"refused": "", "complaints": {}, "typed": {}, **refused}
