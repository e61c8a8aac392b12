"""Gunicorn's figures as app/ops/gunicorn.py sets them, read without importing it.

The import would put gevent's sockets and threads in the place of the tests' own.
"""

import re

from app.settings import HOUSE


def gunicorn(name: str) -> int:
    """One whole number of it."""
    text = (HOUSE / "app/ops/gunicorn.py").read_text(encoding="utf-8")
    (figure,) = re.findall(rf"^{name} = ([0-9_]+)$", text, re.MULTILINE)
    return int(figure)
