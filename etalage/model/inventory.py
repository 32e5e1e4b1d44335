"""What a house sells from our own inventory: places by rank, prices by tariff, from when until when.

A counted rank has a `capacity`; a rank with `seats` is numbered. `Stock` and `Seating` are what the store keeps of them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from etalage.model.errors import Refused
from etalage.model.extras import Extra
from etalage.model.money import Money
from etalage.model.offer import TariffKind
from etalage.model.sale import Line, Seat, Tariff
from etalage.model.words import Words


class Rank(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Where one sits: so many places, or these seats."""

    id: str
    name: Words = {}
    capacity: int = 0
    seats: tuple[Seat, ...] = ()

    @property
    def places(self) -> int:
        """How many there are."""
        return len(self.seats) or self.capacity


class Rate(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who one is: a price per rank (its id), and so many in one order; 0 is without limit. `with_ticket`: only beside a ticket.

    `vat`: the rate that is in its prices, in hundredths of a percent.
    """

    id: str
    prices: Mapping[str, Money]
    name: Words = {}
    kind: TariffKind = TariffKind.STANDARD
    least: int = 1
    most: int = 0
    note: Words = {}
    with_ticket: bool = False
    vat: int | None = None


class Offering(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """All that is for sale of one performance. `most`: places in one order, 0 is without limit; `off`: called off.

    `beside`: what its rates `with_ticket` go with. `extras`: what goes with a ticket of this one, each as its dates, or "…/*".
    """

    performance: str
    ranks: tuple[Rank, ...]
    rates: tuple[Rate, ...]
    opens: datetime | None = None
    closes: datetime | None = None
    most: int = 0
    off: bool = False
    beside: Extra | None = None
    extras: tuple[tuple[str, ...], ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether one can buy now."""
        return not self.off and (self.opens is None or self.opens <= now) and (self.closes is None or now < self.closes)

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can buy any more. Before the sale opens the places are there all the same."""
        return self.off or (self.closes is not None and now >= self.closes)

    def tariffs(self) -> tuple[Tariff, ...]:
        """Every choice of rank and rate, in the order in which staff wrote them."""
        return tuple(
            Tariff(
                id=f"{rank.id}.{rate.id}", price=rate.prices[rank.id], name=rate.name, category=rank.name, kind=rate.kind,
                least=rate.least, most=rate.most, together=self.most, seated=bool(rank.seats), note=rate.note,
                extra=self.beside if rate.with_ticket else None, extras=self.extras,
                vat=rate.vat,
            )
            for rank in self.ranks
            for rate in self.rates
            if rank.id in rate.prices
        )  # fmt: skip

    def rank(self, tariff: str) -> Rank:
        """The rank of a tariff; refuses `tariff_unknown`."""
        for rank in self.ranks:
            for rate in self.rates:
                if tariff == f"{rank.id}.{rate.id}" and rank.id in rate.prices:
                    return rank
        raise Refused("tariff_unknown", "This price is not there any more. Choose another one.", where=tariff)

    def price(self, line: Line) -> Money:
        """What a line costs; refuses `tariff_unknown`, and `price_changed` a price of ours that is no reduction."""
        rank = self.rank(line.tariff)
        rate = next(rate for rate in self.rates if line.tariff == f"{rank.id}.{rate.id}")
        price = rate.prices[rank.id]
        if line.price is not None and not 0 <= line.price.cents <= price.cents:
            raise Refused("price_changed", "The price has changed. Look at it again.", where=line.key)
        return price if line.price is None else line.price


class Stock(msgspec.Struct, array_like=True):
    """What is gone of a counted rank: sold for good, and held by a reference: how many, until when (seconds since 1970)."""

    sold: int = 0
    held: dict[str, tuple[int, float]] = {}

    def taken(self, now: float) -> int:
        """How many are not free now. What has expired is free, whether or not somebody tidied up."""
        return self.sold + sum(number for number, until in self.held.values() if until > now)

    def without(self, reference: str, now: float) -> "Stock":
        """The same without what this reference holds, and without what has expired."""
        living = {who: hold for who, hold in self.held.items() if hold[1] > now and who != reference}
        return Stock(self.sold, living)


class Taken(msgspec.Struct, array_like=True, frozen=True):
    """Who has a seat; `until` None is for good."""

    reference: str
    until: float | None = None

    def is_free(self, now: float) -> bool:
        """Whether the hold is over."""
        return self.until is not None and self.until <= now


def examine(offering: Offering, lines: Iterable[Line], now: datetime, *, selling: bool = True) -> None:
    """Refuse what this offering does not sell now.

    `sale_closed`, `tariff_unknown`, `too_many_places`, `too_few`, `seat_unknown`, `price_changed`.
    """
    wanted = tuple(lines)
    if selling and not offering.is_open(now):
        raise Refused("sale_closed", "This performance is not on sale now.", where=offering.performance)
    if offering.most and len(wanted) > offering.most:
        raise _too_many(offering.most, offering.performance)
    counted: dict[str, int] = {}
    for line in wanted:
        rank = offering.rank(line.tariff)
        counted[line.tariff] = counted.get(line.tariff, 0) + 1
        if rank.seats and line.seat not in {seat.id for seat in rank.seats}:
            raise Refused("seat_unknown", "Choose a seat that is in the plan.", where=line.key)
        if line.seat and not rank.seats:
            raise Refused("seat_unknown", "One sits freely here: there are no numbered seats.", where=line.key)
        if line.price is not None and line.price != offering.price(line):
            raise Refused("price_changed", "The price has changed. Look at it again.", where=line.key)
    for tariff in offering.tariffs():
        number = counted.get(tariff.id, 0)
        if tariff.most and number > tariff.most:
            raise _too_many(tariff.most, tariff.id)
        if number and number < tariff.least:
            least = {"number": str(tariff.least)}
            raise Refused("too_few", "Of this price one takes at least %(number)s.", where=tariff.id, detail=least)


def _too_many(most: int, where: str) -> Refused:
    return Refused("too_many_places", "At most %(number)s in one order.", where=where, detail={"number": str(most)})
