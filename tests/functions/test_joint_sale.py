"""One basket over two houses, one of them a pretix, through the public contract; on the simulator and on a real one."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.model.sale import SeatState
from etalage.sales.counter import Counter
from etalage.sales.quote import Quotes
from etalage.sales.saga import Saga
from functions.app import make_app
from functions.links import ORDER, Links
from functions.sale import Sale
from tests.adapters.pretix_till import PretixTill, RealTill, SimulatedTill
from tests.functions.guest import SITE, Guest
from tests.servers.fixtures import pretix  # noqa: F401
from tests.simulators.trouble import silence
from tests.visitor import Visitor

LINDE = "toml:linde/a/1"
BUYER = {"email": "an@voorbeeld.test", "name": "An Voorbeeld"}


class Region:
    """De Linde sells from our own inventory, Kassa from its pretix."""

    def __init__(self, till: PretixTill, folder: Path) -> None:
        self.till = till
        offering = Offering(
            performance=LINDE,
            ranks=(Rank(id="zaal", capacity=5),),
            rates=(Rate(id="basis", prices={"zaal": Money(1000)}),),
        )
        linde = LocalTicketing("linde", till.records, {LINDE: offering}.get, till.clock, os.urandom)
        self.houses = {"linde": linde, "kassa": till.ticketing()}
        self.sandbox = SandboxPayments(
            till.records, till.clock, os.urandom, b"s", "http://127.0.0.1:8000/sandbox/", lambda *_: None
        )
        pools = {name: ThreadPoolExecutor(4) for name in self.houses}
        self.saga = Saga(
            till.records, self.houses.__getitem__, {"sandbox": self.sandbox}, till.clock, pools.__getitem__
        )
        quotes, links = Quotes(self.houses.__getitem__, pools.__getitem__), Links(["secret"])
        counter = Counter(till.records, quotes, self.saga, till.clock, os.urandom, partial(links.sign, ORDER))
        sale = Sale(
            quotes=quotes, counter=counter, saga=self.saga, houses=self.houses.__getitem__, providers=self.saga.providers,
            provider="sandbox", links=links, sandbox=self.sandbox,
        )  # fmt: skip
        soon = {"start": "2030-11-08T20:00+01:00", "title": "A", "url": "programma/a/"}
        shelf = {
            "site": "regio", "name": "Regio", "language": "nl", "languages": ["nl"], "timezone": "Europe/Brussels", "wishlist": "",
            "items": {id: {"id": id, **soon} for id in (LINDE, till.counted, till.numbered)},
        }  # fmt: skip
        self.output = folder / "output"
        (folder / "output" / "regio").mkdir(parents=True)
        (folder / "output" / "regio" / "shelf.json").write_text(json.dumps(shelf), "utf-8")
        self.visitor = Visitor(make_app(folder / "output", sale=sale))

    def buy(self, key: str = "a-key-of-a-browser") -> Any:
        lines = [{"performance": LINDE}, {"performance": self.till.counted, "quantity": 2}]
        return self.visitor.post(
            "/api/checkout", json={"lines": lines, "buyer": BUYER}, headers={"idempotency-key": key}
        )

    def order(self, token: str) -> Any:
        return self.visitor.get(f"/api/orders/{token}").json()

    def pay(self, order: Any, act: Act = Act.PAY) -> None:
        self.sandbox.act(order["pay_url"].rpartition("/")[2], act)

    def free(self) -> tuple[int | None, int | None]:
        """Places left at De Linde and at Kassa."""
        return self.houses["linde"].availability([LINDE])[LINDE].free, self.till.free()


def sell_together(region: Region) -> None:
    lines = [{"performance": LINDE}, {"performance": region.till.counted, "quantity": 2}]
    quote = region.visitor.post("/api/quote", json={"lines": lines})
    assert quote.status_code == 200, quote.text
    assert quote.json()["total"] == 1000 + 2 * 1800
    made = region.buy()
    assert made.status_code == 201, made.text
    assert made.json() == region.buy().json(), "the same key twice is one order"
    assert made.json()["total"] == 4600 and region.free() == (4, 6)
    region.pay(made.json())
    seen = region.order(made.json()["order"])
    assert seen["state"] == "done", seen
    assert [(line["house"], line["state"], len(line["tickets"])) for line in seen["lines"]] == [
        ("linde", "confirmed", 1), ("kassa", "confirmed", 2),
    ]  # fmt: skip
    (theirs,) = [one for one in region.till.orders() if one["status"] == "p"]
    name = made.json()["order"].partition(".")[0]
    assert region.houses["kassa"].lookup(f"{name}-kassa").id.endswith(theirs["code"]), "pretix has it under our code"
    assert theirs["total"] == "36.00" and theirs["email"] == BUYER["email"]
    codes = {ticket["code"] for line in seen["lines"] for ticket in line["tickets"]}
    assert len(codes) == 3 and {one["secret"] for one in theirs["positions"]} <= codes
    assert region.free() == (4, 6)


def let_go_together(region: Region) -> None:
    order = region.buy().json()
    region.pay(order, Act.CANCEL)
    assert region.order(order["order"])["state"] == "undone"
    assert region.free() == (5, 8)


def refund_one_house(region: Region) -> None:
    order = region.buy().json()
    region.pay(order, Act.EXPIRE)
    assert region.order(order["order"])["state"] == "undone"
    region.till.sell_elsewhere(8)
    region.pay(order, Act.PAY_LATE)
    seen = region.order(order["order"])
    assert (seen["state"], seen["refunded"]) == ("done", 3600)
    assert [line["state"] for line in seen["lines"]] == ["confirmed", "refunded"]


def seats_on_the_pages(region: Region) -> None:
    """A visitor of the pages picks two seats in pretix' hall and a place at De Linde; pretix has the seats, and under our code."""
    guest = Guest(region.visitor, region.output / "regio")
    page = guest.get(f"choose?p={region.till.numbered}").text
    assert page.count('name="seat"') == 18 and 'value="Zaal-C-6" disabled' in page
    chosen = guest.put_in(region.till.numbered, 2, region.till.seat_tariff, seat=["Zaal-B-2", "Zaal-B-3"])
    assert chosen.status_code == 303, chosen.text
    assert guest.put_in(LINDE, 1).status_code == 303
    basket = guest.get("basket").text
    assert "B 2, B 3" in basket and "40" in basket
    taken = {seat.id for seat in region.houses["kassa"].seatmap(region.till.numbered) if seat.state is SeatState.TAKEN}
    assert taken == {"Zaal-B-2", "Zaal-B-3"}, "they are kept before anything is paid"
    paying = guest.check_out()
    assert paying.status_code == 303, paying.text
    region.sandbox.act(paying.headers["location"].rpartition("/")[2], Act.PAY)
    order = region.sandbox.kept(paying.headers["location"].rpartition("/")[2]).request.back
    seen = guest.get(order.partition(SITE)[2])
    assert "Your tickets" in seen.text and "Seat B 2" in seen.text
    theirs = next(one for one in region.till.orders(region.till.hall) if one["status"] == "p")
    assert sorted(one["seat"]["seat_guid"] for one in theirs["positions"]) == ["Zaal-B-2", "Zaal-B-3"]
    assert all(one["secret"] in seen.text for one in theirs["positions"])


STORIES = (sell_together, let_go_together, refund_one_house, seats_on_the_pages)


@pytest.mark.parametrize("story", STORIES)
def test_on_the_simulator(story, tmp_path: Path) -> None:
    till = SimulatedTill(tmp_path)
    story(Region(till, tmp_path))
    till.close()


@pytest.mark.server
@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", STORIES)
def test_on_a_real_pretix(story, pretix, tmp_path: Path) -> None:
    till = RealTill(pretix, tmp_path)
    story(Region(till, tmp_path))
    till.close()


def test_a_pretix_that_is_silent_after_paying_is_asked_until_it_answers(tmp_path: Path) -> None:
    till = SimulatedTill(tmp_path)
    region = Region(till, tmp_path)
    order = region.buy().json()
    region.pay(order)
    till.trouble.mood = silence
    assert region.order(order["order"])["state"] == "confirming"
    till.trouble.mood = None
    for _ in range(5):
        till.pass_time(timedelta(minutes=1))
        region.saga.sweep()
    assert region.order(order["order"])["state"] == "done"
    till.close()
