"""Whose numbers a page has controls for; and that of section 8 every command has one somewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.conftest import Server
from tests.person import Person, start
from tests.web.page import Page

NUMBERS = {"adjust-life", "adjust-counter", "commander-damage"}


@dataclass
class Table:
    """A running game of four: the host on 1, guests on 2 and 3, seat 4 on the host's device."""

    code: str
    host: Person
    guest: Person
    other: Person
    tablet: Person

    def forms(self, who: Person, of: int | str = "") -> list[tuple[str, dict[str, str]]]:
        """The forms on somebody's page: command and hidden fields."""
        page = Page(who.get(f"/games/{self.code}?of={of}" if of else f"/games/{self.code}").text)
        found = []
        for form in page.all("form"):
            command = str(form.get("action") or "").rpartition("/")[2]
            hidden = [one for one in form.all() if one.get("type") == "hidden"]
            found.append((command, {str(o.get("name")): str(o.get("value")) for o in hidden}))
        return found

    def numbers(self, who: Person, of: int | str = "") -> set[tuple[str, str]]:
        """For which seat (as, seat) the sheet of counters on somebody's page is."""
        text = who.get(f"/games/{self.code}?of={of}" if of else f"/games/{self.code}").text
        sheet = re.search(r'id="counters".*?</section>', text, re.DOTALL)
        if sheet is None:
            return set()
        page = Page(sheet[0])
        found = set()
        for form in page.all("form"):
            if str(form.get("action")).rpartition("/")[2] in NUMBERS:
                named = {str(o.get("name")): str(o.get("value")) for o in form.all()}
                found.add((named.get("as", ""), named.get("seat", "")))
        return found


@pytest.fixture(scope="module")
def table(server: Server) -> Table:
    """One table for this file."""
    code, people = start(server.url)
    host, guest, other, gone = people
    gone.post(f"/games/{code}/leave-seat")
    assert host.post(f"/games/{code}/share-seat", seat=4).status == 303
    answer = host.post(f"/games/{code}/reconnect-link", hx=False, **{"for": "table"})
    link = re.search(rf"/games/{code}/reconnect/([\w-]+)", answer.text)
    assert link, answer.text
    tablet = Person(server.url)
    assert tablet.post(f"/games/{code}/reconnect/{link[1]}").status == 303
    return Table(code, host, guest, other, tablet)


def test_ones_own_numbers_need_no_name(table: Table) -> None:
    """The seat left out is one's own."""
    assert table.numbers(table.guest) == {("", "")}
    assert table.numbers(table.host) == {("", "")}


def test_the_host_opens_any_seat(table: Table) -> None:
    """Rules section 8: the host for any."""
    for seat in ("2", "3", "4"):
        assert table.numbers(table.host, seat) == {("", seat)}
    assert table.numbers(table.host, 1) == {("", "")}


def test_the_table_device_opens_the_seats_played_on_it(table: Table) -> None:
    """As that seat; nobody's until it is said whose."""
    assert table.numbers(table.tablet) == set()
    assert table.numbers(table.tablet, 4) == {("4", "4")}
    assert table.numbers(table.tablet, 2) == set()
    assert ("concede", {"as": "4"}) in table.forms(table.tablet, 4)


@pytest.mark.parametrize("of", ["1", "3", "9", "0", "x", "-1", "%00"])
def test_a_guest_opens_only_the_own(table: Table, of: str) -> None:
    """An address is not a permission, and nonsense in it is no error."""
    assert table.numbers(table.guest, of) == {("", "")}
    assert table.numbers(Person(table.guest.url), of) == set()


def test_what_the_sheet_sends_is_done(table: Table) -> None:
    """By the host for another, by the device for its own, in the ledger under their hands."""
    path = f"/games/{table.code}/"
    assert (
        table.tablet.post(
            f"{path}adjust-counter", hx=False, seat=4, **{"as": 4}, counter="poison", by=3
        ).status
        == 303
    )
    assert table.host.post(f"{path}commander-damage", seat=4, source=2, by=5).status == 303
    assert (
        table.tablet.post(f"{path}rename-seat", hx=False, seat=4, **{"as": 4}, name="Middle").status
        == 303
    )
    assert table.host.post(f"{path}recolor-seat", seat=4, color="magenta").status == 303
    assert table.guest.post(f"{path}adjust-counter", seat=4, counter="poison", by=1).status == 403
    seat = table.guest.get(f"/games/{table.code}").seat(4)
    assert (seat["life"], seat["color"]) == ("35", "magenta")
    text = table.guest.get(f"/games/{table.code}").text
    assert "3 poison" in text
    assert "Middle" in text


def test_a_name_of_another_seat_is_refused_in_a_sentence(table: Table) -> None:
    """Its form is not the own one: what was typed must not come back as my name."""
    path = f"/games/{table.code}/rename-seat"
    for hx in (True, False):
        answer = table.host.post(path, hx=hx, seat=2, name="A\x07")
        assert answer.status == 422
        assert "form-rename-seat" not in answer.text


@pytest.mark.parametrize("command", ["add-time", "take-time"])
def test_time_given_and_taken_comes_back_in_its_one_form(table: Table, command: str) -> None:
    """Both buttons stand in it, whichever was pressed."""
    path = f"/games/{table.code}/{command}"
    for hx in (True, False):
        text = table.host.post(path, hx=hx, seat=2, minutes=61).text
        form = text.split('id="form-change-time-2"', 1)[1].split("</form>", 1)[0]
        assert 'value="61"' in form
        assert form.count("<strong") == 1
        assert f'formaction="/games/{table.code}/take-time"' in form


SECTION_8 = {
    "adjust-life", "adjust-counter", "commander-damage", "set-marker", "concede", "eliminate",
    "penalty", "revive", "kick", "free-seat", "share-seat", "add-time", "take-time", "roll-dice",
    "roll-order", "random-start", "transfer-host",
}  # fmt: skip
ALSO = {
    "start", "pause", "resume", "reset", "finish", "close", "move-seat", "add-seat", "remove-seat",
    "rename-seat", "recolor-seat", "switch-turn", "extra-turn", "update-settings",
}  # fmt: skip


def test_every_command_has_a_control(table: Table) -> None:
    """On the host's page, painted once; what shows when is the status's business."""
    text = table.host.get(f"/games/{table.code}").text
    asked = set(re.findall(rf'(?:action|formaction)="/games/{table.code}/([a-z-]+)"', text))
    assert (SECTION_8 | ALSO) - asked == set()
    guests = table.guest.get(f"/games/{table.code}").text
    asked = set(re.findall(rf'(?:action|formaction)="/games/{table.code}/([a-z-]+)"', guests))
    assert NUMBERS | {"set-marker", "roll-dice", "concede", "rename-seat", "leave-seat"} <= asked
    assert not asked & {"kick", "eliminate", "add-time", "roll-order", "penalty"}
