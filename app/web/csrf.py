"""Cross-site requests: a form or a socket counts only when it comes from our own pages.

Browsers say where a request comes from (Sec-Fetch-Site, Origin); both cannot be forged by a
page. A request with neither comes from no browser of today; the SameSite=Lax cookie is not sent
across sites either way. No tokens: a fragment is rendered once for everybody.
"""

from __future__ import annotations

import structlog
from flask import Flask, current_app

from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.web import counts
from app.web.house_request import asked

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Refuse what another site sends."""
    app.before_request(refuse_cross_site)


def refuse_cross_site() -> None:
    """Raise a refusal when this request would change something for a stranger's page."""
    it = asked()
    headers = it.headers
    is_handshake = headers.get("Upgrade", "").lower() == "websocket"
    if (it.method in SAFE_METHODS and not is_handshake) or is_own_origin():
        return
    log.warning("cross-site request refused", origin=headers.get("Origin"))
    counts.CROSS_SITE.labels("socket" if is_handshake else "form").inc()
    raise Refusal("cross-site", say("This was sent from another site."), Kind.NOT_ALLOWED)


def is_own_origin() -> bool:
    """Whether the request comes from one of our pages, or from no browser at all."""
    it = asked()
    headers = it.headers
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    if origin is not None and origin != "null":
        # Taken as it is: whatever is no "scheme://host" matches nothing.
        if origin.partition("://")[2] == it.host:
            return True
        allowed: tuple[str, ...] = current_app.extensions["settings"].allowed_origins
        return any(_matches(origin, one) for one in allowed)
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None


def _matches(origin: str, allowed: str) -> bool:
    """Exact, or ``https://*.example.org`` for any host below it (but not evilexample.org)."""
    if "*." not in allowed:
        return origin == allowed.rstrip("/")
    scheme, _, host = allowed.rstrip("/").partition("://")
    has_scheme = bool(host)
    pattern = host if has_scheme else scheme
    own_scheme, _, own_host = origin.partition("://")
    return (not has_scheme or own_scheme == scheme) and own_host.endswith(pattern.removeprefix("*"))
