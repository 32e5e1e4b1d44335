"""One sale during one visit to pretix: its note, its carts and its orders, and what they come to.

What a newcomer would get wrong: an order with our code beats every note and every cart; and a part whose order exists is never
put in a cart again, for its code is used for ever.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from etalage.adapters import _pretix_cart as cart
from etalage.adapters import _pretix_counter as counter
from etalage.adapters._pretix_cart import wanted_of
from etalage.adapters._pretix_desk import Desk
from etalage.adapters._pretix_note import Note, Notes, Part
from etalage.adapters._pretix_offer import Choice, cents
from etalage.adapters._pretix_sale import SIGNS, PretixOrder, code_of, order_of
from etalage.adapters._pretix_shelf import Shelf
from etalage.model.errors import Refused
from etalage.model.moments import zone
from etalage.model.money import Money
from etalage.model.sale import Buyer, Hold, Line, Order, OrderState, Paid

FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Basket:
    """A reference, as it stands while a verb is done. `payment`: the method that pretix books money under."""

    def __init__(
        self, desk: Desk, shelf: Shelf, notes: Notes, reference: str, payment: str, clock: Callable[[], datetime]
    ) -> None:
        self.desk, self.shelf, self.notes, self.reference, self.payment = desk, shelf, notes, reference, payment
        self.clock = clock
        self.note = notes.read(reference)

    def code(self, part: int) -> str:
        """The code of the order for a part."""
        return code_of(f"{self.shelf.house.id}/{self.reference}", part)

    def orders(self) -> list[PretixOrder]:
        """The orders there are, in the order of their parts."""
        if self.note:
            found = [self.desk.order(part.code) for part in self.note.parts]
        else:
            first = self.desk.order(self.code(0))
            parts = first.api_meta.etalage.parts if first else 1
            found = [first, *(self.desk.order(self.code(part)) for part in range(1, parts))]
        return [order for order in found if order]

    def told(self, orders: Sequence[PretixOrder] | None = None) -> Order:
        """What became of the reference; `orders` when they were just read."""
        orders, now = self.orders() if orders is None else orders, self.clock()
        if self.note is None:
            return order_of(self.reference, orders, [order.state(now) for order in orders], self.shelf.name)
        by_code = {order.code: order for order in orders}
        states, lapses = [], [order.expires for order in orders if order.status == "n"]
        for part in self.note.parts:
            order = by_code.get(part.code)
            state, lapse = (order.state(now), None) if order else self._cart(self.note, part, now)
            states.append(state)
            lapses += [lapse] if lapse else []
        told = order_of(self.reference, orders, states, self.shelf.name)
        more = sum(sum(part.cents) for part in self.note.parts if part.code not in by_code)
        amount = Money(told.amount.cents + more)
        if told.state is OrderState.ABSENT:
            return told
        there = {line.key: line for line in told.lines}  # what was moved stands in the orders alone
        lines = tuple(_placed(line, there.get(line.key, line)) for line in self.note.lines)
        return replace(told, lines=lines, amount=amount, expires=min(lapses, default=None))

    def hold(self, told: Order | None = None) -> Hold:
        """The hold that it is."""
        told = told or self.told()
        until = told.expires or FOR_EVER
        return Hold(reference=self.reference, lines=told.lines, expires=until, amount=told.amount)

    def quote(self, lines: tuple[Line, ...]) -> Note:
        """What to note of these lines, with what pretix would book for each."""
        if not lines:
            raise Refused("basket_empty", "There is nothing in it.")
        chosen = self.shelf.examine(lines)
        for line, choice in zip(lines, chosen, strict=True):
            _examine_price(line, choice)
        places: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            places.setdefault((self.shelf.split(line.performance) or ("", None))[0], []).append(number)
        if len(places) > len(SIGNS):
            raise Refused("too_many_places", "At most %(number)s in one order.", detail={"number": str(len(SIGNS))})
        known = {order.code: order for order in self.orders()} if self.note else {}
        old = {part.code: part for part in self.note.parts} if self.note else {}
        parts = []
        for number, (event, where) in enumerate(places.items()):
            part = Part(event=event, code=self.code(number), lines=tuple(where))
            parts.append(old[part.code] if part.code in known else replace(part, cents=self._quote(part, lines)))
        return Note(lines=lines, parts=tuple(parts), begun=self.clock())

    def take(self, note: Note, until: datetime) -> Hold:
        """Put everything in carts, revive what was an order already, or leave nothing behind."""
        fresh, parts, lapses = self.note is None, list(note.parts), [until]
        if fresh and not self.notes.begin(self.reference, note):
            raise self.desk.doubt("the same sale is under way")
        taken: list[Part] = []
        revived: list[PretixOrder] = []
        try:
            for number, part in enumerate(parts):
                order = None if fresh else self.desk.order(part.code)
                if order:
                    revived.append(self._revive(order, part, note, until))
                    lapses.append(revived[-1].expires)
                    continue
                made = cart.take(self.desk, part, _of(note, part), wanted_of(self.shelf, _of(note, part)), until)
                parts[number] = replace(part, carts=tuple(one.id for one in made))
                taken.append(parts[number])
                lapses += [one.expires for one in made]
        except Refused:
            for part in taken:
                cart.give_back(self.desk, part.event, part.carts)
            for order in revived:
                counter.expire(self.desk, order)
            if fresh:
                self.notes.drop(self.reference)
            raise
        self._write(replace(note, parts=tuple(parts)))
        amount = Money(sum(sum(part.cents) for part in parts))
        return Hold(reference=self.reference, lines=note.lines, expires=min(lapses), amount=amount)

    def give_back(self) -> None:
        """Empty its carts, whatever is in them."""
        note = self.note
        for part in note.parts if note else ():
            if note and self.desk.order(part.code) is None:
                cart.give_back(self.desk, part.event, [one.id for one in cart.carts(self.desk, part, note)])

    def prolong(self, until: datetime) -> None:
        """Give each part time until then, as far as pretix can."""
        if self.note is None:
            return
        for number, part in enumerate(self.note.parts):
            order = self.desk.order(part.code)
            if order is not None:
                if order.status == "n":
                    self._revive(order, part, self.note, until)
            elif sum(part.cents):
                self._place(part, self.note, until)
            else:
                self._move(number, part, self.note, until)

    def ordered(
        self, note: Note, known: Sequence[PretixOrder], until: datetime, buyer: Buyer, paid: Paid
    ) -> list[PretixOrder]:
        """An order for each part, its places held. Refused `sold_out`, `amount_wrong`, and then none is left pending."""
        by_code = {order.code: order for order in known}
        orders: list[PretixOrder] = []
        placed: list[PretixOrder] = []
        try:
            # What costs nothing is sold as soon as it is an order, so it comes last.
            for part in sorted(note.parts, key=lambda one: not sum(one.cents)):
                order = by_code.get(part.code)
                if order is None:
                    order = self._place(part, note, until, buyer, paid)
                    placed.append(order)
                elif order.status != "p" and order.email != buyer.email:
                    counter.name_buyer(self.desk, order, buyer, paid)
                orders.append(order)
            counter.examine_amount(orders, paid)
        except Refused:
            for order in placed:
                counter.undo(self.desk, order)
            raise
        return orders

    def end(self, word: str) -> None:
        """Note that the hold is over: "released" or "cancelled"."""
        if self.note:
            self._write(replace(self.note, over=word))

    def _write(self, note: Note) -> None:
        self.note = note
        self.notes.write(self.reference, note)

    def _cart(self, note: Note, part: Part, now: datetime) -> tuple[OrderState, datetime | None]:
        """What a part is that is no order (yet), and when it lapses."""
        if note.over:
            return (OrderState.CANCELLED if note.over == "cancelled" else OrderState.EXPIRED), None
        found = cart.carts(self.desk, part, note)
        living = [one.expires for one in found if one.expires > now]
        if len(living) >= len(part.lines):
            return OrderState.HELD, min(living)
        complete = part.carts or len(found) >= len(part.lines)
        return (OrderState.EXPIRED if complete else OrderState.ABSENT), None

    def _quote(self, part: Part, lines: tuple[Line, ...]) -> tuple[int, ...]:
        mine = [lines[number] for number in part.lines]
        try:
            return cart.quote(self.desk, part, mine, wanted_of(self.shelf, mine, prices=True))
        except Refused as error:
            out = error.detail.get("lines", "").split()
            for line in mine:
                if line.seat and line.key in out and not self.shelf.has_seat(line):
                    raise Refused("seat_unknown", "Choose a seat that is in the plan.", where=line.key) from error
            raise

    def _place(
        self, part: Part, note: Note, until: datetime, buyer: Buyer | None = None, paid: Paid | None = None
    ) -> PretixOrder:
        try:
            return counter.place(
                self.desk, part, note, wanted_of(self.shelf, _of(note, part)), reference=self.reference, until=until,
                payment=self.payment, buyer=buyer, paid=paid,
            )  # fmt: skip
        except Refused as error:
            if error.code == "token_powerless" and not self.shelf.is_there(part.event):
                raise cart.sold_out(_of(note, part)) from error
            raise

    def _revive(self, order: PretixOrder, part: Part, note: Note, until: datetime) -> PretixOrder:
        if order.status == "n" and order.expires >= until:
            return order
        if not counter.prolong(self.desk, order, until, zone(self.shelf.house.timezone)):
            raise cart.sold_out(_of(note, part))
        order = self.desk.order(order.code) or order
        if counter.is_paid(order):  # somebody paid it meanwhile, and pretix made it pending all the same
            counter.pay(self.desk, order)
            order = self.desk.order(order.code) or order
        return order

    def _move(self, number: int, part: Part, note: Note, until: datetime) -> None:
        """Take free places again for longer, then let go of the first ones; they stay as they are when there is no room."""
        old = cart.carts(self.desk, part, note)
        try:
            made = cart.take(self.desk, part, _of(note, part), wanted_of(self.shelf, _of(note, part)), until)
        except Refused:
            return
        fresh = replace(part, carts=tuple(one.id for one in made))
        self._write(replace(note, parts=(*note.parts[:number], fresh, *note.parts[number + 1 :])))
        cart.give_back(self.desk, part.event, [one.id for one in old])


def _placed(line: Line, there: Line) -> Line:
    return replace(line, performance=there.performance, seat=there.seat)


def _of(note: Note, part: Part) -> list[Line]:
    return [note.lines[number] for number in part.lines]


def _examine_price(line: Line, choice: Choice) -> None:
    """A price of ours may be lower than the house's (a discount), or higher where one pays what one wants."""
    if line.price is None or choice.item.free_price:
        return
    if not 0 <= line.price.cents <= cents(choice.amount).cents:
        raise Refused("price_changed", "The price has changed. Look at it again.", where=line.key)
