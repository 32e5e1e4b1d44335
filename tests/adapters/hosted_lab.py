"""The true Stripe and Mollie in test mode as labs for the laws of Payment: the adapters as the shop has them, and what a newcomer can do there.

An account cannot be asked to forget, lose answers or let time pass. What a law needs and test mode does not do, the lab leaves out
(`pytest.skip`) at that point, and says why. The same labs stand before the simulators in tests/adapters/test_hosted.py.
"""

import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import httpx
import msgspec
import pytest

from etalage.adapters.mollie_payments import MolliePayments
from etalage.adapters.stripe_payments import StripePayments
from etalage.model.money import Money
from etalage.model.payment import Hint, Payment, PaymentState, Refund, Request, Transfer
from etalage.ports.payment import Payments
from tests.adapters.mollie_screen import choose
from tests.laws.payment import Sent

HERE = "http://127.0.0.1/"
"""No provider is asked to call a house that does not exist."""


class Own:
    """One test's own part of an account: its references begin with `mark`, for an account remembers those of every run before."""

    def __init__(self, payments: Payments, mark: str) -> None:
        self.payments, self.mark = payments, f"{mark}-"
        self.name, self.ours, self.pages = payments.name, payments.ours, payments.pages
        self.closes, self.shortest = payments.closes, payments.shortest

    def start(self, request: Request) -> Payment:
        more = {"reference": self.mark + request.reference, "hook": HERE}
        return self._own(self.payments.start(msgspec.structs.replace(request, **more)))

    def status(self, id: str) -> Payment:
        return self._own(self.payments.status(id))

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        found = self.payments.find(self.mark + reference, since)
        return self._own(found) if found else None

    def since(self, moment: datetime) -> Iterator[Payment]:
        return (self._own(one) for one in self.payments.since(moment) if one.reference.startswith(self.mark))

    def cancel(self, id: str) -> Payment:
        return self._own(self.payments.cancel(id))

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        return self._back(self.payments.refund(id, self.mark + reference, amount, house, onward))

    def passes_on(self, house: str) -> bool:
        return self.payments.passes_on(house)

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        return self.payments.pass_on(id, self.mark + reference, amount, house)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Hint:
        return self.payments.read_webhook(headers, body)

    def _own(self, payment: Payment) -> Payment:
        refunds = tuple(self._back(one) for one in payment.refunds)
        return msgspec.structs.replace(payment, reference=payment.reference.removeprefix(self.mark), refunds=refunds)

    def _back(self, refund: Refund) -> Refund:
        return msgspec.structs.replace(refund, reference=refund.reference.removeprefix(self.mark))


class HostedLab:
    """An account in test mode. `now`: when the lab was made, to the second, as the providers tell time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock, self.now, self.mark = clock, clock().replace(microsecond=0), os.urandom(4).hex()

    def pass_time(self, by: timedelta) -> None:
        pytest.skip("time does not pass faster at a provider")


class StripeHosted(HostedLab):
    """`secret`: that of an endpoint in test mode; "" leaves law 7 out. `base`: where the API stands, when that is not Stripe's own."""

    signs = True

    def __init__(self, key: str, secret: str, clock: Callable[[], datetime], base: str = "") -> None:
        super().__init__(clock)
        self.key, self.secret, self.base = key, secret, base

    def payments(self) -> Payments:
        return Own(StripePayments(self.key, self.secret, self.clock, base=self.base), self.mark)

    def pay(self, id: str, *, late: bool = False) -> None:
        pytest.skip("Stripe lets nobody but a person in a browser pay a Checkout Session")

    def fail(self, id: str) -> None:
        pytest.skip("at Stripe a card that is refused leaves the page open: nothing a test can do makes a Session fail")

    def call(self, id: str) -> Sent:
        """The Session as Stripe itself shows it, in an envelope that the lab signs with the endpoint's secret: no provider can call a test."""
        if not self.secret:
            pytest.skip("STRIPE_TEST_WEBHOOK_SECRET is not set: nothing can be signed")
        home, allowed = self.base or "https://api.stripe.com", {"authorization": f"Bearer {self.key}"}
        shown = httpx.get(f"{home}/v1/checkout/sessions/{id}", headers=allowed, timeout=30).raise_for_status().json()
        body = json.dumps({"type": "checkout.session.completed", "data": {"object": shown}}).encode()
        stamp = int(self.clock().timestamp())
        mark = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
        return Sent({"stripe-signature": f"t={stamp},v1={mark}"}, body)


class MollieHosted(HostedLab):
    """`base`: where the API stands, when that is not Mollie's own."""

    signs = False

    def __init__(self, key: str, clock: Callable[[], datetime], base: str = "") -> None:
        super().__init__(clock)
        self.key, self.base = key, base

    def payments(self) -> Payments:
        return Own(MolliePayments(self.key, self.clock, base=self.base), self.mark)

    def pay(self, id: str, *, late: bool = False) -> None:
        self._choose(id, "paid")

    def fail(self, id: str) -> None:
        self._choose(id, "failed")
        if self.payments().status(id).state is PaymentState.OPEN:
            pytest.skip("Mollie lets who failed choose another way to pay, and the payment stays open")

    def call(self, id: str) -> Sent:
        return Sent({"content-type": "application/x-www-form-urlencoded"}, f"id={id}".encode())

    def _choose(self, id: str, state: str) -> None:
        if url := self.payments().status(id).url:
            choose(url, state)


def stripe_lab(environment: Mapping[str, str], clock: Callable[[], datetime]) -> StripeHosted:
    """The account whose key is in the environment."""
    key = _key(environment, "STRIPE_TEST_KEY", ("sk_test_", "rk_test_"))
    return StripeHosted(key, environment.get("STRIPE_TEST_WEBHOOK_SECRET", ""), clock)


def mollie_lab(environment: Mapping[str, str], clock: Callable[[], datetime]) -> MollieHosted:
    """The profile whose key is in the environment."""
    return MollieHosted(_key(environment, "MOLLIE_TEST_KEY", ("test_",)), clock)


def _key(environment: Mapping[str, str], name: str, begins: tuple[str, ...]) -> str:
    key = environment.get(name, "")
    if not key:
        pytest.skip(f"{name} is not set: see docs/how-to/try-a-provider.md")
    if not key.startswith(begins):
        why = f"{name} is no key of test mode (that begins with {' or '.join(begins)}): nothing was asked with it"
        pytest.fail(why, pytrace=False)  # a traceback shows what functions were given
    return key
