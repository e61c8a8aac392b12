"""What happened: the ledger as a story and as an export, the ribbons and the results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gevent
from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)

from app.game.chronicle import Chronicle, Sitting
from app.game.entry import Entry
from app.game.export import public_entry, public_game, public_seat
from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.game.story import parts
from app.table.chronicles import Chronicles
from app.web.identity import the_table
from app.web.result_page import has_result, picture, result_view
from app.web.story_page import PAGE, page_of, part_view, sitting_rows
from app.words.languages import reading

blueprint = Blueprint("chronicle", __name__)

SCHEMA = "/static/schemas/ledger-1.json"
FORMAT = 1
EXPORTED_AT_ONCE = 50
SETTLED = "private, max-age=86400"
"""For a picture of a sitting to which no undo reaches back any more. Never for a shared cache: the
answer may carry the asker's cookie, and it shows people's names."""


@blueprint.get("/games/<code>/ledger")
def ledger(code: str) -> Response:
    """What happened, in words: the newest page, or the one with entry ``from``."""
    chronicle = _chronicle(code)
    wanted = request.args.get("from", "")
    chapters = chronicle.chapters()
    chapter, first = page_of(chapters, int(wanted) if _is_number(wanted) else 0)
    last = min(chapter.last, first + PAGE - 1)
    with the_table().storage_faults():
        entries = list(_chronicles().entries(code, first, last))
    page = render_template(
        "screens/ledger.html",
        code=code,
        name=chronicle.game.called,
        sittings=sitting_rows(chronicle, chapters, chapter),
        parts=[part_view(chapter, part) for part in parts(chronicle, entries)],
        earlier=max(chapter.first, first - PAGE) if first > chapter.first else 0,
        later=last + 1 if last < chapter.last else 0,
    )
    return _of_names(make_response(page))


@blueprint.get("/games/<code>/ledger.json")
def export(code: str) -> Response:
    """Every entry, as described by the schema; sent as it is read."""
    chronicle = _chronicle(code)
    entries = _chronicles().entries(code, 1, chronicle.game.version)
    answer = Response(_exported(code, chronicle, entries), mimetype="application/json")
    name = f"tap-or-tarp-{code}-ledger.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _of_names(answer)


@blueprint.get("/games/<code>/timeline.svg")
def ribbons(code: str) -> Response:
    """The newest sitting as a picture, or the one with number ``sitting``."""
    chronicle = _chronicle(code)
    wanted = request.args.get("sitting", "")
    sitting = _sitting(chronicle, int(wanted) if _is_number(wanted) else None)
    answer = make_response(picture(chronicle, sitting, g.at))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    is_settled = any(one.started_at > sitting.started_at for one in chronicle.sittings)
    answer.headers["Cache-Control"] = SETTLED if is_settled else "no-cache"
    if chronicle.game.status != "running":
        answer.set_etag(f"{chronicle.game.version}-{sitting.number}-{reading()}")
        answer.make_conditional(request)
    return answer


@blueprint.get("/games/<code>/result")
def newest_result(code: str) -> Response:
    """The newest sitting's result, or how far it has come."""
    chronicle = _chronicle(code)
    sitting = _with_result(chronicle, _sitting(chronicle, None))
    return make_response(redirect(f"/games/{code}/result/{sitting.number}", 303))


@blueprint.get("/games/<code>/result/<int:number>")
def result(code: str, number: int) -> Response:
    """How a sitting ended, or how far it has come; it keeps this address through rematches."""
    chronicle = _chronicle(code)
    sitting = _with_result(chronicle, _sitting(chronicle, number))
    page = render_template("screens/result.html", **result_view(chronicle, sitting, g.at))
    return _of_names(make_response(page))


def _chronicles() -> Chronicles:
    found: Chronicles = current_app.extensions["chronicles"]
    return found


def _chronicle(code: str) -> Chronicle:
    """The chronicle; who reads it is there, as whoever asks for the table itself is."""
    table, client, at = the_table(), g.client, g.at
    with table.storage_faults():
        chronicle = _chronicles().take(code)
    if table.shelf.holds(code):  # a game that is closed or gone has a ledger, and nobody at it
        table.hear_of(code, client, at, lambda presence: presence.requested(client, at))
    return chronicle


def _sitting(chronicle: Chronicle, number: int | None) -> Sitting:
    if number is None and chronicle.sittings:
        number = chronicle.sittings[-1].number
    found = None if number is None else chronicle.sitting(number, g.at)
    if found is None:
        raise _no_result()
    return found


def _with_result(chronicle: Chronicle, sitting: Sitting) -> Sitting:
    if not has_result(chronicle, sitting):
        raise _no_result()
    return sitting


def _no_result() -> Refusal:
    return Refusal("no-such-result", say("There is no such result."), Kind.NOT_FOUND)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004 - fits an entry


def _of_names(answer: Response) -> Response:
    """People's names are on it: for those who have the link, not for search engines."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _exported(code: str, chronicle: Chronicle, entries: Iterator[Entry]) -> Iterator[str]:
    """The export in pieces; nothing here may ask for the request, which is over by then."""
    head: dict[str, Any] = {
        "$schema": SCHEMA,
        "format": FORMAT,
        "code": code,
        "version": chronicle.game.version,
        "created_at": chronicle.beginning.created_at,
        "beginning": public_game(chronicle.beginning),
        "seats": [public_seat(seat) for seat in chronicle.beginning.seats.values()],
    }
    yield json.dumps(head)[:-1] + ', "entries": [\n'
    written: list[str] = []
    before = ""
    for entry in entries:
        written.append(json.dumps(public_entry(entry, chronicle.undone.get(entry.seq))))
        if len(written) == EXPORTED_AT_ONCE:
            yield before + ",\n".join(written)
            before, written = ",\n", []
            gevent.sleep(0)
    yield (before if written else "") + ",\n".join(written) + "\n]}\n"
