"""Puts every room on the floors below it: settings, storage, table, channel, pages, operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import gevent
import structlog
from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app.bus.contract import Bus
from app.bus.local import LocalBus
from app.bus.redis import RedisBus
from app.channel import socket, sse
from app.channel.board import Paint
from app.channel.hub import Hub
from app.ops import cli, draining, health, logging, metrics, sentry
from app.ops.backups import DailyBackups
from app.settings import HOUSE, VERSION, Settings
from app.storage.contract import Storage, StorageDown, shared
from app.storage.engine import address
from app.storage.redis import RedisStorage, worker_name
from app.storage.sql import SqlStorage
from app.table import watch
from app.table.background import Background
from app.table.chronicles import Chronicles
from app.table.counts import GAMES_ACTIVE
from app.table.instant import Now, SharedClock, steady_now
from app.table.play import Table
from app.web import (
    access,
    actions,
    allowances,
    chronicle,
    csrf,
    errors,
    feedback,
    forgetting,
    games,
    headers,
    home,
    house_request,
    identity,
    installing,
    language,
    limits,
    messages,
    operator,
    pace,
    painted_words,
    preferences,
    routes,
    seats,
    static_files,
    sticky,
    wall,
)
from app.words import languages, templates
from app.words.painting import Painter

log = structlog.get_logger(__name__)

SESSION_LIFE = timedelta(days=365)

BLUEPRINTS = (
    home.blueprint,
    preferences.blueprint,
    installing.blueprint,
    forgetting.blueprint,
    games.blueprint,
    chronicle.blueprint,
    seats.blueprint,
    actions.blueprint,
    feedback.blueprint,
    operator.blueprint,
    wall.blueprint,
    sse.blueprint,
)


class Running:
    """What the running app tells about itself to whoever operates it."""

    def __init__(self, table: Table, bus: Bus, hub: Hub, background: Background) -> None:
        self._table = table
        self._bus = bus
        self._hub = hub
        self._background = background

    def storage_ok(self) -> bool:
        """Whether a game could be saved now."""
        return self._table.storage.is_well()

    def greenlets_ok(self) -> bool:
        """Whether every background greenlet runs."""
        return self._background.all_well()

    def channels(self) -> int:
        """Screens listening now."""
        return self._hub.channels()

    def unreadable_games(self) -> int:
        """Games that were asked for and could not be read."""
        return len(self._table.shelf.unreadable)

    def games(self) -> int | None:
        """Games stored now; None while storage does not say."""
        try:
            return self._table.storage.count_games()
        except StorageDown:
            return None

    def shared(self) -> dict[str, Any] | None:
        """How the storage that instances share is doing; None where there is none."""
        storage = shared(self._table.storage)
        if storage is None:
            return None
        return {
            "latency_ms": round(storage.latency_ms(), 2),
            "state": storage.complaint() or "ok",
            "bus": "ok" if self._bus.is_well() else "cut off",
        }

    def refresh_counts(self) -> None:
        """Bring up to date what is not counted as it happens."""
        metrics.READY.set(not health.reasons(self))
        try:
            GAMES_ACTIVE.set(self._table.storage.count_active())
        except StorageDown:
            log.warning("active games could not be counted")


class House(Flask):
    """Flask, told that no view or hook of ours is a coroutine: it would ask at every call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: Settings | None = None, now: Now | None = None) -> Flask:
    """The application. ``now`` gives epoch milliseconds; tests hand over their own."""
    settings = settings or Settings.from_environment()
    logging.configure(settings)
    sentry.init(settings)
    app = House(__name__, root_path=str(HOUSE), static_folder=None, template_folder="templates")
    configure(app, settings)
    app.extensions["settings"] = settings
    languages.load()

    storage, bus, clock = ground(settings)
    table = Table(storage, bus, now or clock, max_games=settings.max_games)
    hub = Hub(table, bus, painters(app), settings.max_streams)
    bus.hear(hub.on_change)
    background = Background()
    app.extensions |= {
        "table": table,
        "chronicles": Chronicles(storage),
        "bus": bus,
        "hub": hub,
        "clock": clock,
        "background": background,
        "begin": partial(begin, app),
        "tapped_at": lambda: table.tapped_at,
        "tarp": Running(table, bus, hub, background),
    }
    cli.install(app)
    draining.on_drain(hub.drain)
    draining.on_exit(bus.close)
    draining.on_exit(lambda: watch.last_words(table))

    house_request.install(app)
    routes.install(app)
    language.install(app)
    access.install(app, settings)  # first: whatever is said of a request carries its id
    identity.install(app)  # the instant at the door is taken before a slow body is read
    app.before_request(access.note_who)
    app.before_request(limits.refuse_large)
    app.before_request(limits.read_body)
    app.before_request(identity.bound_instant)
    sticky.install(app, settings)
    csrf.install(app)
    allowances.install(app, settings)
    headers.install(app, settings)
    errors.install(app)
    kept = Path(HOUSE, "instance", "packed")
    static_files.install(app, Path(HOUSE, "static"), painted_words.sheets(), kept)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    socket.install(app, messages.carry_out)
    pace.install(app)
    health.install(app, settings)
    metrics.install(app, settings, app.extensions["tarp"].refresh_counts)
    return app


def ground(settings: Settings) -> tuple[Storage, Bus, Now]:
    """Where games are kept, how changes are told, and which clock counts: alone or with others."""
    sql = SqlStorage(settings.database_url)
    if settings.redis_url is None:
        # Never behind the last process: a clock set back would charge nobody until it caught up.
        return sql, LocalBus(), steady_now(at_least=sql.last_alive() or 0)
    try:
        games = RedisStorage(settings.redis_url, sql, worker_name(settings.instance_id))
    except BaseException:
        sql.close()
        raise
    return games, RedisBus(settings.redis_url), SharedClock(games)


def begin(app: Flask) -> None:
    """Begin to keep time. Only the server does: a command of the shell must not do it as well."""
    table: Table = app.extensions["table"]
    app.extensions["bus"].start()
    background: Background = app.extensions["background"]
    background.keep("timekeeper", table.timekeeper.run)
    background.keep("alive", lambda: watch.say_alive(table))
    background.keep("tidy", lambda: watch.tidy(table))
    if table.elsewhere is not None:
        elsewhere = table.elsewhere
        background.keep("who is here", elsewhere.say_all)
        background.keep("others' deadlines", lambda: elsewhere.look_up(table.timekeeper))
        background.keep("clock", app.extensions["clock"].keep_measuring)
    app.extensions["warm"] = gevent.spawn(warm_up, app)
    settings: Settings = app.extensions["settings"]
    if settings.backups_kept:
        daily = DailyBackups(address(settings.database_url), settings.backups_kept)
        background.keep("backups", daily.run)


def warm_up(app: Flask) -> None:
    """Compile the templates beside the first requests, or the first phones would wait for it."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
        gevent.sleep(0)


def configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings, in one place."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        SESSION_COOKIE_NAME="__Host-tarp" if settings.https else "tarp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_REFRESH_EACH_REQUEST=False,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    app.jinja_env.globals["release"] = " ".join(filter(None, (VERSION, settings.commit)))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    templates.install(app.jinja_env)
    app.url_map.strict_slashes = False
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        proxied: Any = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def painters(app: Flask) -> Callable[[str], Paint]:
    """Who renders fragments outside any request, by language: the templates the pages include."""
    return lambda language: Painter(app.jinja_env, language)
