"""A performance is off: what goes back of each order that has places for it, while what else the order holds stays.

Each order is one step by itself, which the saga writes down before anything is asked; so whoever is stopped half way begins again,
and finds only what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from etalage.model.checkout import FINAL, Checkout, State
from etalage.model.errors import EtalageError, Unavailable
from etalage.ports.records import Records
from etalage.ports.ticketing import Ticketing
from etalage.sales import returns
from etalage.sales.saga import Saga, read
from etalage.sales.terms import CHECKOUT

UNPAID = frozenset({State.HOLDING, State.REGISTERING, State.PAYING, State.AWAITING, State.UNDOING})


@dataclass(frozen=True, slots=True)
class Piece:
    """What of one order is to go back: so many places, so many cents."""

    order: str
    places: int
    cents: int


@dataclass(slots=True)
class Survey:
    """The orders of a performance: `open` are to go back, `unpaid` to be undone; `waiting` go back already, and a house or the provider
    has not answered. `refused`: order → the code why it cannot go back like this.
    """

    open: list[Piece] = field(default_factory=list)
    unpaid: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def left(self) -> list[str]:
        """The orders that something is to be done about."""
        return [*(piece.order for piece in self.open), *self.unpaid]


class Fate(StrEnum):
    """What became of an order."""

    DONE = "done"
    UNDONE = "undone"
    """It was not paid yet, and is let go."""
    WAITING = "waiting"
    """A house or the provider has not answered: it goes on by itself."""
    REFUSED = "refused"


def survey(records: Records, performance: str, houses: Callable[[str], Ticketing]) -> Survey:
    """Look through all orders. Nothing is changed."""
    found = Survey()
    for record in records.walk(CHECKOUT):
        try:
            order = read(record)
        except Unavailable as foreign:
            found.refused[record.id] = foreign.code
            continue
        if any(line.performance == performance for share in order.shares for line in share.lines):
            _sort(found, order, performance, houses)
    found.open.sort(key=lambda piece: piece.order)
    return found


def _sort(found: Survey, order: Checkout, performance: str, houses: Callable[[str], Ticketing]) -> None:
    if order.state in UNPAID:
        found.unpaid.append(order.key)
    elif order.state is not State.UNDONE:
        wanted = returns.of_performance(order, performance)
        if not wanted:
            if order.state not in FINAL:
                found.waiting.append(order.key)
            return
        try:
            cents = _cents(order, wanted, houses)
        except EtalageError as no:
            found.refused[order.key] = no.code
        else:
            found.open.append(Piece(order.key, sum(map(len, wanted.values())), cents))


def _cents(order: Checkout, wanted: dict[str, set[str]], houses: Callable[[str], Ticketing]) -> int:
    """What goes back for these lines; the rest of a share is whatever is left of it."""
    whole, parts = _split(order, wanted)
    pieces = returns.of_lines(order, parts, houses)
    return sum(order.share(house).rest.cents for house in whole) + returns.total(pieces, order)


def _split(order: Checkout, wanted: dict[str, set[str]]) -> tuple[list[str], dict[str, set[str]]]:
    """The houses whose whole share it is, and what of the others."""
    whole = [house for house, lines in wanted.items() if returns.is_rest(order.share(house), lines)]
    return whole, {house: lines for house, lines in wanted.items() if house not in whole}


def recall(saga: Saga, key: str, performance: str, *, go_on: bool = True) -> Fate:
    """Have everything of one order that is for this performance go back. Twice is once. Raises what the saga and a house raise.

    Without `go_on` it is written down only, and the sweep does the rest.
    """
    order = saga.read(key)
    if order.state in UNPAID:
        if all(line.performance == performance for share in order.shares for line in share.lines):
            order = saga.call_off(key)
        else:  # what was paid at this very moment stands, but for this date
            order = saga.withdraw(key, off=True)
    if order.state in UNPAID or order.state is State.UNDONE:
        return Fate.UNDONE if order.state is State.UNDONE else Fate.WAITING
    whole, parts = _split(order, returns.of_performance(order, performance))
    pieces = returns.of_lines(order, parts, saga.houses)
    if whole:
        order = saga.give_back(key, whole, go_on=go_on and not pieces)
    if pieces:
        order = saga.give_tickets(key, pieces, go_on=go_on)
    elif not whole and go_on:
        order = saga.run(key)
    return Fate.DONE if order.state is State.DONE else Fate.WAITING
