"""A simulated Stripe on a wire, and our adapter with the real SDK at the other end of it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.types import Receive, Scope, Send

from etalage.adapters.stripe_payments import StripePayments
from tests.browser.helpers import served
from tests.laws.payment import Sent
from tests.simulators.stripe_connect import StripeConnectSimulator
from tests.simulators.stripe_wire import StripeWire


class Line:
    """A port of this machine behind which one simulator after the other stands: a server starts more slowly than a test runs."""

    def __init__(self) -> None:
        self.app: Any = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def line() -> Iterator[Line]:
    made = Line()
    with served(made, made.port):  # type: ignore[arg-type]
        yield made


class StripeLab:
    signs = True

    def __init__(self, line: Line, clock: Callable[[], datetime] | None = None) -> None:
        self.line = line
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.clock = clock or (lambda: self.now)
        self.stripe = StripeConnectSimulator(self.clock)
        self.stripe.home = line.base
        self.destinations: dict[str, str] = {}
        self.wire = StripeWire(self.stripe)
        line.app = self.wire.app

    def payments(self, key: str = "", base: str = "", retries: int = 0, name: str = "stripe") -> StripePayments:
        return StripePayments(
            key or self.stripe.key, self.stripe.secret, self.clock, name=name, base=base or self.line.base, page=self.line.base,
            retries=retries, destinations=self.destinations,
        )  # fmt: skip

    def pay(self, id: str, *, late: bool = False) -> None:
        self.stripe.pay(id, late=late)

    def fail(self, id: str) -> None:
        self.stripe.fail(id)

    def call(self, id: str, kind: str = "checkout.session.completed") -> Sent:
        body = self.stripe.event(kind, self.stripe.rows[id])
        return Sent(self.stripe.sign(body), body)

    def connect(self, *houses: str) -> None:
        for house in houses:
            self.destinations[house] = f"acct_{house}"
            self.stripe.connect(f"acct_{house}")

    def shut(self, house: str) -> None:
        self.stripe.rows[self.destinations[house]]["capabilities"]["transfers"] = "inactive"

    def lose(self, before: int = 0) -> None:
        self.wire.writes = [""] * before + ["lost"]

    def fail_refund(self, id: str, refund: str) -> None:
        self.stripe.fail_refund(refund)

    def take(self, id: str, cents: int) -> str:
        return str(self.stripe.dispute(id, cents)["id"])

    def give_again(self, id: str, chargeback: str) -> None:
        self.stripe.decide(chargeback, "won")

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def pages(self) -> list[str]:
        """Where each page stands."""
        return [row["status"] for row in self.stripe.list("checkout.session", lambda _: True)]

    def backs(self) -> list[str]:
        """Our reference of each refund."""
        return [row["metadata"]["reference"] for row in self.stripe.list("refund", lambda _: True)]
