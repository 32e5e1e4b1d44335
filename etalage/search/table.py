"""What filters look at: per document its genres, houses and age; per date its day, place, price and what is left.

The same columns go to the browser (plugins/search) and to the function, so a filter means the same in both. Days are counted
from 1 January 1970; places, genres and houses are positions in lists.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from etalage.model.programme import FACILITIES

DAY_ZERO = date(1970, 1, 1)
NO_CLOCK = 96
"""The quarter of a date whose hour is not known."""
UNKNOWN = -1
"""The price that nobody told."""


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One date, or a period with its weekdays.

    `quarter`: quarters of an hour since midnight, or NO_CLOCK. `weekdays`: bit 0 is Monday. `venue`: a position, or -1.
    `cents`: what one pays at the lowest standard price. `left`: not known to be sold out or called off. `access`: bit n is
    the nth of FACILITIES.
    """

    day: int
    last: int
    weekdays: int
    quarter: int
    venue: int
    cents: int
    left: bool
    access: int


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What is true of a document on each of its dates. Ages -1: not told."""

    genres: tuple[int, ...]
    houses: tuple[int, ...]
    age_min: int
    age_max: int
    uitpas: bool
    rows: tuple[Row, ...]


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A venue: its id and name, the position of its town, and where it is in degrees, if known."""

    id: str
    name: str
    town: int
    latitude: float | None = None
    longitude: float | None = None


class Table(msgspec.Struct, frozen=True):
    """All facts of a site in one language, in the order of documents; and what the positions stand for: (id, name)."""

    facts: tuple[Facts, ...]
    genres: tuple[tuple[str, str], ...]
    houses: tuple[tuple[str, str], ...]
    towns: tuple[tuple[str, str], ...]
    venues: tuple[Place, ...]


def number_of(day: date) -> int:
    """A day as a number."""
    return (day - DAY_ZERO).days


def weekdays_of(first: int, last: int) -> int:
    """The weekdays that occur from one day to another, as bits. 1 January 1970 was a Thursday."""
    if last - first >= 6:
        return 127
    bits = 0
    for day in range(first, last + 1):
        bits |= 1 << (day + 3) % 7
    return bits


ACCESS: Mapping[str, int] = {name: 1 << bit for bit, name in enumerate(FACILITIES)}
"""Facility → its bit."""
