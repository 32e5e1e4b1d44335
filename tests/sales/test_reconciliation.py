"""Stories of a restore: our records are of an hour ago; the provider and a house's pretix went on."""

import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from etalage.adapters import _sqlite_copies as copies
from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.basket import Wish
from etalage.model.checkout import Checkout, Part, State
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.model.sale import Buyer
from etalage.sales.counter import Counter, Order, Place
from etalage.sales.quote import Quotes
from etalage.sales.reconciliation import reconcile
from etalage.sales.returns import of_tickets
from etalage.sales.saga import Saga
from tests.adapters.pretix_till import SimulatedTill
from tests.simulators.trouble import silence

LINDE = "toml:linde/a/1"
OFFERING = Offering(
    performance=LINDE, ranks=(Rank(id="zaal", capacity=9),), rates=(Rate(id="basis", prices={"zaal": Money(1000)}),)
)
PLACE = Place(site="regio", back="https://regio.test/order/{token}", hook="https://regio.test/hook", provider="sandbox")
BUYER = Buyer(email="an@voorbeeld.test", name="An Voorbeeld")


class Region:
    """De Linde sells from our own inventory, Kassa from its pretix; the provider keeps its own books, as a real one does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.till = folder, SimulatedTill(folder)
        self.books = SqliteRecords(folder / "provider.db", self.till.clock)
        self.sandbox = SandboxPayments(
            self.books, self.till.clock, os.urandom, b"s", "http://sandbox.test/", lambda *_: None
        )
        self.pools = {name: ThreadPoolExecutor(2) for name in ("linde", "kassa")}
        self.sold = 0
        self.open()

    def open(self) -> None:
        till = self.till
        houses = {
            "linde": LocalTicketing("linde", till.records, {LINDE: OFFERING}.get, till.clock, os.urandom), "kassa": till.ticketing()
        }  # fmt: skip
        self.houses = houses
        self.saga = Saga(
            till.records, houses.__getitem__, {"sandbox": self.sandbox}, till.clock, self.pools.__getitem__
        )
        quotes = Quotes(houses.__getitem__, self.pools.__getitem__)
        self.counter = Counter(till.records, quotes, self.saga, till.clock, os.urandom, lambda key: key)

    def begin(self, linde: int = 0, kassa: int = 1) -> str:
        self.sold += 1
        lines = [Wish(performance=id, quantity=n) for id, n in ((LINDE, linde), (self.till.counted, kassa)) if n]
        return self.counter.take(Order(lines=tuple(lines), buyer=BUYER), PLACE, f"key-number-{self.sold}")[0]

    def pay(self, key: str, act: Act = Act.PAY) -> None:
        self.sandbox.act(self.sandbox.find(key).id, act)

    def sell(self, linde: int = 0, kassa: int = 1) -> str:
        key = self.begin(linde, kassa)
        self.pay(key)
        assert self.saga.run(key).state is State.DONE
        return key

    def save(self) -> datetime:
        self.till.records.get("checkout", "any")  # so that there is a file
        copies.save(self.folder / "records.db", self.folder / "copy.db")
        return self.till.clock()

    def restore(self) -> None:
        """An hour later the machine is lost; a new one gets the copy."""
        self.till.pass_time(timedelta(hours=1))
        copies.restore(self.folder / "new" / "records.db", self.folder / "copy.db")
        self.till.records.close()
        self.till.records = SqliteRecords(self.folder / "new" / "records.db", self.till.clock)
        self.open()

    def reconcile(self):
        return reconcile(self.saga, self.till.clock() - timedelta(days=1))

    def audit(self, *keys: str) -> None:
        """Money = tickets = records: of these orders at the houses, and of all of them at pretix."""
        for key in keys:
            order, payment = self.saga.read(key), self.sandbox.find(key)
            kept = payment.amount.cents - payment.back.cents if payment.paid_at else 0
            sold = [share for share in order.shares if share.state is Part.CONFIRMED]
            assert kept == sum(share.rest.cents for share in sold), key
            for share in order.shares:
                theirs = self.houses[share.house].lookup(share.reference)
                valid = {ticket.code for ticket in theirs.tickets if not ticket.cancelled}
                assert valid == {ticket.code for ticket in share.tickets if not ticket.cancelled}, (key, share.house)
                assert bool(valid) == (share.state is Part.CONFIRMED), (key, share.house)
        sold = sum(
            len([one for one in order["positions"] if not one.get("canceled")])
            for order in self.till.orders() if order["status"] == "p"
        )  # fmt: skip
        assert self.till.free() == self.till.places - sold, "nothing is held at pretix"


@pytest.fixture
def region(tmp_path: Path):
    made = Region(tmp_path)
    yield made
    made.till.close()
    made.books.close()


def parts(order: Checkout) -> dict[str, str]:
    return {share.house: share.state.value for share in order.shares}


def test_a_sale_that_the_records_know_half_is_finished(region: Region) -> None:
    waiting, untouched = region.begin(linde=1), region.sell(linde=1)
    region.save()
    region.pay(waiting)
    codes = {ticket.code for ticket in region.saga.run(waiting).share("kassa").tickets}
    region.restore()
    assert region.saga.read(waiting).state is State.AWAITING, "the records are of an hour ago"
    told = region.reconcile()
    assert (told.mended, told.right) == ([waiting], [untouched]) and not told.written + told.unmatched + told.silent
    assert {ticket.code for ticket in region.saga.read(waiting).share("kassa").tickets} == codes, (
        "the tickets they have"
    )
    region.audit(waiting, untouched)


def test_a_sale_that_the_records_know_nothing_of_is_written_anew(region: Region) -> None:
    region.save()
    sold = region.sell(kassa=2)
    region.restore()
    assert region.reconcile().written == [sold]
    order = region.saga.read(sold)
    assert order.state is State.DONE and len(order.share("kassa").tickets) == 2 and not order.alert
    assert region.reconcile().right == [sold], "twice is once"
    region.audit(sold)


def test_what_was_paid_and_never_sold_goes_back(region: Region) -> None:
    region.save()
    held = region.begin()
    region.pay(held)  # and the machine was lost before anybody looked
    region.restore()
    assert region.reconcile().written == [held], "pretix let go of the cart, and an order there never was"
    order = region.saga.read(held)
    assert order.state is State.DONE and parts(order) == {"kassa": "refunded"}
    assert region.sandbox.find(held).back == order.total
    region.audit(held)


def test_a_page_that_is_still_open_is_closed_and_late_money_goes_back(region: Region) -> None:
    region.save()
    left = region.begin()
    region.restore()
    assert region.reconcile().written == [left] and region.saga.read(left).state is State.UNDONE
    region.pay(left, Act.PAY_LATE)
    for _ in range(3):
        region.till.pass_time(timedelta(hours=1))
        region.saga.sweep()
    assert region.saga.read(left).refunded == region.sandbox.find(left).back == Money(1800)
    region.audit(left)


def test_what_staff_gave_back_meanwhile_stays_given_back(region: Region) -> None:
    known = region.sell()
    region.save()
    unknown = region.sell()
    for key in (known, unknown):
        region.saga.give_back(key)
    region.restore()
    told = region.reconcile()
    assert (told.mended, told.written) == ([known], [unknown])
    assert parts(region.saga.read(known)) == parts(region.saga.read(unknown)) == {"kassa": "refunded"}
    region.audit(known, unknown)


def test_a_ticket_that_staff_gave_back_meanwhile_stays_given_back(region: Region) -> None:
    known = region.sell(kassa=2)
    region.save()
    unknown = region.sell(kassa=3)

    def give(key: str) -> None:
        order = region.saga.read(key)
        region.saga.give_tickets(key, of_tickets(order, [order.good[0].code], region.saga.houses))

    for key in (known, unknown, unknown):
        give(key)
    region.restore()
    told = region.reconcile()
    assert (told.mended, told.written) == ([known], [unknown]) and region.reconcile().mended == []
    assert [len(region.saga.read(key).good) for key in (known, unknown)] == [1, 1]
    region.audit(known, unknown)
    for key in (known, unknown):  # and what is left of it may follow
        give(key)
        assert region.saga.read(key).refunded == region.sandbox.find(key).back == region.sandbox.find(key).amount
    region.audit(known, unknown)


def test_which_of_our_own_tickets_went_back_meanwhile_is_for_staff_to_find(region: Region) -> None:
    sold = region.sell(linde=2, kassa=0)
    region.save()
    order = region.saga.read(sold)
    region.saga.give_tickets(sold, of_tickets(order, [order.good[0].code], region.saga.houses))
    region.restore()
    assert region.reconcile().unmatched == [sold] and len(region.saga.read(sold).good) == 2


def test_a_share_of_our_own_inventory_is_for_staff_to_decide(region: Region, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "etalage.sale")
    region.save()
    sold = region.sell(linde=2)
    region.restore()
    assert region.reconcile().unmatched == [sold] == region.reconcile().unmatched
    order = region.saga.read(sold)
    assert (order.state, order.alert, parts(order)) == (
        State.DONE,
        "unmatched",
        {"linde": "released", "kassa": "confirmed"},
    )
    (line,) = [json.loads(record.message) for record in caplog.records if record.name == "etalage.sale"]
    assert (line["alert"], line["order"]) == ("unmatched", sold)
    assert region.sandbox.find(sold).back == Money(0), "no money moves by itself"
    after = region.saga.give_back(sold, ["linde"])
    assert (after.refunded, after.alert) == (Money(2000), "")
    region.audit(sold)


def test_a_house_that_is_silent_is_asked_again_at_the_next_time(region: Region) -> None:
    region.save()
    sold = region.sell()
    region.restore()
    region.till.trouble.mood = silence
    assert region.reconcile().silent == [sold]
    region.till.trouble.mood = None
    assert region.reconcile().written == [sold]
    region.audit(sold)


def test_control_without_reconciling_money_is_kept_for_no_ticket_of_ours(region: Region) -> None:
    region.save()
    sold = region.sell()
    region.restore()
    region.saga.sweep()
    with pytest.raises(Exception, match="no such order"):
        region.audit(sold)
