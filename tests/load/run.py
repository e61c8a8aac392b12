"""One run: a fresh server, its games and phones, a warm-up, and a window that is measured."""

import gc
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.load.channel import Channel
from tests.load.figures import read_counters, tap_figures, traffic_figures, warnings
from tests.load.loop import Loop
from tests.load.machine import descriptors, rss_bytes
from tests.load.options import Options
from tests.load.progress import say
from tests.load.server import Server
from tests.load.table import listen_all, seat_all
from tests.load.tapping import LOST_SECONDS, Tally, Tapper

#: After every stream is open and before anything is counted.
CALM_SECONDS = 0.4


SERVED = {"server": "wsgi:app", "shell": "tests.load.shell:app"}


@dataclass
class Hall:
    """A server in which every game runs and every phone listens."""

    server: Server
    loop: Loop
    streams: list[Channel]
    tappers: list[Tapper]
    #: Memory of the server: without a game, with all games seated, with all phones listening.
    empty: int
    seated: int
    listened: int

    def tap(self, options: Options, seconds: float, tally: Tally) -> None:
        """So many seconds of whatever the mode is; taps are spread evenly over their interval."""
        start = time.perf_counter()
        if options.has_taps:
            fit = math.floor(seconds / options.every_s + 1e-9)
            taps = fit if options.taps is None else min(fit, options.taps)
            for number, tapper in enumerate(self.tappers):
                tapper.tally = tally
                first = start + options.every_s * number / len(self.tappers)
                tapper.play(first, options.every_s, taps)
        self.loop.run(start + seconds)

    def settle(self) -> None:
        """Let the taps under way arrive; what has not by then is lost."""
        latest = time.perf_counter() + LOST_SECONDS
        while not all(one.is_idle() for one in self.tappers) and time.perf_counter() < latest:
            self.loop.run(time.perf_counter() + 0.01)
        for tapper in self.tappers:
            tapper.give_up()


@contextmanager
def opened(options: Options, core: int, against: str = "server") -> Iterator[Hall]:
    """Everything up to the first tap. Whatever happens, the server is gone afterwards."""
    with Server(core, options.settings, SERVED[against]) as server:
        server.start()
        say(f"server {server.worker} is ready on core {core}, port {server.port}")
        empty = rss_bytes(server.worker)
        began = time.perf_counter()
        tables = seat_all(server.port, options.games, options.phones)
        say(f"{options.games} games run, after {time.perf_counter() - began:.1f} s")
        loop = Loop()
        seated = rss_bytes(server.worker)
        streams: list[Channel] = []
        if options.has_streams:
            streams = listen_all(server.port, tables, (options.channel,))
        for stream in streams:
            loop.listen(stream)
        loop.run(time.perf_counter() + CALM_SECONDS)
        listened = rss_bytes(server.worker)
        say(f"{len(streams)} phones listen, after {time.perf_counter() - began:.1f} s")
        # A pause of this process would be taken for one of the server's.
        gc.collect()
        gc.freeze()
        gc.disable()
        road = {"by_socket": options.channel == "socket", "is_line_kept": options.is_line_kept}
        tappers = [Tapper(loop, server.port, table, **road) for table in tables]
        try:
            yield Hall(server, loop, streams, tappers, empty, seated, listened)
        finally:
            gc.enable()
            gc.unfreeze()
            loop.close()
            for stream in streams:
                stream.line.close()


def play(options: Options, core: int, against: str = "server") -> dict[str, Any]:
    """The figures of one run."""
    with opened(options, core, against) as hall:
        server, streams = hall.server, hall.streams
        hall.tap(options, options.warm_up_s, Tally())
        hall.settle()
        tally = Tally()
        start = read_counters(server.worker, streams)
        hall.tap(options, options.seconds, tally)
        end = read_counters(server.worker, streams)
        hall.settle()
        figures = traffic_figures(start, end, len(streams))
        if options.has_taps:
            frames = sum(stream.frames for stream in streams) - start.frames
            figures |= tap_figures(tally, options.phones, frames, end.server_s - start.server_s)
        figures["memory"] = {
            "empty_mb": _mb(hall.empty),
            "after_mb": _mb(rss_bytes(server.worker)),
            "kb_per_game": round((hall.seated - hall.empty) / options.games / 1024, 1),
        }
        if streams:
            grown = hall.listened - hall.seated
            figures["memory"]["kb_per_phone"] = round(grown / len(streams) / 1024, 1)
            figures["streams_ended"] = sum(not stream.is_open for stream in streams)
        figures["descriptors"] = descriptors(server.worker)
        figures["complaints"] = server.complaints()
        return figures | {"warnings": warnings(figures)}


def _mb(size: int) -> float:
    return round(size / 2**20, 1)
