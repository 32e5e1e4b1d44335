"""A sale of two houses that is paid at Mollie, whose calls nobody signs and whose page nobody closes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from etalage.model.checkout import Checkout, Part, State
from etalage.model.money import Money
from etalage.model.payment import Payment, Request
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, line
from tests.functions import test_real_money
from tests.functions.guest import SITE
from tests.functions.test_sale import open_till
from tests.sales.world import PRICE, no

pytest.importorskip("mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


class Street(test_real_money.Street):
    """The same shop with an account at Mollie."""

    def __init__(self, wire: Line, folder: Path) -> None:
        self.till = open_till(folder)
        self.world = self.till.world
        self.desk = MollieLab(wire, lambda: self.world.now)
        self.mollie = self.desk.mollie
        self.told = []
        self.mollie.send = lambda headers, body: self.told.append((dict(headers), body))
        self.open(self.desk.payments(name="mollie-regio"), folder)

    def session(self) -> str:
        return next(iter(self.mollie.rows))

    def order(self) -> Checkout:
        return self.world.saga.read(self.mollie.rows[self.session()]["metadata"]["reference"])

    def hint(self, id: str) -> int:
        """Somebody, perhaps Mollie, names a payment."""
        sent = self.desk.call(id)
        return self.tell(dict(sent.headers), sent.body)


@pytest.fixture
def street(wire: Line, tmp_path: Path) -> Street:
    return Street(wire, tmp_path)


def test_from_the_basket_over_the_bank_to_tickets(street: Street) -> None:
    url = street.check_out()
    assert "form-action 'self' https:" in street.guest.get("checkout").headers["content-security-policy"]
    with httpx.Client(follow_redirects=True) as browser:
        assert f"{3 * PRICE / 100:.2f}" in browser.get(url).text
        browser.post(url, data={"way": "bancontact"})
        back = browser.post(url, data={"way": "confirmed"}, follow_redirects=False).headers["location"]
    assert not street.told, "Mollie calls no shop that stands on its own machine"
    assert street.hint(street.session()) == 200
    street.sold()
    assert "Your tickets" in street.guest.get(back.partition(SITE)[2]).text
    sent = " ".join(str(one.given) for one in street.desk.wire.seen)
    assert "oorbeeld" not in sent, "Mollie is told nothing about the visitor; it asks what it needs itself"


def test_told_too_early_forged_about_somebody_else_and_twenty_times_at_once(street: Street) -> None:
    street.check_out()
    id = street.session()
    assert street.hint(id) == 200 and street.order().state is State.AWAITING, "a hint alone pays nothing"
    asked = len(street.desk.wire.seen)
    for wrong in (
        b"",
        b"id=ord_1",
        b'{"id": "' + id.encode() + b'"}',
        b"id=" + id.encode() + b"&id=tr_2",
        b"id=tr_" + b"a" * 70_000,
    ):
        assert street.tell({}, wrong) in (400, 413)
    assert len(street.desk.wire.seen) == asked, "Mollie is not asked about what is no call"
    assert street.hint("tr_ofNobody") == 200, "a stranger learns nothing"
    other = street.mollie.create(
        {"amount": {"currency": "EUR", "value": "1.00"}, "description": "x", "redirectUrl": "x"}
    )
    street.mollie.pay(other["id"])
    assert street.hint(other["id"]) == 200 and street.order().state is State.AWAITING
    street.mollie.pay(id)
    with ThreadPoolExecutor(20) as many:
        assert set(many.map(lambda _: street.hint(id), range(20))) == {200}
    street.sold()
    for days in (1, 30):
        street.world.pass_time(days=days)
        assert street.hint(id) == 200
        street.sold()


def test_paid_and_told_before_our_own_call_has_returned(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    account, heard = street.world.sandbox, list[int]()
    start = account.start

    def slow(request: Request) -> Payment:
        made = start(request)
        if not heard:
            heard.append(0)
            street.mollie.pay(made.id)
            heard[0] = street.hint(made.id)
        return made

    monkeypatch.setattr(account, "start", slow)
    assert "/order/" in street.check_out(), "there is nothing to pay any more"
    assert heard == [200]
    street.sold()


def test_never_told_the_sweep_finds_it(street: Street) -> None:
    street.check_out()
    street.mollie.pay(street.session())
    street.world.pass_time(minutes=3)
    street.world.saga.sweep()
    street.sold()


def test_who_waits_at_the_page_of_the_order_does_not_wear_mollie_out(street: Street) -> None:
    street.check_out()
    page = street.mollie.rows[street.session()]["redirectUrl"].partition(SITE)[2]
    asked = len(street.desk.wire.seen)
    for _ in range(10):
        assert "Waiting for your payment" in street.guest.get(page).text
    assert len(street.desk.wire.seen) == asked + 1
    street.mollie.pay(street.session())
    assert "Waiting for your payment" in street.guest.get(page).text, "somebody looked a moment ago"
    street.world.pass_time(seconds=5)
    assert "Your tickets" in street.guest.get(page).text
    street.sold()


def test_who_is_late_reads_what_becomes_of_it_and_gets_places_that_are_left(street: Street) -> None:
    street.check_out()
    street.world.settle(street.order().key)
    assert street.order().state is State.UNDONE and street.world.free("linde") == 5
    back = street.mollie.rows[street.session()]["redirectUrl"].partition(SITE)[2]
    assert "The payment page may stay open for a while." in street.guest.get(back).text
    street.world.sell_elsewhere("brug", 5)
    street.mollie.pay(street.session())
    assert street.hint(street.session()) == 200
    done = street.order()
    assert {share.house: share.state for share in done.shares} == {"linde": Part.CONFIRMED, "brug": Part.REFUNDED}
    (refund,) = street.world.sandbox.status(street.session()).refunds
    assert (refund.amount, refund.house) == (Money(PRICE), "brug")


def test_who_changes_the_basket_and_pays_the_old_page_gets_what_was_paid_for(street: Street) -> None:
    street.check_out()
    old = street.session()
    key = street.order().key
    assert street.guest.put_in("toml:linde/a/1", 1).status_code == 303
    assert street.world.saga.read(key).code == "basket_changed"
    street.mollie.pay(old)
    assert street.hint(old) == 200
    done = street.world.settle(key)
    assert done.state is State.DONE and {share.state for share in done.shares} == {Part.CONFIRMED}
    assert street.world.free("linde") == 0, "two that were paid for, and three in the basket"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"currency": "EUR", "value": "0.01"}}, {"amount": {"currency": "USD", "value": "54.00"}},
        {"metadata": {"reference": "another", "shares": []}},
    ],
)  # fmt: skip
def test_another_amount_currency_or_order_gives_no_ticket(street: Street, change: dict[str, object]) -> None:
    street.check_out()
    key, row = street.order().key, street.mollie.rows[street.session()]
    street.mollie.pay(street.session())
    row |= change
    assert street.hint(street.session()) == 200
    street.world.pass_time(minutes=3)
    street.world.saga.sweep()
    order = street.world.saga.read(key)
    assert order.alert == "amount_differs" and not any(share.tickets for share in order.shares)


def test_mollie_that_stops_answering_holds_up_and_loses_nothing(street: Street) -> None:
    """A house refuses after the money came, and Mollie is out of order just when its share should go back."""
    street.check_out()
    street.world.houses["brug"].always["confirm"] = no("sold_out")
    street.mollie.pay(street.session())
    street.desk.wire.moods = ["", "", "", "busy", *["down"] * 3, "lost"]
    street.hint(street.session())
    assert street.order().state is State.CONFIRMING
    done = street.world.settle(street.order().key)
    assert (done.state, done.refunded) == (State.DONE, Money(PRICE)) and len(street.mollie.backs) == 1
