"""Every screen there is, in every state: who looks, and where. Painted by a real server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.browser.conftest import PHONE
from tests.person import Person, sit_down, start

TABLET = {"width": 1280, "height": 800}
NAMES = (
    *("Ada", "Bruno the Unhurried", "Maximiliane v. Hohen", "Dmitri"),
    *("Ewa", "Wwwwwwwwwwwwwwwwwwww", "Geraldine Underwater", "Hal"),
)


@dataclass(frozen=True)
class Scene:
    """Who looks at which address; `press` is a form sent from there whose answer is the scene.

    `fields` is what that form says, as an address would say it.
    """

    person: Person
    path: str
    size: dict[str, int]
    press: str = ""
    wait: str = "body"
    fields: str = ""

    def show(self, page: Any) -> None:
        """Bring the scene onto a page, whoever looked before."""
        page.set_viewport_size(self.size)
        page.context.clear_cookies()
        cookies = [
            {"name": n, "value": v, "url": self.person.url} for n, v in self.person.cookies.items()
        ]
        if cookies:
            page.context.add_cookies(cookies)
        page.goto("about:blank")  # an address that differs in its # alone would not be fetched
        page.goto(self.person.url + self.path)
        if self.press:
            with page.expect_navigation():
                page.evaluate(SEND, [self.press, self.fields])
        page.wait_for_selector(self.wait, state="attached")


SEND = """([path, fields]) => {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: path });
  for (const [name, value] of new URLSearchParams(fields)) {
    form.append(Object.assign(document.createElement('input'), { name, value }));
  }
  document.body.append(form);
  form.submit();
}"""


def names(code: str, people: list[Person]) -> None:
    """The longest names, and the shortest."""
    for person, name in zip(people, NAMES, strict=False):
        person.post(f"/games/{code}/rename-seat", name=name)


def table(url: str, seats: int, *commands: tuple[Any, ...], **settings: Any) -> Callable[..., Any]:
    """A running table after some commands: (who, command, fields); it hands out its scenes."""
    code, people = start(url, seats, **settings)
    names(code, people)
    for who, command, fields in commands:
        people[who].post(f"/games/{code}/{command}", **fields)
    stranger = Person(url)

    def scene(who: int | None, rest: str = "", **options: Any) -> Scene:
        person = stranger if who is None else people[who]
        size = options.pop("size", PHONE)
        press = options.pop("press", "")
        at = f"/games/{code}/{press}" if press else ""
        return Scene(person, f"/games/{code}{rest}", size, at, **options)

    return scene


def plain_scenes(url: str) -> dict[str, Scene]:
    """What needs no table."""
    newcomer = Person(url)
    pages = {
        "home": "/",
        "open games": "/games",
        "create": "/games/new",
        "preferences": "/preferences",
        "feedback": "/feedback",
        "nothing there": "/nowhere",
        "no such game": "/games/QQQQQQ",
    }
    scenes = {name: Scene(newcomer, path, PHONE) for name, path in pages.items()}
    scenes["feedback refused"] = Scene(newcomer, "/feedback", PHONE, "/feedback")
    return scenes


def lobby_scenes(url: str) -> dict[str, Scene]:
    """Before the start."""
    code, people = sit_down(url, 4)
    names(code, people)
    people[3].post(f"/games/{code}/leave-seat")
    path = f"/games/{code}"
    return {
        "lobby, host": Scene(people[0], path, PHONE),
        "lobby, guest": Scene(people[1], path, PHONE),
        "lobby, onlooker": Scene(Person(url), path, PHONE),
        "lobby, host's sheet": Scene(people[0], f"{path}#host", PHONE),
        "lobby, begin": Scene(people[0], f"{path}#begin", PHONE),
        "home with a game": Scene(people[1], "/", PHONE),
        "lobby across the room": Scene(Person(url), f"{path}?view=table", TABLET),
    }


def playing_scenes(url: str) -> dict[str, Scene]:
    """While clocks run."""
    life = (1, "adjust-life", {"by": -3})
    asks = [(0, "toggle-target", {"seat": seat}) for seat in (2, 3)]
    plain = table(url, 8, life, (0, "set-marker", {"marker": "monarch", "value": 2}))
    few = table(url, 4, life, round_minutes=80)
    interrupted = table(url, 4, (2, "interrupt", {}))
    picking = table(url, 4, *asks)
    asked = table(url, 4, *asks, (0, "confirm-targets", {}))
    low = table(url, 4, starting_minutes=0, starting_seconds=50, bonus_seconds=0)
    late = table(url, 4, starting_minutes=0, starting_seconds=1, timeout_grace_seconds=300)
    sheets = ("you", "table", "host", "counters", "stop", "undo", "keys")
    return {  # what does not last comes first
        "low time": low(0),
        "time is up": late(0, wait='#seat-1[data-pending="yes"]'),
        "my turn": few(0),
        "another's turn": few(1),
        "eight, my turn": plain(0),
        "eight, another's turn": plain(1),
        "onlooker": plain(None),
        **{f"sheet {sheet}": plain(0, f"?of=2#{sheet}") for sheet in sheets},
        "guest's sheet": plain(1, "#you"),
        "somebody interrupts me": interrupted(0),
        "I interrupt": interrupted(2),
        "asking": picking(0, "#ask"),
        "asked": asked(1),
        "waiting for answers": asked(0),
        "refused": few(2, press="start"),
        "ledger": plain(0, "/ledger"),
        "across the room": few(None, "?view=table", size=TABLET),
        "overlay": few(None, "?view=overlay", size=TABLET),
    }


def still_scenes(url: str) -> dict[str, Scene]:
    """While they do not, and afterwards."""
    paused = table(url, 4, (0, "pause", {"reason": "judge"}))
    over = table(url, 4, *[(who, "concede", {}) for who in (1, 2, 3)])
    code = paused(0).path.rsplit("/", 1)[1]
    return {
        "paused": paused(0),
        "paused, guest": paused(1),
        "finished": over(0),
        "again": over(0, "#again"),
        "result": over(0, "/result/1"),
        "finished, across the room": over(None, "?view=table", size=TABLET),
        "paused, across the room": paused(None, "?view=table", size=TABLET),
        "wall": Scene(Person(url), f"/wall?codes={code}", TABLET),
    }


def shared(url: str, seats: int, *commands: tuple[str, dict[str, Any]], **settings: Any) -> Scene:
    """A tablet that plays every seat, after some commands."""
    host = Person(url)
    code = host.post("/games", players=seats, **settings).headers["location"].rsplit("/", 1)[1]
    host.post(f"/games/{code}/start", empty_seats="share")
    for seat, name in enumerate(NAMES[:seats], 1):
        fields: dict[str, Any] = {"as": seat, "name": name}
        host.post(f"/games/{code}/rename-seat", **fields)
    for command, said in commands:
        host.post(f"/games/{code}/{command}", **said)
    return Scene(host, f"/games/{code}?view=table", TABLET)


def shared_scenes(url: str) -> dict[str, Scene]:
    """One device in the middle that plays every seat."""
    host = Person(url)
    code = host.post("/games", players=4).headers["location"].rsplit("/", 1)[1]
    host.post(f"/games/{code}/start", empty_seats="share")
    asks = [("toggle-target", {"as": 1, "seat": seat}) for seat in (2, 3)]
    asked = (*asks, ("confirm-targets", {"as": 1}))
    late = {"starting_minutes": 0, "starting_seconds": 1, "timeout_grace_seconds": 300}
    eight = shared(url, 8)
    on_a_phone = Scene(eight.person, eight.path.partition("?")[0], PHONE)
    return {
        "tablet": Scene(host, f"/games/{code}?view=table", TABLET),
        "phone for all": Scene(host, f"/games/{code}", PHONE),
        "tablet of eight": eight,
        "tablet, time is up": replace(shared(url, 4, **late), wait='[data-pending="yes"]'),
        "tablet, asking": shared(url, 8, *asks),
        "tablet, answers": shared(url, 6, *asked),
        "tablet, paused": shared(url, 5, ("pause", {"reason": "judge"})),
        "phone for all eight": on_a_phone,
    }


def rare_scenes(url: str) -> dict[str, Scene]:
    """What few see: a campaign, a closed game, answers on a big screen, a form that came back."""
    asks = [(0, "toggle-target", {"seat": seat}) for seat in (2, 3)]
    answers = table(url, 8, *asks, (0, "confirm-targets", {}))
    over: list[tuple[int, str, dict[str, Any]]] = [(who, "concede", {}) for who in (1, 2, 3)]
    campaign = table(url, 4, *over, mode="campaign", campaign="wastelands")
    paused = table(url, 8, (0, "pause", {"reason": "judge"}), round_minutes=80)
    regular = Person(url)
    regular.post("/games", players=6, time_control="byo-yomi")
    told = Person(url)
    told.post("/preferences", scheme="light", contrast="more", hand="left")
    code, people = sit_down(url, 2)
    people[0].post(f"/games/{code}/close", confirm="yes")
    return {
        "answers across the room": answers(None, "?view=table", size=TABLET),
        "campaign, round over": campaign(0),
        "paused, eight": paused(0),
        "create again": Scene(regular, "/games/new", PHONE),
        "preferences, told": Scene(told, "/preferences", PHONE),
        "create refused": Scene(
            told, "/games/new", PHONE, "/games", fields="players=9&round_end=x"
        ),
        "closed": Scene(people[1], f"/games/{code}", PHONE),
        "no line": Scene(told, "/no-connection", PHONE),
        "wall without tables": Scene(told, "/wall", PHONE),
    }


def every_scene(url: str) -> dict[str, Scene]:
    """All of them, by name."""
    parts = (
        *(playing_scenes, plain_scenes, lobby_scenes, still_scenes),
        *(shared_scenes, rare_scenes),
    )
    return {name: scene for part in parts for name, scene in part(url).items()}
