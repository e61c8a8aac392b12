"""Taps through nginx, timed by a process that does nothing else.

`python -m tests.scale.driver --port 8080 --games 50` prints one JSON object; half of the phones
listen to events, half are on the socket, and every tap goes to whomever nginx chooses.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.load import machine
from tests.load.figures import spread
from tests.load.loop import Loop
from tests.load.stream import Stream
from tests.load.table import STATE, Phone, Table, read_state, seat_all
from tests.load.tapping import LOST_SECONDS, Tally, Tapper
from tests.load.wire import connect, request

HANDS = 8
WARM_UP_S = 3.0
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class SocketStream(Stream):
    """The same on a WebSocket: whole messages, pings answered."""

    __slots__ = ()

    def __init__(self, port: int, path: str, cookie: str) -> None:  # super() opens the other kind
        self.line = connect(port)
        self.on_frame = lambda _version, _event: None
        self.bytes = self.events = self.frames = self.heartbeats = 0
        self._chunks = self._torn = b""
        self.is_open = True
        asked = request(port, f"GET {path}", cookie)
        asked += f"Origin: http://127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        asked += f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
        self.line.sendall(asked.encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, rest = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(f"no socket at {path}: {head[:200]!r}")
        self.feed(rest)

    def feed(self, data: bytes) -> None:
        """Take whole messages apart (RFC 6455, 5.2); the rest of a torn one waits."""
        self.bytes += len(data)
        data = self._chunks + data
        while len(data) >= 2:
            kind, size, start = data[0] & 15, data[1], 2
            if size >= 126:
                start = 4 if size == 126 else 10
                size = int.from_bytes(data[2:start], "big")
            if len(data) < start + size:
                break
            self._take_message(kind, data[start : start + size])
            data = data[start + size :]
        self._chunks = data

    def _take_message(self, kind: int, payload: bytes) -> None:
        if kind == PING:
            self.line.sendall(bytes([0x80 | PONG, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        elif kind == CLOSE:
            raise ConnectionError("the server said goodbye")
        elif kind == TEXT:
            self.events += 1
            if STATE.search(payload):
                self.frames += 1
                self.on_frame(read_state(payload).version, payload)


def listen_all(port: int, tables: list[Table]) -> list[Stream]:
    """Every second phone on the socket, the others on the event stream."""
    phones = [phone for table in tables for phone in table.phones]

    def listen(numbered: tuple[int, Phone]) -> Stream:
        number, phone = numbered
        kind = SocketStream if number % 2 else Stream
        path = phone.channel.replace("/events?", "/socket?") if number % 2 else phone.channel
        phone.stream = kind(port, path, phone.cookie)
        phone.stream.wait()
        return phone.stream

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(listen, enumerate(phones)))


def play(
    port: int, games: int, every_s: float, seconds: float, pids: dict[str, list[int]]
) -> dict[str, Any]:
    """The figures of one window after a warm-up; ``pids``: whose cores are told, by name."""

    def used_s() -> dict[str, float]:
        return {name: sum(map(machine.cpu_seconds, its)) for name, its in pids.items()}

    tables = seat_all(port, games, 4)
    loop = Loop()
    streams = listen_all(port, tables)
    for stream in streams:
        _read(loop, stream)
    gc.collect()
    gc.freeze()
    gc.disable()
    tappers = [Tapper(loop, port, table) for table in tables]
    tally, used = Tally(), used_s()
    for length in (WARM_UP_S, seconds):
        tally = Tally()
        before, began = used_s(), time.perf_counter()
        for number, tapper in enumerate(tappers):
            tapper.tally = tally
            tapper.play(began + every_s * number / games, every_s, int(length / every_s))
        loop.run(began + length)
        used = {name: spent - before[name] for name, spent in used_s().items()}
        latest = time.perf_counter() + LOST_SECONDS
        while not all(one.is_idle() for one in tappers) and time.perf_counter() < latest:
            loop.run(time.perf_counter() + 0.01)
        for tapper in tappers:
            tapper.give_up()
    return {
        "games": games,
        "taps": tally.acknowledged,
        "taps_per_s": round(tally.acknowledged / seconds, 1),
        "lost": tally.lost,
        "late": tally.late,
        "refused": dict(tally.refused),
        "screens_missed": tally.acknowledged * 4 - tally.screens,
        "ended": sum(not stream.is_open for stream in streams),
        "to_all_screens_ms": spread(tally.to_all_s),
        "to_answer_ms": spread(tally.to_answer_s),
        "driver_lag_ms": spread(tally.lag_s),
        "cores": {name: round(spent / seconds, 2) for name, spent in used.items()},
    }


def _read(loop: Loop, stream: Stream) -> None:
    def readable() -> None:
        if not stream.read():
            loop.forget(stream.line)

    loop.read(stream.line, readable)


def main() -> None:
    """Read what to do, do it, say it."""
    parser = argparse.ArgumentParser("python -m tests.scale.driver", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--games", type=int, default=12)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pids", type=int, nargs="*", default=[], help="of the server's workers")
    parser.add_argument("--redis", type=int, nargs="*", default=[], help="its process id")
    given = parser.parse_args()
    pids = {"server": given.pids, "redis": given.redis, "driver": [os.getpid()]}
    found = play(given.port, given.games, given.every, given.seconds, pids)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
