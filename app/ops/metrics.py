"""The metrics page: who may read it, what is counted, and a port of its own where one is set."""

import hmac
import ipaddress
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
import structlog
from flask import Flask, Request, Response, request
from gevent.pywsgi import WSGIServer
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_flask_exporter import PrometheusMetrics

from app.ops import draining
from app.settings import Settings

Refresh = Callable[[], object]

READY = Gauge("tarp_ready", "1 while /ready says so, 0 otherwise.", multiprocess_mode="livemin")
MOST_STREAMS = Gauge(
    "tarp_max_streams", "MAX_STREAMS: so many screens fit in.", multiprocess_mode="mostrecent"
)

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Set by gunicorn's settings where several workers share one page."""

log: Any = structlog.get_logger(__name__)

# A stream lasts as long as the evening: its life among the answers' times would mean nothing.
NOT_TIMED = [r"^/(health|ready|metrics)$", r"^/games/[^/]+/(events|socket)$"]
BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
FORWARDED = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
    "Fly-Client-Ip",
)


def install(app: Flask, settings: Settings, refresh: Refresh = lambda: None) -> None:
    """Count and time every request by endpoint, and serve /metrics to those who may read it.

    ``refresh`` is called before every reading.

    Every app has a registry of its own for its requests, so that tests may make many; what other
    floors count stands in the process's one registry. The page shows both.
    """
    registry = CollectorRegistry()
    MOST_STREAMS.set(settings.max_streams)
    app.extensions["tarp_metrics"] = partial(page, registry, refresh)
    PrometheusMetrics(
        app,
        path=None,
        group_by="endpoint",
        defaults_prefix="tarp",
        buckets=BUCKETS_SECONDS,
        excluded_paths=NOT_TIMED,
        registry=registry,
    )

    @app.get("/metrics", endpoint="metrics")
    def metrics() -> Response:
        if not may_read(request, settings.metrics_token):
            return Response("The metrics need a bearer token here.\n", 403, mimetype="text/plain")
        return Response(page(registry, refresh), content_type=CONTENT_TYPE_LATEST)


def page(registry: CollectorRegistry, refresh: Refresh) -> bytes:
    """What the process counts, then what the app's requests count.

    With several workers both come from the files they share, and stand for all of them; memory,
    descriptors and garbage are those of the worker that answers.
    """
    refresh()
    if MULTIPROCESS not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(registry)
    shared, own = CollectorRegistry(), CollectorRegistry()
    MultiProcessCollector(shared)
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=own)
    return generate_latest(shared) + generate_latest(own)


def may_read(asked: Request, token: str | None) -> bool:
    """Whether the asker holds the token, or sits on this machine with no proxy between."""
    given = asked.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return is_local(asked)


def is_local(asked: Request) -> bool:
    """Whether the connection itself comes from this machine, whatever headers would say."""
    before_proxies = asked.environ.get("werkzeug.proxy_fix.orig", asked.environ)
    if any(header in asked.headers for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(before_proxies.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def serve(app: Flask, settings: Settings) -> None:
    """Serve the same page on METRICS_PORT, where one is set, until this worker goes."""
    if settings.metrics_port is not None:
        gevent.spawn(_serve, app.extensions["tarp_metrics"], settings)


def _serve(read: Callable[[], bytes], settings: Settings) -> None:
    def answer(_: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
        return [read()]

    told = False
    while not draining.is_draining():
        server = WSGIServer((settings.host, settings.metrics_port), answer, log=None)
        try:
            server.start()
        except OSError as problem:
            # On a reload the old worker still has the port, for some seconds.
            if not told:
                log.warning("metrics port is taken", port=settings.metrics_port, why=str(problem))
                told = True
            gevent.sleep(1)
        else:
            draining.on_drain(server.close)
            return
