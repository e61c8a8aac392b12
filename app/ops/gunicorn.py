"""How the server starts, and how it stops: `gunicorn -c python:app.ops.gunicorn wsgi:app`.

One worker serves everybody with greenlets. On SIGTERM, HUP or Ctrl-C it stops listening, tells
every stream to come back, lets requests in flight finish and hangs up on idle connections.

The master reads this file; it must never import the app, which belongs to the workers alone.
"""

from gevent import monkey

monkey.patch_all()  # before anything else: what is imported earlier keeps the blocking kind

import os  # noqa: E402
import resource  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from functools import lru_cache  # noqa: E402
from pathlib import Path  # noqa: E402
from types import FrameType  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gunicorn import util  # noqa: E402
from gunicorn.sock import BaseSocket  # noqa: E402
from gunicorn.workers.ggevent import GeventWorker  # noqa: E402

from app.ops import draining  # noqa: E402
from app.ops.garbage import Garbage  # noqa: E402
from app.ops.greeting import greeting  # noqa: E402
from app.ops.logging import HouseLogger, configure, report_uncaught  # noqa: E402
from app.settings import Settings, SettingsError  # noqa: E402

WATCH_SECONDS = 0.1
# So long busy connections are answered with `Connection: close` before idle ones are hung up on.
GRACE_SECONDS = 0.5


class DrainWorker(GeventWorker):
    """A gevent worker that knows which of its connections are idle, and ends them when it goes."""

    def init_process(self) -> None:
        """Count connections from the first one on."""
        self.connections: dict[gevent.Greenlet, list[Any]] = {}
        self.garbage = Garbage()
        ask_once(self.cfg)
        super().init_process()

    def init_signals(self) -> None:
        """Ctrl-C reaches every process of the terminal: it shall not cut off presses in flight."""
        super().init_signals()
        signal.signal(signal.SIGINT, self.handle_exit)

    def run(self) -> None:
        """Serve until told to go."""
        if settings.redis_url:
            self.wsgi.extensions["warm"].join()
            for listener in self.sockets:
                listener.listen(backlog)
        self.garbage.start()
        gevent.spawn(self._watch)
        super().run()

    def _watch(self) -> None:
        # Every way of going clears `alive`, but only some call a hook: so it is watched.
        while self.alive:
            gevent.sleep(WATCH_SECONDS)
        draining.drain()
        gevent.sleep(GRACE_SECONDS)
        while True:
            for client, is_idle in tuple(self.connections.values()):
                if is_idle:
                    hang_up(client)
            gevent.sleep(WATCH_SECONDS)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection, idle until its first request."""
        me = gevent.getcurrent()
        self.connections[me] = [client, True]
        try:
            super().handle(listener, client, addr)
        finally:
            self.connections.pop(me, None)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        """Serve one request; its connection is not idle meanwhile."""
        connection = self.connections.get(gevent.getcurrent())
        if connection is None:
            return super().handle_request(listener_name, req, sock, addr)
        connection[1] = False
        self.garbage.touch()
        try:
            return super().handle_request(listener_name, req, sock, addr)
        finally:
            connection[1] = True
            self.garbage.touch()


def ask_once(cfg: Any) -> None:
    """Have gunicorn look its settings up once, and the date once a second, not at every tap."""
    vars(cfg).update({name: setting.get() for name, setting in cfg.settings.items()})
    date_of = lru_cache(maxsize=1)(util.http_date)
    util.http_date = lambda: date_of(int(time.time()))


def hang_up(client: Any) -> None:
    """Let an idle reader see the end, on the raw socket: gevent's own would raise in the reader."""
    try:
        client._sock.shutdown(socket.SHUT_RD)  # noqa: SLF001
    except (OSError, AttributeError):
        return


def on_starting(_server: Any) -> None:
    """Several workers count in files of one folder; what an earlier server counted is gone.

    Where other instances serve, the port is bound but refuses until a worker is ready: whoever
    stands in front then asks another one, and no phone waits here for a worker to start.
    """
    if settings.redis_url:
        BaseSocket._is_listening = staticmethod(lambda _: True)  # noqa: SLF001 - no setting says so
    if MULTIPROCESS in os.environ:
        shutil.rmtree(os.environ[MULTIPROCESS], ignore_errors=True)
        Path(os.environ[MULTIPROCESS]).mkdir(parents=True)


def child_exit(_server: Any, worker: Any) -> None:
    """A worker is gone, and with it the channels it had open."""
    if MULTIPROCESS in os.environ:
        from prometheus_client import multiprocess  # noqa: PLC0415 - reads the folder's name

        multiprocess.mark_process_dead(worker.pid)


def when_ready(server: Any) -> None:
    """Greet a terminal, and make the first Ctrl-C the gentle stop, too.

    The second one is gunicorn's quick stop.
    """
    sys.stderr.write(greeting(settings) or "")

    def go_gently(_: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, server.signal)
        server.signal(signal.SIGTERM, frame)

    signal.signal(signal.SIGINT, go_gently)


def post_worker_init(worker: Any) -> None:
    """Begin to keep time, and serve the metrics on a port of their own, where one is set."""
    from app.ops import metrics  # noqa: PLC0415 - the app's packages belong to the workers

    worker.wsgi.extensions["begin"]()
    worker.garbage.tapped_at = worker.wsgi.extensions["tapped_at"]
    metrics.serve(worker.wsgi, settings)


def worker_exit(_server: Any, _worker: Any) -> None:
    """The last request is answered: let the app close what it holds."""
    draining.finish()


try:
    settings = Settings.from_environment()
except SettingsError as error:
    raise SystemExit(str(error)) from None
configure(settings)
report_uncaught()

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
if settings.web_concurrency > 1:
    folder = Path(tempfile.gettempdir(), f"tap-or-tarp-metrics-{settings.port}")
    os.environ.setdefault(MULTIPROCESS, str(folder))

# Each phone holds a descriptor, and the usual soft limit is a table's worth of thousand.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

bind = (
    f"[{settings.host}]:{settings.port}"
    if ":" in settings.host
    else f"{settings.host}:{settings.port}"
)
worker_class = DrainWorker
logger_class = HouseLogger
loglevel = settings.log_level
workers = settings.web_concurrency
worker_connections = 20_000
backlog = 2048
keepalive = 5
timeout = 30
graceful_timeout = 8
# It would write into the home directory, which a container may not have.
control_socket_disable = True
# With it, a reload resets connections that the old worker had accepted but not read.
reuse_port = False
# TRUSTED_PROXIES alone says whose forwarded headers count. Gunicorn heeds none, whoever sends them,
# and so need not look every tap's address up among those it may trust.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
forwarded_allow_ips = "*"
# The worker's sign of life is a file; on a slow disk its touch would stop the loop.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
