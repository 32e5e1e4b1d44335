"""A simulated Mollie on a wire, and our adapter with the real SDK at the other end of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from etalage.adapters.mollie_payments import MolliePayments
from tests.adapters.stripe_lab import Line
from tests.laws.payment import Sent
from tests.simulators.mollie import FORM, MollieSimulator
from tests.simulators.mollie_wire import MollieWire


class MollieLab:
    signs = False

    def __init__(self, line: Line, clock: Callable[[], datetime] | None = None) -> None:
        self.line = line
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.clock = clock or (lambda: self.now)
        self.mollie = MollieSimulator(self.clock)
        self.mollie.home = line.base
        self.wire = MollieWire(self.mollie)
        line.app = self.wire.app

    def payments(self, key: str = "", base: str = "", name: str = "mollie") -> MolliePayments:
        return MolliePayments(key or self.mollie.key, self.clock, name=name, base=base or self.line.base)

    def pay(self, id: str, *, late: bool = False) -> None:
        self.mollie.pay(id, late=late)

    def fail(self, id: str) -> None:
        self.mollie.fail(id)

    def call(self, id: str) -> Sent:
        return Sent(FORM, urlencode({"id": id}).encode())

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def pages(self) -> list[str]:
        """Where each page stands."""
        return [self.mollie.find(id)["status"] for id in self.mollie.rows]

    def backs(self) -> list[str]:
        """Our reference of each refund."""
        return [row["metadata"]["reference"] for row in self.mollie.backs.values()]
