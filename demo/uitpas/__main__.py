"""Run a command with the stand-in for UiTPAS beside it: `python -m demo.uitpas COMMAND …`.

The command finds its address and each house's account in the environment. What was booked is forgotten when it ends.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn

from demo.uitpas import passes
from demo.uitpas.simulator import Uitpas
from demo.uitpas.wire import UitpasWire


@contextmanager
def open_desk(wire: UitpasWire) -> Iterator[Mapping[str, str]]:
    """Serve it on a free port; what the environment of a shop must have."""
    server = uvicorn.Server(
        uvicorn.Config(wire.app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    accounts = {f"UITPAS_{one.id.upper()}_CLIENT": one.id for one in wire.uitpas.region.clients}
    accounts |= {f"UITPAS_{one.id.upper()}_SECRET": one.secret for one in wire.uitpas.region.clients}
    try:
        yield accounts | {"UITPAS_DEMO_URL": f"http://127.0.0.1:{port}"}
    finally:
        server.should_exit = True
        thread.join(5)


def make(clock: Callable[[], datetime]) -> Uitpas:
    """The demo's region. It forgets its sales when it ends and the shop does not, so its numbers go on with the time."""
    return Uitpas(passes.region(clock().date()), clock, last=int(clock().timestamp()))


def main(command: list[str]) -> int:
    """Until the command ends; its status."""
    with open_desk(UitpasWire(make(lambda: datetime.now(UTC)))) as names:
        lines = [f"  {number}  {what}" for number, what in passes.NOTES.items()]
        print("Passes to try, of people who do not exist:", *lines, sep="\n", flush=True)
        child = subprocess.Popen(command, env=os.environ | names)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the child too
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
