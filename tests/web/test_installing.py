"""A phone may keep the site like an app: what its manifest and its worker promise is there."""

from __future__ import annotations

import json
import re
import struct
import urllib.request

from tests.conftest import Server
from tests.person import Person


def test_the_manifest_is_enough_to_be_installed(server: Server) -> None:
    """Name, start, display and icons of the sizes and kinds that browsers ask for."""
    answer = Person(server.url).get("/manifest.webmanifest")
    said = json.loads(answer.text)

    assert "application/manifest+json" == answer.headers["content-type"]
    assert "no-cache" == answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers
    assert ("Tap or Tarp", "/", "/", "standalone") == (
        said["short_name"],
        said["start_url"],
        said["scope"],
        said["display"],
    )
    assert {("any", "any"), ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} == {
        (icon["sizes"], icon["purpose"]) for icon in said["icons"]
    }


def test_every_icon_is_what_the_manifest_says(server: Server) -> None:
    """A launcher takes the type and the size at their word."""
    said = json.loads(Person(server.url).get("/manifest.webmanifest").text)
    for icon in said["icons"]:
        with urllib.request.urlopen(server.url + icon["src"]) as answer:
            kind, body = answer.headers.get_content_type(), answer.read()
        assert icon["type"] == kind
        if kind == "image/png":
            assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", body[16:24]))


def test_the_worker_knows_this_release(server: Server) -> None:
    """Its stamp is the one in the pages, and all it keeps beforehand is there."""
    person = Person(server.url)
    answer = person.get("/sw.js")
    house = json.loads(answer.text.partition("const HOUSE = ")[2].partition(";\n")[0])
    stamp = person.get("/").text.partition("/static/")[2].partition("/")[0]

    assert "text/javascript; charset=utf-8" == answer.headers["content-type"]
    assert "no-cache" == answer.headers["cache-control"]
    assert stamp == house["stamp"]
    assert all(one.startswith(f"/static/{stamp}/") for one in house["files"])


def test_the_page_without_a_line_needs_only_what_is_kept(server: Server) -> None:
    """What else it asked for could not be fetched there; it has no name and no cookie in it."""
    person = Person(server.url)
    house = json.loads(person.get("/sw.js").text.partition("const HOUSE = ")[2].partition(";\n")[0])
    page = person.get(house["page"])
    needed = re.findall(
        r'<(?:link rel="(?:stylesheet|preload)"|script)[^>]*?(?:href|src)="([^"]+)', page.text
    )

    assert needed
    assert set(needed) <= set(house["files"])
    assert "set-cookie" not in page.headers
