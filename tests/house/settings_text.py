"""The settings as README and .env.example tell them, both told from app/settings.py.

`python -m tests.house.settings_text` writes .env.example and shows README's table.
"""

import sys
from pathlib import Path

from app.settings import SPECS

HOUSE = Path(__file__).resolve().parents[2]
TABLE_HEAD = ("| variable | default | meaning |", "|---|---|---|")


def readme_rows() -> list[str]:
    """One row of README's table for each variable, in the order of app/settings.py."""
    return [
        f"| `{spec.name}` | {f'`{spec.default}`' if spec.default else ''} | {spec.meaning} |"
        for spec in SPECS
    ]


def env_example() -> str:
    """The whole of .env.example: every variable at its default, switched off."""
    head = (
        "# Every setting, at its default. Copy to .env, which `make run` reads, and take the `#`\n"
        "# from the lines you change; what the environment already says wins.\n"
    )
    return head + "".join(f"\n# {spec.meaning}\n#{spec.name}={spec.default}\n" for spec in SPECS)


if __name__ == "__main__":
    (HOUSE / ".env.example").write_text(env_example(), encoding="utf-8")
    sys.stdout.write("\n".join((*TABLE_HEAD, *readme_rows(), "")))
