"""A small shop with two houses, one store and the sandbox: what the stories of a sale play in."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.checkout import Checkout, Part, Share, Shown, State
from etalage.model.entry import Account
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.payment import Act, Asked, Chargeback, Payment, Refund, Refunded, Request, Transfer
from etalage.model.sale import Buyer, Hold, Line, Order, OrderState, Paid, Seat, Tariff
from etalage.ports.records import Records
from etalage.sales import ledger, returns
from etalage.sales.letters import letters_of
from etalage.sales.queues import Here
from etalage.sales.saga import Saga

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACES, PRICE = 5, 1500
BUYER = Buyer(email="an@voorbeeld.test", name="An Voorbeeld")


class Moods:
    """Somebody who does what they are told to do wrong: per verb an error before, or after it was done; or in a storm, by chance."""

    def __init__(self) -> None:
        self.before: dict[str, list[EtalageError]] = {}
        self.after: dict[str, list[EtalageError]] = {}
        self.always: dict[str, EtalageError] = {}
        self.twice: set[str] = set()
        """Verbs that are delivered two times, and answered with the second answer."""
        self.lies: dict[str, Callable[[Any], Any]] = {}
        """What is said instead of the answer."""
        self.rate, self.dice = 0.0, Random(0)
        self.met: list[str] = []
        """The verbs that went wrong."""

    def moody(self, inner: object, verb: str, *given: object) -> Any:
        if verb in self.always:
            self.met.append(verb)
            raise self.always[verb]
        luck = self.dice.random() / self.rate if self.rate else 1
        if self.before.get(verb) or luck < 0.4:
            self.met.append(verb)
            raise self.before[verb].pop(0) if self.before.get(verb) else busy()
        do = getattr(inner, verb)
        if verb in self.twice or 0.8 < luck < 1:
            self.met.append(verb)
            do(*given)
        answer = do(*given)
        if self.after.get(verb) or 0.4 <= luck <= 0.8:
            self.met.append(verb)
            raise self.after[verb].pop(0) if self.after.get(verb) else unknown()
        return self.lies[verb](answer) if verb in self.lies else answer


class Moody(Moods):
    """A house with moods."""

    def __init__(self, house: LocalTicketing) -> None:
        super().__init__()
        self._house = house
        self.house, self.caps = house.house, house.caps

    def hold(self, reference: str, lines: Sequence[Line], ttl: timedelta) -> Hold:
        return self.moody(self._house, "hold", reference, lines, ttl)

    def confirm(self, hold: Hold, buyer: Buyer, paid: Paid) -> Order:
        return self.moody(self._house, "confirm", hold, buyer, paid)

    def release(self, hold: Hold) -> None:
        return self.moody(self._house, "release", hold)

    def cancel(self, reference: str, lines: Sequence[str] = ()) -> Order:
        return self.moody(self._house, "cancel", reference, lines)

    def lookup(self, reference: str) -> Order:
        return self.moody(self._house, "lookup", reference)

    def record_refund(self, reference: str, refund: Paid) -> Order:
        return self.moody(self._house, "record_refund", reference, refund)

    def move(self, reference: str, lines: Sequence[Line], worn: Sequence[str]) -> Order:
        return self.moody(self._house, "move", reference, lines, worn)

    def tariffs(self, performance: str) -> Sequence[Tariff]:
        return self._house.tariffs(performance)

    def seatmap(self, performance: str) -> Sequence[Seat]:
        return self._house.seatmap(performance)


class MoodyPayments(Moods):
    """A provider with moods."""

    name = "sandbox"
    ours, pages, shortest = False, (), timedelta(0)

    def __init__(self, inner: SandboxPayments) -> None:
        super().__init__()
        self._inner = inner

    def start(self, request: Request) -> Payment:
        return self.moody(self._inner, "start", request)

    def status(self, id: str) -> Payment:
        return self.moody(self._inner, "status", id)

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        return self.moody(self._inner, "find", reference, since)

    def cancel(self, id: str) -> Payment:
        return self.moody(self._inner, "cancel", id)

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        return self.moody(self._inner, "refund", id, reference, amount, house, onward)

    def passes_on(self, house: str) -> bool:
        return self._inner.passes_on(house)

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        return self.moody(self._inner, "pass_on", id, reference, amount, house)


class World:
    """Two houses, De Linde and De Brug, each with two dates of five places. `cashier`: the provider, with moods.

    They are asked as if they stood elsewhere; with `ours`, as what they are: our own inventory, and our own sandbox.
    """

    def __init__(
        self, folder: Path, crossing: Callable[[str], None] = lambda _: None, store: "Store | None" = None, places: int = PLACES,
        *, ours: bool = False,
    ) -> None:  # fmt: skip
        self.now, self.places = NOON, places
        self.records = (store or file_in)(folder, lambda: self.now)
        self.houses = {name: Moody(self._house(name)) for name in ("linde", "brug")}
        self.sandbox = SandboxPayments(
            self.records, lambda: self.now, os.urandom, b"secret", "http://localhost/sandbox/", self._note
        )
        self.sandbox.ours = ours
        self.calls: list[tuple[str, Mapping[str, str], bytes]] = []
        """What the sandbox would have sent."""
        self.broken: set[str] = set()
        """Houses whose settings nobody can read now."""
        self._pools: dict[str, Executor] = {name: Here() for name in self.houses if ours}
        self.cashier = MoodyPayments(self.sandbox)
        self.saga = Saga(self.records, self._seller, {"sandbox": self.sandbox}, lambda: self.now, self._pool, crossing)

    def twin(self, **ahead: float) -> "Twin":
        """A second process on the same store, whose clock is so far ahead."""
        return Twin(self, timedelta(**ahead))

    def let_provider_have_moods(self) -> MoodyPayments:
        """From now on the sagas ask `cashier`; what a test does itself goes another way."""
        self.saga.providers = {"sandbox": self.cashier}
        return self.cashier

    def house(self, name: str) -> LocalTicketing:
        """A house as it is when it does nothing wrong."""
        if name not in self.houses:
            raise no("not_sold_here")
        return self.houses[name]._house

    def basket(
        self, linde: int = 2, brug: int = 1, key: str = "co1", price: int = PRICE, shown: Mapping[str, Shown] = {}
    ) -> Checkout:
        """A checkout that was just begun."""
        made = self.draft(linde, brug, key, price, shown)
        self.saga.begin(made)
        return made

    def round(self) -> Sequence[Checkout]:
        """Two that were just begun to be paid in turn: two places of De Linde, and one of De Brug."""
        made = [self.draft(2, 0, "co1"), self.draft(0, 1, "co2")]
        made = [msgspec.structs.replace(one, turn=("co1", "co2")) for one in made]
        self.records.transact([self.saga.fresh(one) for one in made])
        return made

    def draft(
        self, linde: int = 2, brug: int = 1, key: str = "co1", price: int = PRICE, shown: Mapping[str, Shown] = {}
    ) -> Checkout:
        """A checkout that is not written down yet."""
        shares = tuple(
            Share(
                house=house, reference=f"{key}-{house}",
                lines=tuple(Line(key=f"{house}{n}", performance=f"toml:{house}/a/1", tariff="zaal.basis") for n in range(number)),
            )
            for house, number in (("linde", linde), ("brug", brug))
            if number
        )  # fmt: skip
        return Checkout(
            key=key, site="regio", state=State.HOLDING, shares=shares, buyer=BUYER, made=self.now, back="https://regio.test/order",
            hook="https://regio.test/api/payments/sandbox/webhook", provider="sandbox", total=Money(price * (linde + brug)),
            shown=shown,
        )  # fmt: skip

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

    def refund_goes(self, reference: str, state: Refunded, key: str = "co1") -> None:
        """The provider says something else of a refund from now on."""
        payment = self.sandbox.find(key)
        assert payment and reference in [one.reference for one in payment.refunds]

        def change(kept: Asked) -> Asked:
            refunds = tuple(
                msgspec.structs.replace(one, state=state) if one.reference == reference else one
                for one in kept.payment.refunds
            )
            return msgspec.structs.replace(kept, payment=msgspec.structs.replace(kept.payment, refunds=refunds))

        self.sandbox._change(payment.id, change)

    def bank_takes(self, id: str, cents: int, *, returned: bool = False, key: str = "co1") -> None:
        """The buyer's bank takes money back; `returned`: it was decided for us."""
        payment = self.sandbox.find(key)
        assert payment
        taken = (Chargeback(id=id, amount=Money(cents), at=self.now, returned=returned),)
        self.sandbox._change(
            payment.id,
            lambda kept: msgspec.structs.replace(
                kept, payment=msgspec.structs.replace(kept.payment, chargebacks=taken)
            ),
        )

    def codes(self, house: str, key: str = "co1") -> list[str]:
        """The codes of a house's tickets."""
        return [ticket.code for ticket in self.saga.read(key).share(house).tickets]

    def ticket_back(self, *codes: str, key: str = "co1") -> Checkout:
        """Staff give the money of these tickets back."""
        order = self.saga.read(key)
        return self.saga.give_tickets(key, returns.of_tickets(order, codes, self._seller))

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

    def audit(self, *keys: str) -> None:
        """Money = tickets = records, nothing is held, and the buyer is owed a letter when there is something to tell.

        `keys`: all that was begun here.
        """
        sums = [self._audit(key) for key in keys or ("co1",)]
        tickets = sum(sums)
        sold = {house: 2 * self.places - self.free(house) - self.free(house, 2) for house in self.houses}
        assert sum(sold.values()) == tickets, f"places {sold} for {tickets} tickets"

    def _audit(self, key: str) -> int:
        """One of them; how many tickets are good."""
        checkout = self.saga.read(key)
        assert bool(letters_of(self.records, checkout)) == (checkout.written >= 0)
        assert (checkout.written >= 0) == (checkout.state is State.DONE) or checkout.state is State.CONFIRMING
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
                    at_houses += sum(not ticket.cancelled for ticket in order.tickets)
                    assert share.state is Part.CONFIRMED, (
                        f"{reference} is sold at the house, {share.state} in our records"
                    )
        assert at_houses == len(tickets), "tickets"
        self._audit_books(checkout, payment)
        cost = sum(self._price(checkout, ticket.line) for ticket in tickets)
        assert kept == cost, f"{kept} cents were kept for {len(tickets)} tickets of {cost}"
        return len(tickets)

    def _price(self, checkout: Checkout, line: str) -> int:
        """What was paid for a line."""
        return PRICE

    def _audit_books(self, checkout: Checkout, payment: Payment | None) -> None:
        """Our books say what the provider's say; what is sold of a house with an account of its own is there, to the cent."""
        if checkout.state is not State.DONE or payment is None:
            return
        found = [entry for entry in ledger.entries(self.records) if entry.order == checkout.key]
        sums = ledger.balances(found)
        onward = {one.house: one.amount.cents - one.back.cents for one in payment.transfers}
        left = payment.amount.cents - payment.back.cents - sum(onward.values()) - (payment.fee or Money(0)).cents
        assert sums[Account.PROVIDER, checkout.provider] == left, (
            f"{left} cents at the provider, in our books {dict(sums)}"
        )
        assert not sum(sums.values()), "an entry is lopsided"
        for house in filter(self.sandbox.passes_on, self.houses):
            good = sum(self._price(checkout, ticket.line) for ticket in checkout.share(house).good)
            assert onward.get(house, 0) == good, f"{house} has {onward}, and sold for {good}"

    def free(self, house: str, date: int = 1) -> int:
        """Places left on its first date, or the second."""
        id = f"toml:{house}/a/{date}"
        return self.houses[house]._house.availability([id])[id].free

    def sell_elsewhere(self, house: str, number: int, reference: str = "other") -> None:
        """Somebody else buys."""
        theirs = self.houses[house]._house
        lines = [Line(key=f"x{n}", performance=f"toml:{house}/a/1", tariff="zaal.basis") for n in range(number)]
        hold = theirs.hold(reference, lines, timedelta(minutes=15))
        theirs.confirm(hold, BUYER, Paid(provider="x", id=reference, amount=hold.amount, at=self.now))

    def _note(self, *call: object) -> None:
        self.calls.append(call)

    def _house(self, name: str, clock: Callable[[], datetime] | None = None) -> LocalTicketing:
        rank = Rank(id="zaal", capacity=self.places)
        rate = Rate(id="basis", prices={"zaal": Money(PRICE)})
        dates = (f"toml:{name}/a/1", f"toml:{name}/a/2")
        found = {date: Offering(performance=date, ranks=(rank,), rates=(rate,)) for date in dates}
        return LocalTicketing(name, self.records, found.get, clock or (lambda: self.now), os.urandom)

    def _seller(self, house: str) -> Moody:
        if house in self.broken or house not in self.houses:
            raise no("not_sold_here")
        return self.houses[house]

    def _pool(self, house: str) -> Executor:
        self._seller(house)
        return self._pools.setdefault(house, ThreadPoolExecutor(2, thread_name_prefix=house))


Store = Callable[[Path, Callable[[], datetime]], Records]
"""Opens the records of a folder."""


def file_in(folder: Path, clock: Callable[[], datetime]) -> SqliteRecords:
    return SqliteRecords(folder / "records.db", clock)


class Twin:
    """A process with a clock of its own: its houses, and its saga."""

    def __init__(self, world: World, ahead: timedelta) -> None:
        def clock() -> datetime:
            return world.now + ahead

        self.houses = {name: world._house(name, clock) for name in world.houses}
        self.saga = Saga(world.records, self.houses.__getitem__, {"sandbox": world.sandbox}, clock, world._pool)


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
