"""What a basket costs, asked at the houses and nowhere else."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import TypeVar

from msgspec.structs import replace

from etalage.model import extras
from etalage.model.basket import Priced, Quote, Wish, examine, house_of
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.offer import TariffKind
from etalage.model.sale import Tariff
from etalage.ports.ticketing import Cap, Ticketing

_T = TypeVar("_T")


class Quotes:
    """`houses` gives a house's ticketing, `pool` the threads it may be asked in."""

    def __init__(self, houses: Callable[[str], Ticketing], pool: Callable[[str], Executor]) -> None:
        self.houses, self.pool = houses, pool

    def ask(self, house: str, question: Callable[[Ticketing], _T]) -> Future[_T]:
        """Ask a house something in its own queue. Unavailable `house_busy` at once when that is full."""
        return self.pool(house).submit(lambda: question(self.houses(house)))

    def quote(self, wishes: Sequence[Wish]) -> Quote:
        """Price every line as its house does now.

        Refuses what the house does not sell: `performance_unknown`, `not_sold_here`, `sale_closed`, `tariff_unknown`,
        `tariff_missing` where there is no standard one to take, `extra_alone` and `extra_too_many` for what goes with a ticket
        that is not there. Raises Unavailable for a house that is silent.
        """
        examine(wishes)
        lines = self._lines(wishes)
        extras.examine([_row(line) for line in lines])
        return Quote(lines=lines, total=Money(sum(line.price * line.quantity for line in lines)))

    def fit(self, wishes: Sequence[Wish]) -> list[Wish]:
        """The same without extras whose ticket is not there any more: they are released with it. Raises what `quote` does."""
        if not wishes:
            return []
        rows = [_row(line) for line in self._lines(wishes)]
        kept = zip(wishes, rows, extras.fitting(rows), strict=True)
        return [wish if number == row.number else _cut(wish, number) for wish, row, number in kept if number]

    def _lines(self, wishes: Sequence[Wish]) -> tuple[Priced, ...]:
        wanted = {wish.performance: house_of(wish.performance) for wish in wishes}
        # One call of the queue for each house, however long the basket is: it must fit in.
        jobs = [
            self.ask(house, _tariffs([one for one, whose in wanted.items() if whose == house]))
            for house in dict.fromkeys(wanted.values())
        ]
        told: dict[str, tuple[Tariff, ...]] = {}
        for job in jobs:
            told |= job.result()
        return tuple(_priced(wish, wanted[wish.performance], told[wish.performance]) for wish in wishes)


def _tariffs(performances: Sequence[str]) -> Callable[[Ticketing], dict[str, tuple[Tariff, ...]]]:
    """What a house is asked: what these cost, each of them."""

    def ask(house: Ticketing) -> dict[str, tuple[Tariff, ...]]:
        if Cap.SELL not in house.caps:
            raise Refused("not_sold_here", "This house sells on its own page.", where=performances[0])
        told = {performance: tuple(house.tariffs(performance)) for performance in performances}
        for performance, tariffs in told.items():
            if not tariffs:
                raise Refused("sale_closed", "This performance is not on sale now.", where=performance)
        return told

    return ask


def _row(line: Priced) -> extras.Row:
    chosen = next(one for one in line.tariffs if one.id == line.tariff)
    return extras.Row(line.performance, line.quantity, chosen.extra)


def _cut(wish: Wish, number: int) -> Wish:
    return replace(wish, seats=wish.seats[:number], quantity=1 if wish.seats else number)


def _priced(wish: Wish, house: str, tariffs: tuple[Tariff, ...]) -> Priced:
    if wish.tariff:
        chosen = next((one for one in tariffs if one.id == wish.tariff), None)
        if chosen is None:
            raise Refused(
                "tariff_unknown", "This price is not there any more. Choose another one.", where=wish.performance
            )
    else:
        chosen = next((one for one in tariffs if one.kind is TariffKind.STANDARD), None)
        if chosen is None:
            raise Refused("tariff_missing", "Choose a price.", where=wish.performance)
    return Priced(
        performance=wish.performance, house=house, tariff=chosen.id, quantity=wish.number, price=chosen.price.cents,
        tariffs=tariffs, seats=wish.seats,
    )  # fmt: skip
