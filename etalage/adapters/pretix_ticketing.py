"""The Ticketing port on a house's own pretix (docs/reference/pretix.md, decision 0035).

A hold is a cart that lapses by itself; `extend` and `confirm` make of it an order with a code of ours. Where pretix is not as
the port wishes:

- Law 3, extended holds: pretix keeps the places of a pending order after `expires`, until its periodic job or our `release`
  marks it expired; `lookup` says `expired` at once.
- `extend`, a second time: pretix moves an order's end to the end of a day only. Free places: an order of nothing is paid at once,
  so they are put in a new cart, and keep their time when there is no room for both. `expires` of the answer is always true.
- Law 5: money for an extended hold that lapsed is booked before pretix looks whether there are places left.
- Law 12: between the dates of one series only, which pretix changes as one.
- A sale over several pretix events is one order each: all of them hold their places before the first is paid.
"""

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import sleep as sleep_for

import httpx

from etalage.adapters import _pretix_cart as cart
from etalage.adapters import _pretix_counter as counter
from etalage.adapters._pretix_basket import Basket
from etalage.adapters._pretix_client import PretixClient
from etalage.adapters._pretix_desk import visit
from etalage.adapters._pretix_memory import Memory
from etalage.adapters._pretix_note import Notes
from etalage.adapters._pretix_shelf import Shelf
from etalage.model.errors import Refused
from etalage.model.house import House
from etalage.model.money import Money
from etalage.model.sale import Availability, Buyer, Hold, Line, Order, OrderState, Paid, Seat, SeatState, Tariff
from etalage.ports.records import Records
from etalage.ports.ticketing import Cap

PATIENCE = 5.0
"""Seconds that a visitor waits because pretix asks for it, and no longer; the shop tries again."""
WINDOW = timedelta(minutes=15)
"""How long an order is pending while it is being paid: enough for a worker that dies in between to be noticed."""


class PretixTicketing:
    """One house. `source`: how its performances' ids begin; `payment`: the payment method that pretix books under.

    `records` remember what a reference wants until pretix has an order of it; they must be the same in every process that sells.
    """

    caps = frozenset(
        {Cap.AVAILABILITY, Cap.SEATS, Cap.SELL, Cap.EXTEND, Cap.CANCEL_LINE, Cap.MOVE, Cap.CUSTOM_PRICE, Cap.OWN_BOOKS}
    )

    def __init__(
        self, house: House, base_url: str, organizer: str, token: str, records: Records, *, source: str = "", payment: str = "manual",
        transport: httpx.BaseTransport | None = None, sleep: Callable[[float], None] = sleep_for,
        chance: Callable[[], float] = random.random, clock: Callable[[], datetime] = lambda: datetime.now(UTC), timeout: float = 15.0,
    ) -> None:  # fmt: skip
        self.house, self._house, self.payment, self.clock = house.id, house, payment, clock
        self.source = source or f"pretix:{house.id}"
        self._notes, self._memory = Notes(records, house.id, clock), Memory()
        self._client = PretixClient(
            base_url,
            organizer,
            token,
            transport=transport,
            sleep=sleep,
            chance=chance,
            timeout=timeout,
            longest=PATIENCE,
        ).__enter__()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.__exit__()

    def tariffs(self, performance: str) -> Sequence[Tariff]:
        """Every item or variation that a visitor without a code can buy."""
        with self._shelf() as shelf:
            return shelf.tariffs(performance)

    def availability(self, performances: Sequence[str]) -> Mapping[str, Availability]:
        """What pretix' quotas and seats leave, the carts of others taken off."""
        with self._shelf() as shelf:
            found = {performance: shelf.availability(performance) for performance in performances}
        return {performance: told for performance, told in found.items() if told}

    def seatmap(self, performance: str) -> Sequence[Seat]:
        """The seats of the plan."""
        with self._shelf() as shelf:
            return shelf.seatmap(performance)

    def hold(self, reference: str, lines: Sequence[Line], ttl: timedelta) -> Hold:
        """Put all of it in carts, one per event, or none. Asked again it mends what an earlier try left half done."""
        with self._basket(reference) as basket:
            told = basket.told()
            if told.state is not OrderState.ABSENT or basket.note:
                known = basket.note.lines if basket.note else told.lines
                if [_named(line) for line in known] != [_named(line) for line in lines]:
                    raise _used(reference)
                if told.state in (OrderState.HELD, OrderState.CONFIRMED):
                    return basket.hold(told)
                if told.state in (OrderState.CANCELLED, OrderState.PAID_NOT_ISSUED) or not basket.note:
                    raise _used(reference)
                basket.give_back()
            return basket.take(basket.quote(tuple(lines)), self.clock() + ttl)

    def extend(self, hold: Hold, ttl: timedelta) -> Hold:
        """Make pending orders of the carts, which pretix lets live as long as we say."""
        with self._basket(hold.reference) as basket, _gone_when_sold_out(hold.reference):
            told = basket.told()
            if told.state is OrderState.HELD:
                basket.prolong(self.clock() + ttl)
                told = basket.told()
            if told.state not in (OrderState.HELD, OrderState.CONFIRMED):
                raise _gone(hold.reference)
            return basket.hold(told)

    def release(self, hold: Hold) -> None:
        """Empty the carts, and mark pending orders as expired."""
        with self._basket(hold.reference) as basket:
            if basket.note is None or basket.note.over:
                return
            orders = basket.orders()
            basket.give_back()
            for order in orders:
                counter.expire(basket.desk, order)
            basket.end("released")

    def confirm(self, hold: Hold, buyer: Buyer, paid: Paid) -> Order:
        """Make orders of the carts, whose places compete again when they lapsed; then let pretix book the money."""
        with self._basket(hold.reference) as basket, _gone_when_sold_out(hold.reference):
            note, known = basket.note, basket.orders()
            if note is None or len(known) == len(note.parts):
                told = basket.told(known)
                if told.state is OrderState.CONFIRMED:
                    return told
            if note is None or note.over == "cancelled" or any(order.status == "c" for order in known):
                raise _gone(hold.reference)
            for order in basket.ordered(note, known, self.clock() + WINDOW, buyer, paid):
                if order.status != "p":
                    counter.pay(basket.desk, order)
            told = basket.told()
            if told.state is not OrderState.CONFIRMED:
                raise _gone(hold.reference)
            return told

    def lookup(self, reference: str) -> Order:
        """The orders with our codes; without them, our carts."""
        with self._basket(reference) as basket:
            return basket.told()

    def cancel(self, reference: str, lines: Sequence[str] = ()) -> Order:
        """Take back orders, or positions of them; what is not sold yet is always taken back whole."""
        with self._basket(reference) as basket:
            told = basket.told()
            some = frozenset(lines) if told.state is OrderState.CONFIRMED else frozenset()
            if strange := some - {line.key for line in told.lines}:
                raise Refused("line_unknown", "This is not in the order.", where=min(strange))
            for order in basket.orders():
                positions = [number for number, key in order.named().items() if key in some]
                if positions or not some:
                    counter.cancel(basket.desk, order, positions)
            if told.state not in (OrderState.CONFIRMED, OrderState.CANCELLED):
                basket.give_back()
                basket.end("cancelled")
            return basket.told()

    def record_refund(self, reference: str, refund: Paid) -> Order:
        """Book what went back at the orders whose places were taken back, then at the others, the first one first."""
        with self._basket(reference) as basket:
            orders = basket.orders()
            if not orders:
                raise Refused("order_unknown", "There is no such order here.", where=reference)
            shares = counter.shared(orders, refund)
            for order in orders:
                if shares[order.code] or counter.booked(order, refund):
                    counter.book_refund(basket.desk, order, refund, Money(shares[order.code]), self.payment)
            return basket.told()

    def move(self, reference: str, lines: Sequence[Line], worn: Collection[str]) -> Order:
        """Change positions to another date of their series, all in one go; then the codes, which a crash in between leaves to the next try."""
        with self._basket(reference) as basket:
            told = basket.told()
            if told.state is not OrderState.CONFIRMED:
                raise Refused("order_unknown", "There is no such order here.", where=reference)
            if [(line.key, line.tariff) for line in lines] != [(line.key, line.tariff) for line in told.lines]:
                raise Refused("line_unknown", "This is not in the order.", where=reference)
            fresh = [line for line, was in zip(lines, told.lines, strict=True) if _named(line) != _named(was)]
            if fresh:
                self._exchange(basket, fresh)
            for order in basket.orders():
                counter.recode(basket.desk, order, worn)
            return basket.told()

    def _exchange(self, basket: Basket, fresh: Sequence[Line]) -> None:
        """Have these lines where they are wanted; Refused `move_elsewhere` when that is not the same series."""
        places = {line.key: basket.shelf.split(line.performance) for line in fresh}
        for order in basket.orders():
            mine = {number: key for number, key in order.named().items() if key in places}
            if not mine:
                continue
            if any(place is None or place[0] != order.event or place[1] is None for place in places.values()):
                raise Refused(
                    "move_elsewhere", "At pretix tickets move between the dates of one series.", where=order.event
                )
            basket.shelf.examine(fresh)
            seats = {line.key: line.seat for line in fresh}
            wanted = {
                number: {"subevent": (places[key] or ("", None))[1], **({"seat": seats[key]} if seats[key] else {})}
                for number, key in mine.items()
            }
            if not counter.exchange(basket.desk, order, wanted):
                raise self._why_not(fresh)
            return
        raise Refused("line_unknown", "This is not in the order.", where=basket.reference)

    def _why_not(self, fresh: Sequence[Line]) -> Refused:
        """Why pretix did not change it: its words are for people, so we look what is left."""
        with self._shelf() as shelf:
            for performance in dict.fromkeys(line.performance for line in fresh):
                mine = [line for line in fresh if line.performance == performance]
                left = shelf.availability(performance)
                seats = {line.seat for line in mine if line.seat}
                gone = (
                    seats & {seat.id for seat in shelf.seatmap(performance) if seat.state is not SeatState.FREE}
                    if seats
                    else ()
                )
                if gone or (left and left.free is not None and left.free < len(mine)):
                    return cart.sold_out(mine)
        return Refused("house_refused", "pretix does not change this order", where=self.house)

    @contextmanager
    def _shelf(self) -> Iterator[Shelf]:
        with visit(self._client) as desk:
            yield Shelf(desk, self._house, self.source, self.clock(), Memory())

    @contextmanager
    def _basket(self, reference: str) -> Iterator[Basket]:
        with visit(self._client) as desk:
            shelf = Shelf(desk, self._house, self.source, self.clock(), self._memory)
            yield Basket(desk, shelf, self._notes, reference, self.payment, self.clock)


@contextmanager
def _gone_when_sold_out(reference: str) -> Iterator[None]:
    try:
        yield
    except Refused as error:
        if error.code == "sold_out":
            raise _gone(reference) from error
        raise


def _named(line: Line) -> tuple[str, ...]:
    return line.key, line.performance, line.tariff, line.seat


def _gone(reference: str) -> Refused:
    return Refused("hold_gone", "These places are not kept for you any more.", where=reference)


def _used(reference: str) -> Refused:
    return Refused("reference_used", "This reference stands for something else.", where=reference)
