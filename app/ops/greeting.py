"""What a terminal shows when the server starts on it: the address people type, and its QR code.

For a laptop at a table: no internet, no name, only addresses. None is asked for anywhere; nothing
is sent.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import struct
import sys

import segno

from app.settings import Settings

# In the ranges that documentation is written with: a route may lead there, nobody is there.
NOBODY = (("192.0.2.1", 9), ("192.168.255.254", 9), ("10.255.255.254", 9), ("172.31.255.254", 9))
# How a system is asked for an interface's IPv4 address.
SIOCGIFADDR = {"linux": 0x8915, "darwin": 0xC0206921}
# Interfaces behind which there are containers and machines within this one, but no phones.
INNER = ("lo", "docker", "br-", "veth", "virbr", "cni", "vmnet", "vboxnet")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what HOST may say, not where we listen
# Black on white whatever the terminal's own colours: not every camera reads it the other way round.
ON, OFF = "\x1b[97;40m", "\x1b[0m"


def greeting(settings: Settings) -> str | None:
    """The lines for the terminal; None where nobody types an address of this machine."""
    if not sys.stderr.isatty() or settings.log_format != "console":
        return None
    if settings.https or settings.trusted_proxies:
        return None
    inside = settings.host not in EVERYWHERE
    found = [settings.host] if inside else addresses()
    first, *others = [address_text(each, settings.port) for each in found] or [""]
    if not first or is_this_machine(found[0]):
        local = f"http://localhost:{settings.port}"
        why = "HOST is" if inside else "there is no network"
        return f"\n  {local}\n  Only this machine reaches it: {why}{f' {found[0]}' * inside}.\n\n"
    also = "".join(f"  or {other}\n" for other in others)
    return f"\n{drawn(first)}\n  {first}\n{also}  for every phone in this network\n\n"


def addresses() -> list[str]:
    """This machine's IPv4 addresses as phones around it know them, the likeliest first."""
    found = [*by_route(), *by_interface()]
    return [each for each in dict.fromkeys(found) if not ipaddress.ip_address(each).is_loopback]


def by_route() -> list[str]:
    """The address from which something would be sent; a UDP connect only looks that up."""
    found = []
    for nobody in NOBODY:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(nobody)
            except OSError:
                continue
            found.append(str(probe.getsockname()[0]))
    return found


def by_interface() -> list[str]:
    """The address of every interface; a laptop that is the hotspot itself has no route anywhere."""
    if sys.platform not in SIOCGIFADDR:
        return []
    import fcntl  # noqa: PLC0415 - not on every system

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            if name.startswith(INNER):
                continue
            asked = struct.pack("256s", name.encode()[:15])
            try:
                told = fcntl.ioctl(probe, SIOCGIFADDR[sys.platform], asked)
            except OSError:
                continue
            found.append(socket.inet_ntoa(told[20:24]))
    return found


def address_text(host: str, port: int) -> str:
    """What is typed into a phone."""
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}" if port == 80 else f"http://{host}:{port}"  # noqa: PLR2004 - http's own


def is_this_machine(host: str) -> bool:
    """Whether the address leads nowhere but here."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def drawn(text: str) -> str:
    """The text as a QR code of half blocks, two rows of squares a line."""
    lines = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=lines, border=2, compact=True)
    return "\n".join(f"  {ON}{line}{OFF}" for line in lines.getvalue().splitlines())
