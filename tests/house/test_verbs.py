"""One set of verbs, on a laptop and in CI; and what deployment needs is where README says."""

from __future__ import annotations

import re

from app.settings import HOUSE

WORKFLOWS = sorted((HOUSE / ".github/workflows").glob("*.yml"))


def test_ci_says_what_people_say() -> None:
    """A check that only CI knows how to run is repaired by guessing."""
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    texts = [*WORKFLOWS, HOUSE / ".ci/run"]
    steps = re.findall(
        r"(?:run: |exec )make ([a-z ]+)$",
        "\n".join(path.read_text(encoding="utf-8") for path in texts),
        re.MULTILINE,
    )
    said = {verb for step in steps for verb in step.split()}
    assert said <= verbs
    assert {"check", "test", "soak", "load", "audit"} == said


def test_the_long_proofs_run_by_themselves_and_the_load_by_hand() -> None:
    """A soak nobody starts proves nothing; a measurement nobody asked for is noise."""
    soak, load = (
        (HOUSE / ".github/workflows" / name).read_text(encoding="utf-8")
        for name in ("soak.yml", "load.yml")
    )
    assert re.search(r'cron: "[0-9*/, ]+"', soak)
    assert "schedule" not in load
    assert "workflow_dispatch" in load


def test_readme_names_every_file_of_a_deployment() -> None:
    """A file nobody is told of is not used, and what is told of but not there is worse."""
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    there = {path.name for path in (HOUSE / "app/ops/deploy").iterdir()}
    assert there == {name for name in there if name in readme}
    told = set(re.findall(r"app/ops/deploy/([\w.-]+)", readme))
    assert told <= there
