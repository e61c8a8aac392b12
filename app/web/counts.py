"""What the pages count for the operator, besides the answers' times: every kind of "no".

Known labels stand at 0 from the start, so that a rate over them exists before the first one.
"""

from __future__ import annotations

from prometheus_client import Counter

from app.game.refusals import Refusal

REFUSED = Counter("tarp_refusals", "Commands and requests refused politely.", ["code"])
DENIED = Counter("tarp_authorization_denials", "Refused because of who asked, by road.", ["road"])
RATE_LIMITED = Counter("tarp_rate_limited", "Refused because it was too much.", ["limit"])
CROSS_SITE = Counter("tarp_cross_site_rejected", "Sent by another site.", ["what"])
BAD_TOKENS = Counter("tarp_bad_tokens", "Reconnect tokens that were no good (any more).")

CODES = (
    "already-active", "announced", "bad-token", "busy", "campaign-over", "choose-first",
    "client-streams", "closed", "color-taken", "counts-up", "cross-site", "empty-seats",
    "free-already", "full", "game-streams", "host", "host-already", "interrupted", "many-claims",
    "many-feedback", "many-games", "many-guesses", "no-campaign", "no-interrupt", "no-round",
    "no-such-feedback", "no-such-game", "no-such-result", "no-targets", "nobody-active",
    "nobody-in", "nobody-there", "not-asked", "not-offered", "not-yours", "nothing-to-choose",
    "nothing-to-undo", "resolving", "running-already", "seat-out", "seated", "settings-fixed",
    "shared", "stack-full", "still-in", "stood-upon", "storage", "streams", "table-full", "taken",
    "targeting", "too-fast", "too-few", "too-long", "unreadable", "wrong-status",
)  # fmt: skip
"""Every code a refusal may have; a test finds them in the source."""

for _code in CODES:
    REFUSED.labels(_code)
for _limit in ("games", "claims", "guesses", "feedback", "form", "socket"):
    RATE_LIMITED.labels(_limit)
for _road in ("form", "socket"):
    DENIED.labels(_road)
for _what in ("form", "socket"):
    CROSS_SITE.labels(_what)


def refused(refusal: Refusal, road: str) -> None:
    """Count a refusal that a person was told over this road: form or socket."""
    REFUSED.labels(refusal.code).inc()
    if refusal.code == "not-yours":
        DENIED.labels(road).inc()
    elif refusal.code == "bad-token":
        BAD_TOKENS.inc()
