"""Numbered places as they stand: in rows, and which of them are the best that can be had."""

from collections.abc import Callable, Sequence
from itertools import groupby

import msgspec

from etalage.model.errors import Refused
from etalage.model.sale import Seat, SeatState
from etalage.model.words import pick


class Row(msgspec.Struct, frozen=True):
    """Seats that stand beside each other, in their order."""

    name: str
    seats: Sequence[Seat]

    def notes(self, language: str) -> list[tuple[str, str]]:
        """What one should know of some of its seats: their numbers ("3, 4"), and the words."""
        found: dict[str, list[str]] = {}
        for seat in self.seats:
            if seat.note:
                found.setdefault(pick(seat.note, (language,))[0], []).append(seat.number or seat.id)
        return [(", ".join(numbers), words) for words, numbers in found.items()]


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

    Where no row has so many together, the first free ones. A wheelchair's place and its companion's are for who chooses them, and
    a seat with a note for who has read it: it comes when nothing else is left.
    """
    try:
        return _best(seats, number, lambda seat: _is_usual(seat, tariff) and not seat.note)
    except Refused:
        return _best(seats, number, lambda seat: _is_usual(seat, tariff))


def _is_usual(seat: Seat, tariff: str) -> bool:
    """Whether it can be given to anybody who wants a place at this tariff."""
    for_all = not seat.wheelchair and not seat.companion and (not seat.tariffs or tariff in seat.tariffs)
    return seat.state is SeatState.FREE and for_all


def _best(seats: Sequence[Seat], number: int, suits: Callable[[Seat], bool]) -> tuple[str, ...]:
    found: list[tuple[float, tuple[str, ...]]] = []
    for depth, row in enumerate(rows(seats)):
        for start in range(len(row.seats) - number + 1):
            some = row.seats[start : start + number]
            if all(map(suits, some)):
                aside = abs(start + (number - 1) / 2 - (len(row.seats) - 1) / 2)
                found.append((depth + aside / 2, tuple(seat.id for seat in some)))
    if found:
        return min(found)[1]
    free = tuple(seat.id for row in rows(seats) for seat in row.seats if suits(seat))
    if len(free) < number:
        raise Refused("sold_out", "There are not so many places left.")
    return free[:number]
