"""`python -m app.ops.ready`: whether the server on this machine is ready; a container asks it."""

import os
import sys
import urllib.request

EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - what HOST may say, not where we listen
PATIENCE_S = 2.0


def address(given: dict[str, str]) -> str:
    """Where the server of this environment is asked."""
    host = given.get("HOST", "").strip()
    host = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{host}:{given.get('PORT', '').strip() or 8000}/ready"


def main() -> None:
    """Leave with 0 when it is, and otherwise with 1 and the reason."""
    # No proxy of the environment stands between us and ourselves.
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        ask.open(address(dict(os.environ)), timeout=PATIENCE_S).close()
    except OSError as why:
        sys.exit(f"Not ready: {why}")


if __name__ == "__main__":
    main()
