"""UiTPAS falls silent: who sells without a pass must not notice, while others type numbers and wait.

    bench/run checkout --silence [--seconds 15] [--pace 40] [--turns 4] [--holders 8]

Buyers without a pass come at a steady pace and go as far as the page to pay on, in four runs of each turn: alone; beside `--holders` who
have a pass, while UiTPAS answers; beside as many while it answers nothing (half of them ask for their price, the others try to buy at a price
that they were told before); and alone again, which tells what this machine makes of a p95. What is told is the ratio of the p95s of all turns.
The records are in memory where there is a /dev/shm: what a disk takes now and then is more than anything that is looked for here.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from bench.sale.buyers import Buyer, lines
from bench.sale.hole import CLIENT, SECRET, pass_of
from bench.sale.shop import ROOT, SEASON, Shop, open_shop
from etalage.sales.breakers import REST
from tools.showroom import free_port

NAMES = {"UITPAS_BENCH_CLIENT": CLIENT, "UITPAS_BENCH_SECRET": SECRET}
TABLE = """[[discounts]]
system = "uitpas"
client_env = "UITPAS_BENCH_CLIENT"
secret_env = "UITPAS_BENCH_SECRET"
url_env = "UITPAS_BENCH_URL"
"""
THINKS = 1.0
"""Seconds between two tries of who has a pass."""


RUNS = ("alone", "answering", "silent", "again")


@dataclass
class Heard:
    """What came of a run: how long each regular buyer waited, in seconds, and all answers."""

    times: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Heard") -> "Heard":
        """Both together."""
        return Heard(self.times + other.times, self.answers + other.answers)


class Regular(Buyer):
    """One who has no pass."""

    async def shop(self, heard: Heard) -> None:
        """Take a ticket. What follows a payment, tickets to draw and letters to send, is work that would hide what this is about."""
        began = time.perf_counter()
        status, _ = await self.take(lines(SEASON[self.number % len(SEASON)]))
        heard.times.append(time.perf_counter() - began)
        heard.answers[f"regular {status}"] += 1


class Holder(Buyer):
    """One who has a pass."""

    line: Mapping[str, Any]

    async def look(self) -> int:
        """Ask for the price of the pass."""
        self.line = lines(SEASON[self.number % len(SEASON)])
        body = {"performance": self.line["performance"], "number": pass_of(self.number), "quantity": 1}
        status, told = await self.ask(
            "POST", "/api/uitpas/tariffs", json.dumps(body).encode(), content_type="application/json"
        )
        if status == 200:
            self.line = {**self.line, "quote": told["quote"], "tariff": told["tariffs"][0]["id"]}
        return status

    async def stay(self, end: float, heard: Heard) -> None:
        """Try again and again: to buy at the price that was told, or to be told one."""
        await asyncio.sleep(THINKS * (self.number % 10) / 10)
        while time.perf_counter() < end:
            try:
                status, _ = await self.take(dict(self.line)) if "quote" in self.line else (await self.look(), None)
            except (OSError, EOFError, TimeoutError):
                status = 0
            if status == 201:
                self.line = {}
            heard.answers[f"holder {status}"] += 1
            self.number += 100_000  # another key, another pass
            await asyncio.sleep(THINKS)


def main(given: argparse.Namespace) -> int:
    """Run the turns and print their table."""
    keys = {one: str(uuid.uuid5(uuid.NAMESPACE_URL, one)) for one in SEASON}
    heard = {run: Heard() for run in RUNS}
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name,
        _stand_in(Path(name), list(keys.values())) as (url, uitpas),
    ):
        os.environ.update(NAMES | {"UITPAS_BENCH_URL": url})
        with open_shop(Path(name) / "shop", 1, more=TABLE, keys=keys) as shop:
            print(f"{'':8}" + "".join(f"{run:>22}" for run in RUNS) + "   (p50 / p95 / p99)", flush=True)
            for turn in range(given.turns):
                told = ""
                for at, run in enumerate(RUNS):
                    now = uvloop.run(_run(shop, given, (turn * len(RUNS) + at) * 10_000, run, uitpas))
                    heard[run] += now
                    told += f"{_spread(now.times):>22}"
                print(f"turn {turn + 1:<3}{told}", flush=True)
    alone, answering, silent, again = (_p95(heard[run].times) for run in RUNS)
    print(
        f"p95 beside the silence: {silent / answering:.3f} times that beside as many while UiTPAS answers, {2 * silent / (alone + again):.3f} times "
        f"that without any; of the two runs without any, the slower has {max(alone, again) / min(alone, again):.3f} times that of the other"
    )
    print(*(f"{run}: {dict(sorted(one.answers.items()))}" for run, one in heard.items()), sep="\n")
    return 0


async def _run(shop: Shop, given: argparse.Namespace, first: int, run: str, uitpas: int) -> Heard:
    """Regular buyers at a steady pace, whether or not the one before is done; perhaps beside who have a pass."""
    heard, holders = Heard(), list[Holder]()
    if run in ("answering", "silent"):
        holders = [Holder(shop, 1_000_000 + first + at) for at in range(given.holders)]
        for holder in holders:
            assert await holder.look() == 200, "nobody has a pass here"
        for holder in holders[::2]:
            holder.line = {}
    if run == "silent":
        os.kill(uitpas, signal.SIGUSR1)
    began = time.perf_counter()
    asked = [asyncio.create_task(holder.stay(began + given.seconds, heard)) for holder in holders]
    for number in range(int(given.seconds * given.pace)):
        await asyncio.sleep(max(0.0, began + number / given.pace - time.perf_counter()))
        asked.append(asyncio.create_task(Regular(shop, first + number).shop(heard)))
    await asyncio.gather(*asked)
    if run == "silent":  # until somebody is let through again, and what was left in doubt is cleared
        os.kill(uitpas, signal.SIGUSR2)
        await asyncio.sleep(REST.total_seconds() + 30)
    return heard


@contextmanager
def _stand_in(folder: Path, events: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The address of a stand-in for UiTPAS, and its process."""
    (folder / "events.txt").write_text("\n".join(events), "utf-8")
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.sale.hole", str(port), str(folder / "events.txt")], cwd=ROOT
    ) as process:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        try:
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.kill()


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=100)[94]


def _spread(times: Sequence[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return " / ".join(f"{1000 * cuts[at]:.1f}" for at in (49, 94, 98)) + " ms"
