"""Where requests say they come from, and which of them count: forms and sockets alike."""

from __future__ import annotations

FRIEND = "https://friend.example"
FRIENDS = f"{FRIEND}, http://tables.example:8080/"
"""As the operator writes them down."""

OUR_OWN = "our own"
"""Stands for the origin the server is reached by."""

#: (Origin, Sec-Fetch-Site) as a browser sends them, and whether the form counts.
SENT: list[tuple[str | None, str | None, bool]] = [
    (OUR_OWN, "same-origin", True),
    (OUR_OWN, None, True),  # a browser from before Sec-Fetch-Site, or plain http on the LAN
    (None, "same-origin", True),
    (None, "none", True),  # typed, a bookmark, a shortcut of the home screen
    (None, None, True),  # no browser of today
    ("null", "same-origin", True),  # our own page under a policy that hides the referrer
    ("null", None, False),  # a sandboxed frame
    ("null", "cross-site", False),
    ("null", "same-site", False),
    (None, "cross-site", False),
    (None, "same-site", False),  # another program on the same domain
    (None, "nonsense", False),
    ("https://evil.example", "cross-site", False),
    ("https://evil.example", None, False),
    ("", None, False),
    ("nonsense", None, False),
    ("http://[", None, False),
    ("http://[::1", "cross-site", False),
    ("http://127.0.0.1", None, False),  # our machine, another program
    ("http://evil.example#127.0.0.1", None, False),
    (f"{OUR_OWN}.evil.example", None, False),
    (f"{OUR_OWN}@evil.example", None, False),
    (f"http://evil.example/?{OUR_OWN}", None, False),
    (FRIEND, "cross-site", True),
    (FRIEND, None, True),
    ("http://tables.example:8080", "cross-site", True),
    ("http://tables.example", "cross-site", False),
    ("http://friend.example", "cross-site", False),  # allowed over https alone
    (f"{FRIEND}:444", "cross-site", False),
    ("https://not-a-friend.example", "cross-site", False),
    ("https://www.friend.example", "cross-site", False),
    (f"{FRIEND}.evil.example", "cross-site", False),
]

WILD: list[tuple[str, str, int]] = [
    ("https://*.example.org", "https://a.example.org", 303),
    ("https://*.example.org", "https://a.b.example.org", 303),
    ("https://*.example.org", "https://example.org", 403),
    ("https://*.example.org", "https://evilexample.org", 403),
    ("https://*.example.org", "https://example.org.evil.example", 403),
    ("https://*.example.org", "http://a.example.org", 403),
    ("https://*.example.org", "https://a.example.org:444", 403),
    ("https://*.example.org", "https://a.example.org.", 403),
]
