"""How far it is, for whoever waits; the result alone goes to standard output."""

import sys


class CannotMeasureError(Exception):
    """A sentence that says why there will be no figures."""


def say(words: str) -> None:
    """One line, at once."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
