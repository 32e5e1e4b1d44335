"""Our registered reductions, as a list, and beside what the systems of the passes have. No number and nobody's name is in it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from etalage.model.checkout import Checkout
from etalage.model.discount import Batch, Piece
from etalage.model.errors import EtalageError
from etalage.sales.passes import Passes
from etalage.sales.registering import SALE, unwanted


class Booked(NamedTuple):
    """A reduction that somebody has a ticket for."""

    order: Checkout
    batch: Batch
    piece: Piece

    @property
    def performance(self) -> str:
        """The date that it is for."""
        line = next(one for one in self.order.share(self.batch.house).lines if one.key == self.piece.line)
        return line.performance


class Difference(NamedTuple):
    """What differs. `code`: "missing" at the system though somebody has the ticket, or "left" there for a ticket that is gone."""

    code: str
    house: str
    system: str
    sale: str
    order: str


class Compared(NamedTuple):
    """What was looked at. `others`: sales that we know nothing of, of the house's own desk."""

    ours: int
    others: int
    differences: Sequence[Difference]
    silent: Sequence[str]


def booked(orders: Iterator[Checkout]) -> Iterator[Booked]:
    """All of these orders for which somebody has a ticket, or is about to."""
    for order in orders:
        for batch in order.batches:
            away = unwanted(order, batch)
            yield from (Booked(order, batch, piece) for piece in batch.standing if piece not in away)


def compare(passes: Passes, orders: Callable[[], Iterator[Checkout]]) -> Compared:
    """Each event of which we ever sold something with a pass, beside its system's own list."""
    mine = {(one.batch.house, one.batch.system, one.piece.sale): one.order.key for one in booked(orders())}
    events = {
        (batch.house, batch.system, piece.event)
        for order in orders()
        for batch in order.batches
        for piece in batch.pieces
    }
    differences: list[Difference] = []
    silent: list[str] = []
    found: set[tuple[str, str, str]] = set()
    others = 0
    for house, system, event in sorted(events):
        try:
            listed = [one.id for one in passes.at(house, system).sold(event)]
        except EtalageError as error:
            silent.append(f"{house}: {system}: {event}: {error}")
            found |= {key for key in mine if key[:2] == (house, system)}
            continue
        for sale in listed:
            key = (house, system, sale)
            found.add(key)
            if key in mine:
                continue
            known = passes.notes.records.get(SALE, f"{system}/{house}/{sale}")
            if known is None:
                others += 1
            else:
                differences.append(Difference("left", *_told(key), known.value.decode()))
    differences += [Difference("missing", *_told(key), order) for key, order in mine.items() if key not in found]
    return Compared(len(mine), others, differences, silent)


def _told(key: tuple[str, str, str]) -> tuple[str, str, str]:
    return key[0], key[1], key[2]


def is_of(moment: datetime, month: str) -> bool:
    """Whether a moment lies in a month, as 2026-11; "" is any."""
    return not month or f"{moment:%Y-%m}" == month
