"""What arrives by mistake or on purpose, the tables it is sent to, and what may never follow."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import strategies as st

from app.game.settings_form import FIELDS
from tests.conftest import Server
from tests.person import Answer, Person

SHARES = pytest.mark.parametrize(
    "share", [pytest.param(1, id="some"), pytest.param(25, id="many", marks=pytest.mark.soak)]
)
STATUSES = ("waiting", "running", "paused", "finished")
FORM = "application/x-www-form-urlencoded"

# ---- what is sent

NASTY = [
    b"", b" ", b"0", b"1", b"-1", b"2", b"8", b"9", b"-0", b"+1", b"00", b"1e3", b"1.0", b"0x1f",
    b"1_000", b"NaN", b"inf", b"true", b"null", b"None", b"yes", b"no", b"on", b"YES", b"nobody",
    b"coin", b"draw", b"first", b"all", b"die", b"drink", b"monarch", b"day-night", b"poison",
    b"lemon", b"judge", b"choice", b"share", b"5:00, 1:00", b"99:99", b"::", b",,,", b"1:2:3:4",
    b"999999999", b"-999999999", b"1000000000", b"9" * 5000, b"x" * 3000, b"\0", b"a\0b", b"\r\n",
    b"a\nb", b"\x1b[2J", b"\x7f", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf",
    "٣".encode(), "1２".encode(), "²".encode(), "Ⅷ".encode(), "−1".encode(), "👨‍👩‍👧‍👦".encode(),
    "\u202etpircs".encode(), "a\u2028b".encode(), "\ufeff1".encode(), "\u200b".encode(),
    "é".encode("latin-1"), b"<script>alert(1)</script>", b"{{7*7}}", b"{% raw %}", b"%00", b"%zz",
    b"' OR 1=1 --", b"../../etc/passwd", b"${jndi:x}", b'"><b id="state">', b"__class__",
]  # fmt: skip
VALUE = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=24).map(str.encode),
    st.integers(-(10**12), 10**12).map(lambda number: str(number).encode()),
)
KNOWN = [
    "seat", "turn", "grant", "as", "by", "name", "color", "counter", "source", "commander",
    "marker", "value", "choice", "reason", "sides", "minutes", "seconds", "order", "empty_seats",
    "winner", "confirm", "mode", "campaign", "players", "listed", "starting_minutes",
    "starting_seconds", *(field.name for field in FIELDS), "text", "delete", "HEADERS", "for",
]  # fmt: skip
NAME = st.one_of(st.sampled_from(KNOWN).map(str.encode), VALUE)

#: Mostly near what makes sense, so that rules are reached and not only parsers.
LIKELY: dict[str, list[bytes]] = {
    "seat": [b"1", b"2", b"3"],
    "by": [b"1", b"-1", b"-60", b"7"],
    "confirm": [b"yes"],
    "counter": [b"poison"],
    "source": [b"1", b"2"],
    "marker": [b"monarch"],
    "value": [b"2", b"none"],
    "choice": [b"drink"],
    "sides": [b"20", b"coin"],
    "seconds": [b"30"],
    "winner": [b"1", b"draw"],
    "color": [b"sky"],
    "name": [b"Ada"],
}
FIELD = st.one_of(
    st.tuples(NAME, VALUE),
    st.sampled_from(sorted(LIKELY)).flatmap(
        lambda name: st.tuples(st.just(name.encode()), st.sampled_from(LIKELY[name]))
    ),
)
FORM_BODY = st.lists(FIELD, max_size=6).map(
    lambda fields: b"&".join(
        quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode()
        for name, value in fields
    )
)
JSON_BODY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
).map(lambda found: json.dumps(found).encode())
RAW_BODY = st.sampled_from(
    [
        b"%", b"&&&=&", b"=", b"seat", b"seat=%", b"seat=%1", b"seat=%zz", b"seat=%u0031", b"a;b=c",
        b"seat=\xff\xfe", b"seat=\xed\xa0\x80", b"\0\0\0", b"%00=%00", b"seat[]=1", b"seat.x=1",
        b"by=1&" * 5000, b"&".join(b"f%d=1" % n for n in range(3000)), b"seat=" + b"1" * 60_000,
        b'--x\r\nContent-Disposition: form-data; name="seat"\r\n\r\n1\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="by"; filename="a"\r\n\r\n1\r\n--x--\r\n',
        b"--x\r\n\r\n\r\n--x--\r\n", b"--x\r\nContent-Disposition: \xff\r\n\r\n--x", b"--x", b"",
    ]
)  # fmt: skip
CONTENT_TYPE = st.sampled_from(
    [
        FORM, f"{FORM}; charset=utf-16", f"{FORM}; charset=nonsense", "multipart/form-data",
        "multipart/form-data; boundary=x", "multipart/form-data; boundary=", "application/json",
        "text/plain", "", "nonsense", "multipart/form-data; boundary=" + "y" * 300, 'a/b; c="d',
    ]
)  # fmt: skip
BODY = st.one_of(
    st.tuples(FORM_BODY, st.just(FORM)),
    st.tuples(FORM_BODY, st.just(FORM)),
    st.tuples(FORM_BODY | JSON_BODY | RAW_BODY, CONTENT_TYPE),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "HX-Request": st.sampled_from(["true", "false", "1", ""]),
        "Accept-Language": st.sampled_from(["de", "*", ",,;q=", "x" * 500]),
        "Sec-Fetch-Site": st.sampled_from(["same-origin", "none"]),
        "X-Forwarded-For": st.sampled_from(["1.2.3.4", "nonsense", ",,,"]),
        "Referer": st.sampled_from(["/", "http://[", "\xe4"]),
    },
)


# ---- tables to send it to


@dataclass
class Tables:
    """A table in each status; one that a form happened to change is laid anew."""

    url: str
    host: Person
    guest: Person
    onlooker: Person
    database: Path
    codes: dict[str, str] = field(default_factory=dict)
    #: How many odd things were sent, by what they were.
    sent: Counter[str] = field(default_factory=Counter)

    def lay(self, status: str) -> str:
        """A table for three in that status, its third seat free."""
        made = self.host.post("/games", players=3, starting_minutes=1440)
        code = made.headers["location"].rsplit("/", 1)[1]
        for number, person in enumerate((self.host, self.guest), 1):
            person.post(f"/games/{code}/claim-seat", seat=number)
        steps: dict[str, list[tuple[str, dict[str, Any]]]] = {
            "waiting": [],
            "running": [("start", {"empty_seats": "share"})],
            "paused": [("start", {"empty_seats": "share"}), ("pause", {})],
            "finished": [
                ("start", {"empty_seats": "share"}),
                ("finish", {"winner": 2, "confirm": "yes"}),
            ],
        }
        for command, fields in steps[status]:
            assert self.host.post(f"/games/{code}/{command}", **fields).status == 303
        self.codes[status] = code
        return code

    def stored(self, *codes: str) -> list[tuple[Any, ...]]:
        """These tables as they rest on disk, or all in use; and how many there are in all."""
        asked = codes or tuple(self.codes.values())
        places = ", ".join("?" * len(asked))
        rows = f"select code, version, state from games where code in ({places}) order by code"
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            found: list[tuple[Any, ...]] = database.execute(rows, asked).fetchall()
            return found + database.execute("select count(*) from games").fetchall()


@contextmanager
def laid(server: Server, request: pytest.FixtureRequest) -> Iterator[Tables]:
    """The tables; in the end nothing may have gone wrong behind the answers either."""
    host, guest, onlooker = (Person(server.url) for _ in range(3))
    for person in (host, guest, onlooker):
        person.get("/")
    database = Path(server.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    found = Tables(server.url, host, guest, onlooker, database)
    for status in STATUSES:
        found.lay(status)
    yield found
    capture: Any = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{found.sent.total()} odd things sent: {dict(found.sent)}")  # noqa: T201 - a figure
    assert Person(server.url).get("/ready").status == 200
    log = server.log.read_text()
    lines = [json.loads(line) for line in log.split("\n") if line[:1] == "{"]
    assert [line for line in lines if line.get("level") in ("error", "critical")] == []
    assert "Traceback" not in log


def check(answer: Answer, headers: dict[str, str]) -> None:
    """Done, or a refusal that a person understands."""
    assert answer.status < 500, answer.text
    if answer.status < 400:
        return
    if headers.get("HX-Request") == "true":
        said = re.match(r'<div id="answer"[^>]*><p>([^<]{10,})</p></div>', answer.text)
    else:
        said = re.search(r"<(?:p|strong)[^>]*>([^<]{10,})</", answer.text)
        assert answer.text.count("<h1") == 1
    assert said, answer.text
    assert "Traceback" not in answer.text
