"""Ask the Nu HTML checker, the W3C's own, whether a folder of pages is valid HTML.

What a newcomer would get wrong: the checker needs Java, and npm to fetch it (the copy on PyPI dates from 2020 and
rejects today's HTML). Where they are missing they are installed, or the run fails: a check that nobody ran must
not look green. `ETALAGE_NO_NU=1` switches it off, for who says so in as many words.

    python -m tools.nu output/      prints what is wrong and fails if anything is
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tools.browser import is_root, run, say

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "package-lock.json"
INSTALLED = ROOT / "node_modules" / ".package-lock.json"
JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
DEBIAN = {"java": "default-jre-headless", "npm": "npm"}


class NoNu(RuntimeError):
    """The checker cannot run here; the message says what to install."""


class Finding(NamedTuple):
    """One error: the page by its path inside the folder, the line, and Nu's own words."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def is_switched_off() -> bool:
    """Say whether somebody chose to do without; a test then skips and says so."""
    return os.environ.get("ETALAGE_NO_NU") == "1"


def validate(folder: Path, files: Sequence[str] = ()) -> list[Finding]:
    """Return the HTML errors of the pages in `folder`, or only of the `files` named by their path inside it."""
    targets = [folder / file for file in files] or [folder]
    if not any(target.is_file() or any(target.rglob("*.html")) for target in targets):
        message = f"There is no HTML in {folder}, so there is nothing to call valid."
        raise ValueError(message)
    command = ["java", "-jar", str(ensure()), "--errors-only", "--skip-non-html", "--format", "json"]
    answer = subprocess.run([*command, *map(str, targets)], capture_output=True, text=True, check=False)
    try:
        messages = json.loads(answer.stderr)["messages"]
    except (ValueError, KeyError) as reason:
        message = f"Nu gave no answer that can be read: {answer.stderr[-500:]}"
        raise NoNu(message) from reason
    return sorted(findings(messages, folder.resolve()))


def findings(messages: list[dict[str, object]], folder: Path) -> Iterator[Finding]:
    """Yield Nu's messages in our form."""
    for message in messages:
        path = Path(unquote(urlsplit(str(message.get("url", ""))).path))
        file = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
        yield Finding(file, int(str(message.get("lastLine", 0))), str(message["message"]))


def ensure() -> Path:
    """Return the checker's jar, after installing whatever is missing for it."""
    is_fresh = INSTALLED.exists() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime and JAR.exists()
    missing = [program for program in ("java", "npm") if not has(program) and not (program == "npm" and is_fresh)]
    if missing and is_root() and shutil.which("apt-get"):
        packages = [DEBIAN[program] for program in missing]
        say(f"Installing {' and '.join(packages)} with apt-get, for the Nu HTML checker …")
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages])
        missing = [program for program in missing if not has(program)]
    if missing:
        message = (
            f"The Nu HTML checker needs {' and '.join(missing)}: install it "
            f"(Debian: sudo apt-get install {' '.join(DEBIAN[program] for program in missing)}; "
            "Mac: brew install temurin node), or set ETALAGE_NO_NU=1 to do without this check."
        )
        raise NoNu(message)
    if not is_fresh:
        fetch()
    return JAR


def has(program: str) -> bool:
    """Say whether a program runs: a Mac has a `java` that only says there is no Java."""
    if not shutil.which(program):
        return False
    question = "-version" if program == "java" else "--version"
    return subprocess.run([program, question], capture_output=True, check=False).returncode == 0


def fetch() -> None:
    """Fetch exactly what package-lock.json says; its hash is checked and no script of it is run."""
    command = ["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]  # Lighthouse is large
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not JAR.exists():
        message = f"npm could not fetch the Nu HTML checker: {done.stderr.strip()[-500:]}"
        raise NoNu(message)


if __name__ == "__main__":
    try:
        errors = validate(Path(sys.argv[1] if len(sys.argv) > 1 else "output"))
    except (NoNu, ValueError) as trouble:
        sys.exit(str(trouble))
    for error in errors:
        print(error)
    sys.exit(f"{len(errors)} errors" if errors else 0)
