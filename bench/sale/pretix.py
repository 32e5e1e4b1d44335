"""A real pretix beside ours: how many orders its own API takes, and whether many who want few places get them through us."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx

from bench.sale.buyers import Tally
from etalage.model.errors import EtalageError
from etalage.model.sale import Line
from etalage.sales.terms import WINDOW
from tests.adapters.pretix_till import RealTill
from tests.servers.pretix import Pretix
from tests.servers.pretix_api import Api

OPENS = "2030-11-08T20:00:00+01:00"


def take_orders(server: Pretix, clients: int, seconds: float) -> Tally:
    """Paid orders through pretix' own API, so many at a time, for so long."""
    here = Api(httpx.Client(base_url=server.base_url, timeout=60), "kassa", server.houses["kassa"].token)
    event = here.event(f"druk-{clients}", "Druk", OPENS)
    ticket = event.item("Ticket", "18.00")
    event.quota("Plein", None, [ticket])
    event.patch(live=True)
    place = {"item": ticket["id"], "variation": None, "price": "18.00", "answers": []}
    body = {
        "email": "koper@huizen.invalid",
        "locale": "nl",
        "status": "p",
        "payment_provider": "manual",
        "positions": [place],
    }
    tally, end = Tally(), time.monotonic() + seconds

    def buy(_: int) -> None:
        with httpx.Client(base_url=server.base_url, timeout=60, headers=here.headers) as client:
            while time.monotonic() < end:
                began = time.monotonic()
                status = client.post(f"{here.root}{event.path}orders/", json=body).status_code
                tally.answers[str(status)] += 1
                if status == 201:
                    tally.times.append(time.monotonic() - began)

    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(buy, range(clients)))
    tally.wall = time.monotonic() - began
    return tally


def scramble(server: Pretix, buyers: int, at_once: int = 16) -> tuple[int, Tally]:
    """So many buyers hold a place of the few that a concert at this pretix has; gives how many there were, and what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        till = RealTill(server, Path(folder))
        house, tally, numbers = till.ticketing(), Tally(), count(1)

        def want(_: int) -> None:
            name, began = f"druk-{next(numbers)}", time.monotonic()
            for turn in range(20):
                try:
                    house.hold(name, [Line(key="a", performance=till.counted, tariff=till.standard)], WINDOW)
                except EtalageError as error:
                    if error.code == "sold_out":
                        tally.answers["sold_out"] += 1
                        return
                    tally.answers[f"again after {error.code}"] += 1
                    time.sleep(0.2 * (turn + 1))
                    continue
                tally.answers["held"] += 1
                tally.times.append(time.monotonic() - began)
                return
            tally.answers["gave up"] += 1

        began = time.monotonic()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(want, range(buyers)))
        tally.wall = time.monotonic() - began
        places = till.places
        till.close()
    return places, tally
