"""Numbered places as they stand: in rows, and which of them are the best that can be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from etalage.model.errors import Refused
from etalage.model.sale import Seat, SeatState


@dataclass(frozen=True, slots=True)
class Row:
    """Seats that stand beside each other, in their order."""

    name: str
    seats: Sequence[Seat]


def rows(seats: Sequence[Seat]) -> list[Row]:
    """The plan as rows, the front one first, as the house gives it. A hall with one zone does not name it."""
    several = len({seat.zone for seat in seats}) > 1
    by_row = groupby(seats, key=lambda seat: (seat.zone if several else "", seat.row))
    return [Row(" ".join(filter(None, name)), list(row)) for name, row in by_row]


def labels(seats: Sequence[Seat]) -> dict[str, str]:
    """What stands on a ticket for each seat: "B 12", with its zone where a hall has several; its id where it has neither."""
    return {
        seat.id: " ".join(filter(None, (row.name, seat.number))) or seat.id for row in rows(seats) for seat in row.seats
    }


def best(seats: Sequence[Seat], number: int, tariff: str) -> tuple[str, ...]:
    """So many free seats beside each other, as near to the front and to the middle as can be; refuses `sold_out`.

    Where no row has so many together, the first free ones; a wheelchair's place is for who asks for it.
    """
    order = [
        [seat for seat in row.seats if not seat.wheelchair and (not seat.tariffs or tariff in seat.tariffs)]
        for row in rows(seats)
    ]
    found: list[tuple[float, tuple[str, ...]]] = []
    for depth, row in enumerate(order):
        for start in range(len(row) - number + 1):
            some = row[start : start + number]
            if all(seat.state is SeatState.FREE for seat in some):
                aside = abs(start + (number - 1) / 2 - (len(row) - 1) / 2)
                found.append((depth + aside / 2, tuple(seat.id for seat in some)))
    if found:
        return min(found)[1]
    free = tuple(seat.id for row in order for seat in row if seat.state is SeatState.FREE)
    if len(free) < number:
        raise Refused("sold_out", "There are not so many places left.")
    return free[:number]
