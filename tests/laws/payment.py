"""The laws of etalage/ports/payment.py as tests: one class, bound to every provider and simulator; tests/laws/onward.py has the laws of what
is passed on and of what banks take.

A lab pays in the visitor's place, on the provider's own side.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
import pytest

from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.payment import Hint, PaymentState, Refunded, Request, Share
from etalage.ports.payment import Payments


@dataclass
class Sent:
    """What a provider sent to our webhook."""

    headers: Mapping[str, str]
    body: bytes


class Lab(Protocol):
    """What a law needs of a provider."""

    now: datetime
    signs: bool
    """Whether this provider signs its calls."""

    def payments(self) -> Payments: ...

    def pay(self, id: str, *, late: bool = False) -> None:
        """Pay as a visitor; `late`: although it is over."""
        ...

    def fail(self, id: str) -> None: ...

    def call(self, id: str) -> Sent:
        """The call that the provider makes about a payment."""
        ...

    def pass_time(self, by: timedelta) -> None: ...

    def connect(self, *houses: str) -> None:
        """Give houses an account of their own."""
        ...

    def shut(self, house: str) -> None:
        """The account of a house takes nothing any more."""
        ...

    def lose(self, before: int = 0) -> None:
        """The answer to the next request that changes something is lost; `before`: so many are answered first."""
        ...

    def fail_refund(self, id: str, refund: str) -> None:
        """A bank sends a refund of a payment back; `refund`: its id."""
        ...

    def take(self, id: str, cents: int) -> str:
        """A bank takes back so much of a payment; the id of that."""
        ...

    def give_again(self, id: str, chargeback: str) -> None:
        """It was decided for us."""
        ...


def request(lab: Lab, reference: str = "r1", cents: int = 3000) -> Request:
    return Request(
        reference=reference, amount=Money(cents), shares=(Share("linde", Money(cents - 1000)), Share("brug", Money(1000))),
        description={"nl": "Tickets"}, back="https://linde.example/order/x", hook="https://linde.example/api/payments/x/webhook",
        expires=lab.now + timedelta(minutes=40),
    )  # fmt: skip


class PaymentLaws:
    @pytest.fixture
    def provider(self, lab: Lab) -> Payments:
        return lab.payments()

    def test_1_a_payment_is_open_and_has_a_page(self, lab: Lab, provider: Payments) -> None:
        payment = provider.start(request(lab))
        assert payment.state is PaymentState.OPEN and payment.amount == Money(3000)
        assert payment.url.startswith("http") and payment.reference == "r1"

    def test_1_the_same_again_is_the_same_payment(self, lab: Lab, provider: Payments) -> None:
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: lab.payments().start(request(lab)), range(16)))
        assert len({payment.id for payment in made}) == 1
        with pytest.raises(Refused) as no:
            provider.start(request(lab, cents=4000))
        assert no.value.code == "reference_used"

    def test_2_what_was_paid_stays_paid(self, lab: Lab, provider: Payments) -> None:
        id = provider.start(request(lab)).id
        lab.pay(id)
        assert provider.status(id).state is PaymentState.PAID and provider.status(id).paid_at
        provider.refund(id, "back-1", Money(3000), "linde")
        lab.fail(id)
        assert lab.payments().status(id).state is PaymentState.PAID

    def test_2_a_payment_that_fails_says_so(self, lab: Lab, provider: Payments) -> None:
        id = provider.start(request(lab)).id
        lab.fail(id)
        assert provider.status(id).state is PaymentState.FAILED and provider.status(id).paid_at is None

    def test_3_every_doubt_can_be_ended(self, lab: Lab, provider: Payments) -> None:
        assert provider.find("r1") is None
        payment = provider.start(request(lab))
        assert lab.payments().find("r1") == payment == lab.payments().find("r1", lab.now)
        with pytest.raises(Refused):
            provider.status("nothing-of-ours")

    def test_4_who_is_late_cannot_pay_and_money_that_comes_all_the_same_is_told(
        self, lab: Lab, provider: Payments
    ) -> None:
        id, cancelled = provider.start(request(lab)).id, provider.start(request(lab, "r2")).id
        if provider.closes:
            assert provider.cancel(cancelled).state is PaymentState.CANCELLED
        else:
            assert provider.cancel(cancelled).state is PaymentState.OPEN and provider.cancel(cancelled).url
        lab.pass_time(timedelta(hours=1))
        assert provider.status(id).state is PaymentState.EXPIRED
        for one in (id, cancelled):
            lab.pay(one)
            assert provider.status(one).state is not PaymentState.PAID
            lab.pay(one, late=True)
            assert provider.status(one).state is PaymentState.PAID

    def test_4_a_page_may_be_asked_for_no_longer_than_it_must_be_open(self, lab: Lab, provider: Payments) -> None:
        shortly = lab.now + provider.shortest + timedelta(seconds=30)
        assert provider.start(msgspec.structs.replace(request(lab), expires=shortly)).state is PaymentState.OPEN
        lab.pass_time(provider.shortest + timedelta(minutes=1))
        over = provider.find("r1")
        assert over and over.state is (PaymentState.EXPIRED if provider.closes else PaymentState.OPEN)

    def test_5_what_is_paid_is_not_cancelled(self, lab: Lab, provider: Payments) -> None:
        id = provider.start(request(lab)).id
        lab.pay(id)
        assert provider.cancel(id).state is PaymentState.PAID
        other = provider.start(request(lab, "r2")).id
        assert provider.cancel(other) == provider.cancel(other)

    def test_6_money_goes_back_once_per_reference_and_never_more_than_came(self, lab: Lab, provider: Payments) -> None:
        id = provider.start(request(lab)).id
        with pytest.raises(Refused) as no:
            provider.refund(id, "back-1", Money(1000), "linde")
        assert no.value.code == "not_paid"
        lab.pay(id)
        with ThreadPoolExecutor(8) as pool:
            back = list(pool.map(lambda _: lab.payments().refund(id, "back-1", Money(1000), "brug").id, range(16)))
        assert len(set(back)) == 1 and provider.status(id).back == Money(1000)
        assert provider.refund(id, "back-2", Money(1999), "linde").state in (Refunded.DONE, Refunded.PENDING)
        with pytest.raises(Refused) as no:
            provider.refund(id, "back-3", Money(2), "linde")
        assert no.value.code == "refund_too_large"
        assert [one.reference for one in provider.status(id).refunds] == ["back-1", "back-2"]

    def test_7_a_call_is_a_hint_and_a_forged_one_is_nothing(self, lab: Lab, provider: Payments) -> None:
        id = provider.start(request(lab)).id
        sent = lab.call(id)
        assert provider.read_webhook(sent.headers, sent.body).id == id
        assert provider.status(id).state is PaymentState.OPEN, "a hint alone pays nothing"
        if not lab.signs:
            return
        other = msgspec.json.encode(Hint(id="sb_other"))
        old = lab.call(id)
        lab.pass_time(timedelta(minutes=6))
        wrong = [
            (sent.headers, other), ({}, sent.body), (dict.fromkeys(sent.headers, ""), sent.body), (old.headers, old.body),
            ({name: value[:-1] + ("0" if value[-1:] != "0" else "1") for name, value in lab.call(id).headers.items()}, sent.body),
            (sent.headers, b""), (dict.fromkeys(sent.headers, "t=x,v1=ÿ"), sent.body),
        ]  # fmt: skip
        for headers, body in wrong:
            with pytest.raises(Refused) as no:
                provider.read_webhook(headers, body)
            assert no.value.code == "webhook_forged"

    def test_9_what_was_begun_since_is_told_with_its_shares(self, lab: Lab, provider: Payments) -> None:
        provider.start(request(lab, "before"))
        lab.pass_time(timedelta(minutes=10))
        since = lab.now
        paid, waiting = provider.start(request(lab, "paid")), provider.start(request(lab, "open", 4000))
        lab.pay(paid.id)
        provider.refund(paid.id, "back", Money(1000), "brug")
        told = {one.reference: one for one in provider.since(since)}
        assert told == {"paid": provider.status(paid.id), "open": provider.status(waiting.id)}
        assert told["open"].shares == (Share("linde", Money(3000)), Share("brug", Money(1000)))
        assert told["paid"].state is PaymentState.PAID and told["paid"].back == Money(1000)
