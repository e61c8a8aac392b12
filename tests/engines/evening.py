"""An evening of three people in one engine: by tapping only, from the first page to the result."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.engines.glass import WAIT_SECONDS, Engine, EngineError, Glass

SEATS = 3
PASSES = 21
BETWEEN_TAPS_SECONDS = 0.25
RESTS_MS = 2_500
"""So long that no engine's idea of a tap covers it."""
CHANNELS = {"sse": "Usual", "socket": "Instant"}

STATE = "() => ({ ...document.getElementById('state').dataset })"

SAYS = """wanted => {
  const now = document.getElementById('state').dataset;
  return Object.entries(wanted).every(([name, value]) => now[name] === value);
}"""

#: When this page was tapped and when it had which turn; what went up from it, and how.
LISTEN = """() => {
  if (window.heard) return;
  window.heard = { tapped: 0, turns: {}, posts: 0, messages: [], closed: 0 };
  addEventListener('click', () => (heard.tapped = Date.now()), true);
  const look = () => (heard.turns[document.getElementById('state').dataset.turn] ??= Date.now());
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  const post = XMLHttpRequest.prototype.send; // htmx opens one even where it sends none
  XMLHttpRequest.prototype.send = function (body) {
    heard.posts++;
    return post.call(this, body);
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (message) {
    if (this.readyState !== WebSocket.OPEN) heard.closed++;
    heard.messages.push(JSON.parse(message).command);
    return send.call(this, message);
  };
}"""


@dataclass
class Evening:
    """One table in one engine, on one channel."""

    engine: Engine
    url: str
    channel: str
    #: Keeps a picture: it gets a name and whose glass it is.
    keep: Callable[[str, Glass], None]
    people: list[Glass] = field(default_factory=list)
    code: str = ""
    #: Milliseconds from each tap until each other phone had the turn.
    waits_ms: list[int] = field(default_factory=list)

    def everybody_sees(self, **wanted: str) -> None:
        """All phones show the same table, and it says this."""
        for person in self.people:
            try:
                person.until(SAYS, wanted)
            except EngineError as error:
                felt = [one.evaluate("() => window.presses?.slice(-6)") for one in self.people]
                msg = f"never saw {wanted}; the glasses felt {felt}"
                raise EngineError(msg) from error
        latest = time.monotonic() + WAIT_SECONDS
        while True:
            states = [person.evaluate(STATE) for person in self.people]
            if all(state == states[0] for state in states):
                return
            if time.monotonic() > latest:
                msg = f"phones show different tables: {states}"
                raise EngineError(msg)
            time.sleep(0.05)

    def sit_down(self) -> str:
        """Lobby and seats."""
        self.people = [self.engine.person() for _ in range(SEATS)]
        for person in self.people:
            if self.channel == "socket":
                person.goto(f"{self.url}/preferences")
                person.tap("label:has(> [name=channel][value=socket])", CHANNELS["socket"])
                person.tap("button.slab", "Save")
                person.until("() => document.querySelector('[value=socket]')?.checked")
        host = self.people[0]
        host.goto(f"{self.url}/")
        host.tap("a", "New game")
        host.until("() => location.pathname === '/games/new'")
        host.tap('label:has(> [name=players][value="3"])')
        host.tap("button.slab", "Create")
        host.sees("#state")
        self.code = host.evaluate(STATE)["code"]
        for number, person in enumerate(self.people, 1):
            person.goto(f"{self.url}/games/{self.code}")
            person.tap("button", f"Sit here, seat {number}")
            person.sees(f'body[data-me="{number}"]')
        for person in self.people:
            self.line_is_up(person)
        self.everybody_sees(status="waiting")
        self.keep("lobby", host)
        return f"{SEATS} people sit"

    def line_is_up(self, person: Glass) -> None:
        """This page's channel is the one its phone prefers, and it has begun."""
        place = "[ws-connect]" if self.channel == "socket" else "[sse-connect]"
        person.sees(place)
        person.until("() => document.readyState === 'complete'")
        person.until("() => !document.body.classList.contains('offline')")

    def play(self) -> str:
        """A turn, an interrupt, life, taking back, a pause."""
        ada, bruno, chloe = self.people
        ada.tap(".start")
        self.everybody_sees(status="running", turn="1", activeSeat="1")
        time.sleep(1.2)  # the wipe of the new turn is over
        self.keep("my-turn", ada)
        self.keep("other-turn", bruno)
        chloe.tap(".mine > .interrupt")
        self.everybody_sees(stack="3", runningSeats="3")
        time.sleep(1.2)
        self.keep("interrupted", ada)
        self.keep("i-interrupt", chloe)
        chloe.tap(".mine > .give-back")
        self.everybody_sees(runningSeats="1", turn="1")
        bruno.tap("button", "One life less")
        for person in self.people:
            person.sees('#seat-2[data-life="39"]')
        bruno.tap("button", "Undo")
        for person in self.people:
            person.sees('#seat-2[data-life="40"]')
        ada.tap(".mine > .pass:not(.give-back, .answer)", rests_ms=RESTS_MS)
        self.everybody_sees(turn="2", activeSeat="2")
        bruno.tap(".mine > .pass:not(.give-back, .answer)")
        self.everybody_sees(turn="3", activeSeat="3")
        bruno.tap("button", "Undo")
        self.everybody_sees(turn="2", activeSeat="2")
        chloe.tap("a", "Pause")
        chloe.tap("button", "Rules question")
        self.everybody_sees(status="paused", pauseReason="rules")
        time.sleep(0.6)
        self.keep("paused", ada)
        ada.tap("button.resume")
        self.everybody_sees(status="running", turn="2")
        return "start, pass, interrupt, give back, life, two undos, pause, resume"

    def measure(self) -> str:
        """Pass again and again, and take the time until every other phone has the turn."""
        for person in self.people:
            person.evaluate(LISTEN)
        for turn in range(3, 3 + PASSES):
            active = (turn - 2) % SEATS
            player = self.people[active]
            time.sleep(BETWEEN_TAPS_SECONDS)
            player.tap(".mine > .pass:not(.give-back, .answer)")
            self.everybody_sees(turn=str(turn))
            tapped = player.evaluate("() => heard.tapped")
            others = [one for one in self.people if one is not player]
            had = [one.evaluate("turn => heard.turns[turn]", turn) for one in others]
            self.waits_ms += [one - tapped for one in had]
        return (
            f"median {statistics.median(self.waits_ms):.0f} ms"
            f" ({min(self.waits_ms)} to {max(self.waits_ms)}) of {len(self.waits_ms)}"
        )

    def went_up(self) -> str:
        """Each tap took the preferred way, and that way was open."""
        heard: list[dict[str, Any]] = [one.evaluate("() => heard") for one in self.people]
        forms = sum(one["posts"] for one in heard)
        messages = sum(one["messages"].count("pass-turn") for one in heard)
        closed = sum(one["closed"] for one in heard)
        wanted = (0, PASSES, 0) if self.channel == "socket" else (PASSES, 0, 0)
        said = f"{messages} up an open socket, {forms} as forms"
        if (forms, messages, closed) != wanted:
            raise EngineError(said)
        return said

    def finish(self) -> str:
        """The host ends it; the result has its page."""
        host = self.people[0]
        host.tap("a.menu", "Settings")
        host.tap(".sheet:target .tabs > a", "Host")
        host.tap("#host summary", "End it")
        host.tap('#host button.wins[value="2"]')
        self.everybody_sees(status="finished", winner="2")
        time.sleep(0.6)
        self.keep("finished", host)
        host.tap(".foot .tell > a:nth-child(2)")
        host.sees(".ribbons svg")
        host.until("() => document.readyState === 'complete' && document.fonts.status === 'loaded'")
        self.keep("result", host)
        return "seat 2 wins"

    def nobody_complained(self) -> str:
        """No policy violated, no error of a script."""
        complaints = [said for person in self.people for said in person.complaints()]
        if complaints:
            raise EngineError("; ".join(dict.fromkeys(complaints)))
        return "nothing"
