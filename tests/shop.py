"""Run Etalage's own command line for a test, in folders of the test's own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLDEN_DAY = "2026-11-22"


@dataclass(frozen=True)
class Shop:
    """Folders of one Etalage, and its command line. `build("--site", "foelie")` gives the report of --json."""

    folder: Path
    now: str = GOLDEN_DAY
    url: str = "http://{site}.localhost:8000"

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def run(
        self, command: str, *more: str, status: int | None = 0, env: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Run a command with --json; its status must be `status` (None: any)."""
        folders = [part for name in ("content", "output", "var") for part in (f"--{name}", str(self.folder / name))]
        where = ["--url", self.url] if command in ("build", "plan", "check") else []
        deep = 2 if more[:1] == ("requests",) and more[1:] and not more[1].startswith("-") else 1
        words = deep if command in ("export", "orders") else 0
        first, options = more[:words], more[words:]
        line = [
            sys.executable,
            str(ROOT / "build.py"),
            command,
            *first,
            "--json",
            "--now",
            self.now,
            *where,
            *folders,
            *options,
        ]
        done = subprocess.run(
            line, capture_output=True, text=True, env=os.environ | (env or {}), timeout=600, check=False
        )
        assert status is None or done.returncode == status, (
            f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return json.loads(done.stdout)

    def build(self, *more: str, **how: Any) -> dict[str, Any]:
        return self.run("build", *more, **how)

    def house(self, name: str, toml: str, **files: bytes | str) -> None:
        """Make a house with its settings and files (name of the file with _ for the dot)."""
        folder = self.content / "houses" / name
        (folder / "source").mkdir(parents=True, exist_ok=True)
        (folder / "house.toml").write_text(toml, "utf-8")
        for key, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / "source" / key.replace("__", ".")).write_bytes(data)

    def page(self, path: str) -> str:
        """A page as it was written."""
        return (self.output / path).read_text("utf-8")

    def written(self) -> dict[str, bytes]:
        """Every file of the output."""
        return {
            p.relative_to(self.output).as_posix(): p.read_bytes() for p in sorted(self.output.rglob("*")) if p.is_file()
        }
