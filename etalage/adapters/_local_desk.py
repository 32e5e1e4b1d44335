"""What the local inventory writes down, and the desk where the places of one order are decided about."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from etalage.model.errors import Refused
from etalage.model.inventory import Stock, Taken
from etalage.model.sale import Line, Order, OrderState, Paid
from etalage.ports.records import ANY, Change, Drop, Key, Put, Record

ORDER, STOCK, SEAT = "inventory-order", "inventory-stock", "inventory-seat"

_encode = msgspec.msgpack.Encoder().encode


class Sold(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An order as the store keeps it, and what was booked of it. Whom it is for stands in the checkout, and there alone."""

    order: Order
    booked: tuple[Paid, ...] = ()
    shards: Mapping[str, int] = {}
    """Stock → how many places came from it."""


read_sold = msgspec.msgpack.Decoder(Sold).decode
read_stock = msgspec.msgpack.Decoder(Stock).decode
read_taken = msgspec.msgpack.Decoder(Taken).decode


def write(key: Key, sold: Sold) -> Put:
    """The order under its key; who writes it has read it in the same change."""
    return Put(kind=key[0], id=key[1], value=_encode(sold), expect=ANY)


class Asked(NamedTuple):
    """Where places for lines may come from: seat → key of its line; the stocks to try for each line that has no seat."""

    seats: Mapping[str, str]
    blocked: frozenset[str]
    stocks: Mapping[str, Sequence[str]]
    sizes: Mapping[str, int]

    @property
    def names(self) -> list[str]:
        """Every stock that is tried."""
        return sorted({name for some in self.stocks.values() for name in some})


class Desk:
    """The places of one order while something is decided about them; `changes` fill up meanwhile."""

    def __init__(
        self, keys: Sequence[Key], found: Sequence[Record | None], now: float, sizes: Mapping[str, int] | None = None
    ) -> None:
        self.now, self.sizes = now, sizes or {}
        known = dict(zip(keys, found, strict=True))
        self.stocks = {
            id: read_stock(one.value) if one else Stock() for (kind, id), one in known.items() if kind == STOCK
        }
        self.seats = {id: read_taken(one.value) if one else None for (kind, id), one in known.items() if kind == SEAT}
        self._changed: dict[Key, Change] = {}

    @property
    def changes(self) -> list[Change]:
        """What was decided."""
        return list(self._changed.values())

    def lives(self, order: Order) -> bool:
        """Whether it has not lapsed."""
        return order.expires is None or order.expires.timestamp() > self.now

    def keeps(self, sold: Sold) -> bool:
        """Whether its places are still its own. A process whose clock is ahead may have seen it lapse, and given them away."""
        mine = sold.order.reference
        if sold.order.state is not OrderState.HELD or not self.lives(sold.order):
            return False
        return all(mine in self.stocks[name].held for name in sold.shards) and all(
            taken is not None and taken.reference == mine for taken in self.seats.values()
        )

    def left(self, stock: str, size: int, reference: str) -> int:
        """Places in a stock, this reference's own among them."""
        return size - self.stocks[stock].without(reference, self.now).taken(self.now)

    def is_free(self, seat: str, reference: str) -> bool:
        """Whether this reference can have a seat."""
        taken = self.seats[seat]
        return taken is None or taken.is_free(self.now) or (taken.reference == reference and taken.until is not None)

    def choose(self, asked: Asked, reference: str) -> dict[str, int]:
        """Where counted places come from, stock → how many; refuses `sold_out`, which names the lines that find none."""
        out = [key for name, key in asked.seats.items() if name in asked.blocked or not self.is_free(name, reference)]
        shards: dict[str, int] = {}
        for line, own in asked.stocks.items():
            place = next(
                (name for name in own if self.left(name, asked.sizes[name], reference) > shards.get(name, 0)), None
            )
            if place is None:
                out.append(line)
            else:
                shards[place] = shards.get(place, 0) + 1
        if out:
            raise Refused("sold_out", "There are not so many places left.", detail={"lines": " ".join(out)})
        return shards

    def hold(self, sold: Sold, until: float) -> None:
        """Take its places out of sale until then."""
        reference = sold.order.reference
        for name, number in sold.shards.items():
            rest = self.stocks[name].without(reference, self.now)
            self._stock(name, Stock(rest.sold, {**rest.held, reference: (number, until)}))
        for name in self.seats:
            self._seat(name, Taken(reference, until))

    def sell(self, sold: Sold) -> bool:
        """Sell its places; no when its hold has lapsed and somebody else has one of them."""
        reference = sold.order.reference
        if not self.keeps(sold):
            if not all(self.is_free(name, reference) for name in self.seats):
                return False
            if not all(
                self.left(name, self.sizes.get(name, 0), reference) >= number for name, number in sold.shards.items()
            ):
                return False
        for name, number in sold.shards.items():
            rest = self.stocks[name].without(reference, self.now)
            self._stock(name, Stock(rest.sold + number, rest.held))
        for name in self.seats:
            self._seat(name, Taken(reference))
        return True

    def sell_more(self, asked: Asked, shards: Mapping[str, int], reference: str) -> None:
        """Sell the places that were chosen, for good."""
        for name, number in shards.items():
            self._stock(name, Stock(self.stocks[name].sold + number, self.stocks[name].held))
        for name in asked.seats:
            self._seat(name, Taken(reference))

    def free(self, sold: Sold) -> None:
        """Let go of what is held."""
        for name in sold.shards:
            self._stock(name, self.stocks[name].without(sold.order.reference, self.now))
        for name, taken in self.seats.items():
            if taken and taken.reference == sold.order.reference:
                self._changed[SEAT, name] = Drop(kind=SEAT, id=name, expect=ANY)

    def give_back(self, sold: Sold, lines: set[str]) -> dict[str, int]:
        """Give back the sold places of these lines; what remains of the order, per stock."""
        shards = dict(sold.shards)
        for line in sold.order.lines:
            if line.key not in lines:
                continue
            if line.seat:
                name = f"{line.performance}/{line.seat}"
                self._changed[SEAT, name] = Drop(kind=SEAT, id=name, expect=ANY)
                continue
            name = next(name for name, number in shards.items() if number and name.startswith(self._stem(line)))
            shards[name] -= 1
            self._stock(name, Stock(self.stocks[name].sold - 1, self.stocks[name].held))
        return shards

    @staticmethod
    def _stem(line: Line) -> str:
        return f"{line.performance}/{line.tariff.split('.', 1)[0]}/"

    def _stock(self, name: str, stock: Stock) -> None:
        self.stocks[name] = stock
        self._changed[STOCK, name] = Put(kind=STOCK, id=name, value=_encode(stock), expect=ANY)

    def _seat(self, name: str, taken: Taken) -> None:
        self._changed[SEAT, name] = Put(kind=SEAT, id=name, value=_encode(taken), expect=ANY)
