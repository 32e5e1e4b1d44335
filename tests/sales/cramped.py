"""Take the disk away in the middle of a sale, at each of its own writes, and give it back.

    python -m tests.sales.cramped {full|small|read-only|careless} FOLDER

`full`: no file may grow (RLIMIT_FSIZE, a real refusal of the system); `small`: SQLite's own limit of pages; `read-only`: nothing may be
changed; `careless`: the same, and a store that says yes all the same, the control. It is a process of its own, for such a limit is the whole process's. Printed is a line of JSON per point.
"""

import json
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from etalage.model.checkout import State
from etalage.model.errors import EtalageError
from tests.sales.world import World, is_final

PRAGMAS = {
    "small": ("max_page_count = 1", "max_page_count = 4294967294"),
    "read-only": ("query_only = on", "query_only = off"),
}
PRAGMAS["careless"] = PRAGMAS["read-only"]


class Disk:
    """The disk under a world: `trouble` begins at the n-th crossing of a write."""

    def __init__(self, how: str, point: int) -> None:
        self.how, self.point, self.passed, self.bad = how, point, 0, False

    def __call__(self, place: str) -> None:
        if place.startswith(("write", "begin")):
            self.passed += 1
            if self.passed == self.point:
                self.set(True)

    def set(self, bad: bool) -> None:
        self.bad = bad
        if self.how == "full":
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0 if bad else hard, hard))

    def under(self, world: World) -> None:
        """Let the writer meet it at every commit."""
        usual: Callable = world.records._commit

        def commit(connection, jobs):
            if self.how in PRAGMAS:
                connection.execute(f"pragma {PRAGMAS[self.how][not self.bad]}")
            try:
                return usual(connection, jobs)
            except sqlite3.Error:
                if self.how != "careless":
                    raise
                return [None] * len(jobs)

        world.records._commit = commit


def sell(folder: Path, disk: Disk) -> tuple[str, int]:
    """A sale at two houses, one of which gives its share back then; what is wrong with how it ended, and how often somebody was told that it cannot be."""
    world, told, given_back = World(folder, disk), 0, False
    disk.under(world)
    for _ in range(40):
        try:
            if world.records.get("checkout", "co1") is None:
                world.basket()
            checkout = world.saga.run("co1")
            if is_final(checkout):
                if given_back or checkout.state is not State.DONE:
                    break
                world.saga.give_back("co1", ["brug"])
                given_back = True
            if checkout.state is State.AWAITING and world.sandbox.status(checkout.payment).url:
                world.pay()
            else:
                world.pass_time(minutes=1)
        except EtalageError as error:
            if error.code != "records_unavailable":
                return f"{error.code}: {error}", told
            told += 1
            disk.set(False)
    disk.set(False)
    ended = world.settle().state  # a sale that was held up for too long is undone, as with a house that is silent
    wrong = "" if ended is State.DONE or (disk.how == "small" and ended is State.UNDONE) else ended
    try:
        world.audit()
    except AssertionError as error:
        wrong = str(error).splitlines()[0]
    world.records.close()
    return wrong, told


def main() -> None:
    """Every point of a sale."""
    how, folder = sys.argv[1], Path(sys.argv[2])
    point = 0
    while True:
        point += 1
        here = folder / "world"
        shutil.rmtree(here, ignore_errors=True)
        here.mkdir(parents=True)
        disk = Disk(how, point)
        try:
            wrong, told = sell(here, disk)
        except Exception as error:
            if how != "careless":
                raise
            wrong, told = f"it broke: {error}", 0
        if disk.passed < point:
            return
        print(json.dumps({"point": point, "told": told, "wrong": wrong}), flush=True)


if __name__ == "__main__":
    main()
