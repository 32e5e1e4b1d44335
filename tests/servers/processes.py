"""Other programs that tests start: each in a folder of its own, with its process id in `server.json`.

What a newcomer would get wrong: a process id is used again by the system, so before we stop one we look whether its command
line still names our folder.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def call(*command: object, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run(list(map(str, command)), env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def stop(run: Path) -> None:
    """Stop the server of that folder, if it is still the process we started."""
    try:
        pid = json.loads((run / "server.json").read_text())["pid"]
    except FileNotFoundError:
        return
    if is_ours(pid, run):
        os.kill(pid, signal.SIGTERM)
        for _ in range(300):
            if not is_ours(pid, run):
                break
            time.sleep(0.1)
        else:
            os.kill(pid, signal.SIGKILL)
    (run / "server.json").unlink(missing_ok=True)


def is_ours(pid: int, run: Path) -> bool:
    """Whether that process runs (a zombie does not) and names our folder in its command line."""
    with suppress(ChildProcessError):  # somebody else's child: an earlier run's
        os.waitpid(pid, os.WNOHANG)
    seen = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(run) in seen.stdout


def sweep(home: Path) -> None:
    """Take away what a killed test run left: folders whose owner is gone, with the server that still runs in them."""
    for run in home.glob("run-*-*"):
        owner = int(run.name.split("-")[1])
        if subprocess.run(["ps", "-p", str(owner)], capture_output=True, check=False).returncode:
            stop(run)
            shutil.rmtree(run, ignore_errors=True)


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """One installs or seeds at a time; the others wait for it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
