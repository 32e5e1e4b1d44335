"""A sale through Stripe and through Mollie is stopped at every point it passes, and every call goes wrong once; money and tickets agree (A10, A11).

The controls are beside the same stories with the sandbox (test_crash.py, test_faults.py): here only what is the provider's can be wrong.
"""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from etalage.model.checkout import State
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.sales.saga import Saga
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, StripeLab, line
from tests.sales.world import PRICE, World, is_final, no

for sdk in ("stripe", "mollie"):
    pytest.importorskip(sdk, reason=f"the SDK of {sdk} is not installed: pip install -r requirements/payments.lock")

Kind = type[StripeLab] | type[MollieLab]
BOTH = pytest.mark.parametrize("kind", [StripeLab, MollieLab], ids=["stripe", "mollie"])


class Killed(BaseException):
    """The process ends here: nobody catches it, and nothing is tidied up."""


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


class Street:
    """The two houses, with a provider at the end of a wire; `last`: the point at which our process ends."""

    def __init__(self, folder: Path, wire: Line, kind: Kind, last: int = 0) -> None:
        self.passed, self.last, self.place = 0, last, ""
        folder.mkdir()
        self.world = World(folder, self._cross)
        self.lab = kind(wire, lambda: self.world.now)
        self.world.sandbox = self.lab.payments()
        self.world.saga.providers = {"sandbox": self.world.sandbox}

    def restart(self) -> None:
        """Another process goes on from what this one left."""
        old, self.last = self.world.saga, 0
        self.world.saga = Saga(old.records, old.houses, old.providers, old.clock, old.pool)

    def go(self, pay: Callable[[str], None]) -> None:
        """From wherever it stands to its end, with a visitor who pays, or does not."""
        for _ in range(240):
            try:
                checkout = self.world.saga.run("co1")
            except Refused:  # the checkout was never written: the visitor saw no page
                return
            if is_final(checkout):
                return
            if checkout.state is State.AWAITING and checkout.pay_url:
                pay(checkout.payment)
            self.world.pass_time(minutes=20 if checkout.state is State.AWAITING else 1)

    def check(self) -> str:
        """What is wrong at the end; "" when all agrees."""
        if not self.world.records.get("checkout", "co1"):
            return "" if not self.lab.pages() else "a payment without an order"
        order = self.world.saga.read("co1")
        pages, backs = self.lab.pages(), self.lab.backs()
        if not is_final(order) or len(pages) > 1 or len(set(backs)) < len(backs):
            return f"{order.state}, {len(pages)} pages, refunds {backs}"
        if self.world.sandbox.closes and "open" in pages:
            return "somebody can still pay"
        try:
            self.world.audit("co1")
        except AssertionError as wrong:
            return str(wrong)
        return ""

    def _cross(self, place: str) -> None:
        self.passed += 1
        if self.passed == self.last:
            self.place = place
            raise Killed


def goes_back(street: Street) -> None:
    """A house refuses after the money came."""
    street.world.houses["brug"].always["confirm"] = no("hold_gone")
    street.go(street.lab.pay)


def paid_late(street: Street) -> None:
    """The visitor goes away, and the money comes when all is over."""
    street.go(lambda _: None)
    order = street.world.records.get("checkout", "co1") and street.world.saga.read("co1")
    if order and order.payment:
        street.lab.pay(order.payment, late=True)
        street.go(lambda _: None)


@BOTH
@pytest.mark.parametrize("story", [goes_back, paid_late])
def test_stopped_anywhere_it_comes_right(
    story: Callable[[Street], None], kind: Kind, wire: Line, tmp_path: Path
) -> None:
    wrong: dict[str, str] = {}
    for last in count(1):
        street = Street(tmp_path / str(last), wire, kind, last)
        try:
            street.world.basket()
            story(street)
        except Killed:
            street.restart()
            story(street)
        if found := street.check():
            wrong[f"{last} {street.place}"] = found
        street.world.records.close()
        if not street.place:
            break
    assert last > 15 and not wrong


@BOTH
@pytest.mark.parametrize("mood", ["busy", "down", "lost", "broken"])
def test_whatever_call_goes_wrong_it_comes_right(mood: str, kind: Kind, wire: Line, tmp_path: Path) -> None:
    wrong: dict[str, str] = {}
    for last in count():
        street = Street(tmp_path / str(last), wire, kind)
        street.lab.wire.moods = [""] * last + [mood]
        street.world.basket()
        goes_back(street)
        over, street.lab.wire.moods = bool(street.lab.wire.moods), []  # there are not so many calls
        if found := street.check():
            wrong[str(last)] = found
        if street.world.saga.read("co1").refunded != Money(PRICE):
            wrong[f"{last}: refunded"] = str(street.world.saga.read("co1").refunded)
        street.world.records.close()
        if over:
            break
    assert last >= 4 and not wrong


def test_a_page_that_cannot_be_closed_keeps_no_places_and_its_money_finds_some_or_goes_back(
    wire: Line, tmp_path: Path
) -> None:
    """At Mollie's page one may pay for an hour; the places are somebody else's before."""
    for name, others, kept in (("free", 0, 3), ("gone", 5, 2)):
        street = Street(tmp_path / name, wire, MollieLab)
        world = street.world
        world.basket()
        page = world.saga.run("co1").payment
        world.pass_time(minutes=10)
        assert world.saga.run("co1").state is State.AWAITING, "nothing changes while our own window is open"
        assert world.settle("co1").state is State.UNDONE
        assert street.lab.pages() == ["open"] and (world.free("linde"), world.free("brug")) == (5, 5)
        world.sell_elsewhere("brug", others)
        street.lab.pay(page)
        done = world.saga.run("co1")
        assert (
            done.state is State.DONE
            and sum(len(share.tickets) for share in done.shares if share.state == "confirmed") == kept
        )
        assert done.refunded == Money((3 - kept) * PRICE)
        world.records.close()
