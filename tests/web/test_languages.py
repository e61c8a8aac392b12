"""Everybody reads their own language: by their browser, or as this device was told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask.testing import FlaskClient

from app.factory import create_app
from app.settings import Settings
from app.words import languages
from tests.conftest import Server
from tests.person import Person, sentence_in, sit_down
from tests.web.page import Page

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def language_of(text: str) -> str | None:
    """What a page says it is written in."""
    (html,) = Page(text).all("html")
    return html.get("lang")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("DE-de;q=0.3", "de"),
        ("fr, de;q=0.8, en;q=0.7", "de"),
        ("en-US, de;q=0.9", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("de;q=0", "en"),
        (";;q=,,=", "en"),
        ("de;q=nonsense", "en"),
        ("\xff\xfe;q=\xff" * 20, "en"),
        ("x-" * 1_000, "en"),
        (", ".join(["fr"] * 500), "en"),
        ("fr, " * 20 + "de", "de"),
    ],
)
def test_by_the_browser(server: Server, accepted: str, language: str) -> None:
    """The best of what it accepts; nonsense is no reason for an error, or for Klingon."""
    answer = Person(server.url).get("/", **{"Accept-Language": accepted})
    assert (200, language) == (answer.status, language_of(answer.text))
    assert language == answer.headers["content-language"]


def test_a_cache_keeps_languages_apart(server: Server) -> None:
    """Or everybody behind a shop's proxy reads what the first one asked for."""
    for path in ("/", "/preferences", "/games/ZZZZZZ", "/nowhere"):
        vary = Person(server.url).get(path, **GERMAN).headers["vary"].lower()
        assert {"accept-language", "cookie"} <= set(re.split(r", *", vary)), path


def test_by_setting(server: Server) -> None:
    """What the device was told counts for more than its browser, at once and without a seat."""
    person = Person(server.url)
    assert person.post("/preferences", language="de").status == 303
    page = person.get("/preferences", **{"Accept-Language": "en"})
    assert "de" == language_of(page.text)
    checked = re.search(r'name="language" value="(\w*)" checked', page.text)
    assert checked is not None
    assert "de" == checked[1]
    person.post("/preferences", language="")
    assert "en" == language_of(person.get("/", **{"Accept-Language": "en"}).text)


def test_a_language_nobody_speaks(server: Server) -> None:
    """Refused with a sentence; a cookie that somebody meddled with is as none."""
    person = Person(server.url)
    assert person.post("/preferences", language="tlh").status == 422
    person.cookies["preferences"] = '"{\\"language\\": \\"tlh\\"}"'
    assert "de" == language_of(person.get("/", **GERMAN).text)


def test_two_phones_at_one_table(server: Server) -> None:
    """One game, two languages: each page and each refusal in its reader's own."""
    code, (host, guest) = sit_down(server.url, 2)
    path = f"/games/{code}"
    host.post("/preferences", language="de")
    assert "Setz dich" in host.get(path).text
    assert "Sit here" in guest.get(path).text
    host.post(f"{path}/start")
    german = {"HX-Request": "true"}
    early = guest.send(f"{path}/pass-turn", {}, german)
    assert (403, "It is not your turn.") == (early.status, sentence_in(early.text))
    late = host.send(f"{path}/start", {}, german)
    assert (409, "Nicht, während gespielt wird.") == (late.status, sentence_in(late.text))
    odd = host.send(f"{path}/adjust-life", {"by": "x"}, german)
    told = "um: Eine ganze Zahl von -10998 bis 10998, bitte."
    assert (422, told) == (odd.status, sentence_in(odd.text))


def test_names_that_nobody_gave(server: Server) -> None:
    """An unnamed seat and game are called in each one's language; a given name is a name."""
    code, (host, _) = sit_down(server.url, 2)
    host.post(f"/games/{code}/rename-seat", name="Player 2")
    german = Person(server.url).get(f"/games/{code}", **GERMAN).text
    assert "<bdi>Platz 2</bdi>" in german
    assert "<bdi>Player 2</bdi>" in german
    assert "<title>Spiel " in german


def test_counting(server: Server) -> None:
    """One minute is not one minutes, in any language."""
    host = Person(server.url)
    made = host.post("/games", players=2, starting_minutes=61, starting_seconds=1)
    path = made.headers["location"]
    assert "1 hour 1 minute 1 second left" in host.get(path).text
    assert "noch 1 Stunde 1 Minute 1 Sekunde" in host.get(path, **GERMAN).text
    host.post(f"{path}/claim-seat", seat=1)
    host.post(f"{path}/penalty", seat=2)
    assert "<i>1 Strafe</i>" in host.get(path, **GERMAN).text
    host.post(f"{path}/penalty", seat=2)
    assert "<i>2 Strafen</i>" in host.get(path, **GERMAN).text


def test_the_story_and_its_days(server: Server) -> None:
    """What was stored for everybody is told to each; the export stays as it is."""
    code, (host, _) = sit_down(server.url, 2)
    host.post(f"/games/{code}/start")
    host.post(f"/games/{code}/pass-turn")
    story = host.get(f"/games/{code}/ledger", **GERMAN).text
    assert re.search(r"<bdi[^>]*>Platz 1</bdi> gibt an <bdi[^>]*>Platz 2</bdi> weiter", story)
    assert re.search(r"\d{1,2}\. \w+\.? 20\d\d, \d\d:\d\d UTC", story)
    exported = [host.get(f"/games/{code}/ledger.json", **h).text for h in ({}, GERMAN)]
    assert exported[0] == exported[1]
    picture = host.get(f"/games/{code}/timeline.svg", **GERMAN).text
    assert "wer die Uhr hatte" in picture


# ---- no English word is left when every message is in another language

OPEN, CLOSE = "\u27e6", "\u27e7"
TOLD = {"aria-label", "alt", "title", "placeholder", "data-words", "data-copied", "data-label"}
TOLD |= {"data-lost", "data-unsent", "data-unsure", "data-yours", "data-theirs", "data-interrupts"}
NOT_OURS = re.compile(
    r"Tap or Tarp[ 0-9a-z.]*|\b(?:Tap|or|Tarp|Ada|Ben|Zed|UTC|English|Deutsch)\b"
    r"|\b[B-DF-HJ-NP-TV-Z2-9]{3} ?[B-DF-HJ-NP-TV-Z2-9]{3}\b|\b[B-Z2-9]{3}\b|BCD FGH, JKL MNP"
    r"|\b(?:Commander|Fischer|Bronstein|Byo-yomi)\b|\d\d?\.? \w{3}\.? \d{4}"
)
WORD = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def pseudo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Callable[[], FlaskClient]]:
    """Browsers whose language says every message in brackets."""
    with (languages.FOLDER / "en.po").open("rb") as file:
        english = read_po(file)
    bracketed = Catalog(locale="de")
    for message in english:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else list(message.id)
            said = [f"{OPEN}{form}{CLOSE}" for form in forms]
            string = said[0] if isinstance(message.id, str) else tuple(said)
            bracketed.add(message.id, string, context=message.context)
    text = BytesIO()
    write_po(text, bracketed)
    (tmp_path / "de.po").write_bytes(text.getvalue())
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    languages.catalog.cache_clear()
    app = create_app(settings)
    yield app.test_client
    app.extensions["table"].storage.close()
    languages.catalog.cache_clear()


def left_over(text: str) -> str:
    """What stands outside all brackets."""
    depth, left = 0, ""
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        left += letter if not depth and letter != CLOSE else ""
    return left


def english_words(html: str) -> list[str]:
    """Words of ours that were not said through a catalog."""
    shown = []
    for one in Page(html).all():
        if one.tag in ("script", "style"):
            continue
        shown += [one.words, *(v for name, v in one.attributes.items() if name in TOLD)]
    return [text.strip() for text in shown if WORD.search(NOT_OURS.sub("", left_over(text)))]


def test_no_english_word_is_left(  # noqa: PLR0915 - a whole game, from its first page to its last
    pseudo: Callable[[], FlaskClient],
) -> None:
    """Every page of a whole game, whoever looks at it, and every "no" on the way."""
    host, guest, onlooker = pseudo(), pseudo(), pseudo()
    seen: dict[str, list[str]] = {}

    def look(who: FlaskClient, path: str, what: str = "", **sent: str) -> None:
        ask = who.post if sent else who.get
        answer = ask(path, headers={"Accept-Language": "de"}, **({"data": sent} if sent else {}))
        words = english_words(answer.get_data(as_text=True))
        if words:
            seen[f"{what or path} {answer.status_code}"] = words

    for path in (
        "/",
        "/games",
        "/games/new",
        "/preferences",
        "/preferences?forgotten",
        "/feedback",
    ):
        look(host, path)
    for path in ("/feedback?thanks", "/wall", "/games/ZZZZZZ", "/nowhere", "/games/join?code=1"):
        look(host, path)
    look(
        host, "/games", "a bad form", name="Zed", players="99", starting_minutes="x", thresholds="?"
    )
    look(host, "/no-connection")
    look(host, "/preferences", "bad preferences", name="x" * 21, color="mud")
    look(host, "/feedback", "no feedback", text="")

    made = host.post("/games", data={"players": "3", "round_minutes": "50", "name": "Zed"})
    path = made.location
    code = path.rsplit("/", 1)[1]

    def everybody(what: str) -> None:
        for who in (host, guest, onlooker):
            look(who, path, what)
        look(host, f"{path}?view=table", f"{what}, on a shared screen")
        look(onlooker, f"{path}?view=overlay", f"{what}, over a stream")

    everybody("an empty lobby")
    host.post(f"{path}/claim-seat", data={"seat": 1, "name": "Ada"})
    guest.post(f"{path}/claim-seat", data={"seat": 2, "name": "Ben"})
    everybody("a lobby")
    look(host, f"{path}/start", "too early", as_="")
    look(onlooker, f"{path}/start", "not mine", seat="1")
    host.post(f"{path}/roll-order", data={"order": "all"})
    host.post(f"{path}/roll-dice", data={"sides": "coin"})
    everybody("a roll")
    host.post(f"{path}/random-start")
    host.post(f"{path}/start", data={"empty_seats": "remove"})
    host.post(f"{path}/switch-turn", data={"seat": "1"})  # refused where chance said so already
    everybody("a turn")
    for who, command, fields in (
        (host, "adjust-life", {"by": "-3"}),
        (host, "adjust-counter", {"counter": "poison", "by": "2"}),
        (host, "commander-damage", {"source": "2", "by": "3"}),
        (host, "commander-damage", {"source": "2", "commander": "2", "by": "3"}),
        (host, "set-marker", {"marker": "monarch", "value": "1"}),
        (host, "set-marker", {"marker": "day-night", "value": "night"}),
        (host, "penalty", {"seat": "1"}),
        (guest, "interrupt", {}),
    ):
        assert who.post(f"{path}/{command}", data=fields).status_code == 303, command
    everybody("an interrupt")
    look(host, f"{path}/pass-turn", "interrupted", turn="")
    guest.post(f"{path}/pass-priority")
    host.post(f"{path}/toggle-target", data={"seat": "2"})
    everybody("asking")
    host.post(f"{path}/confirm-targets")
    everybody("answering")
    guest.post(f"{path}/pass-target")
    host.post(f"{path}/undo")
    everybody("undone")
    host.post(f"{path}/pause", data={"reason": "judge"})
    everybody("a pause")
    look(guest, f"{path}/pass-turn", "while paused", turn="")
    look(host, f"{path}?of=2", "another's counters")
    look(host, f"/wall?codes={code},ZZZZZZ")
    look(host, f"{path}/reconnect-link", "a link", for_="")
    host.post(f"{path}/extend-round", data={"minutes": "5", "reason": "rules"})
    host.post(f"{path}/resume")
    guest.post(f"{path}/concede")
    everybody("the end")
    look(host, f"/wall?codes={code}")
    for page in ("ledger", "result/1", "timeline.svg"):
        look(host, f"{path}/{page}")
    look(host, "/", "my games")
    host.post(f"{path}/close", data={"confirm": "yes"})
    look(guest, path, "closed")
    for campaign in ("standard", "wastelands"):
        made = host.post("/games", data={"mode": "campaign", "campaign": campaign, "players": "2"})
        host.post(f"{made.location}/claim-seat", data={"seat": 1, "name": "Ada"})
        look(host, made.location, f"{campaign} lobby")
        host.post(f"{made.location}/start", data={"empty_seats": "share"})
        look(host, made.location, f"{campaign} with a shared seat")
        host.post(f"{made.location}/finish", data={"winner": "1", "confirm": "yes"})
        look(host, made.location, f"{campaign} standings")
        look(host, f"{made.location}/result/1", f"{campaign} result")
    assert {} == seen


def test_english_is_seen() -> None:
    """The test above is worth nothing if it sees nothing."""
    assert ["Pass"] == english_words("<p>Pass</p>")
    assert ["Pass"] == english_words('<p aria-label="Pass">\u27e6by %(x)s\u27e7</p>')
    assert [] == english_words(f"<p>{OPEN}Ada {OPEN}wins{CLOSE}{CLOSE} \u00b7 Tap or Tarp</p>")
