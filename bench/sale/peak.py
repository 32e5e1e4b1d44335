"""More buyers than places, all at once, over HTTP at a shop with two web processes: exactly the places are sold, nobody gets a fault.

    bench/run peak [--buyers 10000] [--places 1000] [--at-once 500] [--processes 2] [--postgres ADDRESS]

Then fifty numbered seats that five hundred baskets want; with the address of an empty PostgreSQL database also a real pretix
with few places, through us; and a control with the store's guard off: there it must go wrong, or
the rest proves nothing.
"""

import argparse
import random
import tempfile
from functools import partial
from pathlib import Path

import uvloop

from bench.sale.buyers import Buyer, Tally, crowd, lines
from bench.sale.shop import COUNTED, NUMBERED, Shop, open_shop
from etalage.model.sale import SeatState

SEATS, BASKETS = 50, 500


def main(arguments: list[str]) -> int:
    """Run the peaks; 1 when one oversells, sells too little or answers with a fault, or the control does not."""
    command = argparse.ArgumentParser(prog="bench/run peak", description=__doc__.splitlines()[0])
    command.add_argument("--buyers", type=int, default=10_000)
    command.add_argument("--places", type=int, default=1_000)
    command.add_argument("--at-once", type=int, default=500)
    command.add_argument("--processes", type=int, default=2)
    command.add_argument("--postgres", default="", help="postgresql://user:word@host:port/name, empty")
    given = command.parse_args(arguments)
    wrong: list[str] = []
    with (
        tempfile.TemporaryDirectory() as name,
        open_shop(Path(name), given.processes, places=given.places) as shop,
    ):
        tally = uvloop.run(crowd(_buyers(shop, given.buyers), given.at_once, lambda buyer: buyer.take(lines(COUNTED))))
        free = shop.house().availability([COUNTED])[COUNTED].free
        _tell(f"{given.buyers} buyers, {given.places} places", tally, given.places)
        wrong += _judge("counted places", tally, given.places, free)
        won: list[str] = []
        tally = uvloop.run(crowd(_buyers(shop, BASKETS, given.buyers), given.at_once, partial(_some_seats, won)))
        taken = {seat.id for seat in shop.house().seatmap(NUMBERED) if seat.state is SeatState.TAKEN}
        _tell(f"{BASKETS} baskets of two to four, {SEATS} numbered seats", tally, len(tally.times))
        print(f"  {len(taken)} of {SEATS} seats are taken")
        wrong += _faults("numbered seats", tally)
        if sorted(won) != sorted(taken):
            wrong.append("numbered seats: what buyers were given is not what the house has taken, once each")
    with (
        tempfile.TemporaryDirectory() as name,
        open_shop(Path(name), given.processes, places=20, unguarded=True) as shop,
    ):
        tally = uvloop.run(crowd(_buyers(shop, 300), 100, lambda buyer: buyer.take(lines(COUNTED))))
        _tell("control: guard off, 300 buyers, 20 places", tally, 20)
        if len(tally.times) <= 20:
            wrong.append("the control did not oversell: this bench proves nothing")
    if given.postgres:
        wrong += _at_pretix(given.postgres)
    print("\n".join(wrong) or "all as it must be")
    return 1 if wrong else 0


def _at_pretix(postgres: str) -> list[str]:
    from bench.sale import pretix
    from tests.servers.pretix import pretix_server

    with pretix_server(postgres) as server:
        places, tally = pretix.scramble(server, 60)
    _tell(f"60 buyers, {places} places of a real pretix on PostgreSQL", tally, places)
    good = tally.answers["held"] == places and tally.answers["sold_out"] == 60 - places
    return [] if good else ["a real pretix: not exactly its places were held, or somebody heard nothing"]


async def _some_seats(won: list[str], buyer: Buyer) -> tuple[int, object]:
    dice = random.Random(buyer.number)
    first = dice.randrange(SEATS - 3)
    names = [f"stoel-{chr(65 + at // 10)}-{at % 10 + 1}" for at in range(first, first + dice.randint(2, 4))]
    dice.shuffle(names)
    status, answer = await buyer.take(lines(NUMBERED, names))
    if status == 201:
        won += names
    return status, answer


def _buyers(shop: Shop, number: int, first: int = 0) -> list[Buyer]:
    return [Buyer(shop, first + at) for at in range(number)]


def _tell(what: str, tally: Tally, places: int) -> None:
    print(
        f"{what}: {len(tally.times)} hold of {places}, in {tally.wall:.1f} s ({sum(tally.answers.values()) / tally.wall:.0f} answers/s)"
    )
    print(f"  hold {tally.spread()} (p50 / p95 / p99); answers: {dict(tally.answers.most_common())}", flush=True)


def _judge(what: str, tally: Tally, places: int, free: int | None) -> list[str]:
    wrong = _faults(what, tally)
    if len(tally.times) != places:
        wrong.append(f"{what}: {len(tally.times)} of {places} places went")
    if free:
        wrong.append(f"{what}: {free} are free after all")
    return wrong


def _faults(what: str, tally: Tally) -> list[str]:
    return [
        f"{what}: {number} × {name}" for name, number in tally.answers.items() if name not in ("201", "409 sold_out")
    ]
