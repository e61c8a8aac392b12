"""What every answer says to the browser: the strict policy, and pages packed small."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, g, request
from flask_talisman import Talisman

from app.settings import Settings
from app.web import packing

#: Nothing is allowed that is not named here; everything named is our own.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

#: What a clock at a table has no use for. Only what Chromium knows: it complains of the rest.
NOT_USED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

YEAR_S = 365 * 24 * 3600

APART = (
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
)
"""No other site's page may hold what is ours, not even as a picture."""

OF_PEOPLE = ("/games/", "/wall")
"""Below these stand people's names: for those who have the link."""

PACKED_FROM_BYTES = 600

LOADED_BY_PAGES = frozenset(
    {"text/css", "text/javascript", "font/woff2", "image/png", "text/event-stream"}
)
OF_DOCUMENTS = (
    "Content-Security-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
    "X-Permitted-Cross-Domain-Policies",
)
"""Headers that say what a document may do: half a kilobyte that means nothing on anything else."""


def install(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer and pack pages."""
    app.after_request(hide)  # last, since what is registered first is called last
    app.after_request(spare)
    OnePolicy(
        app,
        strict_transport_security=False,  # it asks the request, which any client may make up
        session_cookie_samesite="Lax",
        frame_options="DENY",
        referrer_policy="strict-origin-when-cross-origin",
        content_security_policy=POLICY,
        permissions_policy=", ".join(f"{name}=()" for name in NOT_USED),
        x_xss_protection=False,
    )
    if settings.https:
        app.after_request(insist_on_https)
    app.after_request(pack)


class OnePolicy(Talisman):
    """Talisman with one policy for all answers: its headers are made once, not at every tap."""

    _made: tuple[tuple[str, str], ...] = ()

    def _set_response_headers(self, response: Response) -> Response:
        if not self._made:
            plain = Response()
            plain.headers.clear()
            self._made = (*super()._set_response_headers(plain).headers, *APART)
        # Past the doors of werkzeug's Headers, which look at every letter of them each time.
        response.headers._list.extend(self._made)  # noqa: SLF001
        return response

    def _force_https(self) -> None:
        """The proxy's business: a health check must not be redirected."""

    def _make_nonce(self) -> None:
        """No script stands in a page."""


def insist_on_https(answer: Response) -> Response:
    """Behind https for a year; no window of another site keeps a hand on ours.

    Both mean nothing over plain http, and browsers complain of the second there.
    """
    answer.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return answer


def hide(answer: Response) -> Response:
    """Names are not for search engines; what carries a token may not even be kept or passed on."""
    if request.path.startswith(OF_PEOPLE):
        answer.headers.add("X-Robots-Tag", "noindex")
    if g.get("is_private"):
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def spare(answer: Response) -> Response:
    """What only pages load travels without the headers of pages: a phone pays for each of them."""
    if answer.status_code == HTTPStatus.NO_CONTENT or answer.mimetype not in LOADED_BY_PAGES:
        return answer
    if request.endpoint != "installing.worker":  # to which a policy of its own applies
        for name in OF_DOCUMENTS:
            answer.headers.pop(name, None)
    return answer


def pack(answer: Response) -> Response:
    """Pages travel packed; streams, fragments and what is packed already do not."""
    if (
        answer.status_code == HTTPStatus.NO_CONTENT
        or answer.mimetype != "text/html"
        or answer.is_streamed
        or "Content-Encoding" in answer.headers
        or (answer.content_length or 0) < PACKED_FROM_BYTES
    ):
        return answer
    way = packing.way(request.accept_encodings)
    if way is None:
        return answer
    answer.set_data(packing.quickly(answer.get_data(), way))
    answer.headers["Content-Encoding"] = way
    answer.headers.add("Vary", "Accept-Encoding")
    return answer
