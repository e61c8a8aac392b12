"""Taps in an even rhythm, each timed from its first byte until every phone has the new table."""

import html
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.load.channel import OnFrame
from tests.load.line import Line
from tests.load.loop import Loop
from tests.load.socket_stream import SocketStream
from tests.load.table import Phone, Table, read_state
from tests.load.wire import Answer

#: A tap that is not on every screen by then is lost; its table goes on with the next one.
LOST_SECONDS = 10.0
ANSWER = re.compile(rb'id="answer"[^>]*>(.*?)</', re.DOTALL)
PIECE = b" hx-swap-oob="


@dataclass
class Tally:
    """What became of the taps of one window, of all tables."""

    due: int = 0
    sent: int = 0
    acknowledged: int = 0
    lost: int = 0
    #: Could not leave at its instant, because the tap before was still under way.
    late: int = 0
    #: Phones that came to have the table their tap made.
    screens: int = 0
    to_all_s: list[float] = field(default_factory=list)
    to_answer_s: list[float] = field(default_factory=list)
    #: How long after its instant the driver wrote a tap that nothing held up.
    lag_s: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class Tapper:
    """The taps of one table: whoever has the turn passes it, by form or over its own socket."""

    def __init__(
        self,
        loop: Loop,
        port: int,
        table: Table,
        *,
        by_socket: bool = False,
        is_line_kept: bool = True,
    ) -> None:
        self.tally = Tally()
        self._by_socket = by_socket
        self._loop = loop
        self._table = table
        self._line = Line(loop, port, self._answered, is_kept=is_line_kept)
        self._sent_at = 0.0
        self._turn = 0
        #: Who tapped.
        self._seat = 0
        #: The version the tap under way made, once a phone has seen it.
        self._made = 0
        self._missing = 0
        self._is_answered = True
        self._waits = False
        for phone in table.phones:
            if phone.stream:
                phone.stream.on_frame = self._seen_by(phone)
                phone.stream.on_other = self._told_to(phone)

    def play(self, first: float, every_s: float, taps: int) -> None:
        """Tap so many times, from this instant on and in this rhythm."""

        def tap() -> None:
            nonlocal first, taps
            self._due(first)
            first += every_s
            taps -= 1
            if taps:
                self._loop.at(first, tap)

        if taps:
            self._loop.at(first, tap)

    def is_idle(self) -> bool:
        """Whether no tap is under way."""
        return self._is_answered and not self._missing

    def give_up(self) -> None:
        """The tap under way, if any, is lost; an answer that still comes is for nobody."""
        if not self.is_idle():
            self.tally.lost += 1
            self._line.close()
        self._missing = 0
        self._is_answered = True
        self._waits = False

    def _due(self, due: float) -> None:
        self.tally.due += 1
        if time.perf_counter() - self._sent_at > LOST_SECONDS:
            self.give_up()
        if self.is_idle():
            self.tally.lag_s.append(time.perf_counter() - due)
            self._send()
        else:
            self._waits = True
            self.tally.late += 1

    def _send(self) -> None:
        state = self._table.state
        if not state.active:
            self.tally.refused["nobody has the turn"] += 1
            return
        phone = self._table.phones[state.active - 1]
        self._turn = state.turn
        self._seat = state.active
        self._made = 0
        self._missing = len(self._table.phones)
        self._is_answered = False
        self.tally.sent += 1
        if self._by_socket:
            assert isinstance(phone.stream, SocketStream)
            fields = b'{"command":"pass-turn","turn":"%d","grant":"%d"'
            text = fields % (state.turn, state.grant) + phone.tail
            self._sent_at = time.perf_counter()
            try:
                phone.stream.say(text)
            except OSError:
                self._refuse("hung up")
            return
        body = f"turn={state.turn}&grant={state.grant}"
        words = f"{phone.head}{len(body)}\r\n\r\n{body}".encode()
        self._sent_at = time.perf_counter()
        self._line.send(words)

    def _answered(self, answer: Answer | None) -> None:
        if answer is not None and answer.status < 400:
            self._acknowledge()
            self._is_answered = True
        else:
            self._refuse(f"{answer.status} {answer.body[:120]!r}" if answer else "hung up")
        self._go_on()

    def _acknowledge(self) -> None:
        self.tally.acknowledged += 1
        self.tally.to_answer_s.append(time.perf_counter() - self._sent_at)

    def _refuse(self, said: str) -> None:
        self.tally.refused[said] += 1
        self._is_answered = True
        self._missing = 0

    def _seen_by(self, phone: Phone) -> OnFrame:
        table = self._table

        def seen(before: int, version: int, news: bytes) -> None:
            if version > table.state.version:
                table.state = read_state(news)
                if self._missing and not self._made and table.state.turn > self._turn:
                    self._made = version
            if self._missing and before < self._made <= version:
                self._missing -= 1
                self.tally.screens += 1
                if self._by_socket and phone.seat == self._seat:
                    self._acknowledge()
                    self._is_answered = True
                if not self._missing:
                    self.tally.to_all_s.append(time.perf_counter() - self._sent_at)
                    self._go_on()

        return seen

    def _told_to(self, phone: Phone) -> Callable[[bytes], None]:
        """Only whoever tapped is told why a tap does not count; one that came late, the state."""

        def told(news: bytes) -> None:
            if self._is_answered or self._made or phone.seat != self._seat:
                return
            answer = ANSWER.search(news)
            if answer:
                self._refuse(html.unescape(re.sub(rb"<[^>]*>", b"", answer[1]).decode()).strip())
            elif news.count(PIECE) == 1:
                self._refuse("came late")
            else:
                return
            self._go_on()

        return told

    def _go_on(self) -> None:
        if self._waits and self.is_idle():
            self._waits = False
            self._send()
