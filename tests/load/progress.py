"""How far it is, for whoever waits; the result alone goes to standard output."""

import sys


def say(words: str) -> None:
    """One line, at once."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
