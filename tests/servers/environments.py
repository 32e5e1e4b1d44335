"""Where other programs for tests live: each installed once, pinned, in an environment of its own, away from ours."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from tests.servers.processes import call

CHECKOUT = Path(__file__).resolve().parents[2]


def home(program: str) -> Path:
    """The folder that everything of that program is in."""
    root = os.environ.get("ETALAGE_SERVERS") or Path.home() / ".cache" / "etalage"
    return Path(root).expanduser().resolve() / program


def key(*files: Path) -> str:
    """A short name that changes with these files, and with the Python that runs us."""
    content = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()[:10]


def install(program: str, folder: Path, requirements: Path) -> None:
    """Make the environment; uv where the project has it, else pip. It says so: it may take minutes."""
    if (folder / "complete").exists():
        return
    say(f"installing {program}, once")
    shutil.rmtree(folder, ignore_errors=True)
    uv, python = CHECKOUT / ".tools" / "bin" / "uv", folder / "bin" / "python"
    if uv.exists():
        call(uv, "venv", "--quiet", "--python", sys.executable, folder)
        call(uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, "-r", requirements)
    else:
        call(sys.executable, "-m", "venv", folder)
        call(python, "-m", "pip", "install", "--quiet", "-r", requirements)
    (folder / "complete").touch()


def say(what: str) -> None:
    """Tell whoever waits what they wait for."""
    print(f"[servers] {what} …", file=sys.stderr, flush=True)
