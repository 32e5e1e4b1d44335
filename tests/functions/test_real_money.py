"""A sale of two houses with a real provider's page at the end of it: through our pages, its own SDK, and its simulated other side."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from etalage.model.checkout import Checkout, Part, State
from etalage.model.money import Money
from etalage.model.payment import Payment, Refunded, Request
from etalage.ports.payment import Payments
from etalage.sales.returns import of_tickets
from functions.app import make_app
from tests.adapters.stripe_lab import Line, StripeLab, line
from tests.functions.guest import LINDE, SITE, Guest
from tests.functions.test_sale import BRUG, open_till
from tests.sales.world import PRICE, no
from tests.visitor import Visitor

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


class Street:
    """The shop of De Linde and De Brug, whose visitors pay at Stripe, and a guest who has three tickets in the basket."""

    def __init__(self, wire: Line, folder: Path) -> None:
        self.till = open_till(folder)
        self.world = self.till.world
        self.lab = StripeLab(wire, lambda: self.world.now)
        self.stripe = self.lab.stripe
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.stripe.send = lambda headers, body: self.told.append((dict(headers), body))
        self.open(self.lab.payments(name="stripe-regio"), folder)

    def open(self, payments: Payments, folder: Path) -> None:
        """Open the shop with this account."""
        self.hook = f"/api/payments/{payments.name}/webhook"
        self.world.sandbox, self.world.saga.providers = payments, {payments.name: payments}
        old = self.till.visitor.app.state.sale
        sale = replace(old, providers=self.world.saga.providers, pays={"regio": payments.name}, sandbox=None)
        self.visitor = Visitor(make_app(folder / "output", sale=sale))
        self.guest = Guest(self.visitor, folder / "output" / "regio")

    def check_out(self) -> str:
        """Choose, and go to pay; the address of Stripe's page."""
        assert self.guest.put_in(LINDE, 2).status_code == 303 and self.guest.put_in(BRUG, 1).status_code == 303
        paying = self.guest.check_out()
        assert paying.status_code == 303, paying.text
        return str(paying.headers["location"])

    def session(self) -> str:
        return next(id for id, row in self.stripe.rows.items() if row["object"] == "checkout.session")

    def order(self) -> Checkout:
        return self.world.saga.read(self.stripe.rows[self.session()]["client_reference_id"])

    def tell(self, headers: dict[str, str], body: bytes) -> int:
        return self.visitor.post(self.hook, headers=headers, content=body).status_code

    def sold(self) -> None:
        """Sold once: our tickets, the houses' places and Stripe's money are even."""
        order, paid = self.order(), self.world.sandbox.status(self.session())
        assert order.state is State.DONE and {share.state for share in order.shares} == {Part.CONFIRMED}
        tickets = {ticket.code for share in order.shares for ticket in share.tickets}
        at_houses = {
            one.code for share in order.shares for one in self.world.house(share.house).lookup(share.reference).tickets
        }
        assert tickets == at_houses and paid.amount == Money(len(tickets) * PRICE) == Money(3 * PRICE)
        assert (self.world.free("linde"), self.world.free("brug"), paid.back) == (3, 4, Money(0))


@pytest.fixture
def street(wire: Line, tmp_path: Path) -> Street:
    return Street(wire, tmp_path)


def test_from_the_basket_over_the_bank_to_tickets(street: Street) -> None:
    url = street.check_out()
    policy = street.guest.get("checkout").headers["content-security-policy"]
    assert f"form-action 'self' {street.lab.line.base}" in policy, "browsers let the form lead to Stripe's page"
    assert url.startswith(street.lab.line.base)
    with httpx.Client(follow_redirects=True) as browser:
        assert f"{3 * PRICE / 100:.2f}" in browser.get(url).text
        browser.post(url, data={"way": "bancontact"})
        back = browser.post(url, data={"way": "confirmed"}, follow_redirects=False).headers["location"]
    assert [street.tell(*call) for call in street.told] == [200]
    street.sold()
    assert "Your tickets" in street.guest.get(back.partition(SITE)[2]).text
    sent = " ".join(str(one.params) for one in street.lab.wire.seen)
    assert "oorbeeld" not in sent, "Stripe is told nothing about the visitor; it asks what it needs itself"


def test_told_twenty_times_at_once_too_early_forged_and_about_somebody_else(street: Street) -> None:
    street.check_out()
    id = street.session()
    early = street.lab.call(id)
    assert street.tell(dict(early.headers), early.body) == 200 and street.order().state is State.AWAITING
    street.stripe.pay(id)
    (headers, body), *_ = street.told
    forged = {"stripe-signature": headers["stripe-signature"].replace("v1=", "v1=0")}
    asked = len(street.lab.wire.seen)
    assert (
        street.tell(forged, body) == 400 and street.tell({}, body) == 400 and street.tell(headers, body + b" ") == 400
    )
    assert len(street.lab.wire.seen) == asked and street.order().state is State.AWAITING
    other = street.stripe.create_session(
        {"success_url": "x", "line_items": [{"price_data": {"currency": "eur", "unit_amount": "100"}}]}
    )
    assert street.tell(*_call(street, other["id"])) == 200 and street.order().state is State.AWAITING
    with ThreadPoolExecutor(20) as many:
        assert set(many.map(lambda _: street.tell(headers, body), range(20))) == {200}
    street.sold()
    for days in (1, 30):
        street.world.pass_time(days=days)
        assert street.tell(headers, body) == 400, "its signature is too old"
        assert street.tell(*_call(street, id)) == 200, "and Stripe, which tries for days, signs anew"
        street.sold()


def test_paid_and_told_before_our_own_call_has_returned(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the answer to our own call hangs, while somebody is quick on a page that they had open."""
    account, heard = street.world.sandbox, list[int]()
    start = account.start

    def slow(request: Request) -> Payment:
        made = start(request)
        if not heard:
            heard.append(0)
            street.lab.pay(made.id)
            heard[0] = street.tell(*_call(street, made.id))
        return made

    monkeypatch.setattr(account, "start", slow)
    assert "/order/" in street.check_out(), "there is nothing to pay any more"
    assert heard == [200]
    street.sold()


def test_never_told_the_sweep_finds_it(street: Street) -> None:
    street.check_out()
    street.stripe.pay(street.session())
    street.world.pass_time(minutes=3)
    street.world.saga.sweep()
    street.sold()


def test_who_does_not_pay_loses_the_places_and_the_page_is_closed(street: Street) -> None:
    url = street.check_out()
    street.world.settle(street.order().key)
    assert street.order().state is State.UNDONE and street.stripe.rows[street.session()]["status"] == "expired"
    assert httpx.get(url).status_code == 410 and street.world.free("linde") == 5


def test_money_that_comes_when_all_is_over_finds_places_or_goes_back(street: Street) -> None:
    street.check_out()
    street.world.settle(street.order().key)
    street.world.sell_elsewhere("brug", 5)
    street.stripe.pay(street.session(), late=True)
    assert street.tell(*street.told[-1]) == 200
    done = street.order()
    assert {share.house: share.state for share in done.shares} == {"linde": Part.CONFIRMED, "brug": Part.REFUNDED}
    (back,) = street.world.sandbox.status(street.session()).refunds
    assert (back.amount, back.house, back.state) == (Money(PRICE), "brug", Refunded.DONE)


@pytest.mark.parametrize("change", [{"amount_total": 1}, {"currency": "usd"}, {"client_reference_id": "another"}])
def test_another_amount_currency_or_order_gives_no_ticket(street: Street, change: dict[str, object]) -> None:
    street.check_out()
    key, row = street.order().key, street.stripe.rows[street.session()]
    street.stripe.pay(street.session())
    row |= change
    assert street.tell(*street.told[-1]) == 200
    street.world.pass_time(minutes=3)
    street.world.saga.sweep()
    order = street.world.saga.read(key)
    assert order.alert == "amount_differs" and not any(share.tickets for share in order.shares)


def test_stripe_that_stops_answering_holds_up_and_loses_nothing(street: Street) -> None:
    """A house refuses after the money came, and Stripe is out of order just when its share should go back."""
    street.check_out()
    street.world.houses["brug"].always["confirm"] = no("sold_out")
    street.stripe.pay(street.session())
    street.lab.wire.moods = ["", "", "", "busy", *["down"] * 3, "lost"]
    street.tell(*street.told[-1])
    assert street.order().state is State.CONFIRMING
    done = street.world.settle(street.order().key)
    assert (done.state, done.refunded) == (State.DONE, Money(PRICE))
    assert len(street.stripe.list("refund", lambda _: True)) == 1


def test_a_refund_that_the_bank_sends_back_days_later_is_sent_again(street: Street) -> None:
    street.check_out()
    street.stripe.pay(street.session())
    street.tell(*street.told[-1])
    order = street.order()
    saga, code = street.world.saga, order.share("linde").tickets[0].code
    saga.give_tickets(order.key, of_tickets(order, [code], saga.houses))
    (first,) = street.stripe.list("refund", lambda _: True)
    street.world.pass_time(days=6)
    street.stripe.fail_refund(first["id"])
    assert street.tell(*street.told[-1]) == 200 and street.order().refunded == Money(0)
    street.world.pass_time(hours=2)
    saga.sweep()
    assert street.order().refunded == Money(PRICE) == street.world.sandbox.status(street.session()).back
    (back,) = street.order().backs
    assert back.name.endswith("-linde-back-1-again-1")


def test_money_that_a_bank_takes_back_stands_in_the_order_and_so_does_its_return(street: Street) -> None:
    street.check_out()
    street.stripe.pay(street.session())
    street.tell(*street.told[-1])
    street.told.clear()
    dispute = street.stripe.dispute(street.session(), PRICE)
    assert [street.tell(*call) for call in street.told] == [200, 200]
    (taken,) = street.order().chargebacks
    assert (taken.amount, taken.returned, street.order().alert) == (Money(PRICE), False, "charged_back")
    street.told.clear()
    street.stripe.decide(dispute["id"], "won")
    assert {street.tell(*call) for call in street.told} == {200}
    assert street.order().chargebacks[0].returned and street.order().state is State.DONE


def _call(street: Street, id: str) -> tuple[dict[str, str], bytes]:
    sent = street.lab.call(id)
    return dict(sent.headers), sent.body
