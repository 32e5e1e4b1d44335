"""A DynamoDB for the tests: ministack, in memory, on a port of this machine only.

    with ministack_server() as url: ...

It keeps transactions, conditions and ClientRequestTokens also between many clients at once, which others that were tried did
not; conflicts, throttling and lost answers it does not know, so tests inject them. All of it is in $ETALAGE_SERVERS/ministack
(default ~/.cache/etalage/ministack): venv-<key>/ and run-<owner>/, as for pretix.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.servers import environments
from tests.servers.processes import is_ours, lock, stop, sweep

REQUIREMENTS = Path(__file__).resolve().parent / "ministack.txt"
BOOT = 60
"""Seconds it may take to answer, on a machine that does other things too."""


class NotInstalled(Exception):
    """Its packages cannot be had here."""


@contextmanager
def ministack_server() -> Iterator[str]:
    """Run an empty one for as long as the block lasts; gives its address."""
    home = environments.home("ministack")
    run = home / f"run-{os.getpid()}-{time.monotonic_ns()}"
    venv = home / f"venv-{environments.key(REQUIREMENTS)}"
    try:
        with lock(home):
            sweep(home)
            try:
                environments.install("ministack", venv, REQUIREMENTS)
            except RuntimeError as error:
                raise NotInstalled(str(error)) from error
        yield _serve(venv, run)
    finally:
        stop(run)
        shutil.rmtree(run, ignore_errors=True)


def _serve(venv: Path, run: Path) -> str:
    run.mkdir()
    told = {
        "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "SERVICES": "dynamodb", "TMPDIR": str(run),
        "LOG_LEVEL": "WARNING", "DOCKER_HOST": f"unix://{run}/none",
    }  # fmt: skip
    # It gets the listening socket, so that nobody takes the port between; its worker is the process itself, so that it is stopped.
    with socket.create_server(("127.0.0.1", 0)) as listening, (run / "server.log").open("wb") as log:
        port = listening.getsockname()[1]
        how = ("--bind", f"fd://{listening.fileno()}", "--workers", "0", "--keep-alive", "75", "--pid", run / "pid")
        process = subprocess.Popen(
            [venv / "bin/python", "-m", "hypercorn", "ministack.app:app", *how],
            env=os.environ | told | {"GATEWAY_PORT": str(port)},
            pass_fds=[listening.fileno()],
            cwd=run,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    (run / "server.json").write_text(json.dumps({"pid": process.pid, "base_url": url}))
    for _ in range(BOOT * 5):
        if process.poll() is not None:
            break
        if _answers(url) and is_ours(process.pid, run):
            process.returncode = 0  # from here on it is followed by its id
            return url
        time.sleep(0.2)
    stop(run)
    raise RuntimeError(f"ministack did not start; the end of its log:\n{(run / 'server.log').read_text()[-3000:]}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_ministack/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
