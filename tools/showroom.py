"""The demo region, built for one port and served for as long as a tool needs it; and the pages that tools look at.

with showroom.open_doors() as address:      # address("foelie") → "http://foelie.localhost:41234"
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
CLUSTER, HOUSES = "langsdeelve", ("meerstoel", "klokzeel", "foelie")
Address = Callable[[str], str]


class Look(NamedTuple):
    """A page worth looking at: what it is, the site, the path."""

    name: str
    site: str
    path: str


MAIN = (
    Look("home", "meerstoel", "/"),
    Look("agenda", "meerstoel", "/agenda/"),
    Look("production", "meerstoel", "/programma/wachtlijn/"),
    Look("search", "meerstoel", "/search"),
    Look("cluster home", CLUSTER, "/"),
)
"""What Lighthouse judges (docs/reference/budgets.md)."""


@contextmanager
def open_doors() -> Iterator[Address]:
    """Build the demo for a free port and serve it; the server stops with the block."""
    port = free_port()
    pattern = f"http://{{site}}.localhost:{port}"
    subprocess.run([sys.executable, "-m", "demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        [sys.executable, "build.py", "build", "--url", pattern], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    line = [
        sys.executable,
        "-m",
        "demo.uitpas",
        sys.executable,
        "build.py",
        "serve",
        "--no-reload",
        "--port",
        str(port),
    ]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            wait(f"http://127.0.0.1:{port}/api/health", server)
            yield lambda site: pattern.replace("{site}", site)
        finally:
            server.terminate()


def free_port() -> int:
    """Return a port that nobody uses."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, at most twenty seconds."""
    for _ in range(200):
        if server.poll() is None and is_there(url):
            return
        time.sleep(0.1)
    message = f"{url} does not answer"
    raise TimeoutError(message)


def is_there(url: str) -> bool:
    """Say whether a page answers with 200; one that a later release brings may not be there yet.

    Python asks the system where *.localhost is, which need not know; so the host goes in the header.
    """
    parts = urlsplit(url)
    request = Request(f"http://127.0.0.1:{parts.port}{parts.path}", headers={"Host": parts.netloc})
    try:
        with urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (HTTPError, URLError, TimeoutError):
        return False
