"""How many holds and whole sales a second, and how long each takes: through the public contract, at the embedded defaults.

    bench/run checkout [--seconds 15] [--clients 32,500] [--processes 1,2] [--postgres ADDRESS]
    bench/run checkout --silence [--seconds 15] [--pace 40] [--turns 4] [--holders 8]

A hold is POST /api/checkout up to the page to pay on; a sale goes on through the sandbox's page to tickets, and the time until the
last of the sandbox's calls is answered is counted. With `--postgres` a real pretix on that PostgreSQL takes orders through its own
API in the same run. The buyers run on this machine too, and take their part of it.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.measure import cpu_of
from bench.sale import silence
from bench.sale.buyers import Buyer, Tally, crowd, lines
from bench.sale.shop import SEASON, open_shop

MANY = 1_000_000
GLANCE = 0.25
"""Seconds between two looks whether the shop is at rest: it is when it uses less than a fifth of a core."""


def main(arguments: list[str]) -> int:
    """Run the bench and print its table."""
    command = argparse.ArgumentParser(prog="bench/run checkout", description=__doc__.splitlines()[0])
    command.add_argument("--seconds", type=float, default=15)
    command.add_argument("--clients", default="32,500")
    command.add_argument("--processes", default="1,2")
    command.add_argument("--postgres", default="", help="postgresql://user:word@host:port/name, empty")
    command.add_argument(
        "--silence", action="store_true", help="instead: beside who has a pass, while UiTPAS answers nothing"
    )
    for name, kind, usual in (("pace", float, 40), ("turns", int, 4), ("holders", int, 8)):
        command.add_argument(f"--{name}", type=kind, default=usual, help="with --silence")
    given = command.parse_args(arguments)
    if given.silence:
        return silence.main(given)
    print(f"{'':44}per second   p50 / p95 / p99          CPU per one: of the shop, of its buyer")
    number = 0
    for processes in map(int, given.processes.split(",")):
        with tempfile.TemporaryDirectory() as name, open_shop(Path(name), processes) as shop:
            for clients in map(int, given.clients.split(",")):
                for what in ("hold", "sale"):
                    act = _hold if what == "hold" else _buy
                    buyers = (Buyer(shop, at) for at in range(number, number + MANY))
                    before, own = sum(map(cpu_of, shop.pids)), time.process_time()
                    tally: Tally = uvloop.run(crowd(buyers, clients, act, given.seconds))
                    own = time.process_time() - own
                    tally.wall += settle(shop.pids)
                    spent = sum(map(cpu_of, shop.pids)) - before
                    number += sum(tally.answers.values())
                    bad = {name: count for name, count in tally.answers.items() if name not in ("200", "201")}
                    label = f"{what}s, {clients} clients, {processes} process{'es' * (processes > 1)}"
                    each = [1000 * seconds / max(1, len(tally.times)) for seconds in (spent, own)]
                    print(
                        f"{label:44}{tally.rate():10.0f}   {tally.spread():24} {each[0]:.1f}, {each[1]:.1f} ms"
                        + (f"   {bad}" if bad else ""),
                        flush=True,
                    )
    if given.postgres:
        from bench.sale import pretix
        from tests.servers.pretix import pretix_server

        with pretix_server(given.postgres) as server:
            tally = pretix.take_orders(server, 32, given.seconds)
        label = "pretix: orders through its own API, 32 clients"
        print(f"{label:44}{tally.rate():10.1f}   {tally.spread():24} {dict(tally.answers)}")
    return 0


def settle(pids: Sequence[int]) -> float:
    """Wait until the shop has done what it put off, as hearing of money that it knows of already; gives the seconds that took."""
    began = time.monotonic()
    while True:
        looked, before = time.monotonic(), sum(map(cpu_of, pids))
        time.sleep(GLANCE)
        if sum(map(cpu_of, pids)) - before < GLANCE / 5:
            return looked - began


async def _hold(buyer: Buyer) -> tuple[int, object]:
    return await buyer.take(lines(SEASON[buyer.number % len(SEASON)]))


async def _buy(buyer: Buyer) -> tuple[int, object]:
    return await buyer.buy(lines(SEASON[buyer.number % len(SEASON)]))
