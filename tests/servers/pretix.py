"""A real pretix for the tests: installed once, seeded once, then started in seconds.

    python -m tests.servers.pretix start|stop|status

    with pretix_server() as pretix:
        pretix.base_url, pretix.houses["ccnoord"].token

All of it is in $ETALAGE_SERVERS/pretix (default ~/.cache/etalage/pretix):

    venv-<key>/       pretix and what it needs, pinned in inside_pretix/requirements.txt
    pristine-<key>/   data as it is after seeding; every start works on a copy
    run-<owner>/      one running server: its copy, its letters (mails/), its log, server.json

What a newcomer would get wrong: `<key>` changes with the files it is made from, so nothing is ever repaired in place; a server
is stopped by the id we wrote down, and only while that process is still ours.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.servers import pretix_seed
from tests.servers.environments import key, say
from tests.servers.pretix_home import INSIDE, django, environment, home, install, venv
from tests.servers.processes import is_ours, lock, stop, sweep

HERE = Path(__file__).resolve().parent
BOOT = 120
"""Seconds a server may take to answer, on a machine that does other things too."""


@dataclass(frozen=True, slots=True)
class PretixHouse:
    """An organizer and its tokens; `facts` holds what seeding learnt: event slug → ids of items, quotas, dates."""

    organizer: str
    name: str
    token: str
    reader: str
    seller: str
    blind: str
    facts: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Pretix:
    """A pretix that answers at `base_url`; letters it sends are files in `mails`."""

    base_url: str
    houses: Mapping[str, PretixHouse]
    mails: Path
    run: Path
    pid: int

    def runs_periodic_tasks(self) -> None:
        """Let orders expire and web hooks be tried again, as its hourly job would."""
        django(self.run, self.base_url, "-m", "pretix", "runperiodic")

    def ages(self, organizer: str, seconds: float) -> None:
        """Let time pass for that organizer's carts and orders."""
        django(self.run, self.base_url, INSIDE / "age.py", organizer, seconds)


@contextmanager
def pretix_server(postgres: str = "") -> Iterator[Pretix]:
    """Run a freshly seeded pretix for as long as the block lasts; several may run at once.

    `postgres` (or $ETALAGE_PRETIX_POSTGRES) is the address of an *empty* PostgreSQL database to use instead of SQLite:
    postgresql://user:word@host:port/name, or with ?host=/folder for a socket.
    """
    run = home() / f"run-{os.getpid()}-{time.monotonic_ns()}"
    try:
        yield start(run, postgres or os.environ.get("ETALAGE_PRETIX_POSTGRES", ""))
    finally:
        stop(run)
        shutil.rmtree(run, ignore_errors=True)


def start(run: Path, postgres: str = "") -> Pretix:
    """Start a server in the folder `run` on a copy of the pristine data, and wait until it answers."""
    with lock(home()):
        sweep(home())
        install()
        if not postgres:
            shutil.copytree(_pristine(), run)
    return _serve(run) if not postgres else _seed(run, postgres)


def find(run: Path) -> Pretix | None:
    """The server that runs in that folder, or None."""
    try:
        server = json.loads((run / "server.json").read_text())
    except FileNotFoundError:
        return None
    if not is_ours(server["pid"], run):
        return None
    houses = json.loads((run / "houses.json").read_text())
    return Pretix(
        base_url=server["base_url"],
        houses={slug: PretixHouse(**house) for slug, house in houses.items()},
        mails=run / "mails",
        run=run,
        pid=server["pid"],
    )


def _pristine() -> Path:
    """The folder with seeded data, made when it is not there yet."""
    made_from = (*sorted(INSIDE.glob("*.*")), HERE / "pretix_seed.py", HERE / "pretix_api.py")
    pristine = home() / f"pristine-{key(*made_from)}"
    if not pristine.exists():
        unfinished = home() / "pristine-unfinished"
        stop(unfinished)
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            _seed(unfinished)
        finally:
            stop(unfinished)
        unfinished.rename(pristine)
    return pristine


def _seed(run: Path, postgres: str = "") -> Pretix:
    """Make tables, organizers and tokens, start the server, and let it have the sample programme through its API."""
    say("preparing pretix' data")
    for folder in ("data", "mails"):
        (run / folder).mkdir(parents=True, exist_ok=True)
    (run / "postgres").write_text(postgres)
    django(run, "", "-m", "pretix", "migrate", "--run-syncdb")
    houses = json.loads(django(run, "", INSIDE / "bootstrap.py"))
    _write(run / "houses.json", {slug: house | {"facts": {}} for slug, house in houses.items()})
    with httpx.Client(base_url=_serve(run).base_url, timeout=60) as client:
        for slug, house in houses.items():
            house["facts"] = pretix_seed.seed(client, slug, house["token"])
    _write(run / "houses.json", houses)
    seeded = find(run)
    assert seeded
    return seeded


def _serve(run: Path) -> Pretix:
    """Start gunicorn on a free port of this machine. It gets the listening socket, so that nobody takes the port between."""
    with socket.create_server(("127.0.0.1", 0)) as listening, (run / "server.log").open("wb") as log:
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        how = (
            "--workers",
            "2",
            "--threads",
            "4",
            "--timeout",
            "90",
            "--graceful-timeout",
            "2",
            "--keep-alive",
            "120",  # its own 2 s hang up on tests that were busy elsewhere, just as they ask again
            "--no-control-socket",
        )
        where = ("--bind", f"fd://{listening.fileno()}", "--chdir", run)
        process = subprocess.Popen(
            [venv() / "bin/gunicorn", "pretix.wsgi:application", *how, *where],
            env=environment(run, base_url),
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _write(run / "server.json", {"pid": process.pid, "base_url": base_url})
    for _ in range(BOOT * 5):
        if process.poll() is not None:
            break
        if _answers(base_url) and (pretix := find(run)):
            process.returncode = 0  # from here on it is followed by its id, also by later processes of ours
            return pretix
        time.sleep(0.2)
    stop(run)
    raise RuntimeError(f"pretix did not start; the end of its log:\n{(run / 'server.log').read_text()[-3000:]}")


def _answers(base_url: str) -> bool:
    # Its /healthcheck/ asks for a cache server; the API refuses strangers as soon as it works.
    try:
        return httpx.get(f"{base_url}/api/v1/version", timeout=20).status_code in (401, 403)
    except httpx.HTTPError:
        return False


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content))


def main(command: str) -> int:
    """Start, stop or look at a developer's own server, which keeps its data until it is stopped."""
    run = home() / "run"
    if command == "start" and not find(run):
        shutil.rmtree(run, ignore_errors=True)
        start(run, os.environ.get("ETALAGE_PRETIX_POSTGRES", ""))
    elif command == "stop":
        stop(run)
        shutil.rmtree(run, ignore_errors=True)
    elif command not in ("start", "status"):
        print("python -m tests.servers.pretix start|stop|status", file=sys.stderr)
        return 2
    pretix = find(run)
    print(_describe(pretix) if pretix else "pretix is not running")
    return 0 if pretix or command == "stop" else 1


def _describe(pretix: Pretix) -> str:
    lines = [f"pretix answers at {pretix.base_url} (process {pretix.pid}, letters in {pretix.mails})"]
    lines += [f"  {slug}: Authorization: Token {house.token}" for slug, house in pretix.houses.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["status"]))
