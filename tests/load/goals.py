"""The goals, one after the other: `python -m tests.load goals`.

Each is a measurement of tests.load with what it must not exceed; it is kept as a result like any
other, and the table of all is printed as README has it. Nobody else may be busy meanwhile; all of
them take about an hour.

  --only WORD ...   only goals whose name holds one of these words
  --kept            measure nothing, tell what the kept results say
  --share 0.01      so many of the games, to see that everything works; it holds no goal
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from tests.load.options import RESULTS, Options, read
from tests.load.progress import CannotMeasureError, say

Result = dict[str, Any]


class Limit(NamedTuple):
    """What one figure of a result may be at most, and how it is told."""

    figure: Callable[[Result], float]
    most: float
    words: str


@dataclass(frozen=True)
class Goal:
    """A piece of work, as the words of the command line, and its limits."""

    name: str
    work: str
    words: str
    limits: tuple[Limit, ...]


def core(most: float) -> Limit:
    """The share of a core the server used."""
    return Limit(lambda result: result["best"]["server_core"], most, "{:.1%} of a core")


def p99(most_ms: float) -> Limit:
    """What 99 of 100 taps took at most until every phone had them."""
    return Limit(
        lambda result: result["best"]["to_all_screens_ms"]["p99"], most_ms, "p99 {:.1f} ms"
    )


def memory(most_kb: float) -> Limit:
    """What one more phone takes."""
    return Limit(
        lambda result: result["best"]["memory"]["kb_per_phone"], most_kb, "{:.0f} KB a phone"
    )


def bytes_a_minute(most_kb: float) -> Limit:
    """What goes to each phone, heartbeats included."""
    return Limit(
        lambda result: result["best"]["bytes_per_phone_minute"] / 1024, most_kb, "{:.1f} KB"
    )


def _missing(result: Result) -> float:
    """Frames that did not arrive, and taps nobody heard of."""
    best = result["best"]
    frames, taps = best["frames"], best["taps"]
    if not taps["acknowledged"]:
        return float("inf")
    return float(frames["expected"] - frames["delivered"] + taps["lost"] + best["streams_ended"])


LOST = Limit(_missing, 0, "{:.0f} frames lost")
SHELL = Limit(lambda result: result["times_the_shell"], 1.8, "{:.2f} x the empty shell")
SECOND = "four phones each, a tap a second"
TEN = "four phones each, a tap every 10 s"


def _page(name: str) -> tuple[Limit, ...]:
    return (
        Limit(lambda result: result["best"][name]["bytes"] / 1024, 60, "{:.1f} KB"),
        Limit(lambda result: result["best"][name]["requests"], 16, "{:.0f} requests"),
    )


GOALS = (
    Goal(
        "goal-500-sse",
        f"500 games, {SECOND}, event stream",
        "--games 500 --against-shell --best-of 3",
        (core(0.65), p99(25), SHELL, LOST),
    ),
    Goal("goal-1000-sse", f"1,000 games, {SECOND}, event stream", "--games 1000", (LOST,)),
    Goal(
        "goal-1000-socket",
        f"1,000 games, {SECOND}, sockets",
        "--games 1000 --channel socket --best-of 3",
        (core(0.45), p99(15), LOST),
    ),
    Goal(
        "goal-2000-socket",
        f"2,000 games, {SECOND}, sockets",
        "--games 2000 --channel socket --best-of 3",
        (core(0.9), p99(80), LOST),
    ),
    Goal(
        "goal-4000-sse",
        f"4,000 games, {TEN}, event stream",
        "--games 4000 --every 10 --warm-up 10 --seconds 30",
        (core(0.5), p99(40), memory(60), LOST),
    ),
    Goal(
        "goal-4000-socket",
        f"4,000 games, {TEN}, sockets",
        "--games 4000 --every 10 --warm-up 10 --seconds 30 --channel socket",
        (core(0.5), p99(40), memory(60), LOST),
    ),
    Goal(
        "goal-4000-idle",
        "4,000 running games, 16,000 phones listen, nobody taps",
        "--games 4000 --idle --seconds 40",
        (core(0.08),),
    ),
    Goal(
        "goal-bytes-sse",
        "to a phone at 6 taps a minute, event stream",
        "--games 50 --every 10 --warm-up 10 --seconds 60",
        (bytes_a_minute(10),),
    ),
    Goal(
        "goal-bytes-socket",
        "to a phone at 6 taps a minute, socket",
        "--games 50 --every 10 --warm-up 10 --seconds 60 --channel socket",
        (bytes_a_minute(10),),
    ),
    Goal(
        "goal-stored",
        "start with 20,000 stored games",
        "--stored 20000 --best-of 3",
        (
            Limit(lambda result: result["best"]["ready_s"], 2, "ready in {:.1f} s"),
            Limit(lambda result: result["best"]["ready_mb"], 150, "{:.0f} MB"),
        ),
    ),
    Goal("goal-first-page", "home page on a cold phone", "--first-page", _page("home")),
    Goal("goal-first-page", "a game's page on a cold phone", "--first-page", _page("game")),
)


def main(words: Sequence[str], measure: Callable[[Options], Result]) -> int:
    """Measure every goal that is asked for and print the table; 1 when one was not held."""
    parser = argparse.ArgumentParser(
        "python -m tests.load goals", None, __doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args(words)
    if not 0 < given.share <= 1:
        parser.error("--share must be above 0 and at most 1.")
    goals = [goal for goal in GOALS if any(word in goal.name for word in given.only)]
    results: dict[str, Result] = {}
    if not given.kept:
        for goal in goals:
            if goal.name not in results:
                results[goal.name] = _measured(goal, given.share, given.results, measure)
    rows = []
    for goal in goals:
        file = given.results / f"{goal.name}.json"
        if given.kept and file.exists():
            results[goal.name] = json.loads(file.read_text())
        rows.append((goal, results.get(goal.name)))
    sys.stdout.write(table(rows))
    return int(not all(held(goal, result) for goal, result in rows))


def _measured(
    goal: Goal, share: float, folder: Path, measure: Callable[[Options], Result]
) -> Result:
    """The result; what went wrong instead, so that the others are measured nevertheless."""
    words = [*goal.words.split(), "--name", goal.name, "--results", str(folder)]
    options = read(words, "")
    if share < 1:
        games, stored = (max(1, round(n * share)) for n in (options.games, options.stored))
        best_of, seconds = 1, min(options.seconds, max(2.0, options.every_s))
        options = replace(options, games=games, stored=stored, best_of=best_of, seconds=seconds)
    try:
        return measure(options)
    except (CannotMeasureError, OSError) as failed:
        say(f"{goal.name} failed: {failed}")
        return {"failed": str(failed)}


def figures(goal: Goal, result: Result | None) -> list[float]:
    """What the goal's limits are about, as it was measured; nothing of a run that failed."""
    if result is None or "failed" in result:
        return []
    return [float(limit.figure(result)) for limit in goal.limits]


def held(goal: Goal, result: Result | None) -> bool:
    """Whether every figure was measured and none is beyond its limit."""
    found = figures(goal, result)
    return bool(found) and all(
        figure <= limit.most for figure, limit in zip(found, goal.limits, strict=True)
    )


def table(rows: Sequence[tuple[Goal, Result | None]]) -> str:
    """Markdown, a row for each goal."""
    lines = ["| work | goal, at most | measured | held |", "|---|---|---|---|"]
    for goal, result in rows:
        limits = "; ".join(limit.words.format(limit.most) for limit in goal.limits)
        found = figures(goal, result)
        told = "; ".join(
            limit.words.format(figure) for limit, figure in zip(goal.limits, found, strict=False)
        )
        verdict = ("yes" if held(goal, result) else "**no**") if found else "not measured"
        lines.append(f"| {goal.work} | {limits} | {told or '-'} | {verdict} |")
    return "\n".join(lines) + "\n"
