"""What Lighthouse says of home, lobby and table: `python -m tests.browser.lighthouse`.

The best of three runs on a simulated phone, with this machine's Chromium, against a real server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.scenes import lobby_scenes
from tests.conftest import CHROMIUM_WORDS, serving
from tests.house import machine
from tests.person import Person, start

VERSION = "13.5.0"
RUNS = 3
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100}


def audited(address: str, person: Person, browser: str, folder: Path) -> dict[str, int]:
    """One run's points by category."""
    report = folder / "report.json"
    headers = folder / "headers.json"
    headers.write_text(json.dumps(person.cookie()))
    words = ["npm", "exec", "--yes", f"--package=lighthouse@{VERSION}", "--", "lighthouse", address]
    words += [f"--only-categories={','.join(AIMS)}", "--output=json", f"--output-path={report}"]
    words += [f"--chrome-flags=--headless=new {' '.join(CHROMIUM_WORDS)}", "--quiet"]
    words += [f"--extra-headers={headers}"]
    subprocess.run(words, check=True, env=os.environ | {"CHROME_PATH": browser}, cwd=folder)
    found = json.loads(report.read_text())
    lost = [one["id"] for one in found["audits"].values() if one["score"] not in (1, None)]
    sys.stderr.write(f"{address}: {', '.join(lost)}\n")
    return {name: round(found["categories"][name]["score"] * 100) for name in AIMS}


def main() -> None:
    """Measure, print a line a page, and fail when one has less than was promised."""
    browser = machine.chromium()
    if browser is None:
        sys.exit("There is no Chromium on this machine.")
    short = False
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as server:
        folder = Path(name)
        code, people = start(server.url, 4)
        lobby = lobby_scenes(server.url)["lobby, host"]
        pages = {
            "home": (Person(server.url), "/"),
            "lobby": (lobby.person, lobby.path),
            "table": (people[0], f"/games/{code}"),
        }
        for page, (person, path) in pages.items():
            runs = [audited(server.url + path, person, browser, folder) for _ in range(RUNS)]
            best = {name: max(run[name] for run in runs) for name in AIMS}
            short |= any(best[name] < aim for name, aim in AIMS.items())
            sys.stdout.write(f"{page}: {', '.join(f'{n} {v}' for n, v in best.items())}\n")
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
