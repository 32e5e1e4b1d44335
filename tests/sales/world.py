"""A small shop with two houses, one store and the sandbox: what the stories of a sale play in."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.checkout import Checkout, Part, Share, State
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.model.sale import Buyer, Hold, Line, Order, OrderState, Paid
from etalage.ports.records import Records
from etalage.sales.saga import Saga

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACES, PRICE = 5, 1500
BUYER = Buyer(email="an@voorbeeld.test", name="An Voorbeeld")


class Moody:
    """A house that does what it is told to do wrong: (verb, number of the call) → an error before, or after it was done."""

    def __init__(self, house: LocalTicketing) -> None:
        self._house = house
        self.house, self.caps = house.house, house.caps
        self.before: dict[str, list[EtalageError]] = {}
        self.after: dict[str, list[EtalageError]] = {}
        self.always: dict[str, EtalageError] = {}

    def hold(self, reference: str, lines: Sequence[Line], ttl: timedelta) -> Hold:
        return self._do("hold", reference, lines, ttl)

    def confirm(self, hold: Hold, buyer: Buyer, paid: Paid) -> Order:
        return self._do("confirm", hold, buyer, paid)

    def release(self, hold: Hold) -> None:
        return self._do("release", hold)

    def cancel(self, reference: str, lines: Sequence[str] = ()) -> Order:
        return self._do("cancel", reference, lines)

    def lookup(self, reference: str) -> Order:
        return self._do("lookup", reference)

    def record_refund(self, reference: str, refund: Paid) -> Order:
        return self._do("record_refund", reference, refund)

    def _do(self, verb, *given):
        if verb in self.always:
            raise self.always[verb]
        if self.before.get(verb):
            raise self.before[verb].pop(0)
        answer = getattr(self._house, verb)(*given)
        if self.after.get(verb):
            raise self.after[verb].pop(0)
        return answer


class World:
    """Two houses, De Linde and De Brug, with five places each."""

    def __init__(
        self, folder: Path, crossing: Callable[[str], None] = lambda _: None, store: "Store | None" = None
    ) -> None:  # fmt: skip
        self.now = NOON
        self.records = (store or _file)(folder, lambda: self.now)
        self.houses = {name: Moody(self._house(name)) for name in ("linde", "brug")}
        self.sandbox = SandboxPayments(
            self.records, lambda: self.now, os.urandom, b"secret", "http://localhost/sandbox/", self._note
        )
        self.calls: list[tuple[str, Mapping[str, str], bytes]] = []
        """What the sandbox would have sent."""
        self._pools: dict[str, Executor] = {}
        self.saga = Saga(
            self.records, self.houses.__getitem__, {"sandbox": self.sandbox}, lambda: self.now, self._pool, crossing
        )

    def house(self, name: str) -> LocalTicketing:
        """A house as it is when it does nothing wrong."""
        if name not in self.houses:
            raise no("not_sold_here")
        return self.houses[name]._house

    def basket(self, linde: int = 2, brug: int = 1, key: str = "co1", price: int = PRICE) -> Checkout:
        """A checkout that was just begun."""
        shares = tuple(
            Share(
                house=house, reference=f"{key}-{house}",
                lines=tuple(Line(key=f"{house}{n}", performance=f"toml:{house}/a/1", tariff="zaal.basis") for n in range(number)),
            )
            for house, number in (("linde", linde), ("brug", brug))
            if number
        )  # fmt: skip
        made = Checkout(
            key=key, site="regio", state=State.HOLDING, shares=shares, buyer=BUYER, made=self.now, back="https://regio.test/order",
            hook="https://regio.test/api/payments/sandbox/webhook", provider="sandbox", total=Money(price * (linde + brug)),
        )  # fmt: skip
        self.saga.begin(made)
        return made

    def forget_references(self) -> None:
        """Let no reference be the same twice: the control of every story about doing things again."""
        for house in self.houses.values():
            real = house._house.hold
            house._house.hold = lambda reference, lines, ttl, real=real: real(
                f"{reference}-{os.urandom(3).hex()}", lines, ttl
            )

    def pay(self, key: str = "co1", act: Act = Act.PAY) -> None:
        """Pay, or not, on the sandbox's page; a test runs the saga itself."""
        payment = self.sandbox.find(key)
        assert payment
        self.sandbox.act(payment.id, act)

    def pass_time(self, **by: float) -> None:
        self.now += timedelta(**by)

    def settle(self, key: str = "co1", hours: int = 3) -> Checkout:
        """Let the sweep do its work for so long, a minute at a time."""
        for _ in range(hours * 60):
            self.saga.sweep()
            if self.saga.read(key).state in (State.DONE, State.UNDONE):
                break
            self.pass_time(minutes=1)
        return self.saga.read(key)

    def audit(self, key: str = "co1") -> None:
        """Money = tickets = records, and nothing is held."""
        checkout = self.saga.read(key)
        payment = self.sandbox.find(key)
        kept = payment.amount.cents - payment.back.cents if payment and payment.paid_at else 0
        tickets = [ticket for share in checkout.shares for ticket in share.tickets if not ticket.cancelled]
        at_houses = 0
        for share in checkout.shares:
            for reference in (f"{key}-{share.house}", f"{key}-{share.house}-again"):
                order = self.houses[share.house]._house.lookup(reference)
                assert order.state is not OrderState.HELD or checkout.state is not State.DONE, (
                    f"{reference} is still held"
                )
                if order.state is OrderState.CONFIRMED:
                    at_houses += len(order.tickets)
                    assert share.state is Part.CONFIRMED, (
                        f"{reference} is sold at the house, {share.state} in our records"
                    )
        assert at_houses == len(tickets), "tickets"
        assert kept == len(tickets) * PRICE, f"{kept} cents were kept for {len(tickets)} tickets"
        sold = {house: PLACES - self.free(house) for house in self.houses}
        assert sum(sold.values()) == len(tickets), f"places {sold} for {len(tickets)} tickets"

    def free(self, house: str) -> int:
        """Places left."""
        return self.houses[house]._house.availability([f"toml:{house}/a/1"])[f"toml:{house}/a/1"].free

    def sell_elsewhere(self, house: str, number: int, reference: str = "other") -> None:
        """Somebody else buys."""
        theirs = self.houses[house]._house
        lines = [Line(key=f"x{n}", performance=f"toml:{house}/a/1", tariff="zaal.basis") for n in range(number)]
        hold = theirs.hold(reference, lines, timedelta(minutes=15))
        theirs.confirm(hold, BUYER, Paid(provider="x", id=reference, amount=hold.amount, at=self.now))

    def _note(self, *call: object) -> None:
        self.calls.append(call)

    def _house(self, name: str) -> LocalTicketing:
        rank = Rank(id="zaal", capacity=PLACES)
        rate = Rate(id="basis", prices={"zaal": Money(PRICE)})
        offering = Offering(performance=f"toml:{name}/a/1", ranks=(rank,), rates=(rate,))
        return LocalTicketing(name, self.records, {offering.performance: offering}.get, lambda: self.now, os.urandom)

    def _pool(self, house: str) -> Executor:
        return self._pools.setdefault(house, ThreadPoolExecutor(2, thread_name_prefix=house))


Store = Callable[[Path, Callable[[], datetime]], Records]
"""Opens the records of a folder."""


def _file(folder: Path, clock: Callable[[], datetime]) -> SqliteRecords:
    return SqliteRecords(folder / "records.db", clock)


def busy() -> Unavailable:
    return Unavailable("house_busy", "come back later")


def unknown() -> Unavailable:
    return Unavailable("outcome_unknown", "the answer was lost")


def no(code: str = "sold_out") -> Refused:
    return Refused(code, "There are not so many places left.")


def is_final(checkout: Checkout) -> bool:
    return checkout.state in (State.DONE, State.UNDONE)


def change_price(world: World, house: str, cents: int) -> None:
    """Another price from now on."""
    rate = Rate(id="basis", prices={"zaal": Money(cents)})
    known = world.houses[house]._house.offering(f"toml:{house}/a/1")
    changed = msgspec.structs.replace(known, rates=(rate,))
    world.houses[house]._house.offering = {changed.performance: changed}.get
