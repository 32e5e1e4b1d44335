"""A sale at De Linde and at a pretix behind a faulty wire: each verb, each fault, and the end of each sale by its name."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from etalage.adapters.pretix_ticketing import PretixTicketing
from etalage.model.checkout import Checkout, Part, State
from etalage.model.payment import Act
from etalage.sales.returns import of_tickets
from tests.adapters.pretix_till import SimulatedTill
from tests.functions.test_joint_sale import Region
from tests.servers.fault_proxy import (
    FAULTS,
    Exchange,
    Fault,
    FaultProxy,
    fault_proxy,
    garbled,
    page,
    page_after,
    passed,
)
from tests.simulators.pretix import BASE_URL

LINDE, KASSA = 1000, 1800


class Wired(SimulatedTill):
    """A pretix that our adapter reaches over a socket, through a proxy."""

    def __init__(self, folder: Path, proxy: FaultProxy | None = None) -> None:
        self.proxy = proxy
        super().__init__(folder)

    def ticketing(self, **options: Any) -> PretixTicketing:
        if self.proxy is None:
            return super().ticketing(**options)
        given = {"source": "pretix:kassa", "clock": self.clock, "sleep": lambda _: None, "timeout": 0.7} | options
        house = PretixTicketing(self.house, self.proxy.url, "kassa", self.token, self.records, **given)
        self.opened.append(house)
        return house


class Street(Region):
    """The two houses, and how a sale there ends."""

    def __init__(self, till: Wired, proxy: FaultProxy, folder: Path) -> None:
        self.wire = till.proxy = proxy
        super().__init__(till, folder)
        till.proxy = None  # what a test itself asks goes another way
        self.keys: list[str] = []
        write = self.saga.fresh
        self.saga.fresh = lambda made: (self.keys.append(made.key), write(made))[1]

    def begin(self, key: str = "a-key-of-a-browser") -> dict[str, Any]:
        """Buy, and while the answer is "busy" again with the same key, as a browser does."""
        for _ in range(30):
            made = self.buy(key)
            if made.status_code != 503:
                break
            assert made.headers["retry-after"]
        assert made.status_code == 201, made.text
        return made.json()

    def finish(self, token: str) -> Checkout:
        """Let the sweep work for an hour at most."""
        key = token.partition(".")[0]
        for _ in range(60):
            self.saga.run(key)
            if self.saga.read(key).state in (State.DONE, State.UNDONE):
                break
            self.till.pass_time(timedelta(minutes=1))
            self.saga.sweep()
        return self.saga.read(key)

    def last(self) -> Checkout:
        """The checkout that was begun last, also when its buyer was only told to come back."""
        return self.saga.read(self.keys[-1])

    def audit(self, checkout: Checkout) -> None:
        """Money = tickets = records, one order at pretix at the most, and nothing is held once what nobody knows of has lapsed."""
        self.till.pass_time(timedelta(hours=1))
        sold = {share.house: len(share.tickets) for share in checkout.shares if share.state is Part.CONFIRMED}
        linde, kassa = sold.get("linde", 0), sold.get("kassa", 0)
        payment = self.sandbox.find(checkout.key)
        kept = payment.amount.cents - payment.back.cents if payment and payment.paid_at else 0
        assert kept == linde * LINDE + kassa * KASSA
        assert self.free() == (5 - linde, 8 - kassa)
        theirs = [one for one in self.till.orders() if one["status"] == "p" and one["total"] == "36.00"]
        assert len(theirs) == (1 if kassa else 0)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    till = Wired(tmp_path)
    with fault_proxy(till.trouble.inner, BASE_URL) as proxy:
        yield Street(till, proxy, tmp_path)
    till.close()


def parts(checkout: Checkout) -> list[tuple[str, Part]]:
    return [(share.house, share.state) for share in checkout.shares]


DONE = [("linde", Part.CONFIRMED), ("kassa", Part.CONFIRMED)]
each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)


@each_fault
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "bulk_create/$"), ("POST", "/orders/$"), ("GET", "/orders/[A-Z0-9]+/$")],
    ids=["hold", "price", "lookup"],
)  # fmt: skip
def test_a_fault_while_holding_ends_in_a_sale(street: Street, method: str, path: str, fault: Fault) -> None:
    street.wire.plan(method, path, fault)
    order = street.begin()
    assert fault.__name__ in street.wire.met
    street.pay(order)
    done = street.finish(order["order"])
    assert (done.state, parts(done), done.alert) == (State.DONE, DONE, "")
    street.audit(done)


@each_fault
@pytest.mark.parametrize(("method", "path"), [("POST", "/orders/$"), ("POST", "/confirm/$")], ids=["order", "pay"])
def test_a_fault_while_confirming_ends_in_a_sale(street: Street, method: str, path: str, fault: Fault) -> None:
    order = street.begin()
    street.wire.plan(method, path, fault)
    street.pay(order)
    done = street.finish(order["order"])
    assert fault.__name__ in street.wire.met
    assert (done.state, parts(done), done.alert) == (State.DONE, DONE, "")
    street.audit(done)


@each_fault
def test_a_fault_while_letting_go_ends_with_nothing_held(street: Street, fault: Fault) -> None:
    order = street.begin()
    street.wire.plan("DELETE", "/cartpositions/", fault)
    street.pay(order, Act.CANCEL)
    undone = street.finish(order["order"])
    assert fault.__name__ in street.wire.met
    assert (undone.state, parts(undone)) == (State.UNDONE, [("linde", Part.RELEASED), ("kassa", Part.RELEASED)])
    street.audit(undone)


@each_fault
@pytest.mark.parametrize("path", ["/refunds/$", "/done/$", "/mark_canceled/$"])
def test_a_fault_while_giving_back_ends_in_one_refund(street: Street, path: str, fault: Fault) -> None:
    """Between our order and its payment the places go: pretix books the money and has no tickets."""

    def sell_first(one: Any) -> None:
        street.till.do_with_order("mark_expired")
        street.till.sell_elsewhere(8)
        one.pass_back(one.ask())

    order = street.begin()
    street.wire.plan("POST", "/confirm/$", sell_first)
    street.wire.plan("POST", path, fault)
    street.pay(order)
    done = street.finish(order["order"])
    assert fault.__name__ in street.wire.met
    assert parts(done) == [("linde", Part.CONFIRMED), ("kassa", Part.REFUNDED)]
    (theirs,) = [one for one in street.till.orders() if one["total"] == "36.00"]
    assert theirs["status"] in "ce", "taken back, or left lapsed when the answer to its refund was lost"
    assert [one["state"] for one in theirs["refunds"] if one["state"] != "canceled"] == ["done"]
    assert street.sandbox.find(done.key).back.cents == 2 * KASSA


@each_fault
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/refunds/$"), ("DELETE", "/orderpositions/")], ids=["book", "cancel"]
)
def test_a_fault_while_one_ticket_goes_back_ends_in_one_refund(
    street: Street, method: str, path: str, fault: Fault
) -> None:
    order = street.begin()
    street.pay(order)
    done = street.finish(order["order"])
    street.wire.plan(method, path, fault)
    first, second = done.share("kassa").tickets
    street.saga.give_tickets(done.key, of_tickets(done, [first.code], street.saga.houses))
    after = street.finish(order["order"])
    assert fault.__name__ in street.wire.met
    assert (parts(after), after.refunded) == (DONE, street.sandbox.find(done.key).back)
    assert after.refunded.cents == KASSA and second in after.good and first not in after.good
    (theirs,) = [one for one in street.till.orders() if one["positions"][0]["canceled"]]
    assert [one["state"] for one in theirs["refunds"] if one["state"] != "canceled"] == ["done"]
    assert (theirs["status"], theirs["total"]) == ("p", f"{KASSA / 100:.2f}")


def test_a_pretix_that_is_down_for_ten_minutes_is_finished_when_it_is_back(street: Street) -> None:
    order = street.begin()
    street.pay(order)
    street.wire.down()
    key = order["order"].partition(".")[0]
    for _ in range(10):
        street.saga.run(key)
        street.till.pass_time(timedelta(minutes=1))
    waiting = street.saga.read(key)
    assert parts(waiting) == [("linde", Part.CONFIRMED), ("kassa", Part.HELD)] and waiting.alert == "house_silent"
    street.wire.up()
    done = street.finish(order["order"])
    assert (parts(done), done.alert) == (DONE, "")
    street.audit(done)


unreadable = pytest.mark.parametrize("fault", [garbled, page, page_after], ids=lambda fault: fault.__name__)


def always(street: Street, method: str, path: str, fault: Fault) -> None:
    """From now on, whatever asks for this."""

    def choose(request: httpx.Request) -> Fault:
        return fault if request.method == method and re.search(path, request.url.path) else passed

    street.wire.choose = choose


@unreadable
def test_a_pretix_that_cannot_be_read_sells_nothing_and_staff_are_told(street: Street, fault: Fault) -> None:
    always(street, "GET", "", fault)
    first = street.buy()
    assert (first.status_code, first.json()["code"]) == (503, "house_busy"), "no price, so no order"
    always(street, "POST", "/orders/$", fault)
    answers = [street.buy() for _ in range(8)]
    assert [one.status_code for one in answers[:2]] == [503, 503] and answers[-1].json()["code"] == "house_silent"
    undone = street.last()
    assert (undone.state, undone.alert) == (State.UNDONE, "house_unreadable")
    street.audit(undone)


@unreadable
def test_a_pretix_that_cannot_be_read_after_paying_is_told_to_staff_and_finished(street: Street, fault: Fault) -> None:
    order = street.begin()
    street.pay(order)
    always(street, "GET", "/orders/", fault)
    waiting = street.finish(order["order"])
    assert (parts(waiting), waiting.alert) == ([("linde", Part.CONFIRMED), ("kassa", Part.HELD)], "house_unreadable")
    always(street, "NONE", "", fault)
    done = street.finish(order["order"])
    assert (parts(done), done.alert) == (DONE, "")


def test_a_pretix_that_does_not_let_us_in_is_told_to_staff_and_nobody_loses_a_ticket(street: Street) -> None:
    order = street.begin()
    street.pay(order)
    always(street, "GET", "/orders/", lambda one: one.give(401, "application/json", b'{"detail": "Invalid token."}'))
    waiting = street.finish(order["order"])
    assert (parts(waiting), waiting.alert) == ([("linde", Part.CONFIRMED), ("kassa", Part.HELD)], "house_locked")
    always(street, "NONE", "", passed)
    done = street.finish(order["order"])
    assert (parts(done), done.alert) == (DONE, "")
    street.audit(done)


def test_other_seats_than_were_paid_are_no_sale(street: Street) -> None:
    """Staff, or a fault of pretix, put our buyer elsewhere: the share goes back, and so do the places."""

    def elsewhere(one: Exchange) -> None:
        answer = one.ask()
        told = json.loads(answer.content)
        for position in told["positions"]:
            position["seat"] = {"seat_guid": "Zaal-C-1"}
        one.give(answer.status_code, "application/json", json.dumps(told).encode())

    order = street.begin()
    street.pay(order)
    always(street, "GET", "/orders/[A-Z0-9]+/$", lambda one: elsewhere(one) if street.till.orders() else passed(one))
    done = street.finish(order["order"])
    assert parts(done) == [("linde", Part.CONFIRMED), ("kassa", Part.REFUNDED)]
    assert (done.share("kassa").code, done.alert) == ("house_differs", "house_differs")
    street.audit(done)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_storm_ends_with_every_order_final(street: Street, seed: int) -> None:
    order = street.begin()
    street.pay(order)
    street.wire.rate(0.6, seed)
    street.finish(order["order"])
    assert sum(street.wire.met.values()) > street.wire.met["passed"]
    street.wire.rate(0)
    done = street.finish(order["order"])
    assert (done.state, parts(done)) == (State.DONE, DONE)
    street.audit(done)
