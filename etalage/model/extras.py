"""What goes with a ticket: a free workshop before a show, a time slot of the expo in the foyer.

Such a place is not to be had without a ticket of one of its shows, at most one for each, and goes when the ticket goes. It is a
rule of the basket: whoever prices a basket holds it to this, whatever a page said.
"""

from collections.abc import Iterable, Sequence

import msgspec

from etalage.model.errors import Refused

ALL = "/*"
"""The end of a name that stands for every date of what begins so."""


class Extra(msgspec.Struct, frozen=True, kw_only=True):
    """What a price goes with. `name`: over what it is counted, be it one date or all time slots of an expo; `shows`: dates, or "…/*"."""

    name: str
    shows: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """A line of a basket, as this rule sees it."""

    performance: str
    number: int
    extra: Extra | None = None


def is_of(performance: str, names: Iterable[str]) -> bool:
    """Whether a date is one of these, or falls under one that ends in "/*"."""
    return any(performance == name or (name.endswith(ALL) and performance.startswith(name[:-1])) for name in names)


def examine(rows: Sequence[Row]) -> None:
    """Refuse what goes with a ticket that is not there (`extra_alone`), or more of it than tickets (`extra_too_many`)."""
    for row, number in zip(rows, fitting(rows), strict=True):
        if row.extra is None or number == row.number:
            continue
        tickets = _tickets(rows, row.extra)
        if not tickets:
            raise Refused(
                "extra_alone", "This goes only with a ticket. Choose that ticket first.", where=row.performance
            )
        most = {"number": str(tickets)}
        raise Refused("extra_too_many", "One place goes with each ticket: at most %(number)s here.", where=row.performance, detail=most)  # fmt: skip


def fitting(rows: Sequence[Row]) -> list[int]:
    """How many of each row may stay: all, but of an extra no more than there are tickets for it, the first ones first."""
    left: dict[str, int] = {}
    numbers = []
    for row in rows:
        if row.extra is None:
            numbers.append(row.number)
            continue
        free = left.setdefault(row.extra.name, _tickets(rows, row.extra))
        numbers.append(min(row.number, free))
        left[row.extra.name] = free - numbers[-1]
    return numbers


def _tickets(rows: Sequence[Row], extra: Extra) -> int:
    """Tickets that it may go with; an extra brings no other along."""
    return sum(row.number for row in rows if row.extra is None and is_of(row.performance, extra.shows))
