"""Joint money is split at Stripe and at Mollie: each call goes wrong once, our process stops at each point, and every house has its own.

The story: two tickets of De Linde and one of De Brug are sold and passed on, then one of De Linde goes back. The same with the sandbox,
and the other turns it can take, stand in test_onwards.py.
"""

from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from etalage.model.checkout import State
from etalage.model.entry import Account
from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.sales import ledger
from tests.adapters.stripe_lab import Line
from tests.sales.test_provider_faults import BOTH, Killed, Kind, Street, wire
from tests.sales.world import PRICE

__all__ = ["wire"]


class Split(Street):
    """A street whose two houses have accounts of their own at the provider."""

    def __init__(self, folder: Path, wire: Line, kind: Kind, last: int = 0) -> None:
        super().__init__(folder, wire, kind, last)
        self.lab.connect("linde", "brug")
        self.world.sandbox = self.lab.payments()
        self.world.saga.providers = {"sandbox": self.world.sandbox}

    def sell(self) -> None:
        """Sell, and let the shares be passed on."""
        world = self.world
        if not world.records.get("checkout", "co1"):
            world.basket()
        self.go(self.lab.pay)
        for _ in range(4):
            world.pass_time(minutes=6)
            world.saga.sweep()

    def give_back(self) -> None:
        """Staff give a ticket back, and try again when they read that it did not work."""
        world = self.world
        for _ in range(4):
            if not world.saga.read("co1").share("linde").backs:
                with suppress(Unavailable):
                    world.ticket_back(world.codes("linde")[0])
            world.pass_time(hours=2)
            world.saga.sweep()

    def found(self) -> str:
        """What is wrong at the end; "" when each has its own."""
        order = self.world.saga.read("co1")
        if order.state is not State.DONE:
            return f"{order.state}"
        there = self.lab.payments().status(order.payment)
        passed = {one.house: one.amount.cents - one.back.cents for one in there.transfers}
        sums = ledger.balances(ledger.entries(self.world.records))
        till = sums[Account.PROVIDER, "sandbox"] + sums[Account.FEES, "sandbox"]
        if passed != {"linde": PRICE, "brug": PRICE} or len(there.transfers) != 2 or there.back != Money(PRICE):
            return f"{there}"
        return f"{till} in the books" if till or len(self.lab.backs()) > 1 else ""


@BOTH
@pytest.mark.parametrize("mood", ["busy", "down", "lost", "broken"])
def test_whatever_call_goes_wrong_each_house_has_its_own(mood: str, kind: Kind, wire: Line, tmp_path: Path) -> None:
    wrong: dict[str, str] = {}
    for last in count():
        street = Split(tmp_path / str(last), wire, kind)
        street.lab.wire.moods = [""] * last + [mood]
        street.sell()
        street.give_back()
        over, street.lab.wire.moods = bool(street.lab.wire.moods), []  # there are not so many calls
        if found := street.found():
            wrong[str(last)] = found
        street.world.records.close()
        if over:
            break
    assert last > 12 and not wrong


@BOTH
def test_stopped_anywhere_each_house_has_its_own(kind: Kind, wire: Line, tmp_path: Path) -> None:
    wrong: dict[str, str] = {}
    for last in count(1):
        street = Split(tmp_path / str(last), wire, kind, last)
        for act in (street.sell, street.give_back):
            try:
                act()
            except Killed:
                street.restart()
                act()
        if found := street.found():
            wrong[f"{last} {street.place}"] = found
        street.world.records.close()
        if not street.place:
            break
    assert last > 15 and not wrong
