"""How a command speaks: bars and short sentences on a terminal, one JSON document with `--json`."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from etalage.model.errors import EtalageError
from etalage.model.record import Problem, Weight

SHOWN = 12
"""So many problems are written out on a terminal; `--json` has them all."""


class Voice:
    """Speaks to a person or to a machine."""

    def __init__(self, json: bool) -> None:
        self.json = json

    @contextmanager
    def progress(self, name: str) -> Iterator[Callable[..., None]]:
        """A bar on a terminal; nothing elsewhere."""
        if self.json or not sys.stderr.isatty():
            yield lambda *_: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(name, total=None)

            def step(done: int, total: int, what: str = "") -> None:
                bar.update(task, completed=done, total=total, description=f"{name} {what}".strip())

            yield step

    def line(self, text: str) -> None:
        """A sentence for a person."""
        if not self.json:
            print(text)

    def refuse(self, error: EtalageError) -> None:
        """The command cannot be carried out at all."""
        if self.json:
            print(json.dumps({"ok": False, "code": error.code, "trouble": [str(error)]}, ensure_ascii=False))
        print(f"error: {error}", file=sys.stderr)

    def tell(self, report: dict[str, Any], problems: Sequence[Problem], trouble: Sequence[str]) -> None:
        """What was done, what is wrong, what staff can mend."""
        if self.json:
            whole = {"ok": not trouble, **report, "problems": problems, "trouble": trouble}
            print(msgspec.json.format(msgspec.json.encode(whole), indent=1).decode())
            return
        for name, figures in report.get("sources", {}).items():
            print(f"{name}: {figures['productions']} productions, {figures['changed']} changed")
        for name, figures in report.get("sites", {}).items():
            if "drawn" in figures:
                print(f"{name}: {figures['pages']} pages, {figures['written']} files written, {figures['seconds']} s")
        self._problems(problems)
        missing = report.get("missing", [])
        if missing:
            counts = Counter(problem.code for problem in missing)
            print(
                "to fill in: " + ", ".join(f"{code.removeprefix('missing_')} {n}" for code, n in counts.most_common())
            )
        for sentence in trouble:
            print(f"error: {sentence}", file=sys.stderr)

    def _problems(self, problems: Sequence[Problem]) -> None:
        order = (Weight.RECORD, Weight.FIELD, Weight.DOUBT)
        unique = list(dict.fromkeys(problems))
        unique.sort(key=lambda problem: order.index(problem.weight))
        for problem in unique[:SHOWN]:
            where = " ".join(part for part in (problem.source, problem.record, problem.field) if part)
            print(f"{problem.weight.value}: {where}: {problem.reason}")
        if len(unique) > SHOWN:
            print(f"… and {len(unique) - SHOWN} more; --json shows all")
