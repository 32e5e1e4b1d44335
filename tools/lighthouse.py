"""Hold the demo's main pages against Lighthouse: a phone with its default throttling, the median of five runs.

Accessibility, best practices and SEO must be 100, performance at least 95, and nothing may move while a page loads. It runs on
the Node that Playwright brings, for Lighthouse wants a newer one than many systems have. The phone's clock is that of Flanders.

    python -m tools.lighthouse [page …]      all of showroom.MAIN, or those named; RUNS=1 for a quick look
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from tools import showroom
from tools.browser import ensure, is_root, say

CLI = showroom.ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
SHIFT = "cumulative-layout-shift"
RUNS = int(os.environ.get("RUNS", "5"))
Scores = dict[str, float]


class NoLighthouse(RuntimeError):
    """Lighthouse cannot run here; the message says why."""


def judge(url: str) -> Scores:
    """Return the medians of some runs: scores of 0 to 100 per category, and how much moved."""
    runs = [run(url) for _ in range(RUNS)]
    return {name: median(each[name] for each in runs) for name in runs[0]}


def run(url: str, tries: int = 3) -> Scores:
    """Return what one run says."""
    flags = "--headless=new --disable-gpu" + (" --no-sandbox" if is_root() else "")
    command = [
        node(), str(CLI), url, "--quiet", "--output=json", f"--only-categories={','.join(LEAST)}", f"--chrome-flags={flags}",
    ]  # fmt: skip
    path, _ = ensure("chromium")
    answer = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CHROME_PATH": str(path), "TZ": "Europe/Brussels"},
    )
    try:
        report = json.loads(answer.stdout)
    except ValueError as reason:
        if tries > 1:  # now and then a browser on a busy machine loses its trace
            return run(url, tries - 1)
        raise NoLighthouse(f"Lighthouse gave no answer: {answer.stderr[-500:]}") from reason
    for audit in report["audits"].values():
        if audit.get("score") is not None and audit["score"] < 1 and RUNS == 1:
            say(f"    {audit['score']:.2f} {audit['id']}: {audit.get('displayValue', '')}")
    scores = {name: 100 * (report["categories"][name]["score"] or 0) for name in LEAST}
    return scores | {SHIFT: report["audits"][SHIFT]["numericValue"]}


def node() -> str:
    """Return Playwright's own Node."""
    import playwright

    return str(Path(playwright.__file__).parent / "driver" / "node")


def fetch() -> None:
    """Fetch exactly what package-lock.json says, Lighthouse included."""
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=showroom.ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode or not CLI.exists():
        raise NoLighthouse(f"npm could not fetch Lighthouse: {done.stderr.strip()[-500:]}")


def wrong(scores: Scores) -> list[str]:
    """Return what is below what we ask."""
    low = [f"{name} {scores[name]:.0f}" for name, least in LEAST.items() if scores[name] < least]
    return low + ([f"{SHIFT} {scores[SHIFT]:.3f}"] if scores[SHIFT] > 0 else [])


def main(asked: list[str]) -> int:
    """Judge the pages; 1 when one is below what we ask."""
    if not CLI.exists():
        fetch()
    failed = False
    with showroom.open_doors() as address:
        for look in showroom.MAIN:
            url = address(look.site) + look.path
            if asked and look.name not in asked:
                continue
            if not showroom.is_there(url):
                print(f"{look.name:<14}not there")
                continue
            scores = judge(url)
            said = "  ".join(f"{name} {scores[name]:.0f}" for name in LEAST)
            trouble = wrong(scores)
            failed = failed or bool(trouble)
            print(
                f"{look.name:<14}{said}  shift {scores[SHIFT]:.3f}{'  FAILED: ' + ', '.join(trouble) if trouble else ''}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NoLighthouse as missing:
        sys.exit(str(missing))
