"""Run every static check, two at a time, and say how long each took; the words of those that fail come last.

    python -m tools.check [name …]      all of them, or only those named

A check whose folders are not there yet says so; it never passes for having looked at nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2
MOST_LINES = 60
PROGRAM = (
    "build.py",
    "pelicanconf.py",
    "etalage",
    "plugins",
    "functions",
    "sitecheck",
    "commands",
    "tools",
    "bench",
)
CODE = (*PROGRAM, "demo", "tests")
WORDS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "themes")


class Step(NamedTuple):
    """One check: its command, followed by those of its folders that hold a file of its kind."""

    name: str
    command: Sequence[str]
    folders: Sequence[str] = ()
    kind: str = "*.py"


class Result(NamedTuple):
    """How a step ended: its exit code, or None if there was nothing to look at."""

    step: Step
    code: int | None
    seconds: float
    words: str


# The slow ones first, so that the two workers finish together.
STEPS = (
    Step("types", ("mypy", "--strict"), ("etalage", "functions", "commands", "plugins", "demo", "sitecheck", "tools")),
    Step("templates", ("djlint", "--lint", "--quiet"), ("themes",), "*.html"),
    Step("dead code", ("vulture", "--min-confidence", "80"), CODE),
    Step("imports", ("lint-imports", "--no-logo", "--cache-dir", "var/cache/imports")),
    Step("dependencies", ("deptry", ".")),
    Step("locks", ("python", "-m", "tools.locks")),
    Step("spelling", ("codespell",), (*WORDS, *PROGRAM), "*"),  # demo and tests speak Dutch
    Step("format", ("ruff", "format", "--check", "--output-format", "concise", ".")),
    Step("ruff", ("ruff", "check", "--output-format", "concise", ".")),
    Step("scripts", ("oxlint", "--deny-warnings"), ("themes",), "*.js"),
)


def check(steps: Sequence[Step]) -> bool:
    """Run the steps, print one line for each as it ends, then what the failed ones said."""
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as workers:
        results = []
        for result in workers.map(run, steps):
            results.append(result)
            verdict = {None: "nothing there yet", 0: "ok"}.get(result.code, "FAILED")
            print(f"{result.step.name:<14}{result.seconds:6.1f} s  {verdict}", flush=True)
    print(f"{'together':<14}{time.perf_counter() - start:6.1f} s")
    failed = [result for result in results if result.code]
    for result in failed:
        print(f"\n--- {result.step.name}: {' '.join(result.step.command)}")
        lines = result.words.strip().splitlines()
        print(*lines[:MOST_LINES], sep="\n")
        if more := lines[MOST_LINES:]:
            print(f"… and {len(more)} lines more")
    return not failed


def run(step: Step) -> Result:
    """Run one step in the project's own environment."""
    folders = [folder for folder in step.folders if is_there(ROOT / folder, step.kind)]
    if step.folders and not folders:
        return Result(step, None, 0.0, "")
    program, *arguments = step.command
    command = [str(Path(sys.executable).parent / program), *arguments, *folders]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "110"}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return Result(step, done.returncode, time.perf_counter() - start, done.stdout + done.stderr)


def is_there(path: Path, kind: str) -> bool:
    """Say whether there is anything to check: a file, or a folder with such a file in it."""
    return path.is_file() or any(path.rglob(kind))


if __name__ == "__main__":
    asked = sys.argv[1:]
    if unknown := set(asked) - {step.name for step in STEPS}:
        sys.exit(f"There is no check called {', '.join(sorted(unknown))}: {', '.join(step.name for step in STEPS)}")
    sys.exit(0 if check([step for step in STEPS if not asked or step.name in asked]) else 1)
