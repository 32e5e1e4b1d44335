"""What a basket costs, asked at the houses and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import TypeVar

from msgspec.structs import replace

from etalage.model import extras
from etalage.model.basket import Priced, Quote, Wish, examine, house_of
from etalage.model.errors import EtalageError, Refused
from etalage.model.money import Money
from etalage.model.offer import TariffKind
from etalage.model.sale import Tariff
from etalage.ports.ticketing import Cap, Ticketing
from etalage.sales import queues
from etalage.sales.pass_notes import Notes, discount_over

_T = TypeVar("_T")
_Told = dict[str, tuple[Tariff, ...] | EtalageError]
"""Performance → what its house asks, or why it does not say."""


class Quotes:
    """`houses` gives a house's ticketing, `pool` the threads it may be asked in."""

    def __init__(
        self, houses: Callable[[str], Ticketing], pool: Callable[[str], Executor], notes: Notes | None = None
    ) -> None:
        self.houses, self.pool, self.notes = houses, pool, notes

    def ask(self, house: str, question: Callable[[Ticketing], _T]) -> Future[_T]:
        """Ask a house something in its own queue. Unavailable `house_busy` at once when that is full."""
        return queues.ask(self.pool(house), lambda: question(self.houses(house)))

    def quote(self, wishes: Sequence[Wish]) -> Quote:
        """Price every line as its house does now.

        Refuses what the house does not sell: `performance_unknown`, `not_sold_here`, `sale_closed`, `tariff_unknown`,
        `tariff_missing` where there is no standard one to take, `extra_alone` and `extra_too_many` for what goes with a ticket
        that is not there. Raises Unavailable for a house that is silent.
        """
        examine(wishes)
        lines = []
        for answer in self.each(wishes):
            if isinstance(answer, EtalageError):
                raise answer
            lines.append(answer)
        return total(lines)

    def known(self, wishes: Sequence[Wish]) -> Quote:
        """The price of those lines that their houses sell now, whatever the others are."""
        return _sum([line for line in self.each(wishes) if isinstance(line, Priced)])

    def each(self, wishes: Sequence[Wish]) -> list[Priced | EtalageError]:
        """The price of every line by itself, or why its house does not sell it, or does not say: as `quote` would raise it."""
        told = self._tariffs({wish.performance: house_of(wish.performance) for wish in wishes})
        lines = [_priced(wish, house_of(wish.performance), told[wish.performance]) for wish in wishes]
        return [self._reduced(wish, line) for wish, line in zip(wishes, lines, strict=True)]

    def _reduced(self, wish: Wish, line: Priced | EtalageError) -> Priced | EtalageError:
        """A line at the price of its pass, where it has one."""
        if not wish.entitlement or isinstance(line, EtalageError):
            return line
        return self.notes.reduce(wish, line) if self.notes else discount_over(wish.performance)

    def fit(self, wishes: Sequence[Wish]) -> list[Wish]:
        """The same without extras whose ticket is not there any more: they are released with it.

        A line that its house does not sell now, or does not tell of, stays, and so does what goes with it.
        """
        rows = [
            extras.Row(wish.performance, wish.number) if isinstance(answer, EtalageError) else _row(answer)
            for wish, answer in zip(wishes, self.each(wishes), strict=True)
        ]
        kept = zip(wishes, rows, extras.fitting(rows), strict=True)
        return [wish if number == row.number else _cut(wish, number) for wish, row, number in kept if number]

    def _tariffs(self, wanted: Mapping[str, str]) -> _Told:
        """Performance → its house, asked. One call of the queue for each house, however long the basket is: it must fit in."""
        jobs: list[tuple[list[str], Future[_Told]]] = []
        told: _Told = {}
        for house in dict.fromkeys(wanted.values()):
            dates = [one for one, whose in wanted.items() if whose == house]
            try:
                jobs.append((dates, self.ask(house, _asking(dates))))
            except EtalageError as no:
                told |= dict.fromkeys(dates, no)
        for dates, job in jobs:
            try:
                told |= job.result()
            except EtalageError as no:
                told |= dict.fromkeys(dates, no)
        return told


def total(lines: Sequence[Priced]) -> Quote:
    """All lines together; refuses `extra_alone` and `extra_too_many`."""
    extras.examine([_row(line) for line in lines])
    return _sum(lines)


def _sum(lines: Sequence[Priced]) -> Quote:
    return Quote(lines=tuple(lines), total=Money(sum(line.price * line.quantity for line in lines)))


def _asking(performances: Sequence[str]) -> Callable[[Ticketing], _Told]:
    """What a house is asked: what these cost, each of them. When it is silent it is not asked on."""

    def ask(house: Ticketing) -> _Told:
        if Cap.SELL not in house.caps:
            raise Refused("not_sold_here", "This house sells on its own page.", where=performances[0])
        told: _Told = {}
        for one in performances:
            try:
                told[one] = tuple(house.tariffs(one)) or _closed(one)
            except Refused as no:
                told[one] = no
        return told

    return ask


def _closed(performance: str) -> Refused:
    return Refused("sale_closed", "This performance is not on sale now.", where=performance)


def _row(line: Priced) -> extras.Row:
    chosen = next(one for one in line.tariffs if one.id == line.tariff)
    return extras.Row(line.performance, line.quantity, chosen.extra)


def _cut(wish: Wish, number: int) -> Wish:
    return replace(wish, seats=wish.seats[:number], quantity=1 if wish.seats else number)


def _priced(wish: Wish, house: str, tariffs: tuple[Tariff, ...] | EtalageError) -> Priced | EtalageError:
    if isinstance(tariffs, EtalageError):
        return tariffs
    if wish.tariff:
        chosen = next((one for one in tariffs if one.id == wish.tariff), None)
        if chosen is None:
            say = "This price is not there any more. Choose another one."
            return Refused("tariff_unknown", say, where=wish.performance)
    else:
        chosen = next((one for one in tariffs if one.kind is TariffKind.STANDARD), None)
        if chosen is None:
            return Refused("tariff_missing", "Choose a price.", where=wish.performance)
    return Priced(
        performance=wish.performance, house=house, tariff=chosen.id, quantity=wish.number, price=chosen.price.cents,
        tariffs=tariffs, seats=wish.seats,
    )  # fmt: skip
