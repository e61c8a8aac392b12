"""A real nginx or Caddy, with the configuration we ship, in front of a real server.

Only what a test machine cannot have is put in the place of what stands there: free ports, a name
that leads here, and a certificate nobody else vouches for.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.settings import HOUSE
from tests.conftest import free_port
from tests.house import machine

SHIPPED = HOUSE / "app/ops/deploy"
START_SECONDS = 20.0


def put(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each of these once in the place of the other."""
    for shipped, here in pairs:
        assert 1 == text.count(shipped), shipped
        text = text.replace(shipped, here)
    return text


def nginx(folder: Path, port: int, server: int) -> list[str]:
    """Write nginx's files; how it is started."""
    program = machine.nginx()
    if program is None:
        pytest.skip("no nginx on this machine")
    names = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    words = ["openssl", "req", "-x509", "-subj", "/CN=localhost", *kind, *names]
    subprocess.run(words, check=True, capture_output=True)
    text = put(
        (SHIPPED / "nginx.conf").read_text(encoding="utf-8").replace("tarp.example.org;", "_;"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("/etc/letsencrypt/live/tarp.example.org/fullchain.pem", str(folder / "cert.pem")),
        ("/etc/letsencrypt/live/tarp.example.org/privkey.pem", str(folder / "key.pem")),
        ("http://127.0.0.1:8000;", f"http://127.0.0.1:{server};"),
    )
    (folder / "tap-or-tarp.conf").write_text(text, encoding="utf-8")
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nworker_processes 1;\nerror_log stderr;\n"
        f"events {{ worker_connections 256; }}\n"
        f"http {{\naccess_log off;\n{kept}include {folder}/tap-or-tarp.conf;\n}}\n",
        encoding="utf-8",
    )
    return [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, server: int) -> list[str]:
    """Write Caddy's file; how it is started."""
    program = machine.caddy()
    if program is None:
        pytest.skip("no Caddy on this machine")
    text = put(
        (SHIPPED / "Caddyfile").read_text(encoding="utf-8"),
        ("\ntarp.example.org {", f"\nhttps://localhost:{port} {{\n\ttls internal"),
        ("127.0.0.1:8000", f"127.0.0.1:{server}"),
    )
    ours = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    (folder / "Caddyfile").write_text(ours + text, encoding="utf-8")
    return [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES = {"nginx": nginx, "caddy": caddy}


@contextmanager
def in_front(name: str, folder: Path, server: int) -> Iterator[int]:
    """The proxy, until the block is left; the port where it speaks TLS."""
    port = free_port()
    folder.mkdir()
    command = PROXIES[name](folder, port, server)
    homes = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    log = folder / "proxy.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(command, stdout=lines, stderr=lines, env=os.environ | homes)
    try:
        latest = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < latest:
            with suppress(OSError), shaken_hands(port):
                break
            time.sleep(0.05)
        else:
            raise AssertionError(f"{name} did not start:\n{log.read_text()}")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def shaken_hands(port: int, source: str = "127.0.0.1", *also: str) -> ssl.SSLSocket:
    """A TLS connection to the proxy from that address of this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if also:
        context.set_alpn_protocols(list(also))
    line = socket.create_connection(("127.0.0.1", port), 10, (source, 0))
    try:
        shaken = context.wrap_socket(line, server_hostname="localhost")
    except BaseException:
        line.close()
        raise
    shaken.settimeout(None)
    return shaken


@dataclass
class Wire:
    """What a phone's own TLS is: plain on our side, so that every ear and person of ours may speak.

    Its other end comes from the address `source`, as another phone's would.
    """

    port: int
    source: str
    listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where to speak plainly."""
        return f"http://localhost:{self.listener.getsockname()[1]}"

    def close(self) -> None:
        """No further connections; those that are open end when either side does."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, suppress(OSError), shaken_hands(self.port, self.source) as far:
            # One thread: a TLS connection may not be read and written at the same time.
            while True:
                ready, _, _ = select.select([near, far], [], [])
                if near in ready:
                    if not (data := near.recv(65536)):
                        return
                    far.sendall(data)
                if far in ready:
                    if (back := _at_once(far)) == b"":
                        return
                    near.sendall(back or b"")


def _at_once(far: ssl.SSLSocket) -> bytes | None:
    """What is there to read; None when it was only TLS talking to itself."""
    far.settimeout(0)
    try:
        data = far.recv(65536)
        while far.pending():
            data += far.recv(65536)
    except ssl.SSLWantReadError:
        return None
    else:
        return data
    finally:
        far.settimeout(None)
