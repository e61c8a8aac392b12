"""Where a tap's time goes: a profile of the worker, summed by the parts of a tap's road.

While a load runs (``make load LOAD="--games 500"``), in another terminal and with py-spy:

    py-spy record --gil -f raw -r 300 -d 15 -p WORKER -o taps.txt
    python -m tests.load.profile taps.txt --rate 300 --seconds 15 --taps 500

The worker's number is in the first line of the load. Only Python's own time is in it (--gil): what
the kernel does for the sockets and the disk is the rest of "server CPU per tap".
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

#: A frame that begins a part, by a piece of its name; the innermost one of a stack counts.
PARTS = {
    "(gunicorn/http/": "parse",
    "Line._readable": "parse",
    "read (app/web/messages.py": "parse",
    "_load_form_data": "parse",
    "Request.form": "parse",
    "Command.read": "parse",
    "open_session": "cookie",
    "identify (app/web": "cookie",
    "Table.glance": "lock, load, what is due",
    "Table.hear_of": "lock, load, what is due",
    "Table.play": "lock, load, what is due",
    "Table.reschedule": "lock, load, what is due",
    "Table.stored_due": "lock, load, what is due",
    "decide (app/game/judge.py": "rules",
    "SqlStorage.save": "save",
    "_WorkerGreenlet": "save",
    "Writer._flush": "save",
    "Hub.on_change": "fan-out",
    "Board.update": "render",
    "Board.frame": "render",
    "Hub.next": "fan-out",
    "Mailbox.wait": "fan-out",
    "Hub.run (gevent": "loop",
    "actions.py)": "permissions, answer",
    "carry_out (app/web": "permissions, answer",
    "_judge (app/web": "permissions, answer",
    "preprocess_request": "hooks of ours and the packages'",
    "process_response": "hooks of ours and the packages'",
    "Flask.__call__": "Flask",
    "AsyncWorker.handle": "gunicorn",
}


def part_of(stack: str) -> str:
    """The part of a tap's road that a stack of py-spy's raw format is in."""
    for frame in reversed(stack.split(";")):
        for piece, part in PARTS.items():
            if piece in frame:
                return part
    return "the rest"


def main(words: list[str]) -> None:
    """Print a table of parts, the largest first."""
    parser = argparse.ArgumentParser("python -m tests.load.profile", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rate", type=float, default=300, help="samples a second")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--taps", type=float, required=True, help="taps a second")
    given = parser.parse_args(words)
    found: Counter[str] = Counter()
    for line in given.file.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        found[part_of(stack)] += int(count)
    worth_us = 1e6 / (given.rate * given.seconds * given.taps)
    whole = sum(found.values())
    sys.stdout.write("| part | us | share |\n|---|---|---|\n")
    for part, count in found.most_common():
        sys.stdout.write(f"| {part} | {count * worth_us:.0f} | {count / whole:.0%} |\n")
    sys.stdout.write(f"| all of Python | {whole * worth_us:.0f} | |\n")


if __name__ == "__main__":
    main(sys.argv[1:])
