"""A simulated Mollie on a wire, and our adapter with the real SDK at the other end of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from etalage.adapters.mollie_payments import MolliePayments
from tests.adapters.stripe_lab import Line
from tests.laws.payment import Sent
from tests.simulators.mollie import FORM
from tests.simulators.mollie_connect import MollieConnectSimulator
from tests.simulators.mollie_wire import MollieWire


class MollieLab:
    signs = False

    def __init__(self, line: Line, clock: Callable[[], datetime] | None = None) -> None:
        self.line = line
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.clock = clock or (lambda: self.now)
        self.mollie = MollieConnectSimulator(self.clock)
        self.mollie.home = line.base
        self.destinations: dict[str, str] = {}
        self.wire = MollieWire(self.mollie)
        line.app = self.wire.app

    def payments(self, key: str = "", base: str = "", name: str = "mollie") -> MolliePayments:
        return MolliePayments(
            key or self.mollie.key, self.clock, name=name, base=base or self.line.base, destinations=self.destinations
        )

    def pay(self, id: str, *, late: bool = False) -> None:
        self.mollie.pay(id, late=late)

    def fail(self, id: str) -> None:
        self.mollie.fail(id)

    def call(self, id: str) -> Sent:
        return Sent(FORM, urlencode({"id": id}).encode())

    def connect(self, *houses: str) -> None:
        for house in houses:
            self.destinations[house] = f"org_{house}"
            self.mollie.organizations[f"org_{house}"] = True

    def shut(self, house: str) -> None:
        self.mollie.organizations[self.destinations[house]] = False

    def lose(self, before: int = 0) -> None:
        self.wire.writes = [""] * before + ["lost"]

    def fail_refund(self, id: str, refund: str) -> None:
        self.mollie.refunded(refund, "failed")

    def take(self, id: str, cents: int) -> str:
        return self.mollie.take_back(id, f"{cents // 100}.{cents % 100:02d}")

    def give_again(self, id: str, chargeback: str) -> None:
        self.mollie.give_again(chargeback)

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def pages(self) -> list[str]:
        """Where each page stands."""
        return [self.mollie.find(id)["status"] for id in self.mollie.rows]

    def backs(self) -> list[str]:
        """Our reference of each refund."""
        return [row["metadata"]["reference"] for row in self.mollie.backs.values()]
