"""The Ticketing port on our own Records: the inventory of a house that has no other system.

Each counted rank is one document (or several shards of it, for a store where one document is a bottleneck), each numbered seat
one, each order one. A newcomer's trap: what has expired is never tidied up for the sake of being right. Every question counts
only holds that live at that moment, by the same clock.
"""

from base64 import b32encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec

from etalage.adapters._local_desk import ORDER, SEAT, STOCK, Asked, Desk, Sold, read_sold, read_stock, read_taken, write
from etalage.model import extras, inventory
from etalage.model.errors import Refused, Unavailable
from etalage.model.inventory import Offering, Rank
from etalage.model.money import Money
from etalage.model.offer import stock_of
from etalage.model.sale import (
    Availability,
    Buyer,
    Hold,
    Line,
    Order,
    OrderState,
    Paid,
    Seat,
    SeatState,
    Tariff,
    Ticket,
)  # fmt: skip
from etalage.ports.records import MOST_CHANGES, Change, Key, Record, Records
from etalage.ports.ticketing import Cap

MOST_LINES = 80
"""Places in one order, so that it fits in one transaction with its order and its stocks."""
SHARD, MOST_SHARDS = 100, 10

_LIVING = (OrderState.HELD, OrderState.CONFIRMED)


class Wanted(NamedTuple):
    """Lines sorted by what they take: stock → number, seat → key of its line."""

    counted: Mapping[str, int]
    seats: Mapping[str, str]


class LocalTicketing:
    """One house. `offering` gives what is for sale of a performance, None when nothing is; `rng` gives ticket codes."""

    caps = frozenset({Cap.AVAILABILITY, Cap.SEATS, Cap.SELL, Cap.EXTEND, Cap.CANCEL_LINE, Cap.MOVE, Cap.CUSTOM_PRICE})

    def __init__(
        self, house: str, records: Records, offering: Callable[[str], Offering | None], clock: Callable[[], datetime],
        rng: Callable[[int], bytes], *, sharded: bool = False,
    ) -> None:  # fmt: skip
        self.house, self.records, self.offering, self.clock, self.rng = house, records, offering, clock, rng
        self.sharded = sharded

    def tariffs(self, performance: str) -> Sequence[Tariff]:
        """Every choice of rank and rate, while it is on sale."""
        offering = self.offering(performance)
        return offering.tariffs() if offering and offering.is_open(self.clock()) else ()

    def availability(self, performances: Sequence[str]) -> Mapping[str, Availability]:
        """Places that are neither sold nor in a living hold."""
        now = self.clock()
        answer = {}
        for performance in performances:
            offering = self.offering(performance)
            if offering is None:
                continue
            free = {rank.id: self._free(offering, rank, now.timestamp()) for rank in offering.ranks}
            per_tariff = {tariff.id: free[offering.rank(tariff.id).id] for tariff in offering.tariffs()}
            total = 0 if offering.is_over(now) else sum(free.values())
            answer[performance] = Availability(state=stock_of(total), free=total, as_of=now, per_tariff=per_tariff)
        return answer

    def seatmap(self, performance: str) -> Sequence[Seat]:
        """The seats of every numbered rank, with whether they can be had."""
        offering = self.offering(performance)
        if offering is None:
            return ()
        now = self.clock().timestamp()
        plan = []
        for rank in offering.ranks:
            names = tuple(tariff.id for tariff in offering.tariffs() if offering.rank(tariff.id) is rank)
            for seat, taken in zip(rank.seats, self._taken(performance, rank, now), strict=True):
                state = SeatState.TAKEN if taken and seat.state is SeatState.FREE else seat.state
                plan.append(msgspec.structs.replace(seat, state=state, tariffs=names))
        return plan

    def hold(self, reference: str, lines: Sequence[Line], ttl: timedelta) -> Hold:
        """Take all of it, or nothing."""
        now = self.clock()
        known = self._sold(reference)
        if known is not None and known.order.state in _LIVING and self._lives(known.order, now):
            return self._same(known, lines)
        offerings = self._offerings(lines, now)
        amount = Money(sum(offerings[line.performance].price(line).cents for line in lines))
        until = now + ttl
        refusal: Refused | None = None
        for wanted in self._ways(lines, offerings):
            try:
                return self._take(reference, tuple(lines), wanted, offerings, amount, until)
            except Refused as error:
                if error.code != "sold_out":
                    raise
                refusal = error
        raise refusal or Refused("basket_empty", "There is nothing in it.")

    def extend(self, hold: Hold, ttl: timedelta) -> Hold:
        """Give a living hold more time."""

        def decide(sold: Sold, taken: Desk) -> Sold:
            if sold.order.state is OrderState.CONFIRMED:
                return sold
            if sold.order.state is not OrderState.HELD or not taken.keeps(sold):
                raise _gone(hold.reference)
            until = datetime.fromtimestamp(taken.now, UTC) + ttl
            taken.hold(sold, until.timestamp())
            return _with(sold, expires=until)

        return _held(self._change(hold.reference, decide).order)

    def release(self, hold: Hold) -> None:
        """Give the places back, unless they are sold."""

        def decide(sold: Sold, taken: Desk) -> Sold:
            if sold.order.state is not OrderState.HELD:
                return sold
            taken.free(sold)
            return _with(sold, state=OrderState.EXPIRED)

        if self._sold(hold.reference) is not None:
            self._change(hold.reference, decide)

    def confirm(self, hold: Hold, buyer: Buyer, paid: Paid) -> Order:
        """Sell what is held; what has lapsed is sold after all while it is still to be had."""
        del buyer
        codes = [b32encode(self.rng(15)).decode() for _ in hold.lines]

        def decide(sold: Sold, taken: Desk) -> Sold:
            order = sold.order
            if order.state is OrderState.CONFIRMED:
                return sold
            if order.state not in (OrderState.HELD, OrderState.EXPIRED):
                raise _gone(hold.reference)
            if not taken.sell(sold):
                raise _gone(hold.reference)
            tickets = tuple(_ticket(line, code) for line, code in zip(order.lines, codes, strict=True))
            booked = (paid,) if paid.amount.cents else ()
            told = _with(sold, state=OrderState.CONFIRMED, tickets=tickets, paid=paid.amount, expires=None)
            return msgspec.structs.replace(told, booked=booked)

        if self._sold(hold.reference) is None:
            raise _gone(hold.reference)
        return self._change(hold.reference, decide).order

    def lookup(self, reference: str) -> Order:
        """What became of it."""
        known = self._sold(reference)
        if known is None:
            return Order(reference=reference, state=OrderState.ABSENT)
        if known.order.state is OrderState.HELD and not self._lives(known.order, self.clock()):
            return msgspec.structs.replace(known.order, state=OrderState.EXPIRED)
        return known.order

    def cancel(self, reference: str, lines: Sequence[str] = ()) -> Order:
        """Take back the sale, or some of its lines; their places can be had again."""

        def decide(sold: Sold, taken: Desk) -> Sold:
            order = sold.order
            if order.state is OrderState.HELD:
                taken.free(sold)
                return _with(sold, state=OrderState.CANCELLED)
            if order.state is not OrderState.CONFIRMED:
                return sold
            gone = set(lines) or {line.key for line in order.lines}
            strange = gone - {line.key for line in order.lines}
            if strange:
                raise Refused("line_unknown", "This is not in the order.", where=min(strange))
            gone |= self._alone(order, gone)
            fresh = {ticket.line for ticket in order.tickets if ticket.line in gone and not ticket.cancelled}
            shards = taken.give_back(sold, fresh)
            tickets = tuple(
                msgspec.structs.replace(ticket, cancelled=ticket.cancelled or ticket.line in gone)
                for ticket in order.tickets
            )
            state = OrderState.CANCELLED if all(ticket.cancelled for ticket in tickets) else order.state
            return msgspec.structs.replace(_with(sold, state=state, tickets=tickets), shards=shards)

        if self._sold(reference) is None:
            return Order(reference=reference, state=OrderState.ABSENT)
        return self._change(reference, decide).order

    def move(self, reference: str, lines: Sequence[Line], worn: Collection[str] = ()) -> Order:
        """Exchange places in one go: the new ones are taken, the old ones free, and the codes new, or nothing is changed."""
        del worn  # all codes of what moves are new
        known = self._sold(reference)
        if known is None:
            raise Refused("order_unknown", "There is no such order here.", where=reference)
        before = known.order
        if [(line.key, line.tariff) for line in lines] != [(line.key, line.tariff) for line in before.lines]:
            raise Refused("line_unknown", "This is not in the order.", where=reference)
        fresh = tuple(line for line, was in zip(lines, before.lines, strict=True) if line != was)
        if not fresh:
            return before
        codes = {line.key: b32encode(self.rng(15)).decode() for line in fresh}
        offerings = self._offerings(fresh, self.clock())
        asked = self._asked(fresh, offerings)
        old = [f"{line.performance}/{line.seat}" for line in before.lines if line.seat]
        stocks = [(STOCK, name) for name in sorted({*known.shards, *asked.names})]
        keys = [self._key(reference), *stocks, *((SEAT, name) for name in dict.fromkeys((*old, *asked.seats)))]
        if len(keys) > MOST_CHANGES:
            most = {"number": str(MOST_CHANGES // 2 - 1)}
            raise Refused("too_many_places", "At most %(number)s in one order.", where=reference, detail=most)

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], Order]:
            sold = read_sold(found[0].value) if found[0] else known
            if sold.order.lines == tuple(lines):
                return [], sold.order
            gone = {ticket.line for ticket in sold.order.tickets if ticket.cancelled}
            if sold.order.state is not OrderState.CONFIRMED or gone & codes.keys():
                raise Refused("order_unknown", "There is no such order here.", where=reference)
            if sold.order.lines != before.lines:
                raise Unavailable("house_busy", "somebody else moves this order")
            desk = Desk(keys, found, self.clock().timestamp(), asked.sizes)
            shards = desk.choose(asked, reference)
            left = desk.give_back(sold, set(codes))
            desk.sell_more(asked, shards, reference)
            made = {line.key: _ticket(line, codes[line.key]) for line in fresh}
            tickets = tuple(made.get(ticket.line, ticket) for ticket in sold.order.tickets)
            both = {name: left.get(name, 0) + shards.get(name, 0) for name in {**left, **shards}}
            after = msgspec.structs.replace(_with(sold, lines=tuple(lines), tickets=tickets), shards=both)
            return [*desk.changes, write(keys[0], after)], after.order

        return self.records.change(keys, decide)

    def record_refund(self, reference: str, refund: Paid) -> Order:
        """Book what went back, once."""

        def decide(sold: Sold, taken: Desk) -> Sold:
            del taken
            if any(one.id == refund.id and one.provider == refund.provider for one in sold.booked):
                return sold
            back = Money(sold.order.refunded.cents + refund.amount.cents)
            return msgspec.structs.replace(_with(sold, refunded=back), booked=(*sold.booked, refund))

        if self._sold(reference) is None:
            raise Refused("order_unknown", "There is no such order here.", where=reference)
        return self._change(reference, decide).order

    def _alone(self, order: Order, gone: set[str]) -> set[str]:
        """Lines of an order that went with a ticket which is `gone`."""
        kept = [line for line in order.lines if line.key not in gone and not _is_void(order, line)]
        rows = [extras.Row(line.performance, 1, self._extra(line)) for line in kept]
        return {line.key for line, number in zip(kept, extras.fitting(rows), strict=True) if not number}

    def _extra(self, line: Line) -> extras.Extra | None:
        """What a line goes with, as far as what is offered now tells."""
        offering = self.offering(line.performance)
        tariffs = offering.tariffs() if offering else ()
        return next((one.extra for one in tariffs if one.id == line.tariff), None)

    # --- what is kept, and where --------------------------------------------------------------------------------

    def _key(self, reference: str) -> Key:
        return ORDER, f"{self.house}/{reference}"

    def _sold(self, reference: str) -> Sold | None:
        found = self.records.get(*self._key(reference))
        return read_sold(found.value) if found else None

    def _lives(self, order: Order, now: datetime) -> bool:
        return order.expires is None or order.expires > now

    def _same(self, known: Sold, lines: Sequence[Line]) -> Hold:
        if tuple(lines) != known.order.lines:
            raise _used(known.order.reference)
        return _held(known.order)

    def _offerings(self, lines: Sequence[Line], now: datetime) -> dict[str, Offering]:
        if len(lines) > MOST_LINES:
            raise Refused(
                "too_many_places", "At most %(number)s in one order.", detail={"number": str(MOST_LINES)}
            )  # fmt: skip
        found = {}
        for performance in {line.performance: None for line in lines}:
            offering = self.offering(performance)
            if offering is None:
                raise Refused("sale_closed", "This performance is not on sale now.", where=performance)
            inventory.examine(offering, (line for line in lines if line.performance == performance), now)
            found[performance] = offering
        return found

    def _shards(self, performance: str, rank: Rank) -> list[str]:
        number = min(MOST_SHARDS, -(-rank.capacity // SHARD)) if self.sharded else 1
        return [f"{performance}/{rank.id}/{shard}" for shard in range(max(1, number))]

    def _ways(self, lines: Sequence[Line], offerings: Mapping[str, Offering]) -> Iterable[Wanted | None]:
        """Which shards to try: one after the other in random order, at last all together (None)."""
        choices: dict[tuple[str, str], list[str]] = {}
        for line in lines:
            rank = offerings[line.performance].rank(line.tariff)
            if not rank.seats:
                choices.setdefault((line.performance, rank.id), self._shards(line.performance, rank))
        most = max((len(shards) for shards in choices.values()), default=1)
        for shards in choices.values():
            Random(self.rng(8)).shuffle(shards)  # noqa: S311 - which shard comes first is no secret
        for turn in range(most):
            counted: dict[str, int] = {}
            seats: dict[str, str] = {}
            for line in lines:
                rank = offerings[line.performance].rank(line.tariff)
                if rank.seats:
                    seats[f"{line.performance}/{line.seat}"] = line.key
                else:
                    own = choices[line.performance, rank.id]
                    stock = own[turn % len(own)]
                    counted[stock] = counted.get(stock, 0) + 1
            yield Wanted(counted, seats)
        if most > 1:
            yield None

    def _take(
        self, reference: str, lines: tuple[Line, ...], wanted: Wanted | None, offerings: Mapping[str, Offering], amount: Money,
        until: datetime,
    ) -> Hold:  # fmt: skip
        asked = self._asked(lines, offerings, wanted.counted if wanted else None)
        keys = [
            self._key(reference),
            *((STOCK, name) for name in asked.names),
            *((SEAT, name) for name in asked.seats),
        ]
        if len(keys) > MOST_CHANGES:  # so many performances at once, each over several shards
            raise Refused(
                "sold_out", "There are not so many places left.", detail={"lines": " ".join(line.key for line in lines)}
            )

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], Hold]:
            # The clock is read again, for this may be asked later.
            desk = Desk(keys, found, self.clock().timestamp())
            known = read_sold(found[0].value) if found[0] else None
            if known and known.order.state is not OrderState.EXPIRED and desk.lives(known.order):
                return [], self._same(known, lines)
            if known and known.order.lines != lines:
                raise _used(reference)
            shards = desk.choose(asked, reference)
            order = Order(
                reference=reference, state=OrderState.HELD, id=reference, lines=lines, amount=amount, expires=until
            )
            sold = Sold(order=order, shards=shards)
            desk.hold(sold, until.timestamp())
            return [*desk.changes, write(keys[0], sold)], _held(order)

        return self.records.change(keys, decide)

    def _asked(
        self, lines: Sequence[Line], offerings: Mapping[str, Offering], only: Mapping[str, int] | None = None
    ) -> Asked:
        """Where these lines may find places; `only` in these stocks."""
        seats: dict[str, str] = {}
        stocks: dict[str, Sequence[str]] = {}
        blocked: set[str] = set()
        for line in lines:
            rank = offerings[line.performance].rank(line.tariff)
            if not rank.seats:
                own = self._shards(line.performance, rank)
                stocks[line.key] = [name for name in own if only is None or name in only]
                continue
            name = f"{line.performance}/{line.seat}"
            if name in seats:
                raise Refused("seat_twice", "The same seat stands there twice.")
            seats[name] = line.key
            if any(seat.id == line.seat and seat.state is SeatState.BLOCKED for seat in rank.seats):
                blocked.add(name)
        return Asked(seats, frozenset(blocked), stocks, self._sizes(offerings))

    def _sizes(self, offerings: Mapping[str, Offering]) -> dict[str, int]:
        """Every stock of these performances, and how many places it has."""
        sizes = {}
        for performance, offering in offerings.items():
            for rank in offering.ranks:
                if not rank.seats:
                    names = self._shards(performance, rank)
                    whole, more = divmod(rank.capacity, len(names))
                    sizes.update({name: whole + (at < more) for at, name in enumerate(names)})
        return sizes

    def _change(self, reference: str, decide: Callable[[Sold, Desk], Sold]) -> Sold:
        """Change an order together with the places that it has."""
        known = self._sold(reference)
        if known is None:
            raise _gone(reference)
        order = known.order
        seats = [f"{line.performance}/{line.seat}" for line in order.lines if line.seat]
        keys = [
            self._key(reference),
            *((STOCK, name) for name in sorted(known.shards)),
            *((SEAT, name) for name in seats),
        ]
        sizes = self._sizes({p: o for p in {line.performance for line in order.lines} if (o := self.offering(p))})

        def work(found: Sequence[Record | None]) -> tuple[Sequence[Change], Sold]:
            if found[0] is None:
                raise _gone(reference)
            sold = read_sold(found[0].value)
            desk = Desk(keys, found, self.clock().timestamp(), sizes)
            after = decide(sold, desk)
            return ([], sold) if after == sold and not desk.changes else ([*desk.changes, write(keys[0], after)], after)

        return self.records.change(keys, work)

    def _free(self, offering: Offering, rank: Rank, now: float) -> int:
        if rank.seats:
            taken = self._taken(offering.performance, rank, now)
            return sum(not gone and seat.state is SeatState.FREE for gone, seat in zip(taken, rank.seats, strict=True))
        found = self.records.several([(STOCK, name) for name in self._shards(offering.performance, rank)])
        return max(0, rank.capacity - sum(read_stock(one.value).taken(now) for one in found if one))

    def _taken(self, performance: str, rank: Rank, now: float) -> list[bool]:
        found = self.records.several([(SEAT, f"{performance}/{seat.id}") for seat in rank.seats])
        return [one is not None and not read_taken(one.value).is_free(now) for one in found]


def _ticket(line: Line, code: str) -> Ticket:
    return Ticket(line=line.key, code=code, performance=line.performance, tariff=line.tariff, seat=line.seat)


def _is_void(order: Order, line: Line) -> bool:
    return any(ticket.line == line.key and ticket.cancelled for ticket in order.tickets)


def _with(sold: Sold, **changed: Any) -> Sold:
    return msgspec.structs.replace(sold, order=msgspec.structs.replace(sold.order, **changed))


def _held(order: Order) -> Hold:
    expires = order.expires or datetime.max.replace(tzinfo=UTC)
    return Hold(reference=order.reference, lines=order.lines, expires=expires, amount=order.amount)


def _gone(reference: str) -> Refused:
    return Refused("hold_gone", "These places are not kept for you any more.", where=reference)


def _used(reference: str) -> Refused:
    return Refused("reference_used", "This reference stands for something else.", where=reference)
