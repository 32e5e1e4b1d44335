"""A provider that takes no money: in place of one whose settings are wrong. Nobody can pay, and nobody gets a ticket for nothing."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.model.payment import Hint, Payment, Refund, Request, Transfer


class ClosedPayments:
    """`why`: for staff."""

    ours = False
    closes = True
    pages: tuple[str, ...] = ()
    shortest = timedelta(0)

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why

    def start(self, request: Request) -> Payment:
        """No."""
        del request
        raise self._no()

    def status(self, id: str) -> Payment:
        """No."""
        del id
        raise self._no()

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        """No."""
        del reference, since
        raise self._no()

    def since(self, moment: datetime) -> Iterator[Payment]:
        """No."""
        del moment
        raise self._no()

    def cancel(self, id: str) -> Payment:
        """No."""
        del id
        raise self._no()

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        """No."""
        del id, reference, amount, house, onward
        raise self._no()

    def passes_on(self, house: str) -> bool:
        """No."""
        del house
        return False

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        """No."""
        del id, reference, amount, house
        raise self._no()

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Hint:
        """No: the provider tells it again later."""
        del headers, body
        raise self._no()

    def examine(self) -> None:
        """Say why."""
        raise self._no()

    def _no(self) -> Unavailable:
        return Unavailable("payment_busy", self.why)
