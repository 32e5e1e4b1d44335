"""A season opens: a crowd waits at the real app over HTTP, so many a second are let in, and others go on reading the agenda.

    bench/run opening [--guests 500] [--admit 50] [--seconds 15] [--turns 3] [--processes 2] [--pace 25] [--apart]

With two processes one answers who reads, as a web server in front of the shop does, and the other who waits; with one it answers
all of them, and who reads feels it. The agenda's p99 beside the crowd is told as a ratio to that without it, turn by turn and of all turns together. Each turn reads
without a crowd twice: what these two differ is what this machine makes of a p99, and no crowd's doing. The crowd keeps what it is told: it looks when the answer says. `--apart` gives the agenda and its reader one core, and the queue and its crowd the other, as a static
host and the functions have machines of their own; without it all of them share what there is. It fails when more were let in within any second than the house takes, by the shop's own records.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import uvloop

from bench.measure import cpu_of
from bench.sale.buyers import Buyer, lines
from bench.sale.shop import ROOT, SEASON, Shop, open_shop
from etalage import hands
from etalage.config import Workspace
from etalage.model.peak import PASS
from etalage.sales import admission
from etalage.wiring import records

CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()


class Guest(Buyer):
    """A visitor who waits."""

    async def wait(self, end: float, answers: Counter[str]) -> None:
        """Try to buy, and look as often as told, until the turn or the end."""
        room, pause = "", random.uniform(0, (end - time.monotonic()) / 2)
        while time.monotonic() + pause < end:
            await asyncio.sleep(pause)
            if room:
                status, told = await self.ask("GET", f"/api/waiting?room={room}")
            else:
                status, told = await self.take(lines(SEASON[self.number % len(SEASON)]))
            name = told.get("stage") or told.get("code") or str(status)
            answers[name] += 1
            if name == "waiting" and not room:
                room, pause = told["where"].replace("+", "%2B"), 1.0
            elif name in ("waiting", "early"):
                pause = told["again"]
            else:
                return


def main(arguments: list[str]) -> int:
    """Run the turns and print their table."""
    command = argparse.ArgumentParser(prog="bench/run opening", description=__doc__.splitlines()[0])
    for name, kind, usual in (
        ("guests", int, 500), ("admit", int, 50), ("seconds", float, 15), ("turns", int, 3), ("processes", int, 2), ("pace", float, 25),
    ):  # fmt: skip
        command.add_argument(f"--{name}", type=kind, default=usual)
    command.add_argument("--apart", action="store_true")
    given = command.parse_args(arguments)
    now = datetime.now(UTC)
    table = (
        f"[[peaks]]\nfrom = {now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}\nuntil = {now + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}\n"
        f"admit = {given.admit}\n"
    )
    times_of: dict[str, list[float]] = {"alone": [], "again": [], "beside": []}
    answers = Counter[str]()
    with tempfile.TemporaryDirectory() as name, open_shop(Path(name), given.processes, more=table) as shop:
        if given.apart:
            _stand_apart(shop)
        print(
            f"{'':10}{'agenda alone':>20}{'and again':>20}{'beside the crowd':>20}{'p99 ratio':>12}{'CPU of the shop':>18}",
            flush=True,
        )
        for turn in range(given.turns):
            alone = _read(shop, given.seconds, given.pace)
            before = sum(map(cpu_of, shop.pids))
            beside, heard = hands.in_two(
                partial(_read, shop, given.seconds, given.pace), partial(_wait, shop, given, turn * given.guests)
            )
            answers += heard
            spent = (sum(map(cpu_of, shop.pids)) - before) / given.seconds
            again = _read(shop, given.seconds, given.pace)
            for name_of, read in (("alone", alone), ("again", again), ("beside", beside)):
                times_of[name_of] += read
            told = "".join(f"{_spread(read):>20}" for read in (alone, again, beside))
            print(f"turn {turn + 1:<5}{told}{_p99(beside) / _p99(alone):12.2f}{100 * spent:16.0f} %", flush=True)
        times = sorted(
            one.expires - PASS for one in records(Workspace.at(shop.folder)).walk(admission.PASS) if one.expires
        )
    busiest = max((sum(first <= one < first + timedelta(seconds=1) for one in times) for first in times), default=0)
    print(
        f"{len(times)} let in, at most {busiest} within a second (limit {given.admit}); answers: {dict(answers.most_common())}"
    )
    alone, again, beside = (_p99(times_of[name]) for name in ("alone", "again", "beside"))
    print(
        f"p99 of the agenda over all turns: {2 * beside / (alone + again):.2f} times that without a crowd; "
        f"of the two readings without one, the slower has {max(alone, again) / min(alone, again):.2f} times that of the other"
    )
    if busiest > given.admit:
        print("more were let in than the house takes")
    return 1 if busiest > given.admit or not times else 0


def _stand_apart(shop: Shop) -> None:
    """The agenda and who reads it on one core, the queue on the others."""
    if len(shop.pids) < 2 or not hasattr(os, "sched_setaffinity") or len(CORES) < 2:
        raise SystemExit("--apart wants two processes, two cores, and a system that can keep a process on a core")
    reading = {shop.pids[-1], os.getpid()}  # the reader is a child of ours
    for pid in (*shop.pids, os.getpid()):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {max(CORES)} if pid in reading else CORES - {max(CORES)})


def _wait(shop: Shop, given: argparse.Namespace, first: int) -> Counter[str]:
    """The crowd. Its phones take no power from a server: here they get what the shop and the reader leave."""
    os.nice(19)
    if given.apart:
        os.sched_setaffinity(0, CORES - {max(CORES)})
    return uvloop.run(_crowd(shop, given, first))


async def _crowd(shop: Shop, given: argparse.Namespace, first: int) -> Counter[str]:
    end, answers = time.monotonic() + given.seconds + 1, Counter[str]()
    queue = replace(shop, ports=shop.ports[:-1] or shop.ports)
    guests = [Guest(queue, first + at) for at in range(given.guests)]
    await asyncio.gather(*(guest.wait(end, answers) for guest in guests), return_exceptions=True)
    return answers


def _read(shop: Shop, seconds: float, pace: float) -> list[float]:
    command = [sys.executable, "-m", "bench.sale.probe", str(shop.ports[-1]), str(seconds), str(pace)]
    times: list[float] = json.loads(
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )
    return times


def _p99(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _spread(times: Sequence[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return " / ".join(f"{1000 * cuts[at]:.0f}" for at in (49, 94, 98)) + " ms"
