"""A stand-in for UiTPAS that can fall silent: `python -m bench.sale.hole PORT FILE`. SIGUSR1: it answers nothing any more; SIGUSR2: it does again.

FILE: the ids of events, one on each line.
"""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from demo.uitpas.region import CardSystem, Client, Event, Organizer, Pass, Region, Social, number
from demo.uitpas.simulator import Uitpas
from demo.uitpas.wire import UitpasWire

CLIENT, SECRET = "bench", "geheim"
PASSES = 4000


def pass_of(holder: int) -> str:
    """The number of one who has a pass."""
    return number(f"09000{holder % PASSES:07}")


def make(events: list[str]) -> UitpasWire:
    """A region in which everybody has the social tariff."""
    passes = tuple(Pass(pass_of(holder), 1, Social.ACTIVE) for holder in range(PASSES))
    region = Region(
        systems=(CardSystem(1, "UiTPAS Elvestreek"),), organizers=(Organizer("org", "De Linde", (1,)),), clients=(Client(CLIENT, SECRET, ("org",)),),
        passes=passes, events=tuple(Event(id, "A", "org", volume=1000) for id in events),
    )  # fmt: skip
    return UitpasWire(Uitpas(region, lambda: datetime.now(UTC)))


def main() -> None:
    """Serve until somebody ends it."""
    wire = make(Path(sys.argv[2]).read_text("utf-8").split())

    def fall_silent(*_: object) -> None:
        wire.black_hole = True

    def come_back(*_: object) -> None:
        wire.black_hole = False

    signal.signal(signal.SIGUSR1, fall_silent)
    signal.signal(signal.SIGUSR2, come_back)
    uvicorn.run(wire.app, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical", access_log=False)


if __name__ == "__main__":
    main()
